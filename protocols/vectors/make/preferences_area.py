"""Area `preferences`: what follows from what a resident has decided beforehand.

`preferences.rows.json` has one row a line: what differs from the preferences of a new vault and from a usual request,
and all that must come of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pds.core.encoding import Json
from pds.core.preferences_item import Preferences
from protocols.vectors.make.case import Case, invalid, valid

NOW = 1_795_000_000
DAY = 86400
ROWS: dict[str, list[Json]] = json.loads(Path(__file__).with_name("preferences.rows.json").read_text("ascii"))
NEW: Json = Preferences().document()
PURPOSE: Json = {"statute": "Road Traffic Regulation Act 1984, section 45"}
ACCESS: Json = {"until": "2027-11-23"}
SERVICE: Json = {"client_id": "https://parking.anytown.example", "authority": "anytown", "tier": "council"}
SCENE: Json = {"access": ACCESS, "purpose": PURPOSE, "agreed": {}, "now": NOW}
WHOLE: Json = {
    "refused": None,
    "trust": "ask",
    "trust_because": "default",
    "persona": "",
    "persona_because": "none",
    "one_off": False,
    "one_tap": False,
}


def proposed(words: str, *, asked: bool) -> Json:
    """`ask sensitive own-page` as members of the output."""
    decision, because, *flags = words.split()
    return {
        "decision": decision,
        "because": because,
        "required": asked and "optional" not in flags,
        "persona": next((flag.removeprefix("persona:") for flag in flags if flag.startswith("persona:")), ""),
        "own_page": "own-page" in flags,
        "absent": next((flag for flag in flags if flag in ("withheld", "not_held")), None),
    }


def evaluated(row: Json) -> Case:
    scene, asked = {**SCENE, **row["scene"]}, row["asked"]
    given = {
        "preferences": {**NEW, **row["preferences"]},
        "service": {**SERVICE, "tier": scene.get("tier", "council")},
        "request": {"purpose": scene["purpose"], "attributes": asked, "access": scene["access"]},
        "agreed": scene["agreed"],
        "now": scene["now"],
    }
    attributes = {id: proposed(words, asked=asked[id]) for id, words in row["attributes"].items()}
    return valid("preferences.evaluate", row["comment"], given, {**WHOLE, **row["whole"], "attributes": attributes})


def replayed(row: Json) -> Case:
    log = [
        {
            **SERVICE,
            "at": NOW - one["days_ago"] * DAY,
            "persona": "",
            "purpose_id": "resident-permit",
            "purpose": PURPOSE,
            "attributes": {**dict.fromkeys(one["shared"], True), "contact.mobile": False},
            "access": ACCESS,
            "stopped": False,
            **{name: value for name, value in one.items() if name != "days_ago"},
        }
        for one in row["log"]
    ]
    found = [
        {"at": NOW - one["days_ago"] * DAY, **{name: value for name, value in one.items() if name != "days_ago"}}
        for one in row["found"]
    ]
    given = {"preferences": {**NEW, **row["preferences"]}, "log": log, "now": NOW}
    return valid("preferences.replay", row["comment"], given, found)


def merged(row: Json) -> Case:
    given = {name: {**NEW, **row[name]} for name in ("base", "mine", "theirs")}
    return valid("preferences.merge", row["comment"], given, {**NEW, **row["merged"]})


def read(row: Json) -> Case:
    given = {"preferences": row["preferences"]}
    if "error" in row:
        return invalid("preferences.read", row["error"], row["comment"], given)
    return valid("preferences.read", row["comment"], given, row["preferences"])


OLD_NAME = "person.previous_names"
HOME: Json = {"lines": ["10 Example Street"], "town": "Anytown", "postcode": "AN1 2AB", "country": "GB"}
FLAT: Json = {"lines": ["Flat 3", "22 Harbour Row"], "postcode": "SE3 4CD", "uprn": "10099999999"}
CARE: Json = {"lines": ["c/o Example Aid", "PO Box 12"], "postcode": "AN9 9ZZ"}
OLD_NAMES: list[Json] = [{"name": "Alex Example", "concealed": False, "until": "2021-05-01"}, {"name": "Sam Hidden"}]
GUARDED = [["address.current", HOME], ["address.history", [{"address": FLAT, "until": "2020-01-01"}]]]
REVEALED: tuple[tuple[str, list[list[Any]], Any, bool], ...] = (
    ("the same address in another place", GUARDED, HOME, True),
    ("one line of it among others", GUARDED, {"lines": ["Siân", "10  EXAMPLE street"]}, True),
    ("its postcode in a sentence", GUARDED, "Ring first. I live near AN1 2AB.", True),
    ("its postcode as people type it", GUARDED, "an1-2ab", True),
    ("a former address", GUARDED, {"method": "post", "value": "22, Harbour Row"}, True),
    ("a property number in a list", GUARDED, ["x", {"uprn": "10099999999"}], True),
    ("a short line alone means no place", GUARDED, "Flat 3", False),
    ("the town alone", GUARDED, "Anytown", False),
    ("a letter box elsewhere", GUARDED, CARE, False),
    ("a name", GUARDED, "Siân Example", False),
    ("no text at all", GUARDED, [1, True, None], False),
    ("a reference that the catalogue protects", [["account.council_tax_ref", "91234567"]], "Ref 9123-4567", True),
    ("a school", [["child.school_urn", "100001"]], {"name": "School 100001"}, True),
    ("an area is no place", [["address.local_authority", "E07000999"]], {"council": "E07000999"}, False),
    ("what is not protected is no mark", [["contact.correspondence_address", CARE]], CARE, False),
    ("nothing is held", [], HOME, False),
)
TOLD: tuple[tuple[str, str, Any, Any], ...] = (
    ("names that are not concealed", OLD_NAME, OLD_NAMES, [{"name": "Alex Example", "until": "2021-05-01"}]),
    ("all are concealed", OLD_NAME, [{"name": "A", "concealed": True}, {"name": "B"}], None),
    ("none was ever there", OLD_NAME, [], None),
    ("every other value is told as it is", "contact.email", "sian@example.org", "sian@example.org"),
)


def guarded() -> Iterator[Case]:
    for comment, held, value, revealed in REVEALED:
        yield valid("guarded.reveals", comment, {"held": held, "value": value}, revealed)
    for comment, attribute, value, output in TOLD:
        yield valid("guarded.told", comment, {"attribute": attribute, "value": value}, output)


def preferences() -> Iterator[Case]:
    yield from map(read, ROWS["read"])
    yield from map(evaluated, ROWS["evaluate"])
    yield from map(replayed, ROWS["replay"])
    yield from map(merged, ROWS["merge"])
    yield from guarded()
    unknown = evaluated({**ROWS["evaluate"][0], "asked": {"person.title": True}, "attributes": {}})
    yield invalid("preferences.evaluate", "request/attribute", "an attribute of a later release", unknown.input)
