"""A malicious server: the honest one behind a proxy that lies, at the address that everybody believes to be its own.

A lie is told in place of an answer. It may ask the honest server and change what it says, ask twice, ask and say
nothing, or not ask at all. A few lines each, and the same against a wallet in a browser, one without a screen, and a
service.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from pds.core.encoding import Json

# What belongs to one connection (RFC 9110 section 7.6.1), or what the proxy says by itself.
_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "content-encoding")


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def place(self) -> str:
        """Method and path, without the query."""
        return f"{self.method} {self.path.partition('?')[0]}"

    def json(self) -> Json:
        sent: Json = json.loads(self.body)
        return sent


@dataclass(frozen=True)
class Answer:
    """An answer as it goes out."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    def json(self) -> Json:
        said: Json = json.loads(self.body)
        return said

    def saying(self, document: Json) -> "Answer":
        """The same with another JSON body."""
        return replace(self, body=json.dumps(document).encode())

    def reading(self, text: str) -> "Answer":
        """The same with another text."""
        return replace(self, body=text.encode())

    def headed(self, **headers: str) -> "Answer":
        """The same with other headers: `Log_Position="7 …"`."""
        changed = CIMultiDict(self.headers)
        changed.update({name.replace("_", "-"): value for name, value in headers.items()})
        return replace(self, headers=changed)


Server = Callable[[Asked], Awaitable[Answer]]
# None: the connection breaks.
Lie = Callable[[Asked, Server], Awaitable[Answer | None]]


async def honest(asked: Asked, server: Server) -> Answer | None:
    return await server(asked)


def answer(status: int, document: Json | None = None, **headers: str) -> Answer:
    """An answer of the proxy's own."""
    kind = {} if document is None else {"Content-Type": "application/json"}
    body = b"" if document is None else json.dumps(document).encode()
    return Answer(status, CIMultiDict(kind), body).headed(**headers)


# --- lies -------------------------------------------------------------------------------------------------------------


def reworded(change: Callable[[Answer], Answer]) -> Lie:
    """The honest answer, changed as a whole: status, headers, text. A refusal passes as it is."""

    async def lie(asked: Asked, server: Server) -> Answer:
        said = await server(asked)
        return change(said) if said.status < 400 else said

    return lie


def told(script: Callable[[Json], Json]) -> Lie:
    """The honest answer, its JSON changed."""
    return reworded(lambda said: said.saying(script(said.json())))


def members(**changes: object) -> Lie:
    """The honest answer with other members."""
    return told(lambda said: {**said, **changes})


def instead(said: Answer) -> Lie:
    """The server never hears of it; what it said another time, or what the proxy makes up, is the answer."""

    async def lie(_asked: Asked, _server: Server) -> Answer:
        return said

    return lie


async def swallowed(asked: Asked, server: Server) -> None:
    """The server does it, and nobody learns of it."""
    await server(asked)


async def twice(asked: Asked, server: Server) -> Answer:
    """The server is asked twice; its second answer is told."""
    await server(asked)
    return await server(asked)


# --- the proxy --------------------------------------------------------------------------------------------------------


@dataclass
class Proxy:
    """Stands at `origin` in front of the honest server at `server`, and keeps all that was said."""

    origin: str
    server: str
    session: aiohttp.ClientSession
    lies: dict[str, Lie] = field(default_factory=dict)
    heard: list[tuple[Asked, Answer]] = field(default_factory=list)

    def lie(self, place: str, lie: Lie) -> None:
        """From now on, at `POST /api/requests/*/approval` or another place; `*` is one part of a path."""
        self.lies[place] = lie

    def repent(self) -> None:
        """Honest again."""
        self.lies.clear()

    def said(self, place: str) -> list[Answer]:
        """Every honest answer that was given there so far, the oldest first."""
        return [answer for asked, answer in self.heard if _fits(place, asked.place)]

    def sent(self, place: str) -> list[Asked]:
        """Every request that was made there so far and reached the server."""
        return [asked for asked, _ in self.heard if _fits(place, asked.place)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = CIMultiDict((name, value) for name, value in request.headers.items() if name.lower() not in _HOP)
        asked = Asked(request.method, request.path_qs, headers, await request.read())
        if "text/event-stream" in headers.get("Accept", ""):
            return await self._stream(request, asked)
        lie = next((lie for place, lie in self.lies.items() if _fits(place, asked.place)), honest)
        said = await lie(asked, self._ask)
        if said is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.Response(status=said.status, headers=_end_to_end(said.headers), body=said.body)

    async def _stream(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        """A desk's events as they come: nobody lies about them here."""
        async with self.session.get(self.server + asked.path, headers=asked.headers) as said:
            response = web.StreamResponse(status=said.status, headers=_end_to_end(said.headers))
            with suppress(ConnectionError, aiohttp.ClientPayloadError):
                await response.prepare(request)
                async for piece in said.content.iter_any():
                    await response.write(piece)
                await response.write_eof()
        return response

    async def _ask(self, asked: Asked) -> Answer:
        async with self.session.request(
            asked.method, self.server + asked.path, headers=asked.headers, data=asked.body, allow_redirects=False
        ) as response:
            said = Answer(response.status, CIMultiDict(response.headers), await response.read())
        self.heard.append((asked, said))
        return said


@asynccontextmanager
async def a_proxy(origin: str, server: str) -> AsyncIterator[Proxy]:
    """The proxy, honest until a test has it lie."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        proxy = Proxy(origin, server, session)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", urlsplit(origin).port or 80).start()
        try:
            yield proxy
        finally:
            await runner.cleanup()


def _fits(place: str, asked: str) -> bool:
    return re.fullmatch(re.escape(place).replace(r"\*", "[^/]+"), asked) is not None


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP)
