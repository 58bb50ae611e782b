"""What a service gets: its size tells nothing, and any JOSE library opens it in two calls."""

import json
import warnings
from collections.abc import Callable
from itertools import chain, combinations, product
from typing import Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from pds.core import catalogue, disclosure, jose, seal
from pds.core.encoding import Json, jcs
from pds.core.errors import Invalid
from protocols.vectors.make import keys, world
from protocols.vectors.make.sign import jwe as encrypt
from tests.core.approving import Approved, approve_attributes, jwk_of, share
from tests.examples import LEISURE, PARKING


def sets_of(service: Json) -> list[tuple[str, ...]]:
    """Every set of attributes that a purpose of this service lets it ask."""
    found: set[tuple[str, ...]] = set()
    for purpose in service["purposes"]:
        names = sorted(purpose["attributes"])
        found.update(chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1)))
    return sorted(found)


def longest(id: str) -> Any:
    """A value that is about as long as this attribute may be."""
    entry = catalogue.ATTRIBUTES[id]
    if entry.type == "string" and "maxLength" in entry.validation:
        text = "ŵ" * min(entry.validation["maxLength"], 5000)
        try:
            return catalogue.check(id, text)
        except Invalid:
            return entry.example
    return entry.example


@pytest.mark.parametrize("attributes", [*sets_of(PARKING), *sets_of(LEISURE)], ids=" ".join)
def test_the_size_is_the_same_whatever_was_shared(attributes: tuple[str, ...]) -> None:
    sizes = set()
    for answers in product(("shared", "longest", "withheld", "not held"), repeat=min(2, len(attributes))):
        of = {id: answers[at % len(answers)] for at, id in enumerate(attributes)}
        decisions = {id: "withhold" if answer == "withheld" else "share" for id, answer in of.items()}
        claims = {id: claim(id, answer) for id, answer in of.items()}
        approved = approve_attributes(list(attributes), decisions)
        compact = approved.disclose(claims, decisions)
        assert approved.open(compact).claims == claims
        inner = jose.decrypt(compact, jose.DISCLOSURE_JWE, approved.recipient).decode()
        assert len(jcs(jose.peek(inner))) == disclosure.capacity(attributes)
        sizes.add(len(compact))
    assert len(sizes) == 1


def claim(id: str, answer: str) -> Json:
    if answer in ("withheld", "not held"):
        return {"absent": answer.replace(" ", "_")}
    return share(longest(id) if answer == "longest" else catalogue.ATTRIBUTES[id].example)


def test_the_size_does_not_depend_on_the_revision_or_the_key() -> None:
    approved = approve_attributes(["contact.email"], {"contact.email": "share"})
    claims = {"contact.email": share("a@example.org")}
    lengths = {
        len(approved.disclose(claims, {"contact.email": "share"}, revision=revision)) for revision in (1, 9, 10, 2**40)
    }
    assert len(lengths) == 1


def test_sizes_are_sealing_sizes() -> None:
    for attributes in (*sets_of(PARKING), *sets_of(LEISURE)):
        size = disclosure.capacity(attributes)
        assert size == seal.padded_size(size)
        assert size in (4096, 16384, 32768)


def test_a_payload_that_would_not_fit_is_not_made() -> None:
    approved = approve_attributes(["contact.email"], {"contact.email": "share"})
    with pytest.raises(Invalid, match="disclosure/too-large"):
        approved.disclose({"contact.email": share("x" * 4000)}, {"contact.email": "share"})


def by_joserfc(token: str, key: Json, subject: Json) -> bytes:
    inner = jwe.decrypt_compact(token, ECKey.import_key(key), algorithms=["ECDH-ES+A256KW", "A256GCM"]).plaintext
    return jws.deserialize_compact(inner or b"", ECKey.import_key(subject), algorithms=["ES256"]).payload


def by_jwcrypto(token: str, key: Json, subject: Json) -> bytes:
    opened, signed = JWE(algs=["ECDH-ES+A256KW", "A256GCM"]), JWS()
    opened.deserialize(token, JWK(**key))
    signed.deserialize(opened.payload.decode(), JWK(**subject))
    payload: bytes = signed.payload
    return payload


def by_authlib(token: str, key: Json, subject: Json) -> bytes:
    import authlib.deprecate  # which would otherwise switch its warnings on inside the next block

    with warnings.catch_warnings(action="ignore", category=authlib.deprecate.AuthlibDeprecationWarning):
        from authlib.jose import JsonWebEncryption, JsonWebKey, JsonWebSignature
    opened = JsonWebEncryption(["ECDH-ES+A256KW", "A256GCM"]).deserialize_compact(token, JsonWebKey.import_key(key))
    signed = JsonWebSignature(["ES256"]).deserialize_compact(opened["payload"], JsonWebKey.import_key(subject))
    payload: bytes = signed["payload"]
    return payload


@pytest.mark.parametrize("library", [by_joserfc, by_jwcrypto, by_authlib])
def test_any_jose_library_opens_a_disclosure_in_two_calls(library: Callable[[str, Json, Json], bytes]) -> None:
    approved: Approved = approve_attributes(["person.full_name"], {"person.full_name": "share"})
    name = share("Siân Łucja O’Connor-Nguyễn")
    token = approved.disclose({"person.full_name": name}, {"person.full_name": "share"})
    payload = json.loads(library(token, jwk_of(approved.recipient), keys.jwk(approved.subject)))
    assert payload["claims"] == {"person.full_name": name}
    assert payload["sub"] == jose.thumbprint(approved.subject)


@pytest.mark.parametrize("library", [by_joserfc, by_jwcrypto, by_authlib])
def test_the_vectors_own_encryption_is_what_libraries_expect(library: Callable[[str, Json, Json], bytes]) -> None:
    payload = json.loads(
        library(world.approval.message(), world.private_jwk("parking decrypts"), keys.jwk(world.subject))
    )
    assert payload["claims"] == world.VALUES


def test_a_disclosure_with_a_point_off_the_curve_is_refused_before_any_arithmetic() -> None:
    """An invalid-curve attack (RFC 7518 section 8.6 points to it) would learn the service's key bit by bit."""
    epk = keys.jwk(world.stranger)
    for wrong in (
        {**epk, "y": epk["x"]},
        {**epk, "x": "A" * 43, "y": "A" * 43},
        {**epk, "crv": "P-384"},
        {**epk, "x": epk["x"][:-4]},
        {**epk, "d": world.private_jwk("stranger")["d"]},
    ):
        token = encrypt(b"anything", keys.jwk(world.sealing), "test", header={"epk": wrong})
        with pytest.raises(Invalid, match="jose/key"):
            jose.decrypt(token, jose.DISCLOSURE_JWE, world.sealing)
