"""What holds in every database, whatever happened to the processes that wrote it: whole acts, or nothing of them."""

from collections import Counter
from collections.abc import AsyncIterator

from pds.core import chain
from pds.core.chain import Position
from pds.core.encoding import digest
from pds.core.errors import Invalid
from pds.core.record import read_record
from pds.grants.models import AccessTokenRow, CodeRow, GrantRow, LogRow, RefreshTokenRow, SubjectRow
from pds.requests.models import RequestRow
from pds.residents.models import MethodRow, ResidentRow, SessionRow
from pds.vault.models import ItemRow, ManifestRow

MEMBERS = ("n", "prev", "at", "kind", "revision", "evidence")


async def broken(issuer: str) -> list[str]:
    """Everything that does not hold in the database that is open now."""
    found = [each async for each in _vaults()]
    found += [each async for each in _grants(issuer)]
    found += [each async for each in _requests()]
    return found


async def _vaults() -> AsyncIterator[str]:
    """A vault has its manifests from the first to the last, a way in, and items of which each has one revision."""
    for resident in await ResidentRow.all():
        manifests = await ManifestRow.filter(resident_id=resident.id).order_by("seq")
        if [each.seq for each in manifests] != list(range(1, resident.seq + 1)):
            yield f"vault {resident.id} at {resident.seq} has manifests {[each.seq for each in manifests]}"
        for each in manifests:
            if digest(bytes(each.sealed)) != each.digest:
                yield f"vault {resident.id}: manifest {each.seq} is not what its digest says"
        if not await MethodRow.exists(resident_id=resident.id):
            yield f"vault {resident.id} has no way in"
        items = await ItemRow.filter(resident_id=resident.id)
        if len({each.item for each in items}) != len(items) or any(each.rev < 1 or not each.sealed for each in items):
            yield f"vault {resident.id} has an item twice, or half of one"
    known = {resident.id for resident in await ResidentRow.all()}
    for model in (MethodRow, ManifestRow, ItemRow, SessionRow, GrantRow):
        if strangers := {str(vars(row)["resident_id"]) for row in await model.all()} - known:
            yield f"{model.__name__} of no vault: {strangers}"


async def _grants(issuer: str) -> AsyncIterator[str]:
    """A grant is its record, its chain from the approval on, and nothing that outlives it."""
    for grant in await GrantRow.all():
        record, _ = read_record(grant.record)
        stated = (record.grant_id, record.sub, record.client_id, record.request_hash, record.hash, record.ends)
        kept = (grant.id, grant.subject, grant.client_id, grant.request_hash, grant.record_hash, grant.ends)
        if stated != kept:
            yield f"grant {grant.id} is not its record: {stated} {kept}"
        rows = await LogRow.filter(grant_id=grant.id).order_by("n")
        entries = [{name: getattr(row, name) for name in MEMBERS} for row in rows]
        try:
            chain.verify_chain(
                grant.id,
                entries,
                pin=Position(0, ""),
                stated=Position(grant.n, grant.head),
                record=grant.record,
                issuer=issuer,
                dpop_jkt=None,
            )
            chain.verify_ends(entries, record)
        except Invalid as error:
            yield f"grant {grant.id}: {error}"
        async for each in _of_state(grant, Counter(entry["kind"] for entry in entries)):
            yield f"grant {grant.id}, {grant.state}: {each}"
        if not await SubjectRow.exists(sector=grant.sector, subject=grant.subject, resident=grant.resident_id):
            yield f"grant {grant.id} is of a subject that is nobody's"
        if not await ItemRow.exists(resident_id=grant.resident_id, item=grant.id):
            yield f"grant {grant.id} is not sealed in its vault"


async def _of_state(grant: GrantRow, kinds: Counter[str]) -> AsyncIterator[str]:
    live = grant.state == "active"
    ends = sum(kinds[kind] for kind in ("revoked", "replaced", "expired", "finished"))
    if kinds["approved"] != 1 or kinds["collected"] > 1 or ends != (0 if live else 1):
        yield f"its log has {dict(kinds)}"
    shares = grant.authorization_details != []
    repeatable = grant.first_read is not None
    if (grant.disclosure is not None) != (shares and (live or repeatable)):
        yield "a disclosure is missing, or left over"
    if kinds["published"] != max(0, grant.revision - 1):
        yield f"revision {grant.revision} after {kinds['published']} publications"
    tokens = await AccessTokenRow.filter(grant_id=grant.id).count()
    refreshing = await RefreshTokenRow.filter(grant_id=grant.id).count()
    codes = await CodeRow.filter(grant_id=grant.id)
    if not live and not repeatable and (tokens or refreshing or any(not code.used for code in codes)):
        yield "a token or code outlives it"
    if (tokens or refreshing) and not kinds["collected"]:
        yield "tokens that nobody collected"
    if any(code.used for code in codes) != (kinds["collected"] == 1 and bool(codes)):
        yield "a code is used and nothing was collected, or the other way round"


async def _requests() -> AsyncIterator[str]:
    """Each approved request has one grant, each grant one approved request."""
    approved = [row for row in await RequestRow.all() if row.decision == "approved"]
    answered = Counter(digest(row.request) for row in approved if row.request)
    granted = Counter(str(row.request_hash) for row in await GrantRow.all())
    if answered != granted or any(times != 1 for times in granted.values()):
        yield f"requests without their grant, grants without their request: {answered - granted} {granted - answered}"
