"""A notice reaches its service, whatever the service, the network or a worker does meanwhile."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import pytest
from aiohttp import web

from pds.app import SENDER
from pds.core import jose
from pds.core.encoding import Json
from pds.core.notice import GRANT_CHANGED, GRANT_ENDED
from pds.notices import actions, reaching
from pds.notices.models import NoticeRow
from pds.notices.sender import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from pds.sdk import Grant
from tests.conftest import Running
from tests.features.telling import DAY, HOUR, PUBLIC_2, both_telling, deliver, opened, services, telling, waiting
from tests.internet import PUBLIC, Answer, Internet, listening
from tests.people import NAME, a_vault, service_of, share, until

OTHER_HOST = "elsewhere.example"


async def stopped(pds: Running, times: int = 1) -> list[Grant]:
    """So many grants to parking that residents have stopped, of which it is to be told now."""
    grants = []
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        for _ in range(times):
            grants.append(await share(resident, parking, access=until(pds)))
            await resident.revoke(grants[-1].grant_id)
    pds.clock.ahead += HOUR
    return grants


async def hang(request: web.Request) -> web.StreamResponse:
    """Never an answer, until whoever asked has gone."""
    assert request.transport is not None
    with suppress(asyncio.CancelledError):
        await asyncio.get_running_loop().create_future()
    return web.Response(status=202)


async def no_end(request: web.Request) -> web.StreamResponse:
    """A refusal whose text never ends."""
    response = web.StreamResponse(status=400, headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b" " * 65536)
    except (ConnectionError, asyncio.CancelledError):
        return response


async def gone(request: web.Request) -> web.StreamResponse:
    """The connection breaks in the middle of the answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response(status=202)


def status(number: int) -> Callable[[], Answer]:
    return lambda: web.Response(status=number)


def error(code: str, number: int = 400) -> web.Response:
    return web.json_response({"err": code, "description": "a word of the service's"}, status=number)


FOR_NOW: dict[str, Callable[[], Answer]] = {
    "503": status(503),
    "429": status(429),
    "404": status(404),
    "200, which acknowledges nothing": status(200),
    "204": status(204),
    "a redirect to another server": lambda: web.Response(status=307, headers={"Location": f"https://{OTHER_HOST}/"}),
    "a redirect to this machine": lambda: web.Response(status=308, headers={"Location": "https://127.0.0.1/"}),
    "a key that it does not know yet": lambda: error("invalid_key"),
    "no access": lambda: error("access_denied"),
    "a refusal without a reason": lambda: web.Response(status=400, text="{"),
    "a refusal without an end": lambda: no_end,
    "no answer": lambda: hang,
    "half an answer": lambda: gone,
}


async def test_what_is_not_taken_now_is_sent_again_later_under_the_same_id(
    pds: Running, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "SECONDS", 0.5)
    async with telling(pds, internet) as receiver, listening(internet, OTHER_HOST, address=PUBLIC_2) as other:
        [*grants] = await stopped(pds, len(FOR_NOW))
        rows = await NoticeRow.all().order_by("due", "id")
        await NoticeRow.all().update(due=pds.clock() + DAY)
        for row, (name, answer) in zip(rows, FOR_NOW.items(), strict=True):
            await NoticeRow.filter(id=row.id).update(due=pds.clock())
            receiver.posts.clear()
            receiver.answers.append(answer())
            await deliver(pds, internet)
            tried = await NoticeRow.get(id=row.id)
            assert (tried.attempts, tried.lease) == (1, 0), name
            assert FIRST_WAIT_SECONDS // 2 - 5 <= tried.due - pds.clock() <= FIRST_WAIT_SECONDS, name
            pds.clock.ahead += FIRST_WAIT_SECONDS
            await deliver(pds, internet)
            first, second = [jose.peek(post.body.decode()) for post in receiver.posts]
            assert first == second, name
            assert (await opened(pds, receiver.posts[1])).id == row.id
        assert await waiting() == []
        assert {row.grant_id for row in rows} == {grant.grant_id for grant in grants}
        assert other.posts == []
        assert set(internet.dialled) == {PUBLIC}


async def test_a_server_that_is_down_is_told_when_it_is_back(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        port = internet.ports.pop("11.22.33.44")
        [grant] = await stopped(pds)
        await deliver(pds, internet)
        assert [row.attempts for row in await waiting()] == [1]
        internet.ports["11.22.33.44"] = port
        pds.clock.ahead += FIRST_WAIT_SECONDS
        await deliver(pds, internet)
        assert (await opened(pds, receiver.posts[0])).grant_id == grant.grant_id


async def test_attempts_come_twice_as_far_apart_up_to_six_hours(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds)
        waits = []
        for _ in range(14):
            receiver.answers.append(web.Response(status=503))
            await deliver(pds, internet)
            [row] = await waiting()
            waits.append(row.due - pds.clock())
            pds.clock.ahead += row.due - pds.clock()
        for number, wait in enumerate(waits):
            longest = min(FIRST_WAIT_SECONDS * 2**number, LONGEST_WAIT_SECONDS)
            assert longest // 2 - 5 <= wait <= longest
        assert len(receiver.posts) == 14


async def test_what_a_service_will_never_take_is_not_sent_again_and_the_log_says_so(
    pds: Running, internet: Internet, caplog: pytest.LogCaptureFixture
) -> None:
    codes = ("invalid_request", "invalid_issuer", "invalid_audience")
    async with telling(pds, internet) as receiver:
        receiver.answers.extend(error(code) for code in codes)
        await stopped(pds, len(codes))
        with caplog.at_level(logging.WARNING):
            await deliver(pds, internet)
        assert (await waiting(), len(receiver.posts)) == ([], len(codes))
        for code in codes:
            assert f"{pds.parking.client_id} will not be told of grant-ended: refused, {code}" in caplog.text
        assert "a word of the service" not in caplog.text


async def test_what_nobody_takes_for_three_days_is_given_up_and_the_log_says_so(
    pds: Running, internet: Internet, caplog: pytest.LogCaptureFixture
) -> None:
    async with telling(pds, internet) as receiver:
        receiver.answers.append(web.Response(status=503))
        await stopped(pds)
        await deliver(pds, internet)
        pds.clock.ahead += 3 * DAY
        with caplog.at_level(logging.WARNING):
            await deliver(pds, internet)
        assert (await waiting(), len(receiver.posts)) == ([], 1)
        assert "given up after 1 attempts" in caplog.text


async def test_one_service_is_told_one_thing_at_a_time_and_another_does_not_wait_for_it(
    pds: Running, internet: Internet
) -> None:
    async with both_telling(pds, internet) as (parking, leisure), a_vault(pds) as resident:
        async with services(pds) as (to_parking, to_leisure):
            for _ in range(3):
                grant = await share(resident, to_parking, access=until(pds))
                await resident.revoke(grant.grant_id)
            asked: Json = {"person.full_name": {"required": True}}
            values = {"person.full_name": NAME}
            once = await share(resident, to_leisure, attributes=asked, values=values, purpose="leisure-card")
            await resident.revoke(once.grant_id)
        held = asyncio.Event()

        async def hold(_request: web.Request) -> web.StreamResponse:
            await held.wait()
            return web.Response(status=202)

        parking.answers.append(hold)
        pds.clock.ahead += HOUR
        delivering = asyncio.create_task(deliver(pds, internet))
        await parking.received(1)
        await leisure.received(1)
        assert len(parking.posts) == 1
        held.set()
        await delivering
        assert (len(parking.posts), parking.most_at_once, await waiting()) == (3, 1, [])


async def test_a_service_that_does_not_answer_is_asked_once_and_not_once_for_each_notice(
    pds: Running, internet: Internet
) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds, 3)
        receiver.answers.append(web.Response(status=503))
        await deliver(pds, internet)
        assert (len(receiver.posts), len(await waiting())) == (1, 3)
        pds.clock.ahead += FIRST_WAIT_SECONDS
        await deliver(pds, internet)
        assert (len(receiver.posts), await waiting()) == (4, [])


async def test_one_notice_that_is_refused_does_not_hold_up_the_others(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds, 3)
        receiver.answers.append(error("access_denied"))
        await deliver(pds, internet)
        assert (len(receiver.posts), len(await waiting())) == (3, 1)


async def test_what_a_dead_worker_was_sending_another_sends_when_its_lease_is_over(
    pds: Running, internet: Internet
) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds)
        [claimed], _ = await actions.claim(now=pds.clock(), lease=pds.clock() + 30, most=8)
        assert await actions.claim(now=pds.clock(), lease=pds.clock() + 30, most=8) == ([], [])
        pds.clock.ahead += 31
        await deliver(pds, internet)
        [post] = receiver.posts
        assert (await opened(pds, post)).id == claimed.notice.id
        await actions.done(claimed)
        await actions.later(claimed, due=0, alone=True)
        assert await waiting() == [], "who comes back too late changes nothing"


async def test_a_worker_that_is_told_to_stop_gives_back_what_it_was_sending(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds)
        receiver.answers.append(hang)
        assert pds.app is not None
        async with reaching.new_session(internet.resolve, internet.connect) as session:
            sending = asyncio.create_task(pds.app[SENDER].run())
            await receiver.received(1)
            sending.cancel()
            await asyncio.wait({sending})
            await pds.app[SENDER].deliver_due(session)
        await receiver.received(2)
        await deliver(pds, internet)
        assert await waiting() == []


async def test_a_change_while_another_is_being_told_is_told_too(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await resident.change("person.full_name", "A. Example")

        async def changing(_request: web.Request) -> web.StreamResponse:
            await resident.change("person.full_name", "B. Example")
            return web.Response(status=202)

        receiver.answers.append(changing)
        pds.clock.ahead += HOUR
        await deliver(pds, internet)
        pds.clock.ahead += HOUR
        await deliver(pds, internet)
        found = [await opened(pds, post) for post in receiver.posts]
        assert [(each.kind, each.revision) for each in found] == [(GRANT_CHANGED, 2), (GRANT_CHANGED, 3)]
        await resident.revoke(grant.grant_id)


async def test_nothing_is_kept_of_one_answer_for_the_next_request(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        await stopped(pds, 2)
        receiver.answers.append(web.Response(status=202, headers={"Set-Cookie": "known=yes; Secure; Path=/"}))
        await deliver(pds, internet)
        assert [post.headers.get("Cookie") for post in receiver.posts] == [None, None]
        assert {name for post in receiver.posts for name in post.headers} == {
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Content-Type",
            "Content-Length",
            "Connection",
        }
        kinds = {(await opened(pds, post)).kind for post in receiver.posts}
        assert kinds == {GRANT_ENDED}
