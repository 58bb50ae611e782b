"""Races: so many rounds of the same thing at once, a few in `make test`, a thousand in `make nightly`."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import aiohttp

T = TypeVar("T")

MOST_IN_A_VAULT = 50


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

    def batches(self, usual: int) -> Iterator[Iterator[int]]:
        """The same rounds, some at a time, each lot used up: a vault grows by every grant, so each has its own."""
        numbers = self(usual)
        for first in numbers:
            yield chain((first,), islice(numbers, MOST_IN_A_VAULT - 1))


async def at_once(times: int, act: Callable[[aiohttp.ClientSession], Awaitable[T]]) -> list[T]:
    """The same act on so many connections at once, spread by the kernel over the workers."""

    async def one() -> T:
        async with aiohttp.ClientSession() as session:
            return await act(session)

    return await asyncio.gather(*(one() for _ in range(times)))
