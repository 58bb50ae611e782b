"""The tables come from the migrations, and the migrations say what the models say."""

import asyncio
import importlib
import stat
import sys
from pathlib import Path

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AlterModelOptions

from pds import store
from pds.core.chain import head
from pds.store.database import TORTOISE
from tests.store.world import a_grant

ROOT = Path(__file__).resolve().parents[2]


async def test_the_models_hold_nothing_that_no_migration_made() -> None:
    async with TortoiseContext() as context:
        await context.init(config=TORTOISE)
        assert context.apps is not None
        writers = await MigrationAutodetector(context.apps, TORTOISE["apps"]).changes()
    operations = [operation for writer in writers for operation in writer.operations]
    # Of what it finds, the first lines of docstrings alone are not the database's business.
    assert [operation.describe() for operation in operations if not isinstance(operation, AlterModelOptions)] == []


def test_no_migration_carries_a_docstring_into_the_database() -> None:
    steps = sorted((ROOT / "pds" / "migrations").glob("[0-9]*.py"))
    assert steps
    for step in steps:
        importlib.import_module(f"pds.migrations.{step.stem}")
        assert "table_description" not in step.read_text(), step.name


async def test_a_second_migrate_finds_nothing_to_do(database: str) -> None:
    assert await store.migrate(database) == []


async def test_two_at_once_make_the_tables_once(unmigrated: str) -> None:
    program = "import asyncio, sys; from pds import store; print(asyncio.run(store.migrate(sys.argv[1])))"
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, unmigrated), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await process.communicate())[0].decode().strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    steps = [step.stem for step in sorted((ROOT / "pds" / "migrations").glob("[0-9]*.py"))]
    assert sorted(said) == sorted([str(steps), "[]", "[]"])
    await store.open_database(unmigrated)
    await a_grant()
    await store.close_database()


async def test_a_migration_waits_for_the_writers_of_a_running_server(opened: str) -> None:
    async with store.write():
        migration = asyncio.create_task(store.migrate(opened))
        await asyncio.sleep(0.05)
    assert await migration == []


async def test_the_files_are_nobody_elses_to_read(opened: str) -> None:
    await a_grant()
    if opened.startswith("sqlite:"):
        path = Path(opened.removeprefix("sqlite://"))
        found = sorted(path.parent.glob(f"{path.name}*"))
        assert len(found) == 4  # the database, its log, the log's index, the turn
        assert {stat.S_IMODE(file.stat().st_mode) for file in found} == {0o600}


async def test_the_database_makes_the_same_heads_as_the_core(opened: str) -> None:
    if opened.startswith("postgres:"):
        connection = await asyncpg.connect(opened)
        for evidence in ("", "a.b.c"):
            arguments = ("grant", 7, "prev", 1_800_000_000, "read", 3, evidence)
            assert await connection.fetchval("SELECT log_head($1,$2,$3,$4,$5,$6,$7)", *arguments) == head(*arguments)
        await connection.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite://:memory:", "sqlite:///x?mode=ro", "mysql://h/x", "nonsense"])
async def test_a_url_that_we_cannot_use_is_named_without_its_password(url: str) -> None:
    with pytest.raises(store.BadDatabase):
        await store.open_database(url)
    with pytest.raises(store.BadDatabase):
        await store.migrate(url)
