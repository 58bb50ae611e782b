"""Counting in one statement each, so that workers that count at the same time all count."""

from pds.store.interface import Connection, on_engine

_COUNT = (
    "INSERT INTO attempts (key, count, expires) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN attempts.expires <= $3 THEN 1 ELSE attempts.count + 1 END, "
    "expires = CASE WHEN attempts.expires <= $3 THEN $2 ELSE attempts.expires END "
    "RETURNING count, expires"
)
_FORGIVE = "UPDATE attempts SET count = count - 1 WHERE key = $1 AND count > 0"
_FORGET = "DELETE FROM attempts WHERE key = $1"


async def count_attempt(connection: Connection, key: str, *, expires: int, now: int) -> tuple[int, int]:
    """One more of `key`; how many since its first, and when they are forgotten: `expires`, if this is the first."""
    rows = await connection.execute_query_dict(on_engine(connection, _COUNT), [key, expires, now])
    return rows[0]["count"], rows[0]["expires"]


async def take_back_attempt(connection: Connection, key: str) -> None:
    """One less of `key`."""
    await connection.execute_query(on_engine(connection, _FORGIVE), [key])


async def forget_attempts(connection: Connection, key: str) -> None:
    """None of `key`."""
    await connection.execute_query(on_engine(connection, _FORGET), [key])
