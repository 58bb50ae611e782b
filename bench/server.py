"""One server to measure, in a process of its own: `python -m bench.server <kind> <port> <folder> [<database>]`."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from aiohttp import web

from bench import counter, guessing
from bench.material import ISSUER, NOW, Material
from pds import store
from pds.app import create_app
from pds.core import jose
from pds.core.dpop import verify_proof
from pds.grants.models import AccessTokenRow, GrantRow
from pds.http.runner import Runner
from pds.registry.models import ServiceRow
from pds.residents.models import ResidentRow
from pds.settings import Settings

RESIDENT = "A" * 22
CLIENT = "https://parking.example"


async def bare(_request: web.Request) -> web.Response:
    """What aiohttp and uvloop do by themselves."""
    return web.Response(body=b"ok")


async def check(request: web.Request) -> web.Response:
    """One DPoP check more."""
    token = request.headers["Authorization"].removeprefix("DPoP ")
    verify_proof(request.headers["DPoP"], method="GET", url=f"{ISSUER}/data", now=NOW, token=token)
    return web.Response(body=b"ok")


def of_one_handler(handler: Callable[[web.Request], Awaitable[web.Response]]) -> web.Application:
    app = web.Application()
    app.router.add_get("/data", handler)
    return app


async def whole_server(folder: Path, database: str) -> web.Application:
    """The server as it runs, on a database with the grants to read."""
    await store.migrate(database)
    await store.open_database(database)
    await fill(Material.load(folder))
    await guessing.fill(folder)
    await store.close_database()
    settings = Settings(
        issuer=ISSUER,
        database=database,
        secret=bytes(32),
        signing_keys=(jose.private_jwk(jose.new_key()),),
        registrar_keys=(),
        wallet=folder,
        rate=10_000_000,
        proxied=True,
    )
    return create_app(settings, clock=lambda: NOW)


async def counter_server(port: int, folder: Path, database: str) -> web.Application:
    """The server as it runs, by the real clock, with a service that has a desk."""
    await store.migrate(database)
    await store.open_database(database)
    trusted = await counter.fill(folder)
    await store.close_database()
    settings = Settings(
        issuer=f"http://localhost:{port}",
        database=database,
        secret=os.urandom(32),
        signing_keys=(jose.private_jwk(jose.new_key()),),
        registrar_keys=trusted,
        wallet=folder,
        rate=10_000_000,
    )
    return create_app(settings)


async def fill(material: Material) -> None:
    async with store.write() as connection:
        await ResidentRow.create(id=RESIDENT, epoch=1, seq=1, created=NOW)
        await ServiceRow.create(client_id=CLIENT, statement="s", digest="d")
        for grant in material.grants:
            await GrantRow.create(
                id=grant.id,
                resident_id=RESIDENT,
                client_id=CLIENT,
                sector=CLIENT,
                subject="s",
                purpose="p",
                request_hash="h",
                record="r" * 2000,
                record_hash="h",
                authorization_details=[],
                once=False,
                ends=NOW + 86400,
                state="active",
                revision=1,
                disclosure=grant.disclosure,
            )
            await store.append(connection, grant.id, "approved", "r" * 2000, NOW)
            await AccessTokenRow.create(
                digest=grant.token_digest,
                grant_id=grant.id,
                client_id=CLIENT,
                jkt=grant.jkt,
                scope="",
                expires=NOW + 600,
            )


async def main(kind: str, port: int, folder: Path, database: str = "") -> None:
    made = {"bare": lambda: of_one_handler(bare), "check": lambda: of_one_handler(check)}.get(kind)
    runner: web.AppRunner
    if made is not None:
        runner = web.AppRunner(made(), access_log=None)
    elif kind == "counter":
        runner = Runner(await counter_server(port, folder, database), access_log=None)
    else:
        runner = Runner(await whole_server(folder, database), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(json.dumps("ready"), flush=True)
    # Until the parent closes our standard input: it never leaves us behind.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
