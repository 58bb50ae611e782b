/** Signing in with a key that a recovery code or a passphrase derives (protocols/specs/vault.md, Login). */
import * as ed25519 from "./ed25519.ts";
import { b64u, jcs, utf8 } from "./encoding.ts";
import type { Bytes } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { LOGIN } from "./forms.ts";
import { verify } from "./jose.ts";
import { ed25519Public } from "./keys.ts";
import type { Ed25519Jwk } from "./keys.ts";
import { exactly, integer, text } from "./members.ts";

const TOLERANCE_SECONDS = 60;
const MEMBERS = "login/members";

/** For what a login proof is made. The origin in it keeps another site from using it; the nonce is the server's. */
export interface Login {
  readonly origin: string;
  readonly vault: string;
  readonly method: string;
  readonly nonce: string;
  readonly now: number;
}

/** The public key that the server keeps. */
export async function loginJwk(seed: Bytes): Promise<Ed25519Jwk> {
  return { crv: "Ed25519", kty: "OKP", x: await ed25519.publicKey(seed) };
}

/** A compact JWS by the login key. */
export async function makeLoginProof(seed: Bytes, { origin, vault, method, nonce, now }: Login): Promise<string> {
  const header = b64u(utf8(jcs({ alg: "EdDSA", typ: "login+jwt" })));
  const payload = b64u(utf8(jcs({ aud: origin, vault, method, nonce, iat: now })));
  const signature = await ed25519.sign(seed, utf8(`${header}.${payload}`));
  return `${header}.${payload}.${b64u(signature)}`;
}

/** Its `iat`. `publicX` is the `x` of the key. Errors: `jose/…`, `login/…`. */
export async function verifyLoginProof(proof: string, publicX: string, login: Login): Promise<{ iat: number }> {
  const { claims } = await verify(proof, LOGIN, [ed25519Public(publicX)]);
  exactly(claims, ["aud", "vault", "method", "nonce", "iat"], MEMBERS);
  const iat = integer(claims, "iat", MEMBERS);
  const [aud, vault, method, nonce] = ["aud", "vault", "method", "nonce"].map((name) => text(claims, name, MEMBERS));
  if (aud !== login.origin) throw new Invalid("login/audience");
  if (vault !== login.vault || method !== login.method) throw new Invalid("login/vault");
  if (nonce !== login.nonce) throw new Invalid("login/nonce");
  if (Math.abs(login.now - iat) > TOLERANCE_SECONDS) throw new Invalid("login/time");
  return { iat };
}
