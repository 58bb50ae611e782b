"""Area `derived`: answers that are worked out, on the days on which they change."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pds.core.encoding import Json
from protocols.vectors.make.case import Case, invalid, valid

OP = "derived.answer"
HOME: Json = {"lines": ["10 Example Street"], "postcode": "AN1 2AB", "uprn": "10099999999"}
ZONE = [f"AN{district} {unit}AB" for district in range(1, 11) for unit in range(1, 6)]
ZONES = {"town": ZONE}
COUNCILS = {"E07999999": ZONE, "E07999998": [code.replace("AN", "AM") for code in ZONE], "town": ZONE}


def _at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


def _given(attribute: str, held: Json, now: int = _at(2026, 11, 23, 12), **more: Any) -> Json:
    facts = {id: {"value": value, "as_of": "2026-11-02"} for id, value in held.items()}
    return {"attribute": attribute, "held": facts, "now": now, "zone": None, "zones": {}, **more}


def _is(value: Any) -> Json:
    return {"value": value, "as_of": "2026-11-02"}


def _ages() -> Iterator[Case]:
    for comment, born, now, old in (
        ("long ago", "1985-03-31", _at(2026, 11, 23, 12), True),
        ("the day before", "2008-11-24", _at(2026, 11, 23, 12), False),
        ("the day", "2008-11-23", _at(2026, 11, 23, 0), True),
        ("the day after", "2008-11-22", _at(2026, 11, 23, 12), True),
        ("the last second before it, in winter", "2008-11-23", _at(2026, 11, 22, 23, 59, 59), False),
        ("in summer London is an hour ahead", "2008-07-01", _at(2026, 6, 30, 23), True),
        ("and not two", "2008-07-01", _at(2026, 6, 30, 22, 59, 59), False),
        ("the Sunday on which summer time begins: not yet", "2008-03-30", _at(2026, 3, 29, 23), True),
        ("summer time has not begun", "2010-03-28", _at(2028, 3, 25, 23, 30), False),
        ("on the evening of the Sunday on which it ends", "2008-10-26", _at(2026, 10, 25, 23), False),
        ("on the evening before it ends", "2008-10-25", _at(2026, 10, 24, 23), True),
        ("born on 29 February: not on 28 February", "2008-02-29", _at(2026, 2, 28, 23, 59, 59), False),
        ("born on 29 February: on 1 March", "2008-02-29", _at(2026, 3, 1), True),
        ("born on 29 February: on the day, where there is one", "2010-02-28", _at(2028, 2, 28), True),
        ("born tomorrow", "2026-11-24", _at(2026, 11, 23), False),
        ("born in the first year", "0001-01-01", _at(2026, 11, 23), True),
    ):
        yield valid(
            OP, f"18: {comment}", _given("person.age_over_18", {"person.date_of_birth": born}, now), _is(old), "date"
        )
    for born, old in (("2010-11-23", True), ("2010-11-24", False)):
        given = _given("person.age_over_16", {"person.date_of_birth": born})
        yield valid(OP, f"16: born {born}", given, _is(old), "date")
    yield valid(OP, "no date of birth", _given("person.age_over_18", {"person.full_name": "Siân"}), None)


def _places() -> Iterator[Case]:
    area = "address.lives_in_area"
    yield valid(OP, "in the zone", _given(area, {"address.current": HOME}, zone="town", zones=ZONES), _is(True))
    away = {**HOME, "postcode": "AM1 2AB"}
    yield valid(OP, "elsewhere", _given(area, {"address.current": away}, zone="town", zones=ZONES), _is(False))
    typed = {"town": [code.lower().replace(" ", "") for code in ZONE]}
    yield valid(OP, "as it was typed", _given(area, {"address.current": HOME}, zone="town", zones=typed), _is(True))
    bare = {"lines": ["10 Example Street"]}
    yield valid(OP, "no postcode", _given(area, {"address.current": bare}, zone="town", zones=ZONES), None)
    yield valid(OP, "no address", _given(area, {}, zone="town", zones=ZONES), None)
    nowhere = {"address.no_fixed_address": True}
    gone = {"absent": "not_applicable"}
    yield valid(OP, "no fixed address", _given(area, nowhere, zone="town", zones=ZONES), gone)
    yield valid(OP, "no fixed address is an answer", _given("address.current", nowhere), gone)
    yield valid(
        OP, "and yet an address", _given("address.postcode", {**nowhere, "address.current": HOME}), _is("AN1 2AB")
    )
    yield valid(OP, "a fixed address", _given("address.current", {"address.no_fixed_address": False}), None)
    yield valid(OP, "letters still go somewhere", _given("contact.correspondence_address", nowhere), None)
    for name, zones in (
        ("no such zone", {"other": ZONE}),
        ("49 postcodes", {"town": ZONE[:49]}),
        ("49 postcodes and one written twice", {"town": [*ZONE[:49], ZONE[0].lower()]}),
        ("something else than postcodes", {"town": [*ZONE, "Anytown"]}),
    ):
        given = _given(area, {"address.current": HOME}, zone="town", zones=zones)
        yield invalid(OP, "derived/zone", name, given)
    yield invalid(OP, "derived/zone", "none asked for", _given(area, {"address.current": HOME}, zones=ZONES))
    for attribute, value in (("address.postcode", "AN1 2AB"), ("address.uprn", "10099999999")):
        yield valid(OP, attribute, _given(attribute, {"address.current": HOME}), _is(value))
        yield valid(OP, f"no {attribute}", _given(attribute, {"address.current": bare}), None)
    council = "address.local_authority"
    yield valid(OP, "the council", _given(council, {"address.current": HOME}, zones=COUNCILS), _is("E07999999"))
    yield valid(OP, "another's", _given(council, {"address.current": away}, zones=COUNCILS), _is("E07999998"))
    yield valid(OP, "nobody's", _given(council, {"address.current": bare}, zones=COUNCILS), None)
    twice = {**COUNCILS, "W06999999": ZONE}
    yield valid(OP, "two claim it", _given(council, {"address.current": HOME}, zones=twice), None)
    yield valid(OP, "no zone is a council's", _given(council, {"address.current": HOME}, zones=ZONES), None)
    few = {"E07999999": ZONE[:10]}
    yield invalid(
        OP, "derived/zone", "a council of ten postcodes", _given(council, {"address.current": HOME}, zones=few)
    )


def _homes() -> Iterator[Case]:
    for adults, alone in ((0, False), (1, True), (2, False)):
        given = _given("household.sole_adult", {"household.adults": adults})
        yield valid(OP, f"{adults} adults", given, _is(alone))
    support, concession = "benefit.council_tax_support", "benefit.qualifies_for_concession"
    for comment, awards, supported, reduced in (
        ("no benefits", [], False, False),
        ("support without end", [{"type": "council_tax_support", "ends": None}], True, True),
        ("support that ends today", [{"type": "council_tax_support", "ends": "2026-11-23"}], True, True),
        ("support that ended yesterday", [{"type": "council_tax_support", "ends": "2026-11-22"}], False, False),
        ("another benefit", [{"type": "universal_credit"}], False, True),
        ("one that is not for low incomes", [{"type": "pip"}], False, False),
        ("one of several", [{"type": "pip"}, {"type": "income_support", "from": "long ago"}], False, True),
        ("none of a kind", [{"ends": None}], False, False),
    ):
        held = {"benefit.awards": awards}
        yield valid(OP, f"{comment}: support", _given(support, held), _is(supported))
        yield valid(OP, f"{comment}: reduced fee", _given(concession, held), _is(reduced))
    yield valid(OP, "nothing is known of benefits", _given(concession, {}), None)
    yield valid(OP, "what is never worked out", _given("person.full_name", {"person.full_name": "Siân"}), None)


def _personas() -> Iterator[Case]:
    """By a persona's values alone: `_at(2026, 11, 23, 12)` is the day as of which they are."""
    today, flat = "2026-11-23", {"lines": ["1 Mill Yard"]}
    none, gone = {"absent": "not_held"}, {"absent": "not_applicable"}

    def said(value: Any, source: str) -> Json:
        return {"value": value, "source": source, "as_of": today}

    adult, area, email = "person.age_over_18", "address.lives_in_area", "contact.email"
    born, home = {"person.date_of_birth": "1990-01-31"}, {"address.current": HOME}
    few = {"town": ZONE[:49]}
    for comment, attribute, values, more, claim in (
        ("a value of its own", email, {email: "s@work.example"}, {}, said("s@work.example", "self_asserted")),
        ("no value of its own", email, {"contact.mobile": "+447700900123"}, {}, None),
        ("no values", adult, {}, {}, None),
        ("by its own date of birth", adult, born, {}, said(True, "derived")),
        (
            "by its own date of birth, before what it says itself",
            adult,
            {**born, adult: False},
            {},
            said(True, "derived"),
        ),
        ("as it says itself", adult, {adult: True}, {}, said(True, "self_asserted")),
        ("by its own address", area, home, {"zone": "town", "zones": ZONES}, said(True, "derived")),
        (
            "by its own address, without a postcode",
            area,
            {"address.current": flat},
            {"zone": "town", "zones": ZONES},
            none,
        ),
        ("a zone of 49 postcodes", area, home, {"zone": "town", "zones": few}, none),
        (
            "a zone of 49 postcodes, and as it says itself",
            area,
            {**home, area: True},
            {"zone": "town", "zones": few},
            none,
        ),
        ("no number in its address", "address.uprn", {"address.current": flat}, {}, none),
        (
            "no number in its address, and one beside it",
            "address.uprn",
            {"address.current": flat, "address.uprn": "10099999999"},
            {},
            said("10099999999", "self_asserted"),
        ),
        ("it has no home", "address.current", {"address.no_fixed_address": True}, {}, gone),
        ("it has no home, and a postcode is asked", "address.postcode", {"address.no_fixed_address": True}, {}, gone),
        (
            "it has no home, and the council is asked",
            "address.local_authority",
            {"address.no_fixed_address": True},
            {},
            None,
        ),
        ("it has a home, and does not say where", "address.postcode", {"address.no_fixed_address": False}, {}, None),
        ("since when, of a home", "address.since", home, {}, None),
    ):
        given = {
            "attribute": attribute,
            "values": values,
            "now": _at(2026, 11, 23, 12),
            "zone": None,
            "zones": {},
            **more,
        }
        yield valid("derived.persona", comment, given, claim)


def derived() -> Iterator[Case]:
    yield from _ages()
    yield from _places()
    yield from _homes()
    yield from _personas()
