"""A desk's folder: whose desk it is, where it is reached, its keys, and who may work at it.

| file | holds |
|---|---|
| `desk.json` | `issuer`, `origin`, and `host` and `port` to listen on |
| `statement.jwt` | the service's statement, as the registrar signed it |
| `keys.json` | the service's private keys (`ServiceKeys`) |
| `registrar_keys.json` | the registrar's public keys, by which desk and purposes are verified |
| `staff.json` | who may sign in; written by `pds desk invite` and by the desk itself |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pds.core import catalogue, jose
from pds.core.encoding import Json, parse_object
from pds.sdk import ServiceKeys

_LOOPBACK = re.compile(r"([a-z0-9-]+\.)*localhost\Z")


class BadFolder(ValueError):
    """Something in the folder is missing or wrong; the text says what."""


@dataclass(frozen=True, slots=True)
class Place:
    """One registered desk: its id, where it stands in both languages, and what may be asked there."""

    id: str
    place: Mapping[str, str]
    errands: tuple["Errand", ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """What a resident can come to a counter for: a registered purpose. `attributes` says which are required."""

    id: str
    text: Mapping[str, str]
    fallback: Mapping[str, str]
    attributes: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a desk works with. `origin` is its own address, `issuer` the vault's."""

    issuer: str
    origin: str
    host: str
    port: int
    client_id: str
    service: Mapping[str, str]
    authority: Mapping[str, str]
    places: tuple[Place, ...]
    keys: ServiceKeys
    registrar_keys: tuple[Json, ...]
    staff: Path

    @property
    def host_name(self) -> str:
        """The relying party id of the staff's passkeys."""
        return urlsplit(self.origin).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether browsers reach the desk by TLS, so that its cookie can be bound to the host."""
        return self.origin.startswith("https:")


def read_folder(folder: Path) -> Setup:
    """Errors: `BadFolder`, OSError, `encoding/json`, `jose/…`."""
    described = parse_object((folder / "desk.json").read_bytes())
    origin, issuer = _origin(described, "origin"), _origin(described, "issuer")
    parts = urlsplit(origin)
    port = described.get("port", parts.port or 443)
    host = described.get("host", "127.0.0.1")
    if not isinstance(port, int) or not 0 < port < 65536 or not isinstance(host, str):
        raise BadFolder("desk.json: host and port say where to listen")
    # Our own statement needs no check here: each exchange is held to the registered one.
    statement = jose.peek((folder / "statement.jwt").read_text("ascii").strip())
    registrar_keys = tuple(parse_object((folder / "registrar_keys.json").read_bytes())["keys"])
    return setup(
        statement,
        issuer=issuer,
        origin=origin,
        listen=(host, port),
        keys=ServiceKeys.load(folder / "keys.json"),
        registrar_keys=registrar_keys,
        staff=folder / "staff.json",
    )


def setup(
    statement: Json,
    *,
    issuer: str,
    origin: str,
    listen: tuple[str, int],
    keys: ServiceKeys,
    registrar_keys: tuple[Json, ...],
    staff: Path,
) -> Setup:
    """From the claims of a statement. Errors: `BadFolder` where the service has no counter or nothing to ask at one."""
    service = statement["metadata"]["resident_data_service"]
    # At a desk details are for the task at hand: a purpose that cannot be asked once is for the service's own pages.
    errands = {each["id"]: _errand(each) for each in service["purposes"] if "once" in each["access"]}
    places = tuple(
        Place(each["id"], each["place"], tuple(errands[id] for id in each["purposes"] if id in errands))
        for each in service["counters"]
    )
    if not any(place.errands for place in places):
        raise BadFolder("the statement registers no desk with a purpose that can be asked once (`counters`)")
    return Setup(
        issuer=issuer,
        origin=origin,
        host=listen[0],
        port=listen[1],
        client_id=statement["sub"],
        service=service["name"],
        authority=service["authority"]["name"],
        places=places,
        keys=keys,
        registrar_keys=registrar_keys,
        staff=staff,
    )


def _errand(purpose: Json) -> Errand:
    # In the catalogue's order, as the resident reads them.
    wishes = purpose["attributes"]
    asked = {attribute: wishes[attribute]["required"] for attribute in catalogue.ATTRIBUTES if attribute in wishes}
    return Errand(purpose["id"], purpose["text"], purpose["fallback"], asked)


def _origin(described: Json, name: str) -> str:
    """An address without a path: by TLS, or on this machine alone."""
    value = described.get(name)
    parts = urlsplit(value if isinstance(value, str) else "")
    local = parts.scheme == "http" and _LOOPBACK.match(parts.hostname or "")
    if not isinstance(value, str) or (parts.scheme != "https" and not local) or value.count("/") != 2:
        raise BadFolder(f"desk.json: {name} is an https address without a path (http only for localhost)")
    return value
