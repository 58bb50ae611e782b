/** Coming back with the recovery code, and a new passkey while the root is at hand. Loaded when it is needed (more.ts). */
import type { VaultAnswer } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { locator, loginSeed } from "../core/derive.ts";
import type { Bytes } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { makeLoginProof } from "../core/login.ts";
import { parseCode } from "../core/recovery.ts";
import { act, seconds, show, wipe } from "./app.ts";
import type { Adding, App } from "./app.ts";
import { named } from "./entry.ts";
import { kindsOf } from "./items.ts";
import { arrive } from "./navigate.ts";
import { loggedIn, makePasskeyMethod, unwrapRoot } from "./unlock.ts";
import { commit, isLost, methodChange, openVault, storedVault, theVault } from "./vault.ts";
import type { Vault } from "./vault.ts";

export function recover(app: App, typed: string, shared: boolean): Promise<void> {
  if (app.state.screen !== "recover") return Promise.resolve();
  const problem = typed.trim() === "" ? "empty" : codeProblem(typed);
  show(app, { ...app.state, draft: typed, shared, problem });
  if (problem !== null) return Promise.resolve();
  return act(app, async () => {
    const code = parseCode(typed);
    try {
      const { root, ...rest } = await loginWithCode(app, code);
      try {
        await openVault(app, { ...rest, root, shared });
        app.rawRoot = root.slice();
      } finally {
        root.fill(0);
      }
      showRecovered(app);
    } catch (error) {
      if (error instanceof Failure && error.trouble === "wrongKey" && app.state.screen === "recover") {
        show(app, { ...app.state, sending: false, problem: "unknown" });
      } else {
        throw error;
      }
    } finally {
      code.fill(0);
    }
  });
}

function codeProblem(typed: string): "length" | "character" | "check" | null {
  try {
    parseCode(typed).fill(0);
    return null;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return error.code === "recovery/length" ? "length" : error.code === "recovery/character" ? "character" : "check";
  }
}

/** Back with the code: time to make a new way in, and to compare the kit's number with the vault's. */
export function showRecovered(app: App): void {
  const { opened } = theVault(app);
  show(app, { screen: "recovered", passkeys: app.device.passkeys(), phrase: kindsOf(opened).includes("passphrase"),
    seq: opened.known.seq, sending: false, trouble: null });
}

/** A new passkey while the root is at hand: after coming back with the code, or after typing the passphrase. */
export function addPasskey(app: App): Promise<void> {
  if (app.state.screen === "noPrf") showRecovered(app);
  return act(app, () => addPasskeyNow(app));
}

export async function addPasskeyNow(app: App): Promise<void> {
  const { vault, rawRoot: root, device: { api } } = app;
  if (vault === null || root === null) {
    await leaveRecovered(app);
    return;
  }
  app.adding ??= await newPasskey(app, vault, root);
  const { adding } = app;
  if (adding === null) {
    show(app, { screen: "noPrf", asker: app.asking?.asker ?? null, again: "add", shared: vault.shared });
    return;
  }
  const { method, challenge_id = "", credential } = adding;
  await commit(app, () => Promise.resolve({
    change: { methods: methodChange(method) },
    send: (next) => api.addMethod({ commit: next, method, challenge_id, ...(credential === undefined ? {} : { credential }) }),
  })).catch((error: unknown) => {
    // Sent again as it is after a lost answer; made anew after a refusal.
    if (!isLost(error)) app.adding = null;
    throw error;
  });
  app.notice = { kind: "passkey-added" };
  await leaveRecovered(app);
}

async function newPasskey(app: App, vault: Vault, root: Bytes): Promise<Adding | null> {
  const { challenge_id, options } = await app.device.api.challengeToRegister(vault.id);
  const { credential, prf } = await app.device.createPasskey(options);
  if (prf === null) return null;
  try {
    const method = await makePasskeyMethod(app, { prf, vault: vault.id, epoch: vault.opened.manifest.epoch, root });
    return { method, phrase: null, challenge_id, credential: named(credential) };
  } finally {
    prf.fill(0);
  }
}

export async function leaveRecovered(app: App): Promise<void> {
  wipe(app);
  await arrive(app);
}

/** Finds the vault of a recovery code, logs in with it and opens its wrap. */
export async function loginWithCode(
  app: App, code: Bytes,
): Promise<{ vault: string; epoch: number; root: Bytes; stored: VaultAnswer }> {
  const { api, origin } = app.device;
  const { challenge_id, nonce, vault, method } = await api.challengeForRecovery(await locator(code));
  const seed = await loginSeed(code, "recovery", vault);
  try {
    const proof = await makeLoginProof(seed, { origin, vault, method, nonce, now: seconds(app) });
    await loggedIn(api.loginWithProof(challenge_id, proof));
  } finally {
    seed.fill(0);
  }
  const stored = await storedVault(app, vault);
  const found = stored.methods.find((one) => one.id === method && one.kind === "recovery");
  if (found === undefined) throw new Failure("wrongKey");
  const { epoch } = stored;
  return { vault, stored, epoch, root: await unwrapRoot({ secret: code, method: found, vault, epoch }) };
}
