import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import { newApp, show } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import { share } from "../../src/state/answer.ts";
import { changeDetail, turnTo } from "../../src/state/ask.ts";
import { answerOwn, showOwn } from "../../src/state/own_page.ts";
import type { AskedState, Draft } from "../../src/state/state.ts";
import { answerSingly, decide, firstChoices, withDraft } from "../../src/state/choices.ts";
import { ask, askPrivately, asked, badge, entry, health } from "../example.ts";

const HEALTH = "health.conditions";
const BADGE = "disability.blue_badge_number";

interface Bench { readonly app: App; readonly places: string[]; readonly later: (ms: number) => void; readonly now: () => AskedState }

/** A question whose details are there, but for one that is private. Each call to the server would fail the test. */
function bench(details = [...ask.details.filter(({ held }) => held !== null), badge, health]): Bench {
  const places: string[] = [];
  let clock = 0;
  let timers: { at: number; run: () => void }[] = [];
  const device = {
    push: (place: string) => { places.push(place); },
    request: { keepDraft: () => undefined, counter: () => "" },
    now: () => clock,
    after: (ms: number, run: () => void) => { timers.push({ at: clock + ms, run }); },
  } as unknown as Device;
  const app = newApp(device, () => undefined);
  const one = { ...ask, details };
  show(app, { ...asked, ask: one, choices: firstChoices(one) });
  const later = (ms: number): void => {
    clock += ms;
    const due = timers.filter(({ at }) => at <= clock);
    timers = timers.filter(({ at }) => at > clock);
    for (const { run } of due) run();
  };
  const now = (): AskedState => {
    if (app.state.screen !== "asked") throw new Error(app.state.screen);
    return app.state;
  };
  return { app, places, later, now };
}

test("before anything is shared each private detail has its answer, on pages whose places name nothing", async () => {
  const { app, places, later, now } = bench();
  await share(app, {});
  expect(now()).toMatchObject({ own: HEALTH, armed: false, revealed: false });
  later(500);
  answerOwn(app, false, {});
  expect(now()).toMatchObject({ own: BADGE, armed: false });
  later(500);
  answerOwn(app, true, {});
  expect(now()).toMatchObject({ own: null, choices: { singly: { [HEALTH]: false, [BADGE]: true } } });
  expect(places).toEqual(["own-1", "own-2", "asked"]);
});

test("nothing on a page is answered in its first half second, however soon after another page it comes", async () => {
  const { app, later, now } = bench();
  await share(app, {});
  answerOwn(app, true, { "health-conditions": "Asthma" });
  expect(now()).toMatchObject({ own: HEALTH, choices: { singly: {} } });
  later(400);
  turnTo(app, BADGE, now().choices);
  later(100);
  expect(now().armed).toBe(false);
  answerOwn(app, true, {});
  expect(now()).toMatchObject({ own: BADGE, choices: { singly: {} } });
  later(400);
  expect(now().armed).toBe(true);
});

test("what is missing is typed on its page before it can be shared, and nothing has to be typed to decline", async () => {
  const { app, later, now } = bench();
  await share(app, {});
  later(500);
  answerOwn(app, true, { "health-conditions": "" });
  expect(now()).toMatchObject({ own: HEALTH, choices: { singly: {} }, errors: [{ attribute: HEALTH, problem: "empty" }] });
  later(500);
  answerOwn(app, true, { "health-conditions": "Asthma" });
  expect(now()).toMatchObject({ own: BADGE, errors: [], choices: { singly: { [HEALTH]: true }, draft: { "health-conditions": "Asthma" } } });
});

test("an answer is changed on its page, and the value there is hidden again", async () => {
  const { app, later, now } = bench();
  show(app, { ...now(), choices: answerSingly(answerSingly(now().choices, HEALTH, false), BADGE, true) });
  showOwn(app, BADGE, {});
  show(app, { ...now(), revealed: true });
  later(500);
  answerOwn(app, false, {});
  expect(now()).toMatchObject({ own: null, revealed: false, choices: { singly: { [BADGE]: false } } });
  // What the question itself lacks is said there, and no page of its own comes first.
  const { app: other, now: there } = bench([...askPrivately.details]);
  await share(other, {});
  expect(there()).toMatchObject({ own: null, errors: [{ attribute: "address.current" }] });
});

test("what was undone on a page of its own after its answer is mended there before anything is shared", async () => {
  const { app, now } = bench();
  const answered = answerSingly(answerSingly(now().choices, HEALTH, true), BADGE, false);
  show(app, { ...now(), choices: { ...answered, draft: { "health-conditions": " " } } });
  await share(app, {});
  expect(now()).toMatchObject({ own: HEALTH, errors: [{ attribute: HEALTH, problem: "empty" }] });
});

const UNIVERSAL_CREDIT = [{ type: "universal_credit" }];
const awards = { ...badge, attribute: entry("benefit.awards"),
  held: { value: UNIVERSAL_CREDIT, asOf: "2026-11-02", source: "self_asserted" } } as const;
const support = { ...badge, attribute: entry("benefit.council_tax_support"), base: { attribute: awards.attribute, held: awards.held },
  held: { value: false, asOf: "2026-11-02", source: "derived" }, required: true, decided: { ...badge.decided, ownPage: false } } as const;

test("a private detail that an answer comes from is changed on its own page where it goes too, and is on no other page", () => {
  const { app, now } = bench([support, awards]);
  const before = now();
  changeDetail(app, "benefit.council_tax_support", {});
  expect(now()).toEqual(before);
  show(app, { ...before, choices: answerSingly(before.choices, "benefit.awards", true) });
  changeDetail(app, "benefit.council_tax_support", {});
  expect(now()).toMatchObject({ own: "benefit.awards", revealed: false, choices: { changing: [], draft: {} } });
});

test("what an answer comes from is changed beside it where it is not private", () => {
  const { attribute, base, held, decided } = { ...support, attribute: entry("person.age_over_18"), base: {
    attribute: entry("person.date_of_birth"), held: { value: "1985-03-31", asOf: "2026-11-02", source: "self_asserted" } } } as const;
  const { app, now } = bench([{ ...support, attribute, base, held, decided }]);
  changeDetail(app, "person.age_over_18", {});
  expect(now()).toMatchObject({ own: null, choices: { changing: ["person.age_over_18"],
    draft: { "person-date-of-birth--year": "1985" } } });
});

/** A vault that opens by passphrase, and an answer that was sent once and lost: it would be sent again as it is. */
async function sendTyped(draft: Draft, proved: number | null): Promise<{ screen: string; sent: number }> {
  const typed = { ...support, held: null, base: { attribute: awards.attribute, held: null } };
  const { app, now } = bench([typed]);
  const choices = withDraft(now().choices, draft);
  let sent = 0;
  Object.assign(app.device, { keys: { memories: () => Promise.resolve([]) }, tabs: { inTurn: (act: () => Promise<void>) => act() } });
  Object.assign(app.device, { api: {
    grants: () => Promise.reject(new Failure("network")),
    approve: () => { sent += 1; return Promise.reject(new Failure("network")); },
  } });
  Object.assign(app, { proved,
    vault: { id: "v", over: new Map(), opened: { items: new Map(), manifest: { grants: {}, methods: { m: { kind: "passphrase" } } } } },
    asking: { id: "r", counter: null, prepared: { next: { opened: { manifest: { vault: "v" } } },
      answers: JSON.stringify([choices.until, [...decide(now().ask, choices).decisions]]) } } });
  await share(app, draft);
  return { screen: app.state.screen, sent };
}

test("what is private is not kept, and told to nobody, before its resident is shown again, also where it is typed for an answer", async () => {
  const draft = { "benefit-awards--none": "on" };
  expect(await sendTyped(draft, null)).toEqual({ screen: "withPassphrase", sent: 0 });
  expect(await sendTyped(draft, 0)).toEqual({ screen: "asked", sent: 1 });
  expect(await sendTyped({ ...draft, once: "on" }, null), "what is not kept changes nothing").toEqual({ screen: "asked", sent: 1 });
});
