import type { Json, JsonObject } from "../../../src/core/encoding.ts";
import { Area } from "../recipe.ts";

const ZONE = Array.from({ length: 60 }, (_, at) => `SE${1 + at % 20} ${Math.floor(at / 20)}GF`);
const HOME = { lines: ["1 Quay"], postcode: "SE1 0GF" };

/** `derived.answer` (protocols/specs/derived.md). */
export function derived(): Area {
  const area = new Area("derived");
  const given = (attribute: string, held: Readonly<Record<string, Json>>, time: string, zone: string | null = null,
    zones: Readonly<Record<string, readonly string[]>> = {}) => ({
    attribute, held: Object.fromEntries(Object.entries(held).map(([id, value]) => [id, { value, as_of: "2026-10-01" }])),
    now: Date.parse(time) / 1000, zone, zones });
  const is = (value: Json): Json => ({ value, as_of: "2026-10-01" });
  const born = (date: string) => ({ "person.date_of_birth": date });
  for (const [comment, date, time, old] of [
    ["the second before midnight in June", "2000-06-16", "2018-06-15T22:59:59Z", false],
    ["midnight in June", "2000-06-16", "2018-06-15T23:00:00Z", true],
    ["midnight in January", "2000-01-16", "2018-01-15T23:00:00Z", false],
    ["the hour in which summer begins", "2000-03-25", "2018-03-25T00:30:00Z", true],
    ["the first night of summer", "2000-03-26", "2018-03-25T23:30:00Z", true],
    ["the last night of summer", "2000-10-28", "2018-10-27T23:30:00Z", true],
    ["the night after summer", "2000-10-29", "2018-10-28T23:30:00Z", false],
    ["a leap day, a year without one", "2000-02-29", "2018-02-28T12:00:00Z", false],
    ["a leap day, the day after", "2000-02-29", "2018-03-01T00:00:00Z", true],
    ["the last day of a year", "1999-12-31", "2017-12-31T00:00:00Z", true],
  ] as const) area.valid("derived.answer", comment, given("person.age_over_18", born(date), time), is(old), "date");
  area.valid("derived.answer", "16 and not 18", given("person.age_over_16", born("2008-01-01"), "2025-01-01T00:00:00Z"), is(true))
    .valid("derived.answer", "and the other way round", given("person.age_over_18", born("2008-01-01"), "2025-01-01T00:00:00Z"), is(false));
  const noon = "2026-11-23T12:00:00Z";
  const home = { "address.current": HOME };
  area.valid("derived.answer", "in the zone", given("address.lives_in_area", home, noon, "z", { z: ZONE }), is(true))
    .valid("derived.answer", "not in it", given("address.lives_in_area", home, noon, "z", { z: ZONE.slice(1) }), is(false))
    .invalid("derived.answer", "derived/zone", "an inherited name is no zone",
      given("address.lives_in_area", home, noon, "constructor", { z: ZONE }))
    .invalid("derived.answer", "derived/zone", "a zone of one street", given("address.lives_in_area", home, noon, "z", { z: ["SE1 0GF"] }))
    .valid("derived.answer", "the council", given("address.local_authority", home, noon, null, { E09000022: ZONE, other: [] }), is("E09000022"))
    .valid("derived.answer", "a code that is none", given("address.local_authority", home, noon, null, { E0900022: ZONE }), null)
    .valid("derived.answer", "a date of moving in, without a home",
      given("address.since", { "address.no_fixed_address": true }, noon), { absent: "not_applicable" })
    .valid("derived.answer", "the council is asked all the same",
      given("address.local_authority", { "address.no_fixed_address": true }, noon, null, { E09000022: ZONE }), null)
    .valid("derived.answer", "alone", given("household.sole_adult", { "household.adults": 1 }, noon), is(true))
    .valid("derived.answer", "support that ends on the last day of summer time, at its last second",
      given("benefit.council_tax_support", { "benefit.awards": [{ type: "council_tax_support", ends: "2026-10-24" }] },
        "2026-10-24T22:59:59Z"), is(true))
    .valid("derived.answer", "and a second later",
      given("benefit.council_tax_support", { "benefit.awards": [{ type: "council_tax_support", ends: "2026-10-24" }] },
        "2026-10-24T23:00:00Z"), is(false))
    .valid("derived.answer", "nothing to work it out from", given("benefit.qualifies_for_concession", {}, noon), null);
  const persona = (attribute: string, values: JsonObject, time = noon) =>
    ({ attribute, values, now: Date.parse(time) / 1000, zone: null, zones: { E09000022: ZONE } });
  const said = (value: Json, source: string): Json => ({ value, source, as_of: "2026-11-23" });
  area.valid("derived.persona", "its council", persona("address.local_authority", home), said("E09000022", "derived"))
    .valid("derived.persona", "its council, as it says itself", persona("address.local_authority", { "address.local_authority": "E09000022" }),
      said("E09000022", "self_asserted"))
    .valid("derived.persona", "its benefits", persona("benefit.qualifies_for_concession", { "benefit.awards": [] }), said(false, "derived"))
    .valid("derived.persona", "nothing of its benefits", persona("benefit.qualifies_for_concession", { "household.adults": 1 }), null)
    .valid("derived.persona", "as of the day in UTC",
      persona("person.age_over_18", born("2008-06-16"), "2026-06-15T23:30:00Z"), { value: true, source: "derived", as_of: "2026-06-15" })
    .valid("derived.persona", "an inherited name is no value", persona("constructor", {}), null);
  return area;
}
