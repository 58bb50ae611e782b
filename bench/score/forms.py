"""Forms as data, and the purposes for which they may ask (protocols/specs/journeys.md)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pds.core import catalogue
from pds.core.encoding import Json
from pds.sdk.boxes import known_parts, usual_parts
from tests.core.schemas import complaints

AREA = "address.lives_in_area"
_ROW = re.compile(r"(?:(?<=\.)|^)[1-9][0-9]*(?=\.|$)")
_TYPED: tuple[str | None, ...] = (None,)


class FormError(Exception):
    """A form or a purpose that cannot be run; the text names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what fills it, and which part of which attribute it takes (None: nothing that a vault keeps)."""

    name: str
    label: str
    fill: str
    attribute: str | None
    part: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its purpose. `asks` are the wishes of its request, within the purpose or not."""

    id: str
    name: str
    owner: str
    boxes: tuple[Box, ...]
    purpose: Json
    asks: Mapping[str, Json]

    @property
    def within(self) -> dict[str, Json]:
        """Of the wishes those that the purpose has."""
        return {id: wish for id, wish in self.asks.items() if id in self.purpose["attributes"]}

    @property
    def over_asks(self) -> bool:
        return len(self.within) < len(self.asks)


def load_forms(journeys: Path, purposes: Path, zones: Json) -> list[Form]:
    """Every form of a folder, each with the purpose of its name, or with one made of what it asks.

    `zones` are those of a purpose that is made: a form cannot name postcodes. Errors: `FormError`.
    """
    found = [
        _form(document, purposes / f"{document['id']}.json", zones, path)
        for path in sorted(journeys.glob("*.json"))
        for document in _documents(path)
    ]
    if not found:
        raise FormError(f"{journeys}: no form")
    if len({form.id for form in found}) < len(found):
        raise FormError(f"{journeys}: two forms of one id")
    return found


def _documents(path: Path) -> list[Json]:
    document = _read(path, "journey.json")
    journeys: list[Json] = document.get("journeys", [document])
    return journeys


def _read(path: Path, schema: str) -> Any:
    try:
        document = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormError(f"{path}: not JSON: {error}") from error
    wrong = complaints(schema, document)
    if wrong:
        raise FormError(f"{path}: {wrong[0]}")
    return document


def _form(document: Json, beside: Path, zones: Json, path: Path) -> Form:
    boxes: list[Box] = []
    for number, field in enumerate(document["fields"], start=1):
        for count, part in enumerate(_parts(field, path), start=1):
            boxes.append(Box(f"f{number}-{count}", field["label"], field["fill"], field["catalogue_id"], part))
    always = {field["catalogue_id"] for field in document["fields"] if field.get("when", "always") == "always"}
    asked = list(dict.fromkeys(box.attribute for box in boxes if box.attribute and box.part))
    purpose = _read(beside, "purpose.json") if beside.exists() else _made(document, asked, always, zones)
    return Form(
        id=document["id"],
        name=document["name"],
        owner=document["owner"],
        boxes=tuple(boxes),
        purpose=purpose,
        asks=dict(_wishes(asked, purpose, _zone(document["fields"], purpose, path))),
    )


def _parts(field: Json, path: Path) -> tuple[str | None, ...]:
    """What each box of a question takes. Only what a vault can fill has parts."""
    attribute, inputs = field["catalogue_id"], int(field["inputs"])
    if field["fill"] != "wallet" or attribute not in catalogue.ATTRIBUTES:
        return _TYPED * inputs
    parts = tuple(field["parts"]) if "parts" in field else usual_parts(attribute, inputs) or _TYPED * inputs
    if len(parts) != inputs:
        raise FormError(f"{path}: {field['label']}: {inputs} boxes and {len(parts)} parts")
    known = known_parts(attribute)
    strange = [part for part in parts if part is not None and _ROW.sub("1", part) not in known]
    if strange:
        raise FormError(f"{path}: {field['label']}: {attribute} has no part {strange[0]}")
    return parts


def _wishes(asked: list[str], purpose: Json, zone: str | None) -> Iterator[tuple[str, Json]]:
    for id in asked:
        wish: Json = {"required": True} if purpose["attributes"].get(id, {}).get("required") else {}
        yield id, {**wish, "zone": zone} if id == AREA and zone is not None else wish


def _zone(fields: list[Json], purpose: Json, path: Path) -> str | None:
    """The zone of the form's area answer: the one that it names, or the purpose's first."""
    named = next((field["zone"] for field in fields if "zone" in field), None)
    zone: str | None = named or next(iter(purpose["zones"]), None)
    if AREA in purpose["attributes"] and zone not in purpose["zones"]:
        raise FormError(f"{path}: its purpose has no zone {zone or 'at all'}, and has {AREA}")
    return zone


def _made(document: Json, asked: list[str], always: set[str | None], zones: Json) -> Json:
    """The purpose of a form that has none: exactly what its boxes take, once."""

    def needed(id: str) -> bool:
        return id in always and catalogue.ATTRIBUTES[id].share_policy != "optional_only"

    name = {"en": document["name"], "cy": document["name"]}
    return {
        "id": document["id"].replace("_", "-"),
        "text": name,
        "fallback": name,
        "lawful_basis": "public_task",
        "statute": None,
        "attributes": {id: {"required": needed(id), "why": name} for id in asked},
        "zones": zones if AREA in asked else {},
        "access": ["once"],
        "shortest_days": 0,
        "longest_days": 0,
        "retention_days": 365,
        "dpia": None,
    }
