"""A service that may ask for a persona's details and for what is worked out from them, and whom it knows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pds.core.encoding import Json
from pds.core.preferences_item import Known, Persona, Preferences
from pds.demo import registration
from pds.sdk import Grant, Resident, Service
from tests.conftest import Registered, Running
from tests.people import NAME, query_of

WORK = "d29yay13b3JrLXdvcmstdw"
OFFICE: Json = {"lines": ["1 Mill Yard"], "town": "Anytown", "postcode": "AN1 1AB"}
ZONE = [f"AN{district} {unit}AB" for district in range(1, 11) for unit in range(1, 6)]
ADULT, AREA, POSTCODE, UPRN, EMAIL = (
    "person.age_over_18",
    "address.lives_in_area",
    "address.postcode",
    "address.uprn",
    "contact.email",
)
HER_OWN: dict[str, Any] = {
    "person.full_name": NAME,
    "person.date_of_birth": "1985-03-31",
    "address.current": {"lines": ["10 Example Street"], "postcode": "ZZ1 2AB", "uprn": "10099999999"},
}


async def a_library(pds: Running) -> Registered:
    """A service that may ask for answers, and needs them all."""
    described = registration.leisure("http://library.localhost:18999")
    asked = [ADULT, AREA, POSTCODE, UPRN, EMAIL, "address.current", "person.full_name"]
    zone = {"name": {"en": "Town", "cy": "Y dref"}, "postcodes": ZONE}
    purpose = {**described["purposes"][0], "id": "join", "access": ["once", "until"], "longest_days": 400}
    purpose |= {"attributes": {id: {"required": True, "why": {"en": "-", "cy": "-"}} for id in asked}}
    return await pds.register({**described, "purposes": [{**purpose, "zones": {"town": zone}}]})


async def known_by(resident: Resident, service: Service, values: dict[str, Any]) -> None:
    """A vault with details of its own, whose resident this service knows by these values alone."""
    for id, value in HER_OWN.items():
        await resident.change(id, value)
    persona = Persona("Work", values)
    known = Known(persona=WORK)
    await resident.control.prefer(
        lambda now: replace(now, personas={WORK: persona}, services={service.client_id: known})
    )


async def share_with(
    resident: Resident, service: Service, *attributes: str, lend: bool = True, access: Any = "once"
) -> Grant:
    """All that is asked; without `lend` what an agreeing resident's wallet sends by itself."""
    wishes: dict[str, Json] = {id: {"required": True, **({"zone": "town"} if id == AREA else {})} for id in attributes}
    asked = await service.ask("join", wishes, access)
    question = await resident.asked(await resident.follow(asked.url))
    proposed = resident.control.propose(question).attributes
    given = [id for id in attributes if lend or proposed[id].required]
    return await service.finish(query_of(await resident.approve(question, given)), asked.pending)


async def told_to(service: Service, grant: Grant) -> dict[str, Any]:
    claims = (await service.read(grant)).claims
    return {id: claim.get("value", claim.get("absent")) for id, claim in claims.items()}


def being(values: dict[str, Any]) -> Callable[[Preferences], Preferences]:
    """The preferences with these as all that the persona is."""
    return lambda now: replace(now, personas={**now.personas, WORK: Persona("Work", values)})
