/** Fixed keys, ids and bytes, each from its label: nothing here is secret, and nothing here is random. */
import { createHash } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { b64u, jcs, utf8 } from "../../src/core/encoding.ts";
import type { Bytes, Json, JsonObject } from "../../src/core/encoding.ts";
import type { PrivateJwk } from "../../src/core/keys.ts";

/** `size` bytes that look random. */
export function fixed(label: string, size: number): Bytes {
  return new Uint8Array(createHash("shake256", { outputLength: size }).update(`pds typescript vectors ${label}`).digest());
}

/** 16 bytes as b64u. */
export function anId(label: string): string {
  return b64u(fixed(`id ${label}`, 16));
}

/** A digest of nothing in particular. */
export function aDigest(label: string): string {
  return b64u(fixed(`digest ${label}`, 32));
}

/** A P-256 key pair. */
export function keyPair(label: string): PrivateJwk {
  const secret = p256.utils.randomSecretKey(fixed(`p256 ${label}`, 48));
  const point = p256.getPublicKey(secret, false);
  return { crv: "P-256", d: b64u(secret), kty: "EC", x: b64u(point.slice(1, 33)), y: b64u(point.slice(33)) };
}

/** The ES256 signature of RFC 6979, so that it is the same each time. */
export function es256(message: string, key: PrivateJwk): Bytes {
  return new Uint8Array(p256.sign(utf8(message), Buffer.from(key.d, "base64url"), { lowS: false }));
}

/** A compact JWS, whatever its header and claims say. `signer` signs. */
export function jws(header: JsonObject, claims: Json, signer: PrivateJwk): string {
  return jwsOf(jcs(header), jcs(claims), signer);
}

/** A compact JWS over texts that need not be JSON. */
export function jwsOf(header: string, payload: string | Uint8Array, signer: PrivateJwk): string {
  const message = `${b64u(utf8(header))}.${b64u(typeof payload === "string" ? utf8(payload) : payload)}`;
  return `${message}.${b64u(es256(message, signer))}`;
}
