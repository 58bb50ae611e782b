"""Commits: one atomic compare-and-swap of a sealed vault (protocols/specs/vault.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import RawSQL

from pds import store
from pds.core.encoding import Json, digest, unb64u
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, items, number, text
from pds.errors import AnotherDeviceWasFirst, Malformed, Refused
from pds.residents import actions as residents
from pds.vault.models import ItemRow, ManifestRow

MAX_SEALED_BYTES = 262_144
MAX_PUT = 200
MAX_ITEMS = 4000
# All of it comes at once whenever it is opened. A grant is 16 KiB.
MAX_VAULT_BYTES = 32 * 1024 * 1024
# To stop is never refused for the size of a vault that an honest wallet made.
ROOM_TO_STOP = 8 * 1024 * 1024
MANIFESTS_AT_ONCE = 500
MAX_EPOCH = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Put:
    """One new revision of one item, sealed."""

    id: str
    rev: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Commit:
    """The next manifest and what changes with it. `seq` is its number, `prev` the digest of the one before."""

    seq: int
    prev: str
    epoch: int
    manifest: bytes
    put: tuple[Put, ...]
    delete: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the server has of a vault: ciphertext, and the order of it."""

    epoch: int
    seq: int
    manifests: Sequence[tuple[int, bytes]]
    methods: Sequence[tuple[str, str, bytes, str | None]]
    items: Sequence[Put]


def read_commit(document: object) -> Commit:
    """A commit from the wallet. Errors: `Malformed`."""
    try:
        fields = exactly(document, "seq prev manifest epoch put delete".split(), "commit")
        put = tuple(_read_put(each) for each in items(fields, "put", "commit", most=MAX_PUT))
        delete = tuple(items(fields, "delete", "commit", most=MAX_PUT))
        touched = [each.id for each in put] + [*delete]
        if not all(isinstance(id, str) and ID.match(id) for id in delete) or len(set(touched)) != len(touched):
            raise Malformed("each item is put or deleted once", member="delete")
        if fields["prev"] != "":
            text(fields, "prev", "commit", pattern=DIGEST)
        if number(fields, "epoch", "commit", least=1) > MAX_EPOCH:
            raise Malformed("no vault has had so many roots", member="epoch")
        return Commit(
            number(fields, "seq", "commit", least=1),
            fields["prev"],
            fields["epoch"],
            _sealed(fields, "manifest"),
            put,
            delete,
        )
    except Invalid as error:
        raise Malformed("not a commit", member=error.detail or "commit") from error


async def create(
    vault: str,
    commit: Commit,
    method: residents.Method,
    credential: residents.Credential | None,
    *,
    device: str,
    now: int,
    random: residents.Random,
) -> residents.Session:
    """A new vault with its first commit and its first way to sign in. Errors: `Refused`, `Malformed`."""
    if commit.seq != 1 or commit.epoch != 1:
        raise Malformed("a vault begins at 1", member="seq")
    async with store.write():
        await residents.add_resident(vault, epoch=commit.epoch, now=now)
        await residents.add_method(vault, method, credential)
        await apply(vault, commit)
        return await residents.start_session(vault, residents.AMR[method.kind], device=device, now=now, random=random)


async def commit(resident: str, change: Commit) -> int:
    """Apply a commit that is nothing else. Returns the new sequence number. Errors: those of `apply`."""
    async with store.write():
        await apply(resident, change)
    return change.seq


async def add_method(
    resident: str, change: Commit, method: residents.Method, credential: residents.Credential | None
) -> int:
    """A further way to sign in and unlock, with the commit that lists it. Errors: those of `apply`, `Refused`."""
    async with store.write():
        await apply(resident, change)
        await residents.add_method(resident, method, credential)
    return change.seq


async def apply(resident: str, change: Commit, *, stops: bool = False) -> None:
    """Apply a commit inside the caller's transaction: approve, publish and revoke are commits too.

    `stops` is for what ends or pauses sharing: a vault that is full has room for that.
    Errors: `AnotherDeviceWasFirst` where the vault has moved on, `Refused` where an item does not follow its last.
    """
    if not await residents.move(resident, seq=change.seq, epoch=change.epoch):
        raise AnotherDeviceWasFirst("the vault has changed: fetch it and try again")
    last = await ManifestRow.get_or_none(resident_id=resident, seq=change.seq - 1)
    if change.prev != (last.digest if last else ""):
        raise AnotherDeviceWasFirst("this commit follows another manifest")
    await ManifestRow.create(
        resident_id=resident, seq=change.seq, digest=digest(change.manifest), sealed=change.manifest
    )
    if change.delete:
        gone = await ItemRow.filter(resident_id=resident, item__in=change.delete).delete()
        if gone != len(change.delete):
            raise Refused("commit/unknown-item", "an item to delete is not there", member="delete")
    for put in change.put:
        await _put(resident, put)
    if change.put:
        await _check_size(resident, stops=stops)


async def _check_size(resident: str, *, stops: bool) -> None:
    own = ItemRow.filter(resident_id=resident)
    ((many, size),) = await own.annotate(many=RawSQL("COUNT(*)"), size=RawSQL("SUM(LENGTH(sealed))")).values_list(
        "many", "size"
    )
    if many > MAX_ITEMS + (MAX_PUT if stops else 0):
        raise Refused("commit/too-many-items", f"a vault holds at most {MAX_ITEMS} items", member="put")
    if size > MAX_VAULT_BYTES + (ROOM_TO_STOP if stops else 0):
        raise Refused("commit/too-large", f"a vault holds at most {MAX_VAULT_BYTES} bytes", member="put")


async def contents(resident: str, *, since: int | None) -> Contents:
    """The vault, with the manifests after `since`, or with the newest alone. Errors: `NotFound`."""
    async with store.write():
        # Every commit moves this row: one between two of these queries would look like a server that hides items.
        epoch, seq = await residents.hold(resident)
        after = seq - 1 if since is None else max(since, seq - MANIFESTS_AT_ONCE)
        found = ManifestRow.filter(resident_id=resident, seq__gt=after)
        manifests = await found.order_by("seq")
        methods = await residents.methods(resident)
        sealed = await ItemRow.filter(resident_id=resident).order_by("item")
    return Contents(
        epoch,
        seq,
        [(each.seq, each.sealed) for each in manifests],
        methods,
        [Put(each.item, each.rev, each.sealed) for each in sealed],
    )


async def _put(resident: str, put: Put) -> None:
    if put.rev == 1:
        if await ItemRow.exists(resident_id=resident, item=put.id):
            raise Refused("commit/revision", "this item exists already", member=put.id)
        await ItemRow.create(resident_id=resident, item=put.id, rev=1, sealed=put.sealed)
        return
    followed = ItemRow.filter(resident_id=resident, item=put.id, rev=put.rev - 1)
    if not await followed.update(rev=put.rev, sealed=put.sealed):
        raise Refused("commit/revision", "this does not follow the item's last revision", member=put.id)


def _read_put(value: object) -> Put:
    fields = exactly(value, ("id", "rev", "sealed"), "put")
    return Put(text(fields, "id", "put", pattern=ID), number(fields, "rev", "put", least=1), _sealed(fields, "sealed"))


def _sealed(fields: Json, name: str) -> bytes:
    return unb64u(text(fields, name, "sealed", longest=MAX_SEALED_BYTES * 4 // 3 + 4))
