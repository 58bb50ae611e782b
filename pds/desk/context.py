"""What every page of the desk reaches: the setup, the staff, the sessions, the vault; and the ways to answer."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.desk import pages
from pds.desk.counter import Counter
from pds.desk.folder import Place, Setup
from pds.desk.markup import Html
from pds.desk.sessions import Session, Sessions
from pds.desk.staff import Staff

SETUP: web.AppKey[Setup] = web.AppKey("setup", Setup)
STAFF: web.AppKey[Staff] = web.AppKey("staff", Staff)
SESSIONS: web.AppKey[Sessions] = web.AppKey("sessions", Sessions)
COUNTER: web.AppKey[Counter] = web.AppKey("counter", Counter)
CLOCK: web.AppKey[Callable[[], int]] = web.AppKey("clock")
# The session of this request, and the cookie that names it.
SESSION: web.RequestKey[Session | None] = web.RequestKey("session")
MAX_BODY_BYTES = 64 * 1024


def now(request: web.Request) -> int:
    """Seconds since 1970."""
    return request.app[CLOCK]()


def cookie_name(setup: Setup) -> str:
    """By TLS a cookie that no other host can have set (RFC 6265bis section 4.1.3.2)."""
    return "__Host-desk" if setup.secure else "desk"


def here(request: web.Request) -> Session:
    """The session of who is signed in. Errors: sends a page to the sign-in, and refuses a script (401)."""
    session = request[SESSION]
    if session is not None:
        return session
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther("/sign-in")
    raise web.HTTPUnauthorized(text="sign in")


def at_desk(request: web.Request) -> tuple[Session, Place]:
    """The session of who is signed in and has said at which desk. Errors: as `here`, and to the choice of a desk."""
    session = here(request)
    if session.place is None:
        raise web.HTTPSeeOther("/place")
    return session, session.place


def answer(request: web.Request, title: str, body: Html, *, status: int = 200) -> web.Response:
    """A page of the desk."""
    session = request[SESSION]
    name, place = ("", None) if session is None else (session.name, session.place)
    text = pages.page(request.app[SETUP], title, body, signed_in=name, place=place)
    return web.Response(text=text, content_type="text/html", status=status)


async def sent(request: web.Request) -> Json:
    """The JSON object that the page's script posted. Errors: 400, 415."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="JSON")
    try:
        return parse_object(await request.read())
    except Invalid:
        raise web.HTTPBadRequest(text="not a JSON object") from None


def text_of(document: Any, name: str) -> str:
    """A member or form field that is text, else the empty string."""
    value = document.get(name)
    return value if isinstance(value, str) else ""
