"""What the example services have in common: sessions bound to a browser, headers, the way to the vault and back."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from pds.core.disclosure import Disclosure
from pds.core.errors import Invalid
from pds.demo.pages import Html, page
from pds.sdk import Asked, Declined, Grant, Paused, Pending, Refused, Service, Unreachable
from pds.sdk.boxes import box

COOKIE = "session"
MAX_SESSIONS = 10_000
STYLES = Path(__file__).parent / "style"
_WENT_WRONG = "Something went wrong and we did not use what came back. You can start again."
PAUSED = (
    "You have paused sharing, so we cannot see your details now. You can resume it in your vault, or type them below."
)
_NO_ANSWER = {
    "server_error": "Your vault could not answer. Nothing was shared. You can try again, or type your details below.",
    "interaction_required": "The time to answer ran out. Nothing was shared. Start again, or type your details below.",
}
_PAUSED = "You have paused sharing, so we cannot see your details. Resume it in your vault, or type them below."
_UNREAD = "We could not read what you shared. Type your details below, or try again."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# The boxes that an attribute fills, each with the part that it takes (protocols/specs/journeys.md).
Takes = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class Session:
    """What the service remembers of one browser. In memory: an example, started anew each time."""

    pending: Pending | None = None
    values: dict[str, str] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    grant: Grant | None = None
    sub: str | None = None
    notice: str = ""
    application: "Application | None" = None

    def take_form(self, sent: Mapping[str, Any], names: Iterable[str]) -> None:
        """What the resident typed; a box that was changed no longer says that the vault filled it in."""
        for name in names:
            text = str(sent.get(name, "")).strip()
            if text != self.values.get(name):
                self.values[name] = text
                self.since.pop(name, None)

    def forget_form(self) -> None:
        """Nothing of what the vault brought stays."""
        self.values, self.since, self.grant = {}, {}, None

    def take_notice(self) -> str:
        """The message for the next page, once."""
        text, self.notice = self.notice, ""
        return text


@dataclass(slots=True)
class Application:
    """What a resident applied for. `grant` is None where everything was typed by hand."""

    reference: str
    values: dict[str, str]
    grant: Grant | None
    checked: Disclosure | None = None
    stopped: bool = False
    offered: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)


class Site:
    """One service's web site around its `Service`."""

    def __init__(self, service: Service, *, name: str, authority: str, style: str) -> None:
        self.service = service
        self._name, self._authority, self._style = name, authority, style
        self._sessions: dict[str, Session] = {}

    def app(self, routes: Mapping[str, Handler]) -> web.Application:
        """An application of routes such as `{"GET /": form}`."""
        app = web.Application(middlewares=[self._middleware], client_max_size=65536)
        for route, handler in routes.items():
            method, path = route.split(" ")
            app.router.add_route(method, path, handler)
        app.router.add_static("/style/", STYLES)

        async def close(_app: web.Application) -> None:
            await self.service.close()

        app.on_cleanup.append(close)
        return app

    def page(self, title: str, body: Html, *, error: bool = False) -> web.Response:
        """A page in the service's look."""
        text = page(title, body, service=self._name, authority=self._authority, style=self._style, error=error)
        return web.Response(text=text, content_type="text/html", status=400 if error else 200)

    async def to_vault(self, request: web.Request, asking: Awaitable[Asked]) -> web.StreamResponse:
        """Send this browser to the vault, or say why not."""
        session = request[SESSION]
        try:
            asked = await asking
        except (Unreachable, Refused, Invalid):
            session.notice = "We could not reach your vault. Try again later, or type your details below."
            raise web.HTTPSeeOther("/") from None
        session.pending = asked.pending
        raise web.HTTPSeeOther(asked.url)

    async def from_vault(self, request: web.Request) -> tuple[Pending, Grant] | None:
        """What this browser brought back, or None: then the session has a notice that says what happened."""
        session = request[SESSION]
        pending, session.pending = session.pending, None
        if pending is None:
            session.notice = "That page was open for too long. Nothing was shared. You can start again."
            return None
        try:
            return pending, await self.service.finish(request.query, pending)
        except Declined:
            session.notice = "You chose not to share. Nothing was sent to us. You can type your details below."
        except Unreachable:
            session.notice = "We could not reach your vault. Try again later, or type your details below."
        except Refused as refused:
            session.notice = _NO_ANSWER.get(refused.error, _WENT_WRONG)
        except Invalid:
            session.notice = _WENT_WRONG
        return None

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "POST" and not _same_origin(request):
            raise web.HTTPForbidden
        token = request.cookies.get(COOKIE, "")
        session = self._sessions.get(_hash(token))
        fresh = session is None
        if session is None:
            token, session = secrets.token_urlsafe(32), Session()
            self._sessions[_hash(token)] = session
            while len(self._sessions) > MAX_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
        request[SESSION] = session
        response: web.StreamResponse
        try:
            response = await handler(request)
        except web.HTTPException as answer:
            response = answer
        if fresh:
            # Lax, so that it comes along on the way back from the vault. A real service adds Secure and `__Host-`.
            response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", path="/")
        # The vault stands in form-action because browsers apply it to the redirect that answers the form too.
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; form-action 'self' {self.service.issuer}; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        if isinstance(response, web.HTTPException):
            raise response
        return response


def fill(session: Session, read: Disclosure, takes: Takes, *, today: date | None = None) -> None:
    """Put what was shared into the form."""
    for attribute, claim in read.claims.items():
        if "value" in claim:
            for name, part in takes.get(attribute, {}).items():
                session.values[name] = box(claim["value"], part, today=today)
                session.since[name] = f"as of {day(claim['as_of'])}"


def day(text: str) -> str:
    """`2026-11-02` as people write it."""
    parsed = date.fromisoformat(text)
    return f"{parsed.day} {parsed:%B %Y}"


def reference() -> str:
    """A reference that a person can read out."""
    return "".join(secrets.choice("BCDFGHJKMPQRTVWXY2346789") for _ in range(8))


def _same_origin(request: web.Request) -> bool:
    """Another site's form does not act here. Browsers send these headers; what sends neither is not a browser."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return (origin is None or urlsplit(origin).netloc == request.host) and site in (None, "same-origin")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def unread(error: Exception) -> str:
    """What to tell a resident whose details did not come."""
    return _PAUSED if isinstance(error, Paused) else _UNREAD
