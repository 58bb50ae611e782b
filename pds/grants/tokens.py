"""Codes and tokens: all of them random, kept as digests, and bound to a client and a key."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pds import store
from pds.core.encoding import b64u, digest
from pds.errors import NotFound
from pds.grants.models import AccessTokenRow, CodeRow, GrantRow, RefreshTokenRow
from pds.registry import actions as registry

ACCESS_SECONDS = 600
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Code:
    """What a code is bound to."""

    digest: str
    grant_id: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    dpop_jkt: str | None
    nonce: str | None
    scope: str
    auth_time: int
    amr: str
    session: str | None
    subject_proof: str | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a token request is answered with; `access` is good until `expires`. `refresh` is None for a `once` grant.

    `sid` is what ID tokens call the session that it was approved in; None where there is no ID token.
    """

    access: str
    expires: int
    refresh: str | None
    grant_id: str
    subject: str
    scope: str
    authorization_details: list[object]
    record: str
    auth_time: int
    amr: str
    sid: str | None
    subject_proof: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a live token stands for. `jkt` is None for a refresh token, which is bound to its client alone."""

    grant_id: str
    client_id: str
    subject: str
    scope: str
    expires: int
    jkt: str | None
    authorization_details: list[object]


async def find_code(code: str, client_id: str, *, now: int) -> Code:
    """The code, if it is this client's, unused and not expired. Errors: `NotFound`.

    A code used twice was stolen or is being tried: what was issued for it ends (RFC 6749 section 4.1.2).
    """
    row = await CodeRow.get_or_none(digest=digest(code), client_id=client_id, expires__gt=now)
    if row is None:
        raise NotFound("no such code")
    if row.used:
        async with store.write():
            await AccessTokenRow.filter(grant_id=row.grant_id).delete()
            await RefreshTokenRow.filter(grant_id=row.grant_id).delete()
        raise NotFound("no such code")
    return Code(
        row.digest,
        row.grant_id,
        row.client_id,
        row.redirect_uri,
        row.code_challenge,
        row.dpop_jkt,
        row.nonce,
        row.scope,
        row.auth_time,
        row.amr,
        row.session,
        row.subject_proof,
    )


async def granted(grant_id: str) -> list[object]:
    """The authorization details of a grant, with the access that was given. Errors: `NotFound`."""
    row = await GrantRow.get_or_none(id=grant_id)
    if row is None:
        raise NotFound("no such grant")
    return list(row.authorization_details)


async def redeem(code: Code, jkt: str, *, now: int, random: Random) -> Tokens:
    """Exchange a code, once, while its grant lives. Errors: `NotFound`."""
    async with store.write() as connection:
        return await exchange(connection, code, jkt, now=now, random=random)


async def exchange(connection: store.Connection, code: Code, jkt: str, *, now: int, random: Random) -> Tokens:
    """The same in the caller's transaction. Errors: `NotFound`."""
    # The lock order of every act: the grant first, then what hangs on it.
    grant = await _live(connection, code.grant_id, code.client_id, now=now)
    if not await CodeRow.filter(digest=code.digest, used=False).update(used=True):
        raise NotFound("no such code")
    sid = None
    if code.session is not None and code.scope == "openid":
        sid = await store.outbox.signed_in(connection, code.session, code.client_id, grant.subject)
    refresh = None if grant.once else b64u(random(32))
    if refresh is not None:
        await RefreshTokenRow.create(
            digest=digest(refresh),
            grant_id=grant.id,
            client_id=code.client_id,
            scope=code.scope,
            auth_time=code.auth_time,
            amr=code.amr,
            sid=sid,
        )
    access = await _issue(grant, code.client_id, code.scope, jkt, now=now, random=random)
    await store.append(connection, grant.id, "collected", "", now=now)
    made = _tokens(grant, access, _end(grant, now), refresh, code.scope, code.auth_time, code.amr, sid)
    return replace(made, subject_proof=code.subject_proof)


async def drop_code(hashed: str) -> None:
    """Forget a code that nobody has used, in the caller's transaction."""
    await CodeRow.filter(digest=hashed, used=False).delete()


async def refresh(token: str, client_id: str, jkt: str, *, now: int, random: Random) -> Tokens:
    """A new access token for this proof's key; the refresh token stays (FAPI 2.0 5.3.2.1). Errors: `NotFound`."""
    async with store.write() as connection:
        found = await RefreshTokenRow.get_or_none(digest=digest(token), client_id=client_id)
        if found is None:
            raise NotFound("no such token")
        grant = await _live(connection, found.grant_id, client_id, now=now)
        # Looked up again behind the grant's lock: a revocation that came between has deleted it.
        row = await RefreshTokenRow.get_or_none(digest=digest(token), client_id=client_id)
        if row is None:
            raise NotFound("no such token")
        access = await _issue(grant, client_id, row.scope, jkt, now=now, random=random)
    return _tokens(grant, access, _end(grant, now), None, row.scope, row.auth_time, row.amr, row.sid)


async def revoke(token: str, client_id: str) -> None:
    """RFC 7009: forget a token of this client's. With a refresh token go all of its grant's tokens."""
    async with store.write():
        found = await RefreshTokenRow.get_or_none(digest=digest(token), client_id=client_id)
        if found is not None:
            await AccessTokenRow.filter(grant_id=found.grant_id).delete()
            await RefreshTokenRow.filter(grant_id=found.grant_id).delete()
        await AccessTokenRow.filter(digest=digest(token), client_id=client_id).delete()


async def introspect(token: str, client_id: str, *, now: int) -> Known:
    """What a token of this client's stands for now. Errors: `NotFound`, for another's as for what is over."""
    access = await AccessTokenRow.get_or_none(digest=digest(token), client_id=client_id, expires__gt=now)
    found = access or await RefreshTokenRow.get_or_none(digest=digest(token), client_id=client_id)
    if found is None:
        raise NotFound("no such token")
    grant = await GrantRow.get_or_none(id=found.grant_id, client_id=client_id, state="active", ends__gt=now)
    if grant is None or (grant.desk is not None and await registry.why_stopped(client_id, grant.desk)):
        raise NotFound("this grant has ended")
    expires, jkt = (access.expires, access.jkt) if access else (grant.ends, None)
    return Known(grant.id, client_id, grant.subject, found.scope, expires, jkt, list(grant.authorization_details))


async def presented(token: str, jkt: str, *, now: int) -> Known:
    """What an access token shown with a proof of its key stands for now. Errors: `NotFound`."""
    row = await AccessTokenRow.get_or_none(digest=digest(token), jkt=jkt, expires__gt=now)
    if row is None:
        raise NotFound("no such token")
    return await introspect(token, row.client_id, now=now)


async def _live(connection: store.Connection, grant_id: str, client_id: str, *, now: int) -> GrantRow:
    found = GrantRow.filter(id=grant_id, client_id=client_id, state="active", ends__gt=now)
    # The desk before the grant, as whoever reports it does; a grant never moves to another.
    made = await found.only("id", "desk").first()
    if made is not None and made.desk is not None and await store.why_stopped(connection, client_id, made.desk):
        raise NotFound("the desk of this grant is stopped")
    row = await found.select_for_update(no_key=True).first()
    if row is None:
        raise NotFound("this grant has ended")
    return row


async def _issue(grant: GrantRow, client_id: str, scope: str, jkt: str, *, now: int, random: Random) -> str:
    token = b64u(random(32))
    await AccessTokenRow.create(
        digest=digest(token),
        grant_id=grant.id,
        client_id=client_id,
        jkt=jkt,
        scope=scope,
        expires=_end(grant, now),
    )
    return token


def _end(grant: GrantRow, now: int) -> int:
    return int(min(now + ACCESS_SECONDS, grant.ends))


def _tokens(
    grant: GrantRow,
    access: str,
    expires: int,
    refresh: str | None,
    scope: str,
    auth_time: int,
    amr: str,
    sid: str | None,
) -> Tokens:
    details = list(grant.authorization_details)
    return Tokens(access, expires, refresh, grant.id, grant.subject, scope, details, grant.record, auth_time, amr, sid)
