import { expect, test } from "vitest";
import { Failure } from "../../src/client/failure.ts";
import { act, newApp, show } from "../../src/state/app.ts";
import type { App, Device } from "../../src/state/app.ts";
import type { State } from "../../src/state/state.ts";
import { answerUrl } from "../../src/state/answer.ts";
import { watchIdle } from "../../src/state/start.ts";
import type { Vault } from "../../src/state/vault.ts";
import { asked } from "../example.ts";

const MINUTE = 60_000;

interface Used { readonly used: number }
interface Bench { readonly app: App; readonly seen: State[]; readonly done: string[]; later: (ms: number) => Promise<void> }

/** A wallet without a browser, whose clock a test moves. */
function bench(elsewhere: Used | null = null): Bench {
  const seen: State[] = [];
  const done: string[] = [];
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const note = (what: string) => (): Promise<void> => Promise.resolve(void done.push(what));
  const device = {
    api: { logout: note("logout") },
    passkeys: () => true,
    keys: { memories: () => Promise.resolve([]), erase: note("erase"), forget: note("forget"), keep: note("keep"), open: () => Promise.resolve(elsewhere) },
    tongue: { forget: note("tongue") },
    tabs: { tellLocked: note("told") },
    request: { keepDraft: () => undefined, counter: () => "" },
    now: () => now,
    after: (ms: number, run: () => void) => { timers.push({ at: now + ms, run }); },
    report: (error: unknown) => { done.push(String(error)); },
  } as unknown as Device;
  const app = newApp(device, (state) => { seen.push(state); });
  const later = async (ms: number): Promise<void> => {
    for (const end = now + ms; now < end;) {
      now += 1000;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
      await Promise.resolve();
    }
    await new Promise((resolve) => { setTimeout(resolve, 0); });
  };
  return { app, seen, done, later };
}

function open(app: App, shared: boolean): void {
  app.vault = { id: "v", shared, opened: { manifest: { epoch: 1 }, items: new Map() } } as unknown as Vault;
}

test("a double tap acts once", async () => {
  const { app } = bench();
  show(app, asked);
  let times = 0;
  const work = (): Promise<void> => Promise.resolve(void (times += 1));
  await Promise.all([act(app, work), act(app, work)]);
  expect(times).toBe(1);
  expect(app.state).toMatchObject({ screen: "asked", sending: false });
});

test("what fails is said on the same screen, with what was typed", async () => {
  const { app } = bench();
  show(app, { ...asked, choices: { ...asked.choices, draft: { "person-full-name": "Siân" } } });
  await act(app, () => Promise.reject(new Failure("network")));
  expect(app.state).toMatchObject({ screen: "asked", trouble: "network", sending: false, choices: { draft: { "person-full-name": "Siân" } } });
});

test("a screen that cannot say it gives way to one that can try again", async () => {
  const { app } = bench();
  let times = 0;
  const work = (): Promise<void> => {
    times += 1;
    return times === 1 ? Promise.reject(new Failure("network")) : Promise.resolve();
  };
  await act(app, work);
  expect(app.state).toMatchObject({ screen: "problem", trouble: "network" });
  await app.again?.();
  expect(times).toBe(2);
});

test("a session that ended locks the vault and says so", async () => {
  const { app, done } = bench();
  open(app, false);
  await act(app, () => Promise.reject(new Failure("refused", "not-signed-in", 401)));
  expect(app.state).toMatchObject({ screen: "locked", why: "session" });
  expect(app.vault).toBeNull();
  expect(done).toEqual(["erase"]);
});

test("an unused vault warns, then locks after 15 minutes and keeps its memory against rollback", async () => {
  const { app, done, later } = bench();
  open(app, false);
  watchIdle(app);
  await later(14 * MINUTE + 10_000);
  expect(app.chrome.lockSoon).toBe(true);
  expect(app.vault).not.toBeNull();
  await later(MINUTE);
  expect(app.state).toMatchObject({ screen: "locked", why: "idle" });
  expect(done).toEqual(expect.arrayContaining(["erase", "told", "logout"]));
  expect(done).not.toContain("forget");
});

test("on a shared computer it locks after 5 minutes and leaves nothing behind", async () => {
  const { app, done, later } = bench();
  open(app, true);
  watchIdle(app);
  await later(5 * MINUTE + 10_000);
  expect(app.state).toMatchObject({ screen: "locked" });
  expect(done).toContain("forget");
});

test("a sign of a person keeps it open", async () => {
  const { app, later } = bench();
  open(app, false);
  const idle = watchIdle(app);
  await later(14 * MINUTE + 10_000);
  idle.touched();
  expect(app.chrome.lockSoon, "nothing moves under the finger").toBe(true);
  await later(1000);
  expect(app.chrome.lockSoon).toBe(false);
  await later(10 * MINUTE);
  expect(app.vault).not.toBeNull();
});

test("a tab that is not used does not lock another that is", async () => {
  const { app, later } = bench({ used: 14 * MINUTE });
  open(app, false);
  watchIdle(app);
  await later(16 * MINUTE);
  expect(app.vault).not.toBeNull();
});

test("locking forgets the recovery root and what was typed", async () => {
  const { app } = bench();
  open(app, false);
  const root = new Uint8Array(32).fill(7);
  app.rawRoot = root;
  app.typed = asked.choices;
  await act(app, () => Promise.reject(new Failure("refused", "not-signed-in", 401)));
  expect([...root]).toEqual(Array<number>(32).fill(0));
  expect(app.typed).toBeNull();
});

test("the answer goes to the verified address, beside what stands there already", () => {
  expect(answerUrl("https://parking.example/back?form=7", { code: "c d", iss: "https://pds.example", state: null }))
    .toBe("https://parking.example/back?form=7&code=c+d&iss=https%3A%2F%2Fpds.example");
});
