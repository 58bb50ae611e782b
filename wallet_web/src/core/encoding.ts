/** Bytes, digests and times as every other module means them (protocols/specs/encoding.md). */
import { Invalid } from "./errors.ts";

export { isArray, isObject, jcs, parseJson, parseObject } from "./json.ts";
export type { Json, JsonObject } from "./json.ts";

/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Fresh random bytes: `crypto.getRandomValues` in the wallet, fixed ones in tests. */
export type Random = (bytes: number) => Bytes;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding (RFC 4648 section 5). */
export function b64u(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The bytes of canonical base64url; `size` in bytes where only one is right. Two texts for the same bytes would be
 * two names for one thing, so trailing bits must be zero. Errors: `encoding/base64`.
 */
export function unb64u(text: string, size?: number): Bytes {
  const rest = text.length % 4;
  if (!/^[A-Za-z0-9_-]*$/.test(text) || rest === 1) throw new Invalid("encoding/base64");
  const spare = rest === 2 ? 15 : rest === 3 ? 3 : 0;
  if ((ALPHABET.indexOf(text.slice(-1)) & spare) !== 0) throw new Invalid("encoding/base64", "trailing bits");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (size !== undefined && binary.length !== size) throw new Invalid("encoding/base64", `not ${size} bytes`);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function concat(...parts: readonly (ArrayLike<number> | ArrayBuffer)[]): Bytes {
  const arrays = parts.map((part) => (part instanceof ArrayBuffer ? new Uint8Array(part) : part));
  const whole = new Uint8Array(arrays.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of arrays) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Base64url of SHA-256; a string is its UTF-8. */
export async function digest(data: Bytes | string): Promise<string> {
  return b64u(new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8(data) : data)));
}

/** The start of the hour, so that one change told to several services does not join them by time. */
export function hour(time: number): number {
  return time - time % 3600;
}

/** A fresh id: 16 random bytes as base64url. */
export function newId(random: Random): string {
  return b64u(random(16));
}
