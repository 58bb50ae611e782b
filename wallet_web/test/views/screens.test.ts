import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import { loadForms, loadMore } from "../../src/lazy.ts";
import type { NewPassphraseState, State, WithPassphraseState } from "../../src/state/state.ts";
import { text } from "../../src/text/index.ts";
import { page } from "../../src/views/page.ts";
import { ask, asked, both, entry, grant } from "../example.ts";
import { count, flat, words } from "./flat.ts";

const act = {} as Actions;
const doing = { sending: false, trouble: null } as const;
const show = (state: State) => page(state, { open: true, offline: false, lockSoon: false }, act, text);

const newPhrase: NewPassphraseState = { screen: "newPassphrase", for: "create", asker: ask, name: "K7QM2XHR9TZD",
  words: "apple river lantern pebble orbit velvet canoe", own: false, draft: "", hidden: false, shared: false, problem: null, worth: 0, ...doing };
const withPhrase: WithPassphraseState = { screen: "withPassphrase", for: "unlock", asker: null, name: "", draft: "", hidden: true,
  shared: false, problem: "nameLength", ...doing };

await loadMore();
await loadForms();

const screens: readonly State[] = [
  { screen: "start", asker: ask, shared: false, passkeys: true, ...doing },
  { screen: "start", asker: null, shared: false, passkeys: false, ...doing },
  { screen: "locked", asker: null, why: "idle", shared: false, passkeys: true, named: true, ...doing },
  { screen: "recover", draft: "x", shared: false, problem: "check", ...doing },
  { screen: "recovered", passkeys: true, phrase: false, seq: 3, ...doing },
  newPhrase,
  { ...newPhrase, own: true, hidden: true, problem: "weak", worth: 3 },
  withPhrase,
  { ...withPhrase, for: "code", name: "K7QM-2XHR-9TZD", problem: "unknown" },
  { screen: "ways", ways: { passkeys: 0, name: "K7QM-2XHR-9TZD", code: false, canPasskey: true }, seq: 3, fingerprint: "ABCD 0123", notice: null, ...doing },
  { screen: "noPrf", asker: ask, again: "create", shared: false },
  { screen: "makeCode", asker: ask, by: "passphrase", ...doing },
  { screen: "code", code: "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH-12", asker: null, kit: null },
  { screen: "confirm", code: "AAAA-BBBB", groups: [1, 2], typed: ["", ""], wrong: [1], ...doing },
  { screen: "home", asker: ask, remind: true, grants: [grant], notice: { kind: "code-saved" } },
  asked,
  { ...asked, ask: { ...ask, signIn: true, details: [] } },
  { screen: "shared", ask, shared: ["person.full_name"], until: "2027-11-23" },
  { screen: "refused", service: both("Anytown Parking") },
  { screen: "details", held: [], offered: [entry("address.current")], notice: null },
  { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false, shared: false, receivers: [], ...doing },
  { screen: "who", grants: [grant], planted: [], notice: null },
  { screen: "stop", grant, ...doing },
  { screen: "stopped", grant, at: 1_795_000_000 },
  { screen: "problem", trouble: "older", open: false },
];

test.each(screens.map((state) => [state.screen, state] as const))("%s has one heading, an authority and no inline style", (_, state) => {
  const view = show(state);
  expect(count(view, "h1")).toBe(1);
  expect(words(view)).toContain("Anytown Council");
  expect(flat(view)).not.toMatch(/\sstyle=|<style|<script|onclick=/);
  expect(words(view)).not.toContain("undefined");
});

test("asked says who, why, law, what, how long and what if not, in this order, then the two answers", () => {
  const said = words(show(asked));
  const order = ["Who is asking", "Anytown Parking", "Anytown Council", "Why", "The council needs this to do what you asked.", "Road Traffic Regulation Act",
    "What they will see", "Siân O’Connor", "You typed this on 2 November 2026", "Change", "Home address", "They would also like", "Email address",
    "How long", "Until 23 November 2027", "If you say no", "Apply by phone.", "Share 2 details with Anytown Parking", "Do not share"];
  expect(order.map((one) => [one, said.includes(one)])).toEqual(order.map((one) => [one, true]));
  const places = order.slice(3).map((one) => said.indexOf(one, said.indexOf("Anytown Council", said.indexOf("Run by"))));
  expect(places).toEqual([...places].sort((one, other) => one - other));
});

test("nothing is armed at first, and while an answer is sent", () => {
  const off = (state: State): number => flat(show(state)).split("aria-disabled=true").length - 1;
  expect(off(asked)).toBe(0);
  expect(off({ ...asked, armed: false })).toBe(2);
  expect(off({ ...asked, sending: true })).toBe(2);
});

test("consent is not claimed where the law is the reason", () => {
  const said = (basis: "consent" | "public_task" | "legal_obligation"): string => words(show({ ...asked, ask: { ...ask, basis } }));
  expect(said("consent")).toContain("Only if you agree");
  expect(said("public_task")).not.toContain("agree");
  expect(said("legal_obligation")).toContain("required by law");
});

test("a refusal is remembered and said", () => {
  expect(words(show({ ...asked, ask: { ...ask, refusedAt: 1_777_800_000 } }))).toContain("You said no on 3 May 2026.");
});

test("an error is told at the top with a link and beside its box", () => {
  const errors = [{ field: "address-current--postcode", attribute: "address.current", problem: "postcode-wrong" }] as const;
  const markup = flat(show({ ...asked, errors }));
  expect(markup).toContain('href="#address-current--postcode"');
  expect(markup.split("Enter a full UK postcode").length - 1).toBe(2);
});

test("who will receive a new value is said before it is saved", () => {
  const state: State = { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false, shared: false,
    receivers: [{ grant: "a", service: both("Anytown Parking") }], ...doing };
  expect(words(show(state))).toContain("When you save, Anytown Parking will see the new one.");
  expect(flat(show(state))).toContain("leave-out--a");
});

test("a sensitive value is not on the page before the resident has shown again who they are", () => {
  const attribute = entry("disability.blue_badge_number");
  const held = { value: "AB12C", asOf: "2026-11-02", source: "self_asserted" } as const;
  const state: State = { screen: "details", offered: [], notice: null, held: [{ item: "i", attribute, held }] };
  expect(flat(show(state))).not.toContain("AB12C");
  expect(words(show(state))).toContain("Hidden");
  const detail = { attribute, required: true, why: both(""), held, several: [], others: [] };
  const question = { ...asked, ask: { ...ask, details: [detail] } };
  expect(flat(show(question))).not.toContain("AB12C");
  expect(flat(show({ ...question, revealed: true }))).toContain("AB12C");
});

test("a planted grant is told", () => {
  expect(words(show({ screen: "who", grants: [], planted: ["https://evil.example"], notice: null }))).toContain("that you did not give");
});

test("on a shared computer the browser is asked to remember nothing that is typed", () => {
  const state = { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false, receivers: [], ...doing } as const;
  expect(flat(show({ ...state, shared: false }))).toContain("autocomplete=postal-code");
  expect(new Set(flat(show({ ...state, shared: true })).match(/autocomplete=\S+/g))).toEqual(new Set(["autocomplete=off"]));
});
