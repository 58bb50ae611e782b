"""What every reader of a JWS must refuse, made from one good document."""

import hashlib
import hmac
from collections.abc import Iterator

from pds.core.encoding import Json, b64u, jcs, unb64u
from protocols.vectors.make import keys, world
from protocols.vectors.make.sign import Document, always, es256, part

Wrong = tuple[str, str, str]  # error, comment, token


def header_attacks(good: Document) -> Iterator[Wrong]:
    """A header that says more, or something else, than the document's form."""
    for member, value in (
        ("crit", ["b64"]),
        ("jku", "https://evil.example/keys"),
        ("x5u", "https://evil.example/cert"),
        ("x5c", ["MIIB"]),
        ("b64", True),
        ("zip", "DEF"),
        ("cty", "JWT"),
    ):
        yield "jose/header", f"header has {member}", good.headed(**{member: value}).compact
    yield "jose/header", "typ is a number", good.headed(typ=1).compact
    for algorithm in ("none", "HS256", "ES384", "RS256", "es256", "ES256K"):
        yield "jose/algorithm", f"alg is {algorithm}", good.headed(alg=algorithm).compact
    yield "jose/algorithm", "no alg", good.headless("alg").compact
    yield "jose/algorithm", "alg is none and the signature empty", good.headed(alg="none").signed(always(b"")).compact
    secret = jcs(keys.jwk(world.subject))
    hashed = good.headed(alg="HS256").signed(lambda message: hmac.digest(secret, message, hashlib.sha256))
    yield "jose/algorithm", "HS256 with the public key as the secret", hashed.compact
    yield "jose/type", "typ of another document", good.headed(typ="at+jwt").compact
    header = jcs(good.header)
    yield "jose/malformed", "header names alg twice", good.raw(header=header[:-1] + b',"alg":"ES256"}').compact
    yield "jose/malformed", "header is not JSON", good.raw(header=b"{").compact
    yield "jose/malformed", "header is an array", good.raw(header=b'["ES256"]').compact
    yield "jose/malformed", "header has a byte order mark", good.raw(header=b"\xef\xbb\xbf" + header).compact


def form_attacks(good: Document, longest: int) -> Iterator[Wrong]:
    """A compact form that is none."""
    token = good.compact
    header, payload, signature = token.split(".")
    yield "jose/malformed", "two parts", f"{header}.{payload}"
    yield "jose/malformed", "four parts", token + "."
    yield "jose/malformed", "empty", ""
    yield "jose/malformed", "padding after the signature", token + "=="
    yield "jose/malformed", "a line feed after the signature", token + "\n"
    yield "jose/malformed", "a space before the header", " " + token
    yield "jose/malformed", "standard base64 alphabet", f"{header}.{payload}.+{signature[1:]}"
    odd = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    trailing = odd[odd.index(signature[-1]) + 1]
    yield "jose/malformed", "the last character of the signature has trailing bits", token[:-1] + trailing
    filler = "A" * (longest + 1 - len(token))
    yield "jose/too-long", f"longer than {longest} bytes", token + filler


def signature_attacks(good: Document) -> Iterator[Wrong]:
    """ES256 signatures that are none."""
    order = keys.P256_ORDER
    whole = good.signer(f"{part(good.header)}.{part(jcs(good.claims))}".encode())
    r, s = whole[:32], whole[32:]
    for comment, bad in (
        ("a changed byte", bytes([whole[0] ^ 1]) + whole[1:]),
        ("r is 0", bytes(32) + s),
        ("s is 0", r + bytes(32)),
        ("r and s are 0", bytes(64)),
        ("r is the order", order.to_bytes(32) + s),
        ("s is the order", r + order.to_bytes(32)),
        ("s plus the order, which needs a 33rd byte", r + (int.from_bytes(s) + order).to_bytes(33)),
        ("r and s exchanged", s + r),
        ("one byte short", whole[:-1]),
        ("one byte long", whole + b"\x00"),
        ("empty", b""),
        ("DER instead of r ‖ s", der(r, s)),
    ):
        yield "jose/signature", f"signature: {comment}", good.signed(always(bad)).compact
    other = good.claiming(iat=0).compact.split(".")
    mixed = good.compact.split(".")
    yield "jose/signature", "another payload under the signature", ".".join([mixed[0], other[1], mixed[2]])
    yield "jose/signature", "signed by another key", good.signed(es256(world.stranger)).compact


def der(r: bytes, s: bytes) -> bytes:
    def integer(value: bytes) -> bytes:
        value = value.lstrip(b"\x00")
        value = b"\x00" + value if value[0] & 0x80 else value
        return bytes([2, len(value)]) + value

    body = integer(r) + integer(s)
    return bytes([0x30, len(body)]) + body


def key_attacks(good: Document) -> Iterator[Wrong]:
    """A `jwk` in the header that is not exactly a public P-256 key."""
    jwk: Json = good.header["jwk"]
    yield "jose/key", "no jwk", good.headless("jwk").compact
    for comment, bad in (
        ("jwk holds the private member", {**jwk, "d": b64u(keys.fixed("d", 32))}),
        ("jwk has a kid", {**jwk, "kid": "1"}),
        ("jwk has no y", {name: jwk[name] for name in ("crv", "kty", "x")}),
        ("the point is not on the curve", {**jwk, "y": b64u(keys.fixed("off the curve", 32))}),
        ("the point is (0, 0)", {**jwk, "x": b64u(bytes(32)), "y": b64u(bytes(32))}),
        ("x is one byte short", {**jwk, "x": b64u(keys.fixed("short", 31))}),
        ("x has a leading zero too many", {**jwk, "x": b64u(bytes(1) + unb64u(jwk["x"]))}),
        ("x is padded", {**jwk, "x": jwk["x"] + "="}),
        ("crv is P-384", {**jwk, "crv": "P-384"}),
        ("kty is oct", {"kty": "oct", "k": b64u(bytes(32))}),
        ("jwk is a string", "key"),
        ("jwk is Ed25519", {"crv": "Ed25519", "kty": "OKP", "x": jwk["x"]}),
    ):
        yield "jose/key", comment, good.headed(jwk=bad).compact


def payload_attacks(good: Document) -> Iterator[Wrong]:
    """A signed payload that is no strict JSON object."""
    whole = jcs(good.claims)
    for comment, bad in (
        ("payload is empty", b""),
        ("payload is an array", b"[]"),
        ("payload names iat twice", whole[:-1] + b',"iat":0}'),
        ("payload has a fraction", whole[:-1] + b',"one":1.0}'),
        ("payload is not UTF-8", whole[:-1] + b',"x":"\xff"}'),
        ("payload has a lone surrogate", whole[:-1] + rb',"x":"\ud800"}'),
    ):
        yield "jose/payload", comment, good.raw(claims=bad).compact


def some_attacks(good: Document) -> Iterator[Wrong]:
    """One of each kind, for documents that other code paths read."""
    yield "jose/malformed", "two parts", good.compact.rpartition(".")[0]
    yield "jose/malformed", "a line feed after the signature", good.compact + "\n"
    yield "jose/header", "header has crit", good.headed(crit=["exp"]).compact
    yield "jose/header", "header has jku", good.headed(jku="https://evil.example/keys").compact
    yield "jose/algorithm", "alg is none and the signature empty", good.headed(alg="none").signed(always(b"")).compact
    yield "jose/algorithm", "alg is HS256", good.headed(alg="HS256").compact
    yield "jose/type", "typ of another document", good.headed(typ="at+jwt").compact
    header, claims = jcs(good.header), jcs(good.claims)
    yield "jose/malformed", "header names alg twice", good.raw(header=header[:-1] + b',"alg":"ES256"}').compact
    yield "jose/signature", "signature: zeros", good.signed(always(bytes(64))).compact
    yield "jose/signature", "signature: empty", good.signed(always(b"")).compact
    yield "jose/payload", "payload is an array", good.raw(claims=b"[]").compact
    yield "jose/payload", "payload names iat twice", good.raw(claims=claims[:-1] + b',"iat":0}').compact


def all_attacks(good: Document, longest: int) -> Iterator[Wrong]:
    """Everything above, for a document whose key is in its header."""
    yield from form_attacks(good, longest)
    yield from header_attacks(good)
    yield from key_attacks(good)
    yield from signature_attacks(good)
    yield from payload_attacks(good)
