import { expect, test } from "vitest";
import type { Actions } from "../../src/state/actions.ts";
import { loadControl, loadCounter, loadForms, loadMore } from "../../src/lazy.ts";
import type { Decided } from "../../src/core/preferences.ts";
import type { AskedDetail, AskedState, InboxState, NewPassphraseState, State, WithPassphraseState } from "../../src/state/state.ts";
import { speak, text } from "../../src/text/index.ts";
import { SENTENCES } from "../text/english.ts";
import { page } from "../../src/views/page.ts";
import { ask, askPrivately, asked, badge, both, entry, grant, health, proposal } from "../example.ts";
import { personaScreens } from "../personas.ts";
import { count, flat, words } from "./flat.ts";

const act = {} as Actions;
const doing = { sending: false, trouble: null } as const;
const show = (state: State) =>
  page(state, { open: true, offline: false, lockSoon: false, quiet: false, unkept: false, counter: false }, act, text);

const newPhrase: NewPassphraseState = { screen: "newPassphrase", for: "create", asker: ask, name: "K7QM2XHR9TZD",
  words: "apple river lantern pebble orbit velvet canoe", own: false, draft: "", hidden: false, shared: false, problem: null, worth: 0, ...doing };
const withPhrase: WithPassphraseState = { screen: "withPassphrase", for: "unlock", asker: null, name: "", draft: "", hidden: true,
  shared: false, problem: "nameLength", ...doing };

const offers: InboxState = { screen: "inbox", notice: null, draft: {}, missing: null, revealed: false, armed: true, ...doing, deposits: [
  { id: "bad", from: "https://leisure.example", service: both("Anytown Leisure"), received: 1_790_000_000, offer: null },
  { id: "d", from: "https://parking.example", service: both("Anytown Parking"), received: 1_790_000_000, offer: { jti: "j", why: "typed",
    persona: { id: "w", name: "Work" }, values: [
      { attribute: entry("contact.mobile"), value: "+447700900123", asOf: "2026-11-02", hidden: false,
        receivers: ["g", "h"].map((grant) => ({ grant, service: both("Anytown Library"), sees: ["contact.mobile"] })),
        now: "+447700900456" },
      { attribute: entry("disability.blue_badge_number"), value: "AB12C", asOf: "2026-11-02", receivers: [], hidden: true, now: null }] } }] };

await loadMore();
await loadForms();
await loadControl();
await loadCounter();

const screens: readonly State[] = [
  { screen: "start", asker: ask, shared: false, passkeys: true, ...doing },
  { screen: "start", asker: null, shared: false, passkeys: false, ...doing },
  { screen: "preferences", notice: { kind: "preference" }, safety: [{ of: { kind: "quiet" }, name: null, chosen: "off" }],
    personas: [{ id: "p", name: "Work", services: [both("Anytown Parking")] }],
    services: [{ of: { kind: "service", id: "https://a.example" }, name: both("Anytown Parking"), chosen: "blocked" }], authorities: [],
    details: [{ of: { kind: "rule", id: "contact.email" }, name: null, chosen: "never" }] },
  ...personaScreens,
  { screen: "preference", of: { kind: "authority", id: "a" }, name: both("Anytown Council"), chosen: "ask",
    options: [{ option: "none", differ: 0 }, { option: "blocked", differ: 2 }], named: [], missing: false, ...doing },
  { screen: "preference", of: { kind: "rule", id: "contact.email" }, name: null, chosen: "never", options: [{ option: "never", differ: 1 }],
    named: [], missing: false, ...doing },
  { screen: "preference", of: { kind: "rule", id: "contact.email" }, name: null, chosen: "only", options: [{ option: "only", differ: 0 }],
    named: [{ id: "https://parking.example", name: both("Anytown Parking"), ticked: false }], missing: true, ...doing },
  { screen: "preference", of: { kind: "name", id: "person.birth_name" }, name: null, chosen: "on", options: [{ option: "on", differ: 0 }],
    named: [], missing: false, ...doing },
  { screen: "protect", exposed: [{ grant: "g", service: both("Anytown Parking"), attributes: ["address.current"], once: false }],
    draft: {}, missing: ["g"], ...doing },
  { screen: "locked", asker: null, why: "idle", shared: false, passkeys: true, named: true, ...doing },
  { screen: "recover", draft: "x", shared: false, problem: "check", ...doing },
  { screen: "recovered", passkeys: true, phrase: false, seq: 3, ...doing },
  newPhrase,
  { ...newPhrase, own: true, hidden: true, problem: "weak", worth: 3 },
  withPhrase,
  { ...withPhrase, for: "code", name: "K7QM-2XHR-9TZD", problem: "unknown" },
  { screen: "leaving", leaving: { service: { en: "Parking", cy: "Parcio" }, back: null }, ...doing },
  { screen: "leaving", leaving: { service: null, back: null }, sending: false, trouble: "network" },
  { screen: "left", leaving: { service: { en: "Parking", cy: "Parcio" }, back: "https://parking.anytown.example/bye" } },
  { screen: "left", leaving: { service: null, back: null } },
  { screen: "sessions", sessions: [
    { id: "a", since: 1_790_000_000, amr: "hwk user", device: "Chrome, Android", this: true },
    { id: "b", since: 1_780_000_000, amr: "pwd", device: "", this: false }], ...doing },
  { screen: "ways", ways: { passkeys: 0, name: "K7QM-2XHR-9TZD", code: false, canPasskey: true }, seq: 3, fingerprint: "ABCD 0123", notice: null, ...doing },
  { screen: "again", why: "stale", asker: ask, passkey: true, phrase: true, ...doing },
  { screen: "again", why: "somebodyElse", asker: ask, passkey: true, phrase: true, ...doing },
  { screen: "noPrf", asker: ask, again: "create", shared: false },
  { screen: "makeCode", asker: ask, by: "passphrase", ...doing },
  { screen: "code", code: "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH-12", asker: null, kit: null },
  { screen: "confirm", code: "AAAA-BBBB", groups: [1, 2], typed: ["", ""], wrong: [1], ...doing },
  { screen: "home", offers: 0, asker: ask, remind: true, quiet: false, paused: true, more: false, grants: [grant],
    notice: { kind: "code-saved" } },
  { screen: "inbox", deposits: [], notice: { kind: "thrown" }, draft: {}, missing: null, revealed: false, armed: true, ...doing },
  offers, { ...offers, missing: "d", trouble: "network" },
  asked,
  { ...asked, ask: { ...ask, signIn: true, details: [] } },
  { ...asked, ask: askPrivately },
  { ...asked, ask: askPrivately, own: "health.conditions" },
  { ...asked, ask: askPrivately, own: "disability.blue_badge_number" },
  { screen: "shared", ask, shared: ["person.full_name"], until: "2027-11-23" },
  { screen: "refused", service: both("Anytown Parking") },
  { screen: "details", guarded: false, held: [], offered: [entry("address.current")], notice: null },
  { screen: "edit", attribute: entry("address.current"), item: null, held: null, draft: {}, errors: [], same: false, shared: false,
    receivers: [], late: [], unseen: true, ...doing },
  { screen: "who", grants: [grant], planted: [], paused: false, notice: null, ...doing },
  { screen: "who", grants: [grant], planted: [], paused: true, notice: { kind: "paused" }, ...doing },
  { screen: "stop", grant, armed: true, ...doing },
  { screen: "stopped", grant, at: 1_795_000_000, still: false },
  { screen: "stopped", grant, at: 1_795_000_000, still: true },
  { screen: "problem", trouble: "older", open: false },
  { screen: "counterFind", draft: "", problem: "wrong", ...doing },
  { screen: "counterScan", camera: "refused", elsewhere: true, ...doing },
  { screen: "counterHere", service: both("Anytown Parking"), authority: both("Anytown Council"), place: both("Town hall"), ...doing },
  { screen: "counterDigits", digits: "1234", place: both("Town hall"), ...doing },
  { screen: "counterDone", ask, shared: ["person.full_name"] },
  { screen: "counterOver", why: "taken", open: false },
  { screen: "counterReport", grant, place: both("Town hall"), ...doing },
  { screen: "counterReported" },
];

test.each(screens.map((state) => [state.screen, state] as const))("%s has one heading, an authority and no inline style", (_, state) => {
  const view = show(state);
  expect(count(view, "h1")).toBe(1);
  expect(words(view)).toContain("Anytown Council");
  expect(flat(view)).not.toMatch(/\sstyle=|<style|<script|onclick=/);
  expect(words(view)).not.toContain("undefined");
});

test.each(screens.map((state) => [state.screen, state] as const))("%s has no English left on it in Welsh", async (_, state) => {
  await speak("cy");
  try {
    const said = words(show(state));
    expect(SENTENCES.filter((sentence) => said.includes(sentence))).toEqual([]);
    expect(said).not.toContain("undefined");
  } finally {
    await speak("en");
  }
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
  expect(off({ screen: "stop", grant, armed: true, ...doing })).toBe(0);
  expect(off({ screen: "stop", grant, armed: false, ...doing })).toBe(1);
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

test("a sensitive value is not on the page before the resident has shown again who they are", () => {
  const attribute = entry("disability.blue_badge_number");
  const held = { value: "AB12C", asOf: "2026-11-02", source: "self_asserted" } as const;
  const state: State = { screen: "details", guarded: false, offered: [], notice: null, held: [{ item: "i", attribute, held }] };
  expect(flat(show(state))).not.toContain("AB12C");
  expect(words(show(state))).toContain("Hidden");
  const question = { ...asked, ask: { ...ask, details: [badge] }, own: attribute.id };
  expect(flat(show(question))).not.toContain("AB12C");
  expect(flat(show({ ...question, revealed: true }))).toContain("AB12C");
});

test("a private detail is a line on the page with everything, with its answer and never with its value", () => {
  const question = { ...asked, ask: askPrivately };
  const answered = (share: boolean): AskedState => ({ ...question, revealed: true, choices: { ...asked.choices,
    singly: { "disability.blue_badge_number": share, "health.conditions": false }, draft: { "health-conditions": "Asthma" } } });
  expect(words(show(question))).toContain("There are 2 to decide about");
  expect(words(show(question))).toContain("Continue Do not share");
  expect(words(show(question))).not.toContain("Share 2 details");
  expect(words(show(answered(true)))).toContain("check this page, then answer at the end of it");
  expect(words(show(question))).not.toContain("check this page");
  expect(words(show(answered(true)))).toContain("Hidden. You decided to share this.");
  expect(words(show(answered(true)))).toContain("Change blue badge number");
  expect(words(show(answered(true)))).toContain("Share 3 details with Anytown Parking Do not share");
  expect(words(show(answered(false)))).toContain("Share 2 details with Anytown Parking Do not share");
  expect(words(show(answered(false)))).not.toContain("we ask for your passkey");
  for (const state of [question, answered(true), answered(false)]) {
    expect(flat(show(state))).not.toMatch(/AB12C|Asthma|blue-badge-number--share|name=health-conditions/);
  }
});

test("its own page says what, who, why, by which law, what it is and what if not, then two answers that are equals", () => {
  const page = { ...asked, ask: askPrivately, own: "disability.blue_badge_number" };
  const order = ["Private detail 2 of 2", "Blue Badge number", "Anytown Parking asks for this", "Run by Anytown Council",
    "The permit is then free", "To decide whether you can have a permit.", "Road Traffic Regulation Act", "Hidden",
    "You typed this on 2 November 2026", "Show", "If you do not share this", "They do not need this one.", "Nothing is sent now",
    "Share this", "Do not share this"];
  const said = words(show(page));
  const places = order.map((one) => said.indexOf(one));
  expect(places.filter((place) => place < 0)).toEqual([]);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(count(show(page), "button")).toBe(3);
  expect(flat(show(page))).not.toMatch(/\.checked=true/);
  const off = (state: AskedState): number => flat(show(state)).split("aria-disabled=true").length - 1;
  expect([off(page), off({ ...page, armed: false }), off({ ...page, sending: true })]).toEqual([0, 2, 2]);
});

test("what is missing is typed on its own page, and what happens without a needed one is said there", () => {
  const page = { ...asked, ask: askPrivately, own: "health.conditions" };
  expect(flat(show(page))).toContain("name=health-conditions ");
  expect(words(show(page))).toContain("without it, the form may not work. Apply by phone.");
  const no = { ...page, choices: { ...asked.choices, singly: { "health.conditions": false } } };
  expect(words(show(no))).toContain("You decided not to share this. You can change that here.");
  expect(flat(show(no))).toContain("name=health-conditions ");
});

test("boxes that hold a private value of the vault are not on the page before it may be seen", () => {
  const page: AskedState = { ...asked, ask: askPrivately, own: "disability.blue_badge_number",
    choices: { ...asked.choices, changing: ["disability.blue_badge_number"], draft: { "disability-blue-badge-number": "AB12C" } } };
  expect(flat(show(page))).not.toContain("AB12C");
  expect(flat(show({ ...page, revealed: true }))).toContain("AB12C");
});

test("of several private values none is on the page at first, and it says which one goes", () => {
  const several = ["yes_looked_after", "previously_looked_after"].map((value, at) =>
    ({ item: `i${at}`, held: { value, asOf: "2026-11-02", source: "self_asserted" } as const }));
  const status: AskedDetail = { ...badge, attribute: entry("child.care_status"), held: several[0]?.held ?? null, several };
  const page: AskedState = { ...asked, ask: { ...ask, details: [status] }, own: "child.care_status" };
  expect(words(show(page))).toContain("Your vault has 2 of these. The newest goes. To choose another, show them.");
  expect(flat(show(page))).not.toMatch(/Yes looked after|type="radio"/);
  expect(words(show({ ...page, revealed: true }))).toContain("which one? Yes looked after Previously looked after");
  const chosen = (item: string): string => words(show({ ...page, choices: { ...page.choices, draft: { "child-care-status--which": item } } }));
  expect(chosen("i1")).toContain("Your vault has 2 of these. The one that you chose goes. To choose another, show them.");
  for (const item of ["i0", "gone"]) expect(chosen(item)).toContain("The newest goes.");
});

test("an answer that comes from a private detail is changed where that detail is asked for, and elsewhere it says why not", () => {
  const awards: AskedDetail = { ...badge, attribute: entry("benefit.awards"),
    held: { value: [{ type: "universal_credit" }], asOf: "2026-11-02", source: "self_asserted" } };
  const support: AskedDetail = { ...badge, attribute: entry("benefit.council_tax_support"), base: awards,
    held: { value: false, asOf: "2026-11-02", source: "derived" }, required: true, decided: { ...badge.decided, ownPage: false } };
  const page: AskedState = { ...asked, ask: { ...ask, details: [support, awards] } };
  expect(words(show(page))).toContain("it is not changed here. You can change that detail first, and come back: Your details");
  expect(words(show(page))).not.toContain("Change you get council tax support");
  const both = words(show({ ...page, choices: { ...page.choices, singly: { "benefit.awards": true } } }));
  expect(both).not.toContain("it is not changed here");
  expect(both).toContain("Change you get council tax support");
});

test("what a vault cannot hold yet can only be declined", () => {
  const file = { ...health, attribute: entry("document.proof_of_identity") };
  const page = words(show({ ...asked, ask: { ...ask, details: [file] }, own: file.attribute.id }));
  expect(page).toContain("there is nothing to share");
  expect(page).not.toContain(" Share this");
});

test("of what a service offers nothing is ticked, and what is sensitive is not on the page", () => {
  const page = flat(show(offers));
  expect(page.split(".checked=false").length - 1).toBe(2);
  expect(page).not.toContain(".checked=true");
  expect(page).not.toContain("AB12C");
  expect(flat(show({ ...offers, revealed: true }))).toContain("AB12C");
  expect(words(show(offers))).toContain("+447700900123 As of 2 November 2026 In your vault now: +447700900456");
  expect(words(show(offers))).toContain("If you keep it, Anytown Library will see the new one.");
  expect(words(show(offers))).toContain("This came to you as “Work”. What you keep stays with it");
  expect(words(show(offers))).toContain("Nothing of it can be kept. You can throw it away.");
});

test("a planted grant is told", () => {
  expect(words(show({ screen: "who", grants: [], planted: ["https://evil.example"], paused: false, notice: null, ...doing }))).toContain("that you did not give");
});

test("what was agreed before is one tap, and never none", () => {
  const agreed: Decided = { decision: "share", because: "agreed", required: true, persona: "", ownPage: false, absent: null };
  const details = ask.details.filter(({ held }) => held !== null).map((detail) => ({ ...detail, required: true, decided: agreed }));
  const state = { ...asked, ask: { ...ask, details, proposal: { ...proposal, oneTap: true } } };
  expect(words(show(state))).toContain("You agreed to all of this before");
  expect(words(show(state))).toContain("Share 2 details");
  expect(words(show(state))).not.toContain("sian@example.org");
  expect(words(show({ ...state, look: true }))).toContain("sian@example.org");
});

test("in quiet mode home shows nothing by itself, and every page has a way out", () => {
  const state: State = { screen: "home", offers: 0, asker: null, remind: false, quiet: true, paused: false, more: false,
    grants: [grant], notice: null };
  const chrome = { open: true, offline: false, lockSoon: false, unkept: false, quiet: true, counter: false };
  expect(flat(page(state, chrome, act, text))).toMatch(/<details[^]*Anytown Parking[^]*<\/details>/);
  expect(words(page(state, chrome, act, text))).toContain("Exit this page");
  expect(words(show(state))).not.toContain("Exit this page");
});

test("nothing shared is called nothing, before and after", () => {
  const nothing: AskedState = { ...asked, ask: { ...ask, details: ask.details.filter(({ required }) => !required) },
    choices: { ...asked.choices, ticked: [] } };
  expect(words(show(nothing))).toContain("Go on with Anytown Parking and share nothing Do not share");
  expect(words(show({ screen: "shared", ask, shared: [], until: null }))).toContain("You shared nothing with Anytown Parking");
});

test("who can still look by another answer is not said to see nothing", () => {
  const over = { screen: "stopped", grant, at: 1_795_000_000 } as const;
  expect(words(show({ ...over, still: false }))).toContain("Anytown Parking can no longer see your details");
  expect(words(show({ ...over, still: true }))).not.toContain("can no longer see");
  expect(words(show({ ...over, still: true }))).toContain("Anytown Parking can still look at your details by another answer.");
});
