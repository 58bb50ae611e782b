"""What a service asks, and whether it may (protocols/specs/request.md)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pds.core import counter, jose
from pds.core.encoding import Json, digest, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, exactly, flag
from pds.core.registry import DAY, SIGN_IN, Purpose, Service

MAX_ATTRIBUTES = 64
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
Access = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that its service may make.

    `purpose` is None for a sign-in; `attributes` maps each to whether it is required. `desk` is of a request at a
    counter, which has no `redirect_uri`.
    """

    client_id: str
    redirect_uri: str
    state: str | None
    purpose: Purpose | None
    attributes: Mapping[str, bool]
    zones: Mapping[str, str]
    access: Access
    dpop_jkt: str | None
    request_hash: str
    parameters: Json
    desk: counter.Desk | None = None

    @property
    def purpose_id(self) -> str:
        return self.purpose.id if self.purpose else SIGN_IN


def verify_request(compact: str, service: Service, *, issuer: str, now: int) -> Request:
    """The request, if the service signed it and may ask it. Its times are the server's to judge, when it is pushed.

    Errors: `jose/…`, `request/…` in the order of `RULES`.
    """
    claims = _signed(compact, service, issuer=issuer)
    return check_parameters(claims, service, issuer=issuer, now=now, request_hash=digest(compact))


def verify_counter_request(compact: str, service: Service, *, issuer: str, now: int) -> Request:
    """The same of a request at a counter, which names its desk (protocols/specs/counter.md).

    Errors: `jose/…`, `request/…` in the order of `COUNTER_RULES`.
    """
    claims = _signed(compact, service, issuer=issuer)
    return check_counter(claims, service, issuer=issuer, now=now, request_hash=digest(compact))


def _signed(compact: str, service: Service, *, issuer: str) -> Json:
    claims = verify_signature(compact, service)
    if claims.get("iss") != service.client_id:
        raise Invalid("request/client", "iss")
    audience = claims.get("aud")
    # FAPI 2.0 Message Signing 5.3.1: the issuer, or an array that holds it.
    if audience != issuer and not (isinstance(audience, list) and issuer in audience):
        raise Invalid("request/audience", "aud")
    return claims


def verify_signature(compact: str, service: Service) -> Json:
    """The claims, if a key of the statement in force signed them. Errors: `jose/…`."""
    header = jose.read_header(compact, jose.REQUEST_OBJECT)
    return jose.verify(compact, jose.REQUEST_OBJECT, service.keys(header.get("kid"))).claims


def check_parameters(
    parameters: Json, service: Service, *, issuer: str, now: int, request_hash: str | None = None
) -> Request:
    """The same for parameters however they came; unsigned ones are hashed as their JCS and can only be a sign-in."""
    for rule in RULES:
        rule(parameters, service)
    details = parameters.get("authorization_details")
    if request_hash is None and (details is not None or service.signed_sign_in):
        raise Invalid("request/unsigned", "request")
    if details is None and parameters.get("scope") != "openid":
        raise Invalid("request/scope", "scope")
    asked = _details(details, service, issuer=issuer, now=now) if details is not None else None
    return _request(parameters, service, asked, request_hash or digest(jcs(parameters)))


def check_counter(parameters: Json, service: Service, *, issuer: str, now: int, request_hash: str) -> Request:
    """The same for the parameters of a request at a counter."""
    for rule in COUNTER_RULES:
        rule(parameters, service)
    details = parameters.get("authorization_details")
    return _request(parameters, service, _details(details, service, issuer=issuer, now=now, desk=True), request_hash)


def _request(parameters: Json, service: Service, asked: "_Details | None", request_hash: str) -> Request:
    return Request(
        client_id=service.client_id,
        redirect_uri=parameters.get("redirect_uri", ""),
        state=parameters.get("state"),
        purpose=asked.purpose if asked else None,
        attributes=asked.attributes if asked else {},
        zones=asked.zones if asked else {},
        access=asked.access if asked else "once",
        dpop_jkt=parameters.get("dpop_jkt"),
        request_hash=request_hash,
        parameters=parameters,
        desk=asked.desk if asked else None,
    )


def check_client(parameters: Json, service: Service) -> None:
    """RFC 9101 section 5: the request is this client's."""
    if parameters.get("client_id") != service.client_id:
        raise Invalid("request/client", "client_id")


def check_response_type(parameters: Json, _service: Service) -> None:
    """FAPI 2.0 5.3.2.2: the code flow only."""
    if parameters.get("response_type") != "code":
        raise Invalid("request/response-type", "response_type")


def check_redirect(parameters: Json, service: Service) -> None:
    """RFC 9700 section 2.1: exact string comparison with a registered address."""
    if parameters.get("redirect_uri") not in service.redirect_uris:
        raise Invalid("request/redirect", "redirect_uri")


def check_scope(parameters: Json, _service: Service) -> None:
    """Data is asked by authorization_details (RFC 9396), never by scope."""
    if parameters.get("scope") not in (None, "openid"):
        raise Invalid("request/scope", "scope")


def check_pkce(parameters: Json, _service: Service) -> None:
    """RFC 7636 section 4.2, S256 only (FAPI 2.0 5.3.2.2)."""
    challenge = parameters.get("code_challenge")
    if (
        parameters.get("code_challenge_method") != "S256"
        or not isinstance(challenge, str)
        or not _CHALLENGE.match(challenge)
    ):
        raise Invalid("request/pkce", "code_challenge")


def check_strings(parameters: Json, _service: Service) -> None:
    """What comes back to the client or is compared later must be a string of sensible length."""
    for name, longest in (("state", 1024), ("nonce", 1024), ("dpop_jkt", 43), ("response_mode", 32)):
        value = parameters.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            raise Invalid("request/members", name)


def check_still_asked(details: Iterable[object], service: Service) -> None:
    """What was granted is what the statement in force may ask. Errors: `request/purpose`, `…/attribute`, `…/zone`."""
    for detail in details:
        if not isinstance(detail, dict) or detail.get("purpose") not in service.purposes:
            raise Invalid("request/purpose", "purpose")
        _attributes(detail["attributes"], service.purposes[detail["purpose"]], granted=True)


def check_no_redirect(parameters: Json, service: Service) -> None:
    """RFC 8628 section 3.1: nobody is sent anywhere, so that a request at a counter can never be one online."""
    for name in ("redirect_uri", "code_challenge", "code_challenge_method", "response_mode", "state"):
        if name in parameters:
            raise Invalid("request/members", name)
    if "response_type" in parameters:
        check_response_type(parameters, service)


def check_desk_key(parameters: Json, _service: Service) -> None:
    """RFC 9449 section 10: a device code is bound to the desk's key from the beginning."""
    if not isinstance(parameters.get("dpop_jkt"), str) or not DIGEST.match(parameters["dpop_jkt"]):
        raise Invalid("request/desk-key", "dpop_jkt")


Rule = Callable[[Json, Service], None]
RULES: tuple[Rule, ...] = (check_client, check_response_type, check_redirect, check_scope, check_pkce, check_strings)
COUNTER_RULES: tuple[Rule, ...] = (check_client, check_no_redirect, check_scope, check_strings, check_desk_key)


def day(value: object) -> date:
    """The day of `YYYY-MM-DD`, which `fromisoformat` alone is too generous for. ValueError for anything else."""
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError
    return date.fromisoformat(value)


def grant_end(access: Access, *, now: int) -> int:
    """When a grant of this access ends, as a time: a date ends at 00:00 UTC of the following day."""
    if isinstance(access, str):
        return now - now % 3600 + DAY
    last = day(access["until"])
    return int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp()) + DAY


@dataclass(frozen=True, slots=True)
class _Details:
    purpose: Purpose
    attributes: Mapping[str, bool]
    zones: Mapping[str, str]
    access: Access
    desk: counter.Desk | None


def _details(value: object, service: Service, *, issuer: str, now: int, desk: bool = False) -> _Details:
    """RFC 9396, the `resident_data` type; at a counter it names its desk, and nowhere else. Errors: `request/…`."""
    if not isinstance(value, list) or len(value) != 1:
        raise Invalid("request/members", "authorization_details")
    names = "type locations purpose attributes access enc_jkt".split() + ["desk"] * desk
    detail = exactly(value[0], names, "request/members")
    if detail["type"] != "resident_data":
        raise Invalid("request/members", "type")
    wishes = detail["attributes"]
    if not isinstance(wishes, dict) or not 1 <= len(wishes) <= MAX_ATTRIBUTES:
        raise Invalid("request/members", "attributes")
    for wish in wishes.values():
        exactly(wish, (), "request/members", optional=("required", "zone"))
        flag({"required": False, **wish}, "required", "request/members")
    if detail["locations"] != [f"{issuer}/data"]:
        raise Invalid("request/location", "locations")
    purpose = service.purposes.get(detail["purpose"]) if isinstance(detail["purpose"], str) else None
    if purpose is None:
        raise Invalid("request/purpose", "purpose")
    signed = counter.signed_desk(detail["desk"], service.desks, purpose.id) if desk else None
    attributes, zones = _attributes(wishes, purpose)
    access = check_access(detail["access"], purpose, now=now)
    if detail["enc_jkt"] != service.enc_jkt:
        raise Invalid("request/encryption-key", "enc_jkt")
    return _Details(purpose, attributes, zones, access, signed)


def _attributes(
    value: Mapping[str, Json], purpose: Purpose, *, granted: bool = False
) -> tuple[dict[str, bool], dict[str, str]]:
    attributes, zones = {}, {}
    for id in value:
        if id not in purpose.attributes:
            raise Invalid("request/attribute", id)
    for id, wish in value.items():
        attributes[id] = wish.get("required", False)
        # What a resident has agreed to share is not undone because the form can do without it now.
        if attributes[id] and not purpose.attributes[id].required and not granted:
            raise Invalid("request/required", id)
    for id, wish in value.items():
        if id == "address.lives_in_area":
            if not isinstance(wish.get("zone"), str) or wish["zone"] not in purpose.zones:
                raise Invalid("request/zone", id)
            zones[id] = wish["zone"]
        elif "zone" in wish:
            raise Invalid("request/zone", id)
    return attributes, zones


def check_access(value: Any, purpose: Purpose, *, now: int) -> Access:
    """`"once"` or `{"until": date}` within the purpose. Errors: `request/access`, `request/duration`."""
    if value == "once":
        if "once" not in purpose.access:
            raise Invalid("request/access", "access")
        return "once"
    if not isinstance(value, dict) or value.keys() != {"until"} or "until" not in purpose.access:
        raise Invalid("request/access", "access")
    try:
        until = day(value["until"])
    except ValueError as error:
        raise Invalid("request/access", "access") from error
    today = datetime.fromtimestamp(now, UTC).date()
    if not timedelta(purpose.shortest_days) <= until - today <= timedelta(purpose.longest_days + 1):
        raise Invalid("request/duration", "access")
    return {"until": value["until"]}
