"""`pds doctor` finds what needs doing, and nothing where all is well."""

import asyncio
import json
import os
import sqlite3
import time
from pathlib import Path

import pytest

from pds import doctor, store
from pds.core import jose, registrar
from pds.registry import actions as registry
from pds.sdk import ServiceKeys
from tests.examples import PARKING, REGISTRAR

DAY = 86400
NOW = int(time.time())


@pytest.fixture
def environment(tmp_path: Path, database: str) -> dict[str, str]:
    """A deployment's settings, all as they should be, with one service in force since NOW."""
    from pds import cli

    assert cli.main(["init", str(tmp_path / "keys")]) == 0
    key = jose.new_key()
    (tmp_path / "registrar_keys.json").write_text(json.dumps({"keys": [jose.public_jwk(key)]}))
    (tmp_path / "wallet").mkdir()
    (tmp_path / "wallet" / "index.html").touch()
    jwks = ServiceKeys.generate().public_jwks()
    statement = registrar.sign_statement(key, registrar=REGISTRAR, service=PARKING, jwks=jwks, now=NOW)
    index = registrar.sign_index(key, registrar=REGISTRAR, statements={PARKING["client_id"]: statement}, seq=1, now=NOW)

    async def install() -> None:
        await store.open_database(database)
        try:
            await registry.install(index, [statement], registrar_keys=[jose.public_jwk(key)], now=NOW)
        finally:
            await store.close_database()

    asyncio.run(install())
    names = {
        "PDS_ISSUER": "https://data.anytown.example",
        "PDS_DATABASE": database,
        "PDS_SECRET_FILE": str(tmp_path / "keys/secret"),
        "PDS_SIGNING_KEYS": str(tmp_path / "keys/signing.jwks.json"),
        "PDS_REGISTRAR_KEYS": str(tmp_path / "registrar_keys.json"),
        "PDS_WALLET": str(tmp_path / "wallet"),
    }
    return os.environ | names


def examine(environment: dict[str, str], *, now: int) -> list[str]:
    """What it finds. PostgreSQL has a clock of its own, which these tests do not move."""
    return [line for line in doctor.examine(environment, now=now) if "apart from the database's" not in line]


def test_a_healthy_deployment_needs_nothing(environment: dict[str, str]) -> None:
    assert examine(environment, now=NOW + DAY) == []


def test_the_index_is_called_for_before_it_ends_and_after(environment: dict[str, str]) -> None:
    assert examine(environment, now=NOW + 9 * DAY) == []
    (warned,) = examine(environment, now=NOW + 11 * DAY)
    assert "ends in 3.0 days" in warned
    (said,) = examine(environment, now=NOW + 14 * DAY)
    assert "has expired" in said


def test_a_statement_that_ends_soon_is_named(environment: dict[str, str]) -> None:
    found = examine(environment, now=NOW + 340 * DAY)
    assert f"registry: the statement of {PARKING['client_id']} ends in 25 days" in found


def test_files_that_others_can_read_are_named(environment: dict[str, str]) -> None:
    for name in ("PDS_SECRET_FILE", "PDS_SIGNING_KEYS"):
        Path(environment[name]).chmod(0o640)
    assert [line.partition(":")[0] for line in examine(environment, now=NOW)] == [
        "PDS_SECRET_FILE",
        "PDS_SIGNING_KEYS",
    ]


def test_a_setting_that_is_missing_is_named(environment: dict[str, str]) -> None:
    del environment["PDS_ISSUER"]
    assert examine(environment, now=NOW) == ["PDS_ISSUER is missing"]


def test_tables_of_an_older_release_are_named(environment: dict[str, str], tmp_path: Path) -> None:
    if not environment["PDS_DATABASE"].startswith("sqlite:"):
        pytest.skip("a second database is made for SQLite alone")
    new = environment | {"PDS_DATABASE": f"sqlite://{tmp_path / 'new.sqlite'}"}
    (said,) = examine(new, now=NOW)
    assert said.endswith("to be applied: run `pds migrate`")


def test_a_damaged_file_is_noticed(environment: dict[str, str]) -> None:
    if not environment["PDS_DATABASE"].startswith("sqlite:"):
        pytest.skip("PostgreSQL looks after its own pages")
    path = environment["PDS_DATABASE"].removeprefix("sqlite://")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(
            "INSERT INTO sessions (digest, resident_id, auth_time, amr, expires) VALUES ('x', 'nobody', 0, '', 0)"
        )
    assert "database: rows of sessions refer to nothing" in examine(environment, now=NOW)


def test_a_clock_that_went_back_is_noticed(environment: dict[str, str]) -> None:
    if not environment["PDS_DATABASE"].startswith("sqlite:"):
        pytest.skip("the row is written past the server here, which SQLite lets us do")
    path = environment["PDS_DATABASE"].removeprefix("sqlite://")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO residents (id, epoch, seq, created) VALUES ('r', 1, 1, 0)")
        columns = "id resident_id client_id sector subject purpose request_hash record_hash record state".split()
        given = ["g", "r", *["x"] * 7, "active"]
        connection.execute(
            f"INSERT INTO grants ({', '.join(columns)}, once, ends, revision, n, head, last_at, authorization_details)"  # noqa: S608
            f" VALUES ({', '.join('?' * len(columns))}, 0, 0, 1, 1, '', {NOW + 3600}, '[]')",
            given,
        )
    (said,) = examine(environment, now=NOW)
    assert said == "clock: the newest log entry is 3600 s ahead of this clock"


def test_a_clock_that_is_not_the_databases_is_noticed(environment: dict[str, str]) -> None:
    found = doctor.examine(environment, now=NOW + 3600)
    assert any("apart from the database's" in line for line in found) == environment["PDS_DATABASE"].startswith("post")
