"""Area `preferences`: what follows from what a resident has decided beforehand.

`preferences.rows.json` has one row a line: what differs from the preferences of a new vault and from a usual request,
and all that must come of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

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


def preferences() -> Iterator[Case]:
    yield from map(read, ROWS["read"])
    yield from map(evaluated, ROWS["evaluate"])
    yield from map(replayed, ROWS["replay"])
    yield from map(merged, ROWS["merge"])
    unknown = evaluated({**ROWS["evaluate"][0], "asked": {"person.title": True}, "attributes": {}})
    yield invalid("preferences.evaluate", "request/attribute", "an attribute of a later release", unknown.input)
