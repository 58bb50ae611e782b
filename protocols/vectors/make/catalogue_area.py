"""Area `catalogue`: values as people and forms write them."""

import json
from collections.abc import Iterator
from pathlib import Path

from pds.core.encoding import Json
from protocols.vectors.make.case import Case, invalid, valid

OP = "catalogue.check"
FILE = Path(__file__).parents[2] / "catalogue" / "attributes.json"
NI = "person.national_insurance_number"
NAME, MAIL, PHONE = "person.full_name", "contact.email", "contact.mobile"
HOME = {"lines": ["10 Example Street"], "town": "Anytown", "postcode": "AN1 2AB", "country": "GB"}

GOOD: tuple[tuple[str, str, object, object], ...] = (
    ("200 characters of four bytes", NAME, "\U00020bb7" * 200, "\U00020bb7" * 200),
    ("a name is composed", NAME, "Zoe\u0308 O\u2019Connor", "Zo\u00eb O\u2019Connor"),
    ("a name keeps its apostrophe, case and digits", NAME, "d'Arcy McX 3rd", "d'Arcy McX 3rd"),
    ("white space of every kind collapses", NAME, "\u2003Ana\u00a0\t\r\n Maria\u3000", "Ana Maria"),
    ("a name of one character", NAME, "\u0418", "\u0418"),
    ("an astral name of 199 characters", NAME, "\U00020bb7" * 199, "\U00020bb7" * 199),
    (
        "joiners stay",
        NAME,
        "\u0645\u0646\u200c\u0627\u0644\u0639\u0627\u0628\u062f\u06cc\u0646",
        "\u0645\u0646\u200c\u0627\u0644\u0639\u0627\u0628\u062f\u06cc\u0646",
    ),
    ("a byte order mark inside is no white space", NAME, "a\ufeffb", "a\ufeffb"),
    ("combining marks are put in order", NAME, "q\u0307\u0323", "q\u0323\u0307"),
    ("a Hangul name is composed", NAME, "\u1112\u1161\u11ab", "\ud55c"),
    ("the Angstrom sign becomes a letter", NAME, "\u212bsa", "\u00c5sa"),
    ("a ligature stays: NFC, not NFKC", NAME, "\ufb01", "\ufb01"),
    ("a postcode as typed", "address.postcode", " an1-2ab ", "AN1 2AB"),
    ("the Girobank postcode", "address.postcode", "gir0aa", "GIR 0AA"),
    ("a mobile number with 0", PHONE, "07700 900123", "+447700900123"),
    ("a mobile number with 0044 and brackets", PHONE, "0044 (0)7700\u2011900123", "+447700900123"),
    ("a mobile number with +44 0", PHONE, "+44 07700 900123", "+447700900123"),
    ("a foreign number", PHONE, "+353 85 012 3456", "+353850123456"),
    (
        "a mail address: the domain alone in lower case",
        MAIL,
        " Sian.O'Connor@Example.ORG ",
        "Sian.O'Connor@example.org",
    ),
    (
        "a mail address of another script",
        MAIL,
        "\u0438\u0432\u0430\u043d@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
        "\u0438\u0432\u0430\u043d@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    ),
    ("a National Insurance number", NI, "ab 12 34 56 c", "AB123456C"),
    ("a registration mark", "vehicle.registration", "ab51-abc", "AB51ABC"),
    ("a library card", "account.library_card", "d123 456.7890", "D1234567890"),
    ("a blue badge keeps single spaces", "disability.blue_badge_number", " abc  123 ", "ABC 123"),
    ("a date with white space around", "person.date_of_birth", " 1985-03-31\n", "1985-03-31"),
    ("the 29th of February of a leap year", "person.date_of_birth", "2000-02-29", "2000-02-29"),
    ("the first day of the calendar", "person.date_of_birth", "0001-01-01", "0001-01-01"),
    ("text keeps its lines", "health.conditions", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
    ("an enum", "person.sex", "not_stated", "not_stated"),
    ("needs", "contact.communication_needs", ["bsl", "easy_read"], ["bsl", "easy_read"]),
    ("no needs", "contact.communication_needs", [], []),
    ("zero", "household.children", 0, 0),
    ("the most", "household.adults", 50, 50),
    ("false", "address.no_fixed_address", False, False),
    (
        "an address is normalised inside",
        "address.current",
        {**HOME, "postcode": "an12ab", "lines": ["  Ty\u0302   1 "]},
        {**HOME, "lines": ["T\u0177 1"]},
    ),
    (
        "an award without end",
        "benefit.awards",
        [{"type": "universal_credit", "ends": None}],
        [{"type": "universal_credit", "ends": None}],
    ),
)
BAD: tuple[tuple[str, str, object], ...] = (
    ("an unknown attribute", "person.shoe_size", "44"),
    ("an attribute of a later release", "person.title", "Ms"),
    ("a name that every object has", "constructor", "x"),
    ("a document", "document.proof_of_address", "urn:blob:sha256-x"),
    ("an empty name", NAME, ""),
    ("a name of white space", NAME, " \u00a0\t"),
    ("a name with a control character", NAME, "a\u0007b"),
    ("a name with NUL", NAME, "a\u0000"),
    ("a name with a C1 control", NAME, "a\u0090"),
    ("a name that turns the text round", NAME, "a\u202eb"),
    ("a name with an isolate", NAME, "a\u2066b"),
    ("a lone surrogate", NAME, "a\ud800"),
    ("201 characters", NAME, "x" * 201),
    ("a number for a name", NAME, 1),
    ("null for a name", NAME, None),
    ("no such day", "person.date_of_birth", "2023-02-29"),
    ("the 31st of April", "person.date_of_birth", "2023-04-31"),
    ("year 0", "person.date_of_birth", "0000-01-01"),
    ("a day in British order", "person.date_of_birth", "31/03/1985"),
    ("digits that are not ASCII", "person.date_of_birth", "\u0661985-03-31"),
    ("a day with a time", "person.date_of_birth", "1985-03-31T00:00"),
    ("a mail address without a dot", MAIL, "sian@localhost"),
    ("two at signs", MAIL, "a@b@example.org"),
    ("white space inside", MAIL, "a b@example.org"),
    ("a header smuggled in", MAIL, "a@example.org\r\nBcc:b@example.org"),
    ("a byte order mark", MAIL, "a\ufeff@example.org"),
    ("255 characters", MAIL, "a" * 243 + "@example.org"),
    ("a telephone number with letters", PHONE, "+44 7700 CALLME"),
    ("a telephone number of five digits", PHONE, "+12345"),
    ("a plus in the middle", PHONE, "+44+7700900123"),
    ("a postcode of another country", "address.postcode", "D02 AF30"),
    ("a postcode with a dotless i", "address.postcode", "G\u01310AA"),
    ("a National Insurance number that is never given out", NI, "QQ123456C"),
    ("a National Insurance number with BG", NI, "BG123456C"),
    ("true as a number", "household.children", True),
    ("a fraction", "household.children", "2"),
    ("one too many", "household.adults", 51),
    ("minus one", "household.children", -1),
    ("1 as true", "address.no_fixed_address", 1),
    ("'true'", "address.no_fixed_address", "true"),
    ("an enum in capitals", "person.sex", "Female"),
    ("an enum with white space", "person.sex", "female "),
    ("an unknown need", "contact.communication_needs", ["telepathy"]),
    ("a need twice", "contact.communication_needs", ["bsl", "bsl"]),
    ("one need, not in an array", "contact.communication_needs", "bsl"),
    ("an empty address", "address.current", {}),
    ("no lines", "address.current", {"postcode": "AN1 2AB", "lines": []}),
    ("six lines", "address.current", {**HOME, "lines": ["1", "2", "3", "4", "5", "6"]}),
    ("an empty line", "address.current", {**HOME, "lines": [" "]}),
    ("an unknown member", "address.current", {**HOME, "planet": "Earth"}),
    ("an address as text", "address.current", "10 Example Street"),
    ("true for 1 in an enum of numbers", "disability.mobility_award", {"moving_around_points": True}),
    ("text over 12000 bytes", "health.conditions", "\u20ac" * 4000),
    ("text of white space", "health.conditions", " \n "),
)


def catalogue() -> Iterator[Case]:
    attributes: list[Json] = json.loads(FILE.read_text("utf-8"))["attributes"]
    for entry in attributes:
        if entry["tier"] == "core" and entry["type"] != "file":
            given = {"attribute": entry["id"], "value": entry["example"]}
            yield valid(OP, f"the example of {entry['id']}", given, entry["example"], "example")
    for comment, attribute, value, output in GOOD:
        yield valid(OP, comment, {"attribute": attribute, "value": value}, output)
    for comment, attribute, value in BAD:
        yield invalid(OP, "catalogue/value", comment, {"attribute": attribute, "value": value})
