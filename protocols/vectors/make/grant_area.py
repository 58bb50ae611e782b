"""Areas `record`, `decisions`, `proof` and `revocation`: what the subject's key signs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, b64u, digest, hour, jcs
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import all_attacks
from protocols.vectors.make.keys import an_id
from protocols.vectors.make.sign import Document, by_subject, es256
from protocols.vectors.make.world import DAY, GRANT, NOW, PARKING, SUB, Approval, approval

HOUR = hour(NOW)


def given(record: Document | str, of: Approval = approval, **changes: Any) -> Json:
    return {
        "record": record if isinstance(record, str) else record.compact,
        "request": of.request.compact,
        "statement": of.statement.compact,
        "index": of.index.compact,
        "issuer": world.ISSUER,
        "now": NOW,
        **changes,
    }


def output(record: Document) -> Json:
    return {"sub": record.claims["sub"], "grant_id": record.claims["jti"], "record_hash": digest(record.compact)}


def end(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def record() -> Iterator[Case]:
    good = approval.record
    once = approval.changed(request=world.request([world.detail(access="once")]), access="once")
    shorter = good.claiming(access={"until": "2026-11-23"}, exp=end(2026, 11, 24))
    op = "record.verify"
    for comment, each, of, now in (
        ("a record", good, approval, NOW),
        ("an earlier end", good.claiming(access={"until": "2027-01-31"}, exp=end(2027, 2, 1)), approval, NOW),
        ("it ends today", shorter, approval, NOW),
        ("once", once.record, once, NOW),
        ("a sign-in", world.signed_in.record, world.signed_in, NOW),
        ("made two hours ago", good, approval, HOUR + 7200 + 3599),
        ("made in the next hour, by a clock 10 s ahead", good, approval, HOUR - 10),
    ):
        yield valid(op, comment, given(each, of, now=now), output(each))
    yield from record_wrong()
    for error, comment, token in all_attacks(good, 16384):
        yield invalid(op, error, comment, given(token))
    yield invalid(op, "jose/header", "a kid beside the jwk", given(good.headed(kid=SUB)))
    yield invalid(op, "jose/algorithm", "EdDSA", given(good.headed(alg="EdDSA")))


def record_wrong() -> Iterator[Case]:
    op, good, claims = "record.verify", approval.record, approval.record.claims
    jwk = keys.jwk(world.stranger)
    for comment, wrong in (
        ("somebody else's sub under one's own key", good.headed(jwk=jwk).signed(es256(world.stranger))),
        ("iss is not sub", good.claiming(iss=jose.thumbprint(world.stranger))),
        ("sub is not the key", good.claiming(sub=jose.thumbprint(world.stranger))),
    ):
        yield invalid(op, "subject/mismatch", comment, given(wrong))
    for error, comment, changes in (
        ("record/members", "another schema", {"schema": "pds/sharing-record/2"}),
        ("record/members", "an unknown member", {"more": 1}),
        ("record/members", "jti is no id", {"jti": "1"}),
        ("record/members", "jti is not canonical", {"jti": GRANT[:-1] + "B"}),
        ("record/members", "sub is a number", {"sub": 1}),
        ("record/members", "aud is an array", {"aud": [PARKING]}),
        ("record/members", "iat is a string", {"iat": str(HOUR)}),
        ("record/members", "iat is true", {"iat": True}),
        ("record/members", "exp is negative", {"exp": -1}),
        ("record/members", "attributes are an object", {"attributes": {}}),
        ("record/members", "an attribute that is a number", {"attributes": [1]}),
        ("record/members", "request_hash is empty", {"request_hash": ""}),
        ("record/members", "a day without zeros", {"access": {"until": "2027-1-5"}}),
        ("record/members", "no such day", {"access": {"until": "2027-02-30"}}),
        ("record/members", "access has a member more", {"access": {"until": world.UNTIL, "x": 1}}),
        ("record/members", "retention_days is null", {"retention_days": None}),
        ("record/members", "decisions_hash is empty where decisions were made", {"decisions_hash": ""}),
        ("record/members", "decisions_hash is no digest", {"decisions_hash": "x"}),
        ("record/request", "another request", {"request_hash": digest("another")}),
        ("record/audience", "another service", {"aud": world.LIBRARY}),
        ("record/authority", "another authority", {"authority": "othertown"}),
        ("record/purpose", "another purpose", {"purpose": "marketing"}),
        ("record/purpose", "another lawful basis", {"lawful_basis": "consent"}),
        ("record/attributes", "an attribute more", {"attributes": sorted([*claims["attributes"], "address.current"])}),
        ("record/attributes", "an attribute fewer", {"attributes": claims["attributes"][1:]}),
        ("record/attributes", "not sorted", {"attributes": claims["attributes"][::-1]}),
        ("record/attributes", "one twice", {"attributes": [claims["attributes"][0], *claims["attributes"]]}),
        ("record/access", "a day longer", {"access": {"until": "2027-11-24"}, "exp": end(2027, 11, 25)}),
        ("record/access", "over already", {"access": {"until": "2026-11-22"}, "exp": end(2026, 11, 23)}),
        ("record/access", "once instead of until", {"access": "once", "exp": HOUR + DAY}),
        ("record/time", "iat is no whole hour", {"iat": NOW}),
        ("record/time", "iat is in the next hour", {"iat": HOUR + 3600}),
        ("record/time", "iat is three hours ago", {"iat": HOUR - 3 * 3600}),
        ("record/time", "exp is a second later", {"exp": world.ENDS + 1}),
        ("record/time", "exp is that of once", {"exp": HOUR + DAY}),
        ("record/retention", "longer than the purpose's", {"retention_days": 91}),
    ):
        yield invalid(op, error, comment, given(good.claiming(**changes)))
    for name in claims:
        yield invalid(op, "record/members", f"no {name}", given(good.without(name)))
    once = approval.changed(request=world.request([world.detail(access="once")]), access="once")
    widened = once.record.claiming(access={"until": world.UNTIL}, exp=world.ENDS)
    yield invalid(op, "record/access", "until instead of once", given(widened, once))
    signed_in = world.signed_in.record.claiming(decisions_hash=approval.record.claims["decisions_hash"])
    yield invalid(op, "record/members", "decisions of a sign-in", given(signed_in, world.signed_in))


def decisions() -> Iterator[Case]:
    """A salted hash."""
    op, salt = "decisions.hash", world.SALT
    for comment, chosen in (
        ("decisions", world.DECISIONS),
        ("in another order", dict(reversed(list(world.DECISIONS.items())))),
        ("one", {"contact.email": "withhold"}),
        ("none", {}),
    ):
        yield valid(op, comment, {"salt": salt, "decisions": chosen}, digest(jcs([salt, chosen])))
    other = an_id("another salt")
    yield valid(
        op, "another salt", {"salt": other, "decisions": world.DECISIONS}, digest(jcs([other, world.DECISIONS]))
    )


def proof() -> Iterator[Case]:
    """Subject proofs."""
    op, good = "proof.verify", world.subject_proof
    claims = good.claims

    def given(wrong: Document | str) -> Json:
        compact = wrong if isinstance(wrong, str) else wrong.compact
        return {"subject_proof": compact, "client_id": PARKING, "request_hash": claims["request_hash"]}

    output = {name: claims[name] for name in ("sub", "grant_id", "record_hash")}
    yield valid(op, "a proof", given(good), output)
    for error, comment, changes in (
        ("proof/members", "an unknown member", {"more": 1}),
        ("proof/members", "sub is a number", {"sub": 1}),
        ("proof/members", "iat is a string", {"iat": ""}),
        ("proof/members", "grant_id is no id", {"grant_id": "x"}),
        ("proof/members", "deposit_jwk is private", {"deposit_jwk": world.private_jwk("deposit")}),
        (
            "proof/members",
            "deposit_jwk is off the curve",
            {"deposit_jwk": {**claims["deposit_jwk"], "y": b64u(keys.fixed("y", 32))}},
        ),
        ("proof/members", "deposit_jwk is null", {"deposit_jwk": None}),
        ("subject/mismatch", "somebody else's sub", {"sub": jose.thumbprint(world.stranger)}),
        ("proof/audience", "another service", {"aud": world.LIBRARY}),
        ("proof/request", "another request", {"request_hash": digest("another")}),
    ):
        yield invalid(op, error, comment, given(good.claiming(**changes)))
    for name in claims:
        yield invalid(op, "proof/members", f"no {name}", given(good.without(name)))
    copied = good.signed(es256(world.stranger))
    yield invalid(op, "jose/signature", "a copied jwk over another key's signature", given(copied))
    own = by_subject(jose.SUBJECT_PROOF, claims, world.stranger)
    yield invalid(op, "subject/mismatch", "a stranger's key for the resident's sub", given(own))
    yield invalid(op, "jose/type", "a record in its place", given(approval.record))
    for error, comment, token in all_attacks(good, 8192):
        yield invalid(op, error, comment, given(token))


def revocation() -> Iterator[Case]:
    """Revocations."""
    op, good = "revocation.verify", world.revocation
    claims = good.claims

    def given(wrong: Document | str) -> Json:
        compact = wrong if isinstance(wrong, str) else wrong.compact
        expected = {name: claims[name] for name in ("sub", "grant_id", "record_hash")}
        return {"revocation": compact, "client_id": PARKING, **expected}

    yield valid(op, "a revocation", given(good), {"iat": NOW})
    stranger = jose.thumbprint(world.stranger)
    for error, comment, wrong in (
        (
            "subject/mismatch",
            "of another subject",
            by_subject(jose.REVOCATION, {**claims, "sub": stranger}, world.stranger),
        ),
        (
            "subject/mismatch",
            "a stranger's key for the resident's sub",
            by_subject(jose.REVOCATION, claims, world.stranger),
        ),
        ("revocation/audience", "of another service", good.claiming(aud=world.LIBRARY)),
        ("revocation/grant", "of another grant", good.claiming(grant_id=an_id("another grant"))),
        ("revocation/record", "of another record", good.claiming(record_hash=digest("another"))),
        ("revocation/members", "an unknown member", good.claiming(more=1)),
        ("revocation/members", "iat is null", good.claiming(iat=None)),
        ("revocation/members", "grant_id is an array", good.claiming(grant_id=[GRANT])),
        ("jose/type", "a subject proof in its place", world.subject_proof),
    ):
        yield invalid(op, error, comment, given(wrong))
    for name in claims:
        yield invalid(op, "revocation/members", f"no {name}", given(good.without(name)))
    for error, comment, token in all_attacks(good, 8192):
        yield invalid(op, error, comment, given(token))


def pause() -> Iterator[Case]:
    """Words that a grant is paused, or goes on."""
    op, good = "pause.verify", world.pause
    claims = good.claims

    def given(wrong: Document | str, *, paused: bool = True) -> Json:
        compact = wrong if isinstance(wrong, str) else wrong.compact
        expected = {name: claims[name] for name in ("sub", "grant_id", "record_hash")}
        return {"word": compact, "client_id": PARKING, **expected, "paused": paused}

    yield valid(op, "it is paused", given(good), {"seq": 7})
    yield valid(op, "it goes on", given(good.claiming(paused=False, seq=8), paused=False), {"seq": 8})
    for error, comment, wrong in (
        ("subject/mismatch", "a stranger's key for the resident's sub", by_subject(jose.PAUSE, claims, world.stranger)),
        ("pause/audience", "of another service", good.claiming(aud=world.LIBRARY)),
        ("pause/grant", "of another grant", good.claiming(grant_id=an_id("another grant"))),
        ("pause/record", "of another record", good.claiming(record_hash=digest("another"))),
        ("pause/paused", "that it goes on", good.claiming(paused=False)),
        ("pause/members", "an unknown member", good.claiming(more=1)),
        ("pause/members", "seq is 0", good.claiming(seq=0)),
        ("pause/members", "paused is 1", good.claiming(paused=1)),
        ("jose/type", "a revocation in its place", world.revocation),
    ):
        yield invalid(op, error, comment, given(wrong))
    for name in claims:
        yield invalid(op, "pause/members", f"no {name}", given(good.without(name)))
    for error, comment, token in all_attacks(good, 8192):
        yield invalid(op, error, comment, given(token))
