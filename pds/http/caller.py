"""Who is calling the wallet's API, and from which browser."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from pds.core.encoding import digest
from pds.core.members import DIGEST
from pds.errors import NotSignedIn

SESSION_COOKIE = "__Host-pds"
BROWSER_COOKIE = "__Host-pds-browser"


@dataclass(frozen=True, slots=True)
class Caller:
    """A resident with a session. `auth_time` is when they proved who they are; `amr` how (RFC 8176)."""

    resident: str
    session: str
    auth_time: int
    amr: str


FIND_CALLER: web.AppKey[Callable[[str], Awaitable[Caller | None]]] = web.AppKey("find_caller")


async def find_caller(request: web.Request) -> Caller | None:
    """The signed-in resident, or None."""
    cookie = _cookie(request, SESSION_COOKIE)
    return await request.config_dict[FIND_CALLER](digest(cookie)) if cookie else None


async def signed_in(request: web.Request) -> Caller:
    """The signed-in resident. Errors: `NotSignedIn`."""
    caller = await find_caller(request)
    if caller is None:
        raise NotSignedIn("sign in to your vault first")
    return caller


def browser(request: web.Request) -> str | None:
    """The digest of the cookie that binds a request to the browser that brought it, or None."""
    cookie = browser_cookie(request)
    return digest(cookie) if cookie else None


def browser_cookie(request: web.Request) -> str | None:
    """The cookie itself, if it can be one of ours."""
    return _cookie(request, BROWSER_COOKIE)


def _cookie(request: web.Request, name: str) -> str | None:
    # Both are 32 random bytes, which look as a digest does. What is anything else, bytes that are no text among it, is
    # as good as none.
    value = request.cookies.get(name, "")
    return value if DIGEST.match(value) else None


# What a resident would call the browser and the machine, in the order in which their words hide in each other's.
_BROWSERS = {
    "Edg": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_MACHINES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def device(request: web.Request) -> str:
    """A browser and a machine by our own words for them, such as "Chrome, Android": never a word of the caller's."""
    agent = request.headers.get("User-Agent", "")
    kinds = (next((name for sign, name in known.items() if sign in agent), "") for known in (_BROWSERS, _MACHINES))
    return ", ".join(filter(None, kinds))


def set_session(response: web.StreamResponse, token: str, *, seconds: int) -> None:
    """Strict: no other site's link or form arrives with a session."""
    response.set_cookie(SESSION_COOKIE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="Strict")


def clear_session(response: web.StreamResponse) -> None:
    """Forget the session in this browser."""
    response.set_cookie(SESSION_COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict")


def set_browser(response: web.StreamResponse, token: str) -> None:
    """Lax: it is set, and sent, on the navigation by which a service sends a resident here."""
    response.set_cookie(BROWSER_COOKIE, token, max_age=86400, path="/", secure=True, httponly=True, samesite="Lax")
