import { expect, test } from "vitest";
import { change, decide, firstChoices, keepMine, refit, shareCount, tick, withDraft } from "../../src/state/choices.ts";
import { ask } from "../example.ts";

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
