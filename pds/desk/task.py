"""One exchange at the desk, from the code on the screen to the details, which stay in this object and nowhere else."""

import asyncio
from collections.abc import Callable, Sequence

from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.desk import words
from pds.desk.folder import Errand
from pds.desk.values import Line
from pds.sdk import Exchange, Refused, Unreachable

SHOWN_SECONDS = 600
TRIES = 3


class Task:
    """What one clerk does for one resident. It changes by itself; `beyond` waits for that."""

    def __init__(self, errand: Errand, exchange: Exchange, *, clock: Callable[[], int]) -> None:
        self.errand = errand
        self.exchange = exchange
        self.state = "waiting"
        self.closed = False
        self._clock = clock
        self._lines: tuple[Line, ...] = ()
        self._clears = 0
        self._tries = TRIES
        self._second_phone = False
        self._version = 1
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._closing: Callable[[Exchange], None] = lambda exchange: None

    @property
    def over(self) -> bool:
        """Nothing more will happen by itself, and nothing of a resident is shown."""
        return self.state not in words.UNDER_WAY

    @property
    def version(self) -> str:
        """Of what `snapshot` says; the id of its event."""
        return str(self._version)

    def snapshot(self) -> Json:
        """Everything that the screen shows now."""
        says, following = words.STATES[self.state]
        return {
            "state": self.state,
            "says": says.format(asked=words.asked(len(self.errand.attributes))),
            "next": following.format(fallback=self.errand.fallback["en"]).strip(),
            "note": words.SECOND_PHONE if self._second_phone and not self.over else "",
            "alarm": words.ALARMS.get(self.state, ""),
            "lines": [
                {"label": each.label, "shown": each.shown, "copied": each.copied, "vouched": each.vouched}
                for each in self._lines
            ],
            "over": self.over,
            "again": self.state in words.AGAIN,
        }

    async def beyond(self, version: str) -> None:
        """Until `snapshot` says something else than it did at this version."""
        while self.version == version and not self.closed:
            await self._changed.wait()

    async def try_digits(self, typed: str) -> str:
        """Let the vault's server compare the four digits; what to tell the clerk, empty where they were right."""
        if self.state != "claimed":
            return words.NOT_NOW
        try:
            right = await self.exchange.digits(typed)
        except Invalid:
            return words.FOUR_DIGITS
        except Refused:
            return words.NOT_NOW
        except Unreachable:
            return words.NO_ANSWER
        if right:
            return ""
        self._tries -= 1
        return words.wrong_digits(self._tries)

    def hear(self, state: str, *, tries_left: int, second_phone: bool) -> None:
        """What the vault says has happened."""
        self._tries = min(self._tries, tries_left)
        self._second_phone = self._second_phone or second_phone
        self.set(state)

    def set(self, state: str, *, lines: Sequence[Line] = ()) -> None:
        """Move to a state, and wake whoever shows it."""
        if self.closed:
            return
        self.state, self._lines = state, tuple(lines)
        self._clears = self._clock() + SHOWN_SECONDS
        self._version += 1
        self._wake()

    def sweep(self, *, now: int) -> None:
        """Forget the details when they were shown long enough."""
        if self.state == "shared" and now >= self._clears:
            self.set("cleared")

    def follow(self, following: asyncio.Task[None], *, closing: Callable[[Exchange], None]) -> None:
        """The work that moves this task, and what to do when it is closed before its end."""
        self._following, self._closing = following, closing

    def close(self) -> None:
        """The clerk is done, or gone: nothing is kept, and nothing more is awaited."""
        if self.closed:
            return
        unfinished = not self.over and self.state != "shared"
        self._lines, self.closed = (), True
        if self._following is not None:
            self._following.cancel()
        if unfinished:
            self._closing(self.exchange)
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
