"""One rule, one function, one citation. The tables at the end say what each endpoint refuses, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from aiohttp import web
from joserfc.jwk import ECKey

from pds.core import dpop, jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.nonce import check_nonce
from pds.core.registry import Service
from pds.errors import Conflict, NotFound, Refused
from pds.grants.actions import seconds_of
from pds.http.keys import SETTINGS, issuer
from pds.http.keys import now as clock
from pds.http.signing import SIGNED_MODES
from pds.oauth import actions
from pds.oauth.errors import OAuthError, of_rule
from pds.registry import actions as registry

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOLERANCE_SECONDS = 10
MAX_ASSERTION_SECONDS = 600
MAX_REQUEST_SECONDS = 3600
_STATE = re.compile(r"[ -~]*\Z")


@dataclass(frozen=True, slots=True)
class Now:
    """Where and when a request is judged."""

    issuer: str
    time: int
    secret: bytes


def now_of(request: web.Request) -> Now:
    """From the settings and the clock of the application."""
    return Now(issuer(request), clock(request), request.config_dict[SETTINGS].secret)


async def check_client(request: web.Request, form: dict[str, str], now: Now) -> Service:
    """Who calls: `private_key_jwt` (RFC 7523 section 3, FAPI 2.0 5.3.2.1). Errors: `invalid_client`, no more said."""
    assertion = form.get("client_assertion", "")
    try:
        if "client_secret" in form or "Authorization" in request.headers:  # RFC 6749 section 2.3: one method
            raise Invalid("client/assertion-type")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Invalid("client/assertion-type")
        header = jose.read_header(assertion, jose.CLIENT_ASSERTION)
        service = await registry.service(str(jose.peek(assertion).get("iss", "")), now=now.time)
        claims = jose.verify(assertion, jose.CLIENT_ASSERTION, service.keys(header.get("kid"))).claims
        for rule in ASSERTION:
            rule(claims, form, service, now)
        expires = claims["exp"] + TOLERANCE_SECONDS + 1
        await actions.use_once("assertion", service.client_id, claims["jti"], expires=expires, now=now.time)
    except (Invalid, NotFound, Conflict) as error:
        raise OAuthError("invalid_client", "client authentication failed", status=401) from error
    return service


def check_assertion_subject(claims: Json, form: dict[str, str], service: Service, _now: Now) -> None:
    """RFC 7523 section 3, rules 1 and 2.B: issuer and subject are the client."""
    named = form.get("client_id", service.client_id)
    if not claims.get("iss") == claims.get("sub") == named == service.client_id:
        raise Invalid("client/subject")


def check_assertion_audience(claims: Json, _form: dict[str, str], _service: Service, now: Now) -> None:
    """FAPI 2.0 5.3.2.1: the issuer, as a string; no other audience, so that no other server can use it here."""
    if claims.get("aud") != now.issuer:
        raise Invalid("client/audience")


def check_assertion_times(claims: Json, _form: dict[str, str], _service: Service, now: Now) -> None:
    """RFC 7523 section 3, rules 4 to 6: not expired, not for ever, not from the future."""
    expires = claims.get("exp", 0)
    if not _is_time(expires) or not now.time - TOLERANCE_SECONDS < expires <= now.time + MAX_ASSERTION_SECONDS:
        raise Invalid("client/time")
    for name in ("iat", "nbf"):
        if name in claims and (not _is_time(claims[name]) or claims[name] > now.time + TOLERANCE_SECONDS):
            raise Invalid("client/time")


def check_assertion_id(claims: Json, _form: dict[str, str], _service: Service, _now: Now) -> None:
    """OpenID Connect Core 9: a `jti`, so that it can be used once."""
    if not isinstance(claims.get("jti"), str) or not 1 <= len(claims["jti"]) <= 255:
        raise Invalid("client/jti")


ASSERTION = (check_assertion_subject, check_assertion_audience, check_assertion_times, check_assertion_id)


async def check_proof(request: web.Request, now: Now, *, token: str | None = None) -> dpop.Proof:
    """RFC 9449 sections 5 and 8: exactly one proof, for this request, with our nonce, not used before.

    Errors: `invalid_dpop_proof`, `use_dpop_nonce`.
    """
    proofs = request.headers.getall("DPoP", [])
    if len(proofs) != 1:
        raise OAuthError("invalid_dpop_proof", "exactly one DPoP header", rule="dpop/missing")
    try:
        proof = dpop.verify_proof(
            proofs[0], method=request.method, url=now.issuer + request.path, now=now.time, token=token
        )
        check_nonce(now.secret, proof.nonce, now=now.time)
    except Invalid as error:
        code = "use_dpop_nonce" if error.code == "dpop/nonce" else "invalid_dpop_proof"
        raise OAuthError(code, str(error), rule=error.code) from error
    expires = proof.iat + dpop.OLDEST_SECONDS + 1
    try:
        await actions.use_once("proof", proof.jkt, proof.jti, expires=expires, now=now.time)
    except Conflict as error:
        raise OAuthError("invalid_dpop_proof", "this proof was used before", rule="dpop/replayed") from error
    return proof


async def check_registry(now: Now) -> None:
    """protocols/specs/registry.md: a registry that has expired lets nobody ask anything new.

    Errors: `temporarily_unavailable`; only a client that has authenticated gets to hear it.
    """
    try:
        await registry.check_index(now=now.time)
    except Refused as error:
        raise OAuthError("temporarily_unavailable", str(error), rule=error.rule, status=503) from error


def check_authorization(request: web.Request) -> str:
    """RFC 9449 section 7.1: one `Authorization` header, scheme `DPoP`; the token in it. Errors: `invalid_token`."""
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "dpop" or len(request.headers.getall("Authorization", [])) != 1:
        raise OAuthError("invalid_token", "a DPoP access token", status=401)
    return presented


async def check_shown(request: web.Request, presented: str) -> dpop.Proof:
    """RFC 9449 section 7.1: the proof, made for this token. Errors: as `check_proof`, with 401."""
    try:
        return await check_proof(request, now_of(request), token=presented)
    except OAuthError as error:
        raise OAuthError(error.code, str(error), rule=error.rule, status=401) from error


def check_manages_nothing(parameters: Json, _now: Now) -> None:
    """Grant Management draft 03, section 5.1: a request neither merges nor replaces a grant; only the wallet does."""
    for name in ("grant_management_action", "grant_id"):
        if name in parameters:
            raise Invalid("request/grant-management", name)


def check_request_times(claims: Json, now: Now) -> None:
    """FAPI 2.0 Message Signing 5.3.1: `nbf` and `exp`, at most an hour apart. Errors: `invalid_request_object`."""
    begins, ends = claims.get("nbf", 0), claims.get("exp", 0)
    good = (
        _is_time(begins)
        and _is_time(ends)
        and begins <= now.time + TOLERANCE_SECONDS
        and now.time - TOLERANCE_SECONDS < ends <= begins + MAX_REQUEST_SECONDS
        and now.time - begins <= MAX_REQUEST_SECONDS
        and (not _is_time(claims.get("iat")) or claims["iat"] <= now.time + TOLERANCE_SECONDS)
    )
    if not good:
        raise of_rule(Invalid("request/time", "nbf, exp"))


def check_nothing_beside(form: dict[str, str]) -> None:
    """RFC 9126 section 3: beside a request object stands client authentication, and nothing else."""
    allowed = {"request", "client_id", "client_assertion", "client_assertion_type"}
    if form.keys() - allowed:
        raise OAuthError(
            "invalid_request", "parameters belong inside the request object", rule="request/members", member="request"
        )


def check_response_mode(parameters: Json, _now: Now) -> None:
    """FAPI 2.0 5.3.2.2 and JARM 2.3: in the query, signed or not; a fragment or a form would be another flow."""
    if parameters.get("response_mode", "query") not in ("query", *SIGNED_MODES):
        raise Invalid("request/response-mode", "response_mode")


def check_prompt(parameters: Json, _now: Now) -> None:
    """OpenID Connect Core 3.1.2.1: known values, and `none` alone."""
    wishes = str(parameters.get("prompt", "consent")).split(" ")
    if not set(wishes) <= {"none", "login", "consent", "select_account"} or (len(wishes) > 1 and "none" in wishes):
        raise Invalid("request/prompt", "prompt")


def check_prompt_at_counter(parameters: Json, _now: Now) -> None:
    """RFC 8628 section 3.3: the resident is asked; `none` has no meaning here."""
    if parameters.get("prompt") == "none":
        raise Invalid("request/prompt", "prompt")


def check_max_age(parameters: Json, _now: Now) -> None:
    """OpenID Connect Core 3.1.2.1: seconds, as a number or its digits."""
    if "max_age" in parameters and seconds_of(parameters["max_age"]) is None:
        raise Invalid("request/max-age", "max_age")


def check_language(parameters: Json, _now: Now) -> None:
    """OpenID Connect Core 3.1.2.1: `ui_locales` and `acr_values` are wishes; the wallet takes what it can."""
    for name in ("ui_locales", "acr_values", "login_hint"):
        if name in parameters and (not isinstance(parameters[name], str) or len(parameters[name]) > 255):
            raise Invalid("request/members", name)


def check_hint(parameters: Json, service: Service, keys: Sequence[ECKey], now: Now) -> str | None:
    """OpenID Connect Core 3.1.2.1: an ID token of ours for this client, however old; the subject that it names."""
    if "id_token_hint" not in parameters:
        return None
    try:
        claims = jose.verify(str(parameters["id_token_hint"]), jose.ISSUED, keys).claims
    except Invalid as error:
        raise OAuthError("invalid_request", str(error), rule="request/id-token-hint", member="id_token_hint") from error
    if claims.get("iss") != now.issuer or claims.get("aud") != service.client_id or "auth_time" not in claims:
        raise OAuthError(
            "invalid_request", "not an ID token for this client", rule="request/id-token-hint", member="id_token_hint"
        )
    return str(claims["sub"])


def check_redirect_scheme(parameters: Json, now: Now) -> None:
    """FAPI 2.0 5.3.2.2: https, unless this whole server is a demo on localhost."""
    if not parameters["redirect_uri"].startswith("https:") and now.issuer.startswith("https:"):
        raise Invalid("request/redirect", "redirect_uri")


def check_no_nul(parameters: Json, _now: Now) -> None:
    """RFC 6749 appendix A: no parameter has one; PostgreSQL could not keep it."""
    for name, value in parameters.items():
        if _has_nul([name, value]):
            raise Invalid("request/members", name.replace("\0", ""))


def check_no_request_inside(parameters: Json, _now: Now) -> None:
    """RFC 9101 section 4: a request object holds no other."""
    for name in ("request", "request_uri"):
        if name in parameters:
            raise Invalid("request/members", name)


def check_no_assertion(parameters: Json, _now: Now) -> None:
    """RFC 9101 section 10.8: a request object whose `sub` is the client could be used as its assertion."""
    if parameters.get("sub") == parameters["client_id"]:
        raise OAuthError("invalid_request_object", "sub is for assertions", rule="request/members", member="sub")


def check_state(parameters: Json, _now: Now) -> None:
    """RFC 6749 appendix A.5: printable ASCII. It comes back in an address."""
    if not _STATE.match(parameters.get("state") or ""):
        raise Invalid("request/members", "state")


def check_no_null(parameters: Json, _now: Now) -> None:
    """RFC 9449 section 10, OpenID Connect Core 3.1.2.1: what binds a request is there or absent, never null."""
    for name in ("state", "nonce", "dpop_jkt", "authorization_details"):
        if name in parameters and parameters[name] is None:
            raise Invalid("request/members", name)


PUSHED = (
    check_no_nul,
    check_no_request_inside,
    check_no_assertion,
    check_no_null,
    check_manages_nothing,
    check_state,
    check_redirect_scheme,
    check_response_mode,
    check_prompt,
    check_max_age,
    check_language,
)

# At a counter nobody is sent back, so there is no address and no way to answer; and somebody must be asked.
AT_COUNTER = (
    *(rule for rule in PUSHED if rule not in (check_redirect_scheme, check_response_mode, check_state)),
    check_prompt_at_counter,
)


def check_dpop_binding(parameters: Json, proof: dpop.Proof | None) -> None:
    """RFC 9449 section 10.1: a proof at the pushing of a request and its `dpop_jkt` are of one key."""
    stated = parameters.get("dpop_jkt")
    if proof is not None and stated is not None and stated != proof.jkt:
        raise OAuthError("invalid_dpop_proof", "not the key that the request names", rule="dpop/key", member="dpop_jkt")


def _is_time(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_nul(value: object) -> bool:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return any(map(_has_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value
