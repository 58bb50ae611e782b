"""Group commit: what many requests wait for is done in one transaction, by a task that belongs to the store."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from pds.errors import Unavailable

_LOG = logging.getLogger("pds.store")

MOST_JOBS = 64
MOST_WAITING = 4096

Job = TypeVar("Job")
Answer = TypeVar("Answer")


class Batches(Generic[Job, Answer]):
    """A queue, and the task that empties it.

    The task is fed without a timer: while one batch commits, the next gathers. It belongs to no request, so a request
    that goes away takes nothing with it but its own place in the queue.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Job]], Awaitable[Sequence[Answer]]],
        turn: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._commit = commit
        self._turn = turn
        self._waiting: deque[tuple[Job, asyncio.Future[Answer]]] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._driver = asyncio.create_task(self._drive(), name="pds.store.batches")

    async def do(self, job: Job) -> Answer:
        """The answer, once it is durable. Errors: `Unavailable`, and nothing was done."""
        if self._closing or len(self._waiting) >= MOST_WAITING:
            raise Unavailable("too much to do at the moment")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        self._wake.set()
        return await future

    async def close(self) -> None:
        """Do what is waiting, then end."""
        self._closing = True
        self._wake.set()
        await asyncio.wait({self._driver})

    async def _drive(self) -> None:
        while not self._closing or self._waiting:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            async with self._turn():
                # Taken only now: whoever came while we waited for our turn is in this batch.
                batch = self._take()
                if batch:
                    await self._answer(batch)

    def _take(self) -> list[tuple[Job, asyncio.Future[Answer]]]:
        batch: list[tuple[Job, asyncio.Future[Answer]]] = []
        while self._waiting and len(batch) < MOST_JOBS:
            job, future = self._waiting.popleft()
            if not future.done():  # else: its request went away
                batch.append((job, future))
        return batch

    async def _answer(self, batch: Sequence[tuple[Job, asyncio.Future[Answer]]]) -> None:
        """One job that cannot be done must not fail its neighbours: after a failure each runs alone."""
        try:
            answers = await self._commit([job for job, _ in batch])
        except Unavailable as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(Unavailable(str(error)))
        except Exception:
            if len(batch) > 1:
                _LOG.warning("a batch of %d failed; each job again, alone", len(batch), exc_info=True)
                for single in batch:
                    await self._answer([single])
                return
            _LOG.exception("a job failed")
            if not batch[0][1].done():
                batch[0][1].set_exception(Unavailable("this could not be stored"))
        else:
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
