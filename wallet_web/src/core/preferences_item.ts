/** What a resident has decided beforehand, as it is kept in the vault (protocols/specs/preferences.md). */
import { checkValue } from "./catalogue.ts";
import { jcs } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { ID, array, asText, entries, exactly, flag, oneOf } from "./members.ts";

const MEMBERS = "preferences/members";
const NAMES = ["kind", "v", "services", "authorities", "rules", "personas", "address_protection", "open_names", "quiet",
  "alike", "paused"];
const ATTRIBUTE = /^[a-z0-9_]+\.[a-z0-9_]+$/;
const MOST = 1024;

export const TRUST = ["trusted", "ask", "blocked"] as const;
export type Trust = typeof TRUST[number];
export const FORMER_NAMES = ["person.birth_name", "person.previous_names"] as const;

/** What was decided about one service. Null: nothing; a persona `""`: no persona, as oneself. */
export interface Known { readonly trust: Trust | null; readonly persona: string | null; readonly oneOff: boolean }

/** What was decided about one attribute; with `only`, to which services it may go. */
export type Rule = { readonly rule: "ask" | "never" } | { readonly rule: "only"; readonly services: readonly string[] };

/** Other values than one's own. Its name is for the resident and leaves the vault never. */
export interface Persona { readonly name: string; readonly values: ReadonlyMap<string, Json> }

/** `openNames` are the former names that are not concealed; `alike`: what is withheld looks like not held. */
export interface Preferences {
  readonly services: ReadonlyMap<string, Known>;
  readonly authorities: ReadonlyMap<string, Trust>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly personas: ReadonlyMap<string, Persona>;
  readonly addressProtection: boolean;
  readonly openNames: readonly string[];
  readonly quiet: boolean;
  readonly alike: boolean;
  readonly paused: boolean;
}

/** Those of a new vault. */
export const NO_PREFERENCES: Preferences = {
  services: new Map(), authorities: new Map(), rules: new Map(), personas: new Map(), addressProtection: false,
  openNames: [], quiet: false, alike: false, paused: false,
};

const UNKNOWN: Known = { trust: null, persona: null, oneOff: false };

/** What was decided about a service. */
export function knownOf(preferences: Preferences, clientId: string): Known {
  return preferences.services.get(clientId) ?? UNKNOWN;
}

/** The sealed item's plaintext. */
export type PreferencesItem = JsonObject & { readonly kind: "preferences"; readonly v: 1 };

export function preferencesItem(of: Preferences): PreferencesItem {
  const members = <V>(map: ReadonlyMap<string, V>, write: (value: V) => Json): JsonObject =>
    Object.fromEntries([...map].map(([id, value]) => [id, write(value)]));
  return {
    kind: "preferences", v: 1,
    services: members(of.services, ({ trust, persona, oneOff }) => ({ trust, persona, one_off: oneOff })),
    authorities: members(of.authorities, (trust) => trust),
    rules: members(of.rules, ({ rule, ...rest }) => ("services" in rest ? { rule, services: [...rest.services] } : { rule })),
    personas: members(of.personas, ({ name, values }) => ({ name, values: Object.fromEntries(values) })),
    address_protection: of.addressProtection, open_names: [...of.openNames], quiet: of.quiet, alike: of.alike, paused: of.paused,
  };
}

/**
 * The preferences of a sealed item. A wallet that cannot read them shares nothing: it would not know what it must keep
 * back. Errors: `preferences/version` (made by a newer wallet), `preferences/members`.
 */
export function readPreferences(document: JsonObject): Preferences {
  if (document["v"] !== 1) throw new Invalid("preferences/version");
  exactly(document, NAMES, MEMBERS);
  oneOf(document["kind"], ["preferences"], MEMBERS);
  const map = <V>(name: string, read: (value: Json) => V, pattern?: RegExp): ReadonlyMap<string, V> => {
    const found = entries(document[name], MEMBERS);
    if (found.length > MOST) throw new Invalid(MEMBERS, name);
    return new Map(found.map(([id, value]) => [asText(id, MEMBERS, pattern), read(value)]));
  };
  const personas = map("personas", readPersona, ID);
  const openNames = array(document["open_names"], MEMBERS).map((name) => oneOf(name, FORMER_NAMES, MEMBERS));
  if (new Set(openNames).size < openNames.length) throw new Invalid(MEMBERS, "open_names");
  return {
    services: map("services", (value) => readKnown(value, personas)),
    authorities: map("authorities", (value) => oneOf(value, TRUST, MEMBERS)),
    rules: map("rules", readRule, ATTRIBUTE),
    personas,
    addressProtection: flag(document, "address_protection", MEMBERS),
    openNames,
    quiet: flag(document, "quiet", MEMBERS),
    alike: flag(document, "alike", MEMBERS),
    paused: flag(document, "paused", MEMBERS),
  };
}

function readKnown(value: Json, personas: ReadonlyMap<string, Persona>): Known {
  const known = exactly(value, ["trust", "persona", "one_off"], MEMBERS);
  const { trust, persona } = known;
  if (persona !== null && persona !== "" && (typeof persona !== "string" || !personas.has(persona))) {
    throw new Invalid(MEMBERS, "persona");
  }
  return { trust: trust === null ? null : oneOf(trust, TRUST, MEMBERS), persona, oneOff: flag(known, "one_off", MEMBERS) };
}

function readRule(value: Json): Rule {
  const only = typeof value === "object" && value !== null && "rule" in value && value["rule"] === "only";
  const rule = exactly(value, only ? ["rule", "services"] : ["rule"], MEMBERS);
  if (only) return { rule: "only", services: array(rule["services"], MEMBERS).map((service) => asText(service, MEMBERS)) };
  return { rule: oneOf(rule["rule"], ["ask", "never"], MEMBERS) };
}

function readPersona(value: Json): Persona {
  const persona = exactly(value, ["name", "values"], MEMBERS);
  const name = asText(persona["name"], MEMBERS);
  if ([...name].length > 100) throw new Invalid(MEMBERS, "name");
  try {
    return { name, values: new Map(entries(persona["values"], MEMBERS).map(([id, one]) => [id, checkValue(id, one)])) };
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(MEMBERS, "values");
    throw error;
  }
}

/** The vault as it was when a change began, what this device made of it, and what is in the vault now. */
type Three<V> = readonly [base: V, mine: V, theirs: V];

/**
 * What two devices made of the same preferences. What one of them changed is changed. Where both changed one trust or
 * rule, the stricter wins; one persona, theirs, which is in the vault already.
 */
export function mergePreferences(base: Preferences, mine: Preferences, theirs: Preferences): Preferences {
  const three = <V>(read: (of: Preferences) => V): Three<V> => [read(base), read(mine), read(theirs)];
  const services = merged(three((of) => of.services), UNKNOWN, ([was, my, their]): Known => ({
    trust: stricter([was.trust, my.trust, their.trust], (trust) => TRUST_ORDER.indexOf(trust)),
    persona: changed([was.persona, my.persona, their.persona]),
    oneOff: changed([was.oneOff, my.oneOff, their.oneOff]),
  }));
  const inUse = new Set([...services.values()].map(({ persona }) => persona));
  return {
    services,
    authorities: merged(three((of) => of.authorities), null, (trusts) => stricter(trusts, (trust) => TRUST_ORDER.indexOf(trust))),
    rules: merged(three((of) => of.rules), null, mergeRule),
    personas: merged(three((of) => of.personas), null, (personas, id) => mergePersona(personas, inUse.has(id))),
    addressProtection: changed(three((of) => of.addressProtection)),
    openNames: FORMER_NAMES.filter((name) => changed(three((of) => of.openNames.includes(name)))),
    quiet: changed(three((of) => of.quiet)),
    alike: changed(three((of) => of.alike)),
    paused: changed(three((of) => of.paused)),
  };
}

/** From the most generous to the strictest. To have no opinion is stricter than to trust. */
const TRUST_ORDER: readonly (Trust | null)[] = ["trusted", null, "ask", "blocked"];
const RULE_ORDER: readonly (Rule["rule"] | null)[] = [null, "ask", "only", "never"];

/** Every key of the three, merged; null leaves it out. */
function merged<D, V>(
  maps: Three<ReadonlyMap<string, V>>, none: D, merge: (three: Three<V | D>, id: string) => V | null,
): ReadonlyMap<string, V> {
  const ids = [...new Set(maps.flatMap((map) => [...map.keys()]))].sort();
  const [base, mine, theirs] = maps;
  return new Map(ids.flatMap((id): [string, V][] => {
    const value = merge([base.get(id) ?? none, mine.get(id) ?? none, theirs.get(id) ?? none], id);
    return value === null ? [] : [[id, value]];
  }));
}

function same(one: unknown, other: unknown): boolean {
  return one === other || jcs(plain(one)) === jcs(plain(other));
}

function plain(value: unknown): Json {
  if (value instanceof Map) return Object.fromEntries([...value].map(([id, one]: [string, unknown]) => [id, plain(one)]));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [name, plain(one)]));
}

function changed<V>([base, mine, theirs]: Three<V>): V {
  return same(theirs, base) ? mine : theirs;
}

function stricter<V>(three: Three<V>, strictness: (value: V) => number): V {
  const [base, mine, theirs] = three;
  if (same(base, mine) || same(base, theirs)) return changed(three);
  return strictness(mine) > strictness(theirs) ? mine : theirs;
}

function mergeRule(three: Three<Rule | null>): Rule | null {
  const [base, mine, theirs] = three;
  if (mine?.rule === "only" && theirs?.rule === "only" && !same(base, mine) && !same(base, theirs)) {
    return { rule: "only", services: theirs.services.filter((service) => mine.services.includes(service)) };
  }
  return stricter(three, (rule) => RULE_ORDER.indexOf(rule?.rule ?? null));
}

function mergePersona(three: Three<Persona | null>, kept: boolean): Persona | null {
  const [base, mine, theirs] = three;
  if ((same(base, mine) || same(base, theirs)) && !(kept && (mine === null || theirs === null))) return changed(three);
  // Changed here and taken away there; or taken away while a service was told of it.
  if (mine === null || theirs === null) return mine ?? theirs ?? (kept ? base : null);
  const values = merged<null, Json>([base?.values ?? new Map(), mine.values, theirs.values], null, (each) => changed(each));
  return { name: changed([base?.name ?? mine.name, mine.name, theirs.name]), values };
}
