"""What the wallet may know of the request that brought its browser here."""

from aiohttp import web

from pds.core.encoding import Json
from pds.core.members import exactly
from pds.errors import NotFound
from pds.http.body import read_json
from pds.http.caller import browser
from pds.http.keys import now
from pds.http.signing import answer
from pds.registry import actions as registry
from pds.requests import actions

routes = web.RouteTableDef()


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
    """No."""
    exactly(await read_json(request), (), "malformed")
    asked = await actions.decline(request.match_info["id"], bound(request), now=now(request))
    return web.json_response(answer(request, asked.parameters, asked.client_id, {"error": "access_denied"}))
