"""Wrong bodies from a right one and its schema: members missing, mistyped, null, empty, overlong, twice."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pds.core.encoding import Json
from tests.core.schemas import complaints

OVERLONG = 400_000
TYPES: tuple[Any, ...] = (None, True, False, 0, 5, -1, 2**53, 10**30, "", "x", "é", [], [[]], [None], {}, {"more": 1})
# As JSON text, for values that no Python object has.
LITERALS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1.5",
    "1e9",
    "-0",
    "01",
    '"\\ud800"',
    '"\\udc00\\ud800"',
    "'x'",
    "undefined",
)
# What is added to a string: strings of ours are ids, digests, base64url, and none of them has these.
TAILS = ("\n", "\0", "\r\nSet-Cookie: a=b", " ", "=", "%00", "\u202e", "é", "\U0001f642")
Where = tuple[str | int, ...]


def nodes(value: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every place in a document, the document itself first."""
    yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from nodes(each, (*where, name))


def put(document: Any, where: Where, value: Any) -> Any:
    """The document with another value in one place."""
    if not where:
        return value
    changed = deepcopy(document)
    spot = changed
    for name in where[:-1]:
        spot = spot[name]
    spot[where[-1]] = value
    return changed


def drop(document: Any, where: Where) -> Any:
    """The document without one place."""
    changed = deepcopy(document)
    spot = changed
    for name in where[:-1]:
        spot = spot[name]
    del spot[where[-1]]
    return changed


def wrong_bodies(schema: str, right: Json) -> Iterator[tuple[str, bytes]]:
    """Name and bytes. What the schema allows is left out: it may be right, or wrong in a way that no shape shows."""
    assert complaints(schema, right) == []
    for where, value in nodes(right):
        for name, document in _documents(where, value, right):
            if complaints(schema, document):
                yield f"{_name(where)} {name}", json.dumps(document).encode()
        if isinstance(value, str):
            for tail in (*TAILS, "A" * OVERLONG):
                yield f"{_name(where)} with {tail[:8]!r} after it", json.dumps(put(right, where, value + tail)).encode()
        for literal in LITERALS:
            yield f"{_name(where)} as {literal}", _raw(put(right, where, _MARK), literal)
        if isinstance(value, dict):
            twice = put(right, where, {**value, _MARK: 1, "again": 2})
            yield f"{_name(where)} with a member twice", json.dumps(twice).replace(_MARK, "again").encode()
            for member in value:
                doubled = json.dumps(put(right, where, {_MARK: None, **value})).replace(_MARK, member)
                yield f"{_name(where)} with {member} twice", doubled.encode()


def wrong_json() -> Iterator[tuple[str, bytes]]:
    """No body of any endpoint."""
    yield from {
        "nothing": b"",
        "white space": b"  ",
        "half": b'{"for":',
        "two": b"{}{}",
        "a list": b"[]",
        "null": b"null",
        "a string": b'"x"',
        "a number": b"7",
        "a trailing comma": b'{"a":1,}',
        "a comment": b"{/**/}",
        "deep lists": b"[" * 30_000,
        "deep lists, closed": b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        "deep objects": b'{"a":' * 12_000 + b"1" + b"}" * 12_000,
        "many members": b"{" + b",".join(b'"%d":1' % n for n in range(6000)) + b"}",
        "a long number": b'{"a":' + b"9" * 60_000 + b"}",
        "a byte order mark": b"\xef\xbb\xbf{}",
        "UTF-16": '{"a":1}'.encode("utf-16"),
        "UTF-32": '{"a":1}'.encode("utf-32-le"),
        "Latin-1": '{"a":"é"}'.encode("latin-1"),
        "a raw surrogate": b'{"a":"\xed\xa0\x80"}',
        "overlong UTF-8": b'{"a":"\xc0\x80"}',
        "a raw control character": b'{"a":"\x01"}',
        "a raw NUL": b'{"a":1}\0',
        "a form": b"a=1&b=2",
    }.items()


_MARK = "-here-"


def _documents(where: Where, value: Any, right: Json) -> Iterator[tuple[str, Any]]:
    for other in TYPES:
        yield f"as {json.dumps(other)}", put(right, where, other)
    if where and isinstance(where[-1], str):
        yield "missing", drop(right, where)
    if isinstance(value, dict):
        yield "with one more", put(right, where, {**value, "more": 1})
        yield "with its prototype", put(right, where, {**value, "__proto__": {}})
    if isinstance(value, list) and value:
        yield "with one twice", put(right, where, [*value, value[0]])
        yield "with many", put(right, where, value * 1000)


def _raw(marked: Any, literal: str) -> bytes:
    return json.dumps(marked).replace(json.dumps(_MARK), literal).encode()


def _name(where: Where) -> str:
    return ".".join(map(str, where)) or "the body"
