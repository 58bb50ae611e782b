"""Services that take notices, and a server that tells them: what the tests of notices share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

from pds.app import SENDER
from pds.core.encoding import Json
from pds.notices import reaching
from pds.notices.models import NoticeRow
from pds.sdk import Logout, Notice, Service
from tests.conftest import Registered, Running
from tests.examples import LEISURE, PARKING
from tests.internet import Internet, Post, Receiver, listening
from tests.people import service_of

PARKING_HOST, LEISURE_HOST = "notices.parking.anytown.example", "notices.leisure.anytown.example"
NOTICES = f"https://{PARKING_HOST}/notices?of=parking"
LOGOUTS = f"https://{PARKING_HOST}:8443/logout"
PUBLIC_2 = "11.22.33.55"
HOUR, DAY = 3600, 86400


def takes(description: Json, notices: str | None = NOTICES, logouts: str | None = None) -> Json:
    """The description with these addresses."""
    more = {} if logouts is None else {"backchannel_logout_uri": logouts}
    return description | {"notice_uri": notices} | more


@asynccontextmanager
async def telling(
    pds: Running, internet: Internet, notices: str | None = NOTICES, logouts: str | None = None
) -> AsyncIterator[Receiver]:
    """Parking takes notices, logout tokens, or both."""
    await again(pds, takes(PARKING, notices, logouts))
    async with listening(internet, PARKING_HOST) as receiver:
        yield receiver


@asynccontextmanager
async def both_telling(pds: Running, internet: Internet) -> AsyncIterator[tuple[Receiver, Receiver]]:
    """Parking and leisure take notices and logout tokens, each at a server of its own."""
    at = f"https://{LEISURE_HOST}"
    await again(pds, takes(PARKING, NOTICES, LOGOUTS))
    await again(pds, takes(LEISURE, f"{at}/notices", f"{at}/logout"))
    async with (
        listening(internet, PARKING_HOST) as parking,
        listening(internet, LEISURE_HOST, address=PUBLIC_2) as leisure,
    ):
        yield parking, leisure


async def again(pds: Running, description: Json) -> Registered:
    """The same service under another statement, with the keys that it has."""
    return await pds.register(description, pds.services[description["client_id"]].keys)


async def deliver(pds: Running, internet: Internet) -> None:
    """Everything that is due now has been tried, by us or by the server's own task."""
    assert pds.app is not None
    async with asyncio.timeout(60), reaching.new_session(internet.resolve, internet.connect) as session:
        while await NoticeRow.exists(due__lte=pds.clock()):
            await pds.app[SENDER].deliver_due(session)
            await asyncio.sleep(0)


async def waiting() -> list[NoticeRow]:
    """What is still to be told."""
    return await NoticeRow.all().order_by("queued", "id")


async def opened(pds: Running, post: Post, service: Registered | None = None) -> Notice:
    """The notice, as the service's SDK reads it."""
    async with service_of(pds, service or pds.parking) as reader:
        return await reader.notice(post.body)


async def signed_out(pds: Running, post: Post, service: Registered | None = None) -> Logout:
    """The logout token, as the service's SDK reads it."""
    async with service_of(pds, service or pds.parking) as reader:
        return await reader.logout(token_of(post))


def token_of(post: Post) -> str:
    """The token in a form."""
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = parse_qs(post.body.decode("ascii"), strict_parsing=True)
    assert form.keys() == {"logout_token"}
    return form["logout_token"][0]


@asynccontextmanager
async def services(pds: Running) -> AsyncIterator[tuple[Service, Service]]:
    """Parking and leisure, on the SDK."""
    async with service_of(pds, pds.parking) as parking, service_of(pds, pds.leisure) as leisure:
        yield parking, leisure
