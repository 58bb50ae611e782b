"""What the wallet may know of the request that brought its browser here."""

from collections.abc import Mapping

from aiohttp import web

from pds.core.encoding import Json
from pds.core.members import exactly, text
from pds.errors import Malformed, NotFound
from pds.http.body import read_json
from pds.http.caller import browser
from pds.http.keys import now
from pds.http.signing import answer
from pds.registry import actions as registry
from pds.requests import actions

routes = web.RouteTableDef()

# RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6: what the service is told, by why there is no answer.
_ERRORS: Mapping[str, Json] = {
    "declined": {"error": "access_denied"},
    "failed": {"error": "server_error"},
    "timed_out": {"error": "interaction_required"},
}


def bound(request: web.Request) -> str:
    """The digest of this browser's cookie. Errors: `NotFound`: without one it brought no request."""
    found = browser(request)
    if found is None:
        raise NotFound("no such request in this browser")
    return found


@routes.get("/requests/{id:[A-Za-z0-9_-]{22}}")
async def get_request(request: web.Request) -> web.Response:
    """The request verbatim, with what the registrar signed: the wallet verifies both and need not trust us."""
    pending = await actions.find(request.match_info["id"], bound(request), now=now(request))
    service = await registry.service(pending.client_id, now=now(request))
    document: Json = {
        "id": pending.id,
        "request": pending.request,
        "parameters": None if pending.request else pending.parameters,
        "client_id": pending.client_id,
        "statement": service.statement,
        "index": await registry.index(),
        "expires": pending.expires,
        "decided": pending.decision,
    }
    return web.json_response(document)


@routes.post("/requests/{id:[A-Za-z0-9_-]{22}}/extension")
async def post_extension(request: web.Request) -> web.Response:
    """More time."""
    exactly(await read_json(request), (), "malformed")
    expires = await actions.extend(request.match_info["id"], bound(request), now=now(request))
    return web.json_response({"expires": expires})


@routes.post("/requests/{id:[A-Za-z0-9_-]{22}}/refusal")
async def post_refusal(request: web.Request) -> web.Response:
    """No: because the resident declined, or the wallet failed, or the time was over. Each is another error."""
    said = exactly(await read_json(request), (), "malformed", optional=("because",))
    why = text(said, "because", "malformed") if "because" in said else "declined"
    if why not in _ERRORS:
        raise Malformed("no such reason", member="because")
    id, browser_of = request.match_info["id"], bound(request)
    if why == "declined":
        asked = await actions.decline(id, browser_of, now=now(request))
    else:
        asked = await actions.give_up(id, browser_of, why)
    return web.json_response(answer(request, asked.parameters, asked.client_id, _ERRORS[why]))
