"""A whole town on this machine: a registrar, the server, two services and a desk, each on a host name of its own."""

import json
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from joserfc.jwk import ECKey

from pds import store
from pds.app import create_app
from pds.core import jose, registrar
from pds.core.encoding import Json, b64u, parse_object, unb64u
from pds.demo import registration
from pds.demo.leisure import create_leisure
from pds.demo.localhost import LocalhostResolver
from pds.demo.parking import create_parking
from pds.desk.counter import open_counter
from pds.desk.folder import Setup, setup
from pds.desk.site import create_desk
from pds.http.runner import Runner
from pds.registry import actions as registry
from pds.sdk import Service, ServiceKeys, wire
from pds.settings import Settings

SERVICES: Mapping[str, Callable[[str], Json]] = {
    "parking": registration.parking,
    "leisure": registration.leisure,
    "desk": registration.counter,
}
_HOSTS = {"vault": "localhost", **{name: f"{name}.localhost" for name in SERVICES}}
_QUIET: Any = {"access_log": None, "handle_signals": False, "shutdown_timeout": 1}


@dataclass(frozen=True, slots=True)
class Town:
    """Where everything is. `registrar_keys` are public: what a wallet's release carries; `counter` is the desk's."""

    folder: Path
    issuer: str
    parking: str
    leisure: str
    desk: str
    registrar_keys: tuple[Json, ...]
    clock: Callable[[], int]
    counter: Setup = field(compare=False)


@asynccontextmanager
async def open_town(
    folder: Path,
    *,
    database: str | None = None,
    wallet: Path | None = None,
    clock: Callable[[], int] = lambda: int(time.time()),
) -> AsyncIterator[Town]:
    """Everything running until the end of the block; `folder` keeps what lasts: keys, ports and the database.

    `database` is the URL of a migrated database (default: SQLite in the folder, migrated here), `wallet` the folder
    of a built wallet, if there is one. Errors: OSError where a port is taken.
    """
    addresses = _addresses(folder)
    key = registrar_key(folder)
    settings = _settings(folder, addresses["vault"], database, wallet, key)
    if database is None:
        await store.migrate(settings.database)
    async with AsyncExitStack() as stack:
        await _serve(stack, Runner(create_app(settings, clock=clock), **_QUIET), addresses["vault"])
        keys = {name: _service_keys(folder / f"{name}.json") for name in SERVICES}
        statements = await _register(folder, settings, addresses, keys, key, now=clock())
        counter = _counter(folder, settings, addresses["desk"], keys["desk"], statements[addresses["desk"]])
        for name in SERVICES:
            session = await stack.enter_async_context(wire.new_session(LocalhostResolver()))
            service = Service(
                issuer=settings.issuer,
                client_id=addresses[name],
                redirect_uri=addresses[name] + registration.BACK,
                keys=keys[name],
                session=session,
                clock=clock,
            )
            if name == "desk":
                site = create_desk(counter, open_counter(counter, session=session, clock=clock), clock=clock)
            elif name == "parking":
                site = create_parking(service, today=lambda: _today(clock))
            else:
                site = create_leisure(service)
            await _serve(stack, web.AppRunner(site, **_QUIET), addresses[name])
        yield Town(
            folder,
            settings.issuer,
            addresses["parking"],
            addresses["leisure"],
            addresses["desk"],
            settings.registrar_keys,
            clock,
            counter,
        )


def registrar_key(folder: Path) -> ECKey:
    """The registrar's key. In a real town it is on a machine of its own, and never here."""
    return jose.p256_private(_kept(folder / "registrar.json", lambda: jose.private_jwk(jose.new_key())))


def kept_in(folder: Path) -> Path:
    """Where the statements of services stand that `pds service new` added."""
    statements = folder / "statements"
    statements.mkdir(exist_ok=True)
    return statements


async def _serve(stack: AsyncExitStack, runner: web.AppRunner, address: str) -> None:
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", urlsplit(address).port).start()


async def _register(
    folder: Path,
    settings: Settings,
    addresses: Mapping[str, str],
    keys: Mapping[str, ServiceKeys],
    key: ECKey,
    *,
    now: int,
) -> Mapping[str, str]:
    """Sign a statement for each service and the next index over them, and put them in force; the statements."""
    statements = {
        addresses[name]: registrar.sign_statement(
            key,
            registrar=registration.REGISTRAR,
            service=describe(addresses[name]),
            jwks=keys[name].public_jwks(),
            now=now,
        )
        for name, describe in SERVICES.items()
    }
    for path in sorted(kept_in(folder).glob("*.jwt")):
        claims = jose.peek(path.read_text("ascii"))
        if claims["exp"] > now:
            statements[claims["sub"]] = path.read_text("ascii")
    counted = folder / "index.json"
    seq = (parse_object(counted.read_bytes())["seq"] if counted.exists() else 0) + 1
    index = registrar.sign_index(key, registrar=registration.REGISTRAR, statements=statements, seq=seq, now=now)
    counted.write_text(json.dumps({"seq": seq}), "ascii")
    await registry.install(index, statements.values(), registrar_keys=settings.registrar_keys, now=now)
    return statements


def _counter(folder: Path, settings: Settings, address: str, keys: ServiceKeys, statement: str) -> Setup:
    """What `pds desk serve` reads from a folder of its own."""
    home = folder / "desk"
    home.mkdir(exist_ok=True, mode=0o700)
    return setup(
        jose.peek(statement),
        issuer=settings.issuer,
        origin=address,
        listen=("127.0.0.1", urlsplit(address).port or 80),
        keys=keys,
        registrar_keys=settings.registrar_keys,
        staff=home / "staff.json",
    )


def _settings(folder: Path, issuer: str, database: str | None, wallet: Path | None, key: ECKey) -> Settings:
    kept = _kept(
        folder / "server.json",
        lambda: {"secret": b64u(os.urandom(32)), "signing_key": jose.private_jwk(jose.new_key())},
    )
    no_wallet = folder / "no-wallet"
    no_wallet.mkdir(exist_ok=True)
    return Settings(
        issuer=issuer,
        database=database or f"sqlite://{(folder / 'pds.sqlite').resolve()}",
        secret=unb64u(kept["secret"], size=32),
        signing_keys=(kept["signing_key"],),
        registrar_keys=(jose.public_jwk(key),),
        wallet=wallet or no_wallet,
    )


def _addresses(folder: Path) -> dict[str, str]:
    """An address for each host, on free ports that are kept: a `client_id` must stay what it was."""
    path = folder / "ports.json"
    ports = _kept(path, _free_ports)
    if not ports.keys() >= _HOSTS.keys():  # kept by a town that had fewer hosts
        ports = {**_free_ports(), **ports}
        path.write_text(json.dumps(ports), "ascii")
    return {name: f"http://{host}:{ports[name]}" for name, host in _HOSTS.items()}


def _free_ports() -> Json:
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in _HOSTS}
    ports = {name: each.getsockname()[1] for name, each in sockets.items()}
    for each in sockets.values():
        each.close()
    return ports


def _service_keys(path: Path) -> ServiceKeys:
    if not path.exists():
        ServiceKeys.generate().save(path)
    return ServiceKeys.load(path)


def _kept(path: Path, make: Callable[[], Json]) -> Json:
    """A small private file, made the first time."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(make(), file)
    return parse_object(path.read_bytes())


def _today(clock: Callable[[], int]) -> date:
    return datetime.fromtimestamp(clock(), UTC).date()
