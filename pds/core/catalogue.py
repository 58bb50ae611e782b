"""What can be asked and shared, and how a value is normalised and checked (protocols/specs/catalogue.md)."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pds.core.encoding import Json, jcs
from pds.core.errors import Invalid

_SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_PUNCTUATION = "[!-/:-@\\[-`{-~\u2010-\u2015]"
_EDGES = re.compile(f"^{_SPACE}+|{_SPACE}+\\Z")
_SPACES = re.compile(f"{_SPACE}+")
_SPACES_AND_PUNCTUATION = re.compile(f"{_SPACE}|{_PUNCTUATION}")
_ALL_BUT_PLUS = re.compile(f"{_SPACE}|(?!\\+){_PUNCTUATION}")
_CONTROLS = re.compile(f"{_SPACE}|[\ufeff\0-\x1f\x7f-\x9f]")
_PLAIN = r"^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]+$"
_DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_POSTCODE = "^(GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})$"
_TELEPHONE = r"^\+[1-9][0-9]{6,14}$"
_CODES = frozenset(
    "person.national_insurance_number account.council_tax_ref account.library_card vehicle.registration "
    "benefit.asylum_support_ref document.lpa_access_code address.uprn address.local_authority child.school_urn".split()
)
_UPPER = str.maketrans({chr(code): chr(code - 32) for code in range(97, 123)})
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})


@dataclass(frozen=True, slots=True)
class Attribute:
    """One entry of the catalogue. `bytes` bounds the JCS of a value, and with it the size of a disclosure.

    `several`: a vault may hold several items of it, of which a grant follows one.
    """

    id: str
    type: str
    label: str
    sensitivity: int
    share_policy: str
    protected: bool
    keep_history: bool
    several: bool
    derived_from: str | None
    validation: Json
    example: Any

    @property
    def bytes(self) -> int:
        """The longest a value may be, in bytes of JCS (protocols/specs/disclosure.md, Size)."""
        if self.type.startswith("array"):
            return 4096
        if self.type == "string":
            longest = self.validation.get("maxLength")
            return 128 if longest is None else min(4 * int(longest) + 2, 12000)
        return {"boolean": 5, "date": 12, "integer": 8, "enum": 64, "address": 2600, "object": 2048, "file": 256}[
            self.type
        ]


def _load() -> Mapping[str, Attribute]:
    packaged = files("pds").joinpath("protocols/catalogue/attributes.json")
    checkout = Path(__file__).parents[2] / "protocols/catalogue/attributes.json"
    text = packaged.read_text("utf-8") if packaged.is_file() else checkout.read_text("utf-8")
    return {
        entry["id"]: Attribute(
            entry["id"],
            entry["type"],
            entry["label"]["en"],
            entry["sensitivity"],
            entry["share_policy"],
            bool(entry.get("protected")),
            bool(entry["keep_history"]),
            entry["cardinality"] == "0..*" and not entry["type"].startswith("array"),
            entry["derived_from"],
            entry["validation"] or {},
            entry["example"],
        )
        for entry in json.loads(text)["attributes"]
        if entry["tier"] == "core"
    }


ATTRIBUTES: Mapping[str, Attribute] = _load()


def check(attribute: str, value: Any) -> Any:
    """The normalised value. Errors: `catalogue/value`; the message names the attribute and never the value."""
    entry = ATTRIBUTES.get(attribute)
    if entry is None or entry.type == "file":
        raise Invalid("catalogue/value", attribute)
    try:
        checked = _value(entry, value)
        if len(jcs(checked)) > entry.bytes:
            raise ValueError
    except (ValueError, Invalid) as error:
        raise Invalid("catalogue/value", attribute) from error
    return checked


def squeezed(text: str) -> str:
    """A text without white space and punctuation, its ASCII letters in capitals: to compare, not to keep."""
    return _SPACES_AND_PUNCTUATION.sub("", _nfc(text).translate(_UPPER))


def _value(entry: Attribute, value: Any) -> Any:
    rules = entry.validation
    if entry.type == "boolean":
        return _one(isinstance(value, bool), value)
    if entry.type == "integer":
        schema = rules.get("schema", {})
        whole = isinstance(value, int) and not isinstance(value, bool)
        return _one(whole and schema.get("minimum", value) <= value <= schema.get("maximum", value), value)
    if entry.type == "date":
        return _string(entry.id, value, {"pattern": _DATE})
    if entry.type == "enum":
        return _one(isinstance(value, str) and value in rules["enum"], value)
    if entry.type == "string":
        return _string(entry.id, value, rules)
    if entry.type.startswith("array"):
        schema = rules.get("schema", {"items": {"enum": rules.get("enum", [])}})
        return _node(entry.id, value, {"type": "array", **schema})
    return _node(entry.id, value, rules["schema"])


def _node(id: str, value: Any, node: Json) -> Any:
    if "properties" in node:
        known = node["properties"]
        if not isinstance(value, dict) or not value or not value.keys() <= known.keys():
            raise ValueError
        if not set(node.get("required", ())) <= value.keys():
            raise ValueError
        return {name: _node(id, inner, known[name]) for name, inner in value.items()}
    if "items" in node or node.get("type") == "array":
        if not isinstance(value, list) or not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
            raise ValueError
        members = [_node(id, inner, node.get("items", {"type": "string"})) for inner in value]
        texts = [member for member in members if isinstance(member, str)]
        return _one(len(set(texts)) == len(texts), members)
    if "enum" in node:
        return _one(any(type(value) is type(member) and value == member for member in node["enum"]), value)
    if node.get("type") == "boolean":
        return _one(isinstance(value, bool), value)
    if node.get("type") == "string":
        return _string("", value, {"maxLength": 200, **node})
    return None if value is None else _string("", value, {"pattern": _DATE})


def _one(good: bool, value: Any) -> Any:
    if not good:
        raise ValueError
    return value


def _string(id: str, value: Any, rules: Json) -> str:
    if not isinstance(value, str):
        raise ValueError
    value.encode("utf-8")
    pattern = rules.get("pattern", _PLAIN)
    text = _normaliser(id, pattern)(value)
    if not text or len(text) > rules.get("maxLength", len(text)):
        raise ValueError
    if pattern == _DATE:
        date.fromisoformat(text)
    # A catalogue pattern is anchored by ^ and $, and Python's $ would also match before a last line feed.
    if not re.fullmatch(pattern, text):
        raise ValueError
    return text


def _normaliser(id: str, pattern: str) -> Callable[[str], str]:
    if id == "health.conditions":
        return lambda text: _trim(_nfc(text).replace("\r\n", "\n").replace("\r", "\n"))
    if pattern == _DATE:
        return _trim
    if pattern == _POSTCODE:
        return _postcode
    if pattern == _TELEPHONE:
        return _telephone
    if id == "contact.email":
        return _email
    if id == "disability.blue_badge_number":
        return lambda text: _line(text).translate(_UPPER)
    if id in _CODES:
        return lambda text: _SPACES_AND_PUNCTUATION.sub("", text.translate(_UPPER))
    return _line


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _trim(text: str) -> str:
    return _EDGES.sub("", text)


def _line(text: str) -> str:
    return _SPACES.sub(" ", _nfc(text)).strip(" ")


def _postcode(text: str) -> str:
    characters = _SPACES_AND_PUNCTUATION.sub("", text.translate(_UPPER))
    return f"{characters[:-3]} {characters[-3:]}" if len(characters) > 3 else characters


def _telephone(text: str) -> str:
    number = _ALL_BUT_PLUS.sub("", text)
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("0"):
        number = "+44" + number[1:]
    return "+44" + number[4:] if number.startswith("+440") else number


def _email(text: str) -> str:
    address = _trim(_nfc(text))
    if _CONTROLS.search(address):
        raise ValueError
    name, at, domain = address.rpartition("@")
    return name + at + domain.translate(_LOWER)
