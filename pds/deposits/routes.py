"""A resident's inbox over HTTP, for the wallet. What services send comes in by `pds/oauth`, where they are known."""

from dataclasses import asdict

from aiohttp import web

from pds.core.members import exactly
from pds.deposits import actions
from pds.grants import reading
from pds.http.body import KIB, read_json
from pds.http.caller import signed_in
from pds.http.keys import now
from pds.vault import actions as vault

MAX_BYTES = 4096 * KIB

routes = web.RouteTableDef()


@routes.get("/deposits")
async def get_deposits(request: web.Request) -> web.Response:
    """What waits; the wallet gets the statements of its makers from the registry, and believes neither them nor us."""
    caller = await signed_in(request)
    found = await actions.waiting(caller.resident, now=now(request))
    return web.json_response({"deposits": [asdict(each) for each in found]})


@routes.post("/deposits/{id:[A-Za-z0-9_-]{22}}/answer")
async def post_answer(request: web.Request) -> web.Response:
    """Keep some of it, or nothing."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, MAX_BYTES), ("commit", "disclosures"), "malformed")
    commit, publications = vault.read_commit(body["commit"]), reading.read_publications(body)
    await actions.answer(caller.resident, request.match_info["id"], commit, publications, now=now(request))
    return web.json_response({"seq": commit.seq})
