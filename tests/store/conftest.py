"""The store alone, on the engine under test."""

from collections.abc import AsyncIterator

import pytest

from pds import store


@pytest.fixture
async def opened(database: str) -> AsyncIterator[str]:
    """An open, empty database; its URL."""
    await store.open_database(database)
    yield database
    await store.close_database()
