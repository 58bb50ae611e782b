"""A vault keeps what it was told by a service once, so that it opens quickly after many answers."""

from pds.sdk import Resident
from tests.conftest import Running
from tests.people import a_vault, resident_of, service_of, share, until


def _kinds(resident: Resident) -> list[str]:
    return sorted(ref.kind for ref in resident._device.opened.manifest.items.values())


async def test_many_answers_to_one_service_keep_its_statement_once_and_another_device_reads_them_all(
    pds: Running,
) -> None:
    async with (
        resident_of(pds) as phone,
        resident_of(pds) as laptop,
        service_of(pds, pds.parking) as service,
        service_of(pds, pds.leisure) as other,
    ):
        code = await phone.create()
        await phone.confirm_recovery(code)
        before = await share(phone, service, access=until(pds))
        await share(phone, service)
        wishes = {"person.full_name": {"required": True}}
        await share(phone, other, attributes=wishes, values={"person.full_name": None}, purpose="leisure-card")
        assert _kinds(phone).count("statement") == 2
        assert _kinds(phone).count("grant") == 3
        await laptop.login(code)
        assert laptop._device.opened.items == phone._device.opened.items
        assert len((await laptop.grants()).grants) >= 1
        assert before.grant_id in laptop._device.opened.items


async def test_a_grant_takes_a_quarter_of_the_room_that_it_took_with_its_statement(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        first = await _weight(resident)
        await share(resident, service)
        second = await _weight(resident)
        await share(resident, service)
        third = await _weight(resident)
        # The first answer brings a relationship and the statement; every later one only itself.
        assert third - second < second - first
        assert third - second < 6000


async def _weight(resident: Resident) -> int:
    """Characters of all sealed items, as the server gives them."""
    given = await resident._api.get("/api/vault")
    return sum(len(item["sealed"]) for item in given["items"])
