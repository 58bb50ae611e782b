"""A council's desk in the town of these tests: its own process and keys, a clerk with a passkey, a screen 1280 wide."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from aiohttp import web
from playwright.async_api import Locator, expect

from pds.core import jose
from pds.core.encoding import Json
from pds.demo import registration
from pds.demo.localhost import LocalhostResolver
from pds.desk.context import CLOCK, SESSIONS
from pds.desk.counter import open_counter
from pds.desk.folder import Setup, setup
from pds.desk.serve import start
from pds.desk.site import create_desk
from pds.desk.staff import Staff
from pds.desk.task import Task
from pds.sdk import wire
from tests.browser.phone import Phone, a_phone
from tests.browser.town import Town
from tests.ports import unused_port

LIBRARY, CIVIC_CENTRE = "Central Library, desk 1", "Civic Centre, desk 2"
LIBRARY_CY = "Y Llyfrgell Ganolog, desg 1"
SERVICE, CARD = "Council desk", "To make you a library card"
SIGN_IN, WHICH, ERRAND = "Sign in to the desk", "Which desk are you at?", "What is the resident here for?"
WAITING, OPENED, ASKED, SHARED = (
    "Waiting for a phone",
    "A phone has opened it",
    "Asked for 4 details; nothing seen yet",
    "Shared",
)


@dataclass
class Desk:
    """The process, and the clerk's browser in front of it."""

    setup: Setup
    app: web.Application
    runner: web.AppRunner
    screen: Phone
    looks_closely: bool = False
    looked_at: list[str] = field(default_factory=list)

    def invite(self, name: str = "Alex Example") -> str:
        """The link for a member of staff."""
        token = Staff(self.setup.staff, os.urandom).invite(name, now=self.app[CLOCK]())
        return f"{self.setup.origin}/enrol#{token}"

    @property
    def task(self) -> Task:
        """What the clerk has open."""
        (task,) = self.app[SESSIONS].tasks()
        return task

    async def enrol(self, place: str = LIBRARY) -> None:
        """From the link to the choice of an errand."""
        await self.screen.page.goto(self.invite())
        await self._look("Set up your passkey", "desk-enrol")
        await self.screen.button("Create a passkey").click()
        await self._look(WHICH, "desk-place")
        await self.screen.button(f"{place} / {LIBRARY_CY}").click()
        await self._look(ERRAND, "desk-errand")

    async def sign_in_again(self, place: str = LIBRARY) -> None:
        """Out, and in with the passkey."""
        await self.screen.button("Sign out").click()
        await self._look(SIGN_IN, "desk-sign-in")
        await self.screen.button("Sign in with a passkey").click()
        await self.screen.button(f"{place} / {LIBRARY_CY}").click()
        await self.says(ERRAND)

    async def begin(self, errand: str = CARD) -> str:
        """A code on the screen; the typed one."""
        await self.screen.page.get_by_role("button", name=errand).click()
        await self._look(WAITING, "desk-waiting")
        return await self.screen.page.locator("#code").inner_text()

    async def _look(self, heading: str, name: str) -> None:
        """At every size the first time in a test, for what stands on the way to every story."""
        if self.looks_closely and name not in self.looked_at:
            self.looked_at.append(name)
            await self.screen.look_at_every_size(heading, name)
        else:
            await self.says(heading)

    @property
    def digits(self) -> Locator:
        return self.screen.box("Four digits on the phone")

    async def type_digits(self, digits: str) -> None:
        """As a hand types: digit by digit, then Enter."""
        await expect(self.digits).to_be_focused()
        await self.screen.page.keyboard.type(digits, delay=70)
        await self.screen.page.wait_for_timeout(70)
        await self.screen.page.keyboard.press("Enter")

    def drop_connections(self) -> None:
        """What a lost line does to them."""
        assert self.runner.server is not None
        for connection in self.runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def says(self, heading: str) -> None:
        await expect(self.screen.heading(heading)).to_be_visible()


@asynccontextmanager
async def a_desk(
    town: Town, folder: Path, *, issuer: str = "", asks: Mapping[str, Json] = MappingProxyType({})
) -> AsyncIterator[Desk]:
    """A desk of the council, whose vault is the town's; `issuer` where something stands between them.

    `asks` are further attributes that it asks for a library card.
    """
    async with AsyncExitStack() as stack:
        address = f"http://desk.localhost:{unused_port()}"
        described = registration.counter(address)
        described["purposes"][0]["attributes"] |= asks
        registered = await town.pds.register(described)
        made = setup(
            jose.peek(registered.statement),
            issuer=issuer or town.issuer,
            origin=address,
            listen=("127.0.0.1", int(address.rpartition(":")[2])),
            keys=registered.keys,
            registrar_keys=town.pds.settings.registrar_keys,
            staff=folder / "staff.json",
        )
        session = await stack.enter_async_context(wire.new_session(LocalhostResolver()))
        app = create_desk(made, open_counter(made, session=session, clock=town.pds.clock), clock=town.pds.clock)
        runner = await start(app, made)
        stack.push_async_callback(runner.cleanup)
        screen = await stack.enter_async_context(a_phone("no vault"))
        await screen.page.set_viewport_size({"width": 1280, "height": 800})
        yield Desk(made, app, runner, screen)
