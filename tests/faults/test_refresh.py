"""A refresh token is not rotated: it is used by many machines of a service at once, and by none once it has ended."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from pds.core.encoding import Json
from pds.sdk import Resident
from tests.conftest import Running
from tests.faults.conftest import looking_into
from tests.faults.deployment import Deployment
from tests.faults.invariants import broken
from tests.faults.racing import Rounds, at_once
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import DETAILS, a_vault, until

MACHINES = 50
WRONG = 10


@asynccontextmanager
async def a_service(pds: Running) -> AsyncIterator[tuple[Client, Resident]]:
    """A service, and a resident with a vault."""
    async with a_vault(pds) as resident, aiohttp.ClientSession() as session:
        yield Client(pds, pds.parking, session), resident


async def granted(client: Client, resident: Resident) -> Json:
    """The tokens of a new standing grant; the one before is replaced."""
    details = client.details(access=until(client.pds))
    _, pushed = await client.push(client.request(authorization_details=details))
    question = await resident.asked(await resident.follow(client.url(pushed)))
    code = code_of(await resident.approve(question, {"person.full_name": DETAILS["person.full_name"]}))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.service.redirect_uri}
    status, tokens = await client.token(form | {"code_verifier": VERIFIER})
    assert status == 200, tokens
    return tokens


def form(tokens: Json, **more: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **more}


async def test_50_machines_refresh_at_once_and_each_gets_a_token_of_its_own(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with a_service(pds) as (client, resident):
        tokens = await granted(client, resident)

        async def refresh(session: aiohttp.ClientSession) -> tuple[int, Json]:
            return await Client(pds, pds.parking, session).token(form(tokens))  # a key of its own, too

        for _ in rounds(2):
            answers = await at_once(MACHINES, refresh)
            assert Counter(status for status, _ in answers) == {200: MACHINES}, answers
            assert len({answer["access_token"] for _, answer in answers}) == MACHINES
            assert not any("refresh_token" in answer for _, answer in answers)


async def test_an_assertion_or_proof_that_was_used_refreshes_nothing(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with a_service(pds) as (client, resident):
        tokens = await granted(client, resident)
        for _ in rounds(3):
            assertion, proof = client.assertion(), client.proof("/oauth/token")

            async def same_assertion(session: aiohttp.ClientSession, assertion: str = assertion) -> int:
                each = Client(pds, pds.parking, session, client.dpop_key)
                return (await each.token(form(tokens, client_assertion=assertion)))[0]

            async def same_proof(session: aiohttp.ClientSession, proof: str = proof) -> int:
                each = Client(pds, pds.parking, session, client.dpop_key)
                return (await each.token(form(tokens), proof=proof))[0]

            # One of those that come at once, and none of those that come later.
            assert Counter(await at_once(WRONG, same_assertion)) == {200: 1, 401: WRONG - 1}
            assert Counter(await at_once(WRONG, same_assertion)) == {401: WRONG}
            assert Counter(await at_once(WRONG, same_proof)) == {200: 1, 400: WRONG - 1}
            assert Counter(await at_once(WRONG, same_proof)) == {400: WRONG}


async def test_no_refresh_that_begins_after_the_stop_succeeds(two: tuple[Running, Deployment], rounds: Rounds) -> None:
    pds, _ = two
    for some in rounds.batches(2):
        async with a_service(pds) as (client, resident), looking_into(pds):
            for _ in some:
                tokens = await granted(client, resident)
                stopped = asyncio.Event()

                async def refresh(
                    session: aiohttp.ClientSession, tokens: Json = tokens, stopped: asyncio.Event = stopped
                ) -> tuple[bool, int, Json]:
                    began_after = stopped.is_set()
                    return began_after, *await Client(pds, pds.parking, session).token(form(tokens))

                refreshing = asyncio.ensure_future(at_once(MACHINES, refresh))
                await resident.revoke(tokens["grant_id"])
                stopped.set()
                during = await refreshing
                after = await at_once(MACHINES, refresh)
                assert all(began_after for began_after, _, _ in after)
                assert {(status, answer["error"]) for _, status, answer in after} == {(400, "invalid_grant")}
                # What was refreshed in time ended with the grant.
                for _, status, answer in during:
                    assert status == 200 or (status, answer["error"]) == (400, "invalid_grant")
                    if status == 200:
                        assert await active(client, answer["access_token"]) is False
            assert await broken(pds.issuer) == []


async def active(client: Client, token: str) -> bool:
    _, answer = await client.post("/oauth/introspect", {"token": token})
    return bool(answer["active"])
