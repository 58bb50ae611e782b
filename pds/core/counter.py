"""The counter: codes that join a phone to a desk, and what may follow what (protocols/specs/counter.md)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import both_languages, exactly, items, text
from pds.core.recovery import ALPHABET, as_typed

CODE_BYTES = 16
TYPED_BYTES = 5
TRIES = 3

# Lifetimes in seconds: unclaimed; held by a phone whose wallet unlocks; the whole exchange; after a decision.
UNCLAIMED_SECONDS = 120
HELD_SECONDS = 300
EXCHANGE_SECONDS = 1800
COLLECT_SECONDS = 60

WAITING, OPENED, PAIRED, DECIDED, COLLECTED, VOID = "waiting", "opened", "paired", "decided", "collected", "void"
LIVE = (WAITING, OPENED, PAIRED, DECIDED)
# What may happen in which state, and where it leads: all that is not here is refused.
TABLE: Mapping[tuple[str, str], str] = {
    (WAITING, "open"): OPENED,
    (OPENED, "claim"): OPENED,
    (OPENED, "miss"): OPENED,
    (OPENED, "lock"): VOID,
    (OPENED, "pair"): PAIRED,
    (OPENED, "leave"): VOID,
    (PAIRED, "leave"): VOID,
    (PAIRED, "approve"): DECIDED,
    (PAIRED, "decline"): DECIDED,
    (DECIDED, "collect"): COLLECTED,
    **{(state, act): VOID for state in LIVE for act in ("cancel", "lapse")},
}

# ASCII only, as everywhere: these are compared with what a person or a camera gives.
_ASCII = re.compile(r"[ -~]*\Z")
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{25}[048CGMRW]\Z")
_TYPED = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}\Z")
_DIGITS = re.compile(r"[0-9]{4}\Z")
_DESK_ID = re.compile(r"[a-z0-9-]{1,64}\Z")
_MEMBERS = "registry/members"


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where a service meets residents, as the registrar signed it, and what may be asked there."""

    id: str
    place: Mapping[str, str]
    purposes: tuple[str, ...]


def read_desks(counters: object, purposes: Collection[str]) -> dict[str, Desk]:
    """The desks of a statement with these purposes. Errors: `registry/members`, `registry/counter`."""
    desks = {}
    for value in items({"counters": counters}, "counters", _MEMBERS):
        desk = _read_desk(value)
        if desk.id in desks or len(set(desk.purposes)) != len(desk.purposes) or not set(desk.purposes) <= set(purposes):
            raise Invalid("registry/counter", desk.id)
        desks[desk.id] = desk
    return desks


def _read_desk(value: object) -> Desk:
    counter = exactly(value, ("id", "place", "purposes"), _MEMBERS)
    asked = items(counter, "purposes", _MEMBERS, most=64)
    if not asked or not all(isinstance(id, str) for id in asked):
        raise Invalid(_MEMBERS, "purposes")
    id = text(counter, "id", _MEMBERS, pattern=_DESK_ID)
    return Desk(id, both_languages(counter, "place", _MEMBERS), tuple(asked))


def signed_desk(value: Any, desks: Mapping[str, Desk], purpose: str) -> Desk:
    """The desk that a request names: one of the service's, by id and both places, that may ask this purpose.

    Errors: `request/desk`.
    """
    named = value if isinstance(value, dict) and value.keys() == {"id", "place"} else {}
    desk = desks.get(named["id"]) if isinstance(named.get("id"), str) else None
    if desk is None or named["place"] != desk.place or purpose not in desk.purposes:
        raise Invalid("request/desk", "desk")
    return desk


def check_desk(signed: Desk, shown: Desk) -> None:
    """What the service signed is what the resident was shown before pairing. Errors: `counter/desk`."""
    if signed.id != shown.id or dict(signed.place) != dict(shown.place):
        raise Invalid("counter/desk", signed.id)


def follow(state: str, act: str) -> str:
    """The state after an act. Errors: `counter/state`."""
    try:
        return TABLE[state, act]
    except KeyError:
        raise Invalid("counter/state", f"{act} in {state}") from None


def format_code(secret: bytes) -> str:
    """16 bytes as 26 characters: the bits from the left, five to a character, two zero bits at the end."""
    if len(secret) != CODE_BYTES:
        raise Invalid("counter/code")
    number = int.from_bytes(secret) << 2
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))


def parse_code(code: str) -> str:
    """The code, if it is one of ours to the last bit. Errors: `counter/code`."""
    if not _CODE.match(code):
        raise Invalid("counter/code")
    return code


def format_address(issuer: str, code: str) -> str:
    """What the picture holds: capitals, so that QR's alphanumeric mode takes it (ISO/IEC 18004 section 7.3.4)."""
    return f"{issuer.upper()}/Q/{code}"


def parse_address(address: str, issuer: str) -> str:
    """The code of a picture of this server's, and of no other's. Errors: `counter/origin`, `counter/code`."""
    prefix = f"{issuer.upper()}/Q/"
    # Byte for byte: what a Unicode rule would call equal to a capital of ours is another address.
    if not _ASCII.match(address) or not address.startswith(prefix):
        raise Invalid("counter/origin")
    return parse_code(address[len(prefix) :])


def format_typed(secret: bytes) -> str:
    """5 bytes as a code to type: `ABCD-EFGH`."""
    if len(secret) != TYPED_BYTES:
        raise Invalid("counter/typed")
    number = int.from_bytes(secret)
    characters = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))
    return f"{characters[:4]}-{characters[4:]}"


def parse_typed(typed: str) -> str:
    """The eight characters, however they were typed. Errors: `counter/typed`."""
    characters = as_typed(typed)
    if not _TYPED.match(characters):
        raise Invalid("counter/typed")
    return characters


def parse_digits(typed: str) -> str:
    """The four digits, however they were typed. Errors: `counter/digits`."""
    digits = typed.replace(" ", "")
    if not _DIGITS.match(digits):
        raise Invalid("counter/digits")
    return digits


def desk_claim(desk: Desk) -> Json:
    """How a request names its desk."""
    return {"id": desk.id, "place": dict(desk.place)}
