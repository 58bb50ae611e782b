"""Who can see what: the vault's own grants beside the server's word for them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pds.core import chain, jose, record
from pds.core.chain import Paused, Position
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.manifest import Opened
from pds.core.members import exactly, number, text
from pds.sdk.commit import Change
from pds.sdk.items import Items, ended, ends

_ANSWER = "wallet-api/answer"
ACTIVE = "active"
_STOPPED = ("revoked", "replaced", "relinquished")


@dataclass(frozen=True, slots=True)
class Shared:
    """A live grant that was found sealed in the vault. `state`, `n` and `last_read` are the server's word."""

    id: str
    service: str
    sub: str
    purpose: str
    attributes: tuple[str, ...]
    ends: int
    state: str
    n: int
    last_read: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the server's list is not the vault's.

    `planted`: the vault knows no such grant; `hidden`: the server leaves one out; `revived`: one that has ended is
    said to be active; `stopped`: one is said to be over that neither
    the resident nor, by its own proof, the service has stopped, and whose time has not come;
    `changed`: another service or subject, or a log that went back or is another.
    """

    grant_id: str
    what: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What `Resident.grants` found. A resident is shown every difference."""

    grants: tuple[Shared, ...]
    differences: tuple[Difference, ...]


def server_grant(row: object) -> Json:
    """One row of `GET /api/grants`. Errors: `wallet-api/answer`."""
    fields = exactly(row, "id service subject state ends n head last_read enc_jkt".split(), _ANSWER)
    for name in ("id", "service", "subject", "state"):
        text(fields, name, _ANSWER)
    number(fields, "n", _ANSWER)
    return fields


def compare(opened: Opened, theirs: Mapping[str, Json], *, now: int) -> Listing:
    """The live grants of the vault, and where the server's rows (by id) say otherwise."""
    shared, differences = [], []
    for id, row in theirs.items():
        if opened.items.get(id, {}).get("kind") != "grant":
            differences.append(Difference(id, "planted"))
        elif row["state"] == ACTIVE and (opened.items[id]["ended"] or {}).get("why") in _STOPPED:
            differences.append(Difference(id, "revived"))
    for id, pin in opened.manifest.grants.items():
        if id not in theirs:
            differences.append(Difference(id, "hidden"))
            continue
        item, row = opened.items[id], theirs[id]
        same = (row["service"], row["subject"]) == (item["service"], item["sub"])
        if not same or row["n"] < pin.n or (row["n"] == pin.n and row["head"] != pin.head):
            differences.append(Difference(id, "changed"))
        elif row["state"] != ACTIVE and item["access"] != "once" and ends(item) > now:
            differences.append(Difference(id, "stopped"))
        shared.append(_shared(item, row))
    return Listing(tuple(shared), tuple(differences))


def verify_log(
    item: Json, entries: list[object], pin: Position, stated: Position, *, issuer: str, vault: Paused
) -> Position:
    """The end of a grant's chain, all of it checked, and that what was pinned is still what it was.

    A grant that the resident ended must have ended there too, and be paused as `vault` says. Errors: `log/…`.
    """
    if stated.n < pin.n:
        raise Invalid("log/rolled-back")
    dpop_jkt = jose.peek(item["request"]).get("dpop_jkt") if item["request"] else None
    start = Position(0, "")
    for part, end in ((entries[: pin.n], pin), (entries, stated)):
        chain.verify_chain(
            item["grant_id"], part, pin=start, stated=end, record=item["record"], issuer=issuer, dpop_jkt=dpop_jkt
        )
    checked = cast("list[Json]", entries)
    granted = record.read_record(item["record"])[0]
    chain.verify_ends(checked, granted)
    over = any(entry["kind"] in chain.ENDS for entry in checked)
    chain.verify_pauses(checked, granted, None if over or item["ended"] else vault)
    if (item["ended"] or {}).get("why") in _STOPPED and not over:
        raise Invalid("log/end", "it goes on")
    return stated


def learned(item: Json, items: Items, entries: Sequence[Json], position: Position) -> Change:
    """What a verified log adds to the vault: where it ends now, or that its service ended the grant itself."""
    id, last = item["grant_id"], entries[-1]
    if last["kind"] == "relinquished":
        return Change(put={id: ended(item, "relinquished", items, now=last["at"])}, grants={id: None})
    return Change(grants={id: position})


def _shared(item: Json, row: Json) -> Shared:
    signed, _claims = record.read_record(item["record"])
    return Shared(
        id=item["grant_id"],
        service=item["service"],
        sub=item["sub"],
        purpose=signed.purpose,
        attributes=signed.attributes,
        ends=ends(item),
        state=row["state"],
        n=row["n"],
        last_read=row["last_read"],
    )
