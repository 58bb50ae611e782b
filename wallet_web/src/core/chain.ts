/** The log of one grant: a hash chain, so that the server can neither hide nor invent a read (protocols/specs/log.md). */
import { claimedTime, verifyDpop } from "./dpop.ts";
import type { Proof } from "./dpop.ts";
import { digest, jcs } from "./encoding.ts";
import type { Json } from "./encoding.ts";
import { Invalid } from "./errors.ts";
import type { Position } from "./manifest.ts";
import { exactly, integer, oneOf } from "./members.ts";
import { verifyPause } from "./pause.ts";
import { readRecord } from "./record.ts";
import { verifyRevocation } from "./revocation.ts";
import type { Revoked } from "./revocation.ts";

export type { Position } from "./manifest.ts";

const MALFORMED = "log/malformed";
const KINDS = ["approved", "collected", "read", "read_unchanged", "published", "revoked", "replaced", "expired",
  "finished", "relinquished", "paused", "resumed"] as const;
const READS: readonly string[] = ["read", "read_unchanged"];
export const ENDS: readonly string[] = ["revoked", "replaced", "expired", "finished", "relinquished"];
const PAUSES: readonly string[] = ["paused", "resumed"];
const PROOF_SECONDS = 300;
const REPEAT_SECONDS = 60;

export interface LogEntry {
  readonly n: number;
  readonly prev: string;
  /** A time. */
  readonly at: number;
  readonly kind: typeof KINDS[number];
  readonly revision: number;
  readonly evidence: string;
}

/** What the wallet knows of a grant, and what the server gave: the entries after `pin`, and the position it states. */
export interface Chain {
  readonly grantId: string;
  readonly record: string;
  readonly entries: readonly Json[];
  readonly pin: Position;
  readonly n: number;
  readonly head: string;
  readonly issuer: string;
  /** The thumbprint of the key that the request bound its tokens to, where it did. */
  readonly dpopJkt: string | null;
}

/** The new position, if the entries lead from the pin to exactly what the server states. Errors: `log/…`. */
export async function verifyChain(chain: Chain): Promise<Position> {
  if (chain.n < chain.pin.n) throw new Invalid("log/rolled-back");
  let position = chain.pin;
  let at = 0;
  let end: LogEntry | null = null;
  // Where the chain goes on from a pin, nothing here says whether it was paused then.
  let paused = chain.pin.n === 0 ? false : null;
  const shown = new Set<string>();
  for (const entry of chain.entries.map(readEntry)) {
    if (entry.n !== position.n + 1) throw new Invalid("log/gap");
    if (entry.prev !== position.head) throw new Invalid("log/chain");
    if (entry.at < at) throw new Invalid("log/time");
    await checkEvidence(entry, chain, shown);
    checkAfterEnd(entry, end);
    paused = pausedAfter(entry.kind, paused);
    if (ENDS.includes(entry.kind)) end = entry;
    at = entry.at;
    position = { n: entry.n, head: await headOf(chain.grantId, entry) };
  }
  if (position.n !== chain.n) throw new Invalid("log/gap");
  if (position.head !== chain.head) throw new Invalid("log/head");
  return position;
}

/**
 * That a grant ended only as it can: by its subject's own word, at its time, or `once` by a read. For entries that
 * `verifyChain` has checked. The server writes the log: without this it could call a grant over that it goes on serving.
 * Errors: `log/end`.
 */
export async function verifyEnds(entries: readonly LogEntry[], record: string): Promise<void> {
  if (!entries.some(({ kind }) => ENDS.includes(kind))) return;
  const granted = await readRecord(record);
  for (const [index, { kind, at, evidence }] of entries.entries()) {
    if (kind === "revoked") await checkRevoked(evidence, { ...granted, recordHash: granted.hash });
    if (kind === "expired" && at < granted.ends) throw new Invalid("log/end", kind);
    const before = entries[index - 1]?.kind;
    const afterRead = before === undefined || READS.includes(before);
    if (kind === "finished" && (granted.access !== "once" || !afterRead)) throw new Invalid("log/end", kind);
  }
}

/** What the vault says: whether all sharing is paused as of its commit `seq`. */
export interface Paused { readonly paused: boolean; readonly seq: number }

/**
 * That a grant was paused and resumed by its subject's own words, each newer than the one before, as the vault has it;
 * `vault` is null where the grant has ended. For entries that `verifyChain` has checked. The server writes the log:
 * without this it could resume by itself, or hide that it never paused. Words that are newer than the vault are another
 * device's. Errors: `log/pause`.
 */
export async function verifyPauses(entries: readonly LogEntry[], record: string, vault: Paused | null): Promise<void> {
  let last = 0;
  let then = entries[0]?.n === 1 ? false : null;
  let readBefore = false;
  for (const { kind, evidence } of entries) {
    if (PAUSES.includes(kind)) {
      last = await checkPause(evidence, record, { paused: kind === "paused", after: last });
      if (vault === null || last <= vault.seq) then = kind === "paused";
    } else if (READS.includes(kind) && last === 0) {
      readBefore = true;
    }
  }
  if (vault === null) return;
  const hidden = then === null && vault.paused && readBefore;
  if (hidden || then === !vault.paused) throw new Invalid("log/pause", "the vault says otherwise");
}

async function checkPause(word: string, record: string, { paused, after }: { paused: boolean; after: number }): Promise<number> {
  try {
    const granted = await readRecord(record);
    const { seq } = await verifyPause(word, { ...granted, recordHash: granted.hash }, paused);
    if (seq > after) return seq;
  } catch {
    throw new Invalid("log/pause");
  }
  throw new Invalid("log/pause", "a word of before");
}

/** Whether a grant is paused after an entry; null where nobody said. */
function pausedAfter(kind: string, paused: boolean | null): boolean | null {
  if ((READS.includes(kind) && paused === true) || (PAUSES.includes(kind) && paused === (kind === "paused")))
    throw new Invalid("log/pause");
  return PAUSES.includes(kind) ? kind === "paused" : paused;
}

async function checkRevoked(revocation: string, granted: Revoked): Promise<void> {
  try {
    await verifyRevocation(revocation, granted);
  } catch {
    throw new Invalid("log/end", "revoked");
  }
}

/** An entry of the log. Errors: `log/malformed`. */
export function readEntry(value: Json): LogEntry {
  const entry = exactly(value, ["n", "prev", "at", "kind", "revision", "evidence"], MALFORMED);
  const { prev, evidence } = entry;
  if (typeof prev !== "string" || typeof evidence !== "string") throw new Invalid(MALFORMED);
  return {
    n: integer(entry, "n", MALFORMED, 1), prev, at: integer(entry, "at", MALFORMED),
    kind: oneOf(entry["kind"], KINDS, MALFORMED), revision: integer(entry, "revision", MALFORMED), evidence,
  };
}

/** The head after an entry: of ASCII strings and integers only, so that SQL makes the same. */
export async function headOf(grantId: string, { n, prev, at, kind, revision, evidence }: LogEntry): Promise<string> {
  const hashed = evidence === "" ? "" : await digest(evidence);
  return digest(jcs(["pds/v1", "log", grantId, n, prev, at, kind, revision, hashed]));
}

async function checkEvidence(entry: LogEntry, { grantId, record, issuer, dpopJkt }: Chain, shown: Set<string>): Promise<void> {
  const isApproval = entry.kind === "approved";
  if ((entry.n === 1) !== isApproval || (isApproval && entry.evidence !== record)) throw new Invalid("log/record");
  const isEnd = entry.kind === "relinquished";
  if (!isEnd && !READS.includes(entry.kind)) return;
  const proof = await readProof(entry.evidence, isEnd
    ? { method: "DELETE", url: `${issuer}/oauth/grants/${grantId}` } : { method: "GET", url: `${issuer}/data` });
  if (Math.abs(proof.iat - entry.at) > PROOF_SECONDS) throw new Invalid("log/proof", "another time");
  if (dpopJkt !== null && proof.jkt !== dpopJkt) throw new Invalid("log/key");
  const mark = `${proof.jkt} ${proof.jti}`;
  if (shown.has(mark)) throw new Invalid("log/proof", "one proof for two reads");
  shown.add(mark);
}

/** Judged at its own time: what matters years later is that the key made it for this address then. */
async function readProof(evidence: string, request: { method: string; url: string }): Promise<Proof> {
  try {
    const now = claimedTime(evidence);
    return await verifyDpop(evidence, { ...request, now, token: null, nonce: null });
  } catch {
    throw new Invalid("log/proof");
  }
}

/** After an end there is nothing more, but what a finished `once` grant allows: its repeat, and being revoked. */
function checkAfterEnd(entry: LogEntry, end: LogEntry | null): void {
  if (end === null) return;
  const isRepeat = READS.includes(entry.kind) && entry.at <= end.at + REPEAT_SECONDS;
  if (end.kind !== "finished" || (!isRepeat && entry.kind !== "revoked")) throw new Invalid("log/after-end");
}
