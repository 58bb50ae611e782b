/** Ways to be known, as screens show them. */
import type { KnownAsState, OwnState, PersonaState } from "../src/state/control_state.ts";
import type { State } from "../src/state/state.ts";
import { both, entry } from "./example.ts";

const doing = { sending: false, trouble: null } as const;

export const work: PersonaState = { screen: "persona", id: "p", name: "Work", guarded: false, known: [both("Anytown Parking")],
  own: [{ attribute: entry("person.full_name"), value: "S. Example" }, { attribute: entry("disability.blue_badge_number"), value: "AB12C" },
    { attribute: entry("address.current"), value: { lines: ["1 Mill Yard"] } }],
  offered: [entry("contact.email"), entry("contact.language")], notice: { kind: "preference" }, ...doing };
export const own: OwnState = { screen: "own", id: "p", name: "Work", attribute: entry("disability.blue_badge_number"), held: "AB12C",
  draft: { "disability-blue-badge-number": "AB12C" }, errors: [], hidden: true, stays: false, shared: false, receivers: [], late: [],
  unseen: true, same: false, ...doing };
export const parkingKnows: KnownAsState = { screen: "knownAs", service: "https://parking.example", name: both("Anytown Parking"), current: null,
  options: [{ id: "p", name: "Work", met: false, together: [], same: ["contact.email"] },
    { id: "q", name: "Home", met: true, together: [both("Anytown Library")], same: [] }],
  ending: [{ purpose: both("To decide whether you can have a permit."), attributes: ["person.full_name"] }, { purpose: null, attributes: [] }],
  missing: false, ...doing };

export const personaScreens: readonly State[] = [
  { screen: "personaName", id: null, draft: {}, wrong: true, ...doing },
  { screen: "personaName", id: "p", draft: { name: "Work" }, wrong: false, ...doing },
  work,
  { ...work, own: [], known: [], notice: null, sending: false, trouble: "network" },
  own,
  { ...own, hidden: false, held: null, errors: [{ field: "disability-blue-badge-number", attribute: "disability.blue_badge_number",
    problem: "empty" }] },
  { ...own, attribute: entry("address.current"), held: { lines: ["1 Mill Yard"] }, hidden: false, stays: true },
  { ...own, attribute: entry("address.current"), held: { lines: ["1 Mill Yard"] }, hidden: false,
    receivers: [{ grant: "g", service: both("Anytown Parking"), sees: ["address.current"] },
      { grant: "h", service: both("Anytown Library"), sees: ["address.lives_in_area"] }],
    late: [{ grant: "i", service: both("Anytown Leisure"), sees: ["address.current"] }] },
  parkingKnows,
  { ...parkingKnows, current: "Work", ending: [], missing: true },
];
