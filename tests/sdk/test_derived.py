"""Answers that are worked out: a service gets the answer, never what it comes from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pds.core.encoding import Json
from pds.core.preferences_item import Preferences
from pds.demo import registration
from pds.sdk import Grant, Resident, Service
from tests.conftest import Clock, Registered, Running
from tests.people import a_vault, query_of, resident_of, service_of, until

ZONE = [f"AN{district} {unit}AB" for district in range(1, 11) for unit in range(1, 6)]
HOME: Json = {"lines": ["10 Example Street"], "town": "Anytown", "postcode": "AN1 2AB"}
AWAY: Json = {"lines": ["1 Far Road"], "town": "Elsewhere", "postcode": "ZZ1 2AB"}
AGE, AREA, COUNCIL = "person.age_over_18", "address.lives_in_area", "address.local_authority"


async def _library(pds: Running) -> Registered:
    """A service that may ask for answers alone."""
    described = registration.leisure("http://library.localhost:18999")
    asked = {id: {"required": False, "why": {"en": "-", "cy": "-"}} for id in (AGE, AREA, COUNCIL, "address.current")}
    zone = {"name": {"en": "Town", "cy": "Y dref"}, "postcodes": ZONE}
    purpose = {**described["purposes"][0], "id": "join", "attributes": asked, "access": ["once", "until"]}
    purpose |= {"longest_days": 400, "zones": {"town": zone, "E07999999": zone}}
    return await pds.register({**described, "purposes": [purpose]})


async def _share(resident: Resident, service: Service, attributes: dict[str, Json], access: Any = "once") -> Grant:
    asked = await service.ask("join", attributes, access)
    question = await resident.asked(await resident.follow(asked.url))
    return await service.finish(query_of(await resident.approve(question, list(attributes))), asked.pending)


async def _claims(service: Service, grant: Grant) -> dict[str, Json]:
    return dict((await service.read(grant)).claims)


async def test_a_service_gets_the_answer_and_not_what_it_comes_from(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await _library(pds)) as service:
        await resident.change("person.date_of_birth", "1985-03-31")
        await resident.change("address.current", HOME)
        claims = await _claims(service, await _share(resident, service, {AGE: {}, AREA: {"zone": "town"}, COUNCIL: {}}))
        assert {id: (claim["value"], claim["source"]) for id, claim in claims.items()} == {
            AGE: (True, "derived"),
            AREA: (True, "derived"),
            COUNCIL: ("E07999999", "derived"),
        }
        assert "1985" not in str(claims)
        assert "Example Street" not in str(claims)


async def test_an_answer_changes_with_what_it_comes_from(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await _library(pds)) as service:
        await resident.change("address.current", HOME)
        grant = await _share(resident, service, {AREA: {"zone": "town"}}, until(pds))
        assert (await _claims(service, grant))[AREA]["value"] is True
        assert await resident.change("address.current", AWAY) == (grant.grant_id,)
        assert (await _claims(service, grant))[AREA]["value"] is False


async def test_who_turns_18_is_told_as_18_once_the_vault_was_open_that_day(pds: Running, clock: Clock) -> None:
    birthday = datetime.fromtimestamp(clock(), UTC).date() + timedelta(days=10)
    async with resident_of(pds) as resident, service_of(pds, await _library(pds)) as service:
        code = await resident.create()
        await resident.confirm_recovery(code)
        await resident.change("person.date_of_birth", f"{birthday.year - 18}-{birthday:%m}-{min(birthday.day, 28):02}")
        grant = await _share(resident, service, {AGE: {}}, until(pds))
        assert (await _claims(service, grant))[AGE]["value"] is False
        assert await resident.catch_up() == ()
        clock.ahead += 11 * 86400
        await pds.publish_registry()
        assert (await _claims(service, grant))[AGE]["value"] is False
        await resident.login(code)
        assert (await _claims(service, grant))[AGE]["value"] is True
        assert await resident.catch_up() == ()


async def test_no_fixed_address_is_an_answer(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await _library(pds)) as service:
        await resident.change("address.no_fixed_address", True)
        grant = await _share(resident, service, {AREA: {"zone": "town"}, "address.current": {}}, until(pds))
        gone = {"absent": "not_applicable"}
        assert await _claims(service, grant) == {AREA: gone, "address.current": gone}
        await resident.change("address.current", HOME)
        assert (await _claims(service, grant))[AREA]["value"] is True


async def test_what_a_protected_service_was_told_is_never_worked_out_anew(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, await _library(pds)) as service:
        await resident.change("address.current", HOME)
        grant = await _share(resident, service, {AREA: {"zone": "town"}}, until(pds))
        assert resident.control.preferences == Preferences()
        await resident.control.protect_address({grant.grant_id: "keep"})
        assert await resident.change("address.current", AWAY) == ()
        assert (await _claims(service, grant))[AREA]["value"] is True
        assert await resident.catch_up() == ()
