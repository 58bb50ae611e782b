"""The scene of the vectors: a registrar, a parking service and a library, a resident and what she signed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, b64u, digest, hour, jcs
from protocols.vectors.make import keys
from protocols.vectors.make.sign import Document, by_kid, by_subject, es256, jwe

NOW = int(datetime(2026, 11, 23, 10, 20, tzinfo=UTC).timestamp())
DAY = 86400
ISSUER = "https://pds.anytown.example"
REGISTRAR = "https://registrar.anytown.example"
PARKING = "https://parking.anytown.example"
LIBRARY = "https://library.anytown.example"
UNTIL = "2027-11-23"
ENDS = int(datetime(2027, 11, 24, tzinfo=UTC).timestamp())

registrar = keys.p256("registrar")
signing = keys.p256("parking signs")
sealing = keys.p256("parking decrypts")
subject = keys.p256("subject")
deposit = keys.p256("deposit")
stranger = keys.p256("stranger")
SUB = jose.thumbprint(subject)
GRANT = keys.an_id("grant")
SALT = keys.an_id("salt")


def words(en: str, cy: str) -> Json:
    return {"en": en, "cy": cy}


def asked(required: bool) -> Json:
    return {"required": required, "why": words("To give you a permit", "I roi trwydded i chi")}


def purpose(id: str, **changes: Any) -> Json:
    """A purpose of parking: a year at most."""
    return {
        "id": id,
        "text": words("A permit to park where you live", "Trwydded i barcio lle rydych yn byw"),
        "fallback": words("Bring a letter", "Dewch â llythyr"),
        "lawful_basis": "public_task",
        "statute": "Road Traffic Regulation Act 1984, section 45",
        "attributes": {
            "person.full_name": asked(True),
            "address.current": asked(True),
            "contact.email": asked(False),
            "contact.mobile": asked(False),
        },
        "zones": {},
        "access": ["once", "until"],
        "shortest_days": 30,
        "longest_days": 366,
        "retention_days": 90,
        "dpia": None,
        **changes,
    }


def zone(size: int = 50) -> Json:
    return {
        "name": words("Zone A", "Parth A"),
        "postcodes": [f"AN1 {n // 10}A{'ABDEFGHJLN'[n % 10]}" for n in range(size)],
    }


def service_keys(label: str) -> list[Json]:
    """A signature key and an encryption key, as a statement lists them."""
    sign, decrypt = keys.p256(f"{label} signs"), keys.p256(f"{label} decrypts")
    return [
        {"use": "sig", "alg": "ES256", "kid": f"{label}-1", **keys.jwk(sign)},
        {"use": "enc", "alg": "ECDH-ES+A256KW", "kid": jose.thumbprint(decrypt), **keys.jwk(decrypt)},
    ]


def desk(id: str, purposes: list[str], place: Json | None = None) -> Json:
    """A counter of a statement."""
    return {"id": id, "place": place or words("Town hall", "Neuadd y dref"), "purposes": purposes}


def statement(client_id: str, label: str, purposes: list[Json], **changes: Any) -> Document:
    """What the registrar signs of a service."""
    data = {
        "name": words("Anytown parking", "Parcio Anytown"),
        "authority": {"id": "anytown", "name": words("Anytown Council", "Cyngor Anytown")},
        "home": client_id + "/",
        "sector": client_id,
        "tier": "council",
        "counters": [desk("desk-1", [each["id"] for each in purposes])] if purposes else [],
        "subject_proof": True,
        "signed_sign_in": False,
        "notice_uri": client_id + "/privacy",
        "purposes": purposes,
        **changes,
    }
    client = {
        "redirect_uris": [client_id + "/back"],
        "client_registration_types": ["explicit"],
        "token_endpoint_auth_method": "private_key_jwt",
    }
    claims = {
        "iss": REGISTRAR,
        "sub": client_id,
        "iat": NOW - DAY,
        "exp": NOW + 90 * DAY,
        "jwks": {"keys": service_keys(label)},
        "metadata": {"openid_relying_party": client, "resident_data_service": data},
    }
    return by_kid(jose.STATEMENT, claims, registrar)


parking = statement(PARKING, "parking", [purpose("resident-permit")])
area_attributes = {"address.lives_in_area": asked(True), "contact.email": asked(False)}
zoned = statement(
    PARKING,
    "parking",
    [purpose("zone-check", attributes=area_attributes, zones={"zone-a": zone()}, access=["once"], dpia="DPIA-7")],
)
library = statement(LIBRARY, "library", [], signed_sign_in=True, name=words("Anytown library", "Llyfrgell Anytown"))


def index(*statements: Document, **changes: Any) -> Document:
    """An index over these statements."""
    claims = {
        "iss": REGISTRAR,
        "seq": 12,
        "iat": NOW - DAY,
        "exp": NOW + 13 * DAY,
        "jwks": {"keys": [keys.jwk(registrar)]},
        "statements": {each.claims["sub"]: digest(each.compact) for each in statements},
        **changes,
    }
    return by_kid(jose.INDEX, claims, registrar)


the_index = index(parking, library)


def detail(**changes: Any) -> Json:
    """What parking asks."""
    return {
        "type": "resident_data",
        "locations": [f"{ISSUER}/data"],
        "purpose": "resident-permit",
        "attributes": {"person.full_name": {"required": True}, "contact.mobile": {}, "contact.email": {}},
        "access": {"until": UNTIL},
        "enc_jkt": jose.thumbprint(sealing),
        **changes,
    }


def request(details: Any, label: str = "parking", client_id: str = PARKING, **changes: Any) -> Document:
    """A signed request object; a sign-in where `details` is None."""
    claims = {
        "iss": client_id,
        "client_id": client_id,
        "aud": ISSUER,
        "nbf": NOW - 5,
        "iat": NOW - 5,
        "exp": NOW + 55,
        "jti": keys.an_id("request"),
        "response_type": "code",
        "redirect_uri": client_id + "/back",
        "scope": "openid",
        "code_challenge": digest("verifier"),
        "code_challenge_method": "S256",
        "state": "a state",
        **({"authorization_details": details} if details is not None else {}),
        **changes,
    }
    header = {"alg": "ES256", "typ": "oauth-authz-req+jwt", "kid": f"{label}-1"}
    return Document(header, claims, es256(keys.p256(f"{label} signs")))


permit = request([detail()])
sign_in = request(None)


@dataclass(frozen=True)
class Approval:
    """What the resident's wallet makes of one request."""

    request: Document
    statement: Document
    index: Document
    decisions: Json
    values: Json
    access: Any

    def changed(self, **changes: Any) -> "Approval":
        return replace(self, **changes)

    @cached_property
    def record(self) -> Document:
        """The sharing record."""
        details = self.request.claims.get("authorization_details")
        data = self.statement.claims["metadata"]["resident_data_service"]
        named = [each for each in data["purposes"] if details and each["id"] == details[0]["purpose"]]
        claims = {
            "schema": "pds/sharing-record/1",
            "iss": SUB,
            "sub": SUB,
            "aud": self.statement.claims["sub"],
            "authority": data["authority"]["id"],
            "jti": GRANT,
            "iat": hour(NOW),
            "exp": hour(NOW) + DAY if self.access == "once" else ENDS,
            "request_hash": digest(self.request.compact),
            "purpose": named[0]["id"] if named else "sign-in",
            "lawful_basis": named[0]["lawful_basis"] if named else "public_task",
            "attributes": sorted(self.decisions),
            "access": self.access,
            "retention_days": named[0]["retention_days"] if named else 0,
            "decisions_hash": digest(jcs([SALT, self.decisions])) if named else "",
        }
        return by_subject(jose.RECORD, claims, subject)

    @cached_property
    def disclosure(self) -> Document:
        """The inner JWS of the disclosure, its `pad` as an honest wallet fills it."""
        record = self.record.claims
        claims = {
            **{name: record[name] for name in ("iss", "sub", "aud", "request_hash", "exp")},
            "grant_id": record["jti"],
            "revision": 1,
            "iat": hour(NOW),
            "claims": self.values,
            "decisions": self.decisions,
            "decisions_salt": SALT,
            "deposit_jwk": keys.jwk(deposit),
            "pad": "",
        }
        return padded(by_subject(jose.DISCLOSURE, claims, subject))

    def message(self, disclosure: Document | None = None, **changes: Any) -> str:
        """The JWE that the server keeps."""
        inner = (disclosure or self.disclosure).compact
        return jwe(inner.encode(), keys.jwk(sealing), "disclosure", **changes)


def padded(disclosure: Document, size: int = 4096) -> Document:
    """The same, filled to `size` bytes of payload."""
    bare = disclosure.claiming(pad="")
    return bare.claiming(pad="0" * (size - len(jcs(bare.claims))))


VALUES: Json = {
    "person.full_name": {"value": "Siân O’Connor", "source": "self_asserted", "as_of": "2026-11-02"},
    "contact.mobile": {"absent": "withheld"},
    "contact.email": {"absent": "not_held"},
}
DECISIONS: Json = {"person.full_name": "share", "contact.mobile": "withhold", "contact.email": "share"}
approval = Approval(permit, parking, the_index, DECISIONS, VALUES, {"until": UNTIL})
signed_in = Approval(sign_in, parking, the_index, {}, {}, "once")

subject_proof = by_subject(
    jose.SUBJECT_PROOF,
    {
        "aud": PARKING,
        "sub": SUB,
        "request_hash": digest(permit.compact),
        "grant_id": GRANT,
        "record_hash": digest(approval.record.compact),
        "iat": hour(NOW),
        "deposit_jwk": keys.jwk(deposit),
    },
    subject,
)
revocation = by_subject(
    jose.REVOCATION,
    {"aud": PARKING, "sub": SUB, "grant_id": GRANT, "record_hash": digest(approval.record.compact), "iat": NOW},
    subject,
)
pause = by_subject(
    jose.PAUSE,
    {
        "aud": PARKING,
        "sub": SUB,
        "grant_id": GRANT,
        "record_hash": digest(approval.record.compact),
        "paused": True,
        "seq": 7,
        "iat": NOW,
    },
    subject,
)


def private_jwk(label: str) -> Json:
    return jose.private_jwk(keys.p256(label))


def opaque(label: str) -> str:
    """An access token or a nonce."""
    return b64u(keys.fixed(label, 32))
