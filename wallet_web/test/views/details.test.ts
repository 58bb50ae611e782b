import { expect, test } from "vitest";
import { loadForms } from "../../src/lazy.ts";
import type { Actions } from "../../src/state/actions.ts";
import type { State } from "../../src/state/state.ts";
import { text } from "../../src/text/index.ts";
import { page } from "../../src/views/page.ts";
import { both, entry } from "../example.ts";
import { flat, words } from "./flat.ts";

const doing = { sending: false, trouble: null } as const;
const show = (state: State) =>
  page(state, { open: true, offline: false, lockSoon: false, quiet: false, unkept: false, counter: false }, {} as Actions, text);

await loadForms();

test("who will receive a new value is said before it is saved", () => {
  const state: State = { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false, shared: false,
    receivers: [{ grant: "a", service: both("Anytown Parking"), sees: ["address.lives_in_area"] }], late: [], unseen: true, ...doing };
  expect(words(show(state))).toContain("When you save, Anytown Parking will see the new one.");
  expect(flat(show(state))).toContain("leave-out--a");
});

test("on a shared computer the browser is asked to remember nothing that is typed", () => {
  const state = { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false,
    receivers: [], late: [], unseen: true, ...doing } as const;
  expect(flat(show({ ...state, shared: false }))).toContain("autocomplete=postal-code");
  expect(new Set(flat(show({ ...state, shared: true })).match(/autocomplete=\S+/g))).toEqual(new Set(["autocomplete=off"]));
});

test("under address protection the address is not on the page until it is asked for", () => {
  const attribute = entry("address.postcode");
  const held = { value: "AN1 2AB", asOf: "2026-11-02", source: "self_asserted" } as const;
  const state: State = { screen: "details", guarded: true, offered: [], notice: null, held: [{ item: "i", attribute, held }] };
  expect(flat(show(state))).not.toContain("AN1 2AB");
  expect(flat(show({ ...state, guarded: false }))).toContain("AN1 2AB");
});

test("who was left out of a change is named, with what they keep and a way to send the new one", () => {
  const state: State = { screen: "edit", attribute: entry("address.current"), item: "i", held: null, draft: {}, errors: [], same: false, shared: false,
    receivers: [], late: [{ grant: "a", service: both("Anytown Library"), sees: ["address.current"] }], unseen: false, ...doing };
  expect(words(show(state))).toContain("Anytown Library keeps the old one of: Home address. Send the new one to Anytown Library");
  expect(words(show({ ...state, late: [] }))).not.toContain("Left out of a change");
});
