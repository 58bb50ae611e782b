"""What changes for a persona reaches the services that know it, and nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pds.core.preferences_item import Known, Persona
from pds.sdk import AnotherDevice
from tests.conftest import Clock, Running
from tests.people import DETAILS, a_vault, resident_of, service_of, share, until
from tests.sdk.knowing import (
    ADULT,
    AREA,
    EMAIL,
    OFFICE,
    POSTCODE,
    UPRN,
    WORK,
    a_library,
    being,
    known_by,
    share_with,
    told_to,
)

HOME = "address.current"
FAR = {"lines": ["2 Mill Yard"], "postcode": "ZZ2 2AB"}


async def test_a_personas_new_value_is_told_to_who_knows_it_and_ones_own_new_value_is_not(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, await a_library(pds)) as library,
        service_of(pds, pds.parking) as parking,
    ):
        await known_by(resident, library, {EMAIL: "s@work.example"})
        grant = await share_with(resident, library, EMAIL, "person.full_name", access=until(pds))
        own = await share(resident, parking, access=until(pds))
        before = await told_to(parking, own)
        await resident.control.prefer(being({EMAIL: "s@new.example"}))
        read = await library.read(grant)
        assert read.claims[EMAIL] == {
            "value": "s@new.example",
            "source": "self_asserted",
            "as_of": datetime.fromtimestamp(pds.clock(), UTC).date().isoformat(),
        }
        assert await told_to(parking, own) == before

        # What she lent it is her own: of that, and of that alone, it hears.
        await resident.change(EMAIL, "s@nowhere.example")
        await resident.change("person.full_name", "Siân Sampl")
        assert await told_to(library, grant) == {EMAIL: "s@new.example", "person.full_name": "Siân Sampl"}


async def test_an_answer_that_comes_from_a_personas_address_changes_with_it(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {HOME: OFFICE})
        grant = await share_with(resident, service, AREA, POSTCODE, access=until(pds))
        assert await told_to(service, grant) == {AREA: True, POSTCODE: "AN1 1AB"}
        await resident.control.prefer(being({HOME: FAR}))
        assert await told_to(service, grant) == {AREA: False, POSTCODE: "ZZ2 2AB"}
        # What the persona has no more, it does not borrow.
        await resident.control.prefer(being({}))
        assert await told_to(service, grant) == {AREA: "not_held", POSTCODE: "not_held"}


async def test_a_persona_turns_18_on_its_own_birthday(pds: Running, clock: Clock) -> None:
    birthday = datetime.fromtimestamp(clock(), UTC).date() + timedelta(days=10)
    born = f"{birthday.year - 18}-{birthday:%m}-{min(birthday.day, 28):02}"
    async with resident_of(pds) as resident, service_of(pds, await a_library(pds)) as service:
        code = await resident.create()
        await resident.confirm_recovery(code)
        await known_by(resident, service, {"person.date_of_birth": born})
        grant = await share_with(resident, service, ADULT, access=until(pds))
        assert await told_to(service, grant) == {ADULT: False}
        assert await resident.catch_up() == ()
        clock.ahead += 11 * 86400
        await pds.publish_registry()
        assert await told_to(service, grant) == {ADULT: False}
        await resident.login(code)
        assert await told_to(service, grant) == {ADULT: True}
        assert await resident.catch_up() == ()


async def test_what_a_persona_did_not_change_keeps_its_date(pds: Running, clock: Clock) -> None:
    async with resident_of(pds) as resident, service_of(pds, await a_library(pds)) as service:
        code = await resident.create()
        await resident.confirm_recovery(code)
        home = {"lines": ["1 Mill Yard"], "postcode": "AN1 1AB"}
        await known_by(resident, service, {HOME: home, UPRN: "10099999999"})
        grant = await share_with(resident, service, UPRN, POSTCODE, access=until(pds))
        before = (await service.read(grant)).claims
        clock.ahead += 2 * 86400
        await pds.publish_registry()
        await resident.login(code)
        await resident.control.prefer(being({HOME: FAR, UPRN: "10099999999"}))
        after = (await service.read(grant)).claims
        assert after[UPRN] == before[UPRN]
        assert after[POSTCODE]["value"] == "ZZ2 2AB"
        assert after[POSTCODE]["as_of"] > before[POSTCODE]["as_of"]


async def test_who_was_told_that_there_is_no_address_is_told_nothing_else_once_it_is_protected(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {"address.no_fixed_address": True})
        grant = await share_with(resident, service, HOME, access=until(pds))
        assert await told_to(service, grant) == {HOME: "not_applicable"}
        await resident.control.protect_address({grant.grant_id: "keep"})
        await resident.control.prefer(being({HOME: FAR, EMAIL: "s@new.example"}))
        assert await told_to(service, grant) == {HOME: "not_applicable"}


async def test_what_is_offered_to_a_persona_is_kept_with_it_and_is_never_ones_own(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, await a_library(pds)) as library,
        service_of(pds, pds.parking) as parking,
    ):
        await known_by(resident, library, {EMAIL: "s@work.example"})
        await resident.change(EMAIL, "s@home.example")
        grant = await share_with(resident, library, EMAIL, access=until(pds))
        own = await share(resident, parking, access=until(pds))
        before = await told_to(parking, own)
        await library.offer(grant, {EMAIL: "s@typed.example"})
        (offered,) = await resident.inbox()
        assert offered.persona == WORK
        await resident.answer(offered, [EMAIL])
        assert resident.control.preferences.personas[WORK].values[EMAIL] == "s@typed.example"
        assert await told_to(library, grant) == {EMAIL: "s@typed.example"}
        assert await told_to(parking, own) == before
        assert resident.details()[EMAIL] == "s@home.example"
        assert await resident.inbox() == []

        # What is offered to herself is hers.
        await parking.offer(own, {EMAIL: "s@parking.example"})
        (offered,) = await resident.inbox()
        assert offered.persona == ""
        await resident.answer(offered, [EMAIL])
        assert resident.control.preferences.personas[WORK].values[EMAIL] == "s@typed.example"
        assert resident.details()[EMAIL] == "s@parking.example"


async def test_what_is_offered_to_a_persona_that_is_no_more_is_offered_anew_before_it_becomes_ones_own(
    pds: Running,
) -> None:
    async with (
        resident_of(pds) as phone,
        resident_of(pds) as laptop,
        service_of(pds, await a_library(pds)) as library,
        service_of(pds, pds.parking) as parking,
    ):
        code = await phone.create()
        await phone.confirm_recovery(code)
        await known_by(phone, library, {EMAIL: "s@work.example"})
        await phone.change(EMAIL, "s@home.example")
        grant = await share_with(phone, library, EMAIL, access=until(pds))
        own = await share(phone, parking, values=DETAILS | {EMAIL: "s@home.example"}, access=until(pds))
        before = await told_to(parking, own)
        await library.offer(grant, {EMAIL: "s@typed.example"})
        (offered,) = await phone.inbox()
        assert offered.persona == WORK
        await laptop.login(code)
        await laptop.control.know_as(library.client_id, "")
        await laptop.control.prefer(lambda now: replace(now, personas={}))
        for _ in ("as it is sent", "when the vault is fetched already"):
            with pytest.raises(AnotherDevice) as another:
                await phone.answer(offered, [EMAIL])
            assert another.value.attributes == {EMAIL}
        assert phone.details()[EMAIL] == "s@home.example"
        assert await told_to(parking, own) == before
        assert before[EMAIL] == "s@home.example"

        # It is offered to herself now: that is what she keeps.
        (anew,) = await phone.inbox()
        assert anew.persona == ""
        await phone.answer(anew, [EMAIL])
        assert phone.details()[EMAIL] == "s@typed.example"
        assert (await told_to(parking, own))[EMAIL] == "s@typed.example"


async def test_a_protected_address_that_a_persona_changes_is_told_to_nobody(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {HOME: OFFICE, EMAIL: "s@work.example"})
        grant = await share_with(resident, service, POSTCODE, HOME, EMAIL, access=until(pds))
        before = await told_to(service, grant)
        assert set(resident.control.exposed()[grant.grant_id]) == {POSTCODE, HOME}
        await resident.control.protect_address({grant.grant_id: "keep"})
        await resident.control.prefer(being({HOME: FAR, EMAIL: "s@new.example"}))
        assert await told_to(service, grant) == {**before, EMAIL: "s@new.example"}


async def test_what_was_given_once_and_what_is_over_is_told_of_nothing(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {EMAIL: "s@work.example"})
        once = await share_with(resident, service, EMAIL)
        await resident.control.prefer(being({EMAIL: "s@new.example"}))
        assert await told_to(service, once) == {EMAIL: "s@work.example"}
        standing = await share_with(resident, service, EMAIL, access=until(pds))
        await resident.revoke(standing.grant_id)
        await resident.control.prefer(being({EMAIL: "s@newest.example"}))
        assert [entry["kind"] for entry in await resident.log(standing.grant_id)].count("published") == 0


async def test_two_devices_change_a_persona_and_its_service_is_told_of_both(pds: Running) -> None:
    async with (
        resident_of(pds) as phone,
        resident_of(pds) as laptop,
        service_of(pds, await a_library(pds)) as service,
    ):
        code = await phone.create()
        await phone.confirm_recovery(code)
        first = {EMAIL: "s@work.example", "person.full_name": "S. Example"}
        await known_by(phone, service, first)
        grant = await share_with(phone, service, EMAIL, "person.full_name", access=until(pds))
        await laptop.login(code)
        await laptop.control.prefer(being({**first, EMAIL: "s@new.example"}))
        await phone.control.prefer(being({**first, "person.full_name": "Sam Example"}))
        assert await told_to(service, grant) == {EMAIL: "s@new.example", "person.full_name": "Sam Example"}


async def test_two_personas_change_apart(pds: Running) -> None:
    other = "b3RoZXItb3RoZXItb3RoZQ"
    async with (
        a_vault(pds) as resident,
        service_of(pds, await a_library(pds)) as library,
        service_of(pds, pds.parking) as parking,
    ):
        await known_by(resident, library, {EMAIL: "s@work.example"})
        await resident.control.prefer(
            lambda now: replace(
                now,
                personas={**now.personas, other: Persona("Club", {"person.full_name": "S. Club"})},
                services={**now.services, parking.client_id: Known(persona=other)},
            )
        )
        at_work = await share_with(resident, library, EMAIL, access=until(pds))
        at_club = await share(resident, parking, values=dict.fromkeys(DETAILS), access=until(pds))
        before = await told_to(parking, at_club)
        assert before["person.full_name"] == "S. Club"
        await resident.control.prefer(being({EMAIL: "s@new.example"}))
        assert await told_to(library, at_work) == {EMAIL: "s@new.example"}
        assert await told_to(parking, at_club) == before
        assert (await parking.read(at_club)).revision == 1
