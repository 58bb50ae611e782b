"""`pds serve`: one worker in this process, or several that share the port (SO_REUSEPORT) and a parent.

Workers share nothing but the database. The parent only starts, watches and stops them: a worker that dies is replaced,
and a stop lets every worker finish what it has begun.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress

import uvloop
from aiohttp import web

from pds.app import create_app
from pds.settings import Settings

# A worker that cannot start is not started in a loop that eats the machine.
RESTART_SECONDS = 1.0
# In-flight requests may finish; whoever holds a connection open without asking is not waited for.
GRACE_SECONDS = 20.0


def serve_one(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun."""
    web.run_app(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        reuse_port=True,
        access_log=None,
        shutdown_timeout=GRACE_SECONDS,
        loop=uvloop.new_event_loop(),
        print=lambda *_: print(f"worker {os.getpid()} serves {settings.issuer}", flush=True),
    )


def serve_many(workers: int) -> None:
    """Keep `workers` processes of `pds serve` running; each reads the same settings as this one."""
    asyncio.run(_Parent(workers).run())


class _Parent:
    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._workers):
                group.create_task(self._keep())

    async def _keep(self) -> None:
        """One place among the workers: started, and started anew when its process ends by itself."""
        while not self._stopping.is_set():
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "pds.cli", "serve")
            if await self._ended(process):
                print(f"worker {process.pid} ended with {process.returncode}: replaced", file=sys.stderr, flush=True)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), RESTART_SECONDS)

    async def _ended(self, process: Process) -> bool:
        """Wait for the worker or for our own end, whichever comes first; True where the worker went by itself."""
        waiting = {asyncio.ensure_future(process.wait()), asyncio.ensure_future(self._stopping.wait())}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()
        if process.returncode is not None:
            return True
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_SECONDS + 5)
        if process.returncode is None:
            process.kill()
            await process.wait()
        return False
