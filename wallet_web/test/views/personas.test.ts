import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import { loadControl, loadForms } from "../../src/lazy.ts";
import type { AskedDetail, State } from "../../src/state/state.ts";
import { text } from "../../src/text/index.ts";
import { page } from "../../src/views/page.ts";
import { ask, askPrivately, asked, badge, both } from "../example.ts";
import { own, parkingKnows, work } from "../personas.ts";
import { flat, words } from "./flat.ts";

const show = (state: State) => page(state,
  { open: true, offline: false, lockSoon: false, quiet: false, unkept: false, counter: false }, {} as Actions, text);

await loadForms();
await loadControl();

test("what a persona has that is sensitive, or a protected address, is not on the page until it is asked for", () => {
  expect(flat(show(work))).not.toContain("AB12C");
  expect(flat(show(work))).toContain("1 Mill Yard");
  expect(flat(show({ ...work, guarded: true }))).not.toContain("1 Mill Yard");
  expect(flat(show(own))).not.toContain("AB12C");
  expect(flat(show({ ...own, hidden: false }))).toContain("AB12C");
});

test("a persona that a service knows cannot be taken away", () => {
  expect(words(show(work))).not.toContain("Delete");
  expect(words(show({ ...work, known: [] }))).toContain("Delete “Work”");
});

test("another persona for a service: what ends, what it keeps, and by what it could tell", () => {
  const said = words(show(parkingKnows));
  for (const part of ["keeps what it has", "What you share with it now ends", "It has never known you so", "It has the same from you already: Email address",
    "It has known you so before", "Anytown Library knows you so too"]) expect(said).toContain(part);
});

test("what a persona lacks has a part of the page of its own, and nothing of it is ticked", () => {
  const [name, , mail] = ask.details as [AskedDetail, AskedDetail, AskedDetail];
  const lacking = { ...asked, ask: { ...ask, persona: "Work", details: [{ ...name, required: false, lacking: "needed" as const },
    { ...mail, lacking: "liked" as const }] } };
  const said = words(show(lacking));
  expect(said).toContain("What “Work” does not have");
  expect(said).toContain("The form may not work without: Full name.");
  expect(said).toContain("Go on with Anytown Parking and share nothing");
  expect(said).not.toContain("They would also like");
  expect(words(show(asked))).not.toContain("does not have");
});

test("what a persona lacks and is private says on its own page whose it would be", () => {
  const lacking: AskedDetail = { ...badge, required: false, lacking: "needed" };
  const state: State = { ...asked, own: badge.attribute.id, ask: { ...askPrivately, persona: "Work", details: [lacking] } };
  expect(words(show(state))).toContain("“Work” does not have this.");
  expect(words(show(state))).toContain("They say that they need this one");
  expect(words(show({ ...state, ask: { ...askPrivately, details: [badge] } }))).not.toContain("does not have this");
});

test("who has the same already, of somebody else, is named beside what would go", () => {
  const state = (detail: Partial<AskedDetail>): State =>
    ({ ...asked, ask: { ...ask, details: [{ ...ask.details[0] as AskedDetail, ...detail }] } });
  const itself = "Anytown Parking got the same when it knew you as somebody else.";
  const others = "Anytown Library got the same, and may know you as somebody else.";
  expect(words(show(state({ again: true })))).toContain(itself);
  expect(words(show(state({ again: true })))).not.toContain(others);
  expect(words(show(state({ matches: [both("Anytown Library")] })))).not.toContain(itself);
  expect(words(show(state({ again: true, matches: [both("Anytown Library")] })))).toMatch(new RegExp(`${itself}.*${others}`));
  expect(words(show(state({})))).not.toContain("got the same");
});
