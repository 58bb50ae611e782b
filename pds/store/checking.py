"""What `pds doctor` asks a database: that its tables are of this release, that it is whole, that its times hold."""

from tortoise.exceptions import OperationalError
from tortoise.migrations.executor import MigrationExecutor

from pds.store.database import CONNECTION, TORTOISE, connect
from pds.store.interface import Connection

_NEWEST = "SELECT MAX(last_at) AS newest FROM grants"
# A worker's clock may be this far ahead of the one that looks.
_TOLERANCE_SECONDS = 10


async def check(url: str, *, now: int) -> list[str]:
    """What is wrong, a line each. It changes nothing, and a server may run. Errors: `BadDatabase`, OSError."""
    context = await connect(url)
    try:
        with context:
            connection = context.connections.get(CONNECTION)
            pending = await _pending(connection)
            if pending:
                return [f"database: {', '.join(pending)} to be applied: run `pds migrate`"]
            broken = await _integrity(connection) if url.startswith("sqlite:") else []
            return [*broken, *await _times(connection, now)]
    finally:
        await context.close_connections()


async def _pending(connection: Connection) -> list[str]:
    executor = MigrationExecutor(connection, TORTOISE["apps"])
    try:
        return [step.migration.name for step in await executor.plan()]
    except OperationalError:
        return ["everything"]  # not even the table of what was applied


async def _integrity(connection: Connection) -> list[str]:
    """SQLite's own look at every page and index, and at every row that refers to another."""
    said = [row["integrity_check"] for row in await connection.execute_query_dict("PRAGMA integrity_check(5)")]
    lost = await connection.execute_query_dict("PRAGMA foreign_key_check")
    wrong = [f"database: {line}" for line in said if line != "ok"]
    return wrong + [f"database: rows of {name} refer to nothing" for name in sorted({row["table"] for row in lost})]


async def _times(connection: Connection, now: int) -> list[str]:
    """A log entry from the future: the clock went back, or was wrong when it was written."""
    newest = (await connection.execute_query_dict(_NEWEST))[0]["newest"] or 0
    if newest > now + _TOLERANCE_SECONDS:
        return [f"clock: the newest log entry is {newest - now} s ahead of this clock"]
    if connection.capabilities.dialect == "postgres":
        told = await connection.execute_query_dict("SELECT floor(extract(epoch FROM clock_timestamp()))::bigint AS now")
        apart = abs(told[0]["now"] - now)
        if apart > _TOLERANCE_SECONDS:
            return [f"clock: {apart} s apart from the database's"]
    return []
