"""The desk's web process: the service's own, with its own keys, so that the operator reads nothing here either.

Staff sign in with a passkey, say which registered desk they are at, and choose what the resident is here for. Nothing
of a resident is ever written: what was shared stands in memory until the clerk is done, ten minutes at the most.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from pds.core.errors import Invalid
from pds.desk import entry, live
from pds.desk.context import CLOCK, COUNTER, MAX_BODY_BYTES, SESSION, SESSIONS, SETUP, STAFF, cookie_name
from pds.desk.counter import Counter
from pds.desk.folder import Setup
from pds.desk.sessions import Sessions
from pds.desk.staff import NotStaff, Staff

HERE = Path(__file__).parent
SWEEP_SECONDS = 1
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), clipboard-write=(self), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "X-Frame-Options": "DENY",
}
_BY_TLS = {"Strict-Transport-Security": "max-age=63072000"}


def create_desk(
    setup: Setup,
    counter: Counter,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> web.Application:
    """The site. `clock` gives seconds, `random` that many random bytes: tests bring their own."""
    app = web.Application(middlewares=[_guarded], client_max_size=MAX_BODY_BYTES)
    app[SETUP], app[COUNTER], app[CLOCK] = setup, counter, clock
    app[STAFF], app[SESSIONS] = Staff(setup.staff, random), Sessions(random)
    app.on_response_prepare.append(_add_headers)
    app.cleanup_ctx.append(_sweeping)
    app.add_routes(entry.routes)
    app.add_routes(live.routes)
    app.router.add_static("/style/", HERE / "style")
    app.router.add_static("/script/", HERE / "script")
    return app


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Who is signed in, and that the desk's own pages ask: another site's form or script does not act here."""
    app = request.app
    if request.method not in ("GET", "HEAD") and not _same_origin(request, app[SETUP]):
        raise web.HTTPForbidden(text="from another site")
    now = app[CLOCK]()
    session = app[SESSIONS].find(request.cookies.get(cookie_name(app[SETUP]), ""), now=now)
    if session is not None and not _works_here(app[STAFF], session.member):
        app[SESSIONS].end(request.cookies[cookie_name(app[SETUP])])
        session = None
    request[SESSION] = session
    try:
        return await handler(request)
    except NotStaff:
        raise web.HTTPForbidden(text="not known here") from None
    except Invalid:
        raise web.HTTPBadRequest(text="not as this desk's own pages send it") from None


def _works_here(staff: Staff, member: str) -> bool:
    """Whoever was removed is nobody from now on, also in the middle of the day."""
    try:
        return staff.member(member).credential is not None
    except NotStaff:
        return False


def _same_origin(request: web.Request, setup: Setup) -> bool:
    """Browsers say where an act comes from: `Origin` on every POST, `Sec-Fetch-Site` beside it."""
    return request.headers.get("Origin") == setup.origin and request.headers.get("Sec-Fetch-Site") in (
        None,
        "same-origin",
    )


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer, errors too."""
    for name, value in {**_HEADERS, **(_BY_TLS if request.app[SETUP].secure else {})}.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "pds"


async def _sweeping(app: web.Application) -> AsyncIterator[None]:
    """Every second, what is over goes: also from the memory of a desk that nobody touches."""

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            app[SESSIONS].sweep(now=app[CLOCK]())

    sweeping = asyncio.create_task(sweep())
    yield
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    for task in app[SESSIONS].tasks():
        task.close()
    await app[COUNTER].close()
