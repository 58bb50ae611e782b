"""What is over goes: in small transactions, so that nobody waits long for their turn."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from pds.store.acts import end_grant
from pds.store.interface import REPEAT_SECONDS, Connection, on_engine

MOST_ROWS = 500
MOST_GRANTS = 50
MOST_ROUNDS = 100

# Table and key of the rows that are worth nothing after `expires`.
_EXPIRING = (
    ("seen", "mark"),
    ("challenges", "id"),
    ("sessions", "digest"),
    ("sign_ins", "sid"),
    ("codes", "digest"),
    ("access_tokens", "digest"),
    ("client_tokens", "digest"),
    ("counter_events", "id"),
    ("counters", "id"),
    ("requests", "id"),
    ("attempts", "key"),
    ("deposits", "id"),
)
_OVERDUE = "SELECT id FROM grants WHERE state = 'active' AND ends <= $1 LIMIT $2"
_REPEATABLE = "SELECT id FROM grants WHERE first_read <= $1 LIMIT $2"
_FORGET = (
    "UPDATE grants SET disclosure = NULL, first_read = NULL, first_read_jkt = NULL WHERE id = $1 AND first_read <= $2"
)
_ONE_CLEANER = 7_362_915_005

Write = Callable[[], AbstractAsyncContextManager[Connection]]


async def purge(write: Write, now: int) -> dict[str, int]:
    """Rows deleted by table, `ended` grants past their end, and `forgotten` disclosures of read `once` grants."""
    done = {table: await _delete(write, table, key, now) for table, key in _EXPIRING}
    done["ended"] = await _end_overdue(write, now)
    done["forgotten"] = await _forget(write, now)
    return done


async def _delete(write: Write, table: str, key: str, now: int) -> int:
    statement = f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE expires <= $1 LIMIT $2)"  # noqa: S608
    total = 0
    for _ in range(MOST_ROUNDS):
        async with write() as connection:
            if not await _nobody_else(connection):
                break
            deleted, _rows = await connection.execute_query(on_engine(connection, statement), [now, MOST_ROWS])
        total += deleted
        if deleted < MOST_ROWS:
            break
    return total


async def _end_overdue(write: Write, now: int) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        async with write() as connection:
            if not await _nobody_else(connection):
                break
            rows = await connection.execute_query_dict(on_engine(connection, _OVERDUE), [now, MOST_GRANTS])
            for grant_id in sorted(row["id"] for row in rows):  # in the order in which everybody locks
                if await end_grant(connection, grant_id, "expired", "", now) is not None:
                    total += 1
        if len(rows) < MOST_GRANTS:
            break
    return total


async def _forget(write: Write, now: int) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        async with write() as connection:
            if not await _nobody_else(connection):
                break
            before = now - REPEAT_SECONDS
            rows = await connection.execute_query_dict(on_engine(connection, _REPEATABLE), [before, MOST_GRANTS])
            for grant_id in sorted(row["id"] for row in rows):
                await connection.execute_query(on_engine(connection, _FORGET), [grant_id, before])
        total += len(rows)
        if len(rows) < MOST_GRANTS:
            break
    return total


async def _nobody_else(connection: Connection) -> bool:
    """Two cleaners on PostgreSQL would delete the same rows in different orders and wait in a circle."""
    if connection.capabilities.dialect != "postgres":
        return True
    rows = await connection.execute_query_dict(f"SELECT pg_try_advisory_xact_lock({_ONE_CLEANER}) AS ours")
    return bool(rows[0]["ours"])
