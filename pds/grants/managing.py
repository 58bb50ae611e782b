"""What a service may do with the grants that it holds, besides reading: look one up, and end it by itself.

Grant Management for OAuth 2.0 (draft 03 of the FAPI working group). Only the resident makes a grant, or a wider one.
"""

from dataclasses import dataclass

from pds import store
from pds.core.encoding import b64u, digest
from pds.errors import NotFound, Refused
from pds.grants.models import ClientTokenRow, GrantRow
from pds.grants.tokens import ACCESS_SECONDS, Random

QUERY, REVOKE = "grant_management_query", "grant_management_revoke"
SCOPES = (QUERY, REVOKE)


@dataclass(frozen=True, slots=True)
class Manager:
    """A service with a token for itself."""

    client_id: str
    scopes: frozenset[str]
    jkt: str
    expires: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What a grant allows, in the words of the standards."""

    scope: str
    authorization_details: list[object]


async def issue(client_id: str, scope: str, jkt: str, *, now: int, random: Random) -> str:
    """An access token for the service itself (RFC 6749 section 4.4), bound to its key; no refresh token."""
    token = b64u(random(32))
    async with store.write():
        await ClientTokenRow.create(
            digest=digest(token), client_id=client_id, jkt=jkt, scope=scope, expires=now + ACCESS_SECONDS
        )
    return token


async def find(token: str, *, now: int) -> Manager:
    """Whose token this is. Errors: `NotFound`."""
    row = await ClientTokenRow.get_or_none(digest=digest(token), expires__gt=now)
    if row is None:
        raise NotFound("no such token")
    return Manager(row.client_id, frozenset(row.scope.split(" ")), row.jkt, row.expires)


async def forget(token: str, client_id: str) -> None:
    """RFC 7009, for a token of this kind."""
    async with store.write():
        await ClientTokenRow.filter(digest=digest(token), client_id=client_id).delete()


async def look_up(grant_id: str, client_id: str, *, now: int) -> Granted:
    """A live grant of this service's. Errors: `NotFound`, also for another's and for one that has ended."""
    row = await GrantRow.get_or_none(id=grant_id, client_id=client_id, state="active", ends__gt=now)
    if row is None:
        raise NotFound("no such grant")
    return Granted(row.scope, list(row.authorization_details))


async def relinquish(grant_id: str, client_id: str, proof: str, jkt: str, *, now: int) -> None:
    """End a grant at its service's own wish, with its tokens and its disclosure; the proof goes into the grant's log.

    Errors: `NotFound` as above; `Refused` `dpop/key` where the request named another key: the wallet would not
    believe such an end.
    """
    async with store.write() as connection:
        await store.lock_grants(connection, [grant_id])
        row = await GrantRow.get_or_none(id=grant_id, client_id=client_id, state="active", ends__gt=now)
        if row is None:
            raise NotFound("no such grant")
        if row.dpop_jkt is not None and row.dpop_jkt != jkt:
            raise Refused("dpop/key", "the request for this grant named another key", member="DPoP")
        await store.end_grant(connection, grant_id, "relinquished", proof, now=now)
