"""The town of these tests: the vault with its wallet, and the two example services, each on a host name of its own."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from joserfc.jwk import ECKey

from pds.app import create_app
from pds.core.encoding import Json
from pds.demo import registration
from pds.demo.leisure import create_leisure
from pds.demo.localhost import LocalhostResolver
from pds.demo.parking import create_parking
from pds.http.runner import Runner
from pds.sdk import Asked, Grant, Pending, Service, wire
from pds.sdk.issuer import Metadata
from pds.settings import Settings
from tests.conftest import Clock, Registered, Running
from tests.ports import unused_port

# A browser keeps connections open: at the end of a test nobody waits for them.
QUIET: Any = {"access_log": None, "handle_signals": False, "shutdown_timeout": 0.1}


@dataclass
class Town:
    """Where everything is, and what each service came to hold. `wishes` are further members of its requests."""

    pds: Running
    parking: str
    leisure: str
    grants: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    id_tokens: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wishes: dict[str, object] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return self.pds.issuer


class _Remembers(Service):
    """A service whose grants the test can see: what a service's own database would hold."""

    kept: list[Grant]
    id_tokens: list[str]
    wishes: Mapping[str, object]

    async def _push(self, purpose: str, attributes: tuple[str, ...], access: Any, more: Json) -> Asked:
        return await super()._push(purpose, attributes, access, {**more, **self.wishes})

    async def _check_id_token(self, answer: Json, metadata: Metadata, pending: Pending, *, sub: str, now: int) -> None:
        await super()._check_id_token(answer, metadata, pending, sub=sub, now=now)
        self.id_tokens.append(answer["id_token"])

    async def finish(self, query: Mapping[str, str], pending: Pending) -> Grant:
        grant = await super().finish(query, pending)
        self.kept.append(grant)
        return grant


@asynccontextmanager
async def a_town(
    settings: Settings, clock: Clock, registrar_key: ECKey, *, port: int | None = None
) -> AsyncIterator[Town]:
    """Everything running until the end of the block.

    The server listens where its issuer says, or on `port` when something else stands in front of it.
    """
    async with AsyncExitStack() as stack:
        app = create_app(settings, clock=clock)
        await _serve(stack, Runner(app, **QUIET), port or urlsplit(settings.issuer).port or 80)
        pds = Running(settings.issuer, settings, clock, registrar_key, {}, app)
        town = Town(pds, f"http://parking.localhost:{unused_port()}", f"http://leisure.localhost:{unused_port()}")
        for address, describe in ((town.parking, registration.parking), (town.leisure, registration.leisure)):
            service = await _service(stack, town, await pds.register(describe(address)))
            site = create_leisure(service) if address == town.leisure else _parking(service, clock)
            await _serve(stack, web.AppRunner(site, **QUIET), urlsplit(address).port or 80)
        yield town


def _parking(service: Service, clock: Clock) -> web.Application:
    return create_parking(service, today=lambda: datetime.fromtimestamp(clock(), UTC).date())


async def _service(stack: AsyncExitStack, town: Town, registered: Registered) -> Service:
    service = _Remembers(
        issuer=town.issuer,
        client_id=registered.client_id,
        redirect_uri=registered.redirect_uri,
        keys=registered.keys,
        session=await stack.enter_async_context(wire.new_session(LocalhostResolver())),
        clock=town.pds.clock,
    )
    service.kept = town.grants[registered.client_id]
    service.id_tokens, service.wishes = town.id_tokens[registered.client_id], town.wishes
    return service


async def _serve(stack: AsyncExitStack, runner: web.AppRunner, port: int) -> None:
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()
