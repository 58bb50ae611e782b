"""One text for one thing: base64url, JSON and its canonical form."""

import base64
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pds.core.encoding import MAX_INTEGER, b64u, hour, jcs, parse_json, parse_object, unb64u
from pds.core.errors import Invalid
from tests.core.outcomes import outcome

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


@given(st.binary(max_size=100))
def test_bytes_come_back_from_base64url(data: bytes) -> None:
    assert unb64u(b64u(data), size=len(data)) == data


@given(st.text(ALPHABET, max_size=12))
def test_only_one_text_stands_for_the_same_bytes(text: str) -> None:
    result, data = outcome(lambda: unb64u(text))
    if result == "valid":
        assert b64u(data) == text
    else:
        assert data == "encoding/base64"
        lenient = base64.urlsafe_b64decode(text + "==") if len(text) % 4 != 1 else b"no bytes at all"
        assert b64u(lenient) != text


@pytest.mark.parametrize(
    "text", ["AA==", "AA=", "A", "AAAAA", "AB", "AAB", "A+", "A/", "AA\n", " AA", "AА", "ＡＡ", "\x00"]
)
def test_base64url_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="encoding/base64"):
        unb64u(text)


def test_a_size_that_is_wrong_is_refused() -> None:
    with pytest.raises(Invalid, match="encoding/base64"):
        unb64u(b64u(bytes(31)), size=32)


@given(values)
def test_the_canonical_form_is_that_of_rfc_8785_and_reads_back(value: Any) -> None:
    text = jcs(value)
    assert text == rfc8785.dumps(value)
    assert parse_json(text) == value
    assert jcs(parse_json(text)) == text


@given(values, st.integers(0, 3))
def test_white_space_and_order_do_not_change_the_canonical_form(value: Any, indent: int) -> None:
    assert jcs(parse_json(json.dumps(value, indent=indent))) == jcs(value)
    assert jcs(parse_json(json.dumps(value, ensure_ascii=False).encode())) == jcs(value)


@given(st.binary(max_size=60) | st.text(max_size=60) | st.text('{}[]":,0123456789eE+-. \\utrfnals', max_size=30))
def test_text_that_is_accepted_is_json_to_everybody_and_the_rest_is_refused_by_name(data: bytes | str) -> None:
    result, value = outcome(lambda: parse_json(data))
    if result == "valid":
        assert json.loads(data) == value
    else:
        assert value == "encoding/json"


@given(st.floats() | st.just(-0.0))
def test_no_number_but_an_integer_is_read_or_written(number: float) -> None:
    with pytest.raises(Invalid, match="encoding/json"):
        parse_json(json.dumps(number))
    with pytest.raises(Invalid, match="encoding/json"):
        jcs([number])


@given(st.integers(1, 60), st.sampled_from(["[", '{"a":']), st.booleans())
def test_depth_is_limited_in_reading_and_in_writing_alike(depth: int, opening: str, filled: bool) -> None:
    closing = "]" if opening == "[" else "}"
    middle = "1" if filled or opening != "[" else ""
    text = opening * depth + middle + closing * depth
    value = json.loads(text)
    if depth <= 32:
        assert parse_json(text) == value
        assert jcs(value) == text.encode()
    else:
        for attempt in (lambda: parse_json(text), lambda: jcs(value)):
            with pytest.raises(Invalid, match="encoding/json"):
                attempt()


@pytest.mark.parametrize("value", [MAX_INTEGER + 1, "\ud800", {"\udfff": 1}, b"bytes", (1,), {1: 2}, object()])
def test_what_no_json_of_ours_holds_is_not_written(value: object) -> None:
    with pytest.raises(Invalid, match="encoding/json"):
        jcs(value)


@pytest.mark.parametrize("text", ["[]", "1", "null", '"x"'])
def test_an_object_is_an_object(text: str) -> None:
    with pytest.raises(Invalid, match="encoding/json"):
        parse_object(text)


@given(st.integers(0, 2**40))
def test_an_hour_begins_at_most_an_hour_ago(time: int) -> None:
    assert hour(time) % 3600 == 0
    assert 0 <= time - hour(time) < 3600
