/** The resident's own word that a grant has ended (protocols/specs/grant.md, Revocation). */
import { Invalid } from "./errors.ts";
import { REVOCATION } from "./forms.ts";
import type { RelationshipItem } from "./items.ts";
import { signBySubject, verifyBySubject } from "./jose.ts";
import { DIGEST, ID, exactly, integer, text } from "./members.ts";
import type { SharingRecord } from "./record.ts";
import { checkSubject } from "./subject.ts";

const MEMBERS = "revocation/members";

/** The grant that a revocation ends. A `SharingRecord` is one, with its hash as `recordHash`. */
export interface Revoked {
  readonly clientId: string;
  readonly sub: string;
  readonly grantId: string;
  readonly recordHash: string;
}

/** A compact revocation of the grant that `record` made. */
export async function makeRevocation(relationship: RelationshipItem, record: SharingRecord, now: number): Promise<string> {
  const claims = { aud: record.clientId, sub: record.sub, grant_id: record.grantId, record_hash: record.hash, iat: now };
  return signBySubject(claims, REVOCATION, relationship.sign);
}

/** Its `iat`. Errors: `jose/…`, `revocation/…`, `subject/mismatch`. */
export async function verifyRevocation(compact: string, revoked: Revoked): Promise<{ iat: number }> {
  const { claims, jwk } = await verifyBySubject(compact, REVOCATION);
  exactly(claims, ["aud", "sub", "grant_id", "record_hash", "iat"], MEMBERS);
  const iat = integer(claims, "iat", MEMBERS);
  const [aud, sub] = [text(claims, "aud", MEMBERS), text(claims, "sub", MEMBERS)];
  const grantId = text(claims, "grant_id", MEMBERS, ID);
  const recordHash = text(claims, "record_hash", MEMBERS, DIGEST);
  await checkSubject(claims, jwk);
  if (sub !== revoked.sub) throw new Invalid("subject/mismatch");
  if (grantId !== revoked.grantId) throw new Invalid("revocation/grant");
  if (recordHash !== revoked.recordHash) throw new Invalid("revocation/record");
  if (aud !== revoked.clientId) throw new Invalid("revocation/audience");
  return { iat };
}
