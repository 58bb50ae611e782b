/** Public and private keys as JWKs (RFC 7517, RFC 8037), exactly as protocols/specs/encoding.md allows them. */
import { digest, isObject, jcs, unb64u } from "./encoding.ts";
import type { Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { exactly } from "./members.ts";

export type PublicJwk = { readonly crv: "P-256"; readonly kty: "EC"; readonly x: string; readonly y: string };
export type PrivateJwk = PublicJwk & { readonly d: string };
export type Ed25519Jwk = { readonly crv: "Ed25519"; readonly kty: "OKP"; readonly x: string };
type RsaJwk = { readonly e: string; readonly kty: "RSA"; readonly n: string };

/** A public key that may sign for a supplier. */
export type SignatureJwk = PublicJwk | Ed25519Jwk | RsaJwk;

/** The field of Ed25519, and the y of the eight points whose order divides 8. */
const FIELD = (1n << 255n) - 19n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER: readonly bigint[] = [0n, 1n, FIELD - 1n, ORDER_8, FIELD - ORDER_8];

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** RFC 7638: SHA-256 over exactly the required members. */
export async function thumbprint(jwk: SignatureJwk): Promise<string> {
  return digest(jcs(required(jwk)));
}

/** Without the private member. */
export function publicPart({ crv, kty, x, y }: PublicJwk): PublicJwk {
  return { crv, kty, x, y };
}

/** A public P-256 key with exactly `crv, kty, x, y`, a point on the curve. Errors: `code`. */
export async function p256Public(value: Json | undefined, code: "jose/key" | "registry/keys" = "jose/key"): Promise<PublicJwk> {
  const { crv, kty, x, y } = exactly(value, ["crv", "kty", "x", "y"], code);
  if (kty !== "EC" || crv !== "P-256") throw new Invalid(code, "not P-256");
  const jwk = { crv, kty, x: coordinate(x, 32, code), y: coordinate(y, 32, code) } as const;
  await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"])
    .catch(() => { throw new Invalid(code, "not a point of the curve"); });
  return jwk;
}

/**
 * A public key of a supplier, reduced to its required members: P-256, Ed25519 or RSA of 2048 to 4096 bits. No private
 * member may be with it. Errors: `code`.
 */
export async function supplierKey(value: Json | undefined, code: "jose/key" | "registry/keys" = "jose/key"): Promise<SignatureJwk> {
  if (!isObject(value) || PRIVATE_MEMBERS.some((member) => member in value)) throw new Invalid(code, "no public key");
  const { kty, crv } = value;
  if (kty === "EC") return p256Public(pick(value, ["crv", "kty", "x", "y"]), code);
  if (kty === "OKP" && crv === "Ed25519") return ed25519Public(value["x"], code);
  if (kty === "RSA") return rsa(value, code);
  throw new Invalid(code, "another kind of key");
}

/** Whether a key of this kind can have made a signature by `algorithm` (RFC 7518, RFC 8037, RFC 9864). */
export function fits(jwk: SignatureJwk, algorithm: string): boolean {
  switch (jwk.kty) {
    case "EC": return algorithm === "ES256";
    case "OKP": return algorithm === "EdDSA" || algorithm === "Ed25519";
    case "RSA": return algorithm === "PS256";
  }
}

/** An Ed25519 key that nobody can forge for: canonical, and not of small order. Errors: `code`. */
export function ed25519Public(x: Json | undefined, code: "jose/key" | "registry/keys" = "jose/key"): Ed25519Jwk {
  const text = coordinate(x, 32, code);
  const bytes = unb64u(text);
  // RFC 8032 section 5.1.2: little endian, the sign of x in the highest bit.
  const y = bytes.reduceRight((sum, byte, at) => sum << 8n | BigInt(at === 31 ? byte & 127 : byte), 0n);
  if (y >= FIELD || SMALL_ORDER.includes(y)) throw new Invalid(code, "not canonical, or of small order");
  return { crv: "Ed25519", kty: "OKP", x: text };
}

function rsa(value: JsonObject, code: "jose/key" | "registry/keys"): RsaJwk {
  const n = coordinate(value["n"], undefined, code);
  const e = coordinate(value["e"], undefined, code);
  const [modulus, exponent] = [unb64u(n), unb64u(e)];
  if (modulus[0] === 0 || exponent[0] === 0) throw new Invalid(code, "a leading zero");
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048 || bits > 4096 || exponent.length > 6) throw new Invalid(code, "RSA key of another size");
  return { e, kty: "RSA", n };
}

function coordinate(value: Json | undefined, size: number | undefined, code: "jose/key" | "registry/keys"): string {
  if (typeof value !== "string" || value === "") throw new Invalid(code);
  try {
    unb64u(value, size);
  } catch {
    throw new Invalid(code);
  }
  return value;
}

function pick(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])));
}

function required(jwk: SignatureJwk): JsonObject {
  switch (jwk.kty) {
    case "EC": return publicPart(jwk);
    case "OKP": return { crv: jwk.crv, kty: jwk.kty, x: jwk.x };
    case "RSA": return { e: jwk.e, kty: jwk.kty, n: jwk.n };
  }
}
