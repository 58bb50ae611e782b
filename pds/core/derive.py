"""Every key of a vault, from one table (protocols/specs/vault.md, Keys)."""

import unicodedata

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from pds.core.encoding import b64u, jcs
from pds.core.errors import Invalid

PRF_INPUT = b"pds/v1 unlock"
KINDS = ("passkey", "passphrase", "recovery")
# Suite 1 (vault.md): its numbers are here and nowhere else, so that no server can lower them.
_SUITES = {1: {"ops": 3, "memory": 64 * 1024 * 1024}}


def _hkdf(secret: bytes, *info: str) -> bytes:
    """HKDF-SHA-256, empty salt, 32 bytes; `info` is a JSON array, so no two uses can collide (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=jcs(["pds/v1", *info])).derive(secret)


def item_key(root: bytes, vault: str, item: str) -> bytes:
    """The key of one item, 32 bytes."""
    return _hkdf(root, "item", vault, item)


def manifest_key(root: bytes, vault: str) -> bytes:
    """The key of the manifests, 32 bytes."""
    return _hkdf(root, "manifest", vault)


def unlock_key(secret: bytes, kind: str, vault: str, method: str) -> bytes:
    """The key that wraps the root for one unlock method, 32 bytes. Errors: `unlock/kind`."""
    return _hkdf(secret, "unlock", _kind(kind), vault, method)


def login_seed(secret: bytes, kind: str, vault: str) -> bytes:
    """The Ed25519 seed that signs in, 32 bytes (RFC 8032). A passkey has its own. Errors: `unlock/kind`."""
    if _kind(kind) == "passkey":
        raise Invalid("unlock/kind")
    return _hkdf(secret, "login", kind, vault)


def locator(code: bytes) -> str:
    """How the server finds the vault of a recovery code of which it knows nothing."""
    return b64u(_hkdf(code, "locator", "recovery"))


def passphrase_secret(passphrase: str, salt: bytes, suite: int) -> bytes:
    """Argon2id of the passphrase, 32 bytes. `salt` is 16 bytes. Errors: `unlock/suite`, `unlock/salt`."""
    numbers = _SUITES.get(suite)
    if numbers is None:
        raise Invalid("unlock/suite")
    if len(salt) != 16:
        raise Invalid("unlock/salt")
    secret: bytes = crypto_pwhash_alg(
        32,
        unicodedata.normalize("NFC", passphrase).encode(),
        salt,
        numbers["ops"],
        numbers["memory"],
        crypto_pwhash_ALG_ARGON2ID13,
    )
    return secret


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid("unlock/kind")
    return kind
