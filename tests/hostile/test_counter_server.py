"""A malicious server at a counter: what it swaps, skips or lies about is noticed by the wallet or by the desk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.desk.counter import open_counter
from pds.desk.folder import setup
from pds.sdk import Desk, Exchange, Resident, Stopped
from tests.conftest import Running
from tests.hostile.proxy import Answer, Asked, Proxy, Server, members, told
from tests.people import DETAILS, NAME, a_vault, desk_of, pair

CLAIM, SESSION, DIGITS = "POST /api/counters", "GET /api/counters/*", "POST /oauth/device/digits"
TOKEN, BEGIN = "POST /oauth/token", "POST /oauth/device_authorization"


@dataclass
class Scene:
    resident: Resident
    desk: Desk
    other: Desk


@asynccontextmanager
async def a_scene(pds: Running) -> AsyncIterator[Scene]:
    """A resident in the library, and the civic centre, where they are not."""
    async with (
        a_vault(pds) as resident,
        desk_of(pds, pds.parking) as desk,
        desk_of(pds, pds.parking, "civic-centre-2") as other,
    ):
        yield Scene(resident, desk, other)


async def request_of(scene: Scene, proxy: Proxy, exchange: Exchange) -> str:
    """What a desk asks, as the server has it."""
    meeting = await pair(scene.resident, exchange)
    return str((await meeting.look())["request"])


async def test_a_request_that_is_swapped_for_another_desks_after_pairing_is_not_answered(
    pds: Running, proxy: Proxy
) -> None:
    async with a_scene(pds) as scene:
        elsewhere = await request_of(scene, proxy, await scene.other.begin("resident-permit"))
        exchange = await scene.desk.begin("resident-permit")
        meeting = await pair(scene.resident, exchange)
        proxy.lie(SESSION, members(request=elsewhere))
        with pytest.raises(Invalid, match="counter/desk"):
            await meeting.question()
        proxy.repent()
        with pytest.raises(Stopped):
            await exchange.collect()


async def test_one_desk_shown_and_another_ones_request_served(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.other.begin("resident-permit")
        proxy.lie(CLAIM, members(desk="library-1"))
        meeting = await scene.resident.claim(exchange.address)
        assert meeting.desk.place["en"] == "Central Library", "what the resident would see, and say yes to"
        await exchange.digits(meeting.digits)
        with pytest.raises(Invalid, match="counter/desk"):
            await meeting.question()


@pytest.mark.parametrize("desk", ["library-9", "constructor"])
async def test_a_desk_that_the_registry_does_not_list_is_not_shown(pds: Running, proxy: Proxy, desk: str) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        proxy.lie(CLAIM, members(desk=desk))
        with pytest.raises(Invalid, match="counter/desk"):
            await scene.resident.claim(exchange.address)


async def test_a_place_of_the_servers_own_making_is_not_shown(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")

        def forge(said: Json) -> Json:
            head, payload, _ = said["statement"].split(".")
            return {**said, "statement": f"{head}.{payload}.{'A' * 86}"}

        proxy.lie(CLAIM, told(forge))
        with pytest.raises(Invalid, match="jose/signature"):
            await scene.resident.claim(exchange.address)


async def test_a_request_that_comes_before_the_digits_is_no_pairing_for_the_desk(pds: Running, proxy: Proxy) -> None:
    """The wallet cannot know what staff typed: the desk does, and shows nothing that was not paired by it."""
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        meeting = await scene.resident.claim(exchange.address)
        # What a server that skips the digits has: it pairs by itself, and nobody typed anything.
        from pds.counter import desk as counter

        await counter.compare(
            exchange._device_code,
            pds.parking.client_id,
            meeting.digits,
            now=pds.clock(),
            secret=pds.settings.secret,
        )
        await scene.resident.approve(await meeting.question(), DETAILS)
        with pytest.raises(Invalid, match="counter/unpaired"):
            await exchange.collect()
        grants = await scene.resident.grants()
        assert [grant.last_read for grant in grants.grants] == [None], "and nobody has read it"


async def test_digits_that_the_server_calls_wrong_or_right_at_will(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        meeting = await scene.resident.claim(exchange.address)
        proxy.lie(DIGITS, members(paired="yes"))
        assert not await exchange.digits(meeting.digits), "only true is true"
        with pytest.raises(Invalid, match="counter/unpaired"):
            await exchange.collect()


async def test_an_answer_to_an_older_request_of_the_same_desk_is_not_taken(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        first = await scene.desk.begin("resident-permit")
        await scene.resident.approve(await (await pair(scene.resident, first)).question(), DETAILS)
        await first.collect()
        earlier = proxy.said(TOKEN)[-1]
        second = await scene.desk.begin("resident-permit")
        await pair(scene.resident, second)

        async def replay(_asked: Asked, _server: Server) -> Answer:
            return earlier

        proxy.lie(TOKEN, replay)
        with pytest.raises(Invalid, match="proof/request"):
            await second.collect()


async def test_a_subject_of_the_servers_own_cannot_answer_with_the_residents_record(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        await scene.resident.approve(await (await pair(scene.resident, exchange)).question(), DETAILS)

        def forge(said: Json) -> Json:
            key = jose.new_key()
            claims = jose.peek(said["subject_proof"]) | {"sub": jose.thumbprint(key)}
            forged = jose.sign(claims, jose.SUBJECT_PROOF, key, jwk=jose.public_jwk(key))
            return {**said, "subject_proof": forged}

        proxy.lie(TOKEN, told(forge))
        with pytest.raises(Invalid, match="subject/mismatch"):
            await exchange.collect()


async def test_an_answer_without_proof_of_the_residents_key_is_not_taken(pds: Running, proxy: Proxy) -> None:
    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        await scene.resident.approve(await (await pair(scene.resident, exchange)).question(), DETAILS)
        proxy.lie(TOKEN, told(lambda said: {name: value for name, value in said.items() if name != "subject_proof"}))
        with pytest.raises(Invalid, match="answer/members"):
            await exchange.collect()


@pytest.mark.parametrize(
    "change",
    [
        {"verification_uri_complete": "HTTPS://EVIL.EXAMPLE/Q/" + "0" * 26},
        {"verification_uri_complete": "javascript:alert(1)"},
        {"user_code": "<script>"},
        {"expires_in": "soon"},
    ],
    ids=["another server", "a script", "markup", "words"],
)
async def test_a_desk_shows_no_code_but_this_vaults(pds: Running, proxy: Proxy, change: Json) -> None:
    async with a_scene(pds) as scene:
        proxy.lie(BEGIN, members(**change))
        with pytest.raises(Invalid):
            await scene.desk.begin("resident-permit")


async def test_an_approval_whose_answer_is_lost_is_sent_again_and_is_one(pds: Running, proxy: Proxy) -> None:
    lost: list[str] = []

    async def lose(asked: Asked, server: Server) -> Answer | None:
        said = await server(asked)
        if not lost:
            lost.append(asked.path)
            return None
        return said

    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        question = await (await pair(scene.resident, exchange)).question()
        proxy.lie("POST /api/counters/*/approval", lose)
        await scene.resident.approve(question, DETAILS)
        sent = proxy.sent("POST /api/counters/*/approval")
        assert len(sent) == 2
        assert sent[0].body == sent[1].body
        assert (await exchange.collect()).disclosure.value("person.full_name") == NAME


async def test_digits_whose_answer_is_lost_do_not_keep_the_desk_from_going_on(pds: Running, proxy: Proxy) -> None:
    async def lose(asked: Asked, server: Server) -> Answer | None:
        said = await server(asked)
        return None if said.status == 200 else said  # before it, a nonce is asked for

    async with a_scene(pds) as scene:
        exchange = await scene.desk.begin("resident-permit")
        meeting = await scene.resident.claim(exchange.address)
        proxy.lie(DIGITS, lose)
        with pytest.raises(Exception, match="digits"):
            await exchange.digits(meeting.digits)
        proxy.repent()
        await scene.resident.approve(await meeting.question(), DETAILS)
        assert (await exchange.collect()).disclosure.value("person.full_name") == NAME


async def test_a_resident_who_pauses_everything_before_the_desk_has_read_is_heard(
    pds: Running, proxy: Proxy, tmp_path: Path
) -> None:
    paused = asyncio.Event()

    async def late(asked: Asked, server: Server) -> Answer:
        await paused.wait()
        return await server(asked)

    made = setup(
        jose.peek(pds.parking.statement),
        issuer=pds.issuer,
        origin="http://desk.localhost:8000",
        listen=("127.0.0.1", 8000),
        keys=pds.parking.keys,
        registrar_keys=pds.settings.registrar_keys,
        staff=tmp_path / "staff.json",
    )
    place = made.places[0]
    counter = open_counter(made, clock=pds.clock)
    async with a_vault(pds) as resident:
        task = await counter.begin(place.errands[0], place)
        question = await (await pair(resident, task.exchange)).question()
        proxy.lie(TOKEN, late)
        await resident.approve(question, DETAILS)
        await resident.control.pause()
        paused.set()
        async with asyncio.timeout(60):
            while not task.over:
                await task.beyond(task.version)
        assert task.state == "stopped", "staff read that sharing was stopped, and not one value"
        assert NAME not in str(task.snapshot())
    await counter.close()
