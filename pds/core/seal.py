"""Sealing what only the wallet reads (protocols/specs/vault.md, Seal)."""

from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pds.core.encoding import jcs
from pds.core.errors import Invalid

VERSION = 1
NONCE_BYTES = 12
_TAG_BYTES = 16
_SIZES = (256, 1024, 4096, 16384)

Use = Literal["item", "manifest", "wrap"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a sealed message is, as its reader expects it: never taken from the message."""

    use: Use
    vault: str
    id: str
    rev: int
    epoch: int

    def aad(self) -> bytes:
        """The associated data: canonical, so that both languages authenticate the same bytes."""
        return jcs({"v": 1, "t": self.use, "vault": self.vault, "id": self.id, "rev": self.rev, "epoch": self.epoch})


def padded_size(length: int) -> int:
    """The smallest size that holds `length` bytes: 256, 1, 4, 16 KiB, then the next power of two."""
    for size in _SIZES:
        if length <= size:
            return size
    return 1 << (length - 1).bit_length()


def seal(key: bytes, context: Context, plaintext: bytes, *, nonce: bytes) -> bytes:
    """`0x01 ‖ nonce ‖ AES-256-GCM`. `nonce` is 12 fresh random bytes."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a nonce is 12 bytes")
    padded = (plaintext + b"\x80").ljust(padded_size(len(plaintext) + 1), b"\x00")
    return bytes([VERSION]) + nonce + AESGCM(key).encrypt(nonce, padded, context.aad())


def open_sealed(key: bytes, context: Context, sealed: bytes) -> bytes:
    """The plaintext. Errors: `seal/version`, `seal/malformed`, `seal/open`, `seal/padding`."""
    if sealed[:1] != bytes([VERSION]):
        raise Invalid("seal/version" if sealed else "seal/malformed")
    if len(sealed) < 1 + NONCE_BYTES + _SIZES[0] + _TAG_BYTES:
        raise Invalid("seal/malformed")
    try:
        padded = AESGCM(key).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], context.aad())
    except InvalidTag as error:
        raise Invalid("seal/open") from error
    plaintext, mark, rest = padded.rpartition(b"\x80")
    if not mark or rest.strip(b"\x00") or len(padded) != padded_size(len(plaintext) + 1):
        raise Invalid("seal/padding")
    return plaintext
