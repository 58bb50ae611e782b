"""A running server for every test that asks for one: real HTTP, a real database, a clock that tests can move.

`pytest --engine=postgres` runs the tests that need a database on PostgreSQL; one engine per process, because Tortoise
remembers the SQL of the first (docs/decisions). `make test` runs both.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web
from joserfc.jwk import ECKey

from pds import store
from pds.app import create_app
from pds.core import jose, registrar
from pds.core.encoding import Json
from pds.http.runner import Runner
from pds.registry import actions as registry
from pds.sdk import ServiceKeys
from pds.settings import Settings
from tests import openapi
from tests.examples import LEISURE, PARKING, REGISTRAR
from tests.internet import Internet, new_authority
from tests.ports import unused_port
from tests.postgres import throwaway_postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgres"), default="sqlite", help="the database to test on")
    parser.addoption("--rounds", type=int, default=0, help="how often each race is run (as often as it says)")
    parser.addoption("--seconds", type=int, default=0, help="the longest that one race goes on (0: until it is done)")
    parser.addoption("--workers", type=int, default=2, help="the workers that races are run against")
    parser.addoption("--examples", type=int, default=10, help="requests made up for each operation of openapi.yaml")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--engine") == "postgres":
        chosen = [item for item in items if "database" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@dataclass
class Clock:
    """Seconds since 1970, which a test may push forward."""

    ahead: int = 0

    def __call__(self) -> int:
        return int(time.time()) + self.ahead


@dataclass(frozen=True)
class Registered:
    """A service that the test's registrar signed."""

    client_id: str
    redirect_uri: str
    keys: ServiceKeys
    statement: str


@dataclass
class Running:
    """A server on a port of its own, with its registrar and the two example services."""

    issuer: str
    settings: Settings
    clock: Clock
    registrar: ECKey
    services: dict[str, Registered]
    app: web.Application | None = None
    seq: int = 1

    async def register(self, description: Json, keys: ServiceKeys | None = None) -> Registered:
        """Sign a statement for a service and put it in force with the others, under the next index."""
        keys = keys or ServiceKeys.generate()
        statement = registrar.sign_statement(
            self.registrar, registrar=REGISTRAR, service=description, jwks=keys.public_jwks(), now=self.clock()
        )
        made = Registered(description["client_id"], description["redirect_uris"][0], keys, statement)
        self.services[made.client_id] = made
        await self.publish_registry()
        return made

    async def publish_registry(self, *, age: int = 0) -> None:
        """The next index over the services that are registered now, signed `age` seconds ago."""
        statements = {client_id: service.statement for client_id, service in self.services.items()}
        index = registrar.sign_index(
            self.registrar, registrar=REGISTRAR, statements=statements, seq=self.seq, now=self.clock() - age
        )
        self.seq += 1
        keys = self.settings.registrar_keys
        await registry.install(index, statements.values(), registrar_keys=keys, now=self.clock())

    @property
    def parking(self) -> Registered:
        return self.services[PARKING["client_id"]]

    @property
    def leisure(self) -> Registered:
        return self.services[LEISURE["client_id"]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with throwaway_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database of the engine under test that has tables and nothing in them.

    Each test has a copy of its own: the migrations take longer than most tests, and always make the same.
    """
    if request.config.getoption("--engine") == "sqlite":
        url = f"sqlite://{tmp_path_factory.mktemp('migrated') / 'pds.sqlite'}"
    else:
        url = asyncio.run(_new_database(request.getfixturevalue("postgres")))
    asyncio.run(store.migrate(url))
    return url


@pytest.fixture
def database(migrated: str, tmp_path: Path) -> str:
    """The URL of an empty, migrated database of the engine under test."""
    if not migrated.startswith("sqlite:"):
        return asyncio.run(_new_database(migrated, like=migrated.rpartition("/")[2]))
    copy = tmp_path / "pds.sqlite"
    shutil.copy(migrated.removeprefix("sqlite://"), copy)
    return f"sqlite://{copy}"


async def _new_database(server: str, like: str = "template1") -> str:
    name, (base, _, _) = f"t{os.urandom(8).hex()}", server.rpartition("/")
    connection = await asyncpg.connect(f"{base}/postgres")  # a database to which somebody is connected is not copied
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    finally:
        await connection.close()
    return f"{base}/{name}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(database: str, tmp_path: Path, registrar_key: ECKey) -> Settings:
    wallet = tmp_path / "wallet"
    wallet.mkdir()
    return Settings(
        issuer=f"http://localhost:{unused_port()}",
        database=database,
        secret=os.urandom(32),
        signing_keys=(jose.private_jwk(jose.new_key()),),
        registrar_keys=(jose.public_jwk(registrar_key),),
        wallet=wallet,
    )


@pytest.fixture(scope="session")
def registrar_key() -> ECKey:
    """One for the whole run, so that the wallet is built once for it."""
    return jose.new_key()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Who certifies the servers of the tests' internet."""
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def internet(authority: Path) -> Internet:
    """All that the server can reach: nothing, until a test puts a name there."""
    return Internet(authority)


@pytest.fixture
async def pds(settings: Settings, clock: Clock, registrar_key: ECKey, internet: Internet) -> AsyncIterator[Running]:
    """The server, with "Resident parking permit" and "Leisure card" registered."""
    port = int(settings.issuer.rpartition(":")[2])
    app = create_app(settings, clock=clock, resolver=internet.resolve, connector=internet.connect)
    undescribed: list[str] = []
    app.on_response_prepare.append(partial(_judge, undescribed))
    runner = Runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    running = Running(settings.issuer, settings, clock, registrar_key, {}, app)
    try:
        for description in (PARKING, LEISURE):
            await running.register(description)
        yield running
    finally:
        await runner.cleanup()
    assert not undescribed, "protocols/openapi.yaml lacks answers that the server gave:\n" + "\n".join(undescribed)


async def _judge(undescribed: list[str], request: web.Request, response: web.StreamResponse) -> None:
    """Every answer that any test provokes is one that the contract describes; a missing route fails its own test."""
    resource = request.match_info.route.resource
    operation = f"{request.method} {resource.canonical}" if resource is not None else ""
    if operation in openapi.known() and isinstance(response, web.Response):
        body = bytes(response.body) if isinstance(response.body, bytes) and len(response.body) < 2**16 else None
        said = openapi.complaint(operation, response.status, response.content_type, body)
        undescribed += [said] if said and said not in undescribed else []
