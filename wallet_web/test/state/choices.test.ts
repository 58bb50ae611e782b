import { expect, test } from "vitest";
import { change, decide, firstChoices, keepMine, refit, shareCount, tick, withDraft } from "../../src/state/choices.ts";
import type { AskedDetail } from "../../src/state/state.ts";
import { ask, both, decided, entry } from "../example.ts";

test("nothing optional is ticked and the shortest useful time is chosen", () => {
  expect(firstChoices(ask)).toEqual({ ticked: [], proposed: [], changing: [], draft: {}, until: "2027-11-23" });
  expect(shareCount(ask, firstChoices(ask))).toBe(2);
});

test("what is missing must be typed before anything is shared", () => {
  const { errors, decisions } = decide(ask, firstChoices(ask));
  expect(errors).toEqual([{ field: "address-current--line1", attribute: "address.current", problem: "line1-empty" }]);
  expect(decisions.get("contact.email")).toEqual({ share: false });
});

test("what was typed is kept unless the resident says once", () => {
  const typed = withDraft(firstChoices(ask), { "address-current--line1": "10 Example Street", "address-current--postcode": "an12ab" });
  const value = { lines: ["10 Example Street"], postcode: "AN1 2AB" };
  expect(decide(ask, typed).decisions.get("address.current")).toEqual({ share: true, typed: value, keep: true });
  const once = withDraft(typed, { once: "on" });
  expect(decide(ask, once).decisions.get("address.current")).toEqual({ share: true, typed: value, keep: false });
  const kept = withDraft(once, { "address-current--line1": "11 Example Street" });
  expect(decide(ask, kept).decisions.get("address.current")).toMatchObject({ keep: true });
});

test("change opens the boxes with the vault's value, and can be undone", () => {
  const name = ask.details[0];
  if (name === undefined) throw new Error("no detail");
  const changed = change(firstChoices(ask), name);
  expect(changed.draft).toEqual({ "person-full-name": "Siân O’Connor" });
  expect(decide(ask, keepMine(changed, "person.full_name")).decisions.get("person.full_name")).toEqual({ share: true, typed: null });
});

test("ticking shares an optional detail, unticking withholds it", () => {
  const ticked = tick(firstChoices(ask), "contact.email", true);
  expect(shareCount(ask, ticked)).toBe(3);
  expect(shareCount(ask, tick(ticked, "contact.email", false))).toBe(2);
});

test("what was ticked because it was agreed is not, once it is agreed no more; what the resident ticked stays", () => {
  const agreeing = (...ids: string[]): typeof ask => ({ ...ask, details: ask.details.map((detail) =>
    (ids.includes(detail.attribute.id)
      ? { ...detail, decided: { ...detail.decided, decision: "share", because: "agreed", absent: null } } : detail)) });
  const chosen = firstChoices(agreeing("contact.email"));
  expect(chosen.ticked).toEqual(["contact.email"]);
  expect(refit(chosen, agreeing("contact.email")).ticked).toEqual(["contact.email"]);
  expect(refit(chosen, ask).ticked).toEqual([]);
  const own = tick(firstChoices(ask), "contact.email", true);
  expect(refit(own, ask).ticked).toEqual(["contact.email"]);
});

test("the chosen time is the one on the page", () => {
  expect(withDraft(firstChoices(ask), { until: "2028-11-23" }).until).toBe("2028-11-23");
});

const born = { attribute: entry("person.date_of_birth"), held: null };
const adult: AskedDetail = { attribute: entry("person.age_over_18"), base: born, gap: null, required: true, why: both("Beer"), held: null,
  several: [], others: [], matches: [], decided };
const typedBirth = { "person-date-of-birth--day": "31", "person-date-of-birth--month": "3", "person-date-of-birth--year": "1985" };

test("what an answer comes from is typed in its place, once for all answers that come from it", () => {
  const two: typeof ask = { ...ask, details: [adult, { ...adult, attribute: entry("person.age_over_16") }] };
  const none = decide(two, firstChoices(two));
  expect(none.errors.map(({ field }) => field)).toEqual(["person-date-of-birth--day"]);
  const { decisions, errors } = decide(two, withDraft(firstChoices(two), typedBirth));
  expect(errors).toEqual([]);
  const typed = { share: true, typed: "1985-03-31", keep: true, of: "person.date_of_birth" };
  expect([...decisions]).toEqual([["person.age_over_18", typed], ["person.age_over_16", typed]]);
});

test("an answer that the vault gives is shared as it is, and changed by what it comes from", () => {
  const held: AskedDetail = { ...adult, held: { value: true, asOf: "2026-11-02", source: "derived" },
    base: { ...born, held: { value: "1985-03-31", asOf: "2026-11-02", source: "self_asserted" } } };
  const one = { ...ask, details: [held] };
  expect(decide(one, firstChoices(one)).decisions.get("person.age_over_18")).toEqual({ share: true, typed: null });
  const changed = change(firstChoices(one), held);
  expect(changed.draft).toEqual(typedBirth);
  expect(decide(one, changed).decisions.get("person.age_over_18")).toMatchObject({ of: "person.date_of_birth", typed: "1985-03-31" });
});

test("an address typed for its postcode alone has one, or says that there is no fixed address", () => {
  const area: AskedDetail = { ...adult, attribute: entry("address.lives_in_area"),
    base: { attribute: entry("address.current"), held: null } };
  const one = { ...ask, details: [area] };
  const lines = withDraft(firstChoices(one), { "address-current--line1": "10 Example Street" });
  expect(decide(one, lines).errors).toEqual([
    { field: "address-current--postcode", attribute: "address.current", problem: "postcode-wrong" }]);
  const whole = decide(one, withDraft(lines, { "address-current--postcode": "an12ab" }));
  expect(whole.errors).toEqual([]);
  expect(whole.decisions.get("address.lives_in_area")).toMatchObject({ of: "address.current" });
  const homeless = decide(one, withDraft(lines, { "no-home": "on" }));
  expect(homeless.errors).toEqual([]);
  expect(homeless.decisions.get("address.lives_in_area")).toEqual(
    { share: true, typed: true, keep: true, of: "address.no_fixed_address" });
});

test("no fixed address answers for a missing home address too", () => {
  const homeless = decide(ask, withDraft(firstChoices(ask), { "no-home": "on" }));
  expect(homeless.errors).toEqual([]);
  expect(homeless.decisions.get("address.current")).toMatchObject({ typed: true, of: "address.no_fixed_address" });
});
