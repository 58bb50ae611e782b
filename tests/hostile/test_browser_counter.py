"""A malicious server at a counter, against the wallet in a browser: what is shown is what was signed, or nothing."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import ECKey
from playwright.async_api import expect

from pds.core import jose
from pds.demo.wallet import build_wallet
from pds.settings import Settings
from tests.browser.at_counter import QUESTION, digits_on, fill_in, paired, scan, with_a_vault
from tests.browser.desk import CIVIC_CENTRE, SERVICE, SHARED, Desk, a_desk
from tests.browser.phone import Phone, a_phone
from tests.browser.town import a_town
from tests.conftest import Clock
from tests.hostile.proxy import Proxy, members

CLAIM, SESSION = "POST /api/counters", "GET /api/counters/*"
CAUGHT = "This desk is not the one that it said it was"
Scene = tuple[Proxy, Desk, Phone]


@pytest.fixture
def settings(settings: Settings, registrar_key: ECKey, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    built = build_wallet([jose.public_jwk(registrar_key)], tmp_path_factory.getbasetemp() / "wallets")
    return dataclasses.replace(settings, wallet=built)


@pytest.fixture
async def scene(
    settings: Settings, clock: Clock, registrar_key: ECKey, proxy: Proxy, tmp_path: Path
) -> AsyncIterator[Scene]:
    behind = urlsplit(proxy.server).port
    async with (
        a_town(settings, clock, registrar_key, port=behind) as town,
        a_desk(town, tmp_path) as desk,
        a_phone(town.issuer) as phone,
    ):
        await desk.enrol()
        await with_a_vault(town, phone)
        yield proxy, desk, phone


async def caught(desk: Desk, phone: Phone) -> None:
    """Both screens say that it came to nothing; the next code is a new beginning."""
    await expect(phone.heading(CAUGHT)).to_be_visible()
    assert phone.sent("/api/counters/[^/]+/approval") == [], "nothing was shared"
    assert phone.sent("/api/counters/[^/]+/departure") != [], "the exchange is void"
    await desk.says("Stopped on the phone")
    await desk.screen.button("Done").click()


async def test_a_server_that_moves_or_skips_a_desk_gets_nothing(scene: Scene) -> None:
    proxy, desk, phone = scene

    await desk.begin()
    proxy.lie(CLAIM, members(desk="central-library-9"))
    await scan(desk, phone)
    await caught(desk, phone)
    proxy.repent()

    await desk.begin()
    proxy.lie(CLAIM, members(desk="civic-centre-2"))
    proxy.lie(SESSION, members(desk="civic-centre-2"))
    await scan(desk, phone)
    await phone.button(f"Yes, I am at {CIVIC_CENTRE}").click()
    await desk.type_digits(await digits_on(phone))
    await caught(desk, phone)
    await expect(phone.heading(QUESTION)).to_have_count(0)
    proxy.repent()

    await desk.begin()
    proxy.lie(CLAIM, members(state="paired"))
    await scan(desk, phone)
    await caught(desk, phone)
    proxy.repent()

    await paired(desk, phone)
    await fill_in(phone)
    await phone.button(f"Share 2 details with {SERVICE}").click()
    await desk.says(SHARED)
