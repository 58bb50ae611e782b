"""What must not leave a vault inside another value: a protected address in a letter box, a former name in a list."""

from collections.abc import Iterable, Mapping
from typing import Any

from pds.core import catalogue

_LINE_CHARACTERS = 8
_LIST_OF_NAMES = "person.previous_names"
_PLACES = ("postcode", "uprn")


def told(attribute: str, value: Any) -> Any:
    """A held value as a service may read it, or None: of former names those that the resident does not conceal.

    That a name is concealed is itself the vault's (protocols/specs/preferences.md).
    """
    if attribute != _LIST_OF_NAMES:
        return value
    shown = [one for one in value if one.get("concealed", True) is False]
    return [{name: part for name, part in one.items() if name != "concealed"} for one in shown] or None


def marks(held: Iterable[tuple[str, Any]]) -> frozenset[str]:
    """What gives a protected place away: of the held values (attribute, value), those that the catalogue protects.

    Postcodes, property numbers, references, and the lines of an address that are long enough to mean one place.
    """
    found: set[str] = set()
    for attribute, value in held:
        entry = catalogue.ATTRIBUTES.get(attribute)
        if entry is None or not entry.protected or attribute == "address.local_authority":
            continue
        if entry.type == "string":
            found.add(catalogue.squeezed(value))
        else:
            found |= _marks(value)
    return frozenset(found)


def reveals(value: Any, given: frozenset[str]) -> bool:
    """Whether one of these marks stands anywhere in a value, however it is spaced, punctuated or capitalised."""
    if isinstance(value, str):
        text = catalogue.squeezed(value)
        return any(mark in text for mark in given)
    if isinstance(value, Mapping):
        return any(reveals(inner, given) for inner in value.values())
    return isinstance(value, list) and any(reveals(inner, given) for inner in value)


def _marks(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_marks, value)) if value else set()
    if not isinstance(value, Mapping):
        return set()
    found = {catalogue.squeezed(value[name]) for name in _PLACES if isinstance(value.get(name), str)}
    lines = [catalogue.squeezed(line) for line in value.get("lines", ()) if isinstance(line, str)]
    found |= {line for line in lines if len(line) >= _LINE_CHARACTERS}
    inner = [part for name, part in value.items() if name != "lines"]
    return found | _marks(inner)
