"""Somebody between a client and the real server, who may change, withhold, repeat or break what passes: real HTTP."""

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from pds.sdk.wire import Answer
from tests.ports import unused_port

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "content-encoding"}


@dataclass
class Between:
    """`change` gets each answer (path, answer) and gives the one to pass on; `before` may answer in the server's place.

    None from `change` breaks the connection: the server did its work, and the client never hears of it.
    """

    server: str
    change: Callable[[str, Answer], Answer | None] = lambda _path, answer: answer
    before: Callable[[web.Request], Answer | None] = lambda _request: None
    seen: list[str] = field(default_factory=list)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """One request to the real server, and its answer as `change` makes it."""
        self.seen.append(f"{request.method} {request.path}")
        answer = self.before(request)
        if answer is None:
            answer = self.change(request.path, await self._ask(request))
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        response = web.Response(status=answer.status, body=answer.body)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP:
                response.headers.add(name, value)
        return response

    async def _ask(self, request: web.Request) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as session,
            session.request(
                request.method,
                self.server + request.path_qs,
                headers=headers,
                data=await request.read(),
                allow_redirects=False,
            ) as response,
        ):
            return Answer(response.status, response.headers.copy(), await response.read())


class _There(AbstractResolver):
    """Every name is at this port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def between(server: str) -> AsyncIterator[tuple[Between, aiohttp.ClientSession]]:
    """A go-between, and a session whose every connection ends at it while it believes to speak to `server`."""
    port = unused_port()
    middle = Between(server)
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", middle.pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    connector = aiohttp.TCPConnector(resolver=_There(port), force_close=True)
    try:
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield middle, session
    finally:
        await runner.cleanup()


def keep(kept: list[Answer], path: str = "") -> Callable[[str, Answer], Answer]:
    """Pass everything on, and keep what the server granted on one path, or on all, for later."""

    def change(asked: str, answer: Answer) -> Answer:
        if path in ("", asked) and answer.status < 400:
            kept.append(answer)
        return answer

    return change


def with_json(answer: Answer, **members: object) -> Answer:
    """The answer with members of its JSON exchanged."""
    return replace(answer, body=json.dumps({**json.loads(answer.body), **members}).encode())
