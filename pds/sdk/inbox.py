"""What services offered, as a wallet that believes nobody finds it (protocols/specs/deposit.md)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.catalogue import ATTRIBUTES
from pds.core.deposit import Deposit, open_deposit
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.manifest import Opened
from pds.core.members import DIGEST, ID, number, text
from pds.sdk.commit import Change, Random
from pds.sdk.directory import Directory
from pds.sdk.errors import AnotherDevice
from pds.sdk.items import Items, attribute_item, held, preferences_of
from pds.sdk.preferring import with_preferences
from pds.sdk.publishing import publish

_ANSWER = "wallet-api/answer"
_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Offered:
    """One entry of the inbox. `deposit` is None where it is not what it claims to be: `fault` is the error's code.

    `service` is who the server says left it; only with a `deposit` is it known. `received` is a time. `persona` is to
    whom it came, and with whom it is kept; `""` is the resident, also where that persona is no more or was nobody's.
    `relationship` is the id of the item that knows that.
    """

    id: str
    service: str
    received: int
    deposit: Deposit | None
    fault: str = ""
    persona: str = ""
    relationship: str = ""


async def opened_inbox(rows: Sequence[Json], opened: Opened, directory: Directory, *, now: int) -> list[Offered]:
    """The inbox that the server gave, each entry checked by itself. Errors: `wallet-api/answer`, as `directory`."""
    index = await directory.current() if rows else None
    inbox = []
    for row in rows:
        id, client_id = text(row, "id", _ANSWER, pattern=ID), text(row, "service", _ANSWER)
        received = number(row, "received", _ANSWER)
        try:
            service = await directory.find(client_id, index) if index else None
            if service is None:
                raise Invalid("registry/statement-unlisted")
            sub = text(row, "sub", _ANSWER, pattern=DIGEST)
            relationship, key = _deposit_key(opened.items, service.sector, sub)
            deposit = open_deposit(text(row, "deposit", _ANSWER, longest=32768), key, service, sub=sub, now=now)
            if deposit.id in {each["jti"] for each in _answered(opened.items)[1]["answered"]}:
                raise Invalid("deposit/repeated")
        except Invalid as error:
            inbox.append(Offered(id, client_id, received, None, error.code))
        else:
            persona = _persona(opened.items, relationship)
            inbox.append(Offered(id, client_id, received, deposit, persona=persona, relationship=relationship))
    return inbox


async def answer(
    offered: Offered, keep: Collection[str], opened: Opened, directory: Directory, *, now: int, random: Random
) -> tuple[Change, list[Json]]:
    """The change that keeps these values and remembers the deposit, and what it publishes.

    Errors: `deposit/repeated` where it was answered meanwhile; `AnotherDevice` where another would keep them than was
    offered, as the inbox says now; as `publish`.
    """
    put: dict[str, Json] = {}
    if offered.deposit is not None:
        id, document = _answered(opened.items)
        if offered.deposit.id in {each["jti"] for each in document["answered"]}:
            raise Invalid("deposit/repeated")
        if keep and _persona(opened.items, offered.relationship) != offered.persona:
            raise AnotherDevice(frozenset(keep))
        latest = {"jti": offered.deposit.id, "at": now, "service": offered.deposit.client_id, "kept": sorted(keep)}
        answered = [latest, *document["answered"]][:_REMEMBERED]
        put[id or b64u(random(16))] = {**document, "answered": answered}
        origin = {"service": offered.deposit.client_id, "why": offered.deposit.why}
        chosen = preferences_of(opened.items)
        theirs = chosen.personas.get(offered.persona)
        if theirs is not None and keep:
            more = {id: offered.deposit.values[id].value for id in sorted(keep)}
            after = replace(theirs, values={**theirs.values, **more})
            put |= with_preferences(
                opened.items, replace(chosen, personas={**chosen.personas, offered.persona: after}), random
            )
        for attribute in sorted(keep) if theirs is None else ():
            value = offered.deposit.values[attribute]
            mine = _place(opened.items, attribute, value.value)
            item = attribute_item(mine[1] if mine else None, attribute, value.value, now=now)
            put[mine[0] if mine else b64u(random(16))] = {**item, "as_of": value.as_of, "from": origin}
    elif keep:
        raise Invalid(offered.fault)
    return await publish(opened, put, directory, now=now)


def _place(items: Items, attribute: str, value: Any) -> tuple[str, Json] | None:
    """The item that a kept value replaces. Of what a vault may hold several of, it is a further one."""
    if not ATTRIBUTES[attribute].several:
        return held(items, attribute)
    same = [(id, item) for id, item in items.items() if item.get("attribute") == attribute and item["value"] == value]
    return same[0] if same else None


def _persona(items: Items, relationship: str) -> str:
    """With whom is kept what came to this subject."""
    persona = str(items.get(relationship, {}).get("persona", ""))
    return persona if persona in preferences_of(items).personas else ""


def _deposit_key(items: Items, sector: str, sub: str) -> tuple[str, ECKey]:
    """The relationship with this subject: the id of its item, and its key."""
    for id, item in items.items():
        ours = item["kind"] == "relationship" and item["sector"] == sector
        if ours and jose.thumbprint(jose.p256_private(item["sign"])) == sub:
            return id, jose.p256_private(item["deposit"])
    raise Invalid("deposit/audience")


def _answered(items: Items) -> tuple[str, Json]:
    """The item that remembers what was answered, and its id; an empty one without an id where there is none."""
    found = [(id, item) for id, item in items.items() if item["kind"] == "deposits"]
    return found[0] if found else ("", {"kind": "deposits", "answered": []})
