/** A request and grants as screens show them. */
import type { Attribute } from "../src/core/catalogue.ts";
import { ATTRIBUTES } from "../src/core/catalogue.ts";
import type { Decided, Evaluation } from "../src/core/preferences.ts";
import type { Ask, AskedDetail, AskedState, GrantLine, Words } from "../src/state/state.ts";

export const both = (en: string): Words => ({ en, cy: en });

export function entry(id: string): Attribute {
  const found = ATTRIBUTES.get(id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** What a vault without preferences says. */
export const decided: Decided =
  { decision: "ask", because: "default", required: true, persona: "", ownPage: false, absent: null };
export const optional: Decided = { ...decided, required: false };
export const proposal: Evaluation = { refused: null, trust: "ask", trustBecause: "default", persona: "", personaBecause: "none",
  oneOff: false, oneTap: false, attributes: new Map() };

export const ask: Ask = {
  service: both("Anytown Parking"), authority: both("Anytown Council"), signIn: false, tier: "council",
  why: both("To decide whether you can have a permit."), statute: "Road Traffic Regulation Act 1984, section 45", basis: "public_task",
  fallback: both("Apply by phone."), retentionDays: 730, untils: ["2027-11-23", "2028-11-23"], known: false, refusedAt: null,
  needsCode: false, sharedSector: false, personas: [], persona: null, together: [], counter: false, expires: 0, proposal, guarded: new Set(),
  details: [
    { attribute: entry("person.full_name"), required: true, why: both("It is written on the permit"),
      base: null, gap: null, held: { value: "Siân O’Connor", asOf: "2026-11-02", source: "self_asserted" }, several: [], follow: [], others: [], matches: [], decided },
    { attribute: entry("address.current"), required: true, why: both("To check your zone"), base: null, gap: null,
      held: null, several: [], follow: [], others: [], matches: [], decided },
    { attribute: entry("contact.email"), required: false, why: both("To remind you"),
      base: null, gap: null, held: { value: "sian@example.org", asOf: "2026-11-02", source: "self_asserted" }, several: [],
      follow: [], others: [], matches: [], decided: optional },
  ],
};

/** A detail that is decided by itself: held, and not needed. */
export const badge: AskedDetail = { attribute: entry("disability.blue_badge_number"), base: null, gap: null, required: false,
  why: both("The permit is then free"), held: { value: "AB12C", asOf: "2026-11-02", source: "self_asserted" }, several: [], follow: [], others: [],
  matches: [], decided: { ...optional, because: "sensitive", ownPage: true } };
/** Another: missing, and needed. */
export const health: AskedDetail = { ...badge, attribute: entry("health.conditions"), required: true, held: null,
  why: both("To find a bay near your door"), decided: { ...badge.decided, required: true } };
export const askPrivately: Ask = { ...ask, details: [...ask.details, badge, health] };

export const asked: AskedState = {
  screen: "asked", ask, errors: [], own: null,
  choices: { persona: "", ticked: [], proposed: [], singly: {}, changing: [], draft: {}, until: "2027-11-23" },
  revealed: false, armed: true, minutesLeft: null, shared: false, sending: false, trouble: null,
};

export const grant: GrantLine = {
  id: "a", service: both("Anytown Parking"), purpose: both("To decide whether you can have a permit."), signIn: false,
  attributes: ["person.full_name", "address.current"], until: "2027-11-23", retentionDays: 730, lastRead: null, missing: false,
  log: "good", ended: null, place: null,
};
