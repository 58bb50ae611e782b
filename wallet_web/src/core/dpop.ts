/** Proof of possession for one HTTP request (RFC 9449, protocols/specs/dpop.md). */
import { digest } from "./encoding.ts";
import type { Json } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { DPOP_PROOF } from "./forms.ts";
import { peek, verifyByHolder } from "./jose.ts";
import { thumbprint } from "./keys.ts";

const OLDEST_SECONDS = 60;
const AHEAD_SECONDS = 10;
const LONGEST_JTI = 128;

/** The request that a proof is for. `token` is the access token presented with it, `nonce` the one that was demanded. */
export interface Proven {
  readonly method: string;
  readonly url: string;
  readonly now: number;
  readonly token: string | null;
  readonly nonce: string | null;
}

/** A proof that holds. `jkt` is the thumbprint of the key that made it. */
export interface Proof { readonly jkt: string; readonly jti: string; readonly iat: number }

/** RFC 9449 section 4.3, all but the replay check, which needs a memory. Errors: `jose/…`, `dpop/…`. */
export async function verifyDpop(proof: string, { method, url, now, token, nonce }: Proven): Promise<Proof> {
  const { claims, jwk } = await verifyByHolder(proof, DPOP_PROOF);
  const { jti, htm, htu, iat } = claims;
  if (typeof jti !== "string" || jti === "" || [...jti].length > LONGEST_JTI) throw new Invalid("dpop/jti");
  if (htm !== method) throw new Invalid("dpop/method");
  if (typeof htu !== "string" || normalUrl(htu) !== normalUrl(url)) throw new Invalid("dpop/url");
  if (!isTime(iat) || now - iat > OLDEST_SECONDS || iat - now > AHEAD_SECONDS) throw new Invalid("dpop/time");
  if (token !== null && claims["ath"] !== await digest(token)) throw new Invalid("dpop/token");
  if (nonce !== null && claims["nonce"] !== nonce) throw new Invalid("dpop/nonce");
  return { jkt: await thumbprint(jwk), jti, iat };
}

/** The time that a proof claims, before it is verified: to judge one that was logged long ago at its own time. */
export function claimedTime(proof: string): number {
  const { iat } = peek(proof);
  if (!isTime(iat)) throw new Invalid("dpop/time");
  return iat;
}

/** RFC 3986 section 6.2.2 and 6.2.3, without query and fragment. Errors: `dpop/url`. */
export function normalUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") {
    throw new Invalid("dpop/url");
  }
  const path = parsed.pathname.replace(/%[0-9a-fA-F]{2}/g, (escape) => {
    const character = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
  return `${parsed.protocol}//${parsed.host}${path}`;
}

function isTime(value: Json | undefined): value is number {
  return typeof value === "number";
}
