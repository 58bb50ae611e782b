"""The database as the features see it: `async with store.write():` for every change, and the hot path's few verbs.

The open database is kept in this module. Tortoise is itself one engine per process, so there is never a second one to
choose from, and a feature's action need not be handed what could only be this.
"""

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from pds.store import cleaning, database, outbox
from pds.store.acts import append, end_grant, lock_grants, pause, publish, resume
from pds.store.attempts import count_attempt, forget_attempts, take_back_attempt
from pds.store.bells import EVERYBODY, Bell, ring
from pds.store.checking import check
from pds.store.database import BadDatabase, Database, migrate
from pds.store.desks import stop_desk, why_stopped
from pds.store.interface import (
    REPEAT_SECONDS,
    Connection,
    Denied,
    Mark,
    NestedWrite,
    NotModified,
    Ok,
    Read,
    ReadResult,
    Replayed,
    Store,
    mark_of,
    tag,
)

__all__ = [
    "open_database", "close_database", "migrate", "check", "BadDatabase",
    "write", "read", "mark", "purge", "append", "publish", "end_grant", "lock_grants", "pause", "resume",
    "outbox", "count_attempt", "take_back_attempt", "forget_attempts",
    "Connection", "Read", "ReadResult", "Ok", "NotModified", "Denied", "Store", "Replayed", "NestedWrite",
    "REPEAT_SECONDS", "mark_of", "tag", "stop_desk", "why_stopped", "ring", "listen", "Bell", "EVERYBODY",
]  # fmt: skip


class _Process:
    """What this process has open."""

    database: Database | None = None


async def open_database(url: str) -> None:
    """Open the database of this process; `migrate` has made its tables. Errors: `BadDatabase`."""
    if _Process.database is not None:
        raise RuntimeError("a database is open already: one per process")
    _Process.database = await database.open_database(url)


async def close_database() -> None:
    """Finish what has begun, then disconnect. Nothing happens where nothing is open."""
    if _Process.database is not None:
        closing, _Process.database = _Process.database, None
        await database.close_database(closing)


def write() -> AbstractAsyncContextManager[Connection]:
    """A transaction for any write but a read's own: it commits at the end of the block, or rolls back when that raises.

    The models use it by themselves inside the block. On SQLite it takes its turn among all writers of the machine.
    A caller that is cancelled rolls it back; one that is cancelled while it commits does not learn the outcome.
    Errors: `Unavailable` (nothing was done), `NestedWrite`.
    """
    return _store().write()


async def read(attempt: Read) -> ReadResult:
    """One read by a service: grant locked, proof spent, token and grant checked, log written. Errors: `Unavailable`."""
    return await _store().read(attempt)


async def mark(mark: str, expires: int, now: int) -> None:
    """Use a proof or an assertion up, for all workers. `mark` is `mark_of(…)`; `expires` when it fails by its age.

    Errors: `Replayed`, `Unavailable`.
    """
    if expires <= now:  # it would be forgotten at once, and so could be used again
        raise Replayed("too old to be remembered")
    if not await _store().mark(Mark(mark, expires)):
        raise Replayed("used before")


def listen(topic: str) -> AbstractContextManager[Bell]:
    """Hear when a worker may have changed what `topic` names: `ring` in the transaction that changes it."""
    return _database().bells.listen(topic)


async def purge(now: int) -> dict[str, int]:
    """Delete what is over, in small transactions; how many of each. Run it every minute, in any worker or in all."""
    return await cleaning.purge(_store().write, now)


def _store() -> Store:
    return _database().store


def _database() -> Database:
    if _Process.database is None:
        raise RuntimeError("no database is open")
    return _Process.database
