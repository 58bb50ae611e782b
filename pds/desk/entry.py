"""Coming in: staff register a passkey by a one-time link, sign in with it, and say at which desk they are."""

import json

from aiohttp import web

from pds.core.encoding import Json, unb64u
from pds.core.errors import Invalid
from pds.desk import pages, passkeys
from pds.desk.context import CLOCK, SESSION, SESSIONS, SETUP, STAFF, answer, cookie_name, here, now, sent, text_of
from pds.desk.staff import Member, NotStaff

routes = web.RouteTableDef()


@routes.get("/sign-in")
async def sign_in_page(request: web.Request) -> web.StreamResponse:
    if request[SESSION] is not None:
        raise web.HTTPSeeOther("/")
    return answer(request, "Sign in", pages.sign_in())


@routes.post("/sign-in/options")
async def sign_in_options(request: web.Request) -> web.StreamResponse:
    challenge = request.app[SESSIONS].challenge(now=now(request))
    return web.json_response(passkeys.request_options(rp=request.app[SETUP].host_name, challenge=challenge))


@routes.post("/sign-in")
async def sign_in(request: web.Request) -> web.StreamResponse:
    app, setup = request.app, request.app[SETUP]
    document = passkeys.read_assertion(await sent(request))
    challenge = _challenge(request, document)
    member = app[STAFF].member(document["user_handle"])
    count = passkeys.verify_assertion(document, member, rp=setup.host_name, origin=setup.origin, challenge=challenge)
    app[STAFF].used(member.id, credential=document["id"], sign_count=count)
    return _welcome(request, member)


@routes.get("/enrol")
async def enrol_page(request: web.Request) -> web.StreamResponse:
    return answer(request, "Set up your passkey", pages.enrol())


@routes.post("/enrol/options")
async def enrol_options(request: web.Request) -> web.StreamResponse:
    setup = request.app[SETUP]
    member = request.app[STAFF].invited(text_of(await sent(request), "token"), now=now(request))
    challenge = request.app[SESSIONS].challenge(now=now(request))
    return web.json_response(
        passkeys.creation_options(member, rp=setup.host_name, service=setup.service["en"], challenge=challenge)
    )


@routes.post("/enrol")
async def enrol(request: web.Request) -> web.StreamResponse:
    setup, document = request.app[SETUP], await sent(request)
    token, made = text_of(document, "token"), document.get("credential")
    credential, public_key, count = passkeys.verify_registration(
        made, rp=setup.host_name, origin=setup.origin, challenge=_challenge(request, made)
    )
    member = request.app[STAFF].enrol(
        token, credential=credential, public_key=public_key, sign_count=count, now=now(request)
    )
    return _welcome(request, member)


@routes.post("/sign-out")
async def sign_out(request: web.Request) -> web.StreamResponse:
    name = cookie_name(request.app[SETUP])
    request.app[SESSIONS].end(request.cookies.get(name, ""))
    response = web.HTTPSeeOther("/sign-in")
    response.del_cookie(name, path="/", secure=request.app[SETUP].secure, httponly=True, samesite="Strict")
    raise response


@routes.get("/place")
async def place_page(request: web.Request) -> web.StreamResponse:
    here(request)
    return answer(request, "Which desk?", pages.choose_place(request.app[SETUP].places))


@routes.post("/place")
async def place(request: web.Request) -> web.StreamResponse:
    session, chosen = here(request), text_of(await request.post(), "place")
    found = [each for each in request.app[SETUP].places if each.id == chosen]
    if not found:
        raise web.HTTPBadRequest(text="not a desk of this service")
    if session.task is not None:
        session.task.close()
    session.place, session.task = found[0], None
    raise web.HTTPSeeOther("/")


def _challenge(request: web.Request, document: object) -> bytes:
    """The challenge that the passkey signed, once. Errors: `NotStaff` where it is none of ours."""
    encoded = document.get("client_data_json") if isinstance(document, dict) else None
    try:
        claimed = json.loads(unb64u(encoded if isinstance(encoded, str) else ""))
        challenge = unb64u(claimed["challenge"])
    except (Invalid, ValueError, TypeError, KeyError):
        raise NotStaff from None
    if not request.app[SESSIONS].take_challenge(challenge, now=now(request)):
        raise NotStaff
    return challenge


def _welcome(request: web.Request, member: Member) -> web.Response:
    """A fresh session: no cookie from before the sign-in is carried over."""
    app, setup, name = request.app, request.app[SETUP], cookie_name(request.app[SETUP])
    app[SESSIONS].end(request.cookies.get(name, ""))
    token = app[SESSIONS].open(member.id, member.name, now=app[CLOCK]())
    if len(setup.places) == 1:
        session = app[SESSIONS].find(token, now=app[CLOCK]())
        if session is not None:
            session.place = setup.places[0]
    done: Json = {"next": "/"}
    response = web.json_response(done)
    response.set_cookie(name, token, secure=setup.secure, httponly=True, samesite="Strict", path="/")
    return response
