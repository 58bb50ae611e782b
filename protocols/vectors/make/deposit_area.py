"""Area `deposit`. The JWE is made with a fixed ephemeral key, so that it is the same each time."""

from collections.abc import Iterator
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, jcs
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import some_attacks
from protocols.vectors.make.keys import an_id
from protocols.vectors.make.sign import Document, es256, jwe
from protocols.vectors.make.world import DAY, LIBRARY, NOW, PARKING, SUB

OP = "deposit.open"


def email(value: Any) -> Json:
    return {"contact.email": {"value": value, "as_of": "2026-11-02"}}


VALUES = email("a@example.org")
BIRTH = {"person.date_of_birth": {"value": "2008-02-29", "as_of": "2026-11-02"}}


def offer(**changes: Any) -> Document:
    """What parking offers, filled to 4096 bytes."""
    claims: Json = {
        "iss": PARKING,
        "aud": SUB,
        "jti": an_id("deposit"),
        "iat": NOW,
        "exp": NOW + 90 * DAY,
        "why": "held",
        "values": VALUES,
        "pad": "",
    }
    padded = {**claims, "pad": "0" * (4096 - len(jcs(claims)))}
    header = {"alg": "ES256", "typ": "deposit+jwt", "kid": "parking-1"}
    return Document(header, {**padded, **changes}, es256(world.signing))


def given(inner: Document | str, **changes: Any) -> Json:
    compact = inner if isinstance(inner, str) else inner.compact
    return {
        "deposit": jwe(compact.encode(), keys.jwk(world.deposit), "deposit", header={"typ": "deposit+jwt"}),
        "key": world.private_jwk("deposit"),
        "sub": SUB,
        "statement": world.parking.compact,
        "index": world.the_index.compact,
        "now": NOW,
        **changes,
    }


def deposit() -> Iterator[Case]:
    output: Json = {"id": an_id("deposit"), "why": "held", "values": VALUES}
    both = {"contact.mobile": {"value": "+447700900123", "as_of": "2024-02-29"}, **VALUES}
    for comment, inner, changes in (
        ("what an authority holds", offer(), {}),
        ("what was typed", offer(why="typed"), {"why": "typed"}),
        ("two values", offer(values=both), {"values": both}),
        ("not padded: its size is the service's affair", offer(pad=""), {}),
        ("10 seconds ahead", offer(iat=NOW + 10), {}),
        ("a second before its end", offer(exp=NOW + 1), {}),
    ):
        yield valid(OP, comment, given(inner), {**output, **changes})
    for comment, changes in (
        ("an unknown member", {"title": "Important"}),
        ("why is a list", {"why": ["held"]}),
        ("iat is true", {"iat": True}),
        ("jti is no id", {"jti": "1"}),
        ("aud is an array", {"aud": [SUB]}),
        ("values in an array", {"values": [VALUES]}),
        ("a bare value", {"values": {"contact.email": "a@example.org"}}),
        ("as_of is no day", {"values": {"contact.email": {"value": "a@example.org", "as_of": "2026-02-30"}}}),
        ("a value with its source", {"values": {"contact.email": {**VALUES["contact.email"], "source": "derived"}}}),
    ):
        yield invalid(OP, "deposit/members", comment, given(offer(**changes)))
    for member in offer().claims:
        yield invalid(OP, "deposit/members", f"no {member}", given(offer().without(member)))
    for error, comment, changes in (
        ("deposit/issuer", "by the right key in another's name", {"iss": LIBRARY}),
        ("deposit/audience", "for a stranger", {"aud": jose.thumbprint(world.stranger)}),
        ("deposit/time", "11 seconds ahead", {"iat": NOW + 11}),
        ("deposit/time", "its end has come", {"exp": NOW}),
        ("deposit/time", "91 days", {"exp": NOW + 91 * DAY}),
        ("deposit/attribute", "a detail that no purpose has", {"values": BIRTH}),
        ("deposit/value", "not as the catalogue wants it", {"values": email("a@EXAMPLE.org")}),
        ("deposit/value", "a number", {"values": email(1)}),
    ):  # fmt: skip
        yield invalid(OP, error, comment, given(offer(**changes)))
    for error, comment, token in some_attacks(offer()):
        yield invalid(OP, error, f"inside: {comment}", given(token))
    yield invalid(OP, "jose/key", "for another key", given(offer(), key=world.private_jwk("stranger")))
    yield invalid(OP, "jose/key", "by a service whose statement this is not", given(offer().headed(kid="library-1")))
