"""Transactions of the ORM: whole or not at all, one after the other, whatever happens to whoever asked."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from pds import store
from pds.errors import Unavailable
from pds.grants.models import GrantRow
from pds.reads.models import SeenRow
from tests.store.world import NOW, a_grant, end, verified

pytestmark = pytest.mark.usefixtures("opened")


async def marks() -> list[str]:
    return [row.mark for row in await SeenRow.all().order_by("mark")]


async def test_a_block_commits_at_its_end_and_rolls_back_when_it_raises() -> None:
    async with store.write():
        await SeenRow.create(mark="a", expires=NOW)

    async def again() -> None:
        async with store.write():
            await SeenRow.create(mark="b", expires=NOW)
            await SeenRow.create(mark="a", expires=NOW)

    with pytest.raises(IntegrityError):
        await again()
    assert await marks() == ["a"]


async def test_what_a_block_returns_is_committed() -> None:
    async def act() -> str:
        async with store.write():
            await SeenRow.create(mark="a", expires=NOW)
            return "done"

    assert await act() == "done"
    assert await marks() == ["a"]


async def test_a_write_inside_a_write_is_a_mistake_that_is_named() -> None:
    given = await a_grant()
    async with store.write():
        with pytest.raises(store.NestedWrite):
            async with store.write():
                pass
        with pytest.raises(store.NestedWrite):
            await store.read(given.attempt())
        with pytest.raises(store.NestedWrite):
            await store.mark("m", NOW + 1, NOW)
        await SeenRow.create(mark="a", expires=NOW)
    assert await marks() == ["a"]


async def test_a_task_that_began_in_a_block_may_write_after_it() -> None:
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        async with store.write():
            await SeenRow.create(mark="later", expires=NOW)

    async with store.write():
        task = asyncio.create_task(later())
        await asyncio.sleep(0)
    go.set()
    await task
    assert await marks() == ["later"]


async def test_a_hundred_writers_take_turns() -> None:
    await SeenRow.create(mark="n", expires=0)

    async def add() -> None:
        async with store.write():
            row = await SeenRow.select_for_update().get(mark="n")
            row.expires += 1
            await row.save()

    await asyncio.gather(*(add() for _ in range(100)))
    assert (await SeenRow.get(mark="n")).expires == 100


@pytest.mark.parametrize("steps", range(24))
async def test_a_caller_who_goes_away_at_any_point_leaves_all_or_nothing(steps: int) -> None:
    async def act() -> None:
        async with store.write():
            await SeenRow.create(mark="a", expires=NOW)
            await SeenRow.create(mark="b", expires=NOW)

    task = asyncio.create_task(act())
    for _ in range(steps):
        await asyncio.sleep(0.0002)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    # The next one is not kept waiting, and sees both rows or none.
    async with asyncio.timeout(5), store.write():
        assert await marks() in ([], ["a", "b"])


async def test_callers_who_go_away_while_they_wait_do_not_hold_up_the_rest() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with store.write():
            await SeenRow.create(mark="held", expires=NOW)
            entered.set()
            await leave.wait()

    async def act(name: str) -> None:
        async with store.write():
            await SeenRow.create(mark=name, expires=NOW)

    holder = asyncio.create_task(hold())
    await entered.wait()
    waiting = [asyncio.create_task(act(f"waiting {number}")) for number in range(10)]
    await asyncio.sleep(0.01)
    for task in waiting[::2]:
        task.cancel()
    leave.set()
    await asyncio.gather(holder, *waiting, return_exceptions=True)
    found = await marks()
    assert "held" in found
    assert {f"waiting {number}" for number in range(1, 10, 2)} <= set(found)


async def test_cancelled_reads_do_not_stop_the_others() -> None:
    given = await a_grant()
    for _ in range(20):
        tasks = [asyncio.create_task(store.read(given.attempt())) for _ in range(8)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, store.Ok) for result in results[1::2])
    await verified(given)


async def test_reads_and_writes_share_the_queue_fairly() -> None:
    given = await a_grant()
    writes = 0

    async def write() -> None:
        nonlocal writes
        for number in range(20):
            async with store.write():
                await SeenRow.create(mark=f"w{number}", expires=NOW)
            writes += 1

    async def read() -> None:
        while writes < 20:
            assert isinstance(await store.read(given.attempt()), store.Ok)

    async with asyncio.timeout(20):
        await asyncio.gather(write(), *(read() for _ in range(8)))
    await verified(given)


async def test_one_job_that_cannot_be_done_does_not_fail_its_batch() -> None:
    given = await a_grant()
    broken = given.attempt(proof="a lone surrogate \ud800")
    attempts = [given.attempt(), broken, given.attempt(), given.attempt()]
    results = await asyncio.gather(*map(store.read, attempts), return_exceptions=True)
    assert [type(result) for result in results] == [store.Ok, Unavailable, store.Ok, store.Ok]
    assert isinstance(await store.read(given.attempt()), store.Ok)
    await verified(given)


async def test_a_mark_is_new_once() -> None:
    await store.mark("m", NOW + 60, NOW)
    with pytest.raises(store.Replayed):
        await store.mark("m", NOW + 60, NOW)
    with pytest.raises(store.Replayed):
        await store.mark("too old", NOW, NOW)
    results = await asyncio.gather(*(store.mark("n", NOW + 60, NOW) for _ in range(50)), return_exceptions=True)
    assert sum(result is None for result in results) == 1


async def test_after_closing_nothing_is_accepted_and_nothing_lost(opened: str) -> None:
    given = await a_grant()
    reads = [asyncio.create_task(store.read(given.attempt())) for _ in range(20)]
    await asyncio.sleep(0)
    await store.close_database()
    assert all(isinstance(result, store.Ok) for result in await asyncio.gather(*reads))
    with pytest.raises(RuntimeError, match="no database"):
        await store.read(given.attempt())
    await store.open_database(opened)
    with pytest.raises(RuntimeError, match="one per process"):
        await store.open_database(opened)
    await verified(given)


async def test_a_stranger_who_locks_the_database_is_waited_for(opened: str) -> None:
    """A backup, say, or an operator at a prompt: they know nothing of our turns."""
    given = await a_grant()
    async with a_stranger_holding(opened, given.grant_id):
        read = asyncio.create_task(store.read(given.attempt()))
        await asyncio.sleep(0.2)
        assert not read.done()
    assert isinstance(await read, store.Ok)


async def test_a_lost_connection_is_made_anew(opened: str) -> None:
    given = await a_grant()
    for _ in range(3):
        assert isinstance(await store.read(given.attempt()), store.Ok)
        await cut_connections(opened)
    result = await store.read(given.attempt())
    assert isinstance(result, store.Ok)
    assert result.n == 5
    await verified(given)


async def test_a_connection_lost_while_reading_refuses_some_and_breaks_nothing(opened: str) -> None:
    given = await a_grant()
    reads = [asyncio.create_task(store.read(given.attempt())) for _ in range(200)]
    for _ in range(5):
        await asyncio.sleep(0.01)
        await cut_connections(opened)
    results = await asyncio.gather(*reads, return_exceptions=True)
    assert {type(result) for result in results} <= {store.Ok, Unavailable}
    assert isinstance(await store.read(given.attempt()), store.Ok)
    await verified(given)


async def test_a_connection_lost_inside_a_write_undoes_it(opened: str) -> None:
    given = await a_grant()
    with suppress(Unavailable):
        async with store.write() as connection:
            await store.end_grant(connection, given.grant_id, "revoked", "x", NOW)
            await cut_connections(opened, "pds")
            await SeenRow.create(mark="a", expires=NOW)
    ended = (await GrantRow.get(id=given.grant_id)).state == "ended"
    assert ended == (await marks() == ["a"])
    async with store.write():
        await SeenRow.create(mark="b", expires=NOW)
    await verified(given)


async def test_a_write_that_cannot_begin_says_so_and_the_next_can(opened: str) -> None:
    given = await a_grant()
    async with a_stranger_holding(opened, given.grant_id):
        if opened.startswith("sqlite:"):
            await get_connection("default").execute_query("PRAGMA busy_timeout = 100")
            with pytest.raises(Unavailable):
                await end(given)
        await cut_connections(opened, "pds")
    assert await end(given) is not None
    await verified(given)


@asynccontextmanager
async def a_stranger_holding(url: str, grant_id: str) -> AsyncIterator[None]:
    if url.startswith("sqlite:"):
        stranger = sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        yield
        stranger.execute("COMMIT")
        stranger.close()
        return
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM grants WHERE id = $1 FOR UPDATE", grant_id)
        yield
    await connection.close()


async def cut_connections(url: str, name: str = "pds reads") -> None:
    """Of the reads, as a restarted server would. On SQLite there is none to lose."""
    if url.startswith("sqlite:"):
        return
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
        "WHERE application_name = $1 AND datname = current_database()",
        name,
    )
    await connection.close()
