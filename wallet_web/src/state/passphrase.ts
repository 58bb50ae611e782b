/** A passphrase: made for a new vault or added to this one, and typed to unlock or to go on. */
import { Failure } from "../client/failure.ts";
import { newId } from "../core/encoding.ts";
import type { Bytes } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { formatName, newName, parseName } from "../core/names.ts";
import { estimate, NEEDED, WORD_BITS, WORDS } from "../core/strength.ts";
import { loadWords } from "../text/more.ts";
import { act, seconds, show } from "./app.ts";
import type { Adding, App } from "./app.ts";
import { prepareCode, showCode } from "./code.ts";
import { rootAgain } from "./entry.ts";
import { nameOf } from "./items.ts";
import { begin, dropMaking } from "./making.ts";
import type { Making } from "./making.ts";
import { arrive } from "./navigate.ts";
import { addPasskeyNow, leaveRecovered } from "./recover.ts";
import { loginWithPassphrase, makePassphraseMethod, rootByPassphrase } from "./passphrase_keys.ts";
import type { NewPassphraseState, ProveFor, WithPassphraseState } from "./state.ts";
import { commit, firstCommit, isLost, methodChange, openVault, theVault } from "./vault.ts";
import type { Opening } from "./vault.ts";

/** What stands in the boxes of these screens. */
export interface TypedPhrase { readonly name: string; readonly phrase: string; readonly again: string; readonly shared: boolean }

/** Words of our list, each drawn with the same chance: 2048 is a power of two. */
async function draw(app: App): Promise<string> {
  const list = await loadWords();
  const dice = app.device.random(2 * WORDS);
  return Array.from({ length: WORDS }, (_, at) =>
    list[((dice[2 * at] ?? 0) << 8 | (dice[2 * at + 1] ?? 0)) % list.length]).join(" ");
}

export async function showNewPassphrase(app: App, goal: "create" | "add", shared: boolean): Promise<void> {
  dropMaking(app);
  app.adding = null;
  show(app, { screen: "newPassphrase", for: goal, asker: app.asking?.asker ?? null, name: newName(app.device.random),
    words: await draw(app), own: false, draft: "", hidden: false, shared, problem: null, worth: 0, sending: false, trouble: null });
}

export function otherWords(app: App): Promise<void> {
  const { state } = app;
  return state.screen !== "newPassphrase" ? Promise.resolve() : act(app, async () => {
    const words = await draw(app);
    show(app, { ...state, words, sending: false });
  });
}

/** Ours, or one of their own. */
export function choose(app: App, own: boolean): void {
  const { state } = app;
  if (state.screen === "newPassphrase" && !app.busy) show(app, { ...state, own, problem: null });
}

/** Dots instead of letters, for who is not alone. */
export function hide(app: App, hidden: boolean): void {
  const { state } = app;
  if (state.screen === "newPassphrase" || state.screen === "withPassphrase") show(app, { ...state, hidden });
}

/** Makes a vault with it, or adds it to this one. */
export async function makeWithPassphrase(app: App, typed: TypedPhrase): Promise<void> {
  const { state } = app;
  if (state.screen !== "newPassphrase" || app.busy) return;
  const next = await judged(state, typed);
  show(app, next);
  if (next.problem !== null) return;
  const phrase = next.own ? next.draft : next.words;
  await (next.for === "create" ? create(app, next, phrase) : add(app, next, phrase));
}

async function judged(state: NewPassphraseState, { phrase, again, shared }: TypedPhrase): Promise<NewPassphraseState> {
  if (!state.own) return { ...state, shared, problem: null };
  const bits = estimate(phrase, new Set(await loadWords()));
  const problem = phrase.trim() === "" ? "empty" : bits < NEEDED ? "weak" : state.hidden && again !== phrase ? "different" : null;
  return { ...state, draft: phrase, shared, worth: Math.floor(bits / WORD_BITS), problem };
}

function create(app: App, { name, shared }: NewPassphraseState, phrase: string): Promise<void> {
  return act(app, async () => {
    if (app.vault !== null) {
      await arrive(app);
      return;
    }
    const making = app.making?.phrase === phrase ? app.making : await newVault(app, name, phrase, shared);
    await begin(app, making, shared);
  });
}

async function newVault(app: App, name: string, phrase: string, shared: boolean): Promise<Making> {
  const { api, random } = app.device;
  dropMaking(app);
  const id = newId(random);
  const { challenge_id } = await api.challengeToRegister(id);
  const root = random(32);
  const method = await makePassphraseMethod(app, { phrase, name, vault: id, epoch: 1, root });
  const put = [nameItem(app, method.id, name)];
  const { commit: first, vault } = await firstCommit(app, { vault: id, root, method, shared, put });
  return { body: { challenge_id, vault: id, method, commit: first }, vault, root, phrase,
    signIn: async () => {
      const { secret, vault: found } = await loginWithPassphrase(app, name, phrase);
      secret.fill(0);
      return { vault: found };
    } };
}

function nameItem(app: App, method: string, name: string) {
  return { id: newId(app.device.random), document: { kind: "name" as const, method, name } };
}

function add(app: App, { name }: NewPassphraseState, phrase: string): Promise<void> {
  return act(app, async () => {
    const adding = app.adding?.phrase === phrase ? app.adding : await newWay(app, name, phrase);
    app.adding = adding;
    const { method } = adding;
    const named = nameItem(app, method.id, name);
    await commit(app, () => Promise.resolve({
      change: { put: [named], methods: methodChange(method) },
      send: (next) => app.device.api.addMethod({ commit: next, method }),
    })).catch((error: unknown) => {
      if (!isLost(error)) app.adding = null;
      throw error;
    });
    app.notice = { kind: "passphrase-added" };
    await leaveRecovered(app);
  });
}

async function newWay(app: App, name: string, phrase: string): Promise<Adding> {
  const { id: vault, opened } = theVault(app);
  const root = app.rawRoot?.slice() ?? await rootAgain(app);
  try {
    const method = await makePassphraseMethod(app, { phrase, name, vault, epoch: opened.manifest.epoch, root });
    return { method, phrase };
  } finally {
    root.fill(0);
  }
}

/** Asks for it. The name stands there already where this device knows it. */
export async function showWithPassphrase(app: App, goal: ProveFor, shared = false): Promise<void> {
  const own = app.vault === null ? null : nameOf(app.vault.opened);
  const known = (await app.device.keys.memories()).map(({ name = null }) => name).find((name) => name !== null) ?? "";
  const name = own ?? known;
  show(app, { screen: "withPassphrase", for: goal, asker: app.asking?.asker ?? null, name: name === "" ? "" : formatName(name),
    draft: "", hidden: true, shared, problem: null, sending: false, trouble: null });
}

export function provePassphrase(app: App, typed: TypedPhrase): Promise<void> {
  const { state } = app;
  if (state.screen !== "withPassphrase" || app.busy) return Promise.resolve();
  const { name, phrase, shared } = typed;
  const next: WithPassphraseState = { ...state, name, draft: phrase, shared, problem: problemOf(typed) };
  show(app, next);
  if (next.problem !== null) return Promise.resolve();
  return act(app, async () => {
    try {
      const { root, ...rest } = await rootByPassphrase(app, parseName(name), spoken(phrase));
      try {
        await goOn(app, next.for, { ...rest, root, shared });
      } finally {
        root.fill(0);
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.trouble !== "wrongKey" || app.state.screen !== "withPassphrase") throw error;
      show(app, { ...app.state, sending: false, problem: "unknown" });
    }
  });
}

/** Our words may come with capitals, or with more than one space or a hyphen between them; other passphrases are as typed. */
function spoken(phrase: string): string {
  const words = phrase.trim().split(/[\s-]+/);
  const plain = words.length === WORDS && words.every((word) => /^[A-Za-z]{3,8}$/.test(word));
  return plain ? words.join(" ").toLowerCase() : phrase;
}

function problemOf({ name, phrase }: TypedPhrase): WithPassphraseState["problem"] {
  if (name.trim() === "") return "nameEmpty";
  try {
    parseName(name);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return error.code === "name/length" ? "nameLength" : "nameCharacter";
  }
  return phrase === "" ? "empty" : null;
}

async function goOn(app: App, goal: ProveFor, rooted: Opening & { readonly root: Bytes }): Promise<void> {
  const { vault, root } = rooted;
  if (goal === "unlock" || app.vault === null) {
    await openVault(app, rooted);
    await arrive(app);
    return;
  }
  if (app.vault.id !== vault) throw new Failure("wrongKey");
  if (goal === "detail" || goal === "again") {
    const later = app.afterProof;
    app.afterProof = null;
    app.proved = seconds(app);
    await later?.();
  } else if (goal === "code") {
    app.newCode = await prepareCode(app, root);
    showCode(app);
  } else {
    app.rawRoot = root.slice();
    await addPasskeyNow(app);
  }
}
