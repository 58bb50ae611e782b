"""The server's DPoP nonces (RFC 9449 section 8): made from a secret and the time, so that all workers share them."""

import hmac
from functools import lru_cache

from pds.core.encoding import b64u, unb64u
from pds.core.errors import Invalid

STEP_SECONDS = 120
_BYTES = 24


def make_nonce(secret: bytes, *, now: int) -> str:
    """The nonce of this step. `secret` is 32 bytes that only the server knows."""
    return _nonce(secret, now // STEP_SECONDS)


def check_nonce(secret: bytes, nonce: str | None, *, now: int) -> None:
    """A nonce of this step, of the one before, or of the next, which a worker whose clock is ahead may have given.

    Errors: `dpop/nonce`.
    """
    try:
        step = int.from_bytes(unb64u(nonce or "", size=_BYTES)[:8])
    except Invalid as error:
        raise Invalid("dpop/nonce") from error
    if abs(now // STEP_SECONDS - step) > 1 or not hmac.compare_digest(_nonce(secret, step), nonce or ""):
        raise Invalid("dpop/nonce")


# Each read asks for two of the same three: only steps next to the present come here.
@lru_cache(8)
def _nonce(secret: bytes, step: int) -> str:
    moment = step.to_bytes(8)
    return b64u(moment + hmac.digest(secret, b"dpop nonce" + moment, "sha256")[: _BYTES - 8])
