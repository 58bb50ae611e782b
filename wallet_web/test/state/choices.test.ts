import { expect, test } from "vitest";
import { answerSingly, change, decide, firstChoices, keepMine, nextSingle, pageOf, refit, shareCount, singles, tick, withDraft,
} from "../../src/state/choices.ts";
import type { Ask, AskedDetail, Choices, Draft, Held } from "../../src/state/state.ts";
import { ask, askPrivately, badge, both, decided, entry, health, optional } from "../example.ts";

const BADGE = "disability.blue_badge_number";
const HEALTH = "health.conditions";

test("nothing optional is ticked and the shortest useful time is chosen", () => {
  expect(firstChoices(ask)).toEqual({ persona: "", ticked: [], proposed: [], singly: {}, changing: [],
    draft: {}, until: "2027-11-23" });
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
  const kept = withDraft(once, { "address-current--line1": "11 Example Street", "once": "" });
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

const WORK = "d29yay13b3JrLXdvcmstdw";

function askAs(persona: string, oneOff = false): Ask {
  return { ...askPrivately, proposal: { ...askPrivately.proposal, persona, oneOff } };
}

test("what was ticked, answered or typed as one persona is not an answer of another, and stays where she is only not to be recognised", () => {
  const name = ask.details[0] as AskedDetail;
  const asWork = tick(withDraft(answerSingly(change(firstChoices(askAs(WORK)), name), BADGE, true),
    { "health-conditions": "Asthma", "until": "2028-11-23" }), "contact.email", true);
  for (const other of [askAs("b3RoZXItb3RoZXItb3RoZQ"), askAs("")]) {
    const now = refit(asWork, other);
    expect(now).toEqual(firstChoices(other));
    expect(decide(other, now).decisions.get(BADGE)).toEqual({ share: false });
  }
  expect(refit(asWork, askAs(WORK))).toEqual(asWork);
  expect(refit(asWork, askAs(WORK, true))).toEqual(asWork);
  expect(decide(askAs(WORK), asWork).decisions.get(BADGE)).toEqual({ share: true, typed: null });
});

test("what another persona had agreed is proposed anew", () => {
  const agreed = { ...optional, decision: "share", because: "agreed", absent: null } as const;
  const other = { ...askAs(""), details: ask.details.map((detail) => ({ ...detail, decided: detail.required ? decided : agreed })) };
  expect(refit(firstChoices(askAs(WORK)), other)).toMatchObject({ ticked: ["contact.email"], proposed: ["contact.email"] });
});

test("of several values the chosen one goes, and the newest where the vault has that one no more", () => {
  const held = (value: string): Held => ({ value, asOf: "2026-11-02", source: "self_asserted" });
  const several = [{ item: "new", held: held("AB12 CDE") }, { item: "old", held: held("AB12 CDF") }];
  const one = { ...ask, details: [{ ...badge, attribute: entry("vehicle.registration"), several, required: true, decided }] };
  const goes = (question: Ask, which: Draft): unknown =>
    decide(question, withDraft(firstChoices(question), which)).decisions.get("vehicle.registration");
  expect(goes(one, {})).toMatchObject({ item: "new" });
  expect(goes(one, { "vehicle-registration--which": "old" })).toMatchObject({ item: "old" });
  expect(goes(one, { "vehicle-registration--which": "gone" })).toMatchObject({ item: "new" });
});

test("the chosen time is the one on the page", () => {
  expect(withDraft(firstChoices(ask), { until: "2028-11-23" }).until).toBe("2028-11-23");
});

const born = { attribute: entry("person.date_of_birth"), held: null };
const adult: AskedDetail = { attribute: entry("person.age_over_18"), base: born, gap: null, required: true, why: both("Beer"), held: null,
  several: [], follow: [], others: [], matches: [], decided };
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

test("what has a page of its own goes only by the answer there, also where it is ticked, agreed or needed", () => {
  const agreed = { ...badge, decided: { ...badge.decided, decision: "share", because: "agreed" } } as AskedDetail;
  const one = { ...ask, details: [agreed, health] };
  const chosen = tick(firstChoices(one), BADGE, true);
  expect(shareCount(one, chosen)).toBe(0);
  expect([...decide(one, chosen).decisions.values()]).toEqual([{ share: false }, { share: false }]);
  const answered = answerSingly(chosen, BADGE, true);
  expect(decide(one, answered).decisions.get(BADGE)).toEqual({ share: true, typed: null });
  expect(decide(one, answerSingly(answered, BADGE, false)).decisions.get(BADGE)).toEqual({ share: false });
});

test("the pages come one by one, what is needed first, until each has its answer; what is kept back has none", () => {
  const order = (choices: Choices): (string | undefined)[] => [nextSingle(askPrivately, choices)?.attribute.id];
  expect(singles(askPrivately).map(({ attribute }) => attribute.id)).toEqual([HEALTH, BADGE]);
  const none = firstChoices(askPrivately);
  expect(order(none)).toEqual([HEALTH]);
  expect(order(answerSingly(none, HEALTH, false))).toEqual([BADGE]);
  expect(order(answerSingly(answerSingly(none, HEALTH, false), BADGE, true))).toEqual([undefined]);
  const kept: AskedDetail = { ...badge, decided: { decision: "withhold", because: "rule-never", absent: "withheld", required: false,
    persona: "", ownPage: false } };
  expect(singles({ ...ask, details: [kept] })).toEqual([]);
});

test("a needed detail that is declined on its page keeps nothing else from being shared", () => {
  const one = { ...ask, details: [...ask.details.filter(({ held }) => held !== null), health] };
  const { decisions, errors } = decide(one, answerSingly(firstChoices(one), HEALTH, false));
  expect(errors).toEqual([]);
  expect(decisions.get(HEALTH)).toEqual({ share: false });
  expect(decisions.get("person.full_name")).toEqual({ share: true, typed: null });
});

test("what is typed on a page of its own is mended there, and kept unless that page says once", () => {
  const yes = answerSingly(firstChoices(askPrivately), HEALTH, true);
  const [first, second] = decide(askPrivately, yes).errors;
  if (first === undefined || second === undefined) throw new Error("no error");
  expect([first, second].map((error) => pageOf(error, askPrivately, yes))).toEqual([null, HEALTH]);
  const typed = withDraft(yes, { "health-conditions": "Asthma", "once": "on" });
  expect(decide(askPrivately, typed).decisions.get(HEALTH)).toEqual({ share: true, typed: "Asthma", keep: true });
  expect(decide(askPrivately, withDraft(typed, { "health-conditions--once": "on" })).decisions.get(HEALTH)).toMatchObject({ keep: false });
});

test("what an answer comes from is typed on its own page where that is asked too, and beside the answer where that is declined", () => {
  const awards: AskedDetail = { ...health, attribute: entry("benefit.awards"), required: false };
  const support: AskedDetail = { ...adult, attribute: entry("benefit.council_tax_support"), base: { attribute: awards.attribute, held: null } };
  const two = { ...ask, details: [support, awards] };
  const open = firstChoices(two);
  expect(decide(two, open).errors).toEqual([]);
  const yes = answerSingly(open, "benefit.awards", true);
  expect(decide(two, yes).errors.map((error) => pageOf(error, two, yes))).toEqual(["benefit.awards"]);
  const typed = decide(two, withDraft(yes, { "benefit-awards--none": "on" }));
  expect(typed.errors).toEqual([]);
  expect(typed.decisions.get("benefit.council_tax_support")).toMatchObject({ typed: [], of: "benefit.awards" });
  const no = answerSingly(open, "benefit.awards", false);
  expect(decide(two, no).errors.map((error) => pageOf(error, two, no))).toEqual([null]);
});
