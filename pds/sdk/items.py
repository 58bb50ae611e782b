"""The items of a vault, as a wallet reads and makes them (protocols/specs/vault.md, Items). Pure."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import ECKey

from pds.core import catalogue, guarded, jose
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.request import grant_end
from pds.sdk.commit import Random

Items = Mapping[str, Json]


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


def holds(item: Json, attribute: str, items: Items, changed: Collection[str]) -> bool:
    """Whether a standing grant follows the vault's value of an attribute: of several, one of those changed."""
    choice = item["choices"].get(attribute, {})
    if item["access"] == "once" or choice.get("choice") != "share" or "value" in choice:
        return False
    mine = held(items, attribute, choice.get("item"))
    return mine is not None and mine[0] in changed


def ends(item: Json) -> int:
    """When the grant of an item ends by itself."""
    return grant_end(item["access"], now=item["created"])


def ended(item: Json, why: str, now: int) -> Json:
    """A grant item whose grant is over: `revoked`, `replaced` or `expired`."""
    return {**item, "ended": {"at": now, "why": why}}


def claim(item: Json, items: Items, attribute: str) -> Json:
    """What a disclosure says of one attribute, as the grant decided it and the vault has it now."""
    choice = item["choices"][attribute]
    if choice["choice"] == "withhold":
        # Where it is to look like not held, `decisions` says what it would say of that.
        return {"absent": "withheld" if item["decisions"][attribute] == "withhold" else "not_held"}
    mine = held(items, attribute, choice.get("item"))
    if "value" in choice:
        found = {"value": choice["value"], "source": "self_asserted", "as_of": day(item["created"])}
    elif mine is not None:
        found = {name: mine[1][name] for name in ("value", "source", "as_of")}
    else:
        return {"absent": "not_held"}
    value = guarded.told(attribute, found["value"])
    return {"absent": "not_held"} if value is None else {**found, "value": value}


def day(now: int) -> str:
    """The date in UTC."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()
