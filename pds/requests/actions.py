"""Pushed requests on their way from a service, through one browser, to the resident's decision."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from pds import store
from pds.core.encoding import Json, b64u, digest
from pds.errors import Conflict, Gone, NotFound, Refused
from pds.registry import actions as registry
from pds.requests.models import RequestRow

URI_PREFIX = "urn:ietf:params:oauth:request_uri:"
FIRST_VISIT_SECONDS = 300
INTERACTION_SECONDS = 1800
MAX_EXTENSIONS = 4


@dataclass(frozen=True, slots=True)
class Pending:
    """A request as it was pushed. `request` is the signed object, None for an unsigned sign-in."""

    id: str
    client_id: str
    request: str | None
    parameters: Json
    pushed: int
    hinted_subject: str | None
    expires: int
    decision: str | None
    answer_digest: str | None


async def push(
    client_id: str,
    request: str | None,
    parameters: Json,
    *,
    hinted_subject: str | None,
    now: int,
    random: Callable[[int], bytes],
) -> str:
    """Keep a request that passed every check; returns its `request_uri` (RFC 9126 section 2.2)."""
    uri = URI_PREFIX + b64u(random(32))
    async with store.write():
        await RequestRow.create(
            id=b64u(random(16)),
            uri_digest=digest(uri),
            client_id=client_id,
            request=request,
            parameters=parameters,
            pushed=now,
            hinted_subject=hinted_subject,
            expires=now + FIRST_VISIT_SECONDS,
        )
    return uri


async def push_at_counter(
    client_id: str,
    request: str,
    parameters: Json,
    desk: str,
    *,
    hinted_subject: str | None,
    expires: int,
    now: int,
    random: Callable[[int], bytes],
) -> str:
    """Keep a request that a desk makes, in the caller's transaction; returns its id."""
    row = await RequestRow.create(
        id=b64u(random(16)),
        uri_digest=digest(random(32)),
        client_id=client_id,
        request=request,
        parameters=parameters,
        pushed=now,
        hinted_subject=hinted_subject,
        expires=expires,
        desk=desk,
    )
    return str(row.id)


async def at_counter(id: str, *, lock: bool = False) -> Pending:
    """A request that a desk made; the counter decides who may see it. Errors: `NotFound`."""
    found = RequestRow.filter(id=id, desk__isnull=False)
    row = await (found.select_for_update(no_key=True) if lock else found).first()
    if row is None:
        raise NotFound("no such request")
    return _to_pending(row)


async def visit(uri: str, client_id: str, browser: str, *, now: int) -> Pending:
    """Bind a request to the browser that brings it first; another browser, or a decided request, is refused.

    Errors: `NotFound` for all of these alike.
    """
    if not registry.could_be(client_id):
        raise NotFound("no such request")
    async with store.write():
        row = await RequestRow.get_or_none(
            uri_digest=digest(uri), client_id=client_id, expires__gt=now, decision__isnull=True, desk__isnull=True
        )
        if row is None:
            raise NotFound("no such request")
        first = RequestRow.filter(id=row.id, browser_digest__isnull=True)
        if not await first.update(browser_digest=browser, expires=now + INTERACTION_SECONDS):
            row = await RequestRow.get_or_none(id=row.id, browser_digest=browser)
            if row is None:
                raise NotFound("no such request")
        return _to_pending(row)


async def find(id: str, browser: str, *, now: int) -> Pending:
    """The request that this browser brought. Errors: `NotFound`, `Gone`."""
    return _in_time(await RequestRow.get_or_none(id=id, browser_digest=browser), now=now)


async def hold(id: str, browser: str, *, now: int) -> Pending:
    """The same, and nobody else answers it until the transaction ends: an answer sent twice at once finds the first.

    Errors: `NotFound`, `Gone`.
    """
    found = RequestRow.filter(id=id, browser_digest=browser).select_for_update(no_key=True)
    return _in_time(await found.first(), now=now)


def _in_time(row: RequestRow | None, *, now: int) -> Pending:
    if row is None:
        raise NotFound("no such request in this browser")
    if row.expires <= now:
        raise Gone("this request has timed out")
    return _to_pending(row)


async def extend(id: str, browser: str, *, now: int) -> int:
    """Another half hour for who needs it (WCAG 2.2.1); returns the new end. Errors: `NotFound`, `Gone`, `Refused`."""
    async with store.write():
        pending = await hold(id, browser, now=now)
        row = await RequestRow.get(id=pending.id)
        if row.extensions >= MAX_EXTENSIONS:
            raise Refused("request/extended", "this request cannot be extended again")
        expires = now + INTERACTION_SECONDS
        await RequestRow.filter(id=row.id).update(extensions=row.extensions + 1, expires=expires)
        return expires


async def decline(id: str, browser: str, *, now: int) -> Pending:
    """The resident says no; saying it again changes nothing. Returns what was asked.

    Errors: `NotFound`, `Gone`, `Conflict`.
    """
    async with store.write():
        pending = await hold(id, browser, now=now)
        if pending.decision != "declined":
            await decide(pending, "declined", answer="")
        return pending


async def give_up(id: str, browser: str, because: str) -> Pending:
    """End a request that the wallet could not answer, also after its time; the same again changes nothing.

    `because` is `failed` or `timed_out`. Returns what was asked. Errors: `NotFound`, `Conflict`.
    """
    async with store.write():
        found = RequestRow.filter(id=id, browser_digest=browser).select_for_update(no_key=True)
        row = await found.first()
        if row is None:
            raise NotFound("no such request in this browser")
        pending = _to_pending(row)
        if (pending.decision, pending.answer_digest) != ("closed", because):
            await decide(pending, "closed", answer=because)
        return pending


async def close(pending: Pending) -> None:
    """Spend a request that was answered without the resident. Errors: `Conflict`."""
    async with store.write():
        await decide(pending, "closed", answer="")


async def decide(pending: Pending, decision: str, *, answer: str) -> None:
    """Record the one decision, inside the caller's transaction. Errors: `Conflict` where there was one already."""
    undecided = RequestRow.filter(id=pending.id, decision__isnull=True)
    if not await undecided.update(decision=decision, answer_digest=answer):
        raise Conflict("this request was answered already")


def code(pending_id: str, answer: str, *, secret: bytes) -> str:
    """The authorization code of one answer: the same answer sent again, after a lost reply, gets the same code."""
    return b64u(hmac.digest(secret, f"code {pending_id} {answer}".encode(), "sha256"))


def _to_pending(row: RequestRow) -> Pending:
    return Pending(
        row.id,
        row.client_id,
        row.request,
        row.parameters,
        row.pushed,
        row.hinted_subject,
        row.expires,
        row.decision,
        row.answer_digest or None,
    )
