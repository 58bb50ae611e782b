/** Every key of a vault, from one table (protocols/specs/vault.md, Keys). */
import { b64u, jcs, utf8 } from "./encoding.ts";
import type { Bytes } from "./encoding.ts";

/** A secret as bytes, or as the non-extractable HKDF key that `importRoot` makes of it. */
export type Secret = Bytes | CryptoKey;

export type MethodKind = "passkey" | "passphrase" | "recovery";

/** What a passkey's PRF is asked for (WebAuthn `prf.eval.first`). */
export const PRF_INPUT: Bytes = utf8("pds/v1 unlock");

/** The root as a key that can be kept in IndexedDB, and from which nothing but derived keys comes out again. */
export async function importRoot(root: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", root, "HKDF", false, ["deriveBits"]);
}

/** The key of one item, 32 bytes. */
export async function itemKey(root: Secret, vault: string, id: string): Promise<Bytes> {
  return hkdf(root, ["item", vault, id]);
}

/** The key of the manifests, 32 bytes. */
export async function manifestKey(root: Secret, vault: string): Promise<Bytes> {
  return hkdf(root, ["manifest", vault]);
}

/** The key that wraps the root for one unlock method, 32 bytes. */
export async function unlockKey(secret: Secret, kind: MethodKind, vault: string, method: string): Promise<Bytes> {
  return hkdf(secret, ["unlock", kind, vault, method]);
}

/** The Ed25519 seed that signs in, 32 bytes (RFC 8032). A passkey signs in by itself. */
export async function loginSeed(secret: Secret, kind: "passphrase" | "recovery", vault: string): Promise<Bytes> {
  return hkdf(secret, ["login", kind, vault]);
}

/** How the server finds the vault of a recovery code of which it knows nothing. */
export async function locator(code: Secret): Promise<string> {
  return b64u(await hkdf(code, ["locator", "recovery"]));
}

/** HKDF-SHA-256, empty salt, 32 bytes; `info` is a JSON array, so no two uses can collide (RFC 5869). */
async function hkdf(secret: Secret, info: readonly string[]): Promise<Bytes> {
  const key = secret instanceof Uint8Array ? await importRoot(secret) : secret;
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(jcs(["pds/v1", ...info])) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}
