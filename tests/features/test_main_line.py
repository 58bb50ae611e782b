"""The main line over real HTTP: a resident shares, a service reads, the resident stops it."""

import asyncio

import pytest

from pds.sdk import Declined, Stopped
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, NAME, a_vault, query_of, resident_of, service_of, share, until


async def test_a_service_reads_exactly_what_was_shared(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        disclosure = await parking.read(grant)
        assert disclosure.value("person.full_name") == NAME
        assert disclosure.value("address.current") == ADDRESS
        assert disclosure.claims["contact.email"] == {"absent": "withheld"}
        assert disclosure.sub == grant.sub


async def test_two_services_know_one_resident_by_two_names(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as a, service_of(pds, pds.leisure) as b:
        first = await share(resident, a)
        asked = await b.sign_in()
        question = await resident.asked(await resident.follow(asked.url))
        back = await resident.approve(question)
        second = await b.finish(query_of(back), asked.pending)
        assert first.sub != second.sub


async def test_a_changed_address_reaches_the_next_read(pds: Running) -> None:
    moved = ADDRESS | {"lines": ["2 New Road"]}
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        assert (await parking.read(grant)).value("address.current") == ADDRESS
        told = await resident.change("address.current", moved)
        assert told == (grant.grant_id,)
        assert (await parking.read(grant)).value("address.current") == moved


async def test_a_stopped_grant_is_read_no_more(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await parking.read(grant)
        await resident.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)
        kinds = [entry["kind"] for entry in await resident.log(grant.grant_id)]
        assert kinds == ["approved", "collected", "read", "revoked"]


async def test_a_grant_ends_by_itself_at_its_date(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds, 90))
        await parking.read(grant)
        pds.clock.ahead += 92 * 86400
        await pds.publish_registry()
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_once_means_once(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        first = await parking.read(grant)
        again = await parking.read(grant)
        assert again.claims == first.claims, "the same key may ask again for 60 s: answers get lost"
        pds.clock.ahead += 61
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_a_new_approval_replaces_the_old_grant(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        old = await share(resident, parking, access=until(pds))
        new = await share(resident, parking, access=until(pds))
        assert old.sub == new.sub
        with pytest.raises(Stopped):
            await parking.read(old)
        assert (await parking.read(new)).value("person.full_name") == NAME


async def test_a_no_reaches_the_service_as_a_no(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        asked = await parking.ask("resident-permit", {"person.full_name": {"required": True}})
        question = await resident.asked(await resident.follow(asked.url))
        back = await resident.decline(question)
        with pytest.raises(Declined):
            await parking.finish(query_of(back), asked.pending)


async def test_a_resident_comes_back_with_nothing_but_the_recovery_code(pds: Running) -> None:
    async with resident_of(pds) as before, service_of(pds, pds.parking) as parking:
        code = await before.create()
        await before.confirm_recovery(code)
        grant = await share(before, parking, access=until(pds))
        async with resident_of(pds) as after:
            await after.login(code)
            assert after.details() == DETAILS
            await after.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_no_read_that_begins_after_revoke_has_answered_succeeds(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await parking.read(grant)
        warm, stopped = asyncio.Event(), asyncio.Event()
        served = 0

        async def reader(count: int) -> None:
            nonlocal served
            for _ in range(count):
                began_after = stopped.is_set()
                try:
                    await parking.read(grant)
                except Stopped:
                    continue
                assert not began_after, "a read that began after the stop was served"
                served += 1
                if served == 100:
                    warm.set()

        async def stopper() -> None:
            await warm.wait()
            await resident.revoke(grant.grant_id)
            stopped.set()

        await asyncio.gather(stopper(), *(reader(25) for _ in range(20)))
        assert 100 <= served < 500
