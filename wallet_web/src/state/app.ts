/** The running wallet: what is on screen, the open vault, and the one act that may be under way. */
import type { Api, Method } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import type { Keystore, RegistryPin } from "../client/keystore.ts";
import type { CreationOptions, Prf, RequestOptions } from "../client/passkey.ts";
import type { Assertion, NewCredential } from "../client/api.ts";
import type { RequestOfTab } from "../client/request.ts";
import type { Tongue } from "../client/tongue.ts";
import type { Tabs } from "../client/tabs.ts";
import { dropDrafts, leaveQuestion } from "./asking.ts";
import type { Asking } from "./asking.ts";
import type { NewCode } from "./code.ts";
import type { AtCounter } from "./counter_state.ts";
import type { Learned } from "./grants.ts";
import type { Making } from "./making.ts";
import type { Choices, Chrome, LockedWhy, Notice, State } from "./state.ts";
import { isQuiet } from "./items.ts";
import { troubleOf } from "./troubles.ts";
import type { Vault } from "./vault.ts";

/** What the browser does for the wallet; tests bring their own. */
export interface Device {
  readonly api: Api;
  readonly keys: Keystore;
  readonly tabs: Tabs;
  readonly createPasskey: (options: CreationOptions) => Promise<{ credential: NewCredential; prf: Prf }>;
  /** Whether this browser has passkeys at all. */
  readonly passkeys: () => boolean;
  /** What a passphrase derives (Argon2id), 32 bytes. */
  readonly secretOf: (passphrase: string, salt: Uint8Array<ArrayBuffer>, suite: number) => Promise<Uint8Array<ArrayBuffer>>;
  readonly usePasskey: (options: RequestOptions) => Promise<{ assertion: Assertion; prf: Prf }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array<ArrayBuffer>;
  readonly origin: string;
  readonly registrarKeys: readonly JsonWebKey[];
  /** Leaves the wallet for another page. */
  readonly leaveTo: (url: string) => void;
  /** Takes everything off the page at once. */
  readonly blank: () => void;
  /** Leaves for a page elsewhere, so that the back button does not lead back. */
  readonly replaceBy: (url: string) => void;
  readonly after: (ms: number, act: () => void) => void;
  /** The id of the request that brought this tab here, kept over reloads. */
  readonly request: RequestOfTab;
  /** In which language the resident has chosen to read. */
  readonly tongue: Tongue;
  /** Whether the browser takes cookies. */
  readonly cookies: () => boolean;
  /** Adds a neutral entry to the browser's history. */
  readonly push: (screen: string) => void;
  readonly back: () => void;
  readonly print: () => void;
  readonly save: (name: string, content: string) => void;
  /** Tells developers of an error that has no words of its own. */
  readonly report: (error: unknown) => void;
}

/** A way to unlock, as it is sent: the same again where the answer got lost. */
export interface Adding {
  readonly method: Method; readonly phrase: string | null; readonly challenge_id?: string; readonly credential?: NewCredential;
}

export interface App {
  device: Device;
  readonly draw: (state: State, chrome: Chrome) => void;
  state: State;
  chrome: Chrome;
  vault: Vault | null;
  asking: Asking | null;
  /** The exchange at a counter that is under way. */
  counter: AtCounter | null;
  /** The registry as last accepted. */
  registry: RegistryPin | null;
  /** What was chosen and typed on the asked screen so far, for coming back to it. */
  typed: Choices | null;
  /** What the server's list and logs said of each grant since the vault was opened. */
  learned: ReadonlyMap<string, Learned>;
  /** Services for which the server lists access that the vault did not give. */
  planted: readonly string[];
  /** A recovery code that is shown and not yet confirmed. */
  newCode: NewCode | null;
  /** The root key after a recovery, while a new passkey may be made; zeroed when that screen is left. */
  rawRoot: Uint8Array<ArrayBuffer> | null;
  /** A new vault that was sent and not yet answered. */
  making: Making | null;
  /** A way to unlock that was sent and not yet answered. */
  adding: Adding | null;
  /** The id of a vault that never came to be; the passkey of the next one replaces its passkey. */
  unusedId: string | null;
  notice: Notice | null;
  busy: boolean;
  /** What "Try again" on the problem screen does. */
  again: (() => Promise<void>) | null;
  /** When the resident last showed again who they are, as a time. */
  proved: number | null;
  /** What goes on once a passphrase was typed again. */
  afterProof: (() => Promise<void>) | null;
  /** Where "Continue" leads after an answer. */
  leaving: string | null;
}

export function newApp(device: Device, draw: App["draw"]): App {
  return {
    device, draw, state: { screen: "starting" },
    chrome: { open: false, offline: false, lockSoon: false, quiet: false, unkept: false, counter: false },
    vault: null, asking: null, counter: null, registry: null, typed: null, learned: new Map(), planted: [],
    newCode: null, rawRoot: null, making: null, adding: null, unusedId: null, notice: null, busy: false, again: null, proved: null,
    afterProof: null, leaving: null,
  };
}

/** Puts a state on the screen. */
export function show(app: App, state: State): void {
  app.state = state;
  const open = app.vault !== null;
  app.chrome = { ...app.chrome, open, quiet: app.vault !== null && isQuiet(app.vault.opened),
    counter: !open && app.device.request.counter() !== "" };
  app.draw(state, app.chrome);
}

export function showChrome(app: App, chrome: Partial<Chrome>): void {
  app.chrome = { ...app.chrome, ...chrome };
  app.draw(app.state, app.chrome);
}

/** What was just done, told once. */
export function takeNotice(app: App): Notice | null {
  const { notice } = app;
  app.notice = null;
  return notice;
}

/** Seconds since 1970. */
export function seconds(app: App): number {
  return Math.floor(app.device.now() / 1000);
}

/** Today in the resident's sense of the date, as `YYYY-MM-DD`. */
export function today(app: App): string {
  return new Date(app.device.now()).toISOString().slice(0, 10);
}

/**
 * Does one thing at a time: a second tap while it runs does nothing. What fails is said on the same screen, with all
 * that was typed, where the screen can; else on a screen of its own that can try again.
 */
export async function act(app: App, work: () => Promise<void>): Promise<void> {
  if (app.busy) return;
  app.busy = true;
  const { vault } = app;
  if ("sending" in app.state) show(app, { ...app.state, sending: true, trouble: null });
  try {
    await work();
  } catch (error) {
    // What failed because the vault was closed meanwhile is nothing to whoever comes to this page next.
    if (vault === null || app.vault !== null) await failed(app, error, work);
  } finally {
    app.busy = false;
    if ("sending" in app.state && app.state.sending) show(app, { ...app.state, sending: false });
  }
}

async function failed(app: App, error: unknown, work: () => Promise<void>): Promise<void> {
  const trouble = troubleOf(error);
  if (trouble === "unexpected") app.device.report(error);
  if (error instanceof Failure && error.status === 401 && app.vault !== null) {
    await closeVault(app, "session", false);
    return;
  }
  if ("sending" in app.state) {
    // What is said on top moves the buttons under somebody's finger.
    show(app, { ...app.state, sending: false, trouble, ...("armed" in app.state ? { armed: false } : {}) });
    arm(app);
    return;
  }
  app.again = () => act(app, work);
  show(app, { screen: "problem", trouble, open: app.vault !== null });
}

const ARM_AFTER = 500;
let arming = 0;

/**
 * Wakes the buttons of a screen that has just come or moved, so that a tap meant for something else does nothing. Where
 * it moves again meanwhile, the half second begins anew.
 */
export function arm(app: App): void {
  arming += 1;
  const mine = arming;
  app.device.after(ARM_AFTER, () => {
    if (mine === arming && "armed" in app.state && !app.state.armed) show(app, { ...app.state, armed: true });
  });
}

/** Forgets the key in memory and on disk. The memory against rollback stays, except on a shared computer. */
export async function closeVault(app: App, why: LockedWhy, tell: boolean): Promise<void> {
  const { vault } = app;
  app.vault = null;
  app.newCode = null;
  leaveQuestion(app);
  app.typed = null;
  dropDrafts(app);
  app.learned = new Map();
  app.planted = [];
  app.notice = null;
  app.proved = null;
  app.afterProof = null;
  app.again = null;
  wipe(app);
  app.chrome = { ...app.chrome, lockSoon: false };
  app.counter = null;
  if (app.asking !== null) app.asking = { ...app.asking, prepared: null };
  await app.device.keys.erase();
  if (vault?.shared === true) {
    await app.device.keys.forget(vault.id);
    app.device.tongue.forget();
  }
  if (tell) app.device.tabs.tellLocked();
  show(app, await lockedState(app, why, vault?.shared ?? false));
}

/** The screen that unlocks: by passphrase first where this device knows a vault that has one. */
export async function lockedState(app: App, why: LockedWhy, shared: boolean): Promise<State> {
  const memories = await app.device.keys.memories();
  return {
    screen: "locked", asker: app.asking?.asker ?? null, why, shared, passkeys: app.device.passkeys(),
    named: memories.some(({ name = null }) => name !== null), sending: false, trouble: null };
}

/** Zeroes the root key that a recovery left in memory, and forgets ways to unlock that were not finished. */
export function wipe(app: App): void {
  app.adding = null;
  app.rawRoot?.fill(0);
  app.rawRoot = null;
}
