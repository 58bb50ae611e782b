"""Serving what the registrar signed; it needs no trust in us, so it needs no caller."""

from aiohttp import web

from pds.registry import actions

routes = web.RouteTableDef()


@routes.get("/index")
async def get_index(_request: web.Request) -> web.Response:
    """The compact index in force."""
    return _jwt(await actions.index(), "public, max-age=60")


@routes.get("/statements/{digest:[A-Za-z0-9_-]{43}}")
async def get_statement(request: web.Request) -> web.Response:
    """One compact statement; its address is its digest, so it never changes."""
    return _jwt(await actions.statement(request.match_info["digest"]), "public, max-age=86400, immutable")


def _jwt(compact: str, caching: str) -> web.Response:
    return web.Response(text=compact, content_type="application/jwt", headers={"Cache-Control": caching})
