"""A load generator that costs less than what it measures: ready-made bytes out, answers counted, loopback only."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

CONNECTIONS = 32
MOST_SECONDS = 60.0

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measured:
    """How many answers a second, and of which status."""

    rate: float
    statuses: Counter[int]


async def measure(port: int, requests: Sequence[bytes], *, connections: int = CONNECTIONS) -> Measured:
    """Send each request once, `connections` of them at a time. Errors: `TimeoutError`."""
    loop = asyncio.get_running_loop()
    waiting, statuses = deque(requests), Counter[int]()
    callers = [_Connection(waiting, statuses, loop.create_future()) for _ in range(connections)]
    for caller in callers:
        await loop.create_connection(partial(_itself, caller), "127.0.0.1", port)
    began = time.perf_counter()
    for caller in callers:
        caller.send()
    await asyncio.wait_for(asyncio.gather(*(caller.over for caller in callers)), MOST_SECONDS)
    seconds = time.perf_counter() - began
    for caller in callers:
        caller.close()
    return Measured(len(requests) / seconds, statuses)


async def nonce_of(port: int, request: bytes) -> str | None:
    """The DPoP nonce that the server's answer brings, if it brings one (RFC 9449 section 8)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), MOST_SECONDS)
    writer.close()
    found = re.search(rb"\r\ndpop-nonce: (\S+)", head, re.IGNORECASE)
    return found[1].decode("ascii") if found else None


def _itself(caller: "_Connection") -> "_Connection":
    return caller


class _Connection(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is whole."""

    def __init__(self, waiting: deque[bytes], statuses: Counter[int], over: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._statuses = statuses
        self.over = over
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own, which has the same methods

    def send(self) -> None:
        assert self._transport is not None
        if self._waiting:
            self._transport.write(self._waiting.popleft())
        elif not self.over.done():
            self.over.set_result(None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end)
        if length is None or len(self._buffer) < end + 4 + int(length[1]):
            return
        self._statuses[int(self._buffer[9:12])] += 1
        self._buffer.clear()
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(error or ConnectionResetError("the server hung up"))
