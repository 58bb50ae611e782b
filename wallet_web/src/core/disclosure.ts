/** The values of one grant, signed by the subject and encrypted to the one service (protocols/specs/disclosure.md). */
import { maxBytes } from "./catalogue.ts";
import { dayNumber } from "./dates.ts";
import { b64u, hour, isObject, jcs, utf8 } from "./encoding.ts";
import type { Bytes, Json, JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { DISCLOSURE, DISCLOSURE_JWE } from "./forms.ts";
import type { Claim, Decisions, RelationshipItem } from "./items.ts";
import { signBySubject, verifyBySubject } from "./jose.ts";
import { decrypt, encrypt } from "./jwe.ts";
import { p256Public, publicPart } from "./keys.ts";
import type { PrivateJwk, PublicJwk } from "./keys.ts";
import { DIGEST, ID, exactly, integer, text } from "./members.ts";
import { decisionsHash, readRecord } from "./record.ts";
import type { SharingRecord } from "./record.ts";
import type { Service } from "./registry.ts";
import { paddedSize } from "./seal.ts";
import { checkSubject } from "./subject.ts";

const MEMBERS = "disclosure/members";
const NAMES = ["iss", "sub", "aud", "grant_id", "request_hash", "revision", "iat", "exp", "claims", "decisions",
  "decisions_salt", "deposit_jwk", "pad"];
const ENVELOPE_BYTES = 1280;
const ATTRIBUTE_BYTES = 192;
const SMALLEST = 4096;
const LARGEST = 32768;

export type Claims = { readonly [attribute: string]: Claim };

/** One revision of what a grant tells. `claims` and `decisions` have exactly the attributes of the record. */
export interface Revision {
  readonly relationship: RelationshipItem;
  readonly record: SharingRecord;
  readonly service: Service;
  readonly revision: number;
  readonly claims: Claims;
  readonly decisions: Decisions;
  readonly salt: string;
  readonly now: number;
}

/** What a service knows when it opens one. `record` is the compact one of the token response, `n` the read's log position. */
export interface Expected {
  readonly key: PrivateJwk;
  readonly record: string;
  readonly requestHash: string;
  readonly clientId: string;
  readonly now: number;
  readonly n: number;
  readonly last: { readonly revision: number; readonly n: number } | null;
}

/**
 * The payload's size in bytes: of what was asked only, so that it cannot tell what was shared.
 * Errors: `disclosure/too-large`.
 */
export function capacity(attributes: readonly string[]): number {
  const needed = attributes.reduce((sum, id) => sum + ATTRIBUTE_BYTES + maxBytes(id), ENVELOPE_BYTES);
  const size = Math.max(SMALLEST, paddedSize(needed));
  if (size > LARGEST) throw new Invalid("disclosure/too-large");
  return size;
}

/** The padded payload of one revision. Errors: `disclosure/too-large`. */
export function disclosurePayload({ relationship, record, revision, claims, decisions, salt, now }: Revision): JsonObject {
  const payload = {
    iss: record.sub, sub: record.sub, aud: record.clientId, grant_id: record.grantId, request_hash: record.requestHash,
    revision, iat: hour(now), exp: record.ends, claims, decisions, decisions_salt: salt,
    deposit_jwk: publicPart(relationship.deposit), pad: "",
  };
  const room = capacity(record.attributes) - utf8(jcs(payload)).length;
  if (room < 0) throw new Invalid("disclosure/too-large");
  return { ...payload, pad: "0".repeat(room) };
}

/** One revision, as the compact JWE that the server keeps. Errors: `disclosure/too-large`. */
export async function makeDisclosure(revision: Revision): Promise<string> {
  const signed = await signBySubject(disclosurePayload(revision), DISCLOSURE, revision.relationship.sign);
  return encrypt(utf8(signed), DISCLOSURE_JWE, revision.service.encryptionKey);
}

/** What a service may rely on. Errors: `jose/…`, `subject/mismatch`, `disclosure/…`, in the order of the spec. */
export async function openDisclosure(
  compact: string, expected: Expected,
): Promise<{ revision: number; claims: Claims; depositJwk: PublicJwk }> {
  const { clientId, requestHash, now, n, last } = expected;
  const record = await readRecord(expected.record);
  const inner = ascii(await decrypt(compact, DISCLOSURE_JWE, expected.key));
  const { claims: payload, jwk } = await verifyBySubject(inner, DISCLOSURE);
  const shape = await readShape(payload);
  await checkSubject(payload, jwk);
  if (payload["aud"] !== clientId) throw new Invalid("disclosure/audience");
  if (payload["grant_id"] !== record.grantId) throw new Invalid("disclosure/grant");
  if (payload["sub"] !== record.sub) throw new Invalid("subject/mismatch");
  if (payload["request_hash"] !== requestHash || record.requestHash !== requestHash) throw new Invalid("disclosure/request");
  if (shape.ends !== record.ends || shape.ends <= now) throw new Invalid("disclosure/expired");
  const claims = readClaims(shape.claims, shape.decisions, record.attributes);
  if (await decisionsHash(shape.salt, shape.decisions as Decisions) !== record.decisionsHash) {
    throw new Invalid("disclosure/decisions");
  }
  if (last !== null && (shape.revision < last.revision || n < last.n)) throw new Invalid("disclosure/rolled-back");
  return { revision: shape.revision, claims, depositJwk: shape.depositJwk };
}

interface Shape {
  readonly revision: number;
  readonly ends: number;
  readonly claims: JsonObject;
  readonly decisions: JsonObject;
  readonly salt: string;
  readonly depositJwk: PublicJwk;
}

async function readShape(payload: JsonObject): Promise<Shape> {
  exactly(payload, NAMES, MEMBERS);
  const { claims, decisions, pad } = payload;
  for (const name of ["iss", "sub", "aud"]) text(payload, name, MEMBERS);
  text(payload, "grant_id", MEMBERS, ID);
  text(payload, "request_hash", MEMBERS, DIGEST);
  integer(payload, "iat", MEMBERS);
  if (!isObject(claims) || !isObject(decisions) || typeof pad !== "string") throw new Invalid(MEMBERS);
  return {
    claims, decisions,
    revision: integer(payload, "revision", MEMBERS, 1),
    ends: integer(payload, "exp", MEMBERS),
    salt: text(payload, "decisions_salt", MEMBERS, ID),
    depositJwk: await p256Public(payload["deposit_jwk"]).catch(() => { throw new Invalid(MEMBERS, "deposit_jwk"); }),
  };
}

function readClaims(claims: JsonObject, decisions: JsonObject, attributes: readonly string[]): Claims {
  const asked = [...attributes].sort().join(" ");
  if (![claims, decisions].every((members) => Object.keys(members).sort().join(" ") === asked)) {
    throw new Invalid("disclosure/attributes");
  }
  const read = Object.entries(claims).map(([id, claim]) => [id, readClaim(claim)] as const);
  for (const [id, claim] of read) {
    const decision = decisions[id];
    if (decision !== "share" && (decision !== "withhold" || "value" in claim)) throw new Invalid("disclosure/decision");
  }
  return Object.fromEntries(read);
}

function readClaim(claim: Json): Claim {
  const names = isObject(claim) ? Object.keys(claim).sort().join(" ") : "";
  const { absent, value = null, source, as_of: asOf } = isObject(claim) ? claim : {};
  if (names === "absent" && (absent === "not_held" || absent === "withheld" || absent === "not_applicable")) return { absent };
  const isDated = typeof asOf === "string" && dayNumber(asOf) !== null;
  if (names !== "as_of source value" || !isDated || (source !== "self_asserted" && source !== "derived")) {
    throw new Invalid("disclosure/claim");
  }
  return { value, source, as_of: asOf };
}

/** Compact forms are ASCII; anything else fails their own checks as what it is not. */
function ascii(bytes: Bytes): string {
  if (bytes.some((byte) => byte > 127)) throw new Invalid("jose/malformed", b64u(bytes.slice(0, 8)));
  return String.fromCharCode(...bytes);
}
