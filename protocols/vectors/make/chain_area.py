"""Area `chain`: the log of one grant."""

from collections.abc import Iterator
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, digest, jcs
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.sign import Document, always, by_subject
from protocols.vectors.make.world import GRANT, ISSUER, NOW, approval

OP, ENDS, PAUSES = "chain.verify", "chain.ends", "chain.pauses"
RECORD = approval.record.compact
HOLDER = keys.p256("parking reads")
JKT = jose.thumbprint(HOLDER)


def read_proof(at: int, **changes: Any) -> Document:
    """The DPoP proof of one read."""
    claims = {"jti": keys.an_id(f"read {at}"), "htm": "GET", "htu": f"{ISSUER}/data", "iat": at, "ath": digest("token")}
    return by_subject(jose.DPOP_PROOF, {**claims, **changes}, HOLDER)


def end_proof(at: int, **changes: Any) -> str:
    """The DPoP proof by which the service ends the grant itself."""
    address = f"{ISSUER}/oauth/grants/{GRANT}"
    return read_proof(at, **{"jti": keys.an_id("end"), "htm": "DELETE", "htu": address, **changes}).compact


def relinquished(at: int = NOW + 9, proof: str | None = None) -> list[Json]:
    return linked([APPROVED, READ, entry("relinquished", at, end_proof(NOW + 9) if proof is None else proof)])


def entry(kind: str, at: int, evidence: str = "", revision: int = 1) -> Json:
    return {"at": at, "kind": kind, "revision": revision, "evidence": evidence}


def linked(entries: list[Json], grant_id: str = GRANT) -> list[Json]:
    """The entries with their numbers and links."""
    chain: list[Json] = []
    prev = ""
    for n, each in enumerate(entries, start=1):
        whole = {"n": n, "prev": prev, **each}
        chain.append(whole)
        prev = head(whole, grant_id)
    return chain


def head(each: Json, grant_id: str = GRANT) -> str:
    """log.md, written out."""
    members = [each[name] for name in ("n", "prev", "at", "kind", "revision")]
    evidence = digest(each["evidence"]) if each["evidence"] else ""
    return digest(jcs(["pds/v1", "log", grant_id, *members, evidence]))


def given(entries: list[Json], **changes: Any) -> Json:
    """What a wallet that knows nothing checks. `n` and `head` are as an honest server states them."""
    return {
        "grant_id": GRANT,
        "record": RECORD,
        "entries": entries,
        "pin": {"n": 0, "head": ""},
        "n": entries[-1]["n"] if entries else 0,
        "head": head(entries[-1]) if entries else "",
        "issuer": ISSUER,
        "dpop_jkt": JKT,
        **changes,
    }


def at_end(entries: list[Json]) -> Json:
    return {"n": entries[-1]["n"], "head": head(entries[-1])}


APPROVED = entry("approved", NOW, RECORD)
COLLECTED = entry("collected", NOW + 5)
READ = entry("read", NOW + 6, read_proof(NOW + 6).compact)
LATER = entry("read_unchanged", NOW + 900, read_proof(NOW + 900).compact)
PUBLISHED = entry("published", NOW + 1000, revision=2)
REVOKED = entry("revoked", NOW + 2000, world.revocation.compact, revision=2)
WHOLE = linked([APPROVED, COLLECTED, READ, LATER, PUBLISHED, REVOKED])


def chain() -> Iterator[Case]:
    yield from good()
    yield from links_wrong()
    yield from reads_wrong()
    yield from ends()
    yield from ended_rightly()
    yield from paused_reads()
    yield from paused_rightly()


def good() -> Iterator[Case]:
    at_four = at_end(WHOLE[:4])
    loose = {"dpop_jkt": None}
    for comment, given_, output in (
        ("a whole chain", given(WHOLE), at_end(WHOLE)),
        ("the first entry", given(WHOLE[:1]), at_end(WHOLE[:1])),
        ("from a pin on", given(WHOLE[4:], pin=at_four), at_end(WHOLE)),
        ("nothing new", given([], pin=at_four, **at_four), at_four),
        ("nothing at all", given([]), {"n": 0, "head": ""}),
        ("a request that named no key", given(WHOLE, **loose), at_end(WHOLE)),
        ("ended by the service itself", given(relinquished()), None),
        ("ended by the service itself, no key named", given(relinquished(), **loose), None),
        ("two events in one second", given(linked([APPROVED, entry("collected", NOW)])), None),
        (
            "a proof 300 s before its entry",
            given(linked([APPROVED, entry("read", NOW + 300, read_proof(NOW).compact)])),
            None,
        ),
        (
            "a proof with a clock ahead",
            given(linked([APPROVED, entry("read", NOW, read_proof(NOW + 10).compact)])),
            None,
        ),
    ):
        yield valid(OP, comment, given_, output or at_end(given_["entries"]))


def links_wrong() -> Iterator[Case]:
    at_four = at_end(WHOLE[:4])
    second = WHOLE[1]
    hidden = linked([APPROVED, READ, LATER])
    for error, comment, given_ in (
        ("log/gap", "an entry is left out", given([WHOLE[0], *WHOLE[2:]])),
        ("log/gap", "the last is left out, the position is stated", given(WHOLE[:5], **at_end(WHOLE))),
        ("log/gap", "one more than stated", given(WHOLE, **at_end(WHOLE[:5]))),
        ("log/gap", "one twice", given([*WHOLE[:2], *WHOLE[1:]])),
        ("log/gap", "it starts before the pin", given(WHOLE[3:], pin=at_four)),
        ("log/gap", "it starts after the pin", given(WHOLE[5:], pin=at_four)),
        ("log/gap", "nothing, where the stated position says more", given([], pin=at_four, **at_end(WHOLE))),
        ("log/chain", "an earlier entry was rewritten", given([WHOLE[0], {**second, "at": NOW + 4}, *WHOLE[2:]])),
        (
            "log/chain",
            "an event was taken out, and the rest linked anew",
            given([*WHOLE[:1], *WHOLE[1:3], hidden[2] | {"n": 4}], pin={"n": 0, "head": ""}),
        ),
        ("log/chain", "another chain after the pin", given(WHOLE[4:], pin={"n": 4, "head": digest("another")})),
        ("log/chain", "the first has a prev", given([{**WHOLE[0], "prev": digest("x")}])),
        ("log/chain", "a chain of another grant", given(linked([APPROVED, COLLECTED], keys.an_id("another grant")))),
        ("log/time", "time goes back", given(linked([APPROVED, entry("collected", NOW - 1)]))),
        (
            "log/head",
            "the last entry was rewritten",
            given([*WHOLE[:1], {**second, "at": NOW + 4}], **at_end(WHOLE[:2])),
        ),
        ("log/head", "another head is stated", given(WHOLE, head=digest("another"))),
        ("log/head", "another head, and nothing new", given([], pin=at_four, n=4, head=digest("another"))),
        ("log/rolled-back", "below the pin", given([], pin=at_four, **at_end(WHOLE[:3]))),
        ("log/rolled-back", "an empty log below the pin", given([], pin=at_four)),
        ("log/record", "another record", given(linked([entry("approved", NOW, world.signed_in.record.compact)]))),
        ("log/record", "no record", given(linked([entry("approved", NOW)]))),
        ("log/record", "it begins otherwise", given(linked([COLLECTED]))),
        ("log/record", "approved twice", given(linked([APPROVED, APPROVED]))),
    ):
        yield invalid(OP, error, comment, given_)
    for comment, changes in (
        ("an unknown kind", {"kind": "peeked"}),
        ("an unknown member", {"more": 1}),
        ("at is a string", {"at": "now"}),
        ("n is true", {"n": True}),
        ("evidence is null", {"evidence": None}),
        ("revision is negative", {"revision": -1}),
    ):
        first = {**WHOLE[0], **changes}
        yield invalid(OP, "log/malformed", comment, {**given(WHOLE[:1]), "entries": [first]})
    missing = {name: value for name, value in WHOLE[0].items() if name != "prev"}
    yield invalid(OP, "log/malformed", "no prev", {**given(WHOLE[:1]), "entries": [missing]})


def reads_wrong() -> Iterator[Case]:
    at = NOW + 6
    proof = read_proof(at)
    for error, comment, evidence in (
        ("log/proof", "a read without proof", ""),
        ("log/proof", "a proof that is none", "proof"),
        ("log/proof", "a changed signature", proof.signed(always(bytes(64))).compact),
        ("log/proof", "a proof for another address", read_proof(at, htu=f"{ISSUER}/token").compact),
        ("log/proof", "a proof for another method", read_proof(at, htm="POST").compact),
        ("log/proof", "a proof of 301 s before", read_proof(at - 301).compact),
        ("log/proof", "a proof of 301 s after", read_proof(at + 301).compact),
        ("log/proof", "a proof without a time", proof.without("iat").compact),
        ("log/proof", "a record in its place", RECORD),
        (
            "log/key",
            "a proof by a key that the operator made",
            by_subject(jose.DPOP_PROOF, proof.claims, world.stranger).compact,
        ),
    ):
        yield invalid(OP, error, comment, given(linked([APPROVED, entry("read", at, evidence)])))
    again = entry("read_unchanged", at + 9, proof.compact)
    yield invalid(OP, "log/proof", "one proof for two reads", given(linked([APPROVED, COLLECTED, READ, again])))
    for error, comment, chain_ in (
        ("log/proof", "a service's end without its proof", relinquished(proof="")),
        ("log/proof", "… with the proof of a read", relinquished(proof=read_proof(NOW + 9).compact)),
        ("log/proof", "… for another grant", relinquished(proof=end_proof(NOW + 9, htu=f"{ISSUER}/oauth/grants/x"))),
        ("log/proof", "… of another time", relinquished(at=NOW + 400)),
    ):
        yield invalid(OP, error, comment, given(chain_))
    by_another = linked([APPROVED, entry("relinquished", NOW + 9, end_proof(NOW + 9))])
    stranger = jose.thumbprint(world.stranger)
    yield invalid(OP, "log/key", "a service's end by another key", given(by_another, dpop_jkt=stranger))
    wrong = linked([APPROVED, entry("read_unchanged", at)])
    yield invalid(OP, "log/proof", "an unchanged read without proof", given(wrong))


def ends() -> Iterator[Case]:
    done = entry("finished", NOW + 6)
    start = [APPROVED, COLLECTED, READ, done]

    def read(at: int, kind: str = "read") -> Json:
        return entry(kind, at, read_proof(at).compact)

    for comment, entries in (
        ("a once read, and its repeat after 60 s", [*start, read(NOW + 66)]),
        ("a once read, its repeat unchanged", [*start, read(NOW + 10, "read_unchanged")]),
        ("a once read, then revoked", [*start, entry("revoked", NOW + 500, world.revocation.compact)]),
        ("expired", [APPROVED, entry("expired", NOW + 86400)]),
        ("replaced", [APPROVED, entry("replaced", NOW + 86400)]),
    ):
        whole = linked(entries)
        yield valid(OP, comment, given(whole), at_end(whole))
    for comment, entries in (
        ("a once read, repeated after 61 s", [*start, read(NOW + 67)]),
        ("a read after revocation", [APPROVED, entry("revoked", NOW + 5, world.revocation.compact), READ]),
        ("an unchanged read after revocation", [APPROVED, entry("revoked", NOW + 5), read(NOW + 6, "read_unchanged")]),
        ("a read after the end", [APPROVED, entry("expired", NOW + 5), READ]),
        ("a read after the service's own end", [APPROVED, entry("relinquished", NOW + 9, end_proof(NOW + 9)), LATER]),
        ("a read after a newer grant", [APPROVED, entry("replaced", NOW + 5), READ]),
        ("a read after revocation of a once grant", [*start, entry("revoked", NOW + 7), read(NOW + 8)]),
    ):
        yield invalid(OP, "log/after-end", comment, given(linked(entries)))


def ended_rightly() -> Iterator[Case]:
    """Whether the end of a chain is one that its record allows."""
    once = approval.changed(request=world.request([world.detail(access="once")]), access="once").record
    approved_once = entry("approved", NOW, once.compact)
    ended, finished = entry("expired", world.ENDS), entry("finished", NOW + 6)
    for comment, record, entries in (
        ("nothing ended", RECORD, [APPROVED, COLLECTED, READ]),
        ("replaced", RECORD, [APPROVED, entry("replaced", NOW + 5)]),
        ("revoked by its subject", RECORD, [APPROVED, REVOKED]),
        ("expired at its time", RECORD, [APPROVED, ended]),
        ("a once read", once.compact, [approved_once, COLLECTED, READ, finished]),
        ("a once read, known before", once.compact, [finished]),
    ):
        yield valid(ENDS, comment, {"record": record, "entries": linked(entries)}, {})
    of_another = world.revocation.claiming(record_hash=digest(once.compact))
    forged = by_subject(jose.REVOCATION, world.revocation.claims, world.stranger)
    for comment, record, entries in (
        ("revoked without a word", RECORD, [APPROVED, entry("revoked", NOW + 5)]),
        ("revoked by a stranger", RECORD, [APPROVED, entry("revoked", NOW + 5, forged.compact)]),
        ("the revocation of another record", RECORD, [APPROVED, entry("revoked", NOW + 5, of_another.compact)]),
        ("a record for a revocation", RECORD, [APPROVED, entry("revoked", NOW + 5, RECORD)]),
        ("expired a second before its time", RECORD, [APPROVED, entry("expired", world.ENDS - 1)]),
        ("finished, though it lasts", RECORD, [APPROVED, COLLECTED, READ, finished]),
        ("finished without a read", once.compact, [approved_once, COLLECTED, finished]),
    ):
        yield invalid(ENDS, "log/end", comment, {"record": record, "entries": linked(entries)})


def paused(at: int, seq: int, **changes: Any) -> Json:
    return entry("paused", at, world.pause.claiming(seq=seq, **changes).compact)


def resumed(at: int, seq: int, **changes: Any) -> Json:
    return entry("resumed", at, world.pause.claiming(seq=seq, **{"paused": False, **changes}).compact)


def paused_reads() -> Iterator[Case]:
    """Nothing is read while a grant is paused, and a chain says when it is."""
    held, on = paused(NOW + 10, 7), resumed(NOW + 20, 8)
    for comment, entries in (
        ("paused, resumed, then read", [APPROVED, READ, held, on, LATER]),
        ("paused, and a new revision meanwhile", [APPROVED, held, PUBLISHED]),
        ("paused, then revoked", [APPROVED, held, REVOKED]),
        ("paused twice, resumed between", [APPROVED, held, on, paused(NOW + 30, 9)]),
    ):
        whole = linked(entries)
        yield valid(OP, comment, given(whole), at_end(whole))
    whole = linked([APPROVED, held, on, LATER])
    yield valid(OP, "resumed after a pin", given(whole[2:], pin=at_end(whole[:2])), at_end(whole))
    for comment, entries in (
        ("a read while paused", [APPROVED, held, LATER]),
        ("a read while paused a second time", [APPROVED, held, on, paused(NOW + 30, 9), LATER]),
        ("paused twice", [APPROVED, held, paused(NOW + 20, 8)]),
        ("resumed and never paused", [APPROVED, on]),
        ("resumed twice", [APPROVED, held, on, resumed(NOW + 30, 9)]),
    ):
        yield invalid(OP, "log/pause", comment, given(linked(entries)))
    yield invalid(
        OP, "log/after-end", "paused after its end", given(linked([APPROVED, REVOKED, paused(NOW + 2001, 9)]))
    )


def paused_rightly() -> Iterator[Case]:
    """Whether a chain was paused and resumed by its subject, as the vault has it."""
    held, on, again = paused(NOW + 10, 7), resumed(NOW + 20, 8), paused(NOW + 30, 9)
    whole = linked([APPROVED, READ, held, on, LATER])

    def about(entries: list[Json], says: bool | None, seq: int = 9) -> Json:
        vault = None if says is None else {"paused": says, "seq": seq}
        return {"record": RECORD, "entries": entries, "vault": vault}

    for comment, given_ in (
        ("never paused", about(linked([APPROVED, COLLECTED, READ]), says=False)),
        ("paused", about(linked([APPROVED, READ, held]), says=True)),
        ("paused and resumed", about(whole, says=False)),
        ("paused, resumed and paused", about(linked([APPROVED, held, on, again]), says=True)),
        ("it has ended", about(linked([APPROVED, held]), says=None)),
        ("resumed by another device since", about(whole, says=True, seq=7)),
        ("paused by another device since", about(linked([APPROVED, held]), says=False, seq=6)),
        ("nothing new, and the vault is paused", about([], says=True)),
        (
            "nothing but a publication, and the vault is paused",
            about(linked([APPROVED, held, PUBLISHED])[2:], says=True),
        ),
        ("from a pin on, resumed by another device since", about(whole[3:], says=True, seq=7)),
    ):
        yield valid(PAUSES, comment, given_, {})
    forged = by_subject(jose.PAUSE, {**world.pause.claims, "paused": False, "seq": 8}, world.stranger)
    other = digest(world.signed_in.record.compact)
    for comment, given_ in (
        ("paused without a word", about(linked([APPROVED, entry("paused", NOW + 5)]), says=True)),
        (
            "resumed by a stranger",
            about(linked([APPROVED, held, entry("resumed", NOW + 20, forged.compact)]), says=False),
        ),
        (
            "resumed by the word that paused it",
            about(linked([APPROVED, {**on, "evidence": held["evidence"]}]), says=False),
        ),
        ("the word of another record", about(linked([APPROVED, paused(NOW + 10, 7, record_hash=other)]), says=True)),
        ("resumed by a word of before", about(linked([APPROVED, held, on, again, resumed(NOW + 40, 8)]), says=False)),
        ("a word of the same commit", about(linked([APPROVED, held, resumed(NOW + 20, 7)]), says=False)),
        ("the vault is paused, the log is not", about(linked([APPROVED, READ]), says=True)),
        ("the vault has resumed, the log has not", about(linked([APPROVED, held]), says=False)),
        ("a read from a pin on, and the vault is paused", about(whole[4:], says=True)),
    ):
        yield invalid(PAUSES, "log/pause", comment, given_)
