/** The resident's own word that a grant is paused, or goes on (protocols/specs/grant.md, Pause). */
import { Invalid } from "./errors.ts";
import { PAUSE } from "./forms.ts";
import type { RelationshipItem } from "./items.ts";
import { signBySubject, verifyBySubject } from "./jose.ts";
import { DIGEST, ID, exactly, flag, integer, text } from "./members.ts";
import type { SharingRecord } from "./record.ts";
import type { Revoked } from "./revocation.ts";
import { checkSubject } from "./subject.ts";

const MEMBERS = "pause/members";

/** The compact word for the grant that `record` made; `seq` is the number of the commit that it is sent with. */
export async function makePause(
  relationship: RelationshipItem, record: SharingRecord, { paused, seq, now }: { paused: boolean; seq: number; now: number },
): Promise<string> {
  const claims = { aud: record.clientId, sub: record.sub, grant_id: record.grantId, record_hash: record.hash, paused, seq,
    iat: now };
  return signBySubject(claims, PAUSE, relationship.sign);
}

/** Its `seq`. Errors: `jose/…`, `pause/…`, `subject/mismatch`. */
export async function verifyPause(compact: string, grant: Revoked, paused: boolean): Promise<{ seq: number }> {
  const { claims, jwk } = await verifyBySubject(compact, PAUSE);
  exactly(claims, ["aud", "sub", "grant_id", "record_hash", "paused", "seq", "iat"], MEMBERS);
  const [aud, sub] = [text(claims, "aud", MEMBERS), text(claims, "sub", MEMBERS, DIGEST)];
  const grantId = text(claims, "grant_id", MEMBERS, ID);
  const recordHash = text(claims, "record_hash", MEMBERS, DIGEST);
  const says = flag(claims, "paused", MEMBERS);
  const seq = integer(claims, "seq", MEMBERS, 1);
  integer(claims, "iat", MEMBERS);
  await checkSubject(claims, jwk);
  if (sub !== grant.sub) throw new Invalid("subject/mismatch");
  if (aud !== grant.clientId) throw new Invalid("pause/audience");
  if (grantId !== grant.grantId) throw new Invalid("pause/grant");
  if (recordHash !== grant.recordHash) throw new Invalid("pause/record");
  if (says !== paused) throw new Invalid("pause/paused");
  return { seq };
}
