"""Opening, closing and migrating the one database of a process."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.transactions import in_transaction

from pds.store.bells import Bells
from pds.store.interface import Connection, Store
from pds.store.postgres import PostgresStore
from pds.store.sqlite import BUSY_SECONDS, SqliteStore

CONNECTION = "default"
APP = "models"
FEATURES = ("registry", "residents", "notices", "vault", "requests", "grants", "counter", "reads", "deposits")
MODELS = tuple(f"pds.{feature}.models" for feature in FEATURES)

# `pds migrate` by two at once: the second waits and finds nothing to do. The number is ours and means nothing else.
_MIGRATION_LOCK = 7_362_915_004


class BadDatabase(ValueError):
    """Not a database URL that we can use. The text says why, and never the password."""


@dataclass(frozen=True, slots=True)
class Database:
    """What `open_database` opened: give it to `close_database`."""

    store: Store
    bells: Bells
    context: TortoiseContext


def tortoise_config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for `sqlite:///absolute`, `sqlite://relative` or `postgres://user@host/name`.

    Errors: `BadDatabase`.
    """
    return {
        "connections": {CONNECTION: _sqlite(url) if url.startswith("sqlite:") else _postgres(url)},
        "apps": {APP: {"models": list(MODELS), "default_connection": CONNECTION, "migrations": "pds.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_database(url: str) -> Database:
    """Connect, for this process: there can be one at a time. Tables are `migrate`'s business. Errors: `BadDatabase`."""
    context = await connect(url, for_all_tasks=True)
    try:
        connection = context.connections.get(CONNECTION)
        if url.startswith("sqlite:"):
            return Database(SqliteStore(_file(url), connection), Bells(None), context)
        credentials = _credentials(url)
        return Database(PostgresStore(credentials, connection), Bells(credentials), context)
    except BaseException:
        await context.close_connections()
        raise


async def close_database(database: Database) -> None:
    """Finish what has begun, then disconnect."""
    await database.bells.close()
    await database.store.close()
    await database.context.close_connections()


async def migrate(url: str) -> list[str]:
    """Bring the tables up to date and return the names of the migrations that were applied, if any.

    All of them in one transaction, their records too: a crash leaves the old tables or the new ones.
    Errors: `BadDatabase`.
    """
    context = await connect(url)
    try:
        with context:
            async with _alone(url), in_transaction(CONNECTION) as connection:
                if not url.startswith("sqlite:"):
                    await connection.execute_query(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
                return await _apply(connection)
    finally:
        await context.close_connections()


async def _apply(connection: Connection) -> list[str]:
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    apps = TORTOISE["apps"]
    executor = MigrationExecutor(connection, apps)
    executor.recorder = executor.loader.recorder = _Recorder(connection)
    # Before Tortoise asks it what was applied: on PostgreSQL a question about no table fails the whole transaction.
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    await executor.migrate(direction="forward", progress=note)
    return applied


class _Recorder(MigrationRecorder):
    """Tortoise makes its table by a script, and on SQLite a script commits the transaction that it runs in."""

    async def ensure_schema(self, schema_editor: BaseSchemaEditor) -> None:
        statement = schema_editor._get_model_sql_data(self.model).table_sql
        await self.connection.execute_query(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """On SQLite the lock that all writers take, so that a running server's batches wait for the migration."""
    if not url.startswith("sqlite:"):
        yield
        return
    with _opened(Path(f"{_file(url)}.lock")) as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield


async def connect(url: str, *, for_all_tasks: bool = False) -> TortoiseContext:
    """The ORM's connections, for whoever closes them again. Errors: `BadDatabase`."""
    config = tortoise_config(url)
    if url.startswith("sqlite:"):
        # Ours alone to read. SQLite gives its other files the mode of this one.
        with _opened(_file(url)):
            pass
    context = TortoiseContext()
    # Left again at once. A context that stays entered belongs to one task, and aiohttp starts, serves and stops in
    # different ones; `for_all_tasks` makes it the one that all of them find.
    with context:
        await context.init(config=config, _enable_global_fallback=for_all_tasks)
    return context


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite://"))


def _sqlite(url: str) -> dict[str, Any]:
    path = url.removeprefix("sqlite://")
    if path == url or not path or path.startswith(":") or "?" in path:
        raise BadDatabase("sqlite:///absolute/path or sqlite://relative/path: a file, because workers share it")
    return {
        "engine": "tortoise.backends.sqlite",
        "credentials": {
            "file_path": path,
            # In this order: to change the journal's mode may take waiting for another process that does the same.
            "busy_timeout": int(BUSY_SECONDS * 1000),
            "journal_mode": "WAL",
            "synchronous": "FULL",
            "foreign_keys": "ON",
            "journal_size_limit": 64 * 1024 * 1024,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    scheme = url.partition("://")[0]
    if scheme not in ("postgres", "postgresql"):
        raise BadDatabase(f"{scheme}: the database is sqlite:// or postgres://")
    expanded = expand_db_url(url)
    credentials = expanded["credentials"]
    # A transaction that its program forgot must not keep a grant locked.
    credentials["server_settings"] = {
        "application_name": "pds",
        "idle_in_transaction_session_timeout": "60s",
    }
    credentials.setdefault("command_timeout", 30)
    credentials.setdefault("maxsize", 10)
    return expanded


def _credentials(url: str) -> dict[str, Any]:
    known = ("host", "port", "user", "password", "database", "ssl")
    return {name: value for name, value in _postgres(url)["credentials"].items() if name in known}


# For `tortoise -c pds.store.database.TORTOISE makemigrations`, which connects to nothing.
TORTOISE = tortoise_config("sqlite://unused")
