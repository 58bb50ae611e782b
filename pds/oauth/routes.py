"""The authorization server, endpoint by endpoint (FAPI 2.0; protocols/specs/fapi-profile.md)."""

from aiohttp import web
from yarl import URL

from pds.core.encoding import Json, b64u, digest
from pds.core.errors import Invalid
from pds.core.registry import Service
from pds.core.request import check_parameters, verify_request
from pds.deposits import actions as deposits
from pds.errors import Malformed, NotFound
from pds.grants import managing, tokens
from pds.http.body import KIB, once, read_form
from pds.http.caller import browser_cookie, set_browser
from pds.http.keys import issuer, now, random
from pds.http.signing import answer, sign, signing_keys
from pds.oauth import checks, device, exchange
from pds.oauth.errors import OAuthError, of_rule
from pds.oauth.pages import LINK_OVER, MOVED, page
from pds.registry import actions as registry
from pds.requests import actions as requests

ID_TOKEN_SECONDS = 300

routes = web.RouteTableDef()


@routes.post("/par")
async def push(request: web.Request) -> web.Response:
    """RFC 9126: a service says what it wants, signed (RFC 9101), and gets a reference to it."""
    form, at = await read_form(request, 64 * KIB), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    proof = await checks.check_proof(request, at) if "DPoP" in request.headers else None
    await checks.check_registry(at)
    try:
        compact, parameters = _pushed(form, service, at)
        for rule in checks.PUSHED:
            rule(parameters, at)
    except Invalid as error:
        raise of_rule(error) from error
    checks.check_dpop_binding(parameters, proof)
    if proof is not None:
        parameters = parameters | {"dpop_jkt": proof.jkt}
    uri = await requests.push(
        service.client_id,
        compact,
        parameters,
        hinted_subject=checks.check_hint(parameters, service, signing_keys(request), at),
        now=at.time,
        random=random(request),
    )
    return web.json_response({"request_uri": uri, "expires_in": requests.FIRST_VISIT_SECONDS}, status=201)


@routes.get("/authorize")
@routes.post("/authorize")
async def authorize(request: web.Request) -> web.Response:
    """RFC 9126 section 4: bind the request to this browser and show it to the resident in the wallet."""
    browser = browser_cookie(request) or b64u(random(request)(32))
    try:
        # A form where the client posts it (OpenID Connect Core 3.1.2.1): the answer is the same.
        query = await read_form(request) if request.method == "POST" else once(list(request.query.items()))
        # First the service, so that a visit while it is suspended binds its request to nobody.
        service = await registry.service(query.get("client_id", ""), now=now(request))
        pending = await requests.visit(
            query.get("request_uri", ""), service.client_id, digest(browser), now=now(request)
        )
    except (NotFound, Malformed):
        return page(request, LINK_OVER)
    if pending.parameters.get("prompt") == "none":
        # A locked vault cannot sign, so nothing can be answered without the resident (OpenID Connect Core 3.1.2.6).
        return await _interaction_required(request, pending, service)
    response = web.Response(status=303, headers={"Location": f"{issuer(request)}/#request={pending.id}"})
    set_browser(response, browser)
    return response


@routes.post("/token")
async def token(request: web.Request) -> web.Response:
    """RFC 6749 section 3.2 with DPoP (RFC 9449 section 5): a code or a refresh token for an access token."""
    form, at = await read_form(request), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    proof = await checks.check_proof(request, at)
    dice = random(request)
    nonce = None
    try:
        match exchange.check_present(form, "grant_type"):
            case "authorization_code":
                code = await tokens.find_code(exchange.check_present(form, "code"), service.client_id, now=at.time)
                exchange.check_code_redirect(form, code, service)
                exchange.check_verifier(form, code)
                exchange.check_code_key(proof, code)
                details = await tokens.granted(code.grant_id)
                exchange.check_details(form, details)
                exchange.check_still_asked(details, service)
                issued = await tokens.redeem(code, proof.jkt, now=at.time, random=dice)
                nonce = code.nonce
            case "refresh_token":
                old = exchange.check_present(form, "refresh_token")
                known = await tokens.introspect(old, service.client_id, now=at.time)
                exchange.check_scope(form, known.scope)
                exchange.check_details(form, known.authorization_details)
                exchange.check_still_asked(known.authorization_details, service)
                issued = await tokens.refresh(old, service.client_id, proof.jkt, now=at.time, random=dice)
            case device.GRANT_TYPE:
                issued, nonce = await device.collect(form, service, proof, at, dice)
            case "client_credentials":
                return await _for_itself(request, form, service, proof.jkt)
            case _:
                raise OAuthError(
                    "unsupported_grant_type",
                    "authorization_code, refresh_token, client_credentials or a device code",
                    rule="form/grant-type",
                    member="grant_type",
                )
    except NotFound as error:
        member = "code" if "code" in form else "refresh_token"
        raise OAuthError(
            "invalid_grant", "it has ended, was used, or never was", rule="code/gone", member=member
        ) from error
    # RFC 6749 section 5.1 asks for both; Cache-Control is on every answer of ours.
    answered = _token_response(request, issued, service, nonce, now=at.time)
    return web.json_response(answered, headers={"Pragma": "no-cache"})


async def _for_itself(request: web.Request, form: dict[str, str], service: Service, jkt: str) -> web.Response:
    """RFC 6749 section 4.4: a token by which the service looks after its grants (granted.py). It reads nothing."""
    scope = exchange.check_client_scope(form)
    token = await managing.issue(service.client_id, scope, jkt, now=now(request), random=random(request))
    document = {"access_token": token, "token_type": "DPoP", "expires_in": tokens.ACCESS_SECONDS, "scope": scope}
    return web.json_response(document, headers={"Pragma": "no-cache"})


@routes.post("/revoke")
async def revoke(request: web.Request) -> web.Response:
    """RFC 7009: a service gives a token up; an unknown one is answered the same."""
    form, at = await read_form(request), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    token = exchange.check_present(form, "token")
    await tokens.revoke(token, service.client_id)
    await managing.forget(token, service.client_id)
    return web.Response(status=200)


@routes.post("/introspect")
async def introspect(request: web.Request) -> web.Response:
    """RFC 7662: what a token of this client's is good for; of any other, only that it is not active."""
    form, at = await read_form(request), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    try:
        known = await tokens.introspect(exchange.check_present(form, "token"), service.client_id, now=at.time)
    except NotFound:
        return web.json_response(await _introspect_own(form["token"], service, now=at.time))
    return web.json_response(_introspection(known, service))


@routes.post("/deposits")
async def deposit(request: web.Request) -> web.Response:
    """A service offers a resident something back (protocols/specs/deposit.md)."""
    form, at = await read_form(request), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    sub, compact = exchange.check_present(form, "sub"), exchange.check_present(form, "deposit")
    try:
        seconds = await deposits.receive(service.client_id, sub, compact, now=at.time, random=random(request))
    except NotFound as error:
        # Nobody is told whether there is such a person, only that this service may leave nothing.
        raise OAuthError(
            "access_denied", "no dealings with this sub", rule="deposit/not-allowed", member="sub", status=403
        ) from error
    return web.json_response({"expires_in": seconds}, status=201)


def _pushed(form: dict[str, str], service: Service, at: checks.Now) -> tuple[str | None, Json]:
    """What was pushed: the claims of a signed request object, or the parameters of an unsigned sign-in."""
    if "request" in form:
        checks.check_nothing_beside(form)
        verified = verify_request(form["request"], service, issuer=at.issuer, now=at.time)
        checks.check_request_times(verified.parameters, at)
        return form["request"], verified.parameters
    if "request_uri" in form:
        raise OAuthError(
            "invalid_request", "a request_uri cannot be pushed", rule="request/members", member="request_uri"
        )
    parameters: Json = {
        name: value for name, value in form.items() if name not in ("client_assertion", "client_assertion_type")
    }
    parameters.setdefault("client_id", service.client_id)
    check_parameters(parameters, service, issuer=at.issuer, now=at.time)
    return None, parameters


async def _interaction_required(request: web.Request, pending: requests.Pending, service: Service) -> web.Response:
    parameters = pending.parameters
    if parameters["redirect_uri"] not in service.redirect_uris:
        return page(request, MOVED, wished=str(parameters.get("ui_locales", "")))
    await requests.close(pending)
    members = answer(request, parameters, service.client_id, {"error": "interaction_required"})
    if "response" in members:
        members = {"response": members["response"]}
    elif parameters.get("state") is not None:
        members["state"] = parameters["state"]
    address = URL(parameters["redirect_uri"]).update_query(members)
    return web.Response(status=303, headers={"Location": str(address)})


def _token_response(
    request: web.Request, issued: tokens.Tokens, service: Service, nonce: str | None, *, now: int
) -> Json:
    document: Json = {
        "access_token": issued.access,
        "token_type": "DPoP",
        "expires_in": issued.expires - now,
        "scope": issued.scope,
        "grant_id": issued.grant_id,
        "sharing_record": issued.record,
    }
    if issued.authorization_details:
        document["authorization_details"] = issued.authorization_details
    if issued.subject_proof is not None:
        document["subject_proof"] = issued.subject_proof
    if issued.refresh is not None:
        document["refresh_token"] = issued.refresh
    if issued.scope == "openid":
        document["id_token"] = _id_token(request, issued, service, nonce, now=now)
    return document


def _introspection(known: tokens.Known, service: Service) -> Json:
    """RFC 7662 section 2.2, RFC 9449 section 6.2, RFC 9396 section 9.2; what is not there is left out."""
    document: Json = {
        "active": True,
        "sub": known.subject,
        "client_id": service.client_id,
        "scope": known.scope,
        "exp": known.expires,
        "grant_id": known.grant_id,
        "authorization_details": known.authorization_details,
    }
    if known.jkt is not None:
        document |= {"token_type": "DPoP", "cnf": {"jkt": known.jkt}}
    return {name: value for name, value in document.items() if value not in ("", [])}


async def _introspect_own(token: str, service: Service, *, now: int) -> Json:
    """A token that the service has for itself; of any other, only that it is not active."""
    try:
        found = await managing.find(token, now=now)
    except NotFound:
        return {"active": False}
    if found.client_id != service.client_id:
        return {"active": False}
    scope = " ".join(sorted(found.scopes))
    document: Json = {"active": True, "client_id": found.client_id, "scope": scope, "exp": found.expires}
    return document | {"token_type": "DPoP", "cnf": {"jkt": found.jkt}}


def _id_token(request: web.Request, issued: tokens.Tokens, service: Service, nonce: str | None, *, now: int) -> str:
    """OpenID Connect Core 2; `acr` `phr` is a phishing-resistant sign-in (OpenID EAP ACR Values)."""
    claims: Json = {
        "iss": issuer(request),
        "sub": issued.subject,
        "aud": service.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "auth_time": issued.auth_time,
        "acr": "phr" if issued.amr.startswith("hwk") else "urn:pds:acr:derived-key",
        "amr": issued.amr.split(),
    }
    if issued.sid is not None:
        claims["sid"] = issued.sid  # OIDC Back-Channel Logout section 2.1
    if nonce is not None:
        claims["nonce"] = nonce
    return sign(request, claims)
