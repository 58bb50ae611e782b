"""`pds serve` with the tests' internet in place of the real one: a process that sends notices as any worker does.

`python -m tests.faults.notice_worker AUTHORITY NAME=ADDRESS:PORT …`, with the `PDS_…` names of a deployment.
"""

import asyncio
import os
import sys
from pathlib import Path

from aiohttp import web

from pds.app import create_app
from pds.http.runner import Runner
from pds.settings import read_settings
from tests.internet import Internet


async def serve(authority: Path, servers: list[str]) -> None:
    """Until the process is ended."""
    internet = Internet(authority)
    for server in servers:
        name, _, place = server.partition("=")
        address, _, port = place.partition(":")
        internet.addresses[name], internet.ports[address] = [address], int(port)
    settings = read_settings(os.environ)
    runner = Runner(create_app(settings, resolver=internet.resolve, connector=internet.connect), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port, reuse_port=True).start()
    print(f"worker {os.getpid()} serves", flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2:]))
