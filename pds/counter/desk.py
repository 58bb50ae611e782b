"""What a desk does: begin, compare digits, hear what happens, collect, cancel."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from pds import store
from pds.core import counter
from pds.core.encoding import Json, b64u, digest
from pds.counter import sessions
from pds.counter.models import CounterEventRow, CounterRow
from pds.counter.sessions import Session
from pds.errors import Conflict, NotFound, Refused, TooMany
from pds.grants import tokens
from pds.requests import actions as requests

PACE_SECONDS = 600
MOST_IN_PACE = 60
# A busy desk serves one resident a minute: from here on somebody should look.
UNUSUAL_IN_PACE = 30
INTERVAL_SECONDS = 2
SLOWER_SECONDS = 5
SLOWEST_SECONDS = 60
# How long the outcome of a session can still be asked for.
REMEMBERED_SECONDS = 3600
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Begun:
    """What the desk is given: `device_code` is its own, `code` is for the picture, `typed` for people."""

    device_code: str
    code: str
    typed: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event, `n` from 1."""

    n: int
    what: str
    data: Json


def device_digest(device_code: str) -> str:
    """What is kept of a device code, in the sessions and among the codes that are exchanged for tokens."""
    return digest(_as_code(device_code))


def _as_code(device_code: str) -> str:
    # Not what anybody sends as `code`: the two kinds cannot be exchanged by each other's grant type.
    return f"device_code {device_code}"


async def begin(
    client_id: str,
    request: str,
    parameters: Json,
    *,
    hinted_subject: str | None,
    now: int,
    secret: bytes,
    random: Random,
) -> Begun:
    """A new session for a request that passed every check. Errors: `Refused` (`counter/frozen`), `TooMany`."""
    desk = parameters["authorization_details"][0]["desk"]["id"]
    made = Begun(b64u(random(32)), counter.format_code(random(counter.CODE_BYTES)), "")
    async with store.write() as connection:
        if await store.why_stopped(connection, client_id, desk):
            raise Refused("counter/frozen", "this desk is frozen: a supervisor must look", member="desk")
        await _keep_pace(connection, client_id, desk, now=now, secret=secret)
        ends = now + counter.EXCHANGE_SECONDS
        forgotten = ends + REMEMBERED_SECONDS
        id = await requests.push_at_counter(
            client_id,
            request,
            parameters,
            desk,
            hinted_subject=hinted_subject,
            expires=forgotten,
            now=now,
            random=random,
        )
        typed, typed_digest = await _typed(secret, random)
        await CounterRow.create(
            id=id,
            client_id=client_id,
            desk=desk,
            jkt=parameters["dpop_jkt"],
            device_digest=device_digest(made.device_code),
            code_digest=sessions.secret_digest(secret, "code", made.code),
            typed_digest=typed_digest,
            state=counter.WAITING,
            n=1,
            interval=INTERVAL_SECONDS,
            until=now + counter.UNCLAIMED_SECONDS,
            ends=ends,
            expires=forgotten,
        )
        await sessions.tell(id, "waiting", now=now)
    return Begun(made.device_code, made.code, typed)


async def find(device_code: str, client_id: str, *, now: int) -> Session:
    """The session of a device code, if this client began it. Errors: `NotFound`."""
    async with store.write() as connection:
        row = await _hold(device_code, client_id)
        await sessions.settle(connection, row, now=now)
        return sessions.to_session(row)


async def compare(device_code: str, client_id: str, digits: str, *, now: int, secret: bytes) -> tuple[bool, int]:
    """Whether staff typed what the phone shows, and how many tries are left. Errors: `NotFound`, `Conflict`."""
    async with store.write() as connection:
        row = await _hold(device_code, client_id)
        alive = await sessions.settle(connection, row, now=now)
        ready = alive and row.state == counter.OPENED and row.resident is not None
        right = False
        if ready:
            right = hmac.compare_digest(digits.encode(), sessions.digits_of(secret, row.id).encode())
            if right:
                await sessions.move(row, "pair", "paired", now=now)
            elif row.tries + 1 < counter.TRIES:
                await sessions.move(row, "miss", "wrong-digits", now=now, tries=row.tries + 1)
            else:
                await sessions.move(row, "lock", "void", now=now, tries=counter.TRIES, reason="digits")
                await sessions.alert(client_id, row.desk, "digits", now=now)
            await store.ring(connection, row.id)
    if not ready:
        raise Conflict(f"no digits are compared in {row.state}", rule="counter/state")
    return right, counter.TRIES - row.tries


async def poll(device_code: str, client_id: str, *, now: int) -> tuple[Session, bool]:
    """The session, and whether the desk asks too often while there is nothing new. Errors: `NotFound`."""
    async with store.write() as connection:
        row = await _hold(device_code, client_id)
        await sessions.settle(connection, row, now=now)
        pending = row.state in (counter.WAITING, counter.OPENED, counter.PAIRED)
        # Clocks count whole seconds: who keeps the interval may seem a second early.
        hasty = pending and now - row.polled < row.interval - 1
        interval = min(row.interval + SLOWER_SECONDS, SLOWEST_SECONDS) if hasty else row.interval
        await CounterRow.filter(id=row.id).update(polled=now, interval=interval)
        return sessions.to_session(row), hasty


async def collect(device_code: str, client_id: str, jkt: str, *, now: int, random: Random) -> tokens.Tokens:
    """The tokens of an approved session, once. A second time ends them. Errors: `NotFound`."""
    code = await tokens.find_code(_as_code(device_code), client_id, now=now)
    async with store.write() as connection:
        row = await _hold(device_code, client_id)
        alive = await sessions.settle(connection, row, now=now)
        if alive and row.state == counter.DECIDED and row.outcome == "approved":
            await sessions.move(row, "collect", "collected", now=now)
            await store.ring(connection, row.id)
            return await tokens.exchange(connection, code, jkt, now=now, random=random)
    raise NotFound("there is nothing to collect")


async def parameters_of(session: Session) -> Json:
    """What the desk asked, as it signed it. Errors: `NotFound`."""
    return (await requests.at_counter(session.id)).parameters


async def cancel(device_code: str, client_id: str, *, now: int) -> None:
    """End it, in whatever state; what is over stays as it ended. Errors: `NotFound`."""
    async with store.write() as connection:
        row = await _hold(device_code, client_id)
        if await sessions.settle(connection, row, now=now):
            await sessions.end(connection, row, "cancel", "cancelled", now=now)


async def present(device_code: str, jkt: str, *, now: int) -> Session:
    """The session of a device code that is shown as a token, with a proof of the desk's key. Errors: `NotFound`."""
    async with store.write() as connection:
        row = await sessions.hold(device_digest=device_digest(device_code), jkt=jkt)
        if row is None:
            raise NotFound("no such device code")
        await sessions.settle(connection, row, now=now)
        return sessions.to_session(row)


async def events(session: Session, *, after: int, now: int) -> tuple[Session, list[Event]]:
    """What happened after event `after`, and the state now."""
    row = await CounterRow.get_or_none(id=session.id)
    if row is None:
        raise NotFound("this session is forgotten")
    if await sessions.is_due(row, now=now):
        async with store.write() as connection:
            row = await sessions.hold(id=session.id)
            if row is None:
                raise NotFound("this session is forgotten")
            await sessions.settle(connection, row, now=now)
    found = await CounterEventRow.filter(counter=session.id, n__gt=after).order_by("n")
    return sessions.to_session(row), [Event(each.n, each.what, each.data) for each in found]


async def _hold(device_code: str, client_id: str) -> CounterRow:
    row = await sessions.hold(device_digest=device_digest(device_code), client_id=client_id)
    if row is None:
        raise NotFound("no such device code")
    return row


async def _typed(secret: bytes, random: Random) -> tuple[str, str]:
    """A code that no session has: of 2⁴⁰ there may be two alike one day."""
    while True:
        typed = counter.format_typed(random(counter.TYPED_BYTES))
        hashed = sessions.secret_digest(secret, "typed", counter.parse_typed(typed))
        if not await CounterRow.exists(typed_digest=hashed):
            return typed, hashed


async def _keep_pace(connection: store.Connection, client_id: str, desk: str, *, now: int, secret: bytes) -> None:
    key = sessions.secret_digest(secret, "pace", f"{client_id} {desk}")
    begun, expires = await store.count_attempt(connection, key, expires=now + PACE_SECONDS, now=now)
    if begun > MOST_IN_PACE:
        raise TooMany("this desk begins too often", retry_after=max(1, expires - now))
    if begun == UNUSUAL_IN_PACE + 1:
        await sessions.alert(client_id, desk, "pace", now=now)
