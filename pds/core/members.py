"""Reading the members of a document whose shape is fixed: exact names, exact types, one error."""

import re
from collections.abc import Iterable
from typing import Any

from pds.core.encoding import Json
from pds.core.errors import Invalid

ID = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]\Z")
DIGEST = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")


def exactly(document: Any, names: Iterable[str], error: str, *, optional: Iterable[str] = ()) -> Json:
    """`document` if it is an object with exactly these members, else `error`."""
    required, allowed = set(names), set(optional)
    if not isinstance(document, dict) or not required <= document.keys() or not document.keys() <= required | allowed:
        raise Invalid(error, _stranger(document, required, allowed))
    return document


def _stranger(document: Any, required: set[str], allowed: set[str]) -> str:
    """The member at fault: the first that is missing, else the first that nobody asked for."""
    names = set(document) if isinstance(document, dict) else set()
    return min(required - names or names - required - allowed, default="members")[:64]


def text(document: Json, name: str, error: str, *, longest: int = 2048, pattern: re.Pattern[str] | None = None) -> str:
    """A non-empty string member of at most `longest` characters."""
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or (pattern and not pattern.match(value)):
        raise Invalid(error, name)
    return value


def number(document: Json, name: str, error: str, *, least: int = 0) -> int:
    """An integer member; a boolean is not one."""
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Invalid(error, name)
    return value


def flag(document: Json, name: str, error: str) -> bool:
    """A boolean member."""
    value = document.get(name)
    if not isinstance(value, bool):
        raise Invalid(error, name)
    return value


def items(document: Json, name: str, error: str, *, most: int = 256) -> list[Any]:
    """An array member of at most `most` elements."""
    value = document.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise Invalid(error, name)
    return value


def both_languages(document: Json, name: str, error: str, *, longest: int = 1000) -> dict[str, str]:
    """A member that a resident reads, in English and Welsh."""
    value = exactly(document.get(name), ("en", "cy"), error)
    return {language: text(value, language, error, longest=longest) for language in ("en", "cy")}
