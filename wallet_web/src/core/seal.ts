/** Sealing what only the wallet reads (protocols/specs/vault.md, Seal). */
import { concat, jcs, utf8 } from "./encoding.ts";
import type { Bytes } from "./encoding.ts";
import { Invalid } from "./errors.ts";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SMALLEST = 256;

/** What a sealed message is, as its reader expects it: never taken from the message. */
export interface Context {
  readonly t: "item" | "manifest" | "wrap";
  readonly vault: string;
  readonly id: string;
  readonly rev: number;
  readonly epoch: number;
}

/** The smallest size that holds `length` bytes: 256, 1, 4, 16 KiB, then the next power of two. */
export function paddedSize(length: number): number {
  let size = SMALLEST;
  while (size < length) size *= size < 16384 ? 4 : 2;
  return size;
}

/** `0x01 ‖ nonce ‖ AES-256-GCM`. `nonce` is 12 fresh random bytes. */
export async function seal(key: Bytes, context: Context, plaintext: Uint8Array, nonce: Bytes): Promise<Bytes> {
  const padded = new Uint8Array(paddedSize(plaintext.length + 1));
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const encrypted = await crypto.subtle.encrypt(gcm(nonce, context), aes, padded);
  return concat([VERSION], nonce, encrypted);
}

/** The plaintext. Errors: `seal/version`, `seal/malformed`, `seal/open`, `seal/padding`. */
export async function openSealed(key: Bytes, context: Context, sealed: Bytes): Promise<Bytes> {
  if (sealed.length > 0 && sealed[0] !== VERSION) throw new Invalid("seal/version");
  if (sealed.length < 1 + NONCE_BYTES + SMALLEST + TAG_BYTES) throw new Invalid("seal/malformed");
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const nonce = sealed.slice(1, 1 + NONCE_BYTES);
  const padded = await crypto.subtle.decrypt(gcm(nonce, context), aes, sealed.slice(1 + NONCE_BYTES))
    .catch(() => { throw new Invalid("seal/open"); });
  return unpadded(new Uint8Array(padded));
}

function unpadded(padded: Bytes): Bytes {
  const length = padded.findLastIndex((byte) => byte !== 0);
  if (padded[length] !== 0x80 || padded.length !== paddedSize(length + 1)) throw new Invalid("seal/padding");
  return padded.slice(0, length);
}

function gcm(iv: Bytes, context: Context): AesGcmParams {
  const { t, vault, id, rev, epoch } = context;
  return { name: "AES-GCM", iv, additionalData: utf8(jcs({ v: 1, t, vault, id, rev, epoch })) };
}
