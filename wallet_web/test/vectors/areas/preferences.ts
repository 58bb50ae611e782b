import { ATTRIBUTES } from "../../../src/core/catalogue.ts";
import type { Json, JsonObject } from "../../../src/core/encoding.ts";
import { NO_PREFERENCES, preferencesItem } from "../../../src/core/preferences_item.ts";
import type { Known, Persona, Preferences, Rule, Trust } from "../../../src/core/preferences_item.ts";
import { anId } from "../keys.ts";
import type { Inputs } from "../operations.ts";
import { Area } from "../recipe.ts";

const NOW = 1_795_000_000;
const DAY = 86_400;
const LIBRARY = "https://library.othertown.example";
const NAME = "person.full_name";
const CARD = "account.library_card";
const QUIET_NAME = anId("persona quiet");

type Given = Partial<{ [K in keyof Preferences]: Preferences[K] }>;
const item = (given: Given): JsonObject => preferencesItem({ ...NO_PREFERENCES, ...given });

const service = (known: Partial<Known>): Given =>
  ({ services: new Map([[LIBRARY, { trust: null, persona: null, oneOff: false, ...known }]]) });
const authority = (trust: Trust): Given => ({ authorities: new Map([["othertown", trust]]) });
const rules = (...given: (readonly [string, Rule])[]): Given => ({ rules: new Map(given) });
const persona: Persona = { name: "Quiet", values: new Map([[NAME, "S. Jones"]]) };
const personas: Given = { personas: new Map([[QUIET_NAME, persona]]) };

function asking(attributes: Readonly<Record<string, boolean>>, given: Given, more: Partial<Inputs["preferences.evaluate"]> = {}):
Inputs["preferences.evaluate"] {
  return {
    preferences: item(given), service: { client_id: LIBRARY, authority: "othertown", tier: "council" },
    request: { purpose: { statute: null }, attributes, access: "once" }, agreed: {}, now: NOW, ...more,
  };
}

const AGREED = { agreed: { [NAME]: NOW - 40 * DAY, [CARD]: NOW - 40 * DAY } };

/** `preferences.…` (protocols/specs/preferences.md). */
export function preferences(): Area {
  const area = new Area("preferences");
  const everything = Object.fromEntries([...ATTRIBUTES.keys()].map((id) => [id, true]));
  const agreedAll = { agreed: Object.fromEntries([...ATTRIBUTES.keys()].map((id) => [id, NOW])) };
  const evaluated = (comment: string, ...input: Parameters<typeof asking>): void => {
    area.valid("preferences.evaluate", comment, asking(...input));
  };
  evaluated("everything that the catalogue has, of a new vault", everything, {});
  evaluated("everything, under address protection", everything, { addressProtection: true });
  evaluated("everything, trusted and agreed", everything, service({ trust: "trusted" }), agreedAll);
  evaluated("everything, trusted and agreed, with a statute and open names", everything,
    { ...service({ trust: "trusted" }), openNames: ["person.birth_name", "person.previous_names"] },
    { ...agreedAll, request: { purpose: { statute: "Some Act 2020" }, attributes: everything, access: "once" } });
  evaluated("everything, of a blocked authority, withheld looks like not held", everything,
    { ...authority("blocked"), alike: true });
  for (const [word, trust] of [["nobody said", null], ["trusted", "trusted"], ["to ask", "ask"], ["blocked", "blocked"]] as const) {
    for (const over of ["trusted", "ask", "blocked"] as const) {
      evaluated(`the service: ${word}; its authority: ${over}`, { [NAME]: true, [CARD]: false },
        { ...service({ trust }), ...authority(over) }, AGREED);
    }
  }
  evaluated("a persona with the name and without the card", { [NAME]: true, [CARD]: true },
    { ...personas, ...service({ trust: "trusted", persona: QUIET_NAME }) }, AGREED);
  evaluated("a persona with nothing, everything, trusted and agreed", everything,
    { personas: new Map([[QUIET_NAME, { name: "Quiet", values: new Map() }]]), ...service({ trust: "trusted", persona: QUIET_NAME }) }, agreedAll);
  evaluated("a persona with an address and a date of birth, everything, trusted and agreed", everything,
    { personas: new Map([[QUIET_NAME, { name: "Quiet", values: new Map<string, Json>([["address.current", { lines: ["1 Quay"] }],
      ["person.date_of_birth", "2000-02-29"]]) }]]), ...service({ trust: "trusted", persona: QUIET_NAME }) }, agreedAll);
  evaluated("a persona for another service", { [NAME]: true },
    { ...personas, services: new Map([["https://other.example", { trust: null, persona: QUIET_NAME, oneOff: false }]]) });
  evaluated("three rules at once", { [NAME]: true, [CARD]: false, "contact.email": false },
    rules([NAME, { rule: "ask" }], [CARD, { rule: "never" }], ["contact.email", { rule: "only", services: [LIBRARY] }]));
  evaluated("everything is switched on, and paused", { [NAME]: true, "address.current": true },
    { addressProtection: true, quiet: true, alike: true, paused: true });
  evaluated("a year to the second", { [NAME]: true }, service({ trust: "trusted" }), { agreed: { [NAME]: NOW - 365 * DAY } });
  area.invalid("preferences.evaluate", "request/attribute", "an attribute of nobody's", asking({ "person.shoe_size": true }, {}));
  area.valid("preferences.read", "a persona and its service", { preferences: item({ ...personas, ...service({ persona: QUIET_NAME }) }) });
  const wrong = (comment: string, document: JsonObject): void => {
    area.invalid("preferences.read", "preferences/members", comment, { preferences: { ...item({}), ...document } });
  };
  wrong("a service under an empty name", { services: { "": { trust: null, persona: null, one_off: false } } });
  wrong("services in an array", { services: [] });
  wrong("a persona's name of 101 characters", { personas: { [QUIET_NAME]: { name: "é".repeat(101), values: {} } } });
  wrong("a persona's value of a later release", { personas: { [QUIET_NAME]: { name: "Q", values: { "person.title": "Mx" } } } });
  wrong("a rule of an attribute with a line feed", { rules: { "contact.email\n": { rule: "never" } } });
  area.invalid("preferences.read", "preferences/version", "without a version", { preferences: { kind: "preferences" } });
  area.valid("preferences.merge", "three devices' worth of changes", {
    base: item(service({ trust: "ask" })),
    mine: item({ ...service({ trust: "trusted" }), ...rules([CARD, { rule: "never" }]) }),
    theirs: item({ ...service({ trust: "blocked" }), ...personas, addressProtection: true }),
  }, item({ ...service({ trust: "blocked" }), ...rules([CARD, { rule: "never" }]), ...personas, addressProtection: true }));
  return area;
}
