"""What a grant's own transaction writes: its end, a new revision, an entry of its log.

These run on the connection that `store.write()` gave, together with the vault commit that they belong to. Each locks
the grant's row first, as a read does, so on every worker a read comes wholly before or wholly after.
PostgreSQL: FOR NO KEY UPDATE excludes the others just as well and, unlike FOR UPDATE, not the foreign key check of a
token that is inserted at the same time, with which it could deadlock.
"""

from collections.abc import Iterable
from typing import Any

from pds.core.chain import Position, head
from pds.errors import Conflict, Gone, NotFound
from pds.store import outbox
from pds.store.interface import Connection, on_engine

_GRANT = (
    "SELECT id, once, ends, state, revision, n, head, last_at, first_read, paused, "
    "disclosure IS NOT NULL AS readable "
    "FROM grants WHERE id = $1"
)
_APPEND = (
    "INSERT INTO log_entries (grant_id, n, prev, at, kind, revision, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7)"
)
# Whether it was published to since it was paused; `resumed` stands in the log already, of the same grant.
_PUBLISHED = (
    "SELECT 1 AS found FROM log_entries WHERE grant_id = $1 AND kind = 'published' AND n > "
    "(SELECT MAX(p.n) FROM log_entries p WHERE p.grant_id = $1 AND p.kind = 'paused') LIMIT 1"
)
_MOVE = "UPDATE grants SET n = $2, head = $3, last_at = $4 WHERE id = $1"
_CLOSE = (
    "UPDATE grants SET state = 'ended', disclosure = NULL, first_read = NULL, first_read_jkt = NULL WHERE id = $1",
    "DELETE FROM access_tokens WHERE grant_id = $1",
    "DELETE FROM refresh_tokens WHERE grant_id = $1",
    "DELETE FROM codes WHERE grant_id = $1 AND NOT used",  # a used one stays: its second use must be recognised
)


async def lock_grants(connection: Connection, grant_ids: Iterable[str]) -> None:
    """Lock several grants, in the order in which everybody does. Before a commit that acts on more than one."""
    for grant_id in sorted(set(grant_ids)):
        await _lock(connection, grant_id)


async def end_grant(connection: Connection, grant_id: str, kind: str, evidence: str, now: int) -> Position | None:
    """End a grant with its tokens, unused codes and disclosure: `revoked`, `replaced`, `expired` or `relinquished`.

    No read that begins after the surrounding transaction has committed succeeds, and its service is to be told.
    Returns None, and writes no entry, where it had ended before; revoking a `once` grant that was read still stops the
    repeat of that read.
    Errors: `NotFound`.
    """
    grant = await _lock(connection, grant_id)
    if grant is None:
        raise NotFound("no such grant")
    repeatable = grant["first_read"] is not None
    if grant["state"] != "active" and not repeatable:
        return None
    ended = None
    if grant["state"] == "active" or kind == "revoked":
        ended = await _append(connection, grant, kind, evidence, now)
    for statement in _CLOSE:
        await _run(connection, statement, grant_id)
    if ended is not None:
        await outbox.grant_ended(connection, grant_id, now)
    return ended


async def publish(connection: Connection, grant_id: str, revision: int, disclosure: str, now: int) -> Position:
    """Replace the disclosure by the next revision. Errors: `NotFound`, `Gone`, `Conflict`."""
    grant = await _active(connection, grant_id, now)
    if not grant["readable"]:
        raise Conflict("this grant shares no data")
    if revision != grant["revision"] + 1:
        raise Conflict(f"the next revision is {grant['revision'] + 1}")
    await _run(
        connection, "UPDATE grants SET revision = $2, disclosure = $3 WHERE id = $1", grant_id, revision, disclosure
    )
    if not grant["paused"]:  # else when it goes on: until then there is nothing to look at
        await outbox.grant_changed(connection, grant_id, revision, now)
    return await _append(connection, {**grant, "revision": revision}, "published", "", now)


async def pause(connection: Connection, grant_id: str, evidence: str, now: int) -> None:
    """Refuse every read until `resume`; none that begins after the surrounding transaction has committed succeeds.

    Nothing, where it is paused already; no entry where it has ended and only the read that it ended with may be
    repeated: that repeat is refused too. Errors: `NotFound`.
    """
    await _set_paused(connection, grant_id, "paused", evidence, now)


async def resume(connection: Connection, grant_id: str, evidence: str, now: int) -> None:
    """Let it be read again; its service is told now of what changed meanwhile. Nothing where it is not paused.

    Errors: `NotFound`.
    """
    grant = await _set_paused(connection, grant_id, "resumed", evidence, now)
    if grant is not None and await connection.execute_query_dict(on_engine(connection, _PUBLISHED), [grant_id]):
        await outbox.grant_changed(connection, grant_id, grant["revision"], now)


async def _set_paused(
    connection: Connection, grant_id: str, kind: str, evidence: str, now: int
) -> dict[str, Any] | None:
    grant = await _lock(connection, grant_id)
    if grant is None:
        raise NotFound("no such grant")
    if bool(grant["paused"]) is (kind == "paused"):
        return None
    await _run(connection, "UPDATE grants SET paused = $2 WHERE id = $1", grant_id, kind == "paused")
    if grant["state"] != "active":
        return None
    await _append(connection, grant, kind, evidence, now)
    return grant


async def append(connection: Connection, grant_id: str, kind: str, evidence: str, now: int) -> Position:
    """Log `approved` or `collected`. The grant is locked and active from here to the end of the transaction.

    Errors: `NotFound`, `Gone`.
    """
    return await _append(connection, await _active(connection, grant_id, now), kind, evidence, now)


async def _active(connection: Connection, grant_id: str, now: int) -> dict[str, Any]:
    grant = await _lock(connection, grant_id)
    if grant is None:
        raise NotFound("no such grant")
    if grant["state"] != "active" or now >= grant["ends"]:
        raise Gone("this grant has ended")
    return grant


async def _lock(connection: Connection, grant_id: str) -> dict[str, Any] | None:
    locking = " FOR NO KEY UPDATE" if connection.capabilities.dialect == "postgres" else ""
    rows = await connection.execute_query_dict(on_engine(connection, _GRANT) + locking, [grant_id])
    return rows[0] if rows else None


async def _append(connection: Connection, grant: dict[str, Any], kind: str, evidence: str, now: int) -> Position:
    grant_id, n, prev, revision = grant["id"], grant["n"] + 1, grant["head"], grant["revision"]
    at = max(now, grant["last_at"])  # the workers' clocks may differ; the time of a chain never goes back
    link = head(grant_id, n, prev, at, kind, revision, evidence)
    await _run(connection, _APPEND, grant_id, n, prev, at, kind, revision, evidence)
    await _run(connection, _MOVE, grant_id, n, link, at)
    return Position(n, link)


async def _run(connection: Connection, statement: str, *values: object) -> None:
    await connection.execute_query(on_engine(connection, statement), list(values))
