/** Coming in: create a vault, unlock it with a passkey, lock. */
import { Failure } from "../client/failure.ts";
import type { NewCredential, VaultAnswer } from "../client/api.ts";
import type { Prf } from "../client/passkey.ts";
import type { Bytes } from "../core/encoding.ts";
import { b64u } from "../core/encoding.ts";
import { loadMore } from "../lazy.ts";
import { act, closeVault, show } from "./app.ts";
import type { App } from "./app.ts";
import { begin, dropMaking } from "./making.ts";
import type { Making } from "./making.ts";
import { arrive } from "./navigate.ts";
import { makePasskeyMethod, unwrapRoot } from "./unlock.ts";
import { firstCommit, openVault, storedVault, theVault } from "./vault.ts";

/** A new vault with a passkey. Nothing is stored before the passkey has shown that it can open it. */
export function create(app: App, shared: boolean): Promise<void> {
  return act(app, async () => {
    if (app.vault !== null) {
      await arrive(app);
      return;
    }
    const making = app.making?.phrase === null ? app.making : await withPasskey(app, shared);
    if (making === null) {
      await loadMore();
      show(app, { screen: "noPrf", asker: app.asking?.asker ?? null, again: "create", shared });
    } else await begin(app, making, shared);
  });
}

/** Null where the passkey cannot open a vault. */
async function withPasskey(app: App, shared: boolean): Promise<Making | null> {
  const { api, random, createPasskey } = app.device;
  dropMaking(app);
  const id = app.unusedId ?? b64u(random(16));
  const { challenge_id, options } = await api.challengeToRegister(id);
  const { credential, prf } = await createPasskey(options);
  if (prf === null) return null;
  try {
    const root = random(32);
    const method = await makePasskeyMethod(app, { prf, vault: id, epoch: 1, root });
    const { commit: first, vault } = await firstCommit(app, { vault: id, root, method, shared });
    return { body: { challenge_id, vault: id, method, credential: named(credential), commit: first }, vault, root, phrase: null,
      signIn: () => loginByPasskey(app, [credential.id]) };
  } finally {
    prf.fill(0);
  }
}

export function unlock(app: App, shared: boolean): Promise<void> {
  return act(app, async () => {
    const { root, prf, vault, epoch, stored } = await rootByPasskey(app);
    try {
      await openVault(app, { vault, epoch, root, shared, stored });
    } finally {
      root.fill(0);
      prf.fill(0);
    }
    await arrive(app);
  });
}

interface Rooted {
  readonly root: Bytes; readonly prf: Bytes; readonly vault: string; readonly epoch: number; readonly stored: VaultAnswer;
}

/** Logs in with a passkey (`allowed`: ids of which; else any). */
async function loginByPasskey(
  app: App, allowed: readonly string[],
): Promise<{ vault: string; credential: string; prf: Prf }> {
  const { api, usePasskey } = app.device;
  const { challenge_id, options } = await api.challengeForPasskey();
  const { assertion, prf } = await usePasskey({ ...options, allowCredentials: allowed.map((id) => ({ id, type: "public-key" })) });
  const { vault } = await loggedIn(api.loginWithPasskey(challenge_id, assertion));
  return { vault, credential: assertion.id, prf };
}

/** Logs in with a passkey and opens its wrap of the root. The caller zeroes what it gets. */
export async function rootByPasskey(app: App, allowed: readonly string[] = []): Promise<Rooted> {
  const { vault, credential, prf } = await loginByPasskey(app, allowed);
  if (prf === null) throw new Failure("passkeyFailed");
  const stored = await storedVault(app, vault);
  const method = stored.methods.find((one) => one.kind === "passkey" && one.credential_id === credential);
  if (method === undefined || stored.vault !== vault) throw new Failure("wrongKey");
  return { root: await unwrapRoot({ secret: prf, method, vault, epoch: stored.epoch }), prf, vault, epoch: stored.epoch, stored };
}

/** The root of the open vault, by one of its own passkeys. */
export async function rootAgain(app: App): Promise<Bytes> {
  const { id, opened } = theVault(app);
  const { methods } = await app.device.api.vault(opened.known.seq);
  const own = methods.flatMap(({ credential_id: credential }) => (typeof credential === "string" ? [credential] : []));
  const { root, prf, vault } = await rootByPasskey(app, own);
  prf.fill(0);
  if (vault === id) return root;
  root.fill(0);
  throw new Failure("passkeyUnknown");
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

/** Its named fields and nothing else. */
export function named(credential: NewCredential): NewCredential {
  const { id, attestation_object, client_data_json, transports } = credential;
  return { id, attestation_object, client_data_json, transports };
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

/** An ordinary page that anybody might have open. */
const ELSEWHERE = "https://www.bbc.co.uk/weather";
const LEAVE_AFTER = 1000;

/** Off the screen at once; then locked here and on the server, and away, so that the back button does not lead back. */
export async function exit(app: App): Promise<void> {
  const { device } = app;
  device.blank();
  const patience = new Promise<void>((resolve) => { device.after(LEAVE_AFTER, resolve); });
  await Promise.race([lock(app), patience]);
  device.replaceBy(ELSEWHERE);
}
