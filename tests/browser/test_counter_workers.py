"""At a counter, over two workers that are killed in the middle: neither screen has to begin again."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from joserfc.jwk import ECKey
from playwright.async_api import expect

from pds.settings import Settings
from tests.browser.at_counter import QUESTION, digits_on, fill_in, scan, with_a_vault
from tests.browser.desk import ASKED, LIBRARY, SERVICE, SHARED, Desk, a_desk
from tests.browser.phone import Phone, a_phone
from tests.browser.story import NAME
from tests.browser.town import Town
from tests.conftest import Clock, Running
from tests.faults.conftest import looking_into
from tests.faults.deployment import Deployment, deployed

WORKERS = 2
Scene = tuple[Town, Deployment, Desk, Phone]


@pytest.fixture
async def scene(settings: Settings, clock: Clock, registrar_key: ECKey, tmp_path: Path) -> AsyncIterator[Scene]:
    town = Town(Running(settings.issuer, settings, clock, registrar_key, {}), "", "")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(looking_into(town.pds))
        deployment = await stack.enter_async_context(deployed(settings, tmp_path, workers=WORKERS))
        desk = await stack.enter_async_context(a_desk(town, tmp_path))
        phone = await stack.enter_async_context(a_phone(town.issuer))
        for one in (phone, desk.screen):
            one.foresee("ERR_(CONNECTION|SOCKET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED)")
        yield town, deployment, desk, phone


async def replaced(deployment: Deployment) -> None:
    """All workers at once, as a machine that runs out of memory does it; the parent starts others."""
    served = sum("serves" in line for line in deployment.said)
    for worker in deployment.workers():
        os.kill(worker, signal.SIGKILL)
    await deployment.hears("serves", served + WORKERS)


async def test_workers_that_are_killed_at_each_wait_lose_nothing(scene: Scene) -> None:
    town, deployment, desk, phone = scene
    await desk.enrol()
    await with_a_vault(town, phone)
    await desk.begin()
    await replaced(deployment)
    await scan(desk, phone)
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    digits = await digits_on(phone)
    await replaced(deployment)
    await desk.type_digits(digits)
    await desk.says(ASKED)
    await expect(phone.heading(QUESTION)).to_be_visible()
    await fill_in(phone)
    await replaced(deployment)
    await phone.button(f"Share 2 details with {SERVICE}").click()
    await desk.says(SHARED)
    await desk.screen.says(NAME)
    await expect(phone.heading(f"You shared 2 details with {SERVICE}")).to_be_visible()
    assert len(phone.sent("/api/counters/[^/]+/approval")) == 1, "nothing was sent twice"
