/** What the registrar signed: statements of services, and the index over them (protocols/specs/registry.md). */
import { DAY } from "./dates.ts";
import { digest, isArray, isObject } from "./encoding.ts";
import type { Json } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { INDEX, STATEMENT } from "./forms.ts";
import { peek, readHeader, verify } from "./jose.ts";
import { p256Public, thumbprint } from "./keys.ts";
import type { PublicJwk } from "./keys.ts";
import { DIGEST, array, asText, entries, exactly, integer, text } from "./members.ts";
import { checkDesks, readKeys, readPurposes, readStatement } from "./statement.ts";
import type { Service } from "./statement.ts";

export { SIGN_IN } from "./statement.ts";
export type { Desk, LawfulBasis, Purpose, Service, SignatureKey } from "./statement.ts";

const TOLERANCE_SECONDS = 10;
const MEMBERS = "registry/members";

/** The index in force. Times are in seconds; `statements` maps each `client_id` to its statement's digest. */
export interface Index {
  readonly seq: number;
  readonly issuer: string;
  readonly issued: number;
  readonly expires: number;
  /** The keys that sign statements and the next index; their thumbprints are what to pin now. */
  readonly keys: readonly PublicJwk[];
  readonly thumbprints: readonly string[];
  readonly statements: ReadonlyMap<string, string>;
}

/** What a wallet trusts: `keys` it knows (the release's), the thumbprints `pinned`, and the highest `seq` it has seen. */
export interface Trust {
  readonly keys: readonly PublicJwk[];
  readonly pinned: readonly string[];
  readonly seq: number;
  readonly now: number;
}

/** The index, signed by a pinned key and not older than the pin. Errors: `jose/…`, `registry/…`. */
export async function verifyIndex(compact: string, { keys, pinned, seq, now }: Trust): Promise<Index> {
  const kid = readHeader(compact, INDEX)["kid"];
  if (typeof kid !== "string" || !pinned.includes(kid)) throw new Invalid("registry/key-unknown");
  const { claims } = await verify(compact, INDEX, [await keyNamed(kid, keys, compact)]);
  const index = await readIndex(exactly(claims, ["iss", "seq", "iat", "exp", "jwks", "statements"], MEMBERS));
  const lifetime = index.expires - index.issued;
  if (lifetime < 7 * DAY || lifetime > 30 * DAY) throw new Invalid("registry/time", "7 to 30 days");
  if (index.expires <= now - TOLERANCE_SECONDS) throw new Invalid("registry/index-expired");
  if (index.issued > now + TOLERANCE_SECONDS) throw new Invalid("registry/time", "from the future");
  if (index.seq < seq) throw new Invalid("registry/index-old");
  return index;
}

/** The service, if the index lists exactly this statement and its registrar signed it. Errors: `jose/…`, `registry/…`. */
export async function verifyStatement(compact: string, index: Index, now: number): Promise<Service> {
  const kid = readHeader(compact, STATEMENT)["kid"];
  const signer = index.keys.find((_, at) => index.thumbprints[at] === kid);
  if (signer === undefined) throw new Invalid("registry/key-unknown");
  const { claims } = await verify(compact, STATEMENT, [signer]);
  const { issuer, clientId, issued, expires, addresses, data, jwks, purposes } = readStatement(claims);
  if (issuer !== index.issuer) throw new Invalid("registry/issuer");
  const listed = index.statements.get(clientId);
  if (listed === undefined) throw new Invalid("registry/statement-unlisted");
  if (listed !== await digest(compact)) throw new Invalid("registry/statement-changed");
  if (issued > now + TOLERANCE_SECONDS || expires <= now - TOLERANCE_SECONDS) throw new Invalid("registry/time");
  const keys = await readKeys(jwks);
  const known = readPurposes(purposes);
  checkDesks(data.counters, known);
  return { clientId, ...addresses, expires, ...data, ...keys, purposes: known, statement: compact };
}

/**
 * The key of a pinned thumbprint: one that we know, or one that the index itself brings, as no other key has that
 * thumbprint.
 */
async function keyNamed(kid: string, known: readonly PublicJwk[], compact: string): Promise<PublicJwk> {
  const jwks = peek(compact)["jwks"];
  const brought = isObject(jwks) && isArray(jwks["keys"]) ? jwks["keys"] : [];
  for (const candidate of [...known, ...brought]) {
    const key = await p256Public(candidate).catch(() => null);
    if (key !== null && await thumbprint(key) === kid) return key;
  }
  throw new Invalid("registry/key-unknown");
}

async function readIndex(claims: { readonly [member: string]: Json }): Promise<Index> {
  const listed = array(exactly(claims["jwks"], ["keys"], MEMBERS)["keys"], MEMBERS, 8);
  if (listed.length === 0) throw new Invalid(MEMBERS, "no key");
  const keys = await Promise.all(listed.map(async (key) =>
    p256Public(key).catch(() => { throw new Invalid(MEMBERS, "jwks"); })));
  return {
    seq: integer(claims, "seq", MEMBERS, 1),
    issuer: text(claims, "iss", MEMBERS),
    issued: integer(claims, "iat", MEMBERS),
    expires: integer(claims, "exp", MEMBERS),
    keys,
    thumbprints: await Promise.all(keys.map(thumbprint)),
    statements: new Map(entries(claims["statements"], MEMBERS).map(([id, value]) => [id, asText(value, MEMBERS, DIGEST)])),
  };
}
