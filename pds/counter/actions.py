"""What a wallet does at a counter: open and claim, look, answer, leave."""

from dataclasses import dataclass

from pds import store
from pds.core import counter
from pds.core.encoding import Json, digest
from pds.core.request import check_counter, verify_signature
from pds.counter import sessions
from pds.counter.models import CounterRow
from pds.counter.sessions import Session
from pds.errors import Conflict, Gone, NotFound, Refused
from pds.grants import actions as grants
from pds.registry import actions as registry
from pds.requests import actions as requests
from pds.residents import attempts

# How often a desk is told of another phone: who has the picture could go on for ever.
MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Phone:
    """Which browser, and whose, if somebody is signed in. `address` is where it asks from."""

    browser: str
    resident: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Released:
    """What a wallet gets once the digits were right."""

    session: Session
    request: str | None


async def open_by_code(code: str, phone: Phone, *, now: int, secret: bytes) -> Session:
    """Open by the picture: the first phone has it, and once it is signed in it has claimed it.

    Errors: `NotFound`, `Gone`, `Conflict` (`counter/taken`).
    """
    async with store.write() as connection:
        row = await sessions.hold(code_digest=sessions.secret_digest(secret, "code", code))
        outcome = await _open(connection, row, phone, now=now)
    return _opened(row, outcome)


async def open_by_typed(typed: str, phone: Phone, *, now: int, secret: bytes) -> Session:
    """The same by the code that people type, which can be guessed: so only signed in, and so often.

    Errors: also `TooMany`.
    """
    attempt = attempts.Attempt.of(secret, f"typed {phone.resident}", f"typed {phone.address}")
    async with store.write() as connection:
        await attempts.count(connection, attempt, now=now, what="to type a code")
        row = await sessions.hold(typed_digest=sessions.secret_digest(secret, "typed", typed))
        outcome = await _open(connection, row, phone, now=now)
        if row is not None:
            await attempts.take_back(connection, attempt)
    return _opened(row, outcome)


async def find(id: str, phone: Phone, *, now: int) -> Released:
    """The session that this resident claimed in this browser. Errors: `NotFound`."""
    row = await CounterRow.get_or_none(id=id, browser_digest=phone.browser, resident=phone.resident)
    if row is None or phone.resident is None:
        raise NotFound("no such session in this browser")
    if await sessions.is_due(row, now=now):
        async with store.write() as connection:
            held = await _hold(id, phone)
            await sessions.settle(connection, held, now=now)
            row = held
    released = row.state in (counter.PAIRED, counter.DECIDED, counter.COLLECTED)
    return Released(sessions.to_session(row), (await requests.at_counter(id)).request if released else None)


async def approve(
    id: str,
    phone: Phone,
    who: grants.Approver,
    answer: grants.Answer,
    subject_proof: str | None,
    *,
    issuer: str,
    now: int,
) -> None:
    """Yes: the grant that the record proves, and the session is decided. The same bytes again change nothing.

    Errors: `NotFound`, `Gone`, `Conflict`, `Refused`, `Invalid` by rule, `AnotherDeviceWasFirst`.
    """
    async with store.write() as connection:
        row = await _hold(id, phone)
        if await _again(id, row, "approved", answer.digest):
            return
        alive = await sessions.settle(connection, row, now=now)
        if alive:
            pending = await requests.at_counter(id, lock=True)
            detail = pending.parameters["authorization_details"][0]
            # The registry of now decides, as online.
            await registry.check_index(now=now)
            service, _ = await sessions.desk_of(row.client_id, detail["desk"], detail["purpose"], now=now)
            compact = pending.request or ""
            verify_signature(compact, service)
            request = check_counter(pending.parameters, service, issuer=issuer, now=now, request_hash=digest(compact))
            if (subject_proof is not None) != service.subject_proof:
                raise Refused(
                    "proof/missing", "a subject proof, where the statement asks for it", member="subject_proof"
                )
            until = max(row.until, now + counter.COLLECT_SECONDS)
            # Before anything of the vault: nobody answers before the digits, or twice.
            await sessions.move(row, "approve", "decided", now=now, outcome="approved", until=until)
            code = grants.CodeOf(row.device_digest, until, row.desk, subject_proof)
            await grants.enter(connection, pending, request, service, who, answer, code, now=now)
            await store.ring(connection, id)
    if not alive:
        raise Gone("this exchange is over")


async def decline(id: str, phone: Phone, *, now: int) -> None:
    """No; saying it again changes nothing. Errors: `NotFound`, `Gone`, `Conflict`."""
    async with store.write() as connection:
        row = await _hold(id, phone)
        if await _again(id, row, "declined", None):
            return
        alive = await sessions.settle(connection, row, now=now)
        if alive:
            until = max(row.until, now + counter.COLLECT_SECONDS)
            await sessions.move(row, "decline", "decided", now=now, outcome="declined", until=until)
            await requests.decide(await requests.at_counter(id, lock=True), "declined", answer="")
            await store.ring(connection, id)
    if not alive:
        raise Gone("this exchange is over")


async def leave(id: str, phone: Phone, why: str, *, now: int) -> None:
    """Not this desk: the session is void. Errors: `NotFound`, `Gone`, `Conflict`."""
    async with store.write() as connection:
        row = await _hold(id, phone)
        alive = await sessions.settle(connection, row, now=now)
        if alive:
            await sessions.end(connection, row, "leave", "left", now=now)
            if why != "changed-mind":
                await sessions.alert(row.client_id, row.desk, why, now=now)
    if not alive and row.reason != "left":
        raise Gone("this exchange is over")


async def _open(connection: store.Connection, row: CounterRow | None, phone: Phone, *, now: int) -> str:
    """What came of it: `ours`, `taken`, `over` or `unknown`. Nothing is raised, so that what was told is kept."""
    if row is None:
        return "unknown"
    ours = row.browser_digest == phone.browser and row.resident in (None, phone.resident)
    alive = await sessions.settle(connection, row, now=now)
    if row.state == counter.WAITING:
        until = now + counter.HELD_SECONDS
        await sessions.move(row, "open", "opened", now=now, browser_digest=phone.browser, until=until)
        ours = True
    elif not (ours and (alive or row.resident)):
        if alive and not ours and row.others < MOST_OTHERS:
            others, n = row.others + 1, row.n + 1
            await CounterRow.filter(id=row.id).update(others=others, n=n)
            await sessions.tell(row.id, "second-phone", now=now)
        await store.ring(connection, row.id)
        return "taken" if alive else "over"
    if row.resident is None and phone.resident is not None:
        await sessions.move(row, "claim", "claimed", now=now, resident=phone.resident, until=row.ends)
    await store.ring(connection, row.id)
    return "ours"


def _opened(row: CounterRow | None, outcome: str) -> Session:
    if row is None or outcome == "unknown":
        raise NotFound("no such code")
    if outcome == "taken":
        raise Conflict("another phone has opened this code", rule="counter/taken")
    if outcome == "over":
        raise Gone("this code is over: ask for another")
    return sessions.to_session(row)


async def _hold(id: str, phone: Phone) -> CounterRow:
    row = await sessions.hold(id=id, browser_digest=phone.browser, resident=phone.resident)
    if row is None or phone.resident is None:
        raise NotFound("no such session in this browser")
    return row


async def _again(id: str, row: CounterRow, decision: str, answer: str | None) -> bool:
    """Whether this very answer was given before. Errors: `Conflict` where another was."""
    if row.outcome is None:
        return False
    given = await requests.at_counter(id)
    if given.decision != decision or given.answer_digest != answer:
        raise Conflict("this request was answered already")
    return True


def view(session: Session, more: Json) -> Json:
    """The session as its wallet reads it (protocols/schemas/counter_session.json)."""
    document: Json = {
        "id": session.id,
        "state": session.state,
        "n": session.n,
        "claimed": session.claimed,
        "expires": session.until,
        **more,
    }
    if session.reason is not None:
        document["reason"] = session.reason
    return document
