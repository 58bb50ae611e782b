"""Whom a service knows by a persona: it is told what that persona is, and never what its resident is."""

from dataclasses import replace

import pytest

from pds.core.encoding import Json
from pds.core.preferences_item import Known, Persona
from pds.sdk import KeptBack, Resident, SdkError, Service, Stopped
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, NAME, a_vault, query_of, resident_of, service_of, share, until
from tests.sdk.knowing import (
    ADULT,
    AREA,
    EMAIL,
    HER_OWN,
    OFFICE,
    POSTCODE,
    UPRN,
    WORK,
    a_library,
    known_by,
    share_with,
    told_to,
)


async def test_an_answer_comes_from_the_personas_own_address_and_date_of_birth(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {"person.date_of_birth": "2020-01-31", "address.current": OFFICE})
        claims = (await service.read(await share_with(resident, service, ADULT, AREA, POSTCODE))).claims
        assert {id: (claim["value"], claim["source"]) for id, claim in claims.items()} == {
            ADULT: (False, "derived"),
            AREA: (True, "derived"),
            POSTCODE: ("AN1 1AB", "derived"),
        }


async def test_where_the_personas_own_address_says_nothing_the_residents_own_does_not_either(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {"address.current": {"lines": ["1 Mill Yard"]}})
        told = await told_to(service, await share_with(resident, service, AREA, POSTCODE, UPRN))
        assert told == dict.fromkeys((AREA, POSTCODE, UPRN), "not_held")


async def test_a_persona_without_a_fixed_address_says_so(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {"address.no_fixed_address": True})
        told = await told_to(service, await share_with(resident, service, AREA, "address.current"))
        assert told == dict.fromkeys((AREA, "address.current"), "not_applicable")


async def test_nobody_lends_a_persona_their_own_details_but_by_saying_so(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {EMAIL: "s@work.example"})
        asked = ("person.full_name", EMAIL, ADULT, "address.current")
        told = await told_to(service, await share_with(resident, service, *asked, lend=False))
        assert told.pop(EMAIL) == "s@work.example"
        assert set(told.values()) == {"withheld"}
        told = await told_to(service, await share_with(resident, service, *asked))
        assert told == {EMAIL: "s@work.example", ADULT: True, **{id: HER_OWN[id] for id in (asked[0], asked[3])}}


async def test_a_personas_address_is_as_protected_as_ones_own(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await a_library(pds)) as service:
        await known_by(resident, service, {"address.current": OFFICE, "person.full_name": "Works at 1 Mill Yard"})
        await share_with(resident, service, "person.full_name")
        await resident.control.prefer(lambda now: replace(now, address_protection=True))
        for attribute in (POSTCODE, "address.current", "person.full_name"):
            with pytest.raises(KeptBack, match="address-protection"):
                await share_with(resident, service, attribute)


async def test_another_persona_for_a_service_ends_what_it_saw_and_is_somebody_else_to_it(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        persona = Persona("Work", {"person.full_name": "S. Example", "address.current": ADDRESS})
        await resident.control.prefer(lambda now: replace(now, personas={WORK: persona}))
        before = await share(resident, service, access=until(pds))
        sign_in = await service.sign_in()
        question = await resident.asked(await resident.follow(sign_in.url))
        known = await service.finish(query_of(await resident.approve(question)), sign_in.pending)
        assert known.sub == before.sub
        assert (await service.read(before)).claims["person.full_name"]["value"] == NAME

        await resident.control.know_as(service.client_id, WORK)
        with pytest.raises(Stopped):
            await service.read(before)
        listing = await resident.grants()
        assert listing.differences == ()
        assert resident.control.preferences.services[service.client_id].persona == WORK

        after = await share(resident, service, values=dict.fromkeys(DETAILS), access=until(pds))
        assert after.sub != before.sub
        assert after.deposit_jwk != before.deposit_jwk
        assert (await service.read(after)).claims["person.full_name"]["value"] == "S. Example"
        # Back again: it is the one that this service knew, and never the other.
        await resident.control.know_as(service.client_id, "")
        again = await share(resident, service, access=until(pds))
        assert again.sub == before.sub


async def test_what_another_device_shared_meanwhile_ends_too_before_the_service_is_to_know_another_persona(
    pds: Running,
) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as laptop, service_of(pds, pds.parking) as service:
        code = await phone.create()
        await phone.confirm_recovery(code)
        await phone.control.prefer(lambda now: replace(now, personas={WORK: Persona("Work", {})}))
        permit = await share(phone, service, access=until(pds))
        await laptop.login(code)
        asked = await service.sign_in()
        await laptop.approve(await laptop.asked(await laptop.follow(asked.url)))
        assert len((await laptop.grants()).grants) == 2
        # The phone has not heard of the second one.
        await phone.control.know_as(service.client_id, WORK)
        await laptop.open()
        for device in (phone, laptop):
            assert device.control.preferences.services[service.client_id].persona == WORK
            assert (await device.grants()).grants == ()
        with pytest.raises(Stopped):
            await service.read(permit)


async def test_a_persona_that_another_device_took_away_is_known_to_nobody_and_nothing_ends(pds: Running) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as laptop, service_of(pds, pds.parking) as service:
        code = await phone.create()
        await phone.confirm_recovery(code)
        await phone.control.prefer(lambda now: replace(now, personas={WORK: Persona("Work", {})}))
        permit = await share(phone, service, access=until(pds))
        await laptop.login(code)
        await laptop.control.prefer(lambda now: replace(now, personas={}))
        with pytest.raises(SdkError, match="no such persona"):
            await phone.control.know_as(service.client_id, WORK)
        assert phone.control.preferences.services == {}
        assert (await service.read(permit)).claims["person.full_name"]["value"] == NAME


async def test_what_ended_by_itself_is_not_said_to_be_stopped_by_its_resident(pds: Running) -> None:
    async with resident_of(pds) as resident, service_of(pds, pds.parking) as service:
        code = await resident.create()
        await resident.control.prefer(lambda now: replace(now, personas={WORK: Persona("Work", {})}))
        permit = await share(resident, service)
        pds.clock.ahead = 3 * 86400
        await resident.login(code)
        await resident.control.know_as(service.client_id, WORK)
        assert (await resident.grants()).grants == ()
        log = await resident.log(permit.grant_id)
        assert "revoked" not in [entry["kind"] for entry in log]
        assert resident.control.preferences.services[service.client_id].persona == WORK


async def test_another_persona_ends_nothing_at_any_other_service(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        wishes: dict[str, Json] = {"person.full_name": {"required": True}}
        await resident.control.prefer(lambda now: replace(now, personas={WORK: Persona("Work", {})}))
        await share(resident, parking, access=until(pds))
        card = await share(
            resident, leisure, purpose="leisure-card", attributes=wishes, values={"person.full_name": NAME}
        )
        await resident.control.know_as(parking.client_id, WORK)
        assert (await leisure.read(card)).claims["person.full_name"]["value"] == NAME
        assert leisure.client_id not in resident.control.preferences.services


async def test_what_was_agreed_as_oneself_is_not_agreed_for_a_persona(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        persona = Persona("Work", {id: DETAILS[id] for id in DETAILS})
        known = Known(trust="trusted", persona="")
        await resident.control.prefer(
            lambda now: replace(now, personas={WORK: persona}, services={service.client_id: known})
        )
        await share(resident, service)
        assert await _why(resident, service) == {"agreed"}
        await resident.control.know_as(service.client_id, WORK)
        assert await _why(resident, service) == {"new"}
        await share(resident, service, values=dict.fromkeys(DETAILS))
        assert await _why(resident, service) == {"agreed"}


async def _why(resident: Resident, service: Service) -> set[str]:
    """Which rules speak of what this service is given each time."""
    asked = await service.ask("resident-permit", {id: {"required": True} for id in DETAILS}, "once")
    question = await resident.asked(await resident.follow(asked.url))
    return {decision.because for decision in resident.control.propose(question).attributes.values()}
