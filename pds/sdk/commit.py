"""The next state of a vault from a change (protocols/specs/vault.md, Manifest and commit). Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pds.core import manifest
from pds.core.chain import Position
from pds.core.encoding import Json, b64u, digest
from pds.core.manifest import ItemRef, Known, Manifest, MethodRef, Opened
from pds.core.seal import NONCE_BYTES
from pds.core.statements import statements_apart

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit changes: items by id, live grants with their pins, and what else the manifest says."""

    put: Mapping[str, Json] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    grants: Mapping[str, Position | None] = field(default_factory=dict)
    methods: Mapping[str, MethodRef | None] = field(default_factory=dict)
    recovery_confirmed: bool | None = None
    registry: tuple[tuple[str, ...], int] | None = None

    def __or__(self, other: "Change") -> "Change":
        """Both; where they differ, `other`."""
        return Change(
            {**self.put, **other.put},
            self.remove | other.remove,
            {**self.grants, **other.grants},
            {**self.methods, **other.methods},
            self.recovery_confirmed if other.recovery_confirmed is None else other.recovery_confirmed,
            other.registry or self.registry,
        )


@dataclass(frozen=True, slots=True)
class Committed:
    """`body` is the commit as the wallet API wants it, `opened` the vault once the server has it."""

    body: Json
    opened: Opened


def first_commit(root: bytes, vault: str, change: Change, random: Random) -> Committed:
    """The commit that creates a vault."""
    empty = Opened(Manifest(vault, 0, 1, ""), Known(0, ""), {})
    return next_commit(root, empty, change, random)


def next_commit(root: bytes, opened: Opened, change: Change, random: Random) -> Committed:
    """The commit that follows the opened state."""
    before = opened.manifest
    refs, documents, put = dict(before.items), dict(opened.items), []
    for id in change.remove:
        del refs[id], documents[id]
    whole = _with_positions(before.grants, change)
    apart = statements_apart(whole, opened.items, random)
    documents |= apart | whole
    for id, document in apart.items():
        rev = refs[id].rev + 1 if id in refs else 1
        sealed = manifest.seal_item(root, before.vault, before.epoch, id, rev, document, nonce=random(NONCE_BYTES))
        refs[id] = ItemRef(rev, document["kind"], digest(sealed))
        put.append({"id": id, "rev": rev, "sealed": b64u(sealed)})
    keys, seq = change.registry or (before.registry_keys, before.registry_seq)
    after = replace(
        before,
        seq=before.seq + 1,
        prev=opened.known.digest,
        items=refs,
        grants=_merged(before.grants, change.grants),
        methods=_merged(before.methods, change.methods),
        recovery_confirmed=before.recovery_confirmed
        if change.recovery_confirmed is None
        else change.recovery_confirmed,
        registry_keys=keys,
        registry_seq=seq,
    )
    sealed = manifest.seal_manifest(root, after, nonce=random(NONCE_BYTES))
    body: Json = {
        "seq": after.seq,
        "prev": after.prev,
        "manifest": b64u(sealed),
        "epoch": after.epoch,
        "put": put,
        "delete": sorted(change.remove),
    }
    return Committed(body, Opened(after, Known(after.seq, digest(sealed)), documents))


def _with_positions(listed: Mapping[str, Position], change: Change) -> dict[str, Json]:
    """The items to put. A grant that leaves the list takes along how far its log was verified."""
    put = dict(change.put)
    for id in put.keys() & {id for id, position in change.grants.items() if position is None}:
        if id in listed and listed[id].n > 0:
            put[id] = {**put[id], "log": {"n": listed[id].n, "head": listed[id].head}}
    return put


def _merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {id: value for id, value in {**before, **changes}.items() if value is not None}
