"""What the boxes of a form hold of a detail: a date is three boxes, an address four (protocols/specs/journeys.md)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pds.core import catalogue
from pds.core.encoding import Json

_PATTERN_OF_DATES = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_OF_DATES = ("day", "month", "year", "past_year")
_OF_ADDRESSES = ("line1", "line2", "town", "postcode", "uprn", "country")
_ADDRESS_BOXES = {4: ("line1", "line2", "town", "postcode"), 2: ("postcode", "uprn"), 1: ("value",)}
_DATE_BOXES = {3: ("day", "month", "year"), 1: ("value",)}


def usual_parts(attribute: str, inputs: int) -> tuple[str, ...] | None:
    """What so many boxes take of an attribute, or None where a form has to say it, or nobody can."""
    entry = catalogue.ATTRIBUTES.get(attribute)
    if entry is None or entry.type == "file":
        return None
    node = _node(entry)
    if _is_address(node):
        return _ADDRESS_BOXES.get(inputs)
    if _is_date(node):
        return _DATE_BOXES.get(inputs)
    if "properties" in node:
        spread = tuple(_spread(node))
        return spread if len(spread) == inputs else None
    return ("value",) if inputs == 1 and "properties" not in node.get("items", {}) else None


def known_parts(attribute: str) -> frozenset[str]:
    """Every part that a box may take of an attribute, the first row standing for all rows of a list."""
    entry = catalogue.ATTRIBUTES.get(attribute)
    return frozenset() if entry is None or entry.type == "file" else frozenset(_parts(_node(entry)))


def box(value: Any, part: str, *, today: date | None = None) -> str:
    """What one box holds of a value of the catalogue: `""` where there is nothing to put in.

    `part` is one of `known_parts`; `today` is what `past_year` counts back from. Errors: ValueError for another part.
    """
    return _box(value, part.split("."), today)


def _node(entry: catalogue.Attribute) -> Json:
    rules = entry.validation
    return {"pattern": _PATTERN_OF_DATES} if entry.type == "date" else rules.get("schema", rules)


def _is_address(node: Json) -> bool:
    return "lines" in node.get("properties", {})


def _is_date(node: Json) -> bool:
    return node.get("pattern") == _PATTERN_OF_DATES


def _spread(node: Json) -> Iterator[str]:
    """The boxes of an object, one after the other."""
    for name, inner in node["properties"].items():
        if _is_address(inner) or _is_date(inner):
            usual = _ADDRESS_BOXES[4] if _is_address(inner) else _DATE_BOXES[3]
            yield from (f"{name}.{part}" for part in usual)
        else:
            yield name


def _parts(node: Json) -> Iterator[str]:
    yield "any"
    if "properties" in node and not _is_address(node):
        for name, inner in node["properties"].items():
            yield from _parts_within(name, inner)
        return
    if "properties" not in node.get("items", {}):
        yield "value"
    if "items" in node:
        yield from _parts_within("1", node["items"])
    yield from _OF_ADDRESSES if _is_address(node) else _OF_DATES if _is_date(node) else ()


def _parts_within(name: str, node: Json) -> Iterator[str]:
    """Where a part is one text, its name alone will do."""
    parts = tuple(_parts(node))
    yield from ([name] if "value" in parts else [])
    yield from (f"{name}.{part}" for part in parts)


def _box(value: Any, path: list[str], today: date | None) -> str:
    head, rest = path[0], path[1:]
    if head == "any" and not rest:
        return _yes(value != [])
    if isinstance(value, Mapping):
        return _of_address(value, head) if "lines" in value and not rest else _inside(value.get(head), rest, today)
    if isinstance(value, list) and head.isdigit():
        return _inside(value[int(head) - 1] if 0 < int(head) <= len(value) else None, rest, today)
    if rest:
        raise ValueError(f"no such part: {head}")
    if head == "value":
        return ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
    return _of_date(value, head, today)


def _inside(value: Any, rest: list[str], today: date | None) -> str:
    return "" if value is None else _box(value, rest or ["value"], today)


def _of_address(value: Mapping[str, Any], part: str) -> str:
    lines = list(value["lines"])
    if part == "value":
        return ", ".join([*lines, *(value[name] for name in ("town", "postcode") if name in value)])
    if part in ("line1", "line2"):
        return str(lines[0]) if part == "line1" else ", ".join(lines[1:])
    return str(value.get(part, ""))


def _of_date(value: Any, part: str, today: date | None) -> str:
    day = date.fromisoformat(str(value))
    if part == "past_year" and today is not None:
        # As parts, because a day of a leap year has no anniversary in most years.
        return _yes(day <= today and (day.year + 1, day.month, day.day) > (today.year, today.month, today.day))
    if part not in ("day", "month", "year"):
        raise ValueError(f"no such part: {part}")
    return str(getattr(day, part))


def _text(value: Any) -> str:
    return _yes(value) if isinstance(value, bool) else str(value)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
