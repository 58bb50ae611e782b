"""Reading server-sent events (WHATWG HTML section 9.2), as far as our own server sends them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.core.members import exactly, flag, number
from pds.sdk.errors import Unreachable

MAX_LINE_BYTES = 8192
_ANSWER = "answer/members"


@dataclass(frozen=True, slots=True)
class News:
    """One event of a session, and the whole state after it (protocols/schemas/counter_event.json)."""

    n: int
    what: str
    state: str
    claimed: bool
    outcome: str | None
    reason: str | None
    tries_left: int
    second_phone: bool
    at: int
    expires: int

    @property
    def last(self) -> bool:
        """Nothing comes after it."""
        return self.state in ("collected", "void") or self.outcome == "declined"


def read_news(n: int, what: str, data: str) -> News:
    """One event. Errors: `answer/members`, `encoding/json`."""
    names = "state claimed outcome reason tries_left second_phone at expires".split()
    document = exactly(parse_object(data.encode()), names, _ANSWER)
    if not isinstance(document["state"], str):
        raise Invalid(_ANSWER, "state")
    words: Json = {name: document[name] for name in ("outcome", "reason")}
    if not all(word is None or isinstance(word, str) for word in words.values()):
        raise Invalid(_ANSWER, "outcome")
    return News(
        n=n,
        what=what,
        state=document["state"],
        claimed=flag(document, "claimed", _ANSWER),
        tries_left=number(document, "tries_left", _ANSWER),
        second_phone=flag(document, "second_phone", _ANSWER),
        at=number(document, "at", _ANSWER),
        expires=number(document, "expires", _ANSWER),
        **words,
    )


async def read_stream(response: aiohttp.ClientResponse) -> AsyncIterator[News]:
    """The events of one connection, until it ends. Errors: `Unreachable` when it breaks, `answer/members`."""
    fields: dict[str, str] = {}
    try:
        while True:
            line = await response.content.readline()
            if not line:
                return
            if len(line) > MAX_LINE_BYTES:
                raise Unreachable("an event that is too long")
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if text:
                name, _, value = text.partition(":")
                fields[name] = value.removeprefix(" ")
                continue
            if "data" in fields:
                id = fields.get("id", "")
                if not id.isascii() or not id.isdigit() or len(id) > 9:
                    raise Invalid(_ANSWER, "id")
                yield read_news(int(id), fields.get("event", ""), fields["data"])
            fields = {}
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        if isinstance(error, Invalid):
            raise
        raise Unreachable(f"the events broke off: {type(error).__name__}") from error
