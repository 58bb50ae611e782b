"""A library that asks for answers alone, and at whose address nothing is but a page that says where one is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Route

from pds.core.encoding import Json
from pds.demo import registration
from pds.sdk import Asked, Grant, Service
from tests.browser.phone import Phone
from tests.browser.town import Town
from tests.people import query_of, service_of

LIBRARY, THANKS = "Town library", "Back at the library"
ADULT, AREA, NAME = "person.age_over_18", "address.lives_in_area", "person.full_name"
BADGE, HEALTH = "disability.blue_badge_number", "health.conditions"
SUPPORT = "benefit.council_tax_support"
ZONE = [f"AN{district} {unit}QW" for district in range(1, 11) for unit in range(1, 10)]
_BACK = "<!doctype html><html lang=en><title>Library</title><main><h1>Back at the library</h1></main></html>"


@dataclass
class Library:
    """A service whose requests a test writes. `back` are the addresses to which browsers came back."""

    service: Service
    phone: Phone
    back: list[str] = field(default_factory=list)

    async def ask(self, attributes: dict[str, Json], access: Any = "once") -> Asked:
        """Send the browser to the vault with this question."""
        asked = await self.service.ask("join", attributes, access)
        await self.phone.page.goto(asked.url)
        return asked

    async def finish(self, asked: Asked) -> Grant:
        await self.phone.look(THANKS)
        return await self.service.finish(query_of(self.back[-1]), asked.pending)

    async def claims(self, grant: Grant) -> dict[str, Json]:
        return dict((await self.service.read(grant)).claims)

    async def _came(self, route: Route) -> None:
        self.back.append(route.request.url)
        await route.fulfill(body=_BACK, content_type="text/html; charset=utf-8")


@asynccontextmanager
async def a_library(town: Town, phone: Phone, *required: str) -> AsyncIterator[Library]:
    """It may ask for an age, whether one lives in the town, a name, a badge's number, one's health and a benefit."""
    address = "http://library.localhost:18998"
    described = registration.leisure(address)
    why = {"en": "Readers are grown up and live here", "cy": "Oedolion o’r dref yw’r darllenwyr"}
    asked = {id: {"required": id in required, "why": why} for id in (ADULT, AREA, NAME, BADGE, HEALTH, SUPPORT)}
    zone = {"name": {"en": "Town", "cy": "Y dref"}, "postcodes": ZONE}
    purpose = {**described["purposes"][0], "id": "join", "attributes": asked, "access": ["once", "until"]}
    purpose |= {"shortest_days": 90, "longest_days": 400, "zones": {"town": zone}}
    purpose |= {"text": {"en": "To decide whether you can borrow books", "cy": "I benderfynu a gewch chi fenthyca"}}
    name = {"en": LIBRARY, "cy": "Llyfrgell y dref"}
    registered = await town.pds.register({**described, "name": name, "purposes": [purpose]})
    async with service_of(town.pds, registered) as service:
        library = Library(service, phone)
        await phone.context.route(f"{address}/**", library._came)
        yield library
