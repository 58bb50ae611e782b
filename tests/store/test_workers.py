"""Two processes on one database: what holds for one worker holds for all."""

import asyncio
import time
from dataclasses import asdict

from pds import store
from tests.store.worker import a_key, a_worker, outcome, read_for
from tests.store.world import NOW, a_grant, end, publish, verified


async def test_a_proof_shown_to_two_workers_is_accepted_once(opened: str) -> None:
    given = await a_grant()
    async with a_worker(opened) as other:
        for _ in range(5):
            attempt = given.attempt()
            sent = asdict(attempt) | {"tags": []}
            there = asyncio.create_task(other.ask("repeat", given=a_key(given), attempt=sent, times=25))
            here = await asyncio.gather(*(store.read(attempt) for _ in range(25)))
            outcomes = [outcome(each) for each in here] + await there
            assert outcomes.count("Ok") == 1
            assert outcomes.count("replayed") == 49
    assert (await verified(given)).n == 6


async def test_an_assertion_shown_to_two_workers_is_accepted_once(opened: str) -> None:
    async with a_worker(opened) as other:
        for number in range(5):
            there = asyncio.create_task(other.ask("mark", mark_name=f"m{number}", times=25))
            here = await asyncio.gather(
                *(store.mark(f"m{number}", NOW + 60, NOW) for _ in range(25)), return_exceptions=True
            )
            assert sum(each is None for each in here) + await there == 1


async def test_two_workers_write_one_chain_without_a_gap(opened: str) -> None:
    given = await a_grant()
    async with a_worker(opened) as other:
        there = asyncio.create_task(other.ask("read_for", given=a_key(given), seconds=1, at_once=8))
        here = await read_for(given, 1, 8)
        reads = here + await there
    assert {read[2] for read in reads} == {"Ok"}
    assert sorted(read[3] for read in reads) == list(range(2, len(reads) + 2))
    assert (await verified(given)).n == len(reads) + 1


async def test_no_read_that_begins_after_a_revoke_has_committed_succeeds(opened: str) -> None:
    late = 0
    async with a_worker(opened) as other:
        for _ in range(20):
            given = await a_grant()
            readers = [
                asyncio.create_task(other.ask("read_for", given=a_key(given), seconds=0.8, at_once=8)),
                asyncio.create_task(read_for(given, 0.8, 8)),
            ]
            await asyncio.sleep(0.4)
            await end(given)
            revoked = time.monotonic_ns()
            reads = [read for found in await asyncio.gather(*readers) for read in found]
            assert [read for read in reads if read[2] == "Ok" and read[0] > revoked] == []
            assert {read[2] for read in reads} == {"Ok", "no_token"}
            late += sum(read[0] > revoked for read in reads)
            await verified(given)
            if late >= 500:
                break
    assert late >= 500


async def test_a_newer_position_never_comes_with_an_older_revision(opened: str) -> None:
    given = await a_grant()
    revision = 1
    async with a_worker(opened) as other:
        readers = [
            asyncio.create_task(other.ask("read_for", given=a_key(given), seconds=2, at_once=8)),
            asyncio.create_task(read_for(given, 2, 8)),
        ]
        until = time.monotonic() + 1.9
        committed: list[tuple[int, int]] = []
        while time.monotonic() < until:
            revision += 1
            await publish(given, revision)
            committed.append((time.monotonic_ns(), revision))
        reads = [read for found in await asyncio.gather(*readers) for read in found]
    assert {read[2] for read in reads} == {"Ok"}
    assert all(read[5] == f"disclosure {read[4]}" for read in reads)
    by_position = [read[4] for read in sorted(reads, key=lambda read: read[3])]
    assert by_position == sorted(by_position)
    assert len(set(by_position)) > 10
    # And never older than what had been published when the read began.
    for began, _, _, _, got, _ in reads:
        assert got >= max((number for at, number in committed if at < began), default=1)
    await verified(given)
