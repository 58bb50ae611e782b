"""What the registrar signed: statements of services and the index over them (protocols/specs/registry.md)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pds.core import catalogue, jose
from pds.core.addresses import NOTICE_URI
from pds.core.counter import Desk, read_desks
from pds.core.encoding import Json, digest
from pds.core.errors import Invalid
from pds.core.members import DIGEST, both_languages, exactly, flag, items, number, text

TOLERANCE_SECONDS = 10
DAY = 86400
BASES = ("consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests")
_MEMBERS, _PURPOSE, _KEYS = "registry/members", "registry/purpose", "registry/keys"
_PURPOSE_NAMES = (
    "id text fallback lawful_basis statute attributes zones access shortest_days longest_days retention_days dpia"
).split()
_MOST_DAYS = 36500
# Plain http is for loopback and `.localhost` names only (RFC 6761): a demo, never a deployment.
_URL = re.compile(
    r"(https://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])|http://([a-z0-9-]+\.)*localhost)(:[0-9]{1,5})?([/?][!-\"$-~]*)?\Z"
)
# What a sign-in calls its purpose in a record: no service may register another under this name.
SIGN_IN = "sign-in"
_PURPOSE_ID = re.compile(r"[a-z0-9-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a purpose says of one attribute."""

    required: bool
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A registered reason of a service. Durations in days."""

    id: str
    text: Mapping[str, str]
    fallback: Mapping[str, str]
    lawful_basis: str
    statute: str | None
    attributes: Mapping[str, Asked]
    zones: Mapping[str, tuple[str, ...]]
    access: tuple[str, ...]
    shortest_days: int
    longest_days: int
    retention_days: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service, as its statement names it. `enc_jkt` is the thumbprint of its current encryption key.

    `notice_uri` and `logout_uri` are where it takes notices and logout tokens (notices.md), or None.
    """

    client_id: str
    name: Mapping[str, str]
    authority: str
    authority_name: Mapping[str, str]
    home: str
    sector: str
    tier: str
    subject_proof: bool
    signed_sign_in: bool
    redirect_uris: tuple[str, ...]
    notice_uri: str | None
    logout_uri: str | None
    post_logout_redirect_uris: tuple[str, ...]
    signature_keys: tuple[Json, ...]
    encryption_key: Json
    purposes: Mapping[str, Purpose]
    desks: Mapping[str, Desk]
    expires: int
    statement: str

    @property
    def enc_jkt(self) -> str:
        return jose.thumbprint(self.encryption_key)

    def keys(self, kid: str | None) -> list[jose.PublicKey]:
        """The signature keys that a header's `kid` names, or all of them where it names none."""
        named = [key for key in self.signature_keys if kid is None or key.get("kid") == kid]
        return [jose.public_key(key) for key in named]


@dataclass(frozen=True, slots=True)
class Index:
    """The index in force: which statements are valid, and which keys sign the next one."""

    seq: int
    issuer: str
    issued: int
    expires: int
    keys: tuple[Json, ...]
    statements: Mapping[str, str]

    @property
    def thumbprints(self) -> tuple[str, ...]:
        return tuple(jose.thumbprint(key) for key in self.keys)


def verify_index(compact: str, *, keys: Iterable[Json], pinned: Iterable[str], seq: int, now: int) -> Index:
    """The index, signed by a pinned key and not older than `seq`.

    `keys` are the registrar keys known, `pinned` the thumbprints trusted. Errors: `jose/…`, `registry/key-unknown`,
    `registry/members`, `registry/time`, `registry/index-expired`, `registry/index-old`.
    """
    kid = jose.read_header(compact, jose.INDEX).get("kid")
    # A pinned thumbprint is enough: the key itself may come in the index, where a wallet that was away finds it.
    known = (
        [key for key in (*keys, *_keys_inside(compact)) if jose.thumbprint(key) == kid] if kid in set(pinned) else []
    )
    if not known:
        raise Invalid("registry/key-unknown")
    claims = jose.verify(compact, jose.INDEX, [jose.p256_public(known[0])]).claims
    exactly(claims, "iss seq iat exp jwks statements".split(), _MEMBERS)
    issued, expires = number(claims, "iat", _MEMBERS), number(claims, "exp", _MEMBERS)
    jwks = items(exactly(claims["jwks"], ("keys",), _MEMBERS), "keys", _MEMBERS, most=8)
    statements = claims["statements"]
    if not isinstance(statements, dict) or not all(isinstance(d, str) and DIGEST.match(d) for d in statements.values()):
        raise Invalid(_MEMBERS, "statements")
    if not jwks or not all(_is_p256(jwk) for jwk in jwks):
        raise Invalid(_MEMBERS, "jwks")
    index = Index(
        number(claims, "seq", _MEMBERS, least=1),
        text(claims, "iss", _MEMBERS),
        issued,
        expires,
        tuple(jwks),
        statements,
    )
    if not 7 * DAY <= expires - issued <= 30 * DAY:
        raise Invalid("registry/time", "lifetime")
    if expires <= now - TOLERANCE_SECONDS:
        raise Invalid("registry/index-expired")
    if issued > now + TOLERANCE_SECONDS:
        raise Invalid("registry/time")
    if index.seq < seq:
        raise Invalid("registry/index-old")
    return index


def verify_statement(compact: str, index: Index, *, now: int) -> Service:
    """The service, if the index lists exactly this statement and the registrar signed it.

    Errors: `jose/…`, `registry/statement-unlisted`, `registry/statement-changed`, `registry/issuer`,
    `registry/time`, those of `parse_statement`.
    """
    kid = jose.read_header(compact, jose.STATEMENT).get("kid")
    signers = [jose.p256_public(key) for key in index.keys if jose.thumbprint(key) == kid]
    if not signers:
        raise Invalid("registry/key-unknown")
    claims = jose.verify(compact, jose.STATEMENT, signers).claims
    data = _check_members(claims)
    if claims["iss"] != index.issuer:
        raise Invalid("registry/issuer")
    listed = index.statements.get(claims["sub"])
    if listed is None:
        raise Invalid("registry/statement-unlisted")
    if listed != digest(compact):
        raise Invalid("registry/statement-changed")
    if claims["iat"] > now + TOLERANCE_SECONDS or claims["exp"] <= now - TOLERANCE_SECONDS:
        raise Invalid("registry/time")
    return _service(claims, data, compact)


def parse_statement(claims: Json, compact: str) -> Service:
    """A statement's claims as a service: for the registrar, before it signs.

    Errors: `registry/members`, `registry/keys`, `registry/purpose`.
    """
    return _service(claims, _check_members(claims), compact)


def _check_members(claims: Json) -> Json:
    """The shape of a statement, down to its `resident_data_service`, which is returned."""
    exactly(claims, "iss sub iat exp jwks metadata".split(), _MEMBERS)
    metadata = exactly(claims["metadata"], ("openid_relying_party", "resident_data_service"), _MEMBERS)
    client = exactly(
        metadata["openid_relying_party"],
        ("redirect_uris", "client_registration_types", "token_endpoint_auth_method"),
        _MEMBERS,
        optional=("post_logout_redirect_uris", "backchannel_logout_uri", "backchannel_logout_session_required"),
    )
    if client["client_registration_types"] != ["explicit"] or client["token_endpoint_auth_method"] != "private_key_jwt":
        raise Invalid(_MEMBERS, "openid_relying_party")
    data = exactly(
        metadata["resident_data_service"],
        "name authority home sector tier counters subject_proof signed_sign_in notice_uri purposes".split(),
        _MEMBERS,
    )
    authority = exactly(data["authority"], ("id", "name"), _MEMBERS)
    if data["tier"] not in ("council", "partner", "sandbox"):
        raise Invalid(_MEMBERS, "tier")
    if data["notice_uri"] is not None:
        text(data, "notice_uri", _MEMBERS, pattern=NOTICE_URI)
    text(authority, "id", _MEMBERS)
    both_languages(authority, "name", _MEMBERS)
    both_languages(data, "name", _MEMBERS)
    for document, name in ((claims, "iss"), (claims, "sub"), (data, "home"), (data, "sector")):
        _url(document, name)
    for name in ("subject_proof", "signed_sign_in"):
        flag(data, name, _MEMBERS)
    for name in ("iat", "exp"):
        number(claims, name, _MEMBERS)
    items(data, "purposes", _MEMBERS, most=64)
    items(data, "counters", _MEMBERS)
    if not _addresses(client, "redirect_uris"):
        raise Invalid(_MEMBERS, "redirect_uris")
    if "post_logout_redirect_uris" in client:
        _addresses(client, "post_logout_redirect_uris")
    _logout(client)
    return data


def _service(claims: Json, data: Json, compact: str) -> Service:
    signature_keys, encryption_key = _keys(claims["jwks"])
    client = claims["metadata"]["openid_relying_party"]
    purposes = [_purpose(value) for value in data["purposes"]]
    if len({purpose.id for purpose in purposes}) != len(purposes):
        raise Invalid(_PURPOSE, "two of one id")
    return Service(
        client_id=claims["sub"],
        name=data["name"],
        authority=data["authority"]["id"],
        authority_name=data["authority"]["name"],
        home=data["home"],
        sector=data["sector"],
        tier=data["tier"],
        subject_proof=data["subject_proof"],
        signed_sign_in=data["signed_sign_in"],
        redirect_uris=tuple(client["redirect_uris"]),
        post_logout_redirect_uris=tuple(client.get("post_logout_redirect_uris", ())),
        notice_uri=data["notice_uri"],
        logout_uri=client.get("backchannel_logout_uri"),
        signature_keys=signature_keys,
        encryption_key=encryption_key,
        purposes={purpose.id: purpose for purpose in purposes},
        desks=read_desks(data["counters"], {purpose.id for purpose in purposes}),
        expires=claims["exp"],
        statement=compact,
    )


def _keys_inside(compact: str) -> list[Json]:
    jwks = jose.peek(compact).get("jwks")
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    return [key for key in keys if _is_p256(key)] if isinstance(keys, list) else []


def _is_p256(jwk: object) -> bool:
    try:
        jose.p256_public(jwk)
    except Invalid:
        return False
    return True


def _url(document: Json, name: str) -> str:
    return text(document, name, _MEMBERS, pattern=_URL)


def _addresses(client: Json, name: str) -> list[str]:
    return [_url({name: address}, name) for address in items(client, name, _MEMBERS, most=32)]


def _logout(client: Json) -> None:
    """OIDC Back-Channel Logout section 2.2. A logout token of ours always has a `sid`, required or not."""
    if "backchannel_logout_uri" in client:
        text(client, "backchannel_logout_uri", _MEMBERS, pattern=NOTICE_URI)
    if "backchannel_logout_session_required" in client:
        flag(client, "backchannel_logout_session_required", _MEMBERS)
        if "backchannel_logout_uri" not in client:
            raise Invalid(_MEMBERS, "backchannel_logout_uri")


def _keys(jwks: object) -> tuple[tuple[Json, ...], Json]:
    signing, encrypting = [], []
    for key in items(exactly(jwks, ("keys",), _KEYS), "keys", _KEYS, most=16):
        if not isinstance(key, dict) or not isinstance(key.get("kid"), str):
            raise Invalid(_KEYS)
        try:
            public = jose.public_key(key)
        except Invalid as error:
            raise Invalid(_KEYS) from error
        if key.get("use") == "sig":
            signing.append(key)
        elif key.get("use") == "enc" and key.get("crv") == "P-256" and key["kid"] == jose.thumbprint(public):
            if key.get("retired") is not True:
                encrypting.append({name: key[name] for name in ("crv", "kty", "x", "y")})
        else:
            raise Invalid(_KEYS)
    if not signing or len(encrypting) != 1:
        raise Invalid(_KEYS)
    return tuple(signing), encrypting[0]


def _purpose(value: object) -> Purpose:
    purpose = exactly(value, _PURPOSE_NAMES, _PURPOSE)
    if purpose["id"] == SIGN_IN or purpose["lawful_basis"] not in BASES or not isinstance(purpose["attributes"], dict):
        raise Invalid(_PURPOSE)
    for name in ("statute", "dpia"):
        if purpose[name] is not None:
            text(purpose, name, _PURPOSE)
    access = items(purpose, "access", _PURPOSE, most=2)
    shortest, longest = number(purpose, "shortest_days", _PURPOSE), number(purpose, "longest_days", _PURPOSE)
    if not access or not all(kind in ("once", "until") for kind in access) or not shortest <= longest <= _MOST_DAYS:
        raise Invalid(_PURPOSE)
    attributes = {}
    for id, asked in purpose["attributes"].items():
        exactly(asked, ("required", "why"), _PURPOSE)
        if id not in catalogue.ATTRIBUTES:
            raise Invalid(_PURPOSE, id)
        attributes[id] = Asked(flag(asked, "required", _PURPOSE), both_languages(asked, "why", _PURPOSE))
    return Purpose(
        id=text(purpose, "id", _PURPOSE, pattern=_PURPOSE_ID),
        text=both_languages(purpose, "text", _PURPOSE),
        fallback=both_languages(purpose, "fallback", _PURPOSE),
        lawful_basis=purpose["lawful_basis"],
        statute=purpose["statute"],
        attributes=attributes,
        zones=_zones(purpose["zones"]),
        access=tuple(access),
        shortest_days=shortest,
        longest_days=longest,
        retention_days=number(purpose, "retention_days", _PURPOSE),
    )


def _zones(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise Invalid(_PURPOSE, "zones")
    zones = {}
    for id, zone in value.items():
        exactly(zone, ("name", "postcodes"), _PURPOSE)
        both_languages(zone, "name", _PURPOSE)
        postcodes = items(zone, "postcodes", _PURPOSE, most=20000)
        # A zone of a few postcodes would be an address in disguise.
        if not all(isinstance(postcode, str) for postcode in postcodes) or len(set(postcodes)) < 50:
            raise Invalid(_PURPOSE, "zones")
        zones[id] = tuple(postcodes)
    return zones
