"""The store alone, on the engine under test."""

import asyncio
import os
from collections.abc import AsyncIterator

import asyncpg
import pytest

from pds import store


@pytest.fixture
async def opened(database: str) -> AsyncIterator[str]:
    """An open, empty database; its URL."""
    await store.open_database(database)
    yield database
    await store.close_database()


@pytest.fixture
def unmigrated(database: str) -> str:
    """The URL of a database without tables."""
    if database.startswith("sqlite:"):
        return f"{database}-2"
    return asyncio.run(_beside(database))


async def _beside(url: str) -> str:
    name = f"t{os.urandom(8).hex()}"
    connection = await asyncpg.connect(url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return f"{url.rpartition('/')[0]}/{name}"
