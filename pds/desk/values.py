"""What a clerk sees of a detail, and how the back office takes it: pure functions of the disclosed claim."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pds.core import catalogue
from pds.core.disclosure import Disclosure
from pds.core.encoding import Json

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# ISO 3166: what forms leave out because they take it for granted.
_HOME = "GB"


@dataclass(frozen=True, slots=True)
class Line:
    """One detail on the desk's screen. `copied` is what the key copies; it is empty where nothing was given."""

    label: str
    shown: str
    copied: str
    vouched: str


def lines_of(read: Disclosure, asked: tuple[str, ...]) -> tuple[Line, ...]:
    """What was asked, in the order asked."""
    return tuple(_line(attribute, read.claims[attribute]) for attribute in asked)


def _line(attribute: str, claim: Json) -> Line:
    label = catalogue.ATTRIBUTES[attribute].label
    if "absent" in claim:
        # Whether the resident has it and keeps it back is theirs to know: both look the same here.
        shown = "Does not apply" if claim["absent"] == "not_applicable" else "Not given"
        return Line(label, shown, "", "")
    typed = as_typed(claim["value"])
    return Line(label, typed, typed, vouched(claim["source"], claim["as_of"]))


def vouched(source: str, as_of: str) -> str:
    """Who stands behind a value, and since when, in words for the clerk."""
    if source == "derived":
        return f"Worked out in the vault from what the resident typed. As of {day(as_of)}"
    return f"The resident says so; nobody has checked it. As of {day(as_of)}"


def as_typed(value: Any) -> str:
    """A value of the catalogue as a clerk would type it into a form: dates by day, addresses as lines."""
    if value is None:
        return "No end date"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "\n".join(_inline(each) for each in value)
    if isinstance(value, dict):
        return "\n".join(_address(value) if "lines" in value else _members(value))
    return str(value)


def _text(value: str) -> str:
    if _DATE.match(value):
        read = date.fromisoformat(value)
        return f"{read:%d/%m/%Y}"
    # E.164, as the catalogue keeps it; desks in this country type the national form.
    return f"0{value[3:]}" if re.fullmatch(r"\+44[0-9]{9,10}", value) else value


def _address(value: Json) -> list[str]:
    rest = [value[name] for name in ("town", "postcode") if name in value]
    country = value.get("country", _HOME)
    return [*value["lines"], *rest, *([] if country == _HOME else [country])]


def _members(value: Json) -> list[str]:
    return [f"{_words(name)}: {_inline(inner)}" for name, inner in value.items()]


def _inline(value: Any) -> str:
    return as_typed(value).replace("\n", ", ")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def day(text: str) -> str:
    """`2026-11-02` as people write it."""
    read = date.fromisoformat(text)
    return f"{read.day} {read:%B %Y}"
