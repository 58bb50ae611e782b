/** The sharing record: the proof of a decision, which only the subject's key can make (protocols/specs/grant.md). */
import { DAY } from "./dates.ts";
import { digest, hour, jcs } from "./encoding.ts";
import type { JsonObject } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import { RECORD } from "./forms.ts";
import type { Decisions, RelationshipItem } from "./items.ts";
import { signBySubject, verifyBySubject } from "./jose.ts";
import { DIGEST, ID, digestOrNothing, exactly, integer, oneOf, text, texts } from "./members.ts";
import { SIGN_IN } from "./registry.ts";
import type { Service } from "./registry.ts";
import { accessOf, grantEnd, purposeId } from "./request.ts";
import type { Access, Request } from "./request.ts";
import { checkSubject, subjectOf } from "./subject.ts";

const SCHEMA = "pds/sharing-record/1";
const SIGN_IN_BASIS = "public_task";
const MEMBERS = "record/members";
const NAMES = ["schema", "iss", "sub", "aud", "authority", "jti", "iat", "exp", "request_hash", "purpose", "lawful_basis",
  "attributes", "access", "retention_days", "decisions_hash"];
const OLDEST_SECONDS = 7200;
const AHEAD_SECONDS = 10;

/** A record that its subject signed. `ends` is a time, `hash` the digest of the compact form. */
export interface SharingRecord {
  readonly sub: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly authority: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  /** What was asked, sorted. */
  readonly attributes: readonly string[];
  readonly access: Access;
  readonly issued: number;
  readonly ends: number;
  readonly retentionDays: number;
  readonly requestHash: string;
  readonly decisionsHash: string;
  readonly hash: string;
  readonly compact: string;
}

/** One approval. `grantId` and `salt` are fresh ids; `access` is the request's, or an earlier `until`. */
export interface Approval {
  readonly relationship: RelationshipItem;
  readonly request: Request;
  readonly service: Service;
  readonly grantId: string;
  readonly access: Access;
  readonly salt: string;
  readonly decisions: Decisions;
  readonly now: number;
}

/** What the record says of the decisions without saying them. */
export async function decisionsHash(salt: string, decisions: Decisions): Promise<string> {
  return digest(jcs([salt, decisions]));
}

/** The claims of the record of an approval. */
export async function recordClaims(approval: Approval): Promise<JsonObject> {
  const { request, service, access, now } = approval;
  const sub = await subjectOf(approval.relationship);
  return {
    schema: SCHEMA,
    iss: sub,
    sub,
    aud: service.clientId,
    authority: service.authority.id,
    jti: approval.grantId,
    iat: hour(now),
    exp: grantEnd(access, now),
    request_hash: request.requestHash,
    purpose: purposeId(request),
    lawful_basis: request.purpose?.lawfulBasis ?? SIGN_IN_BASIS,
    attributes: [...request.attributes.keys()].sort(),
    access,
    retention_days: request.purpose?.retentionDays ?? 0,
    decisions_hash: request.purpose === null ? "" : await decisionsHash(approval.salt, approval.decisions),
  };
}

/** The record of an approval, signed by the relationship's key. */
export async function makeRecord(approval: Approval): Promise<SharingRecord> {
  return readRecord(await signBySubject(await recordClaims(approval), RECORD, approval.relationship.sign));
}

/** A record that its subject signed, compared with nothing else. Errors: `jose/…`, `record/members`, `subject/mismatch`. */
export async function readRecord(compact: string): Promise<SharingRecord> {
  const { claims, jwk } = await verifyBySubject(compact, RECORD);
  exactly(claims, NAMES, MEMBERS);
  oneOf(claims["schema"], [SCHEMA], MEMBERS);
  const access = accessOf(claims["access"]);
  if (access === null) throw new Invalid(MEMBERS, "access");
  const [sub, purpose] = [text(claims, "sub", MEMBERS), text(claims, "purpose", MEMBERS)];
  text(claims, "iss", MEMBERS);
  const record = {
    sub, purpose, access, compact,
    grantId: text(claims, "jti", MEMBERS, ID),
    clientId: text(claims, "aud", MEMBERS),
    authority: text(claims, "authority", MEMBERS),
    lawfulBasis: text(claims, "lawful_basis", MEMBERS),
    attributes: texts(claims["attributes"], MEMBERS),
    issued: integer(claims, "iat", MEMBERS),
    ends: integer(claims, "exp", MEMBERS),
    retentionDays: integer(claims, "retention_days", MEMBERS),
    requestHash: text(claims, "request_hash", MEMBERS, DIGEST),
    decisionsHash: digestOrNothing(claims, "decisions_hash", MEMBERS),
    hash: await digest(compact),
  };
  if ((purpose === SIGN_IN) !== (record.decisionsHash === "")) throw new Invalid(MEMBERS, "decisions_hash");
  await checkSubject(claims, jwk);
  return record;
}

/** The record, if its subject answered exactly this request, and no wider. Errors: those of `readRecord`, `record/…`. */
export async function verifyRecord(compact: string, request: Request, service: Service, now: number): Promise<SharingRecord> {
  const record = await readRecord(compact);
  const { purpose } = request;
  if (record.requestHash !== request.requestHash) throw new Invalid("record/request");
  if (record.clientId !== service.clientId) throw new Invalid("record/audience");
  if (record.authority !== service.authority.id) throw new Invalid("record/authority");
  if (record.purpose !== purposeId(request)) throw new Invalid("record/purpose");
  if (record.lawfulBasis !== (purpose?.lawfulBasis ?? SIGN_IN_BASIS)) throw new Invalid("record/purpose", "basis");
  if (jcs(record.attributes) !== jcs([...request.attributes.keys()].sort())) throw new Invalid("record/attributes");
  checkAccess(record.access, request.access, now);
  checkTime(record, now);
  if (record.retentionDays !== (purpose?.retentionDays ?? 0)) throw new Invalid("record/retention");
  return record;
}

/** As in the request, or an earlier end that is not over yet. */
function checkAccess(given: Access, asked: Access, now: number): void {
  if (given === "once" || asked === "once") {
    if (given !== asked) throw new Invalid("record/access");
  } else if (given.until > asked.until || grantEnd(given, now) <= now) {
    throw new Invalid("record/access");
  }
}

function checkTime({ issued, ends, access }: SharingRecord, now: number): void {
  const isOurs = issued === hour(issued) && issued >= hour(now - OLDEST_SECONDS) && issued <= hour(now + AHEAD_SECONDS);
  if (!isOurs) throw new Invalid("record/time", "iat");
  if (ends !== (access === "once" ? issued + DAY : grantEnd(access, now))) throw new Invalid("record/time", "exp");
}
