"""The resident's own word that a grant is paused, or goes on (protocols/specs/grant.md, Pause)."""

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, flag, number, text
from pds.core.record import Record, check_subject

_MEMBERS = "pause/members"


def make_pause(key: ECKey, granted: Record, *, paused: bool, seq: int, now: int) -> str:
    """The compact word for one grant; `seq` is the number of the commit that it is sent with."""
    claims: Json = {
        "aud": granted.client_id,
        "sub": granted.sub,
        "grant_id": granted.grant_id,
        "record_hash": granted.hash,
        "paused": paused,
        "seq": seq,
        "iat": now,
    }
    return jose.sign(claims, jose.PAUSE, key, jwk=jose.public_jwk(key))


def verify_pause(compact: str, *, client_id: str, sub: str, grant_id: str, record_hash: str, paused: bool) -> int:
    """Its `seq`. Errors: `jose/…`, `pause/…`, `subject/mismatch`."""
    signed, jwk = jose.verify_by_header_key(compact, jose.PAUSE)
    claims = exactly(signed.claims, "aud sub grant_id record_hash paused seq iat".split(), _MEMBERS)
    text(claims, "aud", _MEMBERS)
    for name, pattern in (("sub", DIGEST), ("grant_id", ID), ("record_hash", DIGEST)):
        text(claims, name, _MEMBERS, pattern=pattern)
    says = flag(claims, "paused", _MEMBERS)
    seq = number(claims, "seq", _MEMBERS, least=1)
    number(claims, "iat", _MEMBERS)
    check_subject(claims, jwk)
    if claims["sub"] != sub:
        raise Invalid("subject/mismatch")
    if claims["aud"] != client_id:
        raise Invalid("pause/audience")
    if claims["grant_id"] != grant_id:
        raise Invalid("pause/grant")
    if claims["record_hash"] != record_hash:
        raise Invalid("pause/record")
    if says is not paused:
        raise Invalid("pause/paused")
    return seq
