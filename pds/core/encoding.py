"""Bytes, digests and JSON as every other module means them (protocols/specs/encoding.md)."""

import base64
import hashlib
import json
import re
from typing import Any

import rfc8785

from pds.core.errors import Invalid

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
_B64U = re.compile(r"[A-Za-z0-9_-]*\Z")

Json = dict[str, Any]


def b64u(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str, *, size: int | None = None) -> bytes:
    """The bytes of canonical base64url; `size` in bytes where only one is right.

    Errors: `encoding/base64`. Two texts for the same bytes would be two names for one thing: trailing bits must be 0.
    """
    if not _B64U.match(text) or len(text) % 4 == 1:
        raise Invalid("encoding/base64")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64u(data) != text or (size is not None and len(data) != size):
        raise Invalid("encoding/base64")
    return data


def digest(data: bytes | str) -> str:
    """Base64url of SHA-256."""
    return b64u(hashlib.sha256(data.encode() if isinstance(data, str) else data).digest())


def jcs(value: Any) -> bytes:
    """RFC 8785 canonical JSON, for the values that our documents may hold. Errors: `encoding/json`."""
    _check_value(value, 1)
    return rfc8785.dumps(value)


def parse_json(data: bytes | str) -> Any:
    """Strict JSON: see encoding.md. Errors: `encoding/json`."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        _check_depth(text)
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("encoding/json") from error
    _check_value(value, 1)
    return value


def parse_object(data: bytes | str) -> Json:
    """Strict JSON that is an object. Errors: `encoding/json`."""
    value = parse_json(data)
    if not isinstance(value, dict):
        raise Invalid("encoding/json", "not an object")
    return value


def hour(time: int) -> int:
    """The start of the hour, so that one change told to several services does not join them by time."""
    return time - time % 3600


def _check_depth(text: str) -> None:
    # Before json.loads, whose recursion is bounded by the interpreter and not by us. Brackets inside strings count too
    # here only as an upper bound: a string with more than the limit is looked at exactly.
    depth, inside, escaped = 0, False, False
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Invalid("encoding/json", "too deep")
        elif character in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate member")
    return result


def _no_number(_text: str) -> Any:
    raise ValueError("only integers")


def _integer(text: str) -> int:
    if len(text) > 17 or text == "-0":
        raise ValueError("integer out of range")
    return int(text)


# Made once: `json.loads` would make one for each text.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_float=_no_number, parse_constant=_no_number, parse_int=_integer
)


def _check_value(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH and isinstance(value, (list, dict)):
        raise Invalid("encoding/json", "too deep")
    if isinstance(value, str):
        if value.isascii():
            return
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Invalid("encoding/json", "lone surrogate") from error
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Invalid("encoding/json", "integer out of range")
    elif isinstance(value, list):
        for inner in value:
            _check_value(inner, depth + 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise Invalid("encoding/json", "a name that is no string")
            _check_value(name, depth)
            _check_value(inner, depth + 1)
    else:
        raise Invalid("encoding/json", f"a {type(value).__name__}")
