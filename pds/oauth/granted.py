"""Grant management, for the service that holds the grant (Grant Management for OAuth 2.0, draft 03, section 6)."""

from aiohttp import web

from pds.core.encoding import Json
from pds.errors import NotFound, Refused
from pds.grants import managing
from pds.http.keys import now
from pds.oauth import checks
from pds.oauth.errors import OAuthError
from pds.registry import actions as registry

routes = web.RouteTableDef()


@routes.get("/grants/{id:[A-Za-z0-9_-]{22}}", allow_head=False)
async def query(request: web.Request) -> web.Response:
    """Section 6.3: what the grant allows. What the resident decided for each detail is in the disclosure alone."""
    manager = await check_manager(request, managing.QUERY)
    try:
        found = await managing.look_up(request.match_info["id"], manager.client_id, now=now(request))
    except NotFound as error:
        raise unknown(error) from error
    document: Json = {"authorization_details": found.authorization_details}
    if found.scope:
        document["scopes"] = [{"scope": found.scope}]
    return web.json_response(document)


@routes.delete("/grants/{id:[A-Za-z0-9_-]{22}}")
async def relinquish(request: web.Request) -> web.Response:
    """Section 6.4: the service ends the grant, and all that was issued for it. Its resident sees who did."""
    manager = await check_manager(request, managing.REVOKE)
    proof = request.headers["DPoP"]
    try:
        await managing.relinquish(request.match_info["id"], manager.client_id, proof, manager.jkt, now=now(request))
    except NotFound as error:
        raise unknown(error) from error
    except Refused as error:
        raise OAuthError("invalid_dpop_proof", str(error), rule=error.rule, member=error.member) from error
    return web.Response(status=204)


async def check_manager(request: web.Request, scope: str) -> managing.Manager:
    """RFC 9449 section 7.1, RFC 6750 section 3.1: one token of a service in force, shown by its key, for this."""
    presented = checks.check_authorization(request)
    proof = await checks.check_shown(request, presented)
    at = checks.now_of(request)
    try:
        manager = await managing.find(presented, now=at.time)
        await registry.service(manager.client_id, now=at.time)
    except NotFound as error:
        raise OAuthError("invalid_token", "this token has ended, or is for something else", status=401) from error
    if manager.jkt != proof.jkt:
        raise OAuthError("invalid_token", "this token has ended, or is for something else", status=401)
    if scope not in manager.scopes:
        raise OAuthError("insufficient_scope", f"this needs the scope {scope}", rule="token/scope", status=403)
    return manager


def unknown(error: NotFound) -> OAuthError:
    """Section 6.5: another service's grant, one that has ended and one that never was are all unknown."""
    return OAuthError("invalid_request", str(error), rule="grant/unknown", status=404)
