"""Whose turn it is to be told what, and what becomes of it: each a transaction of its own around one sending."""

from dataclasses import dataclass

from pds import store
from pds.core.notice import Notice
from pds.errors import NotFound
from pds.notices.models import NoticeRow


@dataclass(frozen=True, slots=True)
class Claimed:
    """One notice to one service. Nobody else sends it, or another to this service, before `lease`, in seconds."""

    notice: Notice
    client_id: str
    attempts: int
    lease: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many notices of a service wait, since when the oldest does, and how often it was tried."""

    client_id: str
    notices: int
    oldest: int | None
    attempts: int


async def anything_due(*, now: int) -> bool:
    """Whether it is worth claiming. Asked often, it writes nothing."""
    return await NoticeRow.exists(due__lte=now, lease__lte=now)


async def claim(*, now: int, lease: int, most: int) -> tuple[list[Claimed], list[tuple[str, str, int]]]:
    """One notice of each of at most `most` services to which nobody is sending.

    With them those that are given up now, because they could not be told for three days: service, kind and attempts.
    Errors: `Unavailable`.
    """
    async with store.write() as connection:
        dropped = await store.outbox.drop_old(connection, now=now)
        rows = await store.outbox.claim(connection, now=now, lease=lease, most=most)
    members = ("id", "kind", "queued", "subject", "grant_id", "revision", "sid")
    claimed = [
        Claimed(Notice(*(row[name] for name in members)), row["client_id"], row["attempts"], row["lease"])
        for row in rows
    ]
    return claimed, [(row["client_id"], row["kind"], row["attempts"]) for row in dropped]


async def done(claimed: Claimed) -> None:
    """It was taken, or never will be. Errors: `Unavailable`."""
    async with store.write() as connection:
        await store.outbox.done(connection, claimed.notice.id, claimed.lease)


async def later(claimed: Claimed, *, due: int, alone: bool) -> None:
    """It was not taken: again at `due`, in seconds. Unless `alone` its service does not answer: nothing to it before.

    Errors: `Unavailable`.
    """
    async with store.write() as connection:
        await store.outbox.later(connection, claimed.notice.id, claimed.lease, due)
        if not alone:
            await store.outbox.all_later(connection, claimed.client_id, due)


async def give_back(claimed: Claimed) -> None:
    """We are told to stop: another worker may send it at once. Errors: `Unavailable`."""
    async with store.write() as connection:
        await store.outbox.give_back(connection, claimed.notice.id, claimed.lease)


async def verify(client_id: str) -> None:
    """Send a service an event that only tries the way. Errors: `NotFound` where it takes no notices."""
    async with store.write() as connection:
        if not await store.outbox.verify(connection, client_id):
            raise NotFound("no such service, or none that takes notices")


async def waiting() -> list[Waiting]:
    """What waits, by service."""
    found: dict[str, Waiting] = {}
    for row in await NoticeRow.all().order_by("client_id").values("client_id", "queued", "attempts"):
        last = found.get(row["client_id"], Waiting(row["client_id"], 0, None, 0))
        times = [time for time in (last.oldest, row["queued"]) if time is not None]
        found[row["client_id"]] = Waiting(
            row["client_id"], last.notices + 1, min(times, default=None), max(last.attempts, row["attempts"])
        )
    return list(found.values())
