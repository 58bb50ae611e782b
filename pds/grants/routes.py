"""Grants over HTTP, for the wallet."""

from dataclasses import asdict

from aiohttp import web

from pds.core.members import exactly, flag, text
from pds.errors import NotFound
from pds.grants import actions, ending, pausing, reading
from pds.http.body import KIB, query_number, read_json
from pds.http.caller import browser, signed_in
from pds.http.keys import SETTINGS, issuer, now
from pds.http.signing import answer
from pds.vault import actions as vault

MAX_BYTES = 1024 * KIB

routes = web.RouteTableDef()


@routes.post("/requests/{id:[A-Za-z0-9_-]{22}}/approval")
async def post_approval(request: web.Request) -> web.Response:
    """Yes."""
    caller = await signed_in(request)
    bound = browser(request)
    if bound is None:
        raise NotFound("no such request in this browser")
    body = await read_json(request, MAX_BYTES)
    code, asked = await actions.approve(
        request.match_info["id"],
        actions.Approver(caller.resident, bound, caller.session, caller.auth_time, caller.amr),
        reading.read_answer(body),
        issuer=issuer(request),
        secret=request.config_dict[SETTINGS].secret,
        now=now(request),
    )
    return web.json_response(answer(request, asked.parameters, asked.client_id, {"code": code}))


@routes.get("/grants")
async def get_grants(request: web.Request) -> web.Response:
    """What the server has; the wallet shows only those that it finds sealed."""
    caller = await signed_in(request)
    return web.json_response({"grants": [asdict(grant) for grant in await actions.grants(caller.resident)]})


@routes.get("/grants/{id:[A-Za-z0-9_-]{22}}/log")
async def get_log(request: web.Request) -> web.Response:
    """A grant's chain after an entry."""
    caller = await signed_in(request)
    after = query_number(request, "after")
    entries, grant = await actions.log(caller.resident, request.match_info["id"], after=after)
    return web.json_response({"entries": entries, "n": grant.n, "head": grant.head})


@routes.post("/grants/{id:[A-Za-z0-9_-]{22}}/revocation")
async def post_revocation(request: web.Request) -> web.Response:
    """Stop."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, MAX_BYTES), ("commit", "revocation"), "malformed")
    commit, time = vault.read_commit(body["commit"]), now(request)
    revocation = text(body, "revocation", "malformed", longest=8192)
    await ending.revoke(caller.resident, request.match_info["id"], revocation, commit, now=time)
    return web.json_response({"seq": commit.seq, "ended": time})


@routes.post("/pause")
async def post_pause(request: web.Request) -> web.Response:
    """Pause all sharing, or go on."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, 4 * MAX_BYTES), ("commit", "paused", "words"), "malformed")
    commit, words, paused = (
        vault.read_commit(body["commit"]),
        pausing.read_words(body),
        flag(body, "paused", "malformed"),
    )
    await pausing.pause(caller.resident, commit, words, paused=paused, now=now(request))
    return web.json_response({"seq": commit.seq})


@routes.post("/publications")
async def post_publications(request: web.Request) -> web.Response:
    """Values changed, and told to the services that hold them."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, 4 * MAX_BYTES), ("commit", "disclosures"), "malformed")
    commit, publications = vault.read_commit(body["commit"]), reading.read_publications(body)
    await actions.publish(caller.resident, commit, publications, now=now(request))
    return web.json_response({"seq": commit.seq})
