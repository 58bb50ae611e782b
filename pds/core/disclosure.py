"""The values of one grant, signed by the subject and encrypted to the one service (protocols/specs/disclosure.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from pds.core import catalogue, jose, seal
from pds.core.encoding import Json, hour, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, number, text
from pds.core.record import Record, decisions_hash, is_date, is_p256

SOURCES = ("self_asserted", "derived")
ABSENCES = ("not_held", "withheld", "not_applicable")
_MEMBERS = "disclosure/members"
_ENVELOPE_BYTES, _ATTRIBUTE_BYTES, _MOST_BYTES = 1280, 192, 32768
_NAMES = "iss sub aud grant_id request_hash revision iat exp claims decisions decisions_salt deposit_jwk pad".split()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a service may rely on. A claim is `{value, source, as_of}` or `{absent}`."""

    sub: str
    grant_id: str
    revision: int
    claims: Mapping[str, Json]
    deposit_jwk: Json
    ends: int

    def value(self, attribute: str) -> Any:
        """The value, or None where it is absent."""
        return self.claims[attribute].get("value")


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest that a service has read of one grant."""

    revision: int
    n: int


def capacity(attributes: Iterable[str]) -> int:
    """The size of the payload in bytes: of what was asked only, so that it cannot tell what was shared.

    Errors: `disclosure/too-large`.
    """
    needed = _ENVELOPE_BYTES + sum(_ATTRIBUTE_BYTES + catalogue.ATTRIBUTES[id].bytes for id in attributes)
    if needed > _MOST_BYTES:
        raise Invalid("disclosure/too-large")
    return max(4096, seal.padded_size(needed))


def make_disclosure(
    key: ECKey,
    recipient: ECKey,
    record: Record,
    *,
    revision: int,
    claims: Mapping[str, Json],
    decisions: Mapping[str, str],
    salt: str,
    deposit: ECKey,
    now: int,
) -> str:
    """One revision, as the compact JWE that the server keeps. Errors: `disclosure/too-large`."""
    payload: Json = {
        "iss": record.sub,
        "sub": record.sub,
        "aud": record.client_id,
        "grant_id": record.grant_id,
        "request_hash": record.request_hash,
        "revision": revision,
        "iat": hour(now),
        "exp": record.ends,
        "claims": dict(claims),
        "decisions": dict(decisions),
        "decisions_salt": salt,
        "deposit_jwk": jose.public_jwk(deposit),
        "pad": "",
    }
    room = capacity(record.attributes) - len(jcs(payload))
    if room < 0:
        raise Invalid("disclosure/too-large")
    payload["pad"] = "0" * room
    signed = jose.sign(payload, jose.DISCLOSURE, key, jwk=jose.public_jwk(key))
    return jose.encrypt(signed.encode(), jose.DISCLOSURE_JWE, recipient)


def open_disclosure(
    compact: str, key: ECKey, record: Record, *, request_hash: str, client_id: str, now: int, n: int, last: Seen | None
) -> Disclosure:
    """The disclosure, if it is this grant's, whole, and not older than the last one read.

    `record` is the one that came with the token; `n` the log position that came with the read.
    Errors: `jose/…`, `subject/mismatch`, `disclosure/…`.
    """
    try:
        inner = jose.decrypt(compact, jose.DISCLOSURE_JWE, key).decode("ascii")
    except UnicodeDecodeError as error:
        raise Invalid("jose/malformed") from error
    signed, jwk = jose.verify_by_header_key(inner, jose.DISCLOSURE)
    payload = _shaped(signed.claims)
    revision, ends = payload["revision"], payload["exp"]
    if not jose.thumbprint(jwk) == payload["sub"] == payload["iss"] == record.sub:
        raise Invalid("subject/mismatch")
    if payload["aud"] != client_id:
        raise Invalid("disclosure/audience")
    if payload["grant_id"] != record.grant_id:
        raise Invalid("disclosure/grant")
    if payload["request_hash"] != request_hash or record.request_hash != request_hash:
        raise Invalid("disclosure/request")
    if ends != record.ends or ends <= now:
        raise Invalid("disclosure/expired")
    claims = _claims(payload, record)
    if decisions_hash(payload["decisions_salt"], payload["decisions"]) != record.decisions_hash:
        raise Invalid("disclosure/decisions")
    if last is not None and (revision < last.revision or n < last.n):
        raise Invalid("disclosure/rolled-back")
    return Disclosure(record.sub, record.grant_id, revision, claims, payload["deposit_jwk"], ends)


def _shaped(payload: Json) -> Json:
    """The payload, if every member has its type and shape; what the values say is judged after."""
    exactly(payload, _NAMES, _MEMBERS)
    number(payload, "revision", _MEMBERS, least=1)
    for name in ("iat", "exp"):
        number(payload, name, _MEMBERS)
    for name in ("iss", "sub", "request_hash"):
        text(payload, name, _MEMBERS, pattern=DIGEST)
    for name in ("grant_id", "decisions_salt"):
        text(payload, name, _MEMBERS, pattern=ID)
    text(payload, "aud", _MEMBERS)
    if not isinstance(payload["claims"], dict) or not isinstance(payload["decisions"], dict):
        raise Invalid(_MEMBERS, "claims")
    if not isinstance(payload["pad"], str) or not is_p256(payload["deposit_jwk"]):
        raise Invalid(_MEMBERS, "deposit_jwk")
    return payload


def _claims(payload: Json, record: Record) -> Mapping[str, Json]:
    claims: Mapping[str, Json] = payload["claims"]
    decisions, asked = payload["decisions"], set(record.attributes)
    if not claims.keys() == decisions.keys() == asked:
        raise Invalid("disclosure/attributes")
    for id, claim in claims.items():
        if not _is_claim(claim):
            raise Invalid("disclosure/claim", id)
    for id, claim in claims.items():
        if decisions[id] not in ("share", "withhold") or (decisions[id] == "withhold" and "absent" not in claim):
            raise Invalid("disclosure/decision", id)
    return claims


def _is_claim(claim: object) -> bool:
    if not isinstance(claim, dict):
        return False
    if claim.keys() == {"absent"}:
        return claim["absent"] in ABSENCES
    return claim.keys() == {"value", "source", "as_of"} and claim["source"] in SOURCES and is_date(claim["as_of"])
