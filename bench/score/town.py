"""The town of the score: a server on SQLite, a registrar, and a site for each form on a host name of its own."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from joserfc.jwk import ECKey

from bench.score.forms import Form
from bench.score.people import Person
from bench.score.site import Pushed, create_form, describe
from pds import store
from pds.app import create_app
from pds.core import jose
from pds.demo.localhost import LocalhostResolver
from pds.http.runner import Runner
from pds.sdk import Resident, Service, wire
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.ports import unused_port

QUIET: Any = {"access_log": None, "handle_signals": False, "shutdown_timeout": 0.1}
_PLENTY = 1_000_000  # requests a minute: all residents sit at one address


@dataclass(frozen=True, slots=True)
class Town:
    """Everything running. `sites` are addresses and `pushed` what each form learnt, by the form's id."""

    pds: Running
    database: Path
    session: aiohttp.ClientSession
    forms: tuple[Form, ...]
    sites: dict[str, str]
    pushed: dict[str, Pushed]

    def resident(self) -> Resident:
        """A wallet without a screen, not yet with a vault."""
        keys = self.pds.settings.registrar_keys
        return Resident(self.pds.issuer, registrar_keys=keys, session=self.session, clock=self.pds.clock)

    async def moves_in(self, person: Person) -> tuple[Resident, str]:
        """This person's vault with all they hold and decided, and its recovery code."""
        resident = self.resident()
        code = await resident.create()
        await resident.confirm_recovery(code)
        for attribute, value in person.values().items():
            await resident.change(attribute, value)
        chosen = person.preferences(self.forms, self.sites)
        await resident.control.prefer(lambda _none: chosen)
        return resident, code


@asynccontextmanager
async def open_town(
    folder: Path, forms: Iterable[Form], *, clock: Clock, key: ECKey, wallet: Path | None = None
) -> AsyncIterator[Town]:
    """All of it, until the end of the block. `key` is the registrar's, `wallet` a built wallet for it."""
    database = folder / "score.sqlite"
    (folder / "no-wallet").mkdir()
    settings = Settings(
        issuer=f"http://localhost:{unused_port()}",
        database=f"sqlite://{database}",
        secret=os.urandom(32),
        signing_keys=(jose.private_jwk(jose.new_key()),),
        registrar_keys=(jose.public_jwk(key),),
        wallet=wallet or folder / "no-wallet",
        rate=_PLENTY,
    )
    await store.migrate(settings.database)
    async with AsyncExitStack() as stack:
        app = create_app(settings, clock=clock)
        await _serve(stack, Runner(app, **QUIET), settings.issuer)
        pds = Running(settings.issuer, settings, clock, key, {}, app)
        session = await stack.enter_async_context(wire.new_session(LocalhostResolver()))
        town = Town(pds, database, session, tuple(forms), {}, {})
        for form in town.forms:
            # One label of a host name has 63 characters at most (RFC 1035 section 2.3.4).
            address = f"http://{form.id.replace('_', '-').strip('-')[:60]}.localhost:{unused_port()}"
            registered = await pds.register(describe(form, address))
            service = Service(
                issuer=settings.issuer,
                client_id=address,
                redirect_uri=registered.redirect_uri,
                keys=registered.keys,
                session=await stack.enter_async_context(wire.new_session(LocalhostResolver())),
                clock=clock,
            )
            town.sites[form.id], town.pushed[form.id] = address, Pushed()
            site = create_form(form, service, town.pushed[form.id], clock)
            await _serve(stack, web.AppRunner(site, **QUIET), address)
        yield town


async def _serve(stack: AsyncExitStack, runner: web.AppRunner, address: str) -> None:
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", urlsplit(address).port or 80).start()
