"""At a counter: a desk's screen, a resident's phone, and the server between them."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from pds.core.errors import Invalid
from pds.http.streams import STREAMS
from pds.sdk import Declined, Exchange, News, Problem, Refused, Resident, Stopped, Unreachable
from tests.conftest import Running
from tests.core.schemas import complaints
from tests.people import DETAILS, NAME, a_vault, desk_of, pair, resident_of, service_of


async def told(exchange: Exchange, until: str) -> list[News]:
    """The events up to the first of this name."""
    found = []
    async for news in exchange.events():
        found.append(news)
        if news.what == until:
            break
    return found


async def test_a_desk_whose_line_is_lost_is_no_mistake_of_the_servers(
    pds: Running, caplog: pytest.LogCaptureFixture
) -> None:
    assert pds.app is not None
    streams = pds.app[STREAMS]
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        async with aclosing(exchange.events()) as heard:
            assert (await anext(heard)).what == "waiting"
            assert streams._places
        meeting = await resident.claim(exchange.address)
        while streams._places:
            await meeting.look()
        assert "unforeseen" not in caplog.text
        assert [each.what for each in await told(exchange, "claimed")] == ["opened", "claimed"], "and it goes on"


async def test_a_resident_shares_at_a_counter_and_the_desk_sees_each_step(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        watching = asyncio.create_task(told(exchange, "collected"))
        meeting = await resident.claim(exchange.address)
        assert meeting.desk.place["cy"] == "Y Llyfrgell Ganolog"
        assert meeting.service.name["en"] == "Resident parking permit"
        assert "request" not in await meeting.look(), "nothing is asked before the digits"
        assert not await exchange.digits(f"{(int(meeting.digits) + 1) % 10000:04d}")
        assert await exchange.digits(meeting.digits)
        question = await meeting.question()
        assert await resident.approve(question, DETAILS) == ""
        collected = await exchange.collect()
        assert collected.disclosure.value("person.full_name") == NAME
        news = await watching
        assert [each.what for each in news] == [
            "waiting", "opened", "claimed", "wrong-digits", "paired", "decided", "collected",
        ]  # fmt: skip
        assert [each.n for each in news] == [1, 2, 3, 4, 5, 6, 7]
        assert news[3].tries_left == 2
        kinds = [entry["kind"] for entry in await resident.log(collected.grant.grant_id)]
        assert kinds == ["approved", "collected", "read", "finished"]
        await exchange.done()
        with pytest.raises(Stopped):
            await desk.service.read(replace(collected.grant))


async def test_the_eight_characters_do_what_the_picture_does(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.leisure, "pool") as desk:
        exchange = await desk.begin("leisure-card")
        meeting = await resident.claim(exchange.typed.lower().replace("-", " "))
        assert await exchange.digits(meeting.digits)
        await resident.approve(await meeting.question(), {"person.full_name": NAME})
        assert (await exchange.collect()).disclosure.claims["contact.email"] == {"absent": "withheld"}


async def test_a_resident_who_says_no_is_heard(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        meeting = await pair(resident, exchange)
        question = await meeting.question()
        assert await resident.decline(question) == ""
        assert await resident.decline(question) == "", "an answer that was lost can be sent again"
        with pytest.raises(Declined):
            await exchange.collect()
        assert (await told(exchange, "decided"))[-1].outcome == "declined"


async def test_three_wrong_guesses_end_it(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        meeting = await resident.claim(exchange.address)
        wrong = f"{(int(meeting.digits) + 1) % 10000:04d}"
        assert [await exchange.digits(wrong) for _ in range(3)] == [False] * 3
        with pytest.raises(Refused, match="void"):
            await exchange.digits(meeting.digits)
        with pytest.raises(Stopped):
            await meeting.question()
        assert (await told(exchange, "void"))[-1].reason == "digits"


async def test_a_second_phone_is_told_and_so_is_the_desk(pds: Running) -> None:
    async with a_vault(pds) as first, a_vault(pds) as second, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        meeting = await first.claim(exchange.address)
        for _ in range(5):
            with pytest.raises(Problem) as refused:
                await second.claim(exchange.address)
            assert (refused.value.status, refused.value.rule) == (409, "counter/taken")
        assert (await first.claim(exchange.address)).id == meeting.id, "the first has it still"
        assert await exchange.digits(meeting.digits)
        news = await told(exchange, "paired")
        assert [each.what for each in news].count("second-phone") == 3, "and no more often than that"


async def test_a_phone_that_must_unlock_holds_the_code_meanwhile(pds: Running) -> None:
    async with resident_of(pds) as resident, a_vault(pds) as other, desk_of(pds, pds.parking) as desk:
        code = await resident.create()
        await resident.logout()
        exchange = await desk.begin("resident-permit")
        held = await resident._api.post("/api/counters", {"code": exchange.address[-26:]})
        assert held == {"id": held["id"], "state": "opened", "n": 2, "claimed": False, "expires": held["expires"]}
        assert complaints("counter_session.json", held) == []
        with pytest.raises(Problem, match="taken"):
            await other.claim(exchange.address)
        with pytest.raises(Refused, match="opened"):
            await exchange.digits("0000")
        pds.clock.ahead += 250
        await resident.login(code)
        meeting = await resident.claim(exchange.address)
        assert complaints("counter_session.json", await meeting.look()) == []
        assert await exchange.digits(meeting.digits)
        assert complaints("counter_session.json", await meeting.look()) == []


@pytest.mark.parametrize(
    ("steps", "lives"),
    [([], 120), (["open"], 300), (["open", "claim"], 1800), (["open", "claim", "pair"], 1800)],
    ids=["nobody came", "never unlocked", "claimed", "paired"],
)
async def test_each_step_has_its_time(pds: Running, steps: list[str], lives: int) -> None:
    async with a_vault(pds) as resident, resident_of(pds) as stranger, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        if steps == ["open"]:
            await stranger._api.post("/api/counters", {"code": exchange.address[-26:]})
        elif "pair" in steps:
            await pair(resident, exchange)
        elif steps:
            await resident.claim(exchange.address)
        exchange._paired = True
        pds.clock.ahead += lives - 30  # the machine may be busy meanwhile
        with pytest.raises(Refused, match="pending"):
            await exchange.collect()
        pds.clock.ahead += 30
        with pytest.raises(Stopped, match="expired_token"):
            await exchange.collect()
        assert (await told(exchange, "void"))[-1].reason == "expired"


async def test_a_decision_in_the_last_second_can_still_be_collected(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        question = await (await pair(resident, exchange)).question()
        pds.clock.ahead += 1790
        await resident.approve(question, DETAILS)
        pds.clock.ahead += 30
        assert (await exchange.collect()).disclosure.value("person.full_name") == NAME


async def test_a_suspended_service_stops_in_the_middle(pds: Running) -> None:
    from pds.registry import actions as registry

    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        question = await (await pair(resident, exchange)).question()
        watching = asyncio.create_task(told(exchange, "void"))
        await registry.suspend(pds.parking.client_id, suspended=True)
        assert (await watching)[-1].reason == "suspended"
        with pytest.raises(Problem) as refused:
            await resident.approve(question, DETAILS)
        assert refused.value.status == 410
        await registry.suspend(pds.parking.client_id, suspended=False)
        with pytest.raises(Stopped):
            await exchange.collect()


async def test_a_desk_that_leaves_the_registry_stops_at_every_step(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        begun, paired, decided, collected = [await desk.begin("resident-permit") for _ in range(4)]
        question = await (await pair(resident, paired)).question()
        for exchange in (decided, collected):
            await resident.approve(await (await pair(resident, exchange)).question(), DETAILS)
        grant = (await collected.collect()).grant
        statement = without_desk(pds)
        await pds.register(statement, pds.parking.keys)
        with pytest.raises(Problem) as over:
            await resident.claim(begun.address)
        assert over.value.status == 410
        with pytest.raises(Problem) as late:
            await resident.approve(question, DETAILS)
        assert late.value.status == 410
        with pytest.raises(Stopped, match="removed"):
            await decided.collect()
        with pytest.raises(Stopped):
            await desk.service.read(grant)
        with pytest.raises(Stopped):
            await desk.begin("resident-permit")


def without_desk(pds: Running) -> dict[str, object]:
    from tests.examples import PARKING

    return {**PARKING, "counters": PARKING["counters"][1:]}


async def test_this_was_not_me_stops_the_exchange_and_two_residents_freeze_the_desk(pds: Running) -> None:
    from pds.counter import reports

    async with a_vault(pds) as one, a_vault(pds) as two, desk_of(pds, pds.parking) as desk:
        grants = []
        for resident in (one, two):
            exchange = await desk.begin("resident-permit")
            await resident.approve(await (await pair(resident, exchange)).question(), DETAILS)
            grants.append((await exchange.collect()).grant)
        third = await desk.begin("resident-permit")
        await one.report(grants[0].grant_id)
        await one.report(grants[0].grant_id)
        with pytest.raises(Stopped):
            await desk.service.read(grants[0])
        await pair(one, third)
        await two.report(grants[1].grant_id)
        assert (await told(third, "void"))[-1].reason == "frozen"
        with pytest.raises(Stopped, match="frozen"):
            await desk.begin("resident-permit")
        async with desk_of(pds, pds.parking, "civic-centre-2") as other:
            await other.begin("resident-permit")
        kinds = {kind for _, kind, _, _ in await reports.alerts()}
        assert kinds == {"report", "frozen"}
        await reports.unfreeze(pds.parking.client_id, "library-1")
        await desk.begin("resident-permit")


async def test_what_no_counter_made_is_not_reported_but_stopped(pds: Running) -> None:
    from tests.people import share

    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        with pytest.raises(Problem, match="counter/report"):
            await resident.report(grant.grant_id)


async def test_a_thousand_wrong_codes_find_nothing_and_are_soon_refused(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        wrong = [f"2222-{n:04d}" for n in range(1000)]
        assert [await status_of(resident, each) for each in wrong] == [404] * 10 + [429] * 990
        assert await status_of(resident, exchange.typed) == 429, "even the right one: nobody learns which it was"
        await resident.claim(exchange.address)
    addresses = []
    for _ in range(9):  # the address's limit, whoever is signed in: nine others, of whom each may guess ten times
        async with a_vault(pds) as another:
            addresses += [await status_of(another, each) for each in wrong[:11]]
    assert addresses.count(404) == 90


async def status_of(resident: Resident, typed: str) -> int:
    """What a typed code is answered with."""
    try:
        await resident.claim(typed)
    except Problem as refused:
        return refused.status
    except Unreachable as error:
        return 429 if error.retry_after is not None else 0
    return 200


async def test_a_desk_in_a_hurry_is_slowed_down_and_then_stopped(
    pds: Running, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk_of(pds, pds.parking) as desk:
        begun = [await desk.begin("resident-permit") for _ in range(60)]
        alerts = [json.loads(record.message) for record in caplog.records if record.name == "pds.counter"]
        about = {"alert": "pace", "desk": "library-1", "service": pds.parking.client_id}
        assert [alert | {"at": 0} for alert in alerts] == [{**about, "at": 0}]
        with pytest.raises(Unreachable, match="429"):
            await desk.begin("resident-permit")
        await begun[0].cancel()
        pds.clock.ahead += 601
        await desk.begin("resident-permit")


async def test_polling_too_fast_is_told_and_the_decision_comes_at_once(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        question = await (await pair(resident, exchange)).question()
        errors = []
        for wait in (0, 0, 2, 7, 6):
            pds.clock.ahead += wait
            with pytest.raises(Refused) as pending:
                await exchange.collect()
            errors.append(pending.value.error)
        assert errors == ["authorization_pending", "slow_down", "slow_down", "slow_down", "slow_down"]
        await resident.approve(question, DETAILS)
        await exchange.collect()


async def test_a_desk_that_reconnects_misses_nothing(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        assert [news.what for news in await told(exchange, "waiting")] == ["waiting"]
        await pair(resident, exchange)
        assert [news.what for news in await told(exchange, "paired")] == ["opened", "claimed", "paired"]
        exchange.seen = 0
        assert [news.n for news in await told(exchange, "paired")] == [1, 2, 3, 4]


async def test_a_desk_believes_no_pairing_that_it_did_not_make(pds: Running) -> None:
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit")
        await pair(resident, exchange)
        exchange._paired = False
        with pytest.raises(Invalid, match="counter/unpaired"):
            await told(exchange, "decided")
        with pytest.raises(Invalid, match="counter/unpaired"):
            await exchange.collect()
