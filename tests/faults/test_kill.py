"""A worker is killed in the middle of every kind of act, again and again: no act is ever half done, or done twice."""

import asyncio
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from pds.grants.models import GrantRow, LogRow
from pds.sdk import Problem, Refused, Resident, Service, Stopped, Unreachable
from tests.conftest import Running
from tests.faults.conftest import looking_into
from tests.faults.deployment import Deployment
from tests.faults.invariants import broken
from tests.people import ADDRESS, DETAILS, PERMIT, query_of, until

T = TypeVar("T")
SEED = 20261123
MOST_KILLS = 32
SECONDS = 25
# Enough that both workers are always in the middle of something.
ACTORS = 8
ROUNDS = 3
ACTS = {
    "a vault is made": r"POST /api/vaults",
    "a request is pushed": r"POST /oauth/par",
    "a commit": r"POST /api/vault/commits",
    "an approval": r"POST /api/requests/.*/approval",
    "a token": r"POST /oauth/token",
    "a read": r"GET /data",
    "a publication": r"POST /api/publications",
    "a stop": r"POST /api/grants/.*/revocation",
}


@dataclass
class Traffic:
    """A middleware of the clients: it tells when an act is under way, and a wallet's it sends again, byte by byte."""

    done: bool = False
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)

    async def seen(self, act: str) -> None:
        """Wait until an act of this kind has been sent."""
        self.waiting[ACTS[act]] = asyncio.get_running_loop().create_future()
        await self.waiting[ACTS[act]]

    def tell(self, request: ClientRequest) -> None:
        for pattern, future in self.waiting.items():
            if not future.done() and ACTS.get(_act(request)) == pattern:
                future.set_result(None)

    async def once(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        self.tell(request)
        try:
            return await send(request)
        except aiohttp.ClientConnectionError:
            self.broken[_act(request)] += 1
            raise

    async def again(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        while True:
            self.tell(request)
            try:
                return await send(request)
            except aiohttp.ClientConnectionError:
                self.broken[_act(request)] += 1
                await asyncio.sleep(0.05)


def _act(request: ClientRequest) -> str:
    """Its name in `ACTS`, or what it is."""
    place = f"{request.method} {request.url.path}"
    return next((act for act, pattern in ACTS.items() if re.fullmatch(pattern, place)), place)


@dataclass
class Actor:
    """Residents, one after the other, who share, change and stop; `approved` are the requests that they answered."""

    pds: Running
    traffic: Traffic
    stack: AsyncExitStack
    service: Service
    approved: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    residents: list[tuple[Resident, str]] = field(default_factory=list)
    rounds: int = 0

    async def act(self) -> None:
        while not self.traffic.done:
            resident, code = await self.newcomer()
            self.residents.append((resident, code))
            await resident.confirm_recovery(code)
            for number in range(ROUNDS):
                await self.share(resident, number)
                self.rounds += 1

    async def newcomer(self) -> tuple[Resident, str]:
        session = await self.stack.enter_async_context(
            aiohttp.ClientSession(middlewares=(self.traffic.again,), cookie_jar=aiohttp.DummyCookieJar())
        )
        keys = self.pds.settings.registrar_keys
        while True:
            resident = Resident(self.pds.issuer, registrar_keys=keys, session=session, clock=self.pds.clock)
            # The answer with the session was lost: nobody has this vault, and the resident begins anew.
            with suppress(Problem):
                return resident, await resident.create()

    async def share(self, resident: Resident, number: int) -> None:
        asked = await _insist(lambda: self.service.ask("resident-permit", PERMIT, until(self.pds)))
        try:
            question = await resident.asked(await resident.follow(asked.url))
        except Problem:
            return  # the first visit bound the request to a cookie that never arrived
        # Typed in the first time, from the vault afterwards.
        back = await resident.approve(question, tuple(DETAILS) if resident.details() else DETAILS)
        self.approved.append(question.request.request_hash)
        try:
            grant = await _insist(lambda: self.service.finish(query_of(back), asked.pending))
            for _ in range(3):
                await _insist(lambda: self.service.read(grant))
        except Refused:
            return  # the code was used, and its answer lost: the service asks anew
        moved = ADDRESS | {"lines": [f"{number} New Road"]}
        await resident.change("address.current", moved)
        assert (await _insist(lambda: self.service.read(grant))).value("address.current") == moved
        await resident.change("contact.mobile", f"07700 90012{number}")
        await resident.revoke(grant.grant_id)
        self.stopped.append(grant.grant_id)
        with pytest.raises(Stopped):
            await _insist(lambda: self.service.read(grant))


async def _insist(act: Callable[[], Awaitable[T]]) -> T:
    """As a service does that is told to try later."""
    while True:
        try:
            return await act()
        except Unreachable:
            await asyncio.sleep(0.05)


async def _kill(deployment: Deployment, traffic: Traffic) -> Counter[str]:
    """Kill a worker while an act of each kind in turn is under way; the next when two serve again."""
    dice, loop = random.Random(SEED), asyncio.get_running_loop()  # noqa: S311  to be the same each time
    began, killed = loop.time(), Counter[str]()
    for act in cycle(ACTS):
        await deployment.hears("serves", 2 + killed.total())
        await traffic.seen(act)
        await asyncio.sleep(dice.uniform(0, 0.02))
        os.kill(dice.choice(sorted(deployment.workers())), signal.SIGKILL)
        killed[act] += 1
        if len(killed) == len(ACTS) and (loop.time() - began > SECONDS or killed.total() >= MOST_KILLS):
            break
    await deployment.hears("serves", 2 + killed.total())
    return killed


async def test_a_worker_killed_in_the_middle_of_any_act_leaves_it_whole_or_not_begun(
    two: tuple[Running, Deployment],
) -> None:
    pds, deployment = two
    traffic = Traffic()
    async with AsyncExitStack() as stack:
        actors = [Actor(pds, traffic, stack, await _service(pds, traffic, stack)) for _ in range(ACTORS)]
        acting = asyncio.gather(*(actor.act() for actor in actors))
        killing = asyncio.create_task(_kill(deployment, traffic))
        running: set[asyncio.Future[Any]] = {acting, killing}
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        traffic.done = True
        await acting
        assert (await killing).keys() == ACTS.keys()
        assert traffic.broken.keys() & ACTS.keys(), "no act was broken off: nothing was shown"
        for actor in actors:
            for resident, code in actor.residents:
                await _as_the_resident_finds_it(pds, resident, code)
    await deployment.stop()
    async with looking_into(pds):
        assert await broken(pds.issuer) == []
        await _exactly_once(actors)


async def _service(pds: Running, traffic: Traffic, stack: AsyncExitStack) -> Service:
    session = aiohttp.ClientSession(middlewares=(traffic.once,), cookie_jar=aiohttp.DummyCookieJar())
    return Service(
        issuer=pds.issuer,
        client_id=pds.parking.client_id,
        redirect_uri=pds.parking.redirect_uri,
        keys=pds.parking.keys,
        session=await stack.enter_async_context(session),
        clock=pds.clock,
    )


async def _as_the_resident_finds_it(pds: Running, resident: Resident, code: str) -> None:
    """Their device, which checks every link, item and log, and a new one that knows nothing but the recovery code."""
    await resident.open()
    listing = await resident.grants()
    assert listing.differences == ()
    for grant in listing.grants:
        await resident.log(grant.id)
    async with Resident(pds.issuer, registrar_keys=pds.settings.registrar_keys, clock=pds.clock) as device:
        await device.login(code)
        assert device.details() == resident.details()


async def _exactly_once(actors: list[Actor]) -> None:
    for actor in actors:
        for request_hash in actor.approved:
            assert await GrantRow.filter(request_hash=request_hash).count() == 1
        for grant_id in actor.stopped:
            assert await LogRow.filter(grant_id=grant_id, kind="revoked").count() == 1
            assert (await GrantRow.get(id=grant_id)).state == "ended"
    assert sum(len(actor.approved) for actor in actors) > 0
