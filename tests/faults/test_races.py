"""Two wallets and two workers at the same moment: one decision, one grant, one end, and a chain that holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

import aiohttp
import pytest

from pds.core.encoding import Json
from pds.grants.models import GrantRow, LogRow
from pds.requests.models import RequestRow
from pds.sdk import Problem, Resident, SdkError, Service, Unreachable
from pds.sdk.deciding import Question
from tests.conftest import Running
from tests.faults.conftest import looking_into
from tests.faults.deployment import Deployment
from tests.faults.invariants import broken
from tests.faults.racing import Rounds
from tests.faults.world import Held
from tests.people import ADDRESS, DETAILS, PERMIT, resident_of, service_of, share, until


@asynccontextmanager
async def two_devices(pds: Running) -> AsyncIterator[tuple[Resident, Resident, Service]]:
    """One resident in two tabs of one browser, each open, and a service."""
    async with resident_of(pds) as here, resident_of(pds) as there, service_of(pds, pds.parking) as parking:
        code = await here.create()
        await here.confirm_recovery(code)
        await share(here, parking, access=until(pds))
        await there.login(code)
        there.browser._cookies = here.browser._cookies
        yield here, there, parking


async def asked(resident: Resident, service: Service, pds: Running) -> Question:
    """A request that waits in this browser."""
    pushed = await service.ask("resident-permit", PERMIT, until(pds))
    return await resident.asked(await resident.follow(pushed.url))


async def at_once(*acts: Awaitable[Any]) -> list[BaseException | None]:
    """What each raised, None where it went well. Anything but a refusal is a mistake."""
    results = await asyncio.gather(*acts, return_exceptions=True)
    raised = [result if isinstance(result, BaseException) else None for result in results]
    for error in raised:
        if error is not None and not isinstance(error, SdkError):
            raise error
    return raised


async def grants_of(question: Question) -> list[GrantRow]:
    return await GrantRow.filter(request_hash=question.request.request_hash)


async def test_two_tabs_that_approve_one_request_at_once_make_one_grant(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for some in rounds.batches(12):
        async with two_devices(pds) as (here, there, parking), looking_into(pds):
            for _ in some:
                question = await asked(here, parking, pds)
                raised = await at_once(here.approve(question, tuple(DETAILS)), there.approve(question, tuple(DETAILS)))
                assert raised.count(None) == 1
                assert [error.code for error in raised if isinstance(error, Problem)] == ["conflict"]
                assert len(await grants_of(question)) == 1
                await here.open()
                await there.open()
            assert await GrantRow.filter(state="active", resident_id=here.vault).count() == 1
            assert await broken(pds.issuer) == []


async def test_two_residents_who_approve_one_request_in_one_browser_make_one_grant(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for some in rounds.batches(12):
        async with AsyncExitStack() as stack, looking_into(pds):
            parking = await stack.enter_async_context(service_of(pds, pds.parking))
            residents = [await stack.enter_async_context(resident_of(pds)) for _ in range(2)]
            for resident in residents:
                await resident.confirm_recovery(await resident.create())
            for _ in some:
                question = await asked(residents[0], parking, pds)
                mine, yours = (resident.browser._cookies["localhost"] for resident in residents)
                yours["__Host-pds-browser"] = mine["__Host-pds-browser"]
                raised = await at_once(*(each.approve(question, dict(DETAILS), keep=False) for each in residents))
                assert raised.count(None) == 1
                assert len(await grants_of(question)) == 1
            for resident in residents:
                assert (await resident.grants()).differences == ()
            assert await broken(pds.issuer) == []


async def test_one_approval_sent_20_times_at_once_is_one_grant_and_one_answer(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    held, keys = Held(), pds.settings.registrar_keys
    jar = aiohttp.DummyCookieJar()
    for some in rounds.batches(2):
        async with (
            aiohttp.ClientSession(middlewares=(held,), cookie_jar=jar) as session,
            service_of(pds, pds.parking) as parking,
            looking_into(pds),
        ):
            resident = Resident(pds.issuer, registrar_keys=keys, session=session, clock=pds.clock)
            await resident.confirm_recovery(await resident.create())
            for _ in some:
                question = await asked(resident, parking, pds)
                held.holding = True
                with suppress(Unreachable):
                    await resident.approve(question, DETAILS)
                held.holding = False
                target, body = held.acts.popitem()
                cookies = resident.browser._cookies["localhost"]
                cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
                answers = await asyncio.gather(*(_post(pds, target, body, cookie) for _ in range(20)))
                assert {status for status, _ in answers} == {200}
                assert len({answer["code"] for _, answer in answers}) == 1
                assert len(await grants_of(question)) == 1
                await resident.open()
            assert await broken(pds.issuer) == []


async def _post(pds: Running, target: str, body: Json, cookie: str) -> tuple[int, Json]:
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.post(pds.issuer + target, json=body, headers={"Cookie": cookie}) as response,
    ):
        return response.status, await response.json()


async def test_a_yes_and_a_no_at_once_are_one_of_the_two(two: tuple[Running, Deployment], rounds: Rounds) -> None:
    pds, _ = two
    for some in rounds.batches(12):
        async with two_devices(pds) as (here, there, parking), looking_into(pds):
            decisions = set()
            for _ in some:
                question = await asked(here, parking, pds)
                await at_once(here.approve(question, tuple(DETAILS)), there.decline(question))
                row = await RequestRow.get(id=question.id)
                assert len(await grants_of(question)) == (1 if row.decision == "approved" else 0)
                decisions.add(row.decision)
                await here.open()
                await there.open()
            assert decisions <= {"approved", "declined"}
            assert await broken(pds.issuer) == []


@pytest.mark.parametrize("act", ["a new approval", "a publication", "the same stop"])
async def test_a_stop_and_another_act_at_once_end_the_grant_once(
    two: tuple[Running, Deployment], rounds: Rounds, act: str
) -> None:
    pds, _ = two
    for some in rounds.batches(12):
        async with two_devices(pds) as (here, there, parking), looking_into(pds):
            for number in some:
                old = await share(here, parking, access=until(pds), values=dict.fromkeys(DETAILS))
                await there.open()
                question = await asked(here, parking, pds)
                others: dict[str, Callable[[], Awaitable[Any]]] = {
                    "a new approval": partial(there.approve, question, tuple(DETAILS)),
                    "a publication": partial(there.change, "address.current", ADDRESS | {"lines": [f"{number} Road"]}),
                    "the same stop": partial(there.revoke, old.grant_id),
                }
                stopped, _other = await at_once(here.revoke(old.grant_id), others[act]())
                ends = await LogRow.filter(grant_id=old.grant_id, kind__in=("revoked", "replaced")).count()
                assert ends == 1, f"{ends} ends; {stopped!r}, {_other!r}"
                assert (await GrantRow.get(id=old.grant_id)).disclosure is None
                await here.open()
                await there.open()
                for live in await GrantRow.filter(state="active"):
                    await here.revoke(live.id)
                assert (await here.grants()).differences == ()
            assert await broken(pds.issuer) == []
