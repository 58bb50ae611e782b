"""Invented people and what they do, for tests that are about something else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pds.core.encoding import Json
from pds.sdk import Desk, Exchange, Grant, Meeting, Resident, Service
from tests.conftest import Registered, Running

NAME = "Siân Łucja O’Connor-Nguyễn"
ADDRESS = {"lines": ["10 Example Street"], "town": "Anytown", "postcode": "AN1 2AB"}
DETAILS: dict[str, Any] = {
    "person.full_name": NAME,
    "address.current": ADDRESS,
    "vehicle.registration": "AB51ABC",
}
PERMIT: dict[str, Json] = {
    "person.full_name": {"required": True},
    "address.current": {"required": True},
    "vehicle.registration": {"required": True},
    "contact.email": {},
    "contact.mobile": {},
}


def resident_of(pds: Running) -> Resident:
    """A wallet without a screen, not yet with a vault."""
    return Resident(pds.issuer, registrar_keys=pds.settings.registrar_keys, clock=pds.clock)


def service_of(pds: Running, registered: Registered) -> Service:
    """The service's own side, on the SDK."""
    return Service(
        issuer=pds.issuer,
        client_id=registered.client_id,
        redirect_uri=registered.redirect_uri,
        keys=registered.keys,
        clock=pds.clock,
    )


@asynccontextmanager
async def a_vault(pds: Running) -> AsyncIterator[Resident]:
    """A resident with a vault and a confirmed recovery code."""
    async with resident_of(pds) as resident:
        code = await resident.create()
        await resident.confirm_recovery(code)
        yield resident


async def share(
    resident: Resident,
    service: Service,
    *,
    attributes: dict[str, Json] | None = None,
    values: dict[str, Any] | None = None,
    access: Any = "once",
    purpose: str = "resident-permit",
) -> Grant:
    """Ask, approve and finish, each side on its own code."""
    asked = await service.ask(purpose, PERMIT if attributes is None else attributes, access)
    question = await resident.asked(await resident.follow(asked.url))
    back = await resident.approve(question, DETAILS if values is None else values)
    return await service.finish(query_of(back), asked.pending)


def query_of(address: str) -> dict[str, str]:
    """The parameters with which a browser comes back to a service."""
    return dict(parse_qsl(urlsplit(address).query))


def until(pds: Running, days: int = 200) -> Json:
    """An access that lasts."""
    return {"until": (datetime.fromtimestamp(pds.clock(), UTC).date() + timedelta(days)).isoformat()}


def desk_of(pds: Running, registered: Registered, desk: str = "library-1") -> Desk:
    """A service's own side of a counter, on the SDK."""
    return Desk(
        issuer=pds.issuer,
        client_id=registered.client_id,
        desk=desk,
        keys=registered.keys,
        registrar_keys=pds.settings.registrar_keys,
        clock=pds.clock,
    )


async def pair(resident: Resident, exchange: Exchange) -> Meeting:
    """The resident scans, staff type what the phone shows."""
    meeting = await resident.claim(exchange.address)
    assert await exchange.digits(meeting.digits)
    return meeting
