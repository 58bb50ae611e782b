/** Coming in: create a vault, unlock it with a passkey or the recovery code, add a passkey, lock. */
import { Failure } from "../client/failure.ts";
import type { NewCredential } from "../client/api.ts";
import type { Bytes } from "../core/encoding.ts";
import { b64u } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { act, closeVault, show, wipe } from "./app.ts";
import type { App } from "./app.ts";
import { showCode, prepareCode } from "./code.ts";
import { arrive } from "./navigate.ts";
import { makePasskeyMethod, unwrapRoot, loginWithCode, readCode } from "./unlock.ts";
import { adopt, commit, firstCommit, methodChange, openVault } from "./vault.ts";

/** A new vault with a passkey. Nothing is stored before the passkey has shown that it can open it. */
export function create(app: App, shared: boolean): Promise<void> {
  return act(app, async () => {
    const { api, random, createPasskey } = app.device;
    const id = b64u(random(16));
    const { challenge_id, options } = await api.challengeToRegister(id);
    const { credential, prf } = await createPasskey(options);
    if (prf === null) {
      show(app, { screen: "noPrf", asker: app.asking?.asker ?? null, again: "create" });
      return;
    }
    const root = random(32);
    try {
      const method = await makePasskeyMethod(app, { prf, vault: id, epoch: 1, root });
      const first = await firstCommit(app, { vault: id, root, method, shared });
      await api.createVault({ challenge_id, vault: id, method, credential, commit: first.commit });
      await adopt(app, first.vault);
      if (needsCodeSoon(app)) app.newCode = await prepareCode(app, root);
    } finally {
      root.fill(0);
      prf.fill(0);
    }
    if (app.newCode === null) await arrive(app);
    else showCode(app);
  });
}

/** The code comes first unless something smaller waits: a one-time answer or a sign-in. */
function needsCodeSoon(app: App): boolean {
  return app.asking === null || app.asking.standing;
}

export function unlock(app: App, shared: boolean): Promise<void> {
  return act(app, async () => {
    const { root, prf, vault, epoch } = await rootByPasskey(app);
    try {
      await openVault(app, { vault, epoch, root, shared });
    } finally {
      root.fill(0);
      prf.fill(0);
    }
    await arrive(app);
  });
}

interface Rooted { readonly root: Bytes; readonly prf: Bytes; readonly vault: string; readonly epoch: number }

/** Logs in with a passkey (`allowed`: ids of which; else any) and opens its wrap of the root. The caller zeroes what it gets. */
export async function rootByPasskey(app: App, allowed: readonly string[] = []): Promise<Rooted> {
  const { api, usePasskey } = app.device;
  const { challenge_id, options } = await api.challengeForPasskey();
  const { assertion, prf } = await usePasskey({ ...options, allowCredentials: allowed.map((id) => ({ id, type: "public-key" })) });
  const { vault } = await loggedIn(api.loginWithPasskey(challenge_id, assertion));
  if (prf === null) throw new Failure("passkeyFailed");
  const stored = await api.vault(0);
  const method = stored.methods.find((one) => one.kind === "passkey" && one.credential_id === assertion.id);
  if (method === undefined || stored.vault !== vault) throw new Failure("wrongKey");
  return { root: await unwrapRoot({ secret: prf, method, vault, epoch: stored.epoch }), prf, vault, epoch: stored.epoch };
}

async function loggedIn(login: Promise<{ vault: string }>): Promise<{ vault: string }> {
  try {
    return await login;
  } catch (error) {
    if (error instanceof Failure && error.status >= 400 && error.status < 500 && error.status !== 429)
      throw new Failure("passkeyUnknown");
    throw error;
  }
}

export function recover(app: App, typed: string, shared: boolean): Promise<void> {
  if (app.state.screen !== "recover") return Promise.resolve();
  const problem = typed.trim() === "" ? "empty" : codeProblem(typed);
  show(app, { ...app.state, draft: typed, shared, problem });
  if (problem !== null) return Promise.resolve();
  return act(app, async () => {
    const code = readCode(typed);
    try {
      const { vault, epoch, root } = await loginWithCode(app, code);
      try {
        await openVault(app, { vault, epoch, root, shared });
        app.rawRoot = root.slice();
      } finally {
        root.fill(0);
      }
      show(app, { screen: "recovered", sending: false, trouble: null });
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
    readCode(typed).fill(0);
    return null;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return error.code === "recovery/length" ? "length" : error.code === "recovery/character" ? "character" : "check";
  }
}

/** A new passkey after coming back with the code, while the root is still at hand. */
export function addPasskey(app: App): Promise<void> {
  if (app.state.screen === "noPrf") show(app, { screen: "recovered", sending: false, trouble: null });
  return act(app, async () => {
    const { vault, rawRoot: root, device: { api, createPasskey } } = app;
    if (vault === null || root === null) {
      await leaveRecovered(app);
      return;
    }
    const { challenge_id, options } = await api.challengeToRegister(vault.id);
    const { credential, prf } = await createPasskey(options);
    if (prf === null) {
      show(app, { screen: "noPrf", asker: app.asking?.asker ?? null, again: "add" });
      return;
    }
    try {
      const method = await makePasskeyMethod(app, { prf, vault: vault.id, epoch: vault.opened.manifest.epoch, root });
      await commit(app, () => Promise.resolve({
        change: { methods: methodChange(method) },
        send: (next) => api.addMethod({ commit: next, method, challenge_id, credential: named(credential) }),
      }));
    } finally {
      prf.fill(0);
    }
    app.notice = { kind: "passkey-added" };
    await leaveRecovered(app);
  });
}

function named(credential: NewCredential): NewCredential {
  const { id, attestation_object, client_data_json, transports } = credential;
  return { id, attestation_object, client_data_json, transports };
}

export async function leaveRecovered(app: App): Promise<void> {
  wipe(app);
  await arrive(app);
}

/** Locks at once on this device; the server is told where it can be. */
export async function lock(app: App): Promise<void> {
  const { api } = app.device;
  await closeVault(app, "done", true);
  try {
    await api.logout();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}
