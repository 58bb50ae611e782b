"""The state of a counter session and how it moves: every move is one conditional change, told to whoever waits."""

import hmac
import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pds import store
from pds.core import counter
from pds.core.counter import Desk
from pds.core.encoding import Json, b64u, jcs
from pds.core.errors import Invalid
from pds.core.registry import Service
from pds.counter.models import AlertRow, CounterEventRow, CounterRow
from pds.errors import Conflict, NotFound
from pds.grants import tokens
from pds.registry import actions as registry
from pds.requests import actions as requests

Bell = store.Bell
logger = logging.getLogger("pds.counter")


@dataclass(frozen=True, slots=True)
class Session:
    """One session, as its two sides may know it. `until` is a time."""

    id: str
    client_id: str
    desk: str
    jkt: str
    state: str
    outcome: str | None
    reason: str | None
    claimed: bool
    n: int
    until: int


def to_session(row: CounterRow) -> Session:
    """A row as a value."""
    return Session(
        row.id,
        row.client_id,
        row.desk,
        row.jkt,
        row.state,
        row.outcome,
        row.reason,
        row.resident is not None,
        row.n,
        row.until,
    )


def secret_digest(secret: bytes, kind: str, value: str) -> str:
    """What is kept of a code: 40 bits could be guessed from a plain digest."""
    return b64u(hmac.digest(secret, f"counter {kind} {value}".encode(), "sha256"))


def digits_of(secret: bytes, id: str) -> str:
    """The four digits of one session: made of the server's secret, and so kept nowhere."""
    number = int.from_bytes(hmac.digest(secret, f"counter digits {id}".encode(), "sha256")[:8])
    return f"{number % 10_000:04d}"


async def hold(**where: object) -> CounterRow | None:
    """The session, locked to the end of the transaction."""
    return await CounterRow.filter(**where).select_for_update(no_key=True).first()


def listen(id: str) -> AbstractContextManager[Bell]:
    """Hear when a worker has changed a session."""
    return store.listen(id)


async def move(row: CounterRow, act: str, what: str, *, now: int, **changes: object) -> None:
    """One act of the table, and its event, in the caller's transaction. Errors: `Conflict` with `counter/state`."""
    try:
        state = counter.follow(row.state, act)
    except Invalid as error:
        raise Conflict(str(error), rule=error.code) from error
    changed = await CounterRow.filter(id=row.id, state=row.state, n=row.n).update(state=state, n=row.n + 1, **changes)
    if not changed:  # the row is locked, so this is a mistake of ours, or a database without locks
        raise Conflict("somebody else was first", rule="counter/state")
    await tell(row.id, what, now=now)
    for name, value in {"state": state, "n": row.n + 1, **changes}.items():
        setattr(row, name, value)


async def tell(id: str, what: str, *, now: int) -> None:
    """The event of the change that was just made, in its transaction."""
    row = await CounterRow.get(id=id)
    data: Json = {
        "state": row.state,
        "claimed": row.resident is not None,
        "outcome": row.outcome,
        "reason": row.reason,
        "tries_left": counter.TRIES - row.tries,
        "second_phone": row.others > 0,
        "at": now,
        "expires": row.until,
    }
    await CounterEventRow.create(counter=id, n=row.n, what=what, data=data, expires=row.expires)


async def settle(connection: store.Connection, row: CounterRow, *, now: int) -> bool:
    """Void a session whose time is over or whose desk is no longer in force; whether it still lives."""
    if row.state not in counter.LIVE:
        return False
    reason = await _why_over(connection, row, now=now)
    if reason:
        await end(connection, row, "lapse", reason, now=now)
    return not reason


async def end(connection: store.Connection, row: CounterRow, act: str, reason: str, *, now: int) -> None:
    """Void it. What was approved and not collected is not collected any more."""
    await move(row, act, "void", now=now, reason=reason)
    await tokens.drop_code(row.device_digest)
    await store.ring(connection, row.id)


async def desk_of(client_id: str, desk: Json, purpose: str, *, now: int) -> tuple[Service, Desk]:
    """The service in force, and the desk as its statement lists it now. Errors: `NotFound`, `Invalid`."""
    service = await registry.service(client_id, now=now)
    return service, counter.signed_desk(desk, service.desks, purpose)


async def is_due(row: CounterRow, *, now: int) -> bool:
    """Whether `settle` would void it: to be asked often, for it locks nothing."""
    return row.state in counter.LIVE and bool(await _why_over(None, row, now=now))


async def _why_over(connection: store.Connection | None, row: CounterRow, *, now: int) -> str:
    if row.until <= now:
        return "expired"
    detail = (await requests.at_counter(row.id)).parameters["authorization_details"][0]
    try:
        await desk_of(row.client_id, detail["desk"], detail["purpose"], now=now)
    except NotFound:
        return "suspended"
    except Invalid:
        return "removed"
    if connection is None:
        return await registry.why_stopped(row.client_id, row.desk)
    return await store.why_stopped(connection, row.client_id, row.desk)


async def alert(client_id: str, desk: str, kind: str, *, now: int) -> None:
    """For a supervisor, in the caller's transaction: a row, and a line of the log. Nothing about the resident."""
    await AlertRow.create(client_id=client_id, desk=desk, kind=kind, at=now)
    line = jcs({"alert": kind, "service": client_id, "desk": desk, "at": now})
    logger.warning("%s", line.decode("ascii", "backslashreplace"))
