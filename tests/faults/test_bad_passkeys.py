"""Passkeys bent in every byte: refused by name, whatever the library beneath makes of them."""

import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.errors import Refused
from pds.residents import passkeys

HOST, ORIGIN = "localhost", "http://localhost:8080"
CHALLENGE = bytes(32)
ID = bytes(range(32))
KEY = ec.generate_private_key(ec.SECP256R1())
DICE = random.Random(20261123)  # noqa: S311  to be the same each time
TIMES = 1500


def client_data(kind: str, origin: str = ORIGIN, challenge: bytes = CHALLENGE) -> bytes:
    return json.dumps({"type": kind, "challenge": b64u(challenge), "origin": origin, "crossOrigin": False}).encode()


def authenticator_data(flags: int, count: int, more: bytes = b"") -> bytes:
    return sha256(HOST.encode()).digest() + bytes([flags]) + count.to_bytes(4) + more


def attestation() -> bytes:
    numbers = KEY.public_key().public_numbers()
    cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
    data = authenticator_data(0x45, 7, bytes(16) + len(ID).to_bytes(2) + ID + cose)
    return cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})


def registration(attested: bytes, said: bytes) -> Json:
    return {
        "id": b64u(ID),
        "attestation_object": b64u(attested) or "A",
        "client_data_json": b64u(said) or "A",
        "transports": ["internal"],
    }


def registered(document: Json) -> passkeys.Credential:
    return passkeys.verify_registration(document, rp=HOST, origin=ORIGIN, challenge=CHALLENGE)


def assertion(data: bytes, said: bytes, signature: bytes) -> Json:
    fields = {"authenticator_data": data, "client_data_json": said, "signature": signature, "user_handle": ID, "id": ID}
    return {name: b64u(value) or "A" for name, value in fields.items()}


def bent(data: bytes) -> Iterator[bytes]:
    """Cut at every byte, each byte another, some twice, and noise."""
    yield from (data[:end] for end in range(len(data)))
    yield from (data + bytes(count) for count in (1, 4, 4000))
    for _ in range(TIMES):
        changed = bytearray(data)
        for _ in range(DICE.randint(1, 4)):
            place = DICE.randrange(len(changed))
            changed[place : place + DICE.randint(0, 2)] = DICE.randbytes(DICE.randint(0, 3))
        yield bytes(changed)
        yield DICE.randbytes(DICE.randint(1, 80))
    # Structures that a small parser follows for ever, or believes.
    yield from (b"\x81" * 1500, b"\xa1\x00" * 700, b"\x9f" * 1500, b"\x9b" + b"\xff" * 8, b"\x5b\x7f" + b"\xff" * 7)
    yield cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": 7})
    yield cbor2.dumps({"fmt": ["none"], "attStmt": None, "authData": bytes(37)})
    yield cbor2.dumps({"fmt": "packed", "attStmt": {"x5c": [7], "sig": "x", "alg": {}}, "authData": bytes(200)})
    yield cbor2.dumps([1, 2, 3])
    yield b"null"
    yield b'{"type":7,"challenge":[],"origin":{}}'
    yield b"[" * 2500


def only_refused(act: Callable[[], object]) -> str:
    """Empty where the act went well or was refused by name; else what it raised."""
    try:
        act()
    except (Refused, Invalid):
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def test_a_right_passkey_is_taken() -> None:
    made = registered(registration(attestation(), client_data("webauthn.create")))
    data, said = authenticator_data(0x05, 8), client_data("webauthn.get")
    signature = KEY.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
    fields = passkeys.read_assertion(assertion(data, said, signature))
    assert passkeys.verify_assertion(fields, made, rp=HOST, origin=ORIGIN, challenge=CHALLENGE) == 8


@pytest.mark.parametrize("part", ["attestation", "client data"])
def test_a_bent_new_passkey_is_refused_by_name(part: str) -> None:
    said, attested = client_data("webauthn.create"), attestation()
    wrong = {}
    for bad in bent(attested if part == "attestation" else said):
        document = registration(bad, said) if part == "attestation" else registration(attested, bad)
        if raised := only_refused(lambda document=document: registered(document)):  # type: ignore[misc]
            wrong[raised[:60]] = bad.hex()[:200]
    assert wrong == {}


@pytest.mark.parametrize("part", range(3))
def test_a_bent_sign_in_is_refused_by_name(part: int) -> None:
    known = registered(registration(attestation(), client_data("webauthn.create")))
    data, said = authenticator_data(0x05, 8), client_data("webauthn.get")
    right = [data, said, KEY.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))]
    wrong = {}
    for bad in bent(right[part]):
        fields = assertion(*[bad if number == part else each for number, each in enumerate(right)])

        def act(fields: Json = fields) -> object:
            read = passkeys.read_assertion(fields)
            return passkeys.verify_assertion(read, known, rp=HOST, origin=ORIGIN, challenge=CHALLENGE)

        if raised := only_refused(act):
            wrong[raised[:60]] = bad.hex()[:200]
    assert wrong == {}


def test_an_id_longer_than_any_passkeys_is_refused_before_anybody_looks_for_it() -> None:
    signed = assertion(authenticator_data(5, 8), client_data("webauthn.get"), b"signature")
    longest = signed | {"id": "A" * passkeys.MAX_CREDENTIAL_ID}
    assert passkeys.read_assertion(longest) == longest
    with pytest.raises(Invalid, match="login/members"):
        passkeys.read_assertion(signed | {"id": "A" * (passkeys.MAX_CREDENTIAL_ID + 1)})
