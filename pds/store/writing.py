"""Transactions of the ORM that a cancelled request cannot leave half open.

Tortoise opens, commits and rolls back in the task that asks. Cancelled in the wrong moment it keeps SQLite's lock or
PostgreSQL's connection for ever, or lets the lock go before the commit has run. So a task of the store's own holds the
transaction from its first step to its last; the caller only says commit or roll back, and going away means the latter.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from contextvars import ContextVar

import asyncpg
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from pds.errors import Unavailable
from pds.store.interface import Connection, NestedWrite

_LOG = logging.getLogger("pds.store")

# Whatever keeps a transaction from beginning: nothing was done.
_NOT_BEGUN = (
    OperationalError,
    DBConnectionError,
    TransactionManagementError,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)
# PostgreSQL chose this transaction as the one that gives way, or went away itself: nothing was done.
_BROKEN_OFF = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
)

Turn = Callable[[], AbstractAsyncContextManager[None]]


class _RollBack(Exception):
    """Not an error: how the holding task tells Tortoise to roll back."""


class _Inside:
    """Shared by a `write` and the tasks that began inside it, which may outlive it: then it is no longer open."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open = True


_INSIDE: ContextVar[_Inside | None] = ContextVar("pds.store.inside", default=None)


def refuse_nesting() -> None:
    """Errors: `NestedWrite`, a mistake in the program: the inner one would wait for the outer, which waits for it."""
    inside = _INSIDE.get()
    if inside is not None and inside.open:
        raise NestedWrite("inside `async with store.write()`: use its connection instead")


class Writing:
    """The transactions of one process. Each waits for its `turn`, and begins with the statement `first`."""

    def __init__(self, connection: Connection, turn: Turn, first: str = "") -> None:
        self._connection = connection
        self._turn = turn
        self._first = first
        self._held: set[asyncio.Task[None]] = set()
        self._closing = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Commits at the end of the block, rolls back when it raises. Errors: `Unavailable`, `NestedWrite`.

        A caller that is cancelled while the commit runs does not learn its outcome; the commit itself completes. Nor
        does one whose connection to PostgreSQL is lost in that moment: that is `Unavailable` too.
        """
        refuse_nesting()
        if self._closing:
            raise Unavailable("the store is closing")
        loop = asyncio.get_running_loop()
        opened: asyncio.Future[Connection] = loop.create_future()
        verdict: asyncio.Future[bool] = loop.create_future()
        task = loop.create_task(self._hold(opened, verdict), name="pds.store.write")
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        try:
            connection = await opened
        except _NOT_BEGUN as error:
            raise Unavailable("the database does not answer") from error
        except asyncio.CancelledError:
            verdict.set_result(False)
            raise
        inside = _Inside()
        nesting = _INSIDE.set(inside)
        routing = get_connections().set(connection.connection_name, connection)
        commit = False
        try:
            yield connection
            commit = True
        except _BROKEN_OFF as error:
            raise Unavailable("the database broke off") from error
        finally:
            inside.open = False
            get_connections().reset(routing)
            _INSIDE.reset(nesting)
            verdict.set_result(commit)
            await asyncio.wait({task})
            if commit:
                _committed(task)
            elif task.exception() is not None:
                _LOG.error("a roll back failed", exc_info=task.exception())

    async def close(self) -> None:
        """Wait for the transactions that are open."""
        self._closing = True
        while self._held:
            await asyncio.wait(set(self._held))

    async def _hold(self, opened: asyncio.Future[Connection], verdict: asyncio.Future[bool]) -> None:
        # A task that began inside another `write` has that one's connection in its context: start from our own.
        get_connections().set(self._connection.connection_name, self._connection)
        try:
            with suppress(_RollBack):
                async with self._turn(), in_transaction(self._connection.connection_name) as connection:
                    if opened.done():  # the caller went away while we waited
                        raise _RollBack
                    if self._first:
                        await connection.execute_query(self._first)
                    opened.set_result(connection)
                    if not await verdict:
                        raise _RollBack
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)


def _committed(task: asyncio.Task[None]) -> None:
    try:
        task.result()
    except _BROKEN_OFF as error:
        raise Unavailable("the database broke off") from error
