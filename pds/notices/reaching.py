"""Connections that lead where the registrar said and nowhere else (protocols/specs/notices.md, Where it may go).

The name is resolved once, every address that it has is judged, and one of those is connected to: there is no second
question that could be answered otherwise. Resolver and connector are arguments of `create_app`; the judgement is not.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from pds.core.addresses import is_public

PORTS = (443, 8443)
SECONDS = 10
MOST_ANSWER_BYTES = 4096
MOST_ADDRESSES = 16

# The addresses of a host name, and a connector that connects to what an `AbstractResolver` says.
Resolver = Callable[[str], Awaitable[Sequence[str]]]
Connector = Callable[[AbstractResolver], aiohttp.BaseConnector]


class NotPublic(OSError):
    """The name leads to an address that is not on the public internet, or to none."""


async def system_resolver(host: str) -> Sequence[str]:
    """What the machine's resolver says. Errors: OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def tls_connector(resolver: AbstractResolver) -> aiohttp.BaseConnector:
    """TLS with the machine's authorities, each connection anew: what was judged a while ago counts no more."""
    return aiohttp.TCPConnector(
        resolver=resolver, ssl=ssl.create_default_context(), use_dns_cache=False, force_close=True
    )


class Judging(AbstractResolver):
    """A resolver that knows no address but public ones. One that is not spoils them all: an honest name has none."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Errors: `NotPublic`, OSError."""
        addresses = await self._resolver(host)
        if port not in PORTS or not 0 < len(addresses) <= MOST_ADDRESSES or not all(map(is_public, addresses)):
            raise NotPublic("not a public address")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


def new_session(resolver: Resolver, connector: Connector) -> aiohttp.ClientSession:
    """No cookies, no proxy of the environment, nothing unpacked. Inside a running loop; close it."""
    return aiohttp.ClientSession(
        connector=connector(Judging(resolver)),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        headers={"User-Agent": "pds", "Accept-Encoding": "identity"},
        auto_decompress=False,
        trust_env=False,
    )


async def post(session: aiohttp.ClientSession, url: str, body: bytes, content_type: str) -> tuple[int, bytes]:
    """Status and, of a refusal, the first bytes of what it says; a redirect is a status like any other.

    Errors: OSError, `aiohttp.ClientError`, TimeoutError after `SECONDS` all in all.
    """
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    async with (
        asyncio.timeout(SECONDS),
        session.post(url, data=body, headers=headers, allow_redirects=False) as response,
    ):
        said = await response.content.read(MOST_ANSWER_BYTES) if response.status == 400 else b""
        return response.status, said
