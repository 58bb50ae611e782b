/** From a passkey's secret or a recovery code to the root key, and the wraps the other way. */
import type { Method, StoredMethod } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import { locator, loginSeed, unlockKey } from "../core/derive.ts";
import { b64u, newId, unb64u } from "../core/encoding.ts";
import type { Bytes } from "../core/encoding.ts";
import { Invalid } from "../core/errors.ts";
import { loginJwk } from "../core/login.ts";
import { openRoot, sealRoot } from "../core/unlock.ts";
import type { App } from "./app.ts";

export interface Wrapping { readonly vault: string; readonly epoch: number; readonly root: Bytes }

/** The root wrapped for a passkey. */
export async function makePasskeyMethod(app: App, { prf, vault, epoch, root }: Wrapping & { prf: Bytes }): Promise<Method> {
  const id = newId(app.device.random);
  const wrap = await sealRoot(
    await unlockKey(prf, "passkey", vault, id), root, { vault, method: id, epoch }, app.device.random(12),
  );
  return { id, kind: "passkey", wrap: b64u(wrap) };
}

/** The root wrapped for a recovery code, with the code's login key and locator. */
export async function makeRecoveryMethod(app: App, { code, vault, epoch, root }: Wrapping & { code: Bytes }): Promise<Method> {
  const id = newId(app.device.random);
  const wrap = await sealRoot(
    await unlockKey(code, "recovery", vault, id), root, { vault, method: id, epoch }, app.device.random(12),
  );
  const seed = await loginSeed(code, "recovery", vault);
  try {
    return { id, kind: "recovery", wrap: b64u(wrap), login_jwk: await loginJwk(seed), locator: await locator(code) };
  } finally {
    seed.fill(0);
  }
}

interface Unwrapping { readonly secret: Bytes; readonly method: StoredMethod; readonly vault: string; readonly epoch: number }

/** The root of a vault. The caller zeroes it. */
export async function unwrapRoot({ secret, method, vault, epoch }: Unwrapping): Promise<Bytes> {
  const kind = method.kind === "recovery" || method.kind === "passphrase" ? method.kind : "passkey";
  try {
    return await openRoot(
      await unlockKey(secret, kind, vault, method.id), unb64u(method.wrap), { vault, method: method.id, epoch },
    );
  } catch (error) {
    if (error instanceof Invalid) throw new Failure("wrongKey");
    throw error;
  }
}

/** An unknown code or passphrase is told apart from a network that failed. */
export async function loggedIn(login: Promise<unknown>): Promise<void> {
  try {
    await login;
  } catch (error) {
    if (error instanceof Failure && error.status >= 400 && error.status < 500 && error.status !== 429)
      throw new Failure("wrongKey");
    throw error;
  }
}
