"""Two workers as processes, for tests in which they meet, or die."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from pds import store
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.examples import LEISURE, PARKING
from tests.faults.deployment import Deployment, deployed


@asynccontextmanager
async def looking_into(pds: Running) -> AsyncIterator[None]:
    """The tables of a deployment, for this process too."""
    await store.open_database(pds.settings.database)
    try:
        yield
    finally:
        await store.close_database()


@pytest.fixture
async def two(
    settings: Settings, clock: Clock, registrar_key: ECKey, tmp_path: Path
) -> AsyncIterator[tuple[Running, Deployment]]:
    """Two workers that turn nobody away for asking often, with the two example services in force."""
    settings = replace(settings, rate=10_000_000)
    running = Running(settings.issuer, settings, clock, registrar_key, {})
    async with looking_into(running):
        for description in (PARKING, LEISURE):
            await running.register(description)
    async with deployed(settings, tmp_path, workers=2) as deployment:
        yield running, deployment
