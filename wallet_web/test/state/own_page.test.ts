import { expect, test } from "vitest";
import { newApp, show } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import { share } from "../../src/state/answer.ts";
import { changeDetail, turnTo } from "../../src/state/ask.ts";
import { answerOwn, showOwn } from "../../src/state/own_page.ts";
import type { AskedState } from "../../src/state/state.ts";
import { answerSingly, firstChoices } from "../../src/state/choices.ts";
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

test("what an answer comes from is changed on its own page where it goes too", () => {
  const awards = { ...badge, attribute: entry("benefit.awards"), held: { value: [], asOf: "2026-11-02", source: "self_asserted" } } as const;
  const support = { ...badge, attribute: entry("benefit.council_tax_support"), base: { attribute: awards.attribute, held: awards.held },
    held: { value: false, asOf: "2026-11-02", source: "derived" }, required: true, decided: { ...badge.decided, ownPage: false } } as const;
  const { app, now } = bench([support, awards]);
  changeDetail(app, "benefit.council_tax_support", {});
  expect(now()).toMatchObject({ own: null, choices: { changing: ["benefit.council_tax_support"] } });
  show(app, { ...now(), choices: answerSingly(firstChoices(now().ask), "benefit.awards", true) });
  changeDetail(app, "benefit.council_tax_support", {});
  expect(now()).toMatchObject({ own: "benefit.awards", choices: { changing: [] } });
});
