import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import { loadForms } from "../../src/lazy.ts";
import type { Decided } from "../../src/core/preferences.ts";
import type { AskedDetail, State } from "../../src/state/state.ts";
import { text } from "../../src/text/index.ts";
import { page } from "../../src/views/page.ts";
import { ask, asked, proposal } from "../example.ts";
import { flat, words } from "./flat.ts";

const show = (state: State) => page(state,
  { open: true, offline: false, lockSoon: false, quiet: false, unkept: false, counter: false }, {} as Actions, text);

await loadForms();

test("what the resident's preferences keep back cannot be ticked, and the page says which rule it is", () => {
  const kept: Decided = { decision: "withhold", because: "rule-never", required: false, persona: "", ownPage: false, absent: "withheld" };
  const [name, home, mail] = ask.details;
  const state = { ...asked, ask: { ...ask, details: [name, home, { ...mail, decided: kept }] as AskedDetail[] } };
  expect(flat(show(state))).not.toContain("contact-email--share");
  expect(words(show(state))).toContain("You never share this");
  expect(words(show(state))).toContain("Share 2 details");
  expect(words(show(asked))).not.toContain("What stays with you");
});

test("a blocked service is refused before any question, with a way to change it", () => {
  const state = { ...asked, ask: { ...ask, proposal: { ...proposal, refused: "blocked-service" as const } } };
  expect(words(show(state))).toContain("You have blocked Anytown Parking");
  expect(words(show(state))).toContain("Change my choices");
  expect(flat(show(state))).not.toContain("id=share");
});
