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
/** Scheme, host, port, path. Not `URL`, which drops tabs and line feeds unasked. */
const ABSOLUTE = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(\/[!-"$->@-~]*)?(?:[?#][!-~]*)?$/i;

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

/** As much of RFC 3986 section 6.2 as dpop.md says: case of scheme and host, default port, no query, no fragment. */
export function normalUrl(url: string): string {
  const [whole, scheme = "", host = "", port, path = "/"] = ABSOLUTE.exec(url) ?? [];
  if (whole === undefined) throw new Invalid("dpop/url");
  const origin = `${scheme}://${host}`.toLowerCase();
  const isDefault = port === undefined || Number(port) === (origin.startsWith("https:") ? 443 : 80);
  return isDefault ? `${origin}${path}` : `${origin}:${Number(port)}${path}`;
}

function isTime(value: Json | undefined): value is number {
  return typeof value === "number";
}
