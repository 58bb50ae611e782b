"""The hot path on PostgreSQL: one connection of our own, prepared once, one call for all reads that wait."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from pds.errors import Unavailable
from pds.store.batches import Batches
from pds.store.interface import Connection, Denied, Mark, NotModified, Ok, Read, ReadResult
from pds.store.writing import Writing, refuse_nesting

_LOG = logging.getLogger("pds.store")

_READ = "SELECT * FROM read_batch($1, $2, $3, $4, $5, $6, $7)"
_MARK = """
    INSERT INTO seen (mark, expires) SELECT u.mark, u.expires FROM unnest($1::text[], $2::bigint[]) AS u (mark, expires)
    ORDER BY u.mark COLLATE "C" ON CONFLICT DO NOTHING RETURNING mark"""

ANSWER_SECONDS = 10.0
_SESSION = {
    "application_name": "pds reads",
    # The function depends on it: see plpgsql.py.
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    # A grant that somebody holds for long must not hold up the reads of all others: its batch runs again, one by one.
    "lock_timeout": "2s",
    # Everything here is looked up by its key. A plan made while the tables were small must not survive their growth.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
# The connection is lost, and nobody knows whether the last batch was committed: its reads are refused, not repeated.
_LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)


@dataclass(frozen=True, slots=True)
class _Pinned:
    connection: "asyncpg.Connection[Any]"
    read: "PreparedStatement[Any]"
    mark: "PreparedStatement[Any]"


class PostgresStore:
    """A `Store`. A pool would reset its session at each use, which costs more than the read itself."""

    def __init__(self, credentials: Mapping[str, Any], connection: Connection) -> None:
        self._credentials = credentials
        self._pinned: _Pinned | None = None
        self._turn = asyncio.Lock()  # asyncpg does one thing at a time on a connection
        self._read_batches = Batches(self._reads, self._in_turn)
        self._mark_batches = Batches(self._marks, self._in_turn)
        self._writing = Writing(connection, nullcontext)

    async def read(self, attempt: Read) -> ReadResult:
        refuse_nesting()
        return await self._read_batches.do(attempt)

    async def mark(self, mark: Mark) -> bool:
        refuse_nesting()
        return await self._mark_batches.do(mark)

    def write(self) -> AbstractAsyncContextManager[Connection]:
        return self._writing.transaction()

    async def close(self) -> None:
        await self._read_batches.close()
        await self._mark_batches.close()
        await self._writing.close()
        if self._pinned is not None:
            with suppress(*_LOST):
                await self._pinned.connection.close(timeout=ANSWER_SECONDS)

    async def _reads(self, reads: Sequence[Read]) -> Sequence[ReadResult]:
        async with self._pin() as pinned:
            rows = await pinned.read.fetch(
                [job.token_digest for job in reads],
                [job.jkt for job in reads],
                [job.mark for job in reads],
                [job.mark_expires for job in reads],
                [job.proof for job in reads],
                [job.now for job in reads],
                ["*" if "*" in job.tags else f" {' '.join(job.tags)} " for job in reads],
                timeout=ANSWER_SECONDS,
            )
        results: list[ReadResult] = [Denied.NO_TOKEN] * len(reads)  # the function is silent about unknown tokens
        for number, *row in rows:
            results[number - 1] = _result(*row)
        return results

    async def _marks(self, marks: Sequence[Mark]) -> Sequence[bool]:
        async with self._pin() as pinned:
            names, expires = [job.mark for job in marks], [job.expires for job in marks]
            fresh = {row["mark"] for row in await pinned.mark.fetch(names, expires, timeout=ANSWER_SECONDS)}
        firsts = []
        for job in marks:
            firsts.append(job.mark in fresh)
            fresh.discard(job.mark)  # of two equal marks in one batch only one is the first
        return firsts

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        async with self._turn:
            yield

    @asynccontextmanager
    async def _pin(self) -> AsyncIterator[_Pinned]:
        """The connection, made anew where it was lost. Errors: `Unavailable`."""
        try:
            if self._pinned is None or self._pinned.connection.is_closed():
                self._pinned = await self._connect()
            yield self._pinned
        except _LOST as error:
            _LOG.warning("the connection to PostgreSQL is lost: %r", error)
            if self._pinned is not None:
                self._pinned.connection.terminate()
                self._pinned = None
            raise Unavailable("the database does not answer") from error

    async def _connect(self) -> _Pinned:
        connection: asyncpg.Connection[Any] = await asyncpg.connect(
            **self._credentials, server_settings=_SESSION, timeout=ANSWER_SECONDS
        )
        try:
            return _Pinned(connection, await connection.prepare(_READ), await connection.prepare(_MARK))
        except BaseException:
            connection.terminate()
            raise


def _result(outcome: str, grant_id: str, revision: int, n: int, head: str, disclosure: str | None) -> ReadResult:
    if outcome == "read" and disclosure is not None:
        return Ok(grant_id, revision, n, head, disclosure)
    if outcome == "read_unchanged":
        return NotModified(grant_id, revision, n, head)
    return Denied(outcome)
