"""Whose turn it is to write to a SQLite file: one writer at a time, in this process and among all of the machine.

A second writer with a deferred BEGIN fails most of its transactions whatever its busy timeout, because the snapshot
that it reads from is stale by the time it writes. So every write waits here first and then never meets another.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path


class Turns:
    """A queue in this process, and a lock on a file beside the database for the others.

    Only tasks of the store take a turn: nobody cancels them, so nobody holds a turn by accident.
    """

    def __init__(self, path: Path, executor: Executor) -> None:
        self._queue = asyncio.Lock()
        self._executor = executor
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @asynccontextmanager
    async def in_process(self) -> AsyncIterator[None]:
        """Our turn in this process. What follows takes `on_machine` in its own thread."""
        async with self._queue:
            yield

    @asynccontextmanager
    async def everywhere(self) -> AsyncIterator[None]:
        """Our turn in this process and on the machine."""
        async with self._queue:
            if not self._at_once():
                # The executor's one thread is free: whoever else uses it does so within a turn.
                await asyncio.get_running_loop().run_in_executor(self._executor, fcntl.flock, self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextmanager
    def on_machine(self) -> Iterator[None]:
        """Our turn among the processes of this machine; blocks the thread."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)

    def _at_once(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
