"""What a vault says of its resident's preferences, and what they mean for its grants. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pds.core import catalogue, derived, guarded, jose, preferences
from pds.core.chain import Paused
from pds.core.encoding import Json, b64u
from pds.core.manifest import Opened
from pds.core.preferences import Answered, Evaluation
from pds.core.preferences_item import Known, Preferences
from pds.core.registry import Service
from pds.core.request import Request
from pds.sdk.commit import Random
from pds.sdk.errors import KeptBack, SdkError
from pds.sdk.items import Asked, Items, answering, ends, held, preferences_item, preferences_of


@dataclass(frozen=True, slots=True)
class _Named:
    """A purpose, of which only the law matters here."""

    statute: str | None


def pause_of(opened: Opened) -> Paused:
    """Whether the vault says that all sharing is paused, and as of which commit. Errors: `preferences/…`."""
    return Paused(preferences_of(opened.items).paused, opened.manifest.seq)


def with_preferences(items: Items, after: Preferences, random: Random) -> dict[str, Json]:
    """The item to put."""
    found = preferences_item(items)
    return {found[0] if found else b64u(random(16)): after.document()}


def answered(items: Items) -> tuple[Answered, ...]:
    """Every request that the vault's grants tell of. All of it was verified when it was sealed."""
    return tuple(_answered(item) for item in items.values() if item["kind"] == "grant")


def _answered(item: Json) -> Answered:
    purpose_id = jose.peek(item["record"])["purpose"]
    data = jose.peek(item["statement"])["metadata"]["resident_data_service"]
    statutes = [each["statute"] for each in data["purposes"] if each["id"] == purpose_id]
    details = jose.peek(item["request"]).get("authorization_details") if item["request"] else None
    wishes = details[0]["attributes"] if details else {}
    return Answered(
        at=item["created"],
        client_id=item["service"],
        persona=item["persona"],
        authority=item["authority"],
        tier=data["tier"],
        purpose_id=purpose_id,
        purpose=_Named(statutes[0]) if statutes else None,
        attributes={id: wish.get("required", False) for id, wish in wishes.items()},
        access=item["access"],
        shared=tuple(
            id for id, choice in item["choices"].items() if choice["choice"] == "share" and "absent" not in choice
        ),
        stopped=(item["ended"] or {}).get("why") == "revoked",
    )


def proposal(request: Request, service: Service, items: Items, *, now: int) -> Evaluation:
    """What the resident's preferences propose for a verified request. Errors: `preferences/…`."""
    chosen = preferences_of(items)
    given = preferences.agreed(answered(items), chosen, service.client_id, request.purpose_id)
    return preferences.evaluate(request, chosen, service, now, given)


def in_persona(
    given: Mapping[str, Any], chosen: Preferences, proposed: Evaluation, asked: Asked, *, now: int
) -> dict[str, Json]:
    """The choices of what the persona answers now, where the resident gave no other value: each of this grant alone."""
    choices: dict[str, Json] = {}
    for id, value in given.items():
        persona = proposed.attributes[id].persona
        if value is None and persona:
            values = chosen.personas[persona].values
            found = derived.of_persona(id, values, now=now, zone=asked.zone, zones=asked.zones) or {}
            kept: Json = {name: found[name] for name in ("value", "absent") if name in found}
            source = {"source": "derived"} if found.get("source") == "derived" else {}
            choices[id] = {"choice": "share", **kept, **source}
    return choices


def check_allowed(proposed: Evaluation, chosen: Preferences, shared: Mapping[str, Any], items: Items) -> None:
    """That the resident's own rules let these go (attribute to value; None: the vault's own). Errors: `KeptBack`."""
    if proposed.refused is not None:
        raise KeptBack("", proposed.refused)
    given = protected_marks(items) if chosen.address_protection else frozenset()
    for id, value in shared.items():
        if proposed.attributes[id].decision == "withhold":
            raise KeptBack(id, proposed.attributes[id].because)
        mine = held(items, id) if value is None else None
        if guarded.reveals(mine[1]["value"] if mine else value, given):
            raise KeptBack(id, "address-protection")


def looks_not_held(proposed: Evaluation, chosen: Preferences, attribute: str) -> bool:
    """Whether what is withheld of a request is to look like not held."""
    decision = proposed.attributes[attribute]
    return decision.absent == "not_held" or (decision.decision != "withhold" and chosen.alike)


def protected_marks(items: Items) -> frozenset[str]:
    """What gives away a protected place, of everything that the vault holds and has held, also for a persona."""
    mine = [item for item in items.values() if item["kind"] == "attribute"]
    present = [(item["attribute"], item["value"]) for item in mine]
    past = [(item["attribute"], each["value"]) for item in mine for each in item["history"]]
    others = [pair for one in preferences_of(items).personas.values() for pair in one.values.items()]
    return guarded.marks([*present, *past, *others])


def exposed(opened: Opened) -> dict[str, tuple[str, ...]]:
    """The live grants through which somebody sees a protected value, and which attributes show it."""
    given = protected_marks(opened.items)
    found = {}
    for id in opened.manifest.grants:
        item = opened.items[id]
        shown = [name for name in item["choices"] if _exposes(item, name, opened.items, given)]
        if shown:
            found[id] = tuple(sorted(shown))
    return found


def _exposes(item: Json, attribute: str, items: Items, given: frozenset[str]) -> bool:
    choice = item["choices"][attribute]
    if choice["choice"] != "share" or "absent" in choice:
        return False
    if is_protected(attribute):
        return True
    mine = held(answering(item, attribute, items), attribute, choice.get("item"))
    return guarded.reveals(choice["value"] if "value" in choice else mine[1]["value"] if mine else None, given)


def stays_here(attribute: str, value: Any, items: Items) -> bool:
    """Whether address protection keeps a new value from every service, also from those that the resident kept."""
    if not preferences_of(items).address_protection:
        return False
    return is_protected(attribute) or guarded.reveals(value, protected_marks(items))


def is_protected(attribute: str) -> bool:
    """Whether address protection keeps it back."""
    entry = catalogue.ATTRIBUTES.get(attribute)
    return entry is not None and entry.protected


def without(item: Json, attributes: Iterable[str]) -> Json:
    """A grant that tells these attributes no more: to its service they look as if they were not held."""
    return {**item, "choices": {**item["choices"], **{id: {"choice": "withhold"} for id in attributes}}}


def otherwise_known(opened: Opened, client_id: str, persona: str, *, now: int) -> tuple[str, ...]:
    """The live grants of a service under another subject than this persona's. One whose time is over ends by itself."""
    live = ((id, opened.items[id]) for id in opened.manifest.grants if ends(opened.items[id]) > now)
    return tuple(id for id, item in live if item["service"] == client_id and item["persona"] != persona)


def remembering(chosen: Preferences, client_id: str, persona: str) -> Preferences:
    """The preferences with the persona by which a service knows the resident from now on.

    Errors: `SdkError` where there is no such persona, e.g. since another device took it away.
    """
    if persona and persona not in chosen.personas:
        raise SdkError("there is no such persona")
    before = chosen.services.get(client_id, Known())
    known = Known(before.trust, persona, before.one_off)
    return replace(chosen, services={**chosen.services, client_id: known})
