"""Taking in what the registrar signed, and finding a service by its `client_id`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from pds import store
from pds.core import jose
from pds.core.encoding import Json, digest
from pds.core.errors import Invalid
from pds.core.registry import TOLERANCE_SECONDS, Index, Service, parse_statement, verify_index, verify_statement
from pds.errors import NotFound, Refused
from pds.registry.models import DeskRow, IndexRow, ServiceRow

MAX_CLIENT_ID = 255


async def install(
    index: str, statements: Iterable[str], *, registrar_keys: Iterable[Json], now: int
) -> Mapping[str, Service]:
    """Put an index and its statements in force, all or nothing; a service that it leaves out is gone.

    Errors: those of `verify_index` and `verify_statement`; `Refused` for a listed statement that is not given.
    """
    keys = [*registrar_keys]
    async with store.write() as connection:
        newest = await IndexRow.all().order_by("-seq").first()
        if newest is not None:
            # A key that the registrar announced in the index before is as good as the configured one.
            keys += [*_keys_of(newest.compact)]
        verified = verify_index(
            index,
            keys=keys,
            pinned=[jose.thumbprint(key) for key in keys],
            seq=newest.seq if newest else 0,
            now=now,
        )
        services = {
            service.client_id: service
            for service in (verify_statement(statement, verified, now=now) for statement in statements)
        }
        if services.keys() != verified.statements.keys():
            raise Refused("registry/statement-missing", "the index lists a statement that is not here")
        if newest is not None and newest.seq == verified.seq and newest.compact != index:
            raise Refused("registry/index-old", "another index has this sequence number")
        await IndexRow.all().delete()
        await IndexRow.create(seq=verified.seq, compact=index, expires=verified.expires)
        await ServiceRow.exclude(client_id__in=list(services)).delete()
        for service in services.values():
            row = {
                "statement": service.statement,
                "digest": digest(service.statement),
                "notice_uri": service.notice_uri,
                "logout_uri": service.logout_uri,
            }
            await ServiceRow.update_or_create(defaults=row, client_id=service.client_id)
        await _list_desks(connection, services)
        await store.ring(connection, store.EVERYBODY)
    return services


async def _list_desks(connection: store.Connection, services: Mapping[str, Service]) -> None:
    """What a desk that is no longer listed has fetched tokens for is read no more."""
    listed = {(service.client_id, desk) for service in services.values() for desk in service.desks}
    known = {(row.client_id, row.desk): row for row in await DeskRow.all()}
    for (client_id, desk), row in known.items():
        if row.listed and (client_id, desk) not in listed:
            await DeskRow.filter(id=row.id).update(listed=False)
            await store.stop_desk(connection, client_id, desk)
    for client_id, desk in sorted(listed):
        if (client_id, desk) not in known:
            await DeskRow.create(client_id=client_id, desk=desk, listed=True)
        elif not known[client_id, desk].listed:
            await DeskRow.filter(client_id=client_id, desk=desk).update(listed=True)


async def suspend(client_id: str, *, suspended: bool) -> None:
    """Stop a service at once, before the registrar's next index leaves it out. Errors: `NotFound`."""
    async with store.write() as connection:
        if not await ServiceRow.filter(client_id=client_id).update(suspended=suspended):
            raise NotFound("no such service")
        await store.ring(connection, store.EVERYBODY)


async def why_stopped(client_id: str, desk: str) -> str:
    """`removed` or `frozen`, or `""` for a desk in force. Who must be sure asks `store.why_stopped`, which locks."""
    row = await DeskRow.get_or_none(client_id=client_id, desk=desk, listed=True)
    if row is None:
        return "removed"
    return "frozen" if row.frozen is not None else ""


async def frozen() -> list[tuple[str, str]]:
    """The desks that wait for an operator."""
    rows = await DeskRow.filter(frozen__isnull=False).order_by("client_id", "desk")
    return [(row.client_id, row.desk) for row in rows]


async def hold_desk(client_id: str, desk: str) -> None:
    """Nobody else stops this desk, is given a token for it or reports it until the caller's transaction ends."""
    await DeskRow.filter(client_id=client_id, desk=desk).select_for_update(no_key=True).first()


async def freeze(connection: store.Connection, client_id: str, desk: str, *, now: int) -> bool:
    """Stop a desk until an operator lets it go on; whether it was not frozen before. In the caller's transaction."""
    frozen = await DeskRow.filter(client_id=client_id, desk=desk, frozen__isnull=True).update(frozen=now)
    await store.stop_desk(connection, client_id, desk)
    await store.ring(connection, store.EVERYBODY)
    return bool(frozen)


async def unfreeze(client_id: str, desk: str) -> None:
    """Let a desk go on, in the caller's transaction. Errors: `NotFound`."""
    if not await DeskRow.filter(client_id=client_id, desk=desk, frozen__isnull=False).update(frozen=None):
        raise NotFound("no such desk, or it is not frozen")


async def check_index(*, now: int) -> None:
    """The registrar still vouches for what is in force. Errors: `Refused` `registry/index-expired`.

    For whatever gives somebody something new. What a resident has granted already goes on (docs/decisions): it rests
    on their own record, on the statement's own end and on `suspend`, none of which waits for an index.
    """
    row = await IndexRow.all().order_by("-seq").first()
    if row is None or row.expires <= now - TOLERANCE_SECONDS:
        raise Refused("registry/index-expired", "the registrar has not renewed the registry in time")


async def service(client_id: str, *, now: int) -> Service:
    """The service in force. Errors: `NotFound`, also where it is suspended or its statement has expired."""
    if not could_be(client_id):
        raise NotFound("no such service")
    row = await ServiceRow.get_or_none(client_id=client_id, suspended=False)
    found = _parsed(row.statement) if row is not None else None
    if found is None or found.expires <= now:
        raise NotFound("no such service")
    return found


def could_be(client_id: str) -> bool:
    """Whether a service could have this id: Tortoise cannot look for a longer one, nor PostgreSQL for a NUL."""
    return len(client_id) <= MAX_CLIENT_ID and "\0" not in client_id


async def services() -> list[tuple[Service, bool]]:
    """All services, each with whether it is suspended."""
    return [(_parsed(row.statement), row.suspended) for row in await ServiceRow.all().order_by("client_id")]


async def index() -> str:
    """The compact index in force. Errors: `NotFound`."""
    row = await IndexRow.all().order_by("-seq").first()
    if row is None:
        raise NotFound("the registry is empty")
    return row.compact


async def statement(hashed: str) -> str:
    """The compact statement with this digest. Errors: `NotFound`."""
    row = await ServiceRow.get_or_none(digest=hashed)
    if row is None:
        raise NotFound("no such statement")
    return row.statement


def read_index(compact: str) -> Index:
    """The parsed index in force; its signature was checked when it was installed."""
    claims = jose.peek(compact)
    return Index(
        claims["seq"], claims["iss"], claims["iat"], claims["exp"], tuple(claims["jwks"]["keys"]), claims["statements"]
    )


def _keys_of(compact: str) -> tuple[Json, ...]:
    return read_index(compact).keys


# The text alone decides, and was verified when installed: remembering its reading is no remembered permission.
@lru_cache(maxsize=1024)
def _parsed(compact: str) -> Service:
    try:
        return parse_statement(jose.peek(compact), compact)
    except Invalid as error:
        raise Refused(error.code, "a stored statement is no longer valid") from error
