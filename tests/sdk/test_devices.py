"""One vault on two devices: nothing is lost, and what only a person can settle is asked."""

import asyncio

import pytest

from pds.sdk import AnotherDevice, Resident
from tests.conftest import Running
from tests.people import NAME, resident_of, service_of, share, until


async def a_second_device(pds: Running, code: str) -> Resident:
    device = resident_of(pds)
    await device.login(code)
    return device


async def test_two_devices_that_change_different_things_both_win(pds: Running) -> None:
    async with resident_of(pds) as first:
        second = await a_second_device(pds, await first.create())
        async with second:
            await first.change("person.full_name", NAME)
            await second.change("contact.email", "sian@example.org")
            await first.change("contact.mobile", "07700 900123")
            await first.open()
            await second.open()
            assert first.details() == second.details()
            assert set(first.details()) == {"person.full_name", "contact.email", "contact.mobile"}


async def test_two_devices_that_change_the_same_thing_ask_their_resident(pds: Running) -> None:
    async with resident_of(pds) as first:
        second = await a_second_device(pds, await first.create())
        async with second:
            await first.change("person.full_name", NAME)
            with pytest.raises(AnotherDevice) as caught:
                await second.change("person.full_name", "Another Name")
            assert caught.value.attributes == {"person.full_name"}
            assert second.details() == {"person.full_name": NAME}
            await second.change("person.full_name", "Another Name")


async def test_two_devices_that_act_at_once_lose_nothing(pds: Running) -> None:
    async with resident_of(pds) as first, service_of(pds, pds.parking) as service:
        code = await first.create()
        await first.confirm_recovery(code)
        grant = await share(first, service, access=until(pds))
        async with await a_second_device(pds, code) as second:
            await asyncio.gather(
                first.change("address.current", {"lines": ["1 New Street"]}),
                second.change("vehicle.registration", "XY12 ABC"),
            )
            read = await service.read(grant)
            assert read.value("address.current") == {"lines": ["1 New Street"]}
            assert read.value("vehicle.registration") == "XY12ABC"
            assert read.revision == 3


async def test_one_vault_has_one_subject_at_a_service_from_every_device(pds: Running) -> None:
    async with resident_of(pds) as first, service_of(pds, pds.parking) as service:
        code = await first.create()
        async with await a_second_device(pds, code) as second:
            one = await share(first, service)
            other = await share(second, service)
            assert one.sub == other.sub
