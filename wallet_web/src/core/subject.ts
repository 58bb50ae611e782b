/** The keys by which a service knows a resident, and the proof that they hold them (protocols/specs/grant.md). */
import { hour } from "./encoding.ts";
import type { JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { SUBJECT_PROOF } from "./forms.ts";
import type { RelationshipItem } from "./items.ts";
import { signBySubject, verifyBySubject } from "./jose.ts";
import { p256Public, publicPart, thumbprint } from "./keys.ts";
import type { PrivateJwk, PublicJwk } from "./keys.ts";
import { DIGEST, ID, exactly, integer, text } from "./members.ts";
import type { SharingRecord } from "./record.ts";

const MEMBERS = "proof/members";
const NAMES = ["aud", "sub", "request_hash", "grant_id", "record_hash", "iat", "deposit_jwk"];

/** That the holder of a subject's key made this grant: with it not even first use trusts the server. */
export interface SubjectProof {
  readonly sub: string;
  readonly grantId: string;
  readonly recordHash: string;
  readonly depositJwk: PublicJwk;
}

/** Fresh keys for a sector and persona (`""`: none); the browser's own generator makes them. */
export async function makeRelationship(sector: string, persona: string): Promise<RelationshipItem> {
  return { kind: "relationship", sector, persona, sign: await newKey(), deposit: await newKey() };
}

/** The `sub`: the thumbprint of the signing key. */
export async function subjectOf(relationship: RelationshipItem): Promise<string> {
  return thumbprint(relationship.sign);
}

/** Errors: `subject/mismatch`, unless `sub`, and `iss` where there is one, name the key that signed. */
export async function checkSubject(claims: JsonObject, jwk: PublicJwk): Promise<void> {
  const sub = await thumbprint(jwk);
  if (claims["sub"] !== sub || (claims["iss"] ?? sub) !== sub) throw new Invalid("subject/mismatch");
}

/** The `subject_proof` parameter of an answer. */
export async function makeSubjectProof(relationship: RelationshipItem, record: SharingRecord, now: number): Promise<string> {
  const claims = {
    aud: record.clientId, sub: record.sub, request_hash: record.requestHash, grant_id: record.grantId,
    record_hash: record.hash, iat: hour(now), deposit_jwk: publicPart(relationship.deposit),
  };
  return signBySubject(claims, SUBJECT_PROOF, relationship.sign);
}

/** For a service, before it redeems the code. Errors: `jose/…`, `proof/…`, `subject/mismatch`. */
export async function verifySubjectProof(
  compact: string, expected: { readonly clientId: string; readonly requestHash: string },
): Promise<SubjectProof> {
  const { claims, jwk } = await verifyBySubject(compact, SUBJECT_PROOF);
  exactly(claims, NAMES, MEMBERS);
  integer(claims, "iat", MEMBERS);
  const [aud, sub] = [text(claims, "aud", MEMBERS), text(claims, "sub", MEMBERS)];
  const requestHash = text(claims, "request_hash", MEMBERS, DIGEST);
  const proof = {
    sub, grantId: text(claims, "grant_id", MEMBERS, ID), recordHash: text(claims, "record_hash", MEMBERS, DIGEST),
    depositJwk: await p256Public(claims["deposit_jwk"]).catch(() => { throw new Invalid(MEMBERS, "deposit_jwk"); }),
  };
  await checkSubject(claims, jwk);
  if (aud !== expected.clientId) throw new Invalid("proof/audience");
  if (requestHash !== expected.requestHash) throw new Invalid("proof/request");
  return proof;
}

async function newKey(): Promise<PrivateJwk> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { x = "", y = "", d = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { crv: "P-256", kty: "EC", x, y, d };
}
