"""The log of one grant: a hash chain that the wallet checks (protocols/specs/log.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pds.core import dpop
from pds.core.encoding import Json, digest, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, exactly, number, text
from pds.core.pause import verify_pause
from pds.core.record import Record, verify_revocation

ENDS = ("revoked", "replaced", "expired", "finished", "relinquished")
PAUSES = ("paused", "resumed")
KINDS = ("approved", "collected", "read", "read_unchanged", "published", *PAUSES, *ENDS)
_READS = ("read", "read_unchanged")
_PROOF_SECONDS = 300
_REPEAT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Position:
    """How far a chain has been seen: `n` entries, the last with this head. `n` 0 has head `""`."""

    n: int
    head: str


def head(grant_id: str, n: int, prev: str, at: int, kind: str, revision: int, evidence: str) -> str:
    """The head after entry `n`: made of ASCII strings and integers only, so that SQL makes the same."""
    hashed = digest(evidence) if evidence else ""
    return digest(jcs(["pds/v1", "log", grant_id, n, prev, at, kind, revision, hashed]))


def verify_chain(
    grant_id: str,
    entries: Sequence[object],
    *,
    pin: Position,
    stated: Position,
    record: str,
    issuer: str,
    dpop_jkt: str | None,
) -> Position:
    """The new position, if these are exactly the entries from `pin` to the position that the server stated.

    Errors: `log/…`. The evidence of a read, or of the service's own end, must be a proof that its key made.
    """
    if stated.n < pin.n:
        raise Invalid("log/rolled-back")
    at, ended, position = 0, "", pin
    ended_at = 0
    # Where the chain goes on from a pin, nothing here says whether it was paused then.
    paused = False if pin.n == 0 else None
    shown: set[tuple[str, str]] = set()
    for entry in entries:
        fields = exactly(entry, ("n", "prev", "at", "kind", "revision", "evidence"), "log/malformed")
        n, time = number(fields, "n", "log/malformed", least=1), number(fields, "at", "log/malformed")
        kind, revision = text(fields, "kind", "log/malformed"), number(fields, "revision", "log/malformed")
        evidence, prev = fields["evidence"], fields["prev"]
        if kind not in KINDS or not isinstance(evidence, str) or not isinstance(prev, str):
            raise Invalid("log/malformed")
        if n != position.n + 1:
            raise Invalid("log/gap")
        if prev != position.head:
            raise Invalid("log/chain")
        if time < at:
            raise Invalid("log/time")
        if (n == 1) != (kind == "approved") or (kind == "approved" and evidence != record):
            raise Invalid("log/record")
        if kind in _READS:
            proof = _check_proof(evidence, "GET", f"{issuer}/data", time, dpop_jkt)
            if (proof.jkt, proof.jti) in shown:
                raise Invalid("log/proof", "one proof for two reads")
            shown.add((proof.jkt, proof.jti))
        if kind == "relinquished":
            _check_proof(evidence, "DELETE", f"{issuer}/oauth/grants/{grant_id}", time, dpop_jkt)
        if ended and not _may_follow(ended, kind, time - ended_at):
            raise Invalid("log/after-end")
        paused = _after(kind, paused)
        if kind in ENDS:
            ended, ended_at = kind, time
        at, position = time, Position(n, head(grant_id, n, prev, time, kind, revision, evidence))
    if position.n != stated.n:
        raise Invalid("log/gap")
    if position.head != stated.head:
        raise Invalid("log/head")
    return position


def verify_ends(entries: Sequence[Json], granted: Record) -> None:
    """That a grant ended only as it can: by its subject's own word, at its time, or `once` by a read.

    For entries that `verify_chain` has checked. The server writes the log: without this it could call a grant over that
    it goes on serving. Errors: `log/end`.
    """
    before = ""
    for entry in entries:
        kind = entry["kind"]
        if kind == "revoked":
            _check_revoked(entry["evidence"], granted)
        if kind == "expired" and entry["at"] < granted.ends:
            raise Invalid("log/end", kind)
        if kind == "finished" and (granted.access != "once" or before not in ("", *_READS)):
            raise Invalid("log/end", kind)
        before = kind


@dataclass(frozen=True, slots=True)
class Paused:
    """What the vault says: whether all sharing is paused as of its commit `seq`."""

    paused: bool
    seq: int


def verify_pauses(entries: Sequence[Json], granted: Record, vault: Paused | None) -> None:
    """That a grant was paused and resumed by its subject's own words, each newer than the one before, as the vault has
    it; `vault` is None where the grant has ended.

    For entries that `verify_chain` has checked. The server writes the log: without this it could resume by itself, or
    hide that it never paused. Words that are newer than the vault are another device's. Errors: `log/pause`.
    """
    last, then, read_before = 0, None, False
    if entries and entries[0]["n"] == 1:
        then = False
    for entry in entries:
        if entry["kind"] in PAUSES:
            now = entry["kind"] == "paused"
            last = _check_pause(entry["evidence"], granted, paused=now, after=last)
            if vault is None or last <= vault.seq:
                then = now
        elif entry["kind"] in _READS and last == 0:
            read_before = True
    if vault is None:
        return
    if (then is None and vault.paused and read_before) or then is (not vault.paused):
        raise Invalid("log/pause", "the vault says otherwise")


def position(document: object) -> Position:
    """`{"n","head"}` from a manifest or an answer. Errors: `log/malformed`."""
    fields = exactly(document, ("n", "head"), "log/malformed")
    n = number(fields, "n", "log/malformed")
    if (fields["head"] == "") != (n == 0):
        raise Invalid("log/malformed", "head")
    if n:
        text(fields, "head", "log/malformed", pattern=DIGEST)
    return Position(n, fields["head"])


def _after(kind: str, paused: bool | None) -> bool | None:
    """Whether a grant is paused after an entry; None where nobody said. Errors: `log/pause`."""
    if (kind in _READS and paused) or (kind in PAUSES and paused is (kind == "paused")):
        raise Invalid("log/pause")
    return kind == "paused" if kind in PAUSES else paused


def _may_follow(ended: str, kind: str, seconds: int) -> bool:
    """After the read of a `once` grant: its repeat by a client that lost the answer, or a revocation."""
    return ended == "finished" and (kind == "revoked" or (kind in _READS and seconds <= _REPEAT_SECONDS))


def _check_pause(word: str, granted: Record, *, paused: bool, after: int) -> int:
    try:
        seq = verify_pause(
            word,
            client_id=granted.client_id,
            sub=granted.sub,
            grant_id=granted.grant_id,
            record_hash=granted.hash,
            paused=paused,
        )
    except Invalid as error:
        raise Invalid("log/pause") from error
    if seq <= after:
        raise Invalid("log/pause", "a word of before")
    return seq


def _check_revoked(revocation: str, granted: Record) -> None:
    try:
        verify_revocation(
            revocation,
            client_id=granted.client_id,
            sub=granted.sub,
            grant_id=granted.grant_id,
            record_hash=granted.hash,
        )
    except Invalid as error:
        raise Invalid("log/end", "revoked") from error


def _check_proof(proof: str, method: str, url: str, at: int, dpop_jkt: str | None) -> dpop.Proof:
    try:
        # Judged at its own time: what matters years later is that the service's key made it for this address then.
        issued = dpop.issued_at(proof)
        verified = dpop.verify_proof(proof, method=method, url=url, now=issued)
    except Invalid as error:
        raise Invalid("log/proof") from error
    if abs(verified.iat - at) > _PROOF_SECONDS:
        raise Invalid("log/proof")
    if dpop_jkt is not None and verified.jkt != dpop_jkt:
        raise Invalid("log/key")
    return verified
