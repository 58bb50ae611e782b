"""The desk's side of a counter: RFC 8628 with a signed request object, and what belongs to it (counter.md)."""

import asyncio
from contextlib import suppress

from aiohttp import web

from pds.core import counter, dpop
from pds.core.encoding import Json, jcs
from pds.core.errors import Invalid
from pds.core.registry import Service
from pds.core.request import verify_counter_request
from pds.counter import desk, sessions
from pds.errors import Conflict, Malformed, NotFound
from pds.grants import tokens
from pds.http.body import KIB, read_form
from pds.http.keys import SETTINGS, random
from pds.http.keys import now as clock
from pds.http.signing import signing_keys
from pds.http.streams import STREAMS, Place
from pds.oauth import checks, exchange
from pds.oauth.errors import OAuthError, of_rule

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
HEARTBEAT_SECONDS = 15

routes = web.RouteTableDef()


@routes.post("/device_authorization")
async def authorize(request: web.Request) -> web.Response:
    """RFC 8628 section 3.1: a desk says what it asks, signed, and gets the codes for its screen."""
    form, at = await read_form(request, 64 * KIB), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    proof = await checks.check_proof(request, at) if "DPoP" in request.headers else None
    await checks.check_registry(at)
    compact = exchange.check_present(form, "request")
    checks.check_nothing_beside(form)
    try:
        parameters = _verified(compact, service, at)
    except Invalid as error:
        raise of_rule(error) from error
    checks.check_dpop_binding(parameters, proof)
    begun = await desk.begin(
        service.client_id,
        compact,
        parameters,
        hinted_subject=checks.check_hint(parameters, service, signing_keys(request), at),
        now=at.time,
        secret=request.config_dict[SETTINGS].secret,
        random=random(request),
    )
    document = {
        "device_code": begun.device_code,
        "user_code": begun.typed,
        "verification_uri": f"{at.issuer}/Q",
        "verification_uri_complete": counter.format_address(at.issuer, begun.code),
        "expires_in": counter.EXCHANGE_SECONDS,
        "interval": desk.INTERVAL_SECONDS,
    }
    return web.json_response(document)


@routes.post("/device/digits")
async def compare(request: web.Request) -> web.Response:
    """What staff read on the phone; the server compares."""
    form, device_code, service, at = await _desk(request)
    try:
        digits = counter.parse_digits(exchange.check_present(form, "digits"))
    except Invalid as error:
        raise OAuthError("invalid_request", "four digits", rule=error.code, member="digits") from error
    secret = request.config_dict[SETTINGS].secret
    try:
        right, left = await desk.compare(device_code, service.client_id, digits, now=at.time, secret=secret)
    except Conflict as error:
        raise OAuthError("invalid_request", str(error), rule=error.rule, member="digits") from error
    return web.json_response({"paired": True} if right else {"paired": False, "tries_left": left})


@routes.post("/device/cancel")
async def cancel(request: web.Request) -> web.Response:
    """The desk ends it."""
    _form, device_code, service, at = await _desk(request)
    await desk.cancel(device_code, service.client_id, now=at.time)
    return web.json_response({})


@routes.get("/device/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events (WHATWG HTML section 9.2), by a device code that is bound to the desk's key like a token."""
    at = checks.now_of(request)
    session = await _presented(request, at)
    after = _last_event(request)
    with sessions.listen(session.id) as bell, request.config_dict[STREAMS].place(session.id) as place:
        headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        # Who is gone has not been told, and asks again from the last event that it has.
        with suppress(ConnectionResetError):
            await response.prepare(request)
            await _tell(request, response, session, after, bell, place)
            await response.write_eof()
    return response


async def _tell(
    request: web.Request,
    response: web.StreamResponse,
    session: sessions.Session,
    after: int,
    bell: sessions.Bell,
    place: Place,
) -> None:
    """Each event after `after` as it comes, until nothing more will."""
    silent = 0.0
    look = True
    loop = asyncio.get_running_loop()
    while not place.over:
        if look:
            session, news = await desk.events(session, after=after, now=clock(request))
            for event in news:
                await response.write(_event(event))
                after, silent = event.n, 0.0
            if _over(session):
                break
        began = loop.time()
        # A bell, or the time to look: a session lapses without anybody's act.
        look = await bell.wait(1) or session.until <= clock(request)
        silent += loop.time() - began
        if silent >= HEARTBEAT_SECONDS:
            await response.write(b":\n\n")
            silent = 0.0


async def collect(
    form: dict[str, str], service: Service, proof: dpop.Proof, at: checks.Now, dice: desk.Random
) -> tuple[tokens.Tokens, str | None]:
    """RFC 8628 section 3.4 at the token endpoint: the tokens, and the nonce for the ID token; or the state as error."""
    device_code = exchange.check_present(form, "device_code")
    await _check_key(device_code, service, proof, at)
    session, hasty = await desk.poll(device_code, service.client_id, now=at.time)
    if session.state in (counter.WAITING, counter.OPENED, counter.PAIRED):
        code = "slow_down" if hasty else "authorization_pending"
        raise OAuthError(code, f"the session is {session.state}", rule="counter/pending", member="device_code")
    if session.outcome == "declined" and session.state == counter.DECIDED:
        raise OAuthError("access_denied", "the resident declined", rule="counter/declined", member="device_code")
    if session.state == counter.VOID:
        expired = session.reason == "expired"
        error, rule = ("expired_token", "counter/expired") if expired else ("access_denied", "counter/void")
        raise OAuthError(error, f"the session is void: {session.reason}", rule=rule, member="device_code")
    parameters = await desk.parameters_of(session)
    exchange.check_still_asked(parameters["authorization_details"], service)
    try:
        issued = await desk.collect(device_code, service.client_id, proof.jkt, now=at.time, random=dice)
    except NotFound as error:
        raise OAuthError("invalid_grant", str(error), rule="code/gone", member="device_code") from error
    return issued, parameters.get("nonce")


def _verified(compact: str, service: Service, at: checks.Now) -> Json:
    asked = verify_counter_request(compact, service, issuer=at.issuer, now=at.time)
    checks.check_request_times(asked.parameters, at)
    for rule in checks.AT_COUNTER:
        rule(asked.parameters, at)
    return asked.parameters


async def _desk(request: web.Request) -> tuple[dict[str, str], str, Service, checks.Now]:
    """Who calls, by which device code: a client that authenticates, with the key that the code is bound to."""
    form, at = await read_form(request), checks.now_of(request)
    service = await checks.check_client(request, form, at)
    proof = await checks.check_proof(request, at)
    device_code = exchange.check_present(form, "device_code")
    await _check_key(device_code, service, proof, at)
    return form, device_code, service, at


async def _check_key(device_code: str, service: Service, proof: dpop.Proof, at: checks.Now) -> sessions.Session:
    """RFC 9449 section 10: from the first poll, the key that the signed request named. Another changes nothing."""
    try:
        session = await desk.find(device_code, service.client_id, now=at.time)
    except NotFound as error:
        raise OAuthError("invalid_grant", str(error), rule="device/gone", member="device_code") from error
    if session.jkt != proof.jkt:
        raise OAuthError("invalid_grant", "the code is bound to another key", rule="code/key", member="DPoP")
    return session


async def _presented(request: web.Request, at: checks.Now) -> sessions.Session:
    """RFC 9449 section 7.1, with the device code as the token."""
    token = checks.check_authorization(request)
    proof = await checks.check_shown(request, token)
    try:
        return await desk.present(token, proof.jkt, now=at.time)
    except NotFound as error:
        raise OAuthError("invalid_token", str(error), status=401) from error


def _last_event(request: web.Request) -> int:
    value = request.headers.get("Last-Event-ID", "0")
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise Malformed("Last-Event-ID: a number", member="Last-Event-ID")
    return int(value)


def _over(session: sessions.Session) -> bool:
    return session.state in (counter.COLLECTED, counter.VOID) or session.outcome == "declined"


def _event(event: desk.Event) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.n, event.what.encode(), jcs(event.data))
