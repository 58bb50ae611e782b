""" "This was not me": a resident's word about an exchange at a desk, and what it does to the desk."""

from pds import store
from pds.core import counter
from pds.counter import sessions
from pds.counter.models import AlertRow, CounterRow, ReportRow
from pds.errors import Refused
from pds.grants import ending
from pds.registry import actions as registry
from pds.vault import actions as vault

# Of one resident it may be a mistake, or meant ill.
RESIDENTS_THAT_FREEZE = 2


async def report(
    resident: str, grant_id: str, revocation: str | None, commit: vault.Commit | None, *, now: int, secret: bytes
) -> None:
    """Revoke the grant, alert a supervisor, and freeze the desk where a second resident says so: all of it, or nothing.

    Of a grant that has ended there is nothing to revoke. Said again it counts once, and alerts again.
    Errors: `NotFound`, `Refused` (`counter/report`, `counter/revocation`), those of `ending.revoke`.
    """
    async with store.write() as connection:
        made = await ending.made_at(resident, grant_id, now=now)
        client_id, desk = made.client_id, made.desk
        if desk is None:
            raise Refused("counter/report", "this was not shared at a counter: stop it instead")
        # Of two at once each would count itself alone. And as in an approval: the desk, then the vault, then the grant.
        await registry.hold_desk(client_id, desk)
        if revocation is not None and commit is not None:
            await ending.end(connection, resident, grant_id, revocation, commit, now=now)
        elif made.lives:
            raise Refused("counter/revocation", "what is still shared is stopped with it", member="revocation")
        reporter = sessions.secret_digest(secret, "reporter", f"{client_id} {desk} {resident}")
        await ReportRow.get_or_create(client_id=client_id, desk=desk, reporter=reporter, defaults={"at": now})
        await sessions.alert(client_id, desk, "report", now=now)
        reports = await ReportRow.filter(client_id=client_id, desk=desk).count()
        if reports >= RESIDENTS_THAT_FREEZE and await registry.freeze(connection, client_id, desk, now=now):
            await sessions.alert(client_id, desk, "frozen", now=now)
    if reports >= RESIDENTS_THAT_FREEZE:
        await _void_all(client_id, desk, now=now)


async def unfreeze(client_id: str, desk: str) -> None:
    """An operator has looked: the desk goes on, and the reports are settled. Errors: `NotFound`."""
    async with store.write():
        await registry.unfreeze(client_id, desk)
        await ReportRow.filter(client_id=client_id, desk=desk).delete()


async def frozen() -> list[tuple[str, str]]:
    """The desks that wait for an operator: service and desk."""
    return await registry.frozen()


async def alerts(*, most: int = 200) -> list[tuple[int, str, str, str]]:
    """The newest alerts: when, what, of which service and desk."""
    rows = await AlertRow.all().order_by("-at", "-id").limit(most)
    return [(row.at, row.kind, row.client_id, row.desk) for row in rows]


async def _void_all(client_id: str, desk: str, *, now: int) -> None:
    """One by one: each is a transaction of its own, so nobody waits for two at once."""
    for found in await CounterRow.filter(client_id=client_id, desk=desk, state__in=counter.LIVE).order_by("id"):
        async with store.write() as connection:
            row = await sessions.hold(id=found.id)
            if row is not None:
                await sessions.settle(connection, row, now=now)
