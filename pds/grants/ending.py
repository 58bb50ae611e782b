"""How a resident ends a grant: by a signed word, in the commit that takes it off the vault's list."""

from dataclasses import dataclass

from pds import store
from pds.core.record import verify_revocation
from pds.errors import NotFound
from pds.grants.models import GrantRow
from pds.vault import actions as vault


@dataclass(frozen=True, slots=True)
class Made:
    """Whose grant it is, at which desk it was made, if at one, and whether it lives."""

    client_id: str
    desk: str | None
    lives: bool


async def made_at(resident: str, grant_id: str, *, now: int) -> Made:
    """How this resident's grant was made. Errors: `NotFound`."""
    row = await _own(resident, grant_id)
    return Made(row.client_id, row.desk, row.state == "active" and row.ends > now)


async def revoke(resident: str, grant_id: str, revocation: str, commit: vault.Commit, *, now: int) -> None:
    """End a grant, its tokens and its disclosure. No read that begins after this returns succeeds.

    Errors: `NotFound`, `Invalid` by rule, `AnotherDeviceWasFirst`.
    """
    async with store.write() as connection:
        await end(connection, resident, grant_id, revocation, commit, now=now)


async def end(
    connection: store.Connection, resident: str, grant_id: str, revocation: str, commit: vault.Commit, *, now: int
) -> None:
    """The same in the caller's transaction."""
    row = await _own(resident, grant_id)
    verify_revocation(
        revocation, client_id=row.client_id, sub=row.subject, grant_id=row.id, record_hash=row.record_hash
    )
    await vault.apply(resident, commit, stops=True)
    await store.end_grant(connection, grant_id, "revoked", revocation, now=now)


async def _own(resident: str, grant_id: str) -> GrantRow:
    row = await GrantRow.get_or_none(id=grant_id, resident_id=resident)
    if row is None:
        raise NotFound("no such grant in this vault")
    return row
