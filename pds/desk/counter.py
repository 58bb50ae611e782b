"""From the clerk's choice to the vault and back: begins exchanges by the SDK, and follows each to its end."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import aiohttp

from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.desk import words
from pds.desk.folder import Errand, Place, Setup
from pds.desk.task import Task
from pds.desk.values import lines_of
from pds.sdk import Collected, Declined, Desk, Exchange, News, Paused, Refused, SdkError, Stopped, Unreachable

logger = logging.getLogger("pds.desk")

AGAIN_SECONDS = 1
# A decision always leaves the desk a minute to collect it (protocols/specs/counter.md, States).
COLLECT_SECONDS = 60


class Counter:
    """The service's desks towards the vault. `close` ends what it was given."""

    def __init__(self, desks: Mapping[str, Desk], *, clock: Callable[[], int]) -> None:
        self._desks = desks
        self._clock = clock
        self._alarms: dict[str, str] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def alarms(self, place: Place) -> Sequence[str]:
        """What a supervisor must know of this desk."""
        state = self._alarms.get(place.id, "")
        return [words.ALARMS[state]] if state else []

    async def begin(self, errand: Errand, place: Place) -> Task:
        """A new code for the screen. Errors: `Stopped` (this desk may ask nothing now), `Refused`, `Unreachable`,
        `Invalid`."""
        try:
            exchange = await self._desks[place.id].begin(errand.id, access="once")
        except Stopped as error:
            self._alarms[place.id] = "frozen" if isinstance(error.__cause__, Refused) else "removed"
            raise
        except Refused as error:
            if error.error == "invalid_client":
                self._alarms[place.id] = "suspended"
                raise Stopped(str(error)) from error
            raise
        self._alarms.pop(place.id, None)
        task = Task(errand, exchange, clock=self._clock)
        task.follow(asyncio.create_task(self._follow(task, place)), closing=self._leave)
        return task

    async def close(self) -> None:
        """Wait for what is being told to the vault, and close the connections."""
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=AGAIN_SECONDS)
        for desk in self._desks.values():
            await desk.close()

    def _leave(self, exchange: Exchange) -> None:
        """The clerk is gone: the vault is told, and nobody waits for that."""

        async def leave() -> None:
            with suppress(SdkError, Invalid):
                await exchange.done()

        leaving = asyncio.create_task(leave())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _follow(self, task: Task, place: Place) -> None:
        """Move the task as the vault tells it; whatever goes wrong is a state that the clerk can read."""
        try:
            approved = await self._watch(task)
            if approved:
                collected = await self._collect(task.exchange)
                task.set("shared", lines=lines_of(collected.disclosure, tuple(task.errand.attributes)))
                with suppress(SdkError):
                    await task.exchange.done()
        except Declined:
            task.set("declined")
        except (Stopped, Paused):
            task.set("stopped")
        except (Unreachable, Refused) as error:
            logger.warning("an exchange could not go on: %s", error)
            task.set("unreachable")
        except Invalid as error:
            # A tampered answer, or digits that nobody typed: never shown, and worth a look.
            logger.error("an exchange was not what it claimed to be: %s", error.code)
            task.set("failed")
        if task.state in words.ALARMS:
            self._alarms[place.id] = task.state

    async def _watch(self, task: Task) -> bool:
        """Until nothing more will happen before we act; whether there is something to collect."""
        async for news in task.exchange.events():
            if news.state == "decided" and news.outcome == "approved":
                task.set("reading")
                return True
            task.hear(_state(news), tries_left=news.tries_left, second_phone=news.second_phone)
        return False

    async def _collect(self, exchange: Exchange) -> Collected:
        """The details; a lost line is waited out for as long as the vault keeps them for us."""
        until = self._clock() + COLLECT_SECONDS
        while True:
            try:
                return await exchange.collect()
            except Unreachable:
                if self._clock() >= until:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)


def open_counter(
    setup: Setup,
    *,
    session: aiohttp.ClientSession | None = None,
    clock: Callable[[], int] = lambda: int(time.time()),
) -> Counter:
    """A counter for every registered desk of a service. Call it inside a running loop."""

    def desk(id: str, registrar_keys: Sequence[Json]) -> Desk:
        return Desk(
            issuer=setup.issuer,
            client_id=setup.client_id,
            desk=id,
            keys=setup.keys,
            registrar_keys=registrar_keys,
            session=session,
            clock=clock,
        )

    return Counter({place.id: desk(place.id, setup.registrar_keys) for place in setup.places}, clock=clock)


def _state(news: News) -> str:
    """The state on our screen."""
    if news.state == "opened":
        return "claimed" if news.claimed else "opened"
    if news.state == "void":
        return news.reason if news.reason is not None and news.reason in words.STATES else "left"
    return {"waiting": "waiting", "paired": "asked", "decided": "declined"}.get(news.state, "failed")
