"""Keys of every kind that a forger might try, and what they sign. By `cryptography` alone: no JOSE library would."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from pds.core.encoding import b64u, unb64u

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
_CURVES: dict[str, tuple[ec.EllipticCurve, int]] = {
    "ec": (ec.SECP256R1(), 32),
    "p384": (ec.SECP384R1(), 48),
    "secp256k1": (ec.SECP256K1(), 32),
}
_NAMES = {"ec": "P-256", "p384": "P-384", "secp256k1": "secp256k1"}
_BITS = {"rsa": 2048, "rsa1024": 1024}


@dataclass(frozen=True)
class Key:
    """A key pair; `algorithm` is what it signs with unless told otherwise."""

    private: Private
    algorithm: str

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key, with the required members only."""
        key = self.private
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return {"kty": "OKP", "crv": "Ed25519", "x": b64u(key.public_key().public_bytes_raw())}
        if isinstance(key, rsa.RSAPrivateKey):
            numbers = key.public_key().public_numbers()
            return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        name, size = next(
            (_NAMES[kind], size) for kind, (curve, size) in _CURVES.items() if curve.name == key.curve.name
        )
        point = key.public_key().public_numbers()
        return {"kty": "EC", "crv": name, "x": b64u(point.x.to_bytes(size)), "y": b64u(point.y.to_bytes(size))}

    @property
    def private_jwk(self) -> dict[str, Any]:
        """The same with its secret: what nobody should ever send."""
        assert isinstance(self.private, ec.EllipticCurvePrivateKey)
        return self.jwk | {"d": b64u(self.private.private_numbers().private_value.to_bytes(32))}

    @property
    def thumbprint(self) -> str:
        """RFC 7638."""
        return b64u(hashlib.sha256(json.dumps(self.jwk, sort_keys=True, separators=(",", ":")).encode()).digest())

    def sign(self, message: bytes) -> bytes:
        """As RFC 7518 and RFC 8037 say, by the kind of the key."""
        key = self.private
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(message)
        if isinstance(key, rsa.RSAPrivateKey):
            if self.algorithm == "RS256":
                return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
            return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        size = next(size for curve, size in _CURVES.values() if curve.name == key.curve.name)
        r, s = decode_dss_signature(self.der(message))
        return r.to_bytes(size) + s.to_bytes(size)

    def der(self, message: bytes) -> bytes:
        """An ECDSA signature in ASN.1, which JOSE does not use."""
        assert isinstance(self.private, ec.EllipticCurvePrivateKey)
        return self.private.sign(message, ec.ECDSA(hashes.SHA384() if self.algorithm == "ES384" else hashes.SHA256()))

    def secrets(self) -> dict[str, bytes]:
        """The public key in the forms in which it was taken as an HMAC secret (CVE-2015-9235 and its many children)."""
        public = self.private.public_key()
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        return {
            "pem": public.public_bytes(serialization.Encoding.PEM, info),
            "der": public.public_bytes(serialization.Encoding.DER, info),
            "jwk": json.dumps(self.jwk, sort_keys=True, separators=(",", ":")).encode(),
            "x": unb64u(self.jwk["x"]),
            "empty": b"",
        }


def new_key(kind: str = "ec") -> Key:
    """A fresh key: `ec` (P-256), `ed25519`, `rsa`, `rs256`, `rsa1024`, `p384` or `secp256k1`."""
    match kind:
        case "ed25519":
            return Key(ed25519.Ed25519PrivateKey.generate(), "EdDSA")
        case "rsa" | "rsa1024":
            return Key(_rsa(_BITS[kind]), "PS256")
        case "rs256":
            return Key(_rsa(2048), "RS256")
    algorithm = {"ec": "ES256", "p384": "ES384", "secp256k1": "ES256K"}[kind]
    return Key(ec.generate_private_key(_CURVES[kind][0]), algorithm)


def read_key(jwk: dict[str, Any]) -> Key:
    """A private P-256 key, as a client's configuration has it."""
    return Key(ec.derive_private_key(int.from_bytes(unb64u(jwk["d"])), ec.SECP256R1()), "ES256")


def hs256(secret: bytes, message: bytes) -> bytes:
    """What a server that lets the token choose the algorithm would compute."""
    return hmac.digest(secret, message, "sha256")


@cache
def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)  # slow: one of each size serves the whole run


def _number(value: int) -> str:
    return b64u(value.to_bytes((value.bit_length() + 7) // 8))
