"""Signing in with a key that a recovery code or a passphrase derives (vault.md, Login)."""

from joserfc.jwk import OKPKey
from nacl.signing import SigningKey

from pds.core import jose
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.members import exactly, number, text

TOLERANCE_SECONDS = 60


def login_key(seed: bytes) -> OKPKey:
    """The Ed25519 key of a login seed of 32 bytes."""
    public = bytes(SigningKey(seed).verify_key)
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": b64u(seed), "x": b64u(public)})


def login_jwk(seed: bytes) -> Json:
    """The public key that the server keeps."""
    return {"crv": "Ed25519", "kty": "OKP", "x": b64u(bytes(SigningKey(seed).verify_key))}


def make_proof(seed: bytes, *, origin: str, vault: str, method: str, nonce: str, now: int) -> str:
    """A login proof: the origin inside keeps another site from using it."""
    claims = {"aud": origin, "vault": vault, "method": method, "nonce": nonce, "iat": now}
    return jose.sign(claims, jose.LOGIN, login_key(seed), algorithm="EdDSA")


def verify_proof(proof: str, *, public: str, origin: str, vault: str, method: str, nonce: str, now: int) -> int:
    """Its `iat`. `public` is the `x` of the key. Errors: `jose/…`, `login/…`."""
    key = jose.public_key({"kty": "OKP", "crv": "Ed25519", "x": public})
    claims = exactly(
        jose.verify(proof, jose.LOGIN, [key]).claims, "aud vault method nonce iat".split(), "login/members"
    )
    issued = number(claims, "iat", "login/members")
    for name in ("aud", "vault", "method", "nonce"):
        text(claims, name, "login/members")
    if claims["aud"] != origin:
        raise Invalid("login/audience")
    if claims["vault"] != vault or claims["method"] != method:
        raise Invalid("login/vault")
    if claims["nonce"] != nonce:
        raise Invalid("login/nonce")
    if abs(now - issued) > TOLERANCE_SECONDS:
        raise Invalid("login/time")
    return issued
