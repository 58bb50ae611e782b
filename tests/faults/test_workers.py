"""Two workers on one database: what one knows the other knows, and one may die."""

import asyncio
import os
import signal
from pathlib import Path

import aiohttp
import pytest
from joserfc.jwk import ECKey

from pds import rotate
from pds.core import jose
from pds.sdk import Paused, Resident, SdkError, Service, Stopped
from tests.conftest import Running
from tests.faults.deployment import Deployment
from tests.faults.racing import Rounds, at_once
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import a_vault, resident_of, service_of, share, until


async def test_a_story_runs_over_several_workers(two: tuple[Running, Deployment], pytestconfig: pytest.Config) -> None:
    pds, deployment = two
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        for _ in range(10):
            async with service_of(pds, pds.parking) as again:
                assert (await again.read(grant)).sub == grant.sub
        await resident.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)
    assert len(deployment.workers()) == pytestconfig.getoption("--workers")


async def test_a_dead_worker_is_replaced_and_nobody_is_signed_out(two: tuple[Running, Deployment]) -> None:
    pds, deployment = two
    async with a_vault(pds) as resident:
        first = deployment.workers()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        await deployment.hears("replaced", len(first))
        await deployment.hears("serves", 2 * len(first))
        assert set(deployment.workers()).isdisjoint(first)
        await resident.open()


async def test_both_workers_take_a_new_signing_key_and_refuse_nobody(
    two: tuple[Running, Deployment], tmp_path: Path
) -> None:
    pds, deployment = two
    file, workers = tmp_path / "signing.json", deployment.workers()

    async def kids(session: aiohttp.ClientSession) -> int:
        async with session.get(f"{pds.issuer}/oauth/jwks") as answer:
            return len((await answer.json())["keys"]) if answer.status == 200 else -answer.status

    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        client = Client(pds, pds.leisure, session)
        _, before = await client.token(await _approved(client, resident))
        rotate.server_keys(file, leaked=False, now=pds.clock())
        assert set(await at_once(30, kids)) == {2}, "each worker has the key before it signs"
        _, between = await client.token(await _approved(client, resident))
        rotate.server_keys(file, leaked=True, now=pds.clock())
        assert set(await at_once(30, kids)) == {1}
        _, after = await client.token(await _approved(client, resident))
    signers = [jose.read_header(answer["id_token"], jose.ISSUED)["kid"] for answer in (before, between, after)]
    assert signers[0] == signers[1] != signers[2]
    assert deployment.workers() == workers, "and none was started anew"


async def test_a_stop_is_clean(two: tuple[Running, Deployment]) -> None:
    _, deployment = two
    assert await deployment.stop() == 0


async def _approved(client: Client, resident: Resident) -> dict[str, str]:
    """A sign-in up to its code: the form that redeems it."""
    _, pushed = await client.push(client.request())
    question = await resident.asked(await resident.follow(client.url(pushed)))
    return {
        "grant_type": "authorization_code",
        "code": code_of(await resident.approve(question)),
        "redirect_uri": client.service.redirect_uri,
        "code_verifier": VERIFIER,
    }


async def test_an_assertion_used_50_times_at_once_is_taken_exactly_once(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with aiohttp.ClientSession() as own:
        client = Client(pds, pds.parking, own)
        for _ in rounds(1):
            assertion = client.assertion()

            async def act(session: aiohttp.ClientSession, assertion: str = assertion) -> int:
                status, _ = await Client(pds, pds.parking, session).push(client_assertion=assertion)
                return status

            assert sorted(await at_once(50, act)) == [201] + [401] * 49


async def test_a_code_used_50_times_at_once_is_taken_exactly_once(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for some in rounds.batches(1):
        async with a_vault(pds) as resident, aiohttp.ClientSession() as own:
            client = Client(pds, pds.parking, own)
            for _ in some:
                form = await _approved(client, resident)

                async def act(
                    session: aiohttp.ClientSession, key: ECKey = client.dpop_key, form: dict[str, str] = form
                ) -> int:
                    status, _ = await Client(pds, pds.parking, session, key).token(form)
                    return status

                assert sorted(await at_once(50, act)) == [200] + [400] * 49


async def test_a_proof_used_50_times_at_once_is_taken_exactly_once(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for some in rounds.batches(1):
        async with a_vault(pds) as resident, aiohttp.ClientSession() as own:
            client = Client(pds, pds.parking, own)
            for _ in some:
                _, answer = await client.token(await _approved(client, resident))
                token = answer["access_token"]
                proof = client.proof("/oauth/userinfo", method="GET", token=token)
                headers = {"Authorization": f"DPoP {token}", "DPoP": proof}

                async def act(session: aiohttp.ClientSession, headers: dict[str, str] = headers) -> int:
                    async with session.get(f"{pds.issuer}/oauth/userinfo", headers=headers) as response:
                        return response.status

                assert sorted(await at_once(50, act)) == [200] + [401] * 49


async def test_a_request_uri_opened_by_50_browsers_at_once_is_one_browsers(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    async with aiohttp.ClientSession() as own:
        client = Client(pds, pds.parking, own)
        for _ in rounds(1):
            _, pushed = await client.push()

            async def act(session: aiohttp.ClientSession, url: str = client.url(pushed)) -> int:
                async with session.get(url, allow_redirects=False) as response:
                    return response.status

            assert sorted(await at_once(50, act)) == [303] + [400] * 49


async def test_two_wallets_that_stop_the_same_grant_at_once_both_succeed_and_it_ends_once(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for some in rounds.batches(1):
        async with resident_of(pds) as here, resident_of(pds) as there, service_of(pds, pds.parking) as parking:
            code = await here.create()
            await here.confirm_recovery(code)
            await there.login(code)
            for _ in some:
                grant = await share(here, parking, access=until(pds))
                await there.open()
                results = await asyncio.gather(
                    here.revoke(grant.grant_id), there.revoke(grant.grant_id), return_exceptions=True
                )
                assert any(result is None for result in results)
                await here.open()
                kinds = [entry["kind"] for entry in await here.log(grant.grant_id)]
                assert kinds.count("revoked") == 1


async def test_no_read_over_several_workers_that_begins_after_the_stop_is_served(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for _ in rounds(1):
        await _read_around_a_stop(pds, "stop", Stopped)


async def test_no_read_over_several_workers_that_begins_after_the_pause_is_served(
    two: tuple[Running, Deployment], rounds: Rounds
) -> None:
    pds, _ = two
    for _ in rounds(1):
        await _read_around_a_stop(pds, "pause", Paused)


async def _read_around_a_stop(pds: Running, act: str, refusal: type[SdkError]) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await parking.read(grant)
        warm, stopped = asyncio.Event(), asyncio.Event()
        served = refused = 0

        async def reader(service: Service) -> None:
            nonlocal served, refused
            for _ in range(100):
                began_after = stopped.is_set()
                try:
                    await service.read(grant)
                except refusal:
                    refused += 1
                    continue
                assert not began_after, f"a read that began after the {act} was served"
                served += 1
                if served == 500:
                    warm.set()

        async def stopper() -> None:
            await warm.wait()
            await (resident.control.pause() if act == "pause" else resident.revoke(grant.grant_id))
            stopped.set()

        services = [service_of(pds, pds.parking) for _ in range(20)]
        try:
            await asyncio.gather(stopper(), *(reader(service) for service in services))
        finally:
            for service in services:
                await service.close()
        assert served >= 500
        assert served + refused == 2000
        if act == "pause":
            await resident.control.resume()
            await parking.read(grant)
        await resident.log(grant.grant_id)
