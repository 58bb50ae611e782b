"""`localhost` and all below it are this machine (RFC 6761 section 6.3), also where the system does not know it."""

import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult


class LocalhostResolver(AbstractResolver):
    """For the demo and its tests only: browsers do this by themselves, Python leaves it to the system."""

    def __init__(self) -> None:
        self._others = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """127.0.0.1 for localhost names; any other name as the system resolves it."""
        if host != "localhost" and not host.endswith(".localhost"):
            return await self._others.resolve(host, port, family)
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        await self._others.close()
