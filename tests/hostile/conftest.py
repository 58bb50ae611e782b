"""The server of these tests has a proxy in front of it that can lie; nobody can tell but by what it says."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from joserfc.jwk import ECKey

from pds.app import create_app
from pds.http.runner import Runner
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.examples import LEISURE, PARKING
from tests.hostile.proxy import Proxy, a_proxy
from tests.internet import Internet
from tests.ports import unused_port


@pytest.fixture
async def proxy(settings: Settings) -> AsyncIterator[Proxy]:
    """At the issuer's address; the honest server is behind it."""
    async with a_proxy(settings.issuer, f"http://127.0.0.1:{unused_port()}") as proxy:
        yield proxy


@pytest.fixture
async def pds(
    settings: Settings, clock: Clock, registrar_key: ECKey, proxy: Proxy, internet: Internet
) -> AsyncIterator[Running]:
    """The honest server, with "Resident parking permit" and "Leisure card" registered."""
    app = create_app(settings, clock=clock, resolver=internet.resolve, connector=internet.connect)
    runner = Runner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", urlsplit(proxy.server).port or 80).start()
    running = Running(settings.issuer, settings, clock, registrar_key, {}, app)
    try:
        for description in (PARKING, LEISURE):
            await running.register(description)
        yield running
    finally:
        await runner.cleanup()
