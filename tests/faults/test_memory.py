"""Big bodies at a server in a process of its own: it keeps none of them, and it lives."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from joserfc.jwk import ECKey

from pds import store
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.examples import PARKING
from tests.faults.deployment import deployed
from tests.faults.endpoints import ENDPOINTS, MIB
from tests.faults.raw import message, send
from tests.oauth.client import Client
from tests.people import a_vault

# At any moment: what allocators and caches keep, and the few bodies that are read. What is offered is ten times that.
GROWTH_BYTES = 96 * MIB
TIMES = 3


def memory(pid: int, line: str) -> int:
    """What a process holds of the machine's memory (`VmRSS`), or the most that it ever held (`VmHWM`), in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(each.split()[1]) * 1024 for each in lines if each.startswith(f"{line}:"))


@pytest.fixture
async def alone(
    settings: Settings, clock: Clock, registrar_key: ECKey, tmp_path: Path
) -> AsyncIterator[tuple[Running, int]]:
    """A deployment of one worker, and its process id."""
    running = Running(settings.issuer, settings, clock, registrar_key, {})
    await store.open_database(settings.database)
    try:
        await running.register(PARKING)
    finally:
        await store.close_database()
    async with deployed(settings, tmp_path, workers=1) as deployment:
        yield running, deployment.process.pid


async def test_a_flood_of_big_bodies_leaves_the_worker_alive_and_its_memory_as_it_was(
    alone: tuple[Running, int],
) -> None:
    pds, pid = alone
    async with a_vault(pds) as resident, aiohttp.ClientSession() as session:
        cookies = resident.browser._cookies["localhost"]
        cookie = ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))

        async def flood(size: int) -> int:
            """So much to every endpoint at once: told and in chunks; what was offered in all."""
            offered = 0
            for each in ENDPOINTS:
                head = [cookie, ("Content-Type", each.kind or "application/json")]
                told = message(each.verb, each.target, head, b"[" * size)
                chunks = message(each.verb, each.target, [*head, ("Transfer-Encoding", "chunked")])
                parts = [b"10000\r\n" + b"[" * 65536 + b"\r\n"] * (size // 65536) + [b"0\r\n\r\n"]
                answers = await asyncio.gather(*(send(pds.issuer, *data) for data in [(told,), (chunks, *parts)] * 2))
                assert all(answer.status < 500 for answer in answers)
                offered += 4 * size
            return offered

        await flood(MIB)
        before = memory(pid, "VmRSS")
        total = sum([await flood(8 * MIB) for _ in range(TIMES)])
        grown = memory(pid, "VmHWM") - before
        assert total > 10 * GROWTH_BYTES, "or nothing was shown"
        assert grown < GROWTH_BYTES, f"{grown // MIB} MiB more, with {total // MIB} MiB at the door"
        assert (await Client(pds, pds.parking, session).push())[0] == 201
        await resident.change("contact.mobile", "07700 900123")
        assert memory(pid, "VmRSS") > 0, "the same process, still there"
