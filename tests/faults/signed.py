"""Signed documents whose header and payload are any bytes: what no library would sign."""

import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from pds.core.encoding import Json, b64u, unb64u
from tests.faults.mutations import LITERALS, TAILS, TYPES, Where, drop, nodes, put

_MARK = "-here-"


def sign(header: bytes, payload: bytes, key: ECKey) -> str:
    """A compact JWS by ES256, whatever the header says."""
    text = f"{b64u(header)}.{b64u(payload)}"
    private = key.private_key
    assert isinstance(private, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(private.sign(text.encode(), ECDSA(SHA256())))
    return f"{text}.{b64u(r.to_bytes(32) + s.to_bytes(32))}"


def wrong_objects(right: Json) -> Iterator[tuple[Where, str, bytes]]:
    """Place, name and JSON text: each member missing, mistyped, twice, with something after it."""
    for where, value in nodes(right):
        if where:
            yield where, "missing", json.dumps(drop(right, where)).encode()
        for other in TYPES:
            if other != value or type(other) is not type(value):
                yield where, f"as {other!r}", json.dumps(put(right, where, other)).encode()
        for literal in LITERALS:
            text = json.dumps(put(right, where, _MARK)).replace(json.dumps(_MARK), literal)
            yield where, f"as {literal}", text.encode()
        if isinstance(value, str):
            for tail in (*TAILS, "A" * 3000):
                yield where, f"with {tail[:8]!r} after it", json.dumps(put(right, where, value + tail)).encode()
        if isinstance(value, dict):
            for member in value:
                doubled = json.dumps(put(right, where, {_MARK: None, **value})).replace(_MARK, member)
                yield where, f"with {member} twice", doubled.encode()


def wrong_compacts(right: str) -> dict[str, str]:
    """Not even a compact document."""
    header, payload, signature = right.split(".")
    none = b64u(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    return {
        "nothing": "",
        "dots": "..",
        "two parts": f"{header}.{payload}",
        "five parts": f"{right}.{header}.{payload}",
        "no signature": f"{header}.{payload}.",
        "a cut signature": right[:-4],
        "a longer signature": f"{right}AAAA",
        "another signature": f"{header}.{payload}.{'A' * 86}",
        "an empty payload": f"{header}..{signature}",
        "no algorithm": f"{none}.{payload}.",
        "padding": f"{right}=",
        "standard base64": right.replace("-", "+").replace("_", "/") + "+/",
        "a blank before": f" {right}",
        "a line feed after": f"{right}\n",
        "JSON": json.dumps({"payload": payload, "protected": header, "signature": signature}),
        "a megabyte of dots": "." * 60_000,
        "very long": "A" * 60_000,
        "bytes": "é\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    }


def header_of(compact: str) -> Any:
    """The parsed header."""
    return json.loads(unb64u(compact.split(".")[0]))
