"""What only the subject's key can make: sharing record, subject proof, revocation (protocols/specs/grant.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, digest, hour, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, number, text
from pds.core.registry import Service
from pds.core.request import Access, Request, day, grant_end

SCHEMA = "pds/sharing-record/1"
_MEMBERS = "record/members"
_SIGN_IN_BASIS = "public_task"
_NAMES = (
    "schema iss sub aud authority jti iat exp request_hash purpose lawful_basis attributes access retention_days "
    "decisions_hash"
).split()


@dataclass(frozen=True, slots=True)
class Record:
    """A sharing record that holds. `ends` is a time; `hash` the digest of the compact form."""

    sub: str
    grant_id: str
    client_id: str
    purpose: str
    attributes: tuple[str, ...]
    access: Access
    ends: int
    request_hash: str
    decisions_hash: str
    hash: str
    compact: str


def decisions_hash(salt: str, decisions: Mapping[str, str]) -> str:
    """What the record says of the decisions without saying them."""
    return digest(jcs([salt, dict(decisions)]))


def make_record(
    key: ECKey,
    request: Request,
    service: Service,
    *,
    grant_id: str,
    access: Access,
    salt: str,
    decisions: Mapping[str, str],
    now: int,
) -> str:
    """The compact record of one approval; `grant_id` and `salt` are 16 fresh random bytes each, as b64u."""
    sub = jose.thumbprint(key)
    claims: Json = {
        "schema": SCHEMA,
        "iss": sub,
        "sub": sub,
        "aud": service.client_id,
        "authority": service.authority,
        "jti": grant_id,
        "iat": hour(now),
        "exp": grant_end(access, now=now),
        "request_hash": request.request_hash,
        "purpose": request.purpose_id,
        "lawful_basis": request.purpose.lawful_basis if request.purpose else _SIGN_IN_BASIS,
        "attributes": sorted(request.attributes),
        "access": access if isinstance(access, str) else dict(access),
        "retention_days": request.purpose.retention_days if request.purpose else 0,
        "decisions_hash": decisions_hash(salt, decisions) if request.purpose else "",
    }
    return jose.sign(claims, jose.RECORD, key, jwk=jose.public_jwk(key))


def verify_record(compact: str, request: Request, service: Service, *, now: int) -> Record:
    """The record, if its subject answered exactly this request, and no wider.

    Errors: `jose/…`, `subject/mismatch`, `record/…`.
    """
    record, claims = read_record(compact)
    basis = request.purpose.lawful_basis if request.purpose else _SIGN_IN_BASIS
    retention = request.purpose.retention_days if request.purpose else 0
    if record.request_hash != request.request_hash:
        raise Invalid("record/request")
    if record.client_id != service.client_id:
        raise Invalid("record/audience")
    if claims["authority"] != service.authority:
        raise Invalid("record/authority")
    if record.purpose != request.purpose_id or claims["lawful_basis"] != basis:
        raise Invalid("record/purpose")
    if list(record.attributes) != sorted(request.attributes):
        raise Invalid("record/attributes")
    issued = claims["iat"]
    _check_access(record.access, request, now=now)
    if issued % 3600 or not hour(now - 7200) <= issued <= hour(now + 10):
        raise Invalid("record/time", "iat")
    if record.ends != grant_end(record.access, now=issued):
        raise Invalid("record/time", "exp")
    if claims["retention_days"] != retention:
        raise Invalid("record/retention")
    if bool(record.decisions_hash) != bool(request.purpose):
        raise Invalid(_MEMBERS, "decisions_hash")
    return record


def read_record(compact: str) -> tuple[Record, Json]:
    """A record that its subject signed, not compared with any request.

    Errors: `jose/…`, `record/members`, `subject/mismatch`.
    """
    signed, jwk = jose.verify_by_header_key(compact, jose.RECORD)
    claims = exactly(signed.claims, _NAMES, _MEMBERS)
    for name in ("aud", "authority", "purpose", "lawful_basis"):
        text(claims, name, _MEMBERS)
    for name in ("iss", "sub", "request_hash"):
        text(claims, name, _MEMBERS, pattern=DIGEST)
    for name in ("iat", "exp", "retention_days"):
        number(claims, name, _MEMBERS)
    if claims["decisions_hash"] != "":
        text(claims, "decisions_hash", _MEMBERS, pattern=DIGEST)
    attributes = claims["attributes"]
    if not isinstance(attributes, list) or not all(isinstance(id, str) for id in attributes):
        raise Invalid(_MEMBERS, "attributes")
    if claims["schema"] != SCHEMA:
        raise Invalid(_MEMBERS, "schema")
    record = Record(
        sub=claims["sub"],
        grant_id=text(claims, "jti", _MEMBERS, pattern=ID),
        client_id=claims["aud"],
        purpose=claims["purpose"],
        attributes=tuple(attributes),
        access=_access(claims["access"]),
        ends=claims["exp"],
        request_hash=claims["request_hash"],
        decisions_hash=claims["decisions_hash"],
        hash=digest(compact),
        compact=compact,
    )
    check_subject(claims, jwk)
    return record, claims


@dataclass(frozen=True, slots=True)
class SubjectProof:
    """That the holder of a subject's key made this grant: with it not even first use trusts the server."""

    sub: str
    grant_id: str
    record_hash: str
    deposit_jwk: Json


def make_subject_proof(key: ECKey, record: Record, *, deposit: ECKey, now: int) -> str:
    """The `subject_proof` parameter of an answer."""
    claims: Json = {
        "aud": record.client_id,
        "sub": record.sub,
        "request_hash": record.request_hash,
        "grant_id": record.grant_id,
        "record_hash": record.hash,
        "iat": hour(now),
        "deposit_jwk": jose.public_jwk(deposit),
    }
    return jose.sign(claims, jose.SUBJECT_PROOF, key, jwk=jose.public_jwk(key))


def verify_subject_proof(compact: str, *, client_id: str, request_hash: str) -> SubjectProof:
    """For a service, before it redeems the code. Errors: `jose/…`, `proof/…`, `subject/mismatch`."""
    signed, jwk = jose.verify_by_header_key(compact, jose.SUBJECT_PROOF)
    claims = exactly(
        signed.claims, "aud sub request_hash grant_id record_hash iat deposit_jwk".split(), "proof/members"
    )
    text(claims, "aud", "proof/members")
    for name, pattern in (("sub", DIGEST), ("request_hash", DIGEST), ("grant_id", ID), ("record_hash", DIGEST)):
        text(claims, name, "proof/members", pattern=pattern)
    number(claims, "iat", "proof/members")
    if not is_p256(claims["deposit_jwk"]):
        raise Invalid("proof/members", "deposit_jwk")
    check_subject(claims, jwk)
    if claims["aud"] != client_id:
        raise Invalid("proof/audience")
    if claims["request_hash"] != request_hash:
        raise Invalid("proof/request")
    return SubjectProof(claims["sub"], claims["grant_id"], claims["record_hash"], claims["deposit_jwk"])


def make_revocation(key: ECKey, *, client_id: str, grant_id: str, record_hash: str, now: int) -> str:
    """The resident's own word that a grant has ended."""
    claims: Json = {
        "aud": client_id,
        "sub": jose.thumbprint(key),
        "grant_id": grant_id,
        "record_hash": record_hash,
        "iat": now,
    }
    return jose.sign(claims, jose.REVOCATION, key, jwk=jose.public_jwk(key))


def verify_revocation(compact: str, *, client_id: str, sub: str, grant_id: str, record_hash: str) -> int:
    """Its `iat`. Errors: `jose/…`, `revocation/…`, `subject/mismatch`."""
    signed, jwk = jose.verify_by_header_key(compact, jose.REVOCATION)
    claims = exactly(signed.claims, "aud sub grant_id record_hash iat".split(), "revocation/members")
    text(claims, "aud", "revocation/members")
    for name, pattern in (("sub", DIGEST), ("grant_id", ID), ("record_hash", DIGEST)):
        text(claims, name, "revocation/members", pattern=pattern)
    issued = number(claims, "iat", "revocation/members")
    check_subject(claims, jwk)
    if claims["sub"] != sub:
        raise Invalid("subject/mismatch")
    if claims["aud"] != client_id:
        raise Invalid("revocation/audience")
    if claims["grant_id"] != grant_id:
        raise Invalid("revocation/grant")
    if claims["record_hash"] != record_hash:
        raise Invalid("revocation/record")
    return issued


def check_subject(claims: Json, jwk: Json) -> None:
    """`sub` is the thumbprint of the key that signed, and where there is an `iss`, it is the same."""
    if claims["sub"] != jose.thumbprint(jwk) or claims.get("iss", claims["sub"]) != claims["sub"]:
        raise Invalid("subject/mismatch")


def _access(value: object) -> Access:
    if value == "once":
        return "once"
    if not isinstance(value, dict) or value.keys() != {"until"}:
        raise Invalid(_MEMBERS, "access")
    if not is_date(value["until"]):
        raise Invalid(_MEMBERS, "access")
    return {"until": value["until"]}


def is_date(value: object) -> bool:
    """Whether this is a date as encoding.md means it."""
    try:
        day(value)
    except ValueError:
        return False
    return True


def is_p256(value: object) -> bool:
    """Whether this is a public P-256 key with exactly its four members."""
    try:
        jose.p256_public(value)
    except Invalid:
        return False
    return True


def _check_access(access: Access, request: Request, *, now: int) -> None:
    """As in the request, or an earlier end that is not over yet."""
    if isinstance(access, str) or isinstance(request.access, str):
        if access != request.access:
            raise Invalid("record/access")
    elif access["until"] > request.access["until"] or grant_end(access, now=now) <= now:
        raise Invalid("record/access")
