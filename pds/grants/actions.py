"""Approve, publish, revoke: each a commit of the vault and an act on a grant, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.backends.base.client import BaseDBAsyncClient

from pds import store
from pds.core import jose
from pds.core.encoding import Json, digest, hour
from pds.core.record import Record, verify_record, verify_subject_proof
from pds.core.registry import Service
from pds.core.request import Request, check_parameters, verify_signature
from pds.errors import Conflict, NotFound, Refused
from pds.grants.models import CodeRow, GrantRow, LogRow, SubjectRow
from pds.registry import actions as registry
from pds.requests import actions as requests
from pds.vault import actions as vault

CODE_SECONDS = 60
LOG_AT_ONCE = 500
SERVED_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approves, in which browser and which session, and how they signed in."""

    resident: str
    browser: str
    session: str
    auth_time: int
    amr: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An approval as the wallet sends it. `replaces` are the grants that it ends."""

    record: str
    disclosure: str | None
    replaces: tuple[str, ...]
    commit: vault.Commit
    digest: str


@dataclass(frozen=True, slots=True)
class CodeOf:
    """By which code the service collects its tokens, as its digest. `desk` and `subject_proof` are of a counter."""

    digest: str
    expires: int
    desk: str | None = None
    subject_proof: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as its resident sees it on the server, to compare with what is sealed.

    `enc_jkt` names the key that its disclosure is encrypted to: the wallet makes a new one when the service changes it.
    """

    id: str
    service: str
    subject: str
    state: str
    ends: int
    n: int
    head: str
    last_read: int | None
    enc_jkt: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """One new revision of one grant's disclosure."""

    grant_id: str
    revision: int
    disclosure: str


async def approve(
    request_id: str, who: Approver, answer: Answer, *, issuer: str, secret: bytes, now: int
) -> tuple[str, requests.Pending]:
    """Create the grant that the record proves; returns the authorization code and what was asked.

    Errors: `NotFound`, `Gone`, `Conflict`, `Refused`, `Invalid` by rule, `AnotherDeviceWasFirst`.
    """
    code = requests.code(request_id, answer.digest, secret=secret)
    async with store.write() as connection:
        pending = await requests.hold(request_id, who.browser, now=now)
        if pending.decision is not None:
            if await _is_own_answer(pending, who.resident, answer):
                return code, pending
            raise Conflict("this request was answered already")
        # The registry of now decides, not that of the day when the request was pushed.
        await registry.check_index(now=now)
        service = await registry.service(pending.client_id, now=now)
        if pending.request is not None:
            verify_signature(pending.request, service)
        request = check_parameters(
            pending.parameters,
            service,
            issuer=issuer,
            now=now,
            request_hash=digest(pending.request) if pending.request else None,
        )
        code_of = CodeOf(digest(code), now + CODE_SECONDS)
        await enter(connection, pending, request, service, who, answer, code_of, now=now)
    return code, pending


async def enter(
    connection: BaseDBAsyncClient,
    pending: requests.Pending,
    request: Request,
    service: Service,
    who: Approver,
    answer: Answer,
    code: CodeOf,
    *,
    now: int,
) -> None:
    """The grant that an answer to this request makes, in the caller's transaction, which holds the request.

    Errors: `Conflict`, `Refused`, `Invalid` by rule, `AnotherDeviceWasFirst`.
    """
    record = verify_record(answer.record, request, service, now=now)
    _check_fresh(pending, who, record, now=now)
    _check_disclosure(answer.disclosure, request, service)
    if code.subject_proof is not None:
        _check_proof(code.subject_proof, record, service)
    await requests.decide(pending, "approved", answer=answer.digest)
    await _own_subject(service.sector, record.sub, who.resident)
    await vault.apply(who.resident, answer.commit)
    if record.grant_id not in {put.id for put in answer.commit.put}:
        raise Refused("grant/unsealed", "the commit does not hold the grant", member="commit")
    await _replace(connection, who.resident, record, answer.replaces, now=now)
    await _create(record, request, service, who, answer, desk=code.desk)
    await store.append(connection, record.grant_id, "approved", answer.record, now=now)
    await CodeRow.create(
        digest=code.digest,
        grant_id=record.grant_id,
        client_id=service.client_id,
        redirect_uri=request.redirect_uri,
        code_challenge=request.parameters.get("code_challenge", ""),
        dpop_jkt=request.dpop_jkt,
        nonce=request.parameters.get("nonce"),
        scope=request.parameters.get("scope", ""),
        auth_time=_told(pending, who),
        amr=who.amr,
        # A desk is no browser in which somebody could sign out: it is not told when the phone does.
        session=who.session if code.desk is None else None,
        expires=code.expires,
        subject_proof=code.subject_proof,
    )


async def publish(resident: str, commit: vault.Commit, publications: Sequence[Publication], *, now: int) -> None:
    """Change values and publish them to the live grants that hold them, in one act.

    Errors: `NotFound`, `Conflict` where a grant has ended or moved on, `Invalid`, `AnotherDeviceWasFirst`.
    """
    async with store.write() as connection:
        await vault.apply(resident, commit)
        await tell(connection, resident, publications, now=now)


async def tell(connection: BaseDBAsyncClient, resident: str, publications: Sequence[Publication], *, now: int) -> None:
    """The publications of a commit, in its transaction. Errors: those of `publish`."""
    # The vault's row first, then grants in the order of their ids: everybody waits in one order, nobody locks up.
    await store.lock_grants(connection, [each.grant_id for each in publications])
    for each in publications:
        row = await GrantRow.get_or_none(id=each.grant_id, resident_id=resident)
        if row is None:
            raise NotFound("no such grant in this vault")
        service = await registry.service(row.client_id, now=now)
        _check_recipient(each.disclosure, service)
        await store.publish(connection, row.id, each.revision, each.disclosure, now=now)


async def resident_served(client_id: str, sub: str, *, now: int) -> str:
    """Whose vault a service deals with under this subject: by a grant that is live, or that ended within 7 days in any
    way but the resident's own. Errors: `NotFound`.
    """
    recent = GrantRow.filter(client_id=client_id, subject=sub, last_at__gt=now - SERVED_SECONDS)
    live = GrantRow.filter(client_id=client_id, subject=sub, state="active", ends__gt=now)
    for row in (*await live.limit(1), *await recent):
        if row.state == "active" or not await LogRow.exists(grant_id=row.id, kind="revoked"):
            return row.resident_id
    raise NotFound("no such resident of this service")


async def grants(resident: str) -> list[Grant]:
    """What the server has of a resident's grants, newest first."""
    return [_to_grant(row) for row in await GrantRow.filter(resident_id=resident).order_by("-last_at", "id")]


async def log(resident: str, grant_id: str, *, after: int) -> tuple[list[Json], Grant]:
    """The entries after `after`, and where the chain stands. Errors: `NotFound`."""
    async with store.write():
        row = await GrantRow.filter(id=grant_id, resident_id=resident).select_for_update(no_key=True).first()
        if row is None:
            raise NotFound("no such grant in this vault")
        entries = await LogRow.filter(grant_id=grant_id, n__gt=after).order_by("n").limit(LOG_AT_ONCE)
    members = ("n", "prev", "at", "kind", "revision", "evidence")
    return [{name: getattr(entry, name) for name in members} for entry in entries], _to_grant(row)


def seconds_of(value: object) -> int | None:
    """A `max_age`, which a signed request has as a number and an unsigned one as digits; None where it is neither."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


async def _is_own_answer(pending: requests.Pending, resident: str, answer: Answer) -> bool:
    """Whether this very answer was given before, by this resident: in one browser several may sign in."""
    if pending.decision != "approved" or pending.answer_digest != answer.digest:
        return False
    return await GrantRow.exists(resident_id=resident, record_hash=digest(answer.record))


def _check_fresh(pending: requests.Pending, who: Approver, record: Record, *, now: int) -> None:
    """OpenID Connect Core 3.1.2.1: `prompt=login` and `max_age` ask for a new sign-in, a hint for the same person.

    The wallet signs in again and answers anew. Errors: `Refused` `login/stale`, `login/other`.
    """
    parameters = pending.parameters
    oldest = seconds_of(parameters.get("max_age"))
    asked_anew = "login" in str(parameters.get("prompt", "")).split(" ") and who.auth_time < pending.pushed
    if asked_anew or (oldest is not None and now - who.auth_time > oldest):
        raise Refused("login/stale", "the service asks you to sign in again first")
    hinted = pending.hinted_subject
    if hinted is not None and hinted != record.sub:
        raise Refused("login/other", "the service expects somebody else")


def _told(pending: requests.Pending, who: Approver) -> int:
    """When they signed in, for the ID token: to the second only where the service asked how long ago that was.

    Else two services that know one resident by two subjects could tell by the second in which the session began.
    """
    exact = "max_age" in pending.parameters or "login" in str(pending.parameters.get("prompt", "")).split(" ")
    return who.auth_time if exact else hour(who.auth_time)


def _check_disclosure(disclosure: str | None, request: Request, service: Service) -> None:
    if (disclosure is not None) != (request.purpose is not None):
        raise Refused("disclosure/members", "a sign-in has no disclosure, and everything else has one")
    if disclosure is not None:
        _check_recipient(disclosure, service)


def _check_proof(compact: str, record: Record, service: Service) -> None:
    """What the service will check, too: the server carries it, and need not believe it."""
    proof = verify_subject_proof(compact, client_id=service.client_id, request_hash=record.request_hash)
    if (proof.sub, proof.grant_id, proof.record_hash) != (record.sub, record.grant_id, record.hash):
        raise Refused("proof/record", "the proof is of another record", member="subject_proof")


def _check_recipient(disclosure: str, service: Service) -> None:
    """The form and the recipient are all that we can see of a disclosure."""
    if jose.read_header(disclosure, jose.DISCLOSURE_JWE, parts=5).get("kid") != service.enc_jkt:
        raise Refused("request/encryption-key", "the disclosure is encrypted to another key", member="disclosure")


async def _own_subject(sector: str, subject: str, resident: str) -> None:
    """A (sector, subject) belongs to one vault for ever: a copied key signs in nobody else."""
    row, _ = await SubjectRow.get_or_create(sector=sector, subject=subject, defaults={"resident": resident})
    if row.resident != resident:
        raise Refused("subject/taken", "this subject belongs to another vault", member="record")


async def _replace(
    connection: BaseDBAsyncClient, resident: str, record: Record, replaces: tuple[str, ...], *, now: int
) -> None:
    """One live grant per subject, service and purpose; the wallet names the one that it replaces, so that it knows."""
    live = GrantRow.filter(
        resident_id=resident,
        client_id=record.client_id,
        subject=record.sub,
        purpose=record.purpose,
        state="active",
    )
    found = {row.id for row in await live.order_by("id").select_for_update(no_key=True)}
    if found != set(replaces):
        raise Conflict("the grants to replace are not the ones that are live")
    for id in sorted(found):
        await store.end_grant(connection, id, "replaced", "", now=now)


async def _create(
    record: Record, request: Request, service: Service, who: Approver, answer: Answer, *, desk: str | None
) -> None:
    if await GrantRow.exists(id=record.grant_id):
        raise Conflict("this grant exists already")
    await GrantRow.create(
        id=record.grant_id,
        resident_id=who.resident,
        client_id=service.client_id,
        sector=service.sector,
        subject=record.sub,
        purpose=record.purpose,
        request_hash=record.request_hash,
        dpop_jkt=request.dpop_jkt,
        scope=request.parameters.get("scope", ""),
        record=record.compact,
        record_hash=record.hash,
        authorization_details=_granted(request, record),
        once=record.access == "once",
        ends=record.ends,
        state="active",
        revision=1 if answer.disclosure else 0,
        disclosure=answer.disclosure,
        desk=desk,
    )


def _granted(request: Request, record: Record) -> list[object]:
    """What was asked, with the access that was given: never what was decided per attribute (RFC 9396 section 7)."""
    details = request.parameters.get("authorization_details") or []
    access = record.access if isinstance(record.access, str) else dict(record.access)
    return [detail | {"access": access} for detail in details]


def _to_grant(row: GrantRow) -> Grant:
    recipient = jose.read_header(row.disclosure, jose.DISCLOSURE_JWE, parts=5).get("kid") if row.disclosure else None
    return Grant(row.id, row.client_id, row.subject, row.state, row.ends, row.n, row.head, row.last_read, recipient)
