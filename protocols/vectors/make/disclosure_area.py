"""Area `disclosure`. The JWE is made with a fixed ephemeral key, so that it is the same each time."""

from collections.abc import Iterator
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, b64u, digest, unb64u
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import some_attacks
from protocols.vectors.make.keys import an_id
from protocols.vectors.make.sign import Document, by_subject, es256, jwe, part
from protocols.vectors.make.world import DECISIONS, ENDS, NOW, PARKING, VALUES, approval

OP = "disclosure.open"


def given(message: Document | str, **changes: Any) -> Json:
    compact = message if isinstance(message, str) else approval.message(message)
    return {
        "disclosure": compact,
        "key": world.private_jwk("parking decrypts"),
        "record": approval.record.compact,
        "request_hash": approval.record.claims["request_hash"],
        "client_id": PARKING,
        "now": NOW,
        "last": None,
        "n": 2,
        **changes,
    }


def disclosure() -> Iterator[Case]:
    yield from capacity()
    yield from good()
    yield from claims_wrong()
    yield from envelope_wrong()
    jwk = keys.jwk(world.subject)
    private = approval.disclosure.headed(jwk=world.private_jwk("subject"))
    astray = approval.disclosure.headed(jwk={**jwk, "y": jwk["x"]})
    attacks = (*some_attacks(approval.disclosure), ("jose/key", "jwk is private", private.compact))
    for error, comment, token in (*attacks, ("jose/key", "jwk is not on the curve", astray.compact)):
        yield invalid(OP, error, f"inside: {comment}", given(approval_of(token)))


def approval_of(inner: str) -> str:
    return jwe(inner.encode(), keys.jwk(world.sealing), "disclosure")


def capacity() -> Iterator[Case]:
    op = "disclosure.capacity"
    for comment, attributes, size in (
        ("one boolean", ["person.age_over_18"], 4096),
        ("a permit", ["contact.email", "contact.mobile", "person.full_name"], 4096),
        ("an address", ["address.current", "person.full_name"], 16384),
        (
            "everything about a household",
            ["address.current", "address.history", "benefit.awards", "health.conditions", "household.members"],
            32768,
        ),
        ("a text of one's own: 1280 + 192 + 12000", ["health.conditions"], 16384),
    ):
        yield valid(op, comment, {"attributes": attributes}, size)
    arrays = ["address.history", "benefit.awards", "contact.communication_needs", "household.members"]
    names = ["address.current", "contact.correspondence_address", "health.conditions", *arrays]
    comment = "more than 32768 bytes"
    yield invalid(op, "disclosure/too-large", comment, {"attributes": names})


def good() -> Iterator[Case]:
    inner = approval.disclosure
    output = {"revision": 1, "claims": VALUES}
    newer = inner.claiming(revision=3)
    for comment, message, changes, result in (
        ("a disclosure", inner, {}, output),
        ("the same again", inner, {"last": {"revision": 1, "n": 2}}, output),
        ("a newer one", newer, {"last": {"revision": 1, "n": 2}, "n": 4}, {**output, "revision": 3}),
        ("a second before the end", inner, {"now": ENDS - 1}, output),
        ("not padded: its size is the wallet's affair", inner.claiming(pad=""), {}, output),
    ):
        yield valid(OP, comment, given(message, **changes), result)
    derived = {**VALUES, "contact.email": {"value": "a@example.org", "source": "derived", "as_of": "2026-11-23"}}
    yield valid(OP, "a derived value", given(inner.claiming(claims=derived)), {"revision": 1, "claims": derived})
    other = {**VALUES, "contact.email": {"absent": "not_applicable"}}
    yield valid(OP, "not applicable", given(inner.claiming(claims=other)), {"revision": 1, "claims": other})


def claims_wrong() -> Iterator[Case]:
    inner = approval.disclosure
    claims = inner.claims
    stranger = jose.thumbprint(world.stranger)
    name = VALUES["person.full_name"]

    def values(**changes: Any) -> Json:
        return {"claims": {**VALUES, "person.full_name": {**name, **changes}}}

    forged = by_subject(jose.DISCLOSURE, {**claims, "sub": stranger, "iss": stranger}, world.stranger)
    yield invalid(OP, "subject/mismatch", "a stranger's, in itself in order", given(forged))
    yield invalid(
        OP,
        "subject/mismatch",
        "a stranger's key for the resident's sub",
        given(by_subject(jose.DISCLOSURE, claims, world.stranger)),
    )
    for error, comment, changes in (
        ("subject/mismatch", "iss is somebody else", {"iss": stranger}),
        ("disclosure/members", "an unknown member", {"more": 1}),
        ("disclosure/members", "revision 0", {"revision": 0}),
        ("disclosure/members", "revision is true", {"revision": True}),
        ("disclosure/members", "claims in an array", {"claims": []}),
        ("disclosure/members", "decisions are null", {"decisions": None}),
        ("disclosure/members", "the salt is no id", {"decisions_salt": "salt"}),
        ("disclosure/members", "aud is an array", {"aud": [PARKING]}),
        ("disclosure/members", "pad is a number", {"pad": 0}),
        ("disclosure/members", "deposit_jwk is private", {"deposit_jwk": world.private_jwk("deposit")}),
        ("disclosure/audience", "for another service", {"aud": world.LIBRARY}),
        ("disclosure/grant", "of another grant", {"grant_id": an_id("another grant")}),
        ("disclosure/request", "of another request", {"request_hash": digest("another")}),
        ("disclosure/expired", "another end than the record's", {"exp": ENDS + 1}),
        ("disclosure/attributes", "a claim more", {"claims": {**VALUES, "address.current": {"absent": "withheld"}}}),
        ("disclosure/attributes", "a claim fewer", {"claims": {"person.full_name": name}}),
        ("disclosure/attributes", "a decision fewer", {"decisions": {"person.full_name": "share"}}),
        ("disclosure/claim", "another source", values(source="attested")),
        ("disclosure/claim", "another member", values(evidence="x")),
        ("disclosure/claim", "as_of is no day", values(as_of="2026-02-30")),
        ("disclosure/claim", "as_of is a time", values(as_of=NOW)),
        ("disclosure/claim", "a bare value", {"claims": {**VALUES, "person.full_name": "Siân O’Connor"}}),
        ("disclosure/claim", "another absence", {"claims": {**VALUES, "contact.email": {"absent": "lost"}}}),
        (
            "disclosure/claim",
            "value and absence",
            {"claims": {**VALUES, "contact.email": {"absent": "withheld", "value": "x"}}},
        ),
        ("disclosure/decision", "another decision", {"decisions": {**DECISIONS, "contact.email": "ask"}}),
        (
            "disclosure/decision",
            "withheld, and yet a value",
            {"claims": {**VALUES, "contact.mobile": {**name, "value": "+447700900123"}}},
        ),
        (
            "disclosure/decisions",
            "other decisions than the record's",
            {"decisions": {**DECISIONS, "contact.email": "withhold"}},
        ),
        ("disclosure/decisions", "another salt", {"decisions_salt": an_id("another salt")}),
    ):
        yield invalid(OP, error, comment, given(inner.claiming(**changes)))
    for member in claims:
        yield invalid(OP, "disclosure/members", f"no {member}", given(inner.without(member)))
    for error, comment, arguments in (
        ("disclosure/audience", "another service reads it", {"client_id": world.LIBRARY}),
        ("disclosure/request", "the service asked something else", {"request_hash": digest("another")}),
        ("disclosure/expired", "the end has come", {"now": ENDS}),
        ("disclosure/rolled-back", "an older revision", {"last": {"revision": 2, "n": 2}}),
        ("disclosure/rolled-back", "an older position", {"last": {"revision": 1, "n": 3}}),
    ):
        yield invalid(OP, error, comment, given(inner, **arguments))


def envelope_wrong() -> Iterator[Case]:
    inner = approval.disclosure
    token = approval.message()
    pieces = token.split(".")
    epk = keys.jwk(keys.p256("ephemeral disclosure"))

    def cut(at: int, text: str) -> str:
        return ".".join([*pieces[:at], text, *pieces[at + 1 :]])

    def flip(at: int) -> str:
        raw = unb64u(pieces[at])
        return cut(at, b64u(raw[:-1] + bytes([raw[-1] ^ 1])))

    def headed(**changes: Any) -> str:
        return approval.message(header=changes)

    header = {
        "alg": "ECDH-ES+A256KW",
        "enc": "A256GCM",
        "kid": jose.thumbprint(world.sealing),
        "typ": "disclosure+jwt",
        "epk": epk,
    }
    twice = part(header)
    for error, comment, wrong in (
        ("jose/malformed", "four parts", ".".join(pieces[:4])),
        ("jose/malformed", "six parts", token + "."),
        ("jose/malformed", "a JWS", inner.compact),
        ("jose/malformed", "truncated in the header", token[20:]),
        ("jose/malformed", "a padded part", cut(4, pieces[4] + "==")),
        ("jose/malformed", "the header names enc twice", cut(0, b64u(unb64u(twice)[:-1] + b',"enc":"A256GCM"}'))),
        ("jose/too-long", "longer than 65536 bytes", cut(3, "A" * 65536)),
        ("jose/header", "compressed", headed(zip="DEF")),
        ("jose/header", "crit", headed(crit=["exp"])),
        ("jose/header", "jku", headed(jku="https://evil.example")),
        ("jose/header", "apu", headed(apu="AA")),
        ("jose/header", "cty", headed(cty="JWT")),
        ("jose/header", "a jwk", headed(jwk=epk)),
        ("jose/algorithm", "the shared secret itself as key", headed(alg="ECDH-ES")),
        ("jose/algorithm", "dir", headed(alg="dir")),
        ("jose/algorithm", "RSA1_5", headed(alg="RSA1_5")),
        ("jose/algorithm", "another content encryption", headed(enc="A128CBC-HS256")),
        ("jose/type", "another type", headed(typ="JWT")),
        ("jose/key", "for another key", jwe(inner.compact.encode(), keys.jwk(world.stranger), "disclosure")),
        ("jose/key", "epk is not on the curve", headed(epk={**epk, "y": epk["x"]})),
        ("jose/key", "epk is (0, 0)", headed(epk={**epk, "x": b64u(bytes(32)), "y": b64u(bytes(32))})),
        ("jose/key", "epk is private", headed(epk=world.private_jwk("stranger"))),
        ("jose/key", "epk is on another curve", headed(epk={**epk, "crv": "P-384"})),
        ("jose/key", "epk is Ed25519", headed(epk={"kty": "OKP", "crv": "X25519", "x": epk["x"]})),
        ("disclosure/decrypt", "another epk", headed(epk=keys.jwk(world.stranger))),
        ("disclosure/decrypt", "the wrapped key is changed", flip(1)),
        ("disclosure/decrypt", "the wrapped key is empty", cut(1, "")),
        ("disclosure/decrypt", "the nonce is changed", flip(2)),
        ("disclosure/decrypt", "the nonce is empty", cut(2, "")),
        ("disclosure/decrypt", "the ciphertext is changed", flip(3)),
        ("disclosure/decrypt", "the ciphertext is truncated", cut(3, pieces[3][:-4])),
        ("disclosure/decrypt", "the tag is changed", flip(4)),
        ("disclosure/decrypt", "the tag is short", cut(4, b64u(unb64u(pieces[4])[:12]))),
        ("disclosure/decrypt", "the tag is empty", cut(4, "")),
        ("jose/malformed", "not signed", approval_of('{"claims":{}}')),
        ("jose/malformed", "encrypted twice", approval_of(token)),
        ("jose/type", "a record inside", approval_of(approval.record.compact)),
        ("jose/signature", "signed by another key", approval.message(inner.signed(es256(world.stranger)))),
    ):
        yield invalid(OP, error, comment, given(wrong))
    for name in ("kid", "epk"):
        raw = {key: value for key, value in header.items() if key != name}
        yield invalid(OP, "jose/key", f"no {name}", given(cut(0, part(raw))))
    older = given(inner, key=world.private_jwk("stranger"))
    yield invalid(OP, "jose/key", "the service opens it with another key", older)
