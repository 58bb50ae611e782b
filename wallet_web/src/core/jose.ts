/**
 * Compact JWS (RFC 7515), and the headers of compact JWE (jwe.ts). The cryptography is the `jose` library's; the strictness
 * of protocols/specs/encoding.md comes before it, in the order in which that page names the errors.
 */
import { CompactSign, compactVerify, importJWK } from "jose";
import * as ed25519 from "./ed25519.ts";
import { jcs, parseObject, unb64u, utf8 } from "./encoding.ts";
import type { JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { Form } from "./forms.ts";
import { fits, p256Public, publicPart, supplierKey } from "./keys.ts";
import type { PrivateJwk, PublicJwk, SignatureJwk } from "./keys.ts";

export const ENCRYPTION = "A256GCM";

/** A JWS whose signature holds. */
export interface Signed {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** The header of a compact JWS (3 parts) or JWE (5), checked but not yet trusted. Errors: `jose/…`. */
export function readHeader(token: string, form: Form, parts: 3 | 5 = 3): JsonObject {
  if (token.length > form.longest) throw new Invalid("jose/too-long");
  const header = parsedHeader(token.split("."), parts);
  const strings = [header["typ"] ?? "", header["kid"] ?? ""].every((value) => typeof value === "string");
  if (!strings || !Object.keys(header).every((member) => form.members.includes(member))) throw new Invalid("jose/header");
  if (!form.algorithms.some((algorithm) => algorithm === header["alg"])) throw new Invalid("jose/algorithm");
  if (parts === 5 && header["enc"] !== ENCRYPTION) throw new Invalid("jose/algorithm");
  if (!form.types.some((type) => type === header["typ"])) throw new Invalid("jose/type");
  return header;
}

/** The claims, if one of `keys` signed them. Errors: `jose/…`. */
export async function verify(token: string, form: Form, keys: readonly SignatureJwk[]): Promise<Signed> {
  const header = readHeader(token, form);
  const algorithm = form.algorithms.find((name) => name === header["alg"]) ?? "";
  const usable = keys.filter((key) => fits(key, algorithm));
  if (usable.length === 0) throw new Invalid("jose/key");
  for (const key of usable) if (await isSignedBy(token, key, algorithm)) return { header, claims: peek(token) };
  throw new Invalid("jose/signature");
}

/** The claims and the key in the header, for documents whose `sub` is that key's thumbprint. Errors: `jose/…`. */
export async function verifyBySubject(token: string, form: Form): Promise<{ claims: JsonObject; jwk: PublicJwk }> {
  const jwk = await p256Public(readHeader(token, form)["jwk"]);
  return { claims: (await verify(token, form, [jwk])).claims, jwk };
}

/** The same for a DPoP proof, whose key may be of any kind that suppliers use. */
export async function verifyByHolder(token: string, form: Form): Promise<{ claims: JsonObject; jwk: SignatureJwk }> {
  const jwk = await supplierKey(readHeader(token, form)["jwk"]);
  return { claims: (await verify(token, form, [jwk])).claims, jwk };
}

/** The payload of a JWS whose signature has not been checked: to choose a key or a time, never to decide. */
export function peek(token: string): JsonObject {
  try {
    return parseObject(unb64u(token.split(".")[1] ?? ""));
  } catch {
    throw new Invalid("jose/payload");
  }
}

/** A compact JWS by the subject's key, which goes into the header (ES256). */
export async function signBySubject(claims: JsonObject, form: Form, key: PrivateJwk): Promise<string> {
  const header = { alg: "ES256", typ: String(form.types[0]), jwk: publicPart(key) };
  return new CompactSign(utf8(jcs(claims))).setProtectedHeader(header).sign(await importJWK(key, "ES256"));
}

function parsedHeader(pieces: readonly string[], parts: number): JsonObject {
  if (pieces.length !== parts) throw new Invalid("jose/malformed");
  try {
    const [header] = pieces.map((piece) => unb64u(piece));
    return parseObject(header ?? new Uint8Array());
  } catch {
    throw new Invalid("jose/malformed");
  }
}

async function isSignedBy(token: string, key: SignatureJwk, algorithm: string): Promise<boolean> {
  if (key.kty === "OKP") {
    const at = token.lastIndexOf(".");
    return ed25519.verify(unb64u(key.x), utf8(token.slice(0, at)), unb64u(token.slice(at + 1)));
  }
  try {
    await compactVerify(token, await importJWK(key, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}
