/** From a vault's name and passphrase to its root, and the wrap the other way. */
import type { Method, VaultAnswer } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { loginSeed, unlockKey } from "../core/derive.ts";
import { b64u, newId, unb64u } from "../core/encoding.ts";
import type { Bytes } from "../core/encoding.ts";
import { loginJwk, makeLoginProof } from "../core/login.ts";
import { sealRoot } from "../core/unlock.ts";
import { seconds } from "./app.ts";
import type { App } from "./app.ts";
import { loggedIn, unwrapRoot } from "./unlock.ts";
import type { Wrapping } from "./unlock.ts";
import { storedVault } from "./vault.ts";

const SUITE = 1;

/** The root wrapped for a passphrase, with its login key; found by the vault's name. */
export async function makePassphraseMethod(
  app: App, { phrase, name, vault, epoch, root }: Wrapping & { readonly phrase: string; readonly name: string },
): Promise<Method> {
  const { random, secretOf } = app.device;
  const salt = random(16);
  const secret = await secretOf(phrase, salt, SUITE);
  const seed = await loginSeed(secret, "passphrase", vault);
  try {
    const id = newId(random);
    const wrap = await sealRoot(
      await unlockKey(secret, "passphrase", vault, id), root, { vault, method: id, epoch }, random(12),
    );
    return { id, kind: "passphrase", wrap: b64u(wrap), suite: SUITE, salt: b64u(salt), login_jwk: await loginJwk(seed),
      locator: name };
  } finally {
    seed.fill(0);
    secret.fill(0);
  }
}

interface Proven { readonly vault: string; readonly method: string; readonly secret: Bytes }

/** Logs in. The caller zeroes the secret. A name that nobody has fails like a wrong passphrase. */
export async function loginWithPassphrase(app: App, name: string, phrase: string): Promise<Proven> {
  const { api, origin, secretOf } = app.device;
  const { challenge_id, nonce, vault, method, suite, salt } = await api.challengeForPassphrase(name);
  const secret = await secretOf(phrase, unb64u(salt), suite);
  const seed = await loginSeed(secret, "passphrase", vault);
  try {
    const proof = await makeLoginProof(seed, { origin, vault, method, nonce, now: seconds(app) });
    await loggedIn(api.loginWithProof(challenge_id, proof));
  } catch (error) {
    secret.fill(0);
    throw error;
  } finally {
    seed.fill(0);
  }
  return { vault, method, secret };
}

/** Logs in and opens the wrap of the root. The caller zeroes the root. */
export async function rootByPassphrase(
  app: App, name: string, phrase: string,
): Promise<{ vault: string; epoch: number; root: Bytes; stored: VaultAnswer }> {
  const { vault, method, secret } = await loginWithPassphrase(app, name, phrase);
  try {
    const stored = await storedVault(app, vault);
    const found = stored.methods.find((one) => one.id === method && one.kind === "passphrase");
    if (found === undefined || stored.vault !== vault) throw new Failure("wrongKey");
    return { vault, stored, epoch: stored.epoch, root: await unwrapRoot({ secret, method: found, vault, epoch: stored.epoch }) };
  } finally {
    secret.fill(0);
  }
}
