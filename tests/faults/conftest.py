"""Workers as processes, for tests in which they meet, or die; and how often a race is run (racing.py)."""

from collections.abc import AsyncIterator, Iterator
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
from tests.faults.racing import Rounds


@asynccontextmanager
async def looking_into(pds: Running) -> AsyncIterator[None]:
    """The tables of a deployment, for this process too."""
    await store.open_database(pds.settings.database)
    try:
        yield
    finally:
        await store.close_database()


_DONE = pytest.StashKey[dict[str, int]]()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Iterator[Rounds]:
    """How often the test runs its race."""
    made = Rounds(request.config.getoption("--rounds"), request.config.getoption("--seconds"))
    yield made
    request.config.stash.setdefault(_DONE, {})[request.node.name] = made.done


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--rounds") and _DONE in config.stash:
        terminalreporter.section(f"races, over {config.getoption('--workers')} workers")
        for name, done in config.stash[_DONE].items():
            terminalreporter.line(f"{done:6} rounds  {name}")


@pytest.fixture
async def two(
    settings: Settings, clock: Clock, registrar_key: ECKey, tmp_path: Path, pytestconfig: pytest.Config
) -> AsyncIterator[tuple[Running, Deployment]]:
    """Two workers, or as many as `--workers` says, that turn nobody away for asking often; both example services."""
    settings = replace(settings, rate=10_000_000)
    running = Running(settings.issuer, settings, clock, registrar_key, {})
    async with looking_into(running):
        for description in (PARKING, LEISURE):
            await running.register(description)
    async with deployed(settings, tmp_path, workers=pytestconfig.getoption("--workers")) as deployment:
        yield running, deployment
