"""How many may wait for news at once: in this worker, and of one thing. A stopping worker waits for none of them."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from pds.errors import Unavailable

MOST_STREAMS = 500
MOST_OF_ONE = 2


class Place:
    """One who waits. `over` is set when a newer one of the same topic came, or the worker stops."""

    def __init__(self) -> None:
        self.over = False


class Streams:
    """All who wait in this worker."""

    def __init__(self) -> None:
        self._places: dict[str, OrderedDict[Place, None]] = {}
        self._stopping = False

    @contextmanager
    def place(self, topic: str) -> Iterator[Place]:
        """Take a place; of three of one topic the oldest goes: its connection may be lost. Errors: `Unavailable`."""
        if sum(map(len, self._places.values())) >= MOST_STREAMS:
            raise Unavailable("too many wait here: try again soon")
        places = self._places.setdefault(topic, OrderedDict())
        place = Place()
        place.over = self._stopping
        places[place] = None
        while len(places) > MOST_OF_ONE:
            places.popitem(last=False)[0].over = True
        try:
            yield place
        finally:
            places.pop(place, None)
            if not places and self._places.get(topic) is places:
                del self._places[topic]

    async def stop(self, _app: web.Application) -> None:
        """The worker stops: a signal handler (`on_shutdown`)."""
        self._stopping = True
        for places in self._places.values():
            for place in places:
                place.over = True


STREAMS = web.AppKey("streams", Streams)
