"""Races: so many rounds of the same thing at once, a few in `make test`, a thousand in `make nightly`."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import aiohttp

T = TypeVar("T")


@dataclass
class Rounds:
    """How often a race is run: as usual, or as often as `--rounds` says, and no longer than `--seconds`."""

    asked: int
    seconds: int
    done: int = 0

    def __call__(self, usual: int) -> Iterator[int]:
        """The rounds, numbered from 0; `usual` of them where nobody asked for more."""
        ends = time.monotonic() + self.seconds if self.seconds else math.inf
        for number in range(self.asked or usual):
            if number and time.monotonic() >= ends:
                return
            yield number
            self.done += 1


async def at_once(times: int, act: Callable[[aiohttp.ClientSession], Awaitable[T]]) -> list[T]:
    """The same act on so many connections at once, spread by the kernel over the workers."""

    async def one() -> T:
        async with aiohttp.ClientSession() as session:
            return await act(session)

    return await asyncio.gather(*(one() for _ in range(times)))
