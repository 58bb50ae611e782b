"""Two workers share what services are to be told: each notice comes once, and a worker that dies takes none with it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json
from pds.notices import actions
from pds.notices.models import NoticeRow
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.examples import LEISURE, PARKING
from tests.faults.conftest import looking_into
from tests.faults.deployment import environment
from tests.features.telling import LEISURE_HOST, LOGOUTS, NOTICES, PARKING_HOST, PUBLIC_2, takes
from tests.internet import PUBLIC, Internet, Receiver, listening
from tests.people import a_vault, query_of, service_of, share, until

ROUNDS = 12
LEISURE_NOTICES = f"https://{LEISURE_HOST}/notices"


@asynccontextmanager
async def worker(settings: Settings, folder: Path, internet: Internet) -> AsyncIterator[Process]:
    """One more process that serves and sends, stopped by its id."""
    names = [f"{name}={addresses[0]}:{internet.ports[addresses[0]]}" for name, addresses in internet.addresses.items()]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.notice_worker", str(internet.ca), *names),
        env=environment(settings, folder),
        stdout=PIPE,
        stderr=STDOUT,
    )
    said = asyncio.create_task(_heard(process))
    try:
        assert process.stdout is not None
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await said


async def _heard(process: Process) -> None:
    assert process.stdout is not None
    async for _ in process.stdout:
        """Taken, so that the pipe never fills."""


@asynccontextmanager
async def two_services(
    settings: Settings, clock: Clock, registrar_key: ECKey, internet: Internet
) -> AsyncIterator[tuple[Running, Receiver, Receiver]]:
    """Parking and leisure take notices, each at a server of its own. No worker runs yet; the tables are open here."""
    settings = replace(settings, rate=10_000_000)
    pds = Running(settings.issuer, settings, clock, registrar_key, {})
    async with (
        looking_into(pds),
        listening(internet, PARKING_HOST) as parking,
        listening(internet, LEISURE_HOST, address=PUBLIC_2) as leisure,
    ):
        await pds.register(takes(PARKING, NOTICES, LOGOUTS))
        await pds.register(takes(LEISURE, LEISURE_NOTICES))
        yield pds, parking, leisure


async def to_tell(times: int, *services: Json) -> None:
    """So many events for each of these services, due now."""
    for _ in range(times):
        for description in services:
            await actions.verify(description["client_id"])


def ids(receiver: Receiver) -> Counter[str]:
    return Counter(jose.peek(post.body.decode())["jti"] for post in receiver.posts)


async def emptied() -> None:
    """Wait until nothing is left to be told."""
    async with asyncio.timeout(120):
        while await NoticeRow.exists():  # noqa: ASYNC110  another process empties it, and tells nobody
            await asyncio.sleep(0.05)


async def test_notices_are_shared(
    settings: Settings, clock: Clock, registrar_key: ECKey, internet: Internet, tmp_path: Path
) -> None:
    async with two_services(settings, clock, registrar_key, internet) as (pds, parking, leisure):
        await to_tell(ROUNDS, PARKING, LEISURE)
        async with worker(pds.settings, tmp_path, internet), worker(pds.settings, tmp_path, internet):
            await emptied()
        for receiver in (parking, leisure):
            assert list(ids(receiver).values()) == [1] * ROUNDS, "each once"
            assert receiver.most_at_once == 1, "and one after the other"


async def test_a_worker_killed_while_it_tells_a_service_loses_nothing(
    settings: Settings, clock: Clock, registrar_key: ECKey, internet: Internet, tmp_path: Path
) -> None:
    async with two_services(settings, clock, registrar_key, internet) as (pds, parking, _):
        await to_tell(2, PARKING)
        held = asyncio.Event()
        parking.answers.append(_holding(held))
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(worker(pds.settings, tmp_path, internet))
            await parking.received(1)
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
            held.set()
            # What was being told is the dead worker's until its lease is over; the others are not held up by it for
            # longer than that. Nobody waits here: the lease is over when we say so.
            [claimed] = await NoticeRow.filter(lease__gt=0)
            assert await NoticeRow.all().count() == 2
            await stack.enter_async_context(worker(pds.settings, tmp_path, internet))
            await NoticeRow.filter(id=claimed.id).update(lease=clock() - 1)
            await emptied()
        told = ids(parking)
        assert told[claimed.id] == 2, "again, under the same id: it may have been received"
        assert sorted(told.values()) == [1, 2]


def _holding(until: asyncio.Event) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        await until.wait()
        return web.Response(status=202)

    return answer


async def test_what_one_worker_did_another_tells(
    settings: Settings, clock: Clock, registrar_key: ECKey, internet: Internet, tmp_path: Path
) -> None:
    """A sign-in, a share, a stop and a sign-out over two workers: everything of it reaches the service, once."""
    async with two_services(settings, clock, registrar_key, internet) as (pds, parking, _):
        async with worker(pds.settings, tmp_path, internet) as one, worker(pds.settings, tmp_path, internet) as two:
            await _answering(pds, one, two)
            async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
                asked = await service.sign_in()
                question = await resident.asked(await resident.follow(asked.url))
                await service.finish(query_of(await resident.approve(question)), asked.pending)
                grant = await share(resident, service, access=until(pds))
                await resident.revoke(grant.grant_id)
                await resident.logout()
            await NoticeRow.filter(lease=0).update(due=0)
            await emptied()
        documents: list[Json] = [jose.peek(post.body.decode().removeprefix("logout_token=")) for post in parking.posts]
        assert Counter(next(iter(each["events"])).rpartition("/")[2] for each in documents) == {
            "urn:pds:event:grant-ended": 1,
            "backchannel-logout": 1,
        }
        assert PUBLIC in internet.ports


async def _answering(pds: Running, *processes: Process) -> None:
    """Wait until the workers answer."""
    import aiohttp

    async with asyncio.timeout(120), aiohttp.ClientSession() as session:
        while True:
            assert all(process.returncode is None for process in processes)
            try:
                async with session.get(f"{pds.issuer}/api/session") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


@pytest.fixture
def clock() -> Clock:
    """The machine's own: the workers have it too."""
    return Clock()
