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
from typing import TextIO

import uvloop
from aiohttp import web

from pds.app import create_app
from pds.http.runner import Runner
from pds.settings import Settings

# A worker that cannot start is not started in a loop that eats the machine.
RESTART_SECONDS = 1.0
# In-flight requests may finish; whoever holds a connection open without asking is not waited for.
GRACE_SECONDS = 20.0


def serve_one(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stopping = _told_to_stop()
    runner = Runner(create_app(settings), access_log=None, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port, reuse_port=True).start()
        _say(sys.stdout, f"worker {os.getpid()} serves {settings.issuer}")
        await stopping.wait()
    finally:
        await runner.cleanup()


def _say(stream: TextIO, line: str) -> None:
    """Write one whole line at once: `print` to an unbuffered stream writes its end apart, and the pipe is shared."""
    stream.write(f"{line}\n")
    stream.flush()


def _told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and SIGINT."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def serve_many(workers: int) -> None:
    """Keep `workers` processes of `pds serve` running; each reads the same settings as this one."""
    asyncio.run(_Parent(workers).run())


class _Parent:
    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        self._stopping = _told_to_stop()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._workers):
                group.create_task(self._keep())

    async def _keep(self) -> None:
        """One place among the workers: started, and started anew when its process ends by itself."""
        while not self._stopping.is_set():
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "pds.cli", "serve")
            if await self._ended(process):
                _say(sys.stderr, f"worker {process.pid} ended with {process.returncode}: replaced")
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
