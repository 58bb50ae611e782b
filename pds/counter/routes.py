"""The counter over HTTP, for the wallet (protocols/specs/counter.md)."""

from aiohttp import web

from pds.core import counter
from pds.core.encoding import Json, b64u, digest
from pds.core.errors import Invalid
from pds.core.members import exactly, text
from pds.counter import actions, reports, sessions
from pds.errors import Malformed, NotFound, NotSignedIn
from pds.grants import actions as grants
from pds.grants import reading
from pds.http.body import KIB, query_number, read_json
from pds.http.caller import browser_cookie, find_caller, set_browser, signed_in
from pds.http.keys import SETTINGS, issuer, now, random
from pds.http.limits import network_of
from pds.http.streams import STREAMS
from pds.registry import actions as registry
from pds.vault import actions as vault

WAIT_SECONDS = 10
MAX_BYTES = 1024 * KIB
WHY = ("not-here", "other-desk", "changed-mind")

routes = web.RouteTableDef()
# At the root: the address in the picture, which a phone's camera opens.
pages = web.RouteTableDef()


@pages.get("/Q")
@pages.get("/Q/{code}")
async def get_code(request: web.Request) -> web.Response:
    """To the wallet, with the code behind the #, which no server sees. It claims nothing: previews open addresses."""
    code = request.match_info.get("code")
    if code is None:
        return web.Response(status=303, headers={"Location": f"{issuer(request)}/#counter"})
    try:
        known = counter.parse_code(code)
    except Invalid as error:
        raise web.HTTPNotFound from error
    return web.Response(status=303, headers={"Location": f"{issuer(request)}/#counter={known}"})


@routes.post("/counters")
async def post_counter(request: web.Request) -> web.Response:
    """A phone has read or typed the code."""
    body = await read_json(request)
    caller = await find_caller(request)
    cookie = browser_cookie(request) or b64u(random(request)(32))
    phone = actions.Phone(digest(cookie), caller.resident if caller else None, network_of(request))
    secret = request.config_dict[SETTINGS].secret
    if "typed" in body:
        if caller is None:
            raise NotSignedIn("sign in to your vault first")
        typed = text(exactly(body, ("typed",), "malformed"), "typed", "malformed", longest=8)
        counter.parse_typed(typed)
        found = await actions.open_by_typed(typed, phone, now=now(request), secret=secret)
    else:
        code = counter.parse_code(text(exactly(body, ("code",), "malformed"), "code", "malformed", longest=26))
        found = await actions.open_by_code(code, phone, now=now(request), secret=secret)
    # To whoever has claimed it, and only while they are signed in.
    document = await _document(request, found, phone) if caller and found.claimed else actions.view(found, {})
    response = web.json_response(document)
    if browser_cookie(request) is None:
        set_browser(response, cookie)
    return response


@routes.get("/counters/{id:[A-Za-z0-9_-]{22}}")
async def get_counter(request: web.Request) -> web.Response:
    """The session; with `seen`, once there is something newer, or after 10 s."""
    phone, id = await _phone(request), request.match_info["id"]
    seen, before = query_number(request, "seen"), now(request) + WAIT_SECONDS
    with sessions.listen(id) as bell, request.config_dict[STREAMS].place(id) as place:
        while True:
            found = await actions.find(id, phone, now=now(request))
            if found.session.n != seen or now(request) >= before or place.over:
                break
            await bell.wait(1)
    return web.json_response(await _document(request, found.session, phone))


@routes.post("/counters/{id:[A-Za-z0-9_-]{22}}/approval")
async def post_approval(request: web.Request) -> web.Response:
    """Yes."""
    phone, caller = await _phone(request), await signed_in(request)
    body = await read_json(request, MAX_BYTES)
    await actions.approve(
        request.match_info["id"],
        phone,
        grants.Approver(caller.resident, phone.browser, caller.session, caller.auth_time, caller.amr),
        reading.read_answer(body, more=("subject_proof",)),
        None if body["subject_proof"] is None else text(body, "subject_proof", "malformed", longest=8192),
        issuer=issuer(request),
        now=now(request),
    )
    return web.json_response({"iss": issuer(request)})


@routes.post("/counters/{id:[A-Za-z0-9_-]{22}}/refusal")
async def post_refusal(request: web.Request) -> web.Response:
    """No."""
    phone = await _phone(request)
    exactly(await read_json(request), (), "malformed")
    await actions.decline(request.match_info["id"], phone, now=now(request))
    return web.json_response({"iss": issuer(request)})


@routes.post("/counters/{id:[A-Za-z0-9_-]{22}}/departure")
async def post_departure(request: web.Request) -> web.Response:
    """Not this desk."""
    phone = await _phone(request)
    why = text(exactly(await read_json(request), ("why",), "malformed"), "why", "malformed")
    if why not in WHY:
        raise Malformed(f"why: {', '.join(WHY)}", member="why")
    await actions.leave(request.match_info["id"], phone, why, now=now(request))
    return web.json_response({})


@routes.post("/grants/{id:[A-Za-z0-9_-]{22}}/report")
async def post_report(request: web.Request) -> web.Response:
    """This was not me."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, MAX_BYTES), ("commit", "revocation"), "malformed")
    if (body["commit"] is None) != (body["revocation"] is None):
        raise Malformed("both, or neither", member="revocation")
    commit = None if body["commit"] is None else vault.read_commit(body["commit"])
    revocation = None if commit is None else text(body, "revocation", "malformed", longest=8192)
    time = now(request)
    secret = request.config_dict[SETTINGS].secret
    await reports.report(caller.resident, request.match_info["id"], revocation, commit, now=time, secret=secret)
    return web.json_response({"seq": commit.seq if commit else None, "ended": time})


async def _phone(request: web.Request) -> actions.Phone:
    """The signed-in resident in the browser that claimed. Errors: `NotSignedIn`, `NotFound`."""
    caller = await signed_in(request)
    cookie = browser_cookie(request)
    if cookie is None:
        raise NotFound("no such session in this browser")
    return actions.Phone(digest(cookie), caller.resident, network_of(request))


async def _document(request: web.Request, session: sessions.Session, phone: actions.Phone) -> Json:
    """What the wallet may know in this state: who and where once claimed, what is asked once the digits were right."""
    found = await actions.find(session.id, phone, now=now(request))
    session = found.session
    more: Json = {}
    if session.state != counter.VOID:
        service = await registry.service(session.client_id, now=now(request))
        more = {
            "client_id": session.client_id,
            "statement": service.statement,
            "index": await registry.index(),
            "desk": session.desk,
            "digits": sessions.digits_of(request.config_dict[SETTINGS].secret, session.id),
        }
    if found.request is not None:
        more |= {"request": found.request, "outcome": session.outcome}
    return actions.view(session, more)
