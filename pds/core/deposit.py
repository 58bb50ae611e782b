"""What a service offers back to a resident, for a wallet that believes nobody (protocols/specs/deposit.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from pds.core import catalogue, jose
from pds.core.encoding import Json, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, number, text
from pds.core.record import is_date
from pds.core.registry import DAY, TOLERANCE_SECONDS, Service

REASONS = ("typed", "held")
MAX_SECONDS = 90 * DAY
MAX_VALUES = 20
_SIZES = (4096, 8192)
_MEMBERS = "deposit/members"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offered value. `as_of` is a date."""

    value: Any
    as_of: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit that is what it claims to be. `id` is its `jti`, `ends` a time."""

    id: str
    client_id: str
    why: str
    values: Mapping[str, Offer]
    ends: int


def make_deposit(
    key: jose.PublicKey,
    recipient: ECKey,
    *,
    client_id: str,
    sub: str,
    id: str,
    why: str,
    values: Mapping[str, Offer],
    now: int,
    ends: int,
    algorithm: str = "ES256",
) -> str:
    """The compact JWE that a service leaves in a resident's inbox. Errors: `deposit/too-large`, `catalogue/value`."""
    offered = {
        id: {"value": catalogue.check(id, offer.value), "as_of": offer.as_of} for id, offer in sorted(values.items())
    }
    claims: Json = {
        "iss": client_id,
        "aud": sub,
        "jti": id,
        "iat": now,
        "exp": ends,
        "why": why,
        "values": offered,
        "pad": "",
    }
    room = [size - len(jcs(claims)) for size in _SIZES if size >= len(jcs(claims))]
    if not room:
        raise Invalid("deposit/too-large")
    claims["pad"] = "0" * room[0]
    signed = jose.sign(claims, jose.DEPOSIT, key, algorithm=algorithm, kid=jose.thumbprint(key))
    return jose.encrypt(signed.encode(), jose.DEPOSIT_JWE, recipient)


def open_deposit(compact: str, key: ECKey, service: Service, *, sub: str, now: int) -> Deposit:
    """The deposit, if `service` made it for this subject and may ask for everything in it.

    `key` is the deposit key of the subject's relationship, `service` the statement in force of the one that the server
    names. Whether its id was answered before is the caller's to know. Errors: `jose/…`, `deposit/…`.
    """
    try:
        inner = jose.decrypt(compact, jose.DEPOSIT_JWE, key).decode("ascii")
    except UnicodeDecodeError as error:
        raise Invalid("jose/malformed") from error
    kid = jose.read_header(inner, jose.DEPOSIT).get("kid")
    claims = _shaped(jose.verify(inner, jose.DEPOSIT, service.keys(kid)).claims)
    if claims["iss"] != service.client_id:
        raise Invalid("deposit/issuer")
    if claims["aud"] != sub:
        raise Invalid("deposit/audience")
    issued, ends = claims["iat"], claims["exp"]
    if not (issued <= now + TOLERANCE_SECONDS and now < ends <= issued + MAX_SECONDS):
        raise Invalid("deposit/time")
    askable = {id for purpose in service.purposes.values() for id in purpose.attributes}
    for id in sorted(claims["values"]):
        entry = catalogue.ATTRIBUTES.get(id)
        if entry is None or entry.derived_from is not None or entry.type == "file" or id not in askable:
            raise Invalid("deposit/attribute", id)
    values = {
        id: Offer(claims["values"][id]["value"], claims["values"][id]["as_of"]) for id in sorted(claims["values"])
    }
    for id, offer in values.items():
        if not _is_normal(id, offer.value):
            raise Invalid("deposit/value", id)
    return Deposit(claims["jti"], service.client_id, claims["why"], values, ends)


def _shaped(claims: Json) -> Json:
    exactly(claims, "iss aud jti iat exp why values pad".split(), _MEMBERS)
    text(claims, "iss", _MEMBERS)
    text(claims, "aud", _MEMBERS, pattern=DIGEST)
    text(claims, "jti", _MEMBERS, pattern=ID)
    for name in ("iat", "exp"):
        number(claims, name, _MEMBERS)
    values = claims["values"]
    if claims["why"] not in REASONS or not isinstance(claims["pad"], str):
        raise Invalid(_MEMBERS, "why")
    if not isinstance(values, dict) or not 1 <= len(values) <= MAX_VALUES:
        raise Invalid(_MEMBERS, "values")
    for offer in values.values():
        if not is_date(exactly(offer, ("value", "as_of"), _MEMBERS)["as_of"]):
            raise Invalid(_MEMBERS, "values")
    return claims


def _is_normal(id: str, value: Any) -> bool:
    """Whether the catalogue takes the value as it stands. Compared as JCS, where true is not 1."""
    try:
        return jcs(catalogue.check(id, value)) == jcs(value)
    except Invalid:
        return False
