"""The sealed list of everything in a vault, and the checks that a wallet makes when it opens one (vault.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pds.core import chain, derive, seal
from pds.core.encoding import Json, digest, jcs, parse_object
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, flag, items, number, text
from pds.core.statements import with_statements

_MALFORMED = "manifest/malformed"


@dataclass(frozen=True, slots=True)
class ItemRef:
    """What the manifest says of one item."""

    rev: int
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class MethodRef:
    """What the manifest says of one unlock method: its wrap cannot be exchanged unnoticed."""

    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of the vault. `prev` is the digest of the sealed manifest before it."""

    vault: str
    seq: int
    epoch: int
    prev: str
    items: Mapping[str, ItemRef] = field(default_factory=dict)
    methods: Mapping[str, MethodRef] = field(default_factory=dict)
    recovery_confirmed: bool = False
    grants: Mapping[str, chain.Position] = field(default_factory=dict)
    registry_keys: tuple[str, ...] = ()
    registry_seq: int = 0

    def document(self) -> Json:
        """The plaintext object."""
        return {
            "v": 1,
            "vault": self.vault,
            "seq": self.seq,
            "epoch": self.epoch,
            "prev": self.prev,
            "items": {id: {"rev": ref.rev, "kind": ref.kind, "digest": ref.digest} for id, ref in self.items.items()},
            "methods": {id: {"kind": ref.kind, "digest": ref.digest} for id, ref in self.methods.items()},
            "recovery_confirmed": self.recovery_confirmed,
            "grants": {id: {"n": at.n, "head": at.head} for id, at in self.grants.items()},
            "registry": {"keys": list(self.registry_keys), "seq": self.registry_seq},
        }


@dataclass(frozen=True, slots=True)
class Known:
    """The newest manifest that this device has seen."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class SealedItem:
    """An item as the server gives it."""

    id: str
    rev: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A vault whose every link, item and wrap was checked."""

    manifest: Manifest
    known: Known
    items: Mapping[str, Json]


def parse(plaintext: bytes) -> Manifest:
    """A manifest from its plaintext. Errors: `manifest/malformed`."""
    try:
        document = parse_object(plaintext)
    except Invalid as error:
        raise Invalid(_MALFORMED) from error
    exactly(document, "v vault seq epoch prev items methods recovery_confirmed grants registry".split(), _MALFORMED)
    if document["v"] != 1 or isinstance(document["v"], bool):
        raise Invalid(_MALFORMED, "v")
    if document["prev"] != "":
        text(document, "prev", _MALFORMED, pattern=DIGEST)
    pin = exactly(document["registry"], ("keys", "seq"), _MALFORMED)
    keys = items(pin, "keys", _MALFORMED, most=16)
    if not all(isinstance(key, str) and DIGEST.match(key) for key in keys):
        raise Invalid(_MALFORMED, "registry")
    try:
        grants = {id: chain.position(value) for id, value in _entries(document, "grants")}
    except Invalid as error:
        raise Invalid(_MALFORMED, "grants") from error
    return Manifest(
        vault=text(document, "vault", _MALFORMED, pattern=ID),
        seq=number(document, "seq", _MALFORMED, least=1),
        epoch=number(document, "epoch", _MALFORMED, least=1),
        prev=document["prev"],
        items={id: _item_ref(value) for id, value in _entries(document, "items")},
        methods={id: _method_ref(value) for id, value in _entries(document, "methods")},
        recovery_confirmed=flag(document, "recovery_confirmed", _MALFORMED),
        grants=grants,
        registry_keys=tuple(keys),
        registry_seq=number(pin, "seq", _MALFORMED),
    )


def seal_manifest(root: bytes, manifest: Manifest, *, nonce: bytes) -> bytes:
    """The sealed bytes that the server keeps."""
    context = seal.Context("manifest", manifest.vault, "manifest", manifest.seq, manifest.epoch)
    return seal.seal(derive.manifest_key(root, manifest.vault), context, jcs(manifest.document()), nonce=nonce)


def open_manifests(
    root: bytes, vault: str, epoch: int, known: Known | None, sealed: Sequence[tuple[int, bytes]]
) -> tuple[Manifest, Known]:
    """The newest of these manifests, every link checked.

    They start at the known one, at the next, or, with none known, anywhere. Errors: `seal/…`, `manifest/malformed`,
    `manifest/vault`, `manifest/epoch`, `manifest/chain`, `manifest/rolled-back`, `manifest/forked`.
    """
    key = derive.manifest_key(root, vault)
    before: Known | None = known if known and sealed and sealed[0][0] == known.seq + 1 else None
    manifest = None
    for seq, blob in sealed:
        plaintext = seal.open_sealed(key, seal.Context("manifest", vault, "manifest", seq, epoch), blob)
        manifest = parse(plaintext)
        if manifest.seq != seq:
            raise Invalid(_MALFORMED, "seq")
        if manifest.vault != vault:
            raise Invalid("manifest/vault")
        if manifest.epoch != epoch:
            raise Invalid("manifest/epoch")
        if (seq == 1 and manifest.prev) or (not before and known and seq > known.seq):
            raise Invalid("manifest/chain")
        if before and (seq != before.seq + 1 or manifest.prev != before.digest):
            raise Invalid("manifest/chain")
        before = Known(seq, digest(blob))
        if known and seq == known.seq and before.digest != known.digest:
            raise Invalid("manifest/forked")
    if manifest is None or before is None:
        raise Invalid(_MALFORMED, "no manifest")
    if known and before.seq < known.seq:
        raise Invalid("manifest/rolled-back")
    return manifest, before


def open_vault(
    root: bytes,
    vault: str,
    epoch: int,
    known: Known | None,
    sealed: Sequence[tuple[int, bytes]],
    given: Sequence[SealedItem],
    wraps: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
) -> Opened:
    """Everything in the vault, if it is exactly what the newest manifest lists. `wraps` by method id.

    Errors: those of `open_manifests`, `manifest/item-missing`, `manifest/item-unlisted`, `manifest/item-changed`,
    `manifest/wrap-changed`, `seal/…`, `item/kind`.
    """
    manifest, newest = open_manifests(root, vault, epoch, known, sealed)
    by_id = {item.id: item for item in given}
    if manifest.items.keys() - by_id.keys():
        raise Invalid("manifest/item-missing")
    if by_id.keys() - manifest.items.keys() or len(by_id) != len(given):
        raise Invalid("manifest/item-unlisted")
    for id, ref in manifest.items.items():
        _check_listed(ref, by_id[id])
    pairs = list(wraps.items()) if isinstance(wraps, Mapping) else list(wraps)
    listed = {id: ref.digest for id, ref in manifest.methods.items()}
    if len(pairs) != len(listed) or {id: digest(wrap) for id, wrap in pairs} != listed:
        raise Invalid("manifest/wrap-changed")
    opened = {id: _open_listed(root, vault, epoch, ref, by_id[id]) for id, ref in manifest.items.items()}
    return Opened(manifest, newest, with_statements(opened))


def open_item(root: bytes, vault: str, epoch: int, ref: ItemRef, item: SealedItem) -> Json:
    """One item, as its manifest lists it. Errors: `manifest/item-changed`, `seal/…`, `item/kind`."""
    _check_listed(ref, item)
    return _open_listed(root, vault, epoch, ref, item)


def _check_listed(ref: ItemRef, item: SealedItem) -> None:
    if item.rev != ref.rev or digest(item.sealed) != ref.digest:
        raise Invalid("manifest/item-changed")


def _open_listed(root: bytes, vault: str, epoch: int, ref: ItemRef, item: SealedItem) -> Json:
    context = seal.Context("item", vault, item.id, item.rev, epoch)
    plaintext = seal.open_sealed(derive.item_key(root, vault, item.id), context, item.sealed)
    try:
        document = parse_object(plaintext)
    except Invalid as error:
        raise Invalid("item/kind", "not an object") from error
    if document.get("kind") != ref.kind:
        raise Invalid("item/kind")
    return document


def seal_item(root: bytes, vault: str, epoch: int, id: str, rev: int, document: Json, *, nonce: bytes) -> bytes:
    """The sealed bytes of one revision of an item."""
    context = seal.Context("item", vault, id, rev, epoch)
    return seal.seal(derive.item_key(root, vault, id), context, jcs(document), nonce=nonce)


def _entries(document: Json, name: str) -> list[tuple[str, object]]:
    entries = document[name]
    if not isinstance(entries, dict) or not all(ID.match(id) for id in entries):
        raise Invalid(_MALFORMED, name)
    return list(entries.items())


def _item_ref(value: object) -> ItemRef:
    ref = exactly(value, ("rev", "kind", "digest"), _MALFORMED)
    rev, kind = number(ref, "rev", _MALFORMED, least=1), text(ref, "kind", _MALFORMED, longest=32)
    return ItemRef(rev, kind, text(ref, "digest", _MALFORMED, pattern=DIGEST))


def _method_ref(value: object) -> MethodRef:
    ref = exactly(value, ("kind", "digest"), _MALFORMED)
    if ref["kind"] not in derive.KINDS:
        raise Invalid(_MALFORMED, "methods")
    return MethodRef(ref["kind"], text(ref, "digest", _MALFORMED, pattern=DIGEST))
