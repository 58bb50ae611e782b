"""A town, and a telephone with which to walk through it."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from pds.core import jose
from pds.demo.wallet import build_wallet
from pds.settings import Settings
from tests.browser.phone import Phone, a_phone
from tests.browser.town import Town, a_town
from tests.conftest import Clock


@pytest.fixture(scope="session")
def wallet(registrar_key: ECKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wallet, built once for the registrar of this run."""
    return build_wallet([jose.public_jwk(registrar_key)], tmp_path_factory.getbasetemp() / "wallets")


@pytest.fixture
def settings(settings: Settings, wallet: Path) -> Settings:
    return dataclasses.replace(settings, wallet=wallet)


@pytest.fixture
async def town(settings: Settings, clock: Clock, registrar_key: ECKey) -> AsyncIterator[Town]:
    async with a_town(settings, clock, registrar_key) as town:
        yield town


@pytest.fixture
async def phone(town: Town) -> AsyncIterator[Phone]:
    async with a_phone(town.issuer) as phone:
        yield phone
