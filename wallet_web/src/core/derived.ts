/** Answers that are worked out from what a vault holds (protocols/specs/derived.md): a service gets them without the base. */
import { checkValue } from "./catalogue.ts";
import { dateOf, dayNumber, dayOf } from "./dates.ts";
import { isArray, isObject } from "./encoding.ts";
import type { Json } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { Present } from "./items.ts";

const SMALLEST_ZONE = 50;
const HOUR = 3600;
const HOME = "address.current";
const NO_HOME = "address.no_fixed_address";
const OF_A_HOME: ReadonlySet<string> = new Set(
  [HOME, "address.postcode", "address.uprn", "address.since", "address.lives_in_area"]);
const SUPPORT = "council_tax_support";
const MEANS_TESTED = [SUPPORT, "universal_credit", "pension_credit_guarantee", "income_support", "jsa_income", "esa_income",
  "housing_benefit", "child_tax_credit", "asylum_support"];

/** A value and the date from which it is known. */
export interface Fact { readonly value: Json; readonly as_of: string }

export type Facts = Readonly<Record<string, Fact>>;

/** By what a question is answered: `now` is a time, `zone` the request's, `zones` the purpose's (id to postcodes). */
export interface Setting {
  readonly now: number; readonly zone: string | null; readonly zones: Readonly<Record<string, readonly string[]>>;
}

interface Scene extends Setting { readonly today: string }

type Rule = (base: Json, scene: Scene) => Json;

/**
 * The answer, as of the day of what it was worked out from, or null where it cannot be worked out.
 * Errors: `derived/zone` for a zone that is missing or too small.
 */
export function derive(attribute: string, held: Facts, setting: Setting): Fact | null {
  const found = RULES.get(attribute);
  const fact = found === undefined ? undefined : held[found[0]];
  if (found === undefined || fact === undefined) return null;
  const value = found[1](fact.value, { ...setting, today: londonDay(setting.now) });
  return value === null ? null : { value, as_of: fact.as_of };
}

/** The attribute from which this one is worked out, or null. */
export function baseOf(attribute: string): string | null {
  return RULES.get(attribute)?.[0] ?? null;
}

/** The attributes that are worked out from this one, or whose place it can take. */
export function following(attribute: string): readonly string[] {
  const worked = [...RULES].filter(([, [base]]) => base === attribute).map(([id]) => id);
  return attribute === NO_HOME ? [...worked, ...OF_A_HOME] : worked;
}

/** Whether the resident has said that there is no such thing: no fixed address is an answer, not a gap. */
export function notApplicable(attribute: string, held: Facts): boolean {
  return OF_A_HOME.has(attribute) && held[NO_HOME]?.value === true && held[HOME] === undefined;
}

/** What a disclosure says of an attribute that is worked out, or null where what is held of itself counts. */
export function workedOut(attribute: string, held: Facts, setting: Setting): Present | null {
  if (notApplicable(attribute, held)) return { absent: "not_applicable" };
  try {
    const fact = derive(attribute, held, setting);
    return fact === null ? null : { value: fact.value, source: "derived", as_of: fact.as_of };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    // A zone that is too small to be asked about: nothing is answered.
    return { absent: "not_held" };
  }
}

/** Whether a persona's values answer an attribute: with one of its own, or with what it is worked out from. */
export function answeredBy(attribute: string, values: ReadonlyMap<string, Json>): boolean {
  return values.has(attribute) || values.has(baseOf(attribute) ?? "") || notApplicable(attribute, factsOf(values, ""));
}

/** A persona's values, as of a day. */
export function factsOf(values: ReadonlyMap<string, Json>, day: string): Facts {
  return Object.fromEntries([...values].map(([id, value]) => [id, { value, as_of: day }]));
}

/**
 * What a disclosure says of an attribute by a persona's values alone, or null where they do not answer it. Nothing of the
 * resident's own fills a gap: an answer from two bases would be nobody's.
 */
export function ofPersona(attribute: string, values: ReadonlyMap<string, Json>, setting: Setting): Present | null {
  if (!answeredBy(attribute, values)) return null;
  const today = dateOf(dayOf(setting.now));
  const value = values.get(attribute);
  return workedOut(attribute, factsOf(values, today), setting)
    ?? (value === undefined ? { absent: "not_held" } : { value, source: "self_asserted", as_of: today });
}

/** The date in London (Summer Time Order 2002: from 01:00 UTC on the last Sunday of March to that of October). */
export function londonDay(now: number): string {
  const year = dateOf(dayOf(now)).slice(0, 4);
  const begins = lastSunday(`${year}-03-31`) * 24 * HOUR + HOUR;
  const ends = lastSunday(`${year}-10-31`) * 24 * HOUR + HOUR;
  return dateOf(dayOf(now >= begins && now < ends ? now + HOUR : now));
}

/** The day of the last Sunday up to a date. Day 3 of 1970 was a Sunday. */
function lastSunday(date: string): number {
  const day = dayNumber(date) ?? 0;
  return day - (((day - 3) % 7) + 7) % 7;
}

/**
 * Family Law Reform Act 1969, section 9: from the first moment of the anniversary. Who was born on 29 February is that old
 * on 1 March of a year that has no such day.
 */
function aged(years: number): Rule {
  return (born, { today }) => typeof born === "string"
    && String(Number(today.slice(0, 4)) - years).padStart(4, "0") + today.slice(4) >= born;
}

function text(value: Json, member: string): string | null {
  const found = isObject(value) ? value[member] : undefined;
  return typeof found === "string" ? found : null;
}

function livesInArea(home: Json, { zone, zones }: Scene): boolean | null {
  if (zone === null || !Object.hasOwn(zones, zone)) throw new Invalid("derived/zone", "missing");
  const postcodes = ofZone(zones[zone] ?? []);
  const postcode = text(home, "postcode");
  return postcode === null ? null : postcodes.has(postcode);
}

/** The one zone of the purpose that is named by the code of a council and has the postcode. */
function localAuthority(home: Json, { zones }: Scene): string | null {
  const codes = Object.keys(zones).filter((id) => isCode(id)).sort();
  const here = codes.filter((id) => ofZone(zones[id] ?? []).has(text(home, "postcode") ?? ""));
  return here.length === 1 ? here[0] ?? null : null;
}

function isCode(id: string): boolean {
  return checked("address.local_authority", id) === id;
}

function checked(attribute: string, value: string): Json {
  try {
    return checkValue(attribute, value);
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

/** The postcodes as the catalogue writes them. Of too few the answer would be an address in disguise. */
function ofZone(postcodes: readonly string[]): ReadonlySet<string> {
  const found = new Set(postcodes.map((postcode) => {
    const good = checked("address.postcode", postcode);
    if (typeof good !== "string") throw new Invalid("derived/zone", "no postcode");
    return good;
  }));
  if (found.size < SMALLEST_ZONE) throw new Invalid("derived/zone", "too small");
  return found;
}

/** Whether one of these benefits is paid today. An award whose end has passed is over. */
function gets(kinds: readonly string[]): Rule {
  return (awards, { today }) => isArray(awards) && awards.some((award) =>
    kinds.includes(text(award, "type") ?? "") && (text(award, "ends") ?? today) >= today);
}

const RULES: ReadonlyMap<string, readonly [base: string, rule: Rule]> = new Map<string, readonly [string, Rule]>([
  ["person.age_over_16", ["person.date_of_birth", aged(16)]],
  ["person.age_over_18", ["person.date_of_birth", aged(18)]],
  ["address.postcode", [HOME, (home) => text(home, "postcode")]],
  ["address.uprn", [HOME, (home) => text(home, "uprn")]],
  ["address.local_authority", [HOME, localAuthority]],
  ["address.lives_in_area", [HOME, livesInArea]],
  ["household.sole_adult", ["household.adults", (adults) => adults === 1]],
  ["benefit.council_tax_support", ["benefit.awards", gets([SUPPORT])]],
  ["benefit.qualifies_for_concession", ["benefit.awards", gets(MEANS_TESTED)]],
]);
