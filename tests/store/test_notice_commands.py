"""What an operator types about notices, and what a database of an older release has of addresses."""

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc.jwk import ECKey
from tortoise.migrations.schema_generator.state_apps import StateApps

from pds import cli, store
from pds.registry.models import ServiceRow
from pds.settings import Settings
from tests.conftest import Clock, Running
from tests.examples import LEISURE, PARKING
from tests.faults.deployment import environment
from tests.features.telling import LOGOUTS, NOTICES, takes


@pytest.fixture
def pds(settings: Settings, clock: Clock, registrar_key: ECKey) -> Running:
    """A registered town whose server is down: an operator's commands have the database to themselves."""
    running = Running(settings.issuer, settings, clock, registrar_key, {})

    async def register() -> None:
        for description in (takes(PARKING, NOTICES, LOGOUTS), LEISURE):
            await running.register(description)

    with_database(running, register())
    return running


def with_database(pds: Running, act: Coroutine[Any, Any, None]) -> None:
    async def run() -> None:
        await store.open_database(pds.settings.database)
        try:
            await act
        finally:
            await store.close_database()

    asyncio.run(run())


def test_an_operator_sees_what_waits_and_tries_the_way(
    pds: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(pds.settings, tmp_path).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["notices", "list"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["notices", "verify", PARKING["client_id"]]) == 0
    assert cli.main(["notices", "verify", LEISURE["client_id"]]) == 1
    assert "none that takes notices" in capsys.readouterr().err
    assert cli.main(["notices", "list"]) == 0
    assert capsys.readouterr().out == f"{PARKING['client_id']}  1 waiting, not tried yet, up to 0 attempts\n"


def test_addresses_of_services_in_force_are_read_from_their_statements(pds: Running) -> None:
    step = import_module("pds.migrations.0005_notices")

    async def act() -> None:
        await ServiceRow.all().update(notice_uri=None, logout_uri=None)
        async with store.write() as connection:
            await step.read_statements(StateApps(), SimpleNamespace(client=connection))
        found = {row.client_id: (row.notice_uri, row.logout_uri) for row in await ServiceRow.all()}
        assert found == {PARKING["client_id"]: (NOTICES, LOGOUTS), LEISURE["client_id"]: (None, None)}

    with_database(pds, act())
