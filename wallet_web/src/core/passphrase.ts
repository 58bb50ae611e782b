/**
 * From a passphrase to a secret (protocols/specs/vault.md). It takes half a second and 64 MiB, so it runs in a worker:
 * only client/kdf.worker.ts imports this.
 */
import { argon2id } from "hash-wasm";
import type { Bytes } from "./encoding.ts";
import { utf8 } from "./encoding.ts";
import { Invalid } from "./errors.ts";

/** The numbers of each suite are here and nowhere else, so that no server can lower them. */
const SUITES: Readonly<Partial<Record<number, { readonly iterations: number; readonly memorySize: number }>>> = {
  1: { iterations: 3, memorySize: 65536 },
};

/** Argon2id of the passphrase in NFC, 32 bytes. `salt` is 16 bytes. Errors: `unlock/suite`, `unlock/salt`. */
export async function passphraseSecret(passphrase: string, salt: Bytes, suite: number): Promise<Bytes> {
  const numbers = SUITES[suite];
  if (numbers === undefined) throw new Invalid("unlock/suite");
  if (salt.length !== 16) throw new Invalid("unlock/salt");
  const secret = await argon2id({
    ...numbers, password: utf8(passphrase.normalize("NFC")), salt, parallelism: 1, hashLength: 32, outputType: "binary",
  });
  return new Uint8Array(secret);
}
