"""Waiting for a change that any worker may make: PostgreSQL tells (LISTEN/NOTIFY), on SQLite one looks again.

A bell says that something may have changed, never what: who waits reads the database anew. So nothing is lost when one
rings twice, or for nothing.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg

from pds.store.interface import Connection

_LOG = logging.getLogger("pds.store")

# On SQLite: how long until another worker's change is seen.
LOOK_SECONDS = 0.25
CONNECT_SECONDS = 10.0
EVERYBODY = "*"
_CHANNEL = "pds_counter"
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def ring(connection: Connection, topic: str) -> None:
    """Tell all workers, when the transaction of this connection commits."""
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query("SELECT pg_notify($1, $2)", [_CHANNEL, topic])


class Bell:
    """One who waits for one topic: begin to listen, read the database, wait, read again."""

    def __init__(self, bells: "Bells") -> None:
        self._bells = bells
        self.rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Until it rings, or at most so long; whether it is time to look again."""
        if not await self._bells.connected():
            await asyncio.sleep(min(seconds, LOOK_SECONDS))
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(self.rung.wait(), seconds)
        rung = self.rung.is_set()
        self.rung.clear()
        return rung


class Bells:
    """All who wait in this process. `credentials` are those of PostgreSQL, None on SQLite."""

    def __init__(self, credentials: Mapping[str, Any] | None) -> None:
        self._credentials = credentials
        self._waiting: dict[str, set[Bell]] = {}
        self._connection: asyncpg.Connection[Any] | None = None
        self._connecting = asyncio.Lock()

    @contextmanager
    def listen(self, topic: str) -> Iterator[Bell]:
        """Hear of a topic, and of `EVERYBODY`."""
        bell = Bell(self)
        self._waiting.setdefault(topic, set()).add(bell)
        try:
            yield bell
        finally:
            self._waiting[topic].discard(bell)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def connected(self) -> bool:
        """Whether PostgreSQL tells us; where it did not, or no longer, everybody looks once after it does again."""
        if self._credentials is None:
            return False
        if self._connection is None or self._connection.is_closed():
            async with self._connecting:
                if self._connection is None or self._connection.is_closed():
                    try:
                        self._connection = await self._connect()
                    except _LOST as error:
                        _LOG.warning("PostgreSQL tells us nothing: %r", error)
                        return False
                    self._ring(EVERYBODY)
        return True

    async def close(self) -> None:
        """Hear no more."""
        if self._connection is not None:
            with suppress(*_LOST):
                await self._connection.close(timeout=CONNECT_SECONDS)

    async def _connect(self) -> "asyncpg.Connection[Any]":
        settings = {"application_name": "pds bells"}
        connection: asyncpg.Connection[Any] = await asyncpg.connect(
            **(self._credentials or {}), server_settings=settings, timeout=CONNECT_SECONDS
        )
        await connection.add_listener(_CHANNEL, lambda _connection, _process, _channel, topic: self._ring(str(topic)))
        connection.add_termination_listener(lambda _connection: self._ring(EVERYBODY))
        return connection

    def _ring(self, topic: str) -> None:
        topics = list(self._waiting) if topic == EVERYBODY else [topic]
        for bell in [bell for each in topics for bell in self._waiting.get(each, ())]:
            bell.rung.set()
