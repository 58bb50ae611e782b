"""Signing and encrypting byte-reproducibly, and writing what no library would write."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from joserfc.jwk import ECKey
from nacl.signing import SigningKey

from pds.core import jose
from pds.core.encoding import Json, b64u, jcs
from protocols.vectors.make import keys

Signer = Callable[[bytes], bytes]


def private_half(key: ECKey) -> ec.EllipticCurvePrivateKey:
    if key.private_key is None:
        raise ValueError("a public key signs nothing")
    return key.private_key


def always(signature: bytes) -> Signer:
    """A signature that has nothing to do with the message."""
    return lambda _message: signature


def es256(key: ECKey) -> Signer:
    """RFC 6979 ES256, as r ‖ s (RFC 7518 section 3.4)."""

    def sign(message: bytes) -> bytes:
        private = private_half(key)
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign


def ed25519(seed: bytes) -> Signer:
    """RFC 8032."""
    return lambda message: SigningKey(seed).sign(message).signature


def ps256(message: bytes) -> bytes:
    """RSASSA-PSS (RFC 8017 section 9.1.1) by the one RSA key, with a salt from the message instead of a random one."""
    numbers = keys.rsa_2048()
    digest = hashlib.sha256(message).digest()
    salt = hashlib.sha256(b"salt" + message).digest()
    seed = hashlib.sha256(bytes(8) + digest + salt).digest()
    mask = b"".join(hashlib.sha256(seed + counter.to_bytes(4)).digest() for counter in range(7))[:223]
    block = (b"\x01" + salt).rjust(223, b"\x00")
    masked = bytes(a ^ b for a, b in zip(block, mask, strict=True))
    encoded = bytes([masked[0] & 0x7F]) + masked[1:] + seed + b"\xbc"
    return pow(int.from_bytes(encoded), numbers.d, numbers.public_numbers.n).to_bytes(256)


def part(value: Any) -> str:
    """One part of a compact document: bytes as they are, anything else as JSON in the order written."""
    text = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return b64u(text)


@dataclass(frozen=True, slots=True)
class Document:
    """A JWS that can be had with one thing changed. Header and claims may be raw bytes."""

    header: Any
    claims: Any
    signer: Signer

    @property
    def compact(self) -> str:
        claims = self.claims if isinstance(self.claims, bytes) else jcs(self.claims)
        message = f"{part(self.header)}.{b64u(claims)}"
        return f"{message}.{b64u(self.signer(message.encode()))}"

    def claiming(self, **changes: Any) -> "Document":
        return replace(self, claims={**self.claims, **changes})

    def without(self, name: str) -> "Document":
        return replace(self, claims={key: value for key, value in self.claims.items() if key != name})

    def headed(self, **changes: Any) -> "Document":
        return replace(self, header={**self.header, **changes})

    def headless(self, name: str) -> "Document":
        return replace(self, header={key: value for key, value in self.header.items() if key != name})

    def raw(self, *, header: bytes | None = None, claims: bytes | None = None) -> "Document":
        return replace(self, header=header or self.header, claims=self.claims if claims is None else claims)

    def signed(self, signer: Signer) -> "Document":
        return replace(self, signer=signer)


def by_subject(form: jose.Form, claims: Json, key: ECKey) -> Document:
    """A document whose header holds the key."""
    return Document({"alg": "ES256", "typ": form.type, "jwk": keys.jwk(key)}, claims, es256(key))


def by_kid(form: jose.Form, claims: Json, key: ECKey) -> Document:
    """A document whose header names the key by its thumbprint."""
    return Document({"alg": "ES256", "typ": form.type, "kid": jose.thumbprint(key)}, claims, es256(key))


def jwe(plaintext: bytes, recipient: Json, label: str, *, header: Json | None = None) -> str:
    """ECDH-ES+A256KW with A256GCM (RFC 7518 sections 4.6, 4.4, 5.3), ephemeral key and nonce from `label`."""
    ephemeral = keys.p256(f"ephemeral {label}")
    private, public = private_half(ephemeral), ECKey.import_key(recipient).public_key
    protected = {
        "alg": "ECDH-ES+A256KW",
        "enc": "A256GCM",
        "kid": jose.thumbprint(recipient),
        "typ": "disclosure+jwt",
        "epk": keys.jwk(ephemeral),
        **(header or {}),
    }
    algorithm = b"ECDH-ES+A256KW"
    info = len(algorithm).to_bytes(4) + algorithm + bytes(8) + (256).to_bytes(4)
    wrapping = hashlib.sha256((1).to_bytes(4) + private.exchange(ec.ECDH(), public) + info).digest()
    content_key, nonce = keys.fixed(f"cek {label}", 32), keys.fixed(f"nonce {label}", 12)
    first = part(protected)
    sealed = AESGCM(content_key).encrypt(nonce, plaintext, first.encode())
    pieces = (aes_key_wrap(wrapping, content_key), nonce, sealed[:-16], sealed[-16:])
    return ".".join([first, *(b64u(piece) for piece in pieces)])
