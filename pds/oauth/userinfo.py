"""Who signed in: OpenID Connect Core 5.3, with the errors of a protected resource (RFC 6750 section 3, RFC 9449)."""

from aiohttp import web

from pds.errors import NotFound
from pds.grants import tokens
from pds.oauth import checks
from pds.oauth.errors import OAuthError
from pds.registry import actions as registry

routes = web.RouteTableDef()


@routes.get("/userinfo")
@routes.post("/userinfo")
async def userinfo(request: web.Request) -> web.Response:
    """`sub`, and nothing else; values live in the disclosure."""
    at = checks.now_of(request)
    presented = checks.check_authorization(request)
    proof = await checks.check_shown(request, presented)
    try:
        found = await tokens.presented(presented, proof.jkt, now=at.time)
        await registry.service(found.client_id, now=at.time)
    except NotFound as error:
        raise OAuthError("invalid_token", "this token has ended or is another key's", status=401) from error
    if found.scope != "openid":
        raise OAuthError("insufficient_scope", "this token is for data only", rule="token/scope", status=403)
    return web.json_response({"sub": found.subject})
