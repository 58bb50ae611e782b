"""Fixed keys, ids and bytes, each from its label: nothing here is secret, and nothing here is random."""

import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, b64u

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def fixed(label: str, size: int) -> bytes:
    """`size` bytes that look random."""
    return hashlib.shake_256(f"pds vectors {label}".encode()).digest(size)


def an_id(label: str) -> str:
    """16 bytes as b64u."""
    return b64u(fixed(f"id {label}", 16))


@cache
def p256(label: str) -> ECKey:
    """A P-256 key pair."""
    secret = int.from_bytes(fixed(f"p256 {label}", 48)) % (P256_ORDER - 1) + 1
    numbers = ec.derive_private_key(secret, ec.SECP256R1()).public_key().public_numbers()
    members = {"x": numbers.x, "y": numbers.y, "d": secret}
    return ECKey.import_key(
        {"crv": "P-256", "kty": "EC", **{name: b64u(value.to_bytes(32)) for name, value in members.items()}}
    )


def jwk(key: ECKey) -> Json:
    """Its public half."""
    return jose.public_jwk(key)


# Primes of 1024 bits, found once: making an RSA key is not deterministic.
_RSA_P = int(
    "dd623c7641f78029c2dbcdca2c1504c538323ef3961c75a108453e6b160f801eb6d602c7a4e94d0dd404c78dcadef7b00a5a"
    "fe411053d648d3bc75cfc6bc6ccac64007dee86016cafd24e61220c70a6b302bd486dadb9a3472f5e240789c5070a53ebaf2"
    "6f0d67a0a3c87a89c7f44f86e8bde3243ff6b6a2f00f5415273f0edb",
    16,
)
_RSA_Q = int(
    "b634511c8f0ead2757af0f26491660c5f1a8887afbf1d78492f17c2fd924194df1fc89b9e61b88267998add8e0d517db944b"
    "a40d2fd50670b261663dbdf8969e4f56ef7af7c18e21431cdf4331f7130a8131c8b67ed354bdc2208e031797bb0aac982dee"
    "b2104707e630a34c9caaa4d416fb85c640ab0a50fbb9fd9a3921c57f",
    16,
)


@cache
def rsa_2048() -> rsa.RSAPrivateNumbers:
    """The one RSA key pair."""
    p, q, e = _RSA_P, _RSA_Q, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)


def rsa_jwk() -> Json:
    """The public half of the RSA key."""
    public = rsa_2048().public_numbers
    return {"kty": "RSA", "n": b64u(public.n.to_bytes(256)), "e": b64u(public.e.to_bytes(3))}
