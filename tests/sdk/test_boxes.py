"""A box holds exactly the text that it takes (protocols/specs/journeys.md)."""

from datetime import date
from typing import Any

import pytest

from pds.core import catalogue
from pds.sdk.boxes import box, known_parts, usual_parts

TODAY = date(2026, 11, 23)
HOME = {"lines": ["Flat 3", "Harbour House", "22 Harbour Row"], "town": "Anytown", "postcode": "AN3 4CD", "uprn": "12"}
MEMBERS = [{"name": "Pat", "date_of_birth": "2009-04-01"}, {"name": "Sam"}]


@pytest.mark.parametrize(
    ("value", "part", "text"),
    [
        ("Siân", "value", "Siân"),
        (True, "value", "yes"),
        (False, "value", "no"),
        (0, "value", "0"),
        (["GB", "IE"], "value", "GB, IE"),
        (["GB", "IE"], "2", "IE"),
        (["GB"], "2", ""),
        ([], "any", "no"),
        (False, "any", "yes"),
        ("1985-03-31", "value", "1985-03-31"),
        ("1985-03-31", "day", "31"),
        ("1985-03-01", "day", "1"),
        ("1985-03-31", "month", "3"),
        ("0085-03-31", "year", "85"),
        ("2025-11-24", "past_year", "yes"),
        ("2025-11-23", "past_year", "no"),
        ("2026-11-23", "past_year", "yes"),
        ("2026-11-24", "past_year", "no"),
        (HOME, "line1", "Flat 3"),
        (HOME, "line2", "Harbour House, 22 Harbour Row"),
        (HOME, "town", "Anytown"),
        (HOME, "postcode", "AN3 4CD"),
        (HOME, "uprn", "12"),
        (HOME, "country", ""),
        (HOME, "value", "Flat 3, Harbour House, 22 Harbour Row, Anytown, AN3 4CD"),
        ({"lines": ["1 High Street"]}, "line2", ""),
        (MEMBERS, "1.name", "Pat"),
        (MEMBERS, "1.date_of_birth.year", "2009"),
        (MEMBERS, "2.date_of_birth.year", ""),
        (MEMBERS, "3.name", ""),
        ([{"address": HOME}], "1.address.postcode", "AN3 4CD"),
        ({"name": "Bellweather Lettings"}, "address.line1", ""),
    ],
)
def test_a_box_holds_what_a_person_would_type(value: Any, part: str, text: str) -> None:
    assert box(value, part, today=TODAY) == text


def test_on_the_29th_of_february_the_year_is_over_on_the_1st_of_march() -> None:
    assert box("2024-02-29", "past_year", today=date(2025, 2, 28)) == "yes"
    assert box("2024-02-29", "past_year", today=date(2025, 3, 1)) == "no"


@pytest.mark.parametrize(
    ("value", "part"), [("Siân", "initials"), ("Siân", "value.day"), (True, "day"), ("1985", "day")]
)
def test_a_part_that_there_is_not_fills_no_box(value: Any, part: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        box(value, part, today=TODAY)


@pytest.mark.parametrize(
    ("attribute", "inputs", "parts"),
    [
        ("person.full_name", 1, ("value",)),
        ("person.full_name", 3, None),
        ("person.date_of_birth", 3, ("day", "month", "year")),
        ("person.date_of_birth", 2, None),
        ("address.current", 4, ("line1", "line2", "town", "postcode")),
        ("address.current", 2, ("postcode", "uprn")),
        ("address.current", 3, None),
        ("vehicle.make_model_colour", 3, ("make", "model", "colour")),
        ("vehicle.make_model_colour", 1, None),
        ("household.members", 6, None),
        ("document.vehicle", 1, None),
        ("payment.bank_account", 3, None),
        ("no.such_thing", 1, None),
    ],
)
def test_so_many_boxes_take_the_usual_parts_or_nobody_guesses(
    attribute: str, inputs: int, parts: tuple[str, ...] | None
) -> None:
    assert usual_parts(attribute, inputs) == parts


@pytest.mark.parametrize("attribute", catalogue.ATTRIBUTES)
def test_every_part_of_every_example_is_a_text(attribute: str) -> None:
    entry = catalogue.ATTRIBUTES[attribute]
    parts = known_parts(attribute)
    assert bool(parts) == (entry.type != "file")
    assert all(isinstance(box(entry.example, part, today=TODAY), str) for part in parts)
    for inputs in range(1, 13):
        assert set(usual_parts(attribute, inputs) or ()) <= parts
