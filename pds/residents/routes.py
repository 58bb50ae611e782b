"""Signing in and out of the wallet's API."""

from dataclasses import asdict

from aiohttp import web

from pds.core.encoding import Json, b64u, unb64u
from pds.core.members import DIGEST, ID, exactly, text
from pds.errors import Malformed
from pds.http.body import read_json
from pds.http.caller import Caller, clear_session, device, find_caller, set_session, signed_in
from pds.http.keys import SETTINGS, now, random
from pds.http.limits import network_of
from pds.residents import actions, passkeys

routes = web.RouteTableDef()


def where(request: web.Request) -> actions.Origin:
    """Where residents sign in, from the settings and never from a header."""
    settings = request.config_dict[SETTINGS]
    return actions.Origin(settings.issuer, settings.host_name, settings.secret)


@routes.get("/session")
async def get_session(request: web.Request) -> web.Response:
    """Whether this browser is signed in, and as whose vault."""
    caller = await find_caller(request)
    if caller is None:
        return web.json_response({"signed_in": False})
    return web.json_response({"signed_in": True, "vault": caller.resident, "auth_time": caller.auth_time})


@routes.post("/challenges")
async def post_challenge(request: web.Request) -> web.Response:
    """A single-use nonce to register or to sign in with."""
    body = await read_json(request)
    origin, time, dice = where(request), now(request), random(request)
    match body.get("for"):
        case "register":
            vault = text(exactly(body, ("for", "vault"), "malformed"), "vault", "malformed", pattern=ID)
            made = await actions.challenge("register", vault, now=time, random=dice)
            options = passkeys.creation_options(rp=origin.host, vault=vault, challenge=unb64u(made.nonce))
            return web.json_response({"challenge_id": made.id, "options": options})
        case "passkey":
            exactly(body, ("for",), "malformed")
            made = await actions.challenge("passkey", "", now=time, random=dice)
            options = passkeys.request_options(rp=origin.host, challenge=unb64u(made.nonce))
            return web.json_response({"challenge_id": made.id, "options": options})
        case "recovery":
            locator = text(exactly(body, ("for", "locator"), "malformed"), "locator", "malformed", pattern=DIGEST)
            return web.json_response(_located(await actions.locate("recovery", locator, origin, now=time, random=dice)))
        case "passphrase":
            name = text(exactly(body, ("for", "name"), "malformed"), "name", "malformed", pattern=actions.VAULT_NAME)
            found = await actions.locate("passphrase", name, origin, now=time, random=dice)
            return web.json_response(_located(found) | {"suite": found.suite, "salt": b64u(found.salt)})
    raise Malformed("for: register, passkey, passphrase or recovery", member="for")


@routes.post("/login/passkey")
async def post_login_passkey(request: web.Request) -> web.Response:
    """Sign in with a passkey."""
    body = exactly(await read_json(request), ("challenge_id", "credential"), "malformed")
    fields = passkeys.read_assertion(body["credential"])
    session = await actions.log_in_by_passkey(
        text(body, "challenge_id", "malformed", pattern=ID),
        fields,
        where(request),
        address=network_of(request),
        device=device(request),
        now=now(request),
        random=random(request),
    )
    return _signed_in(session)


@routes.post("/login/proof")
async def post_login_proof(request: web.Request) -> web.Response:
    """Sign in with a key that a recovery code derives."""
    body = exactly(await read_json(request), ("challenge_id", "proof"), "malformed")
    session = await actions.log_in_by_proof(
        text(body, "challenge_id", "malformed", pattern=ID),
        text(body, "proof", "malformed", longest=8192),
        where(request),
        address=network_of(request),
        device=device(request),
        now=now(request),
        random=random(request),
    )
    return _signed_in(session)


@routes.post("/logout")
async def post_logout(request: web.Request) -> web.Response:
    """End this session, here and on the server."""
    caller = await signed_in(request)
    exactly(await read_json(request), (), "malformed")
    await actions.end_session(caller.session, caller.resident)
    response = web.Response(status=204)
    clear_session(response)
    return response


@routes.get("/sessions")
async def get_sessions(request: web.Request) -> web.Response:
    """Where this resident is signed in."""
    caller = await signed_in(request)
    found = await actions.sessions(caller.resident, now=now(request))
    return web.json_response({"sessions": [asdict(each) | {"this": each.id == caller.session} for each in found]})


@routes.post("/sessions/end")
async def post_sessions_end(request: web.Request) -> web.Response:
    """Sign out everywhere, here too."""
    caller = await signed_in(request)
    exactly(await read_json(request), (), "malformed")
    await actions.end_sessions(caller.resident)
    response = web.Response(status=204)
    clear_session(response)
    return response


@routes.post("/sessions/{digest:[A-Za-z0-9_-]{43}}/end")
async def post_session_end(request: web.Request) -> web.Response:
    """Sign out one browser; another resident's is not to be found."""
    caller = await signed_in(request)
    exactly(await read_json(request), (), "malformed")
    await actions.end_session(request.match_info["digest"], caller.resident)
    return web.Response(status=204)


async def find(hashed: str, *, now: int) -> Caller | None:
    """The caller with this session cookie's digest: what `create_app` puts behind `signed_in`."""
    row = await actions.find_session(hashed, now=now)
    return Caller(row.resident_id, row.digest, row.auth_time, row.amr) if row else None


def _located(found: actions.Located) -> Json:
    challenge = found.challenge
    return {"challenge_id": challenge.id, "nonce": challenge.nonce, "vault": found.vault, "method": challenge.subject}


def _signed_in(session: actions.Session) -> web.Response:
    response = web.json_response({"vault": session.resident})
    set_session(response, session.token, seconds=actions.SESSION_SECONDS)
    return response
