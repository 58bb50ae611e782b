"""The items of a vault, as a wallet reads and makes them (protocols/specs/vault.md, Items). Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import ECKey

from pds.core import catalogue, derived, guarded, jose
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.preferences_item import Preferences, read
from pds.core.request import grant_end
from pds.sdk.commit import Random

Items = Mapping[str, Json]


def preferences_of(items: Items) -> Preferences:
    """The preferences that are sealed in the vault, or those of a new one. Errors: `preferences/…`."""
    found = preferences_item(items)
    return read(found[1]) if found else Preferences()


def preferences_item(items: Items) -> tuple[str, Json] | None:
    """Their item: its id and document."""
    return next(((id, item) for id, item in items.items() if item["kind"] == "preferences"), None)


def held(items: Items, attribute: str, chosen: str | None = None) -> tuple[str, Json] | None:
    """The item that holds an attribute: its id and document. Of several, the chosen one, else the newest."""
    found = [
        (id, item)
        for id, item in items.items()
        if item["kind"] == "attribute" and item.get("attribute") == attribute and chosen in (None, id)
    ]
    return max(found, key=lambda pair: (str(pair[1].get("as_of", "")), pair[0]), default=None)


def attribute_item(before: Json | None, attribute: str, value: Any, *, now: int) -> Json:
    """An attribute's item with a new value; the old one goes into its history where the catalogue keeps one."""
    history = list(before["history"]) if before else []
    if before and catalogue.ATTRIBUTES[attribute].keep_history:
        history.insert(0, {name: before[name] for name in ("value", "as_of", "source")})
    return {
        "kind": "attribute",
        "attribute": attribute,
        "value": value,
        "source": "self_asserted",
        "as_of": day(now),
        "history": history,
    }


def relationship(items: Items, sector: str, persona: str, random: Random) -> tuple[str, Json]:
    """The relationship of a persona with a sector, or a fresh one: its keys are of the system's randomness."""
    for id, item in items.items():
        if (item["kind"], item.get("sector"), item.get("persona")) == ("relationship", sector, persona):
            return id, item
    fresh = {name: jose.private_jwk(jose.new_key()) for name in ("sign", "deposit")}
    return b64u(random(16)), {"kind": "relationship", "sector": sector, "persona": persona, **fresh}


def subject_keys(item: Json, items: Items) -> tuple[ECKey, ECKey]:
    """The signing and the deposit key of a grant's subject. Errors: `jose/key`, `item/kind`."""
    relationship = items.get(item["relationship"], {})
    if relationship.get("kind") != "relationship":
        raise Invalid("item/kind", "relationship")
    return jose.p256_private(relationship["sign"]), jose.p256_private(relationship["deposit"])


def follows(item: Json, attribute: str) -> bool:
    """Whether a standing grant tells what the vault has of an attribute, whenever it changes."""
    choice = item["choices"].get(attribute, {})
    return item["access"] != "once" and choice.get("choice") == "share" and not choice.keys() & {"value", "absent"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A detail that changes: the vault's own, whose item is `item`, or a persona's. `value` is None where it goes."""

    attribute: str
    value: Any
    item: str = ""
    persona: str = ""


def changed_by(put: Items, before: Items) -> list[Changed]:
    """The details that these items change: the vault's own, and those of the personas that there were."""
    own = [Changed(item["attribute"], item["value"], id) for id, item in put.items() if item["kind"] == "attribute"]
    was, now = preferences_of(before).personas, preferences_of({**before, **put}).personas
    theirs = []
    for persona, one in was.items():
        values = now[persona].values if persona in now else {}
        differing = (id for id in sorted(one.values.keys() | values.keys()) if one.values.get(id) != values.get(id))
        theirs += [Changed(id, values.get(id), persona=persona) for id in differing]
    return own + theirs


def touched(item: Json, changed: Collection[Changed], items: Items) -> set[str]:
    """What a grant follows of these details, and of what is worked out from them."""
    found = set()
    for one in changed:
        told = {id for id in (one.attribute, *derived.following(one.attribute)) if follows(item, id)}
        mine = held(items, one.attribute, item["choices"].get(one.attribute, {}).get("item"))
        # Who was told of one of several goes on with that one.
        if one.item and mine is not None and mine[0] != one.item:
            told.discard(one.attribute)
        found |= {id for id in told if _whose(item, id) == one.persona}
    return found


def changed_on(item: Json, attributes: Collection[str], before: Items, after: Items, *, now: int) -> Json:
    """A grant whose persona may have changed these of its details, with the date of those that are other now."""
    asked = [id for id in attributes if _whose(item, id)]
    was, found = ({id: present(item, id, items, now=now) | {"as_of": ""} for id in asked} for items in (before, after))
    other = [id for id in asked if was[id] != found[id]]
    return {**item, "choices": {**item["choices"], **{id: {**item["choices"][id], "as_of": day(now)} for id in other}}}


def _whose(item: Json, attribute: str) -> str:
    """Whose answer an attribute of a grant is: a persona's id, or `""` for the vault's own."""
    return str(item["persona"]) if item["choices"].get(attribute, {}).get("persona") else ""


def answering(item: Json, attribute: str, items: Items) -> Items:
    """What an attribute of a grant is told from: the vault's own, or its persona's values and nothing else."""
    if not _whose(item, attribute):
        return items
    persona = preferences_of(items).personas.get(item["persona"])
    as_of = item["choices"][attribute].get("as_of", day(item["created"]))
    values = persona.values.items() if persona else ()
    one = {"kind": "attribute", "source": "self_asserted", "as_of": as_of}
    return {id: {**one, "attribute": id, "value": value} for id, value in values}


def ends(item: Json) -> int:
    """When the grant of an item ends by itself."""
    return grant_end(item["access"], now=item["created"])


def ended(item: Json, why: str, items: Items, *, now: int) -> Json:
    """A grant item whose grant is over: `revoked`, `replaced`, `expired` or `relinquished`.

    What its persona answered stays as it was last told, to be compared with what others are told.
    """
    theirs = [id for id in item["choices"] if _whose(item, id)]
    return {**pinned(item, theirs, items, now=now), "ended": {"at": now, "why": why}}


def pinned(item: Json, attributes: Iterable[str], items: Items, *, now: int) -> Json:
    """A grant that goes on telling what it tells now of these attributes, and never a later value."""
    choices = dict(item["choices"])
    for id in attributes:
        if choices[id].keys() & {"value", "absent"}:
            continue
        found = present(item, id, items, now=now)
        choices[id] = {**choices[id], **found}
    return {**item, "choices": choices}


def claim(item: Json, items: Items, attribute: str, *, now: int) -> Json:
    """What a disclosure says of one attribute, as the grant decided it and the vault has it now."""
    choice = item["choices"][attribute]
    if choice["choice"] == "withhold":
        # Where it is to look like not held, `decisions` says what it would say of that.
        return {"absent": "withheld" if item["decisions"][attribute] == "withhold" else "not_held"}
    if "absent" in choice:
        return {"absent": choice["absent"]}
    if "value" in choice:
        # Of what was typed for this grant alone nothing else is known: it was there when the grant was made.
        found = {"source": "self_asserted", "as_of": day(item["created"]), **choice}
        found = {name: found[name] for name in ("value", "source", "as_of")}
    else:
        found = present(item, attribute, items, now=now)
        if "absent" in found:
            return found
    value = guarded.told(attribute, found["value"])
    return {"absent": "not_held"} if value is None else {**found, "value": value}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an area answer depends on: the zone of the request, and the zones of its purpose."""

    zone: str | None
    zones: Mapping[str, Sequence[str]]


def asked_of(item: Json) -> Asked:
    """Of a grant. Its request and statement were verified when it was sealed."""
    found = jose.peek(item["request"]).get("authorization_details") if item["request"] else None
    if found is None:
        return Asked(None, {})
    (details,) = found
    purposes = jose.peek(item["statement"])["metadata"]["resident_data_service"]["purposes"]
    zones: Json = next((each["zones"] for each in purposes if each["id"] == details["purpose"]), {})
    return Asked(
        details["attributes"].get("address.lives_in_area", {}).get("zone"),
        {id: zone["postcodes"] for id, zone in zones.items()},
    )


def present(item: Json, attribute: str, items: Items, *, now: int) -> Json:
    """What there is of an attribute now, for this grant: worked out, else held, as a claim (derived.md)."""
    chosen, asked, items = item["choices"][attribute].get("item"), asked_of(item), answering(item, attribute, items)
    facts = {}
    for id in (attribute, derived.base_of(attribute), derived.HOME, derived.NO_HOME):
        mine = held(items, id, chosen if id == attribute else None) if id else None
        if id and mine:
            facts[id] = derived.Fact(mine[1]["value"], mine[1]["as_of"])
    found = derived.worked_out(attribute, facts, now=now, zone=asked.zone, zones=asked.zones)
    if found is not None:
        return found
    mine = held(items, attribute, chosen)
    if mine is None:
        return {"absent": "not_held"}
    return {name: mine[1][name] for name in ("value", "source", "as_of")}


def answers(item: Json, items: Items, *, now: int) -> Json:
    """What a grant tells now of attributes that are worked out: kept with it, to see when the date changes one."""
    worked = (id for id in sorted(item["choices"]) if derived.base_of(id) is not None and follows(item, id))
    return {id: claim(item, items, id, now=now) for id in worked}


def day(now: int) -> str:
    """The date in UTC."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()
