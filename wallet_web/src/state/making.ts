/**
 * A new vault. Its first commit is sent again byte for byte where the answer got lost; where the first try had arrived
 * after all, what was just made signs in. So trying again never makes a second vault.
 */
import type { NewVault } from "../client/api.ts";
import { Failure } from "../client/failure.ts";
import type { Bytes } from "../core/encoding.ts";
import type { App } from "./app.ts";
import { prepareCode, showCode } from "./code.ts";
import { arrive } from "./navigate.ts";
import { adopt, isLost } from "./vault.ts";
import type { Vault } from "./vault.ts";

/** A vault that is ready to be sent. */
export interface Making {
  readonly body: NewVault;
  readonly vault: Vault;
  readonly root: Bytes;
  /** The passphrase of which it is made; null for a passkey. */
  readonly phrase: string | null;
  /** Signs in to it, where the server has it already. */
  readonly signIn: () => Promise<{ readonly vault: string }>;
}

/** Used up by a first try that arrived, or over. */
const ARRIVED = ["login/challenge", "vault/known", "method/known"];

/** Sends a vault and goes on into it. */
export async function begin(app: App, making: Making, shared: boolean): Promise<void> {
  const { keys, api } = app.device;
  const { vault: { id }, body } = making;
  app.making = making;
  // A page that is closed before the answer comes still knows that there may be a vault here.
  if (!shared) await keys.remember({ vault: id, known: null, registry: app.registry, name: body.method.locator ?? null });
  try {
    await api.createVault(body);
  } catch (error) {
    if (error instanceof Failure && ARRIVED.includes(error.code)) await signInInstead(app, making);
    else {
      if (!isLost(error)) await giveUp(app, making);
      throw error;
    }
  }
  const root = making.root.slice();
  try {
    await adopt(app, { ...making.vault, shared });
    if (needsCodeSoon(app)) app.newCode = await prepareCode(app, root);
  } finally {
    root.fill(0);
  }
  if (app.newCode === null) await arrive(app);
  else showCode(app);
}

async function signInInstead(app: App, making: Making): Promise<void> {
  try {
    const { vault } = await making.signIn();
    if (vault !== making.vault.id) throw new Failure("wrongKey");
  } catch (error) {
    // The challenge was over and nothing had arrived: the next try makes it anew.
    if (error instanceof Failure && (error.trouble === "passkeyUnknown" || error.trouble === "wrongKey")) {
      await giveUp(app, making);
      throw new Failure("server");
    }
    throw error;
  }
}

async function giveUp(app: App, { vault: { id }, body }: Making): Promise<void> {
  dropMaking(app);
  // Made again under the same id, a new passkey takes the place of the one that opens nothing.
  if (body.credential !== undefined) app.unusedId = id;
  await app.device.keys.forget(id);
}

/** Forgets a vault on its way, with its root. */
export function dropMaking(app: App): void {
  app.making?.root.fill(0);
  app.making = null;
}

/** The code comes first unless something smaller waits: a one-time answer or a sign-in. */
function needsCodeSoon(app: App): boolean {
  return app.asking === null || app.asking.standing;
}
