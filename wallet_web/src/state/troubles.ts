/** From what failed to what a person reads: every error that a server, a network or a device can cause has words. */
import { Failure } from "../client/failure.ts";
import { Invalid } from "../core/errors.ts";
import type { Code } from "../core/errors.ts";
import type { Text } from "../text/index.ts";

/** A key of the texts: title, what happened, what to do next. */
export type Trouble = keyof Text["troubles"];

const EXACT: Partial<Record<Code, Trouble>> = {
  "manifest/rolled-back": "older",
  "manifest/forked": "forked",
  "manifest/item-missing": "incomplete",
  "registry/index-expired": "registerOld",
  "registry/statement-unlisted": "unlisted",
  "unlock/suite": "weakened",
  "unlock/salt": "weakened",
};

const BY_AREA: Readonly<Record<string, Trouble>> = {
  encoding: "altered", jose: "badRequest", seal: "altered", manifest: "altered", item: "altered", unlock: "wrongKey",
  registry: "register", request: "badRequest", record: "refused", disclosure: "tooLarge", subject: "altered",
  login: "wrongKey", log: "altered", catalogue: "refused",
};

/** The words for an error. `Invalid` comes from the core, `Failure` from the network, the server or the device. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Invalid) {
    return EXACT[error.code] ?? BY_AREA[error.code.slice(0, error.code.indexOf("/"))] ?? "unexpected";
  }
  if (error instanceof Failure) return error.trouble;
  return "unexpected";
}

const AGAIN: readonly Trouble[] = ["network", "server", "busy", "declined", "passkeyTimeout", "passkeyFailed",
  "passkeyUnknown", "wrongKey", "older", "forked", "altered", "incomplete", "registerOld", "register", "storage", "cookies",
  "passphrase"];

/** Whether trying the same again can help. */
export function canRetry(trouble: Trouble): boolean {
  return AGAIN.includes(trouble);
}
