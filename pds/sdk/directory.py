"""The registry as a wallet trusts it: pinned registrar keys, an index that never goes back (registry.md)."""

from collections.abc import Callable, Sequence

from pds.core import jose, registry
from pds.core.encoding import Json, digest
from pds.core.errors import Invalid
from pds.core.manifest import Manifest
from pds.core.registry import Index, Service
from pds.sdk.api import Api


class Directory:
    """`registrar_keys` are the public JWKs that the wallet's release carries; the vault's own pins come before them."""

    def __init__(self, api: Api, registrar_keys: Sequence[Json], *, now: Callable[[], int]) -> None:
        self._api = api
        self._now = now
        self._keys = [{name: key[name] for name in ("crv", "kty", "x", "y")} for key in registrar_keys]
        self._pinned = tuple(jose.thumbprint(key) for key in self._keys)
        self._seq = 0

    @property
    def pins(self) -> tuple[tuple[str, ...], int]:
        """What the next manifest pins: thumbprints of the registrar's keys and the highest `seq` seen."""
        return self._pinned, self._seq

    def adopt(self, manifest: Manifest) -> None:
        """Take the pins of an opened vault, unless this device has seen a newer index."""
        if manifest.registry_keys and manifest.registry_seq >= self._seq:
            self._pinned, self._seq = manifest.registry_keys, manifest.registry_seq

    def index(self, compact: str) -> Index:
        """The index, if a pinned key signed it and it is not older than the pin. Errors: `registry/…`."""
        index = registry.verify_index(compact, keys=self._keys, pinned=self._pinned, seq=self._seq, now=self._now())
        # A new registrar key is trusted from here on, because a pinned one signed the index that has it.
        self._pinned, self._seq = index.thumbprints, index.seq
        self._keys += [key for key in index.keys if key not in self._keys]
        return index

    def service(self, statement: str, index: Index) -> Service:
        """The service of a statement that the index lists. Errors: `jose/…`, `registry/…`."""
        return registry.verify_statement(statement, index, now=self._now())

    async def current(self) -> Index:
        """The index in force. Errors: `registry/…`, `Problem`, `Unreachable`."""
        return self.index(await self._api.get_text("/registry/index"))

    async def find(self, client_id: str, index: Index) -> Service | None:
        """The service as the index lists it now; None where it is suspended or gone. Errors: as `service`."""
        listed = index.statements.get(client_id)
        if listed is None:
            return None
        statement = await self._api.get_text(f"/registry/statements/{listed}")
        if digest(statement) != listed:
            raise Invalid("registry/statement-changed")
        return self.service(statement, index)
