"""A counter over two workers: one phone wins, one decision counts, and a killed worker loses nothing."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack, suppress
from typing import Any

from pds.counter import reports
from pds.counter.models import CounterEventRow, CounterRow
from pds.grants.models import GrantRow
from pds.sdk import Collected, News, Problem, Refused, Resident, SdkError, Unreachable
from tests.conftest import Running
from tests.faults.conftest import looking_into
from tests.faults.deployment import Deployment
from tests.faults.invariants import broken
from tests.faults.racing import Rounds
from tests.people import DETAILS, NAME, a_vault, desk_of, pair, until


async def wallets(stack: AsyncExitStack, pds: Running, many: int) -> list[Resident]:
    return [await stack.enter_async_context(a_vault(pds)) for _ in range(many)]


async def settled(*acts: Any) -> list[Any]:
    """What each gave, or the refusal that it met. Anything else is a mistake."""
    results = await asyncio.gather(*acts, return_exceptions=True)
    for each in results:
        if isinstance(each, BaseException) and not isinstance(each, SdkError):
            raise each
    return list(results)


async def test_of_two_phones_at_once_one_has_the_code_and_the_other_is_told(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with AsyncExitStack() as stack:
        residents = await wallets(stack, pds, 3)
        desk = await stack.enter_async_context(desk_of(pds, pds.parking))
        for _ in rounds(6):
            exchange = await desk.begin("resident-permit")
            codes = (exchange.address, exchange.address, exchange.typed)
            claims = await settled(*(each.claim(code) for each, code in zip(residents, codes, strict=True)))
            refused = [each for each in claims if isinstance(each, Problem)]
            assert [each.rule for each in refused] == ["counter/taken"] * 2
            (won,) = (each for each in claims if not isinstance(each, Problem))
            assert await exchange.digits(won.digits)


async def test_digits_a_decision_and_a_collection_happen_once_however_often_they_are_sent(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with AsyncExitStack() as stack:
        (resident,) = await wallets(stack, pds, 1)
        desk = await stack.enter_async_context(desk_of(pds, pds.parking))
        for _ in rounds(3):
            exchange = await desk.begin("resident-permit")
            meeting = await resident.claim(exchange.address)
            wrong = f"{(int(meeting.digits) + 1) % 10000:04d}"
            await settled(*(exchange.digits(wrong) for _ in range(2)))
            tried = await settled(*(exchange.digits(meeting.digits) for _ in range(4)))
            assert [each for each in tried if each is True] == [True]
            exchange._paired = True
            question = await meeting.question()
            await settled(resident.approve(question, DETAILS), resident.decline(question), meeting.leave())
            await resident.open()
            collected = await settled(*(exchange.collect() for _ in range(3)))
            async with looking_into(pds):
                row = await CounterRow.get(id=meeting.id)
                grants = await GrantRow.filter(request_hash=question.request.request_hash).count()
                events = await CounterEventRow.filter(counter=meeting.id).order_by("n")
                assert [each.n for each in events] == list(range(1, row.n + 1)), "no event twice, none left out"
                assert await broken(pds.issuer) == []
            assert grants == (1 if row.outcome == "approved" else 0)
            assert sum(isinstance(each, Collected) for each in collected) <= 1


async def test_every_worker_tells_the_desk_what_happened_on_the_others(two: tuple[Running, Deployment]) -> None:
    pds, _ = two
    async with AsyncExitStack() as stack:
        (resident,) = await wallets(stack, pds, 1)
        desk = await stack.enter_async_context(desk_of(pds, pds.parking))
        exchange = await desk.begin("resident-permit")
        heard: list[News] = []
        began = asyncio.Event()

        async def listen() -> None:
            async for news in exchange.events():
                heard.append(news)
                began.set()

        listening = asyncio.create_task(listen())
        await began.wait()
        meeting = await pair(resident, exchange)
        await resident.approve(await meeting.question(), DETAILS)
        await exchange.collect()
        await listening
        assert [each.what for each in heard] == ["waiting", "opened", "claimed", "paired", "decided", "collected"]


async def test_a_worker_killed_at_each_step_loses_nothing(two: tuple[Running, Deployment]) -> None:
    pds, deployment = two
    async with AsyncExitStack() as stack:
        (resident,) = await wallets(stack, pds, 1)
        desk = await stack.enter_async_context(desk_of(pds, pds.parking))
        exchange = await desk.begin("resident-permit")
        heard: list[News] = []

        async def listen() -> None:
            heard.extend([news async for news in exchange.events()])

        async def kill() -> None:
            """One of the two, in the middle; the parent replaces it."""
            os.kill(deployment.workers()[0], signal.SIGKILL)

        async def surely(act: Any) -> Any:
            """An act, again while its worker dies."""
            while True:
                try:
                    return await act()
                except Unreachable:
                    await asyncio.sleep(0)

        listening = asyncio.create_task(listen())
        await kill()
        meeting = await surely(lambda: resident.claim(exchange.address))
        await kill()
        with suppress(Refused):  # `counter/state`: the first try arrived, and its answer was lost
            await surely(lambda: exchange.digits(meeting.digits))
        question = await surely(meeting.question)
        await kill()
        await surely(lambda: resident.approve(question, DETAILS))
        collected = await exchange.collect()
        await listening
        assert collected.disclosure.value("person.full_name") == NAME
        assert [each.what for each in heard] == ["waiting", "opened", "claimed", "paired", "decided", "collected"]
        async with looking_into(pds):
            assert await broken(pds.issuer) == []


async def test_two_residents_who_report_a_desk_at_once_freeze_it_whatever_it_does_meanwhile(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with AsyncExitStack() as stack:
        residents = await wallets(stack, pds, 3)
        desk = await stack.enter_async_context(desk_of(pds, pds.parking))
        for number in rounds(6):
            grants = []
            for resident in residents:
                exchange = await desk.begin("resident-permit", access=until(pds))
                await resident.approve(await (await pair(resident, exchange)).question(), DETAILS)
                grants.append((await exchange.collect()).grant)
            pairs = list(zip(residents[:2], grants[:2], strict=True))
            stopped = number % 2 == 1
            if stopped:  # then the two reports are all that there is to do, and meet closely
                for resident, grant in pairs:
                    await resident.revoke(grant.grant_id)
            reported = [resident.report(grant.grant_id) for resident, grant in pairs]
            others = [] if stopped else [desk.service.tokens.refresh(grant) for grant in grants * 2]
            results = await settled(*reported, *others)
            assert results[:2] == [None, None]
            assert not [each for each in results if isinstance(each, Unreachable)], "nobody waited in a circle"
            async with looking_into(pds):
                assert await reports.frozen() == [(pds.parking.client_id, "library-1")]
                await reports.unfreeze(pds.parking.client_id, "library-1")
                assert await broken(pds.issuer) == []
