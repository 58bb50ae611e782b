"""Deposits: left by a service that a resident deals with, answered by the resident alone (specs/deposit.md)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pds import store
from pds.core import jose
from pds.core.deposit import MAX_SECONDS
from pds.core.encoding import b64u, digest
from pds.core.errors import Invalid
from pds.core.members import DIGEST
from pds.deposits.models import DepositRow
from pds.errors import NotFound, Refused, TooMany
from pds.grants import actions as grants
from pds.residents import actions as residents
from pds.vault import actions as vault

MOST_WAITING = 5
AT_ONCE = 20
RETRY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Deposit:
    """One that waits: ciphertext, and who says that they left it. `received` is a time."""

    id: str
    service: str
    sub: str
    received: int
    deposit: str


async def receive(client_id: str, sub: str, compact: str, *, now: int, random: Callable[[int], bytes]) -> int:
    """Keep a deposit; how many seconds it will wait. The same bytes again are kept once.

    Errors: `Refused` `deposit/form`; `NotFound` where this service may leave nothing for `sub`, or nobody is `sub`;
    `TooMany` while enough of this service's wait there.
    """
    _check_form(compact)
    same = digest(compact)
    async with store.write():
        resident = await grants.resident_served(client_id, sub, now=now)
        # Two at once would both find room: the vault's row makes them take turns.
        await residents.hold(resident)
        mine = DepositRow.filter(resident_id=resident, client_id=client_id, subject=sub, expires__gt=now)
        known = await mine.filter(digest=same).first()
        if known is not None:
            return int(known.expires - now)
        if await mine.count() >= MOST_WAITING:
            raise TooMany(f"{MOST_WAITING} deposits wait for this resident already", retry_after=RETRY_SECONDS)
        await DepositRow.create(
            id=b64u(random(16)),
            resident_id=resident,
            client_id=client_id,
            subject=sub,
            digest=same,
            received=now,
            expires=now + MAX_SECONDS,
            deposit=compact,
        )
    return MAX_SECONDS


async def waiting(resident: str, *, now: int) -> list[Deposit]:
    """A resident's inbox, oldest first."""
    rows = DepositRow.filter(resident_id=resident, expires__gt=now).order_by("received", "id").limit(AT_ONCE)
    return [Deposit(row.id, row.client_id, row.subject, row.received, row.deposit) for row in await rows]


async def answer(
    resident: str, id: str, commit: vault.Commit, publications: Sequence[grants.Publication], *, now: int
) -> None:
    """Take a deposit out of the inbox, in the commit that keeps of it what the resident chose.

    Errors: `NotFound`, and those of `grants.publish`.
    """
    async with store.write() as connection:
        # The commit first: sent again, because its answer was lost, it meets itself in the vault (wallet-api.md).
        await vault.apply(resident, commit)
        if not await DepositRow.filter(id=id, resident_id=resident).delete():
            raise NotFound("no such deposit in this vault")
        await grants.tell(connection, resident, publications, now=now)


def _check_form(compact: str) -> None:
    """All that we can see of a deposit: that it is a JWE of its kind, to a key named by its thumbprint."""
    try:
        header = jose.read_header(compact, jose.DEPOSIT_JWE, parts=5)
    except Invalid as error:
        raise Refused("deposit/form", str(error), member="deposit") from error
    if not DIGEST.match(header.get("kid", "")):
        raise Refused("deposit/form", "kid: the thumbprint of the deposit key", member="deposit")
