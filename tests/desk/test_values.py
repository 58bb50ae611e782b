"""What a clerk reads of each detail, and what the key copies: the form that a back office takes."""

from typing import Any

import pytest

from pds.core import catalogue
from pds.core.disclosure import Disclosure
from pds.desk.values import as_typed, lines_of

FORMS = [
    ("Siân Łucja O’Connor-Nguyễn", "Siân Łucja O’Connor-Nguyễn"),
    ("1985-03-31", "31/03/1985"),
    (True, "Yes"),
    (False, "No"),
    (2, "2"),
    ("+447700900123", "07700900123"),
    ("+353861234567", "+353861234567"),
    ({"lines": ["Flat 3", "22 Harbour Row"], "town": "Anytown", "postcode": "AN3 4CD", "country": "GB", "uprn": "1"},
     "Flat 3\n22 Harbour Row\nAnytown\nAN3 4CD"),
    ({"lines": ["1 Rue Example"], "town": "Paris", "country": "FR"}, "1 Rue Example\nParis\nFR"),
    (["bsl", "easy_read"], "bsl\neasy_read"),
    ([{"type": "universal_credit", "ends": None}], "Type: universal_credit, Ends: No end date"),
    ({"make": "Ford", "model": "Fiesta"}, "Make: Ford\nModel: Fiesta"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "typed"), FORMS)
def test_a_value_is_copied_as_a_clerk_would_type_it(value: Any, typed: str) -> None:
    assert as_typed(value) == typed


@pytest.mark.parametrize("attribute", [id for id, one in catalogue.ATTRIBUTES.items() if one.type != "file"])
def test_every_value_of_the_catalogue_has_words(attribute: str) -> None:
    typed = as_typed(catalogue.ATTRIBUTES[attribute].example)
    assert typed
    assert not set("{}[]'\"") & set(typed), "nothing reads like a program's data"


def read(**claims: Any) -> Disclosure:
    return Disclosure("sub", "grant", 1, {id.replace("__", "."): claim for id, claim in claims.items()}, {}, 0)


def test_every_value_says_who_vouches_for_it_and_since_when() -> None:
    given = read(
        person__full_name={"value": "Siân", "source": "self_asserted", "as_of": "2026-11-02"},
        person__age_over_18={"value": True, "source": "derived", "as_of": "2026-11-03"},
    )
    name, age = lines_of(given, ("person.full_name", "person.age_over_18"))
    assert name.vouched == "The resident says so; nobody has checked it. As of 2 November 2026"
    assert age.vouched == "Worked out in the vault from what the resident typed. As of 3 November 2026"


def test_what_was_kept_back_looks_like_what_is_not_held() -> None:
    given = read(contact__email={"absent": "withheld"}, contact__mobile={"absent": "not_held"})
    email, mobile = lines_of(given, ("contact.email", "contact.mobile"))
    assert (email.shown, email.copied, email.vouched) == (mobile.shown, mobile.copied, mobile.vouched)
    assert email.copied == ""
