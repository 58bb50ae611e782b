/** Ed25519 (RFC 8032) by the browser, or by an audited library that is loaded only where the browser lacks it. */
import { b64u, concat, unb64u } from "./encoding.ts";
import type { Bytes } from "./encoding.ts";

/** RFC 8410: what stands before the seed in PKCS #8. */
const PKCS8_PREFIX = unb64u("MC4CAQAwBQYDK2VwBCIEIA");
const ALGORITHM = "Ed25519";

/** The 64-byte signature by the key of a 32-byte seed. */
export async function sign(seed: Bytes, message: Bytes): Promise<Bytes> {
  const key = await native(async () => importSeed(seed, false));
  if (key === null) return new Uint8Array((await library()).sign(message, seed));
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, message));
}

/** The public key of a seed, 32 bytes as b64u. */
export async function publicKey(seed: Bytes): Promise<string> {
  const key = await native(async () => importSeed(seed, true));
  if (key === null) return b64u((await library()).getPublicKey(seed));
  return (await crypto.subtle.exportKey("jwk", key)).x ?? "";
}

/** Whether the signature holds. */
export async function verify(publicBytes: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const key = await native(async () => crypto.subtle.importKey("raw", publicBytes, ALGORITHM, false, ["verify"]));
  if (key !== null) return crypto.subtle.verify(ALGORITHM, key, signature, message);
  try {
    return (await library()).verify(signature, message, publicBytes, { zip215: false });
  } catch {
    return false;
  }
}

async function importSeed(seed: Bytes, extractable: boolean): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", concat(PKCS8_PREFIX, seed), ALGORITHM, extractable, ["sign"]);
}

/** Null where the browser does not know the algorithm, or the key is none: the library then says so. */
async function native(importing: () => Promise<CryptoKey>): Promise<CryptoKey | null> {
  return importing().catch(() => null);
}

async function library(): Promise<typeof import("@noble/curves/ed25519.js")["ed25519"]> {
  return (await import("@noble/curves/ed25519.js")).ed25519;
}
