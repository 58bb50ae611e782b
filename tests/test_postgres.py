"""The tests' own PostgreSQL is a real one, and leaves nothing behind."""

import tempfile
from pathlib import Path

import asyncpg
import pytest

from tests.postgres import throwaway_postgres


async def test_the_throwaway_server_is_real_and_goes_away() -> None:
    before = _folders()
    with throwaway_postgres() as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("show server_encoding") == "UTF8"
        assert await connection.fetchval("show listen_addresses") == "127.0.0.1"
        await connection.close()
        assert len(_folders() - before) >= 1
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(url)


def test_a_failing_test_stops_the_server_too() -> None:
    before = _folders()
    with pytest.raises(ZeroDivisionError), throwaway_postgres():
        raise ZeroDivisionError
    assert not any((folder / "data" / "postmaster.pid").exists() for folder in _folders() - before)


def _folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("pds-postgres-*"))
