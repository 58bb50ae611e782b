/**
 * At a counter (protocols/specs/counter.md): from the code on the desk's screen to the question, which is then the same
 * as online. A place in the history, never an act: coming back to it asks the server where things stand.
 */
import { counters } from "../client/counter.ts";
import type { CounterCode, CounterReason, CounterSession, Departure } from "../client/counter.ts";
import { Failure } from "../client/failure.ts";
import { checkDesk, parseAddress, parseTyped, verifyCounterRequest } from "../core/counter.ts";
import { Invalid } from "../core/errors.ts";
import { verifyStatement } from "../core/registry.ts";
import { loadForms } from "../lazy.ts";
import { act, seconds, show } from "./app.ts";
import type { App } from "./app.ts";
import { leaveQuestion } from "./asking.ts";
import type { AtCounter, CounterOver } from "./counter_state.ts";
import { acceptIndex } from "./registry.ts";

/** What the tab keeps: `code <code>` until it is claimed, then `claimed <id>`, and `shown <id>` from the digits on. */
type Kept = "code" | "claimed" | "shown";

const doing = { sending: false, trouble: null } as const;

function keep(app: App, kind: Kept, value: string): void {
  app.device.request.setCounter(`${kind} ${value}`);
}

function kept(app: App): readonly [kind: string, value: string] {
  const [kind = "", value = ""] = app.device.request.counter().split(" ");
  return [kind, value];
}

/** Where things stand at the counter, else the way to one. The vault is open. */
export async function showCounter(app: App): Promise<void> {
  const [kind, value] = kept(app);
  if (value === "") {
    app.device.request.setCounter("");
    showFind(app);
  } else if (kind === "code") {
    await claim(app, { code: value });
  } else {
    await reported(app, () => counters.look(value), (session) => take(app, session));
  }
}

/**
 * While the vault is locked a scanned code is held: the server keeps it for this browser for some minutes. False where
 * that is over already, and said.
 */
export async function holdCounter(app: App): Promise<boolean> {
  const [kind, value] = kept(app);
  if (kind === "code" && value !== "") await reported(app, () => counters.open({ code: value }), () => Promise.resolve());
  return app.state.screen !== "counterOver";
}

export function showFind(app: App): void {
  show(app, { screen: "counterFind", draft: "", problem: null, ...doing });
}

function claim(app: App, code: CounterCode): Promise<void> {
  return reported(app, () => counters.open(code), (session) => take(app, session));
}

/** Asks the server; what it says is over is shown as over. */
async function reported(
  app: App, ask: () => Promise<CounterSession>, next: (session: CounterSession) => Promise<void>,
): Promise<void> {
  let session: CounterSession;
  try {
    session = await ask();
  } catch (error) {
    const why = overBy(error);
    if (why === null) throw error;
    over(app, why);
    return;
  }
  await next(session);
}

function overBy(error: unknown): CounterOver | null {
  if (!(error instanceof Failure)) return null;
  if (error.status === 404) return "unknown";
  if (error.status === 410) return "expired";
  return error.code === "counter/taken" ? "taken" : null;
}

/** The code of a picture, or null where it is not of this vault's own origin. */
export function codeOf(app: App, picture: string): string | null {
  try {
    return parseAddress(picture, app.device.origin);
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

/** A picture was read: true where it was one of ours. */
export async function scanned(app: App, picture: string): Promise<boolean> {
  const code = codeOf(app, picture);
  if (code === null) return false;
  keep(app, "code", code);
  await act(app, () => showCounter(app));
  return true;
}

/** A typed code, or the whole address where a scanner typed it. */
export function enterCode(app: App, typed: string): Promise<void> {
  const { state } = app;
  if (state.screen !== "counterFind" || app.busy) return Promise.resolve();
  const picture = typed.trim();
  const code = codeOf(app, picture);
  const problem = typed.trim() === "" ? "empty" : code !== null || isTyped(typed) ? null
    : picture.includes("/") ? "elsewhere" : "wrong";
  show(app, { ...state, draft: typed, problem });
  if (problem !== null) return Promise.resolve();
  return act(app, async () => {
    try {
      await take(app, await counters.open(code === null ? { typed: parseTyped(typed) } : { code }));
    } catch (error) {
      // A slip of the finger is mended where it was made.
      if (overBy(error) !== "unknown" || app.state.screen !== "counterFind") {
        const why = overBy(error);
        if (why === null) throw error;
        over(app, why);
      } else {
        show(app, { ...app.state, sending: false, problem: "unknown" });
      }
    }
  });
}

function isTyped(typed: string): boolean {
  try {
    return parseTyped(typed) !== "";
  } catch {
    return false;
  }
}

/** Looks at what the server says, verifies all of it, and shows the step that it has come to. */
async function take(app: App, session: CounterSession): Promise<void> {
  if (session.state === "void") {
    over(app, whyVoid(session));
    return;
  }
  if (session.state === "decided" || session.state === "collected") {
    over(app, "answered");
    return;
  }
  const { statement, index: indexed, client_id: clientId } = session;
  // Not claimed although the vault is open: the sign-in ended meanwhile.
  if (!session.claimed || statement === undefined || indexed === undefined) throw new Failure("refused", "", 401);
  const shown = kept(app).join(" ") === `shown ${session.id}`;
  if (!shown) keep(app, "claimed", session.id);
  // The question comes by itself, perhaps while the line is lost: its screen is fetched before.
  await loadForms();
  const index = await acceptIndex(app, indexed);
  const service = await verifyStatement(statement, index, seconds(app));
  const desk = service.counters.find(({ id }) => id === session.desk);
  if (service.clientId !== clientId || desk === undefined) {
    await leave(app, session.id, "other-desk", "otherDesk");
    return;
  }
  app.counter = { session, service, statement, index, desk, shown };
  // The digits were right, and nobody had seen them here: somebody else is at that desk.
  if (session.state === "paired" && !shown) await leave(app, session.id, "other-desk", "otherDesk");
  else if (session.state === "paired") await showQuestion(app, app.counter);
  else if (shown) showDigits(app);
  else show(app, { screen: "counterHere", service: service.name, authority: service.authority.name, place: desk.place, ...doing });
}

const WHY_VOID: Readonly<Record<CounterReason, CounterOver>> = {
  expired: "expired", digits: "digits", cancelled: "cancelled", left: "left",
  suspended: "stopped", removed: "stopped", frozen: "stopped",
};

function whyVoid({ reason = "expired" }: CounterSession): CounterOver {
  return WHY_VOID[reason];
}

/** Nothing was shared, or no more: said, and forgotten. */
export function over(app: App, why: CounterOver): void {
  forget(app);
  show(app, { screen: "counterOver", why, open: app.vault !== null });
}

function forget(app: App): void {
  app.device.request.setCounter("");
  app.counter = null;
  leaveQuestion(app);
  app.device.request.keepDraft("counter", null);
}

/** The resident says that they stand there. */
export function imHere(app: App): Promise<void> {
  return act(app, () => {
    if (app.counter === null || app.state.screen !== "counterHere") return Promise.resolve();
    app.counter = { ...app.counter, shown: true };
    keep(app, "shown", app.counter.session.id);
    showDigits(app);
    return Promise.resolve();
  });
}

/** Out, at any step before the answer. */
export function leaveCounter(app: App): Promise<void> {
  const { counter, state } = app;
  if (counter === null) return Promise.resolve();
  const here = state.screen !== "counterHere";
  return act(app, () => leave(app, counter.session.id, here ? "changed-mind" : "not-here", here ? "left" : "notHere"));
}

/** What is over already cannot be left: that is as good. */
async function leave(app: App, id: string, why: Departure, says: CounterOver): Promise<void> {
  try {
    await counters.leave(id, why);
  } catch (error) {
    if (!(error instanceof Failure) || ![404, 409, 410].includes(error.status)) throw error;
  }
  over(app, says);
}

function showDigits(app: App): void {
  const { counter } = app;
  if (counter === null) return;
  show(app, { screen: "counterDigits", digits: counter.session.digits ?? "", place: counter.desk.place, ...doing });
  void watch(app, counter.session.id);
}

/** The question, once the digits were right: signed for the very desk that the resident was shown. */
async function showQuestion(app: App, { session, service, statement, index, desk }: AtCounter): Promise<void> {
  const compact = session.request ?? "";
  const now = seconds(app);
  let request;
  try {
    request = await verifyCounterRequest(compact, service, { issuer: app.device.origin, now });
    checkDesk(request.desk, desk);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await leave(app, session.id, "other-desk", "otherDesk");
    return;
  }
  const { id, expires } = session;
  const already = app.asking?.id === id ? app.typed : null;
  leaveQuestion(app);
  const { asking, typed } = app;
  app.typed = already;
  app.asking = {
    id, service, request, index, expires, prepared: null, standing: request.access !== "once",
    asker: { service: service.name, authority: service.authority.name, signIn: false },
    answer: { id, request: compact, parameters: null, client_id: service.clientId, statement, index: "", expires, decided: null },
    counter: {
      online: { asking, typed },
      approve: (body, subjectProof) => counters.approve(id, { ...body, subject_proof: subjectProof }),
      refuse: () => counters.refuse(id),
      answered: (ask, shared) => {
        forget(app);
        show(app, { screen: "counterDone", ask, shared });
      },
    },
  };
  app.device.push("asked");
  await (await loadForms()).showAsked(app);
  void watch(app, id);
}

const AGAIN_AFTER = 1000;
let watching = 0;

/** Follows the exchange while the vault is open. A lost network is waited out: the server forgets nothing. */
async function watch(app: App, id: string): Promise<void> {
  watching += 1;
  const mine = watching;
  const current = (): AtCounter | null =>
    (watching === mine && app.vault !== null && app.counter?.session.id === id ? app.counter : null);
  for (let counter = current(); counter !== null; counter = current()) {
    let next: CounterSession;
    try {
      next = await counters.look(id, counter.session.n);
    } catch (error) {
      const why = overBy(error);
      // What the resident is doing goes first here too.
      while (why !== null && app.busy && current() !== null) await pause(app);
      if (why !== null && current() !== null) ended(app, why);
      // The vault is locked, or the sign-in is over: coming back starts this again.
      if (why !== null || (error instanceof Failure && error.status === 401)) return;
      await pause(app);
      continue;
    }
    if (current() === null) return;
    // What the resident is doing goes first: its own answer says where things stand.
    if (app.busy) await pause(app);
    else await follow(app, counter, next);
  }
}

/** It ended by itself. Somebody who does something else meanwhile is not torn away from it. */
function ended(app: App, why: CounterOver): void {
  if (["counterHere", "counterDigits", "asked"].includes(app.state.screen)) over(app, why);
  else forget(app);
}

function pause(app: App): Promise<void> {
  return new Promise((resolve) => { app.device.after(AGAIN_AFTER, resolve); });
}

async function follow(app: App, counter: AtCounter, next: CounterSession): Promise<void> {
  if (next.n === counter.session.n) return;
  const now = { ...counter, session: { ...counter.session, ...next } };
  app.counter = now;
  if (next.state === "void") ended(app, whyVoid(next));
  else if (next.state === "paired" && app.state.screen === "counterDigits") await act(app, () => showQuestion(app, now));
}
