"""`pds desk serve`: one process for one service's desks. What is under way is in its memory, so there is only one."""

import asyncio
import signal
import sys
from pathlib import Path

from aiohttp import web

from pds.desk.counter import open_counter
from pds.desk.folder import Setup, read_folder
from pds.desk.site import create_desk

# An open screen holds its stream of events: it is not waited for.
GRACE_SECONDS = 1.0


async def serve(folder: Path) -> None:
    """Until SIGTERM or SIGINT. Errors: those of `read_folder`; OSError where the port is taken."""
    setup = read_folder(folder)
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    runner = await start(create_desk(setup, open_counter(setup)), setup)
    try:
        sys.stdout.write(f"the desk of {setup.service['en']} is at {setup.origin}\n")
        sys.stdout.flush()
        await stopping.wait()
    finally:
        await runner.cleanup()


async def start(app: web.Application, setup: Setup) -> web.AppRunner:
    """The site, listening. Errors: OSError."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, setup.host, setup.port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner
