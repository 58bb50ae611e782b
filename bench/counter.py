"""At a counter, from the scan to the values on the desk's screen: the time that machines take, without what people do.

A wallet and a desk, both on the SDK, with a server in another process. The desk does each next step when it hears of
the last one, as its screen does.
"""

import asyncio
import json
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from pds.core import jose, registrar
from pds.core.encoding import Json
from pds.desk.values import Line, lines_of
from pds.registry import actions as registry
from pds.sdk import Desk, Exchange, Resident, ServiceKeys
from tests.examples import PARKING, REGISTRAR
from tests.people import DETAILS, NAME

TIMES = 15
PURPOSE, DESK = "resident-permit", "library-1"
FILE = "counter.json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A service with a desk, as the registrar signed it."""

    registrar_keys: tuple[Json, ...]
    keys: ServiceKeys


def prepare(folder: Path) -> Prepared:
    """The registry, which the server's process finds in a file."""
    key, keys, now = jose.new_key(), ServiceKeys.generate(), int(time.time())
    statement = registrar.sign_statement(key, registrar=REGISTRAR, service=PARKING, jwks=keys.public_jwks(), now=now)
    index = registrar.sign_index(key, registrar=REGISTRAR, statements={PARKING["client_id"]: statement}, seq=1, now=now)
    trusted = (jose.public_jwk(key),)
    (folder / FILE).write_text(json.dumps([index, statement, trusted]))
    return Prepared(trusted, keys)


async def fill(folder: Path) -> tuple[Json, ...]:
    """Puts the registry in force; whom the server is to trust."""
    index, statement, trusted = json.loads((folder / FILE).read_text())
    await registry.install(index, [statement], registrar_keys=trusted, now=int(time.time()))
    return tuple(trusted)


async def measure(port: int, prepared: Prepared) -> list[float]:
    """Seconds from the scan to the shown values, of one resident so many times. The first, which warms up, is left out.

    Errors: `RuntimeError` where the desk shows something else than was shared; those of the SDK.
    """
    issuer, trusted = f"http://localhost:{port}", prepared.registrar_keys
    client_id = str(PARKING["client_id"])
    async with (
        Resident(issuer, registrar_keys=trusted) as resident,
        Desk(issuer=issuer, client_id=client_id, desk=DESK, keys=prepared.keys, registrar_keys=trusted) as desk,
    ):
        await resident.confirm_recovery(await resident.create())
        return [await _once(resident, await desk.begin(PURPOSE)) for _ in range(TIMES + 1)][1:]


async def _once(resident: Resident, exchange: Exchange) -> float:
    listens, said = asyncio.Event(), asyncio.get_running_loop().create_future()
    desk = asyncio.create_task(_at_the_desk(exchange, listens, said))
    await listens.wait()
    began = time.perf_counter()
    meeting = await resident.claim(exchange.address)
    said.set_result(meeting.digits)
    await resident.approve(await meeting.question(), DETAILS)
    lines = await desk
    seconds = time.perf_counter() - began
    if NAME not in {line.shown for line in lines}:
        raise RuntimeError("the desk does not show what was shared")
    return seconds


async def _at_the_desk(exchange: Exchange, listens: asyncio.Event, said: asyncio.Future[str]) -> tuple[Line, ...]:
    """The clerk's side: the digits as soon as a phone is there, the values as soon as there are any."""
    async with aclosing(exchange.events()) as heard:
        async for news in heard:
            listens.set()
            if news.what == "claimed":
                await exchange.digits(await said)
            elif news.what == "decided":
                read = (await exchange.collect()).disclosure
                return lines_of(read, tuple(read.claims))
    raise RuntimeError("the exchange came to nothing")
