"""The copy of the activity that a resident keeps: what belongs in it, and what does not."""

from pds.core.encoding import digest
from protocols.vectors.make import world
from protocols.vectors.make.grant_item import GRANT_ITEM
from protocols.vectors.make.keys import an_id
from tests.core.schemas import complaints
from tests.core.test_vectors import VECTORS


def test_a_copy_of_the_activity_fits_and_one_with_a_value_does_not() -> None:
    log = next(vector.case["input"] for vector in VECTORS if vector.case["comment"] == "a whole chain")
    name = {"en": "Resident parking permit", "cy": "Trwydded barcio preswylydd"}
    event = {
        "at": world.NOW,
        "kind": "shared",
        "service": world.PARKING,
        "name": name,
        "grant_id": log["grant_id"],
        "attributes": ["person.full_name"],
    }
    grant = {
        "grant_id": log["grant_id"],
        "service": world.PARKING,
        "name": name,
        "authority": "anytown",
        "purpose": "resident-permit",
        "record": log["record"],
        "request_hash": world.approval.record.claims["request_hash"],
        "dpop_jkt": log["dpop_jkt"],
        "log": {"fault": None, **{member: log[member] for member in ("n", "head", "entries")}},
    }
    refused = {**event, "kind": "refused", "grant_id": None, "attributes": []}
    members = {"schema": "pds/activity/1", "issuer": world.ISSUER, "made": world.NOW}
    assert complaints("activity.json", {**members, "events": [event, refused], "grants": [grant]}) == []
    assert complaints("activity.json", {**members, "events": [{**event, "value": "Siân"}], "grants": [grant]})
    assert complaints("activity.json", {**members, "events": [event], "grants": [{**grant, "salt": world.SALT}]})
    assert complaints("activity.json", {**members, "events": [event], "grants": []}) == []


def test_what_the_vault_remembers_for_the_activity_fits() -> None:
    name = {"en": "Resident parking permit", "cy": "Trwydded barcio preswylydd"}
    refusal = {"service": world.PARKING, "purpose": "resident-permit", "at": world.NOW, "name": name}
    assert complaints("item.json", {"kind": "decisions", "refusals": [refusal]}) == []
    assert complaints("item.json", {"kind": "decisions", "refusals": [{**refusal, "name": "Parking"}]})
    answered = {
        "jti": an_id("offer"),
        "at": world.NOW,
        "service": world.PARKING,
        "name": name,
        "kept": ["contact.email"],
    }
    assert complaints("item.json", {"kind": "deposits", "answered": [answered]}) == []
    assert complaints("item.json", {"kind": "deposits", "answered": [{**answered, "kept": ["sian@example.org"]}]})
    position = {"n": 3, "head": digest("head")}
    assert complaints("item.json", {**GRANT_ITEM, "log": position}) == []
    assert complaints("item.json", {**GRANT_ITEM, "log": {**position, "n": 0}})
