"""What a service keeps, and the record that it checks by itself."""

import json
import time
from typing import Any

import pytest

from pds.core import jose
from pds.core.encoding import Json, b64u, digest, hour
from pds.core.errors import Invalid
from pds.core.record import SCHEMA
from pds.sdk import Grant, Pending
from pds.sdk.grant import check_record

NOW = int(time.time())
SUBJECT = jose.new_key()
PENDING = Pending(
    "state", "nonce", "verifier", digest("request"), "resident-permit", ("b", "a"), {"until": "2099-01-02"}
)
CLIENT = "https://parking.anytown.example"


def record(**changes: object) -> str:
    sub = jose.thumbprint(SUBJECT)
    claims: Json = {
        "schema": SCHEMA,
        "iss": sub,
        "sub": sub,
        "aud": CLIENT,
        "authority": "https://anytown.example",
        "jti": b64u(bytes(16)),
        "iat": hour(NOW),
        "exp": NOW + 1000,
        "request_hash": PENDING.request_hash,
        "purpose": "resident-permit",
        "lawful_basis": "public_task",
        "attributes": ["a", "b"],
        "access": {"until": "2099-01-01"},
        "retention_days": 1,
        "decisions_hash": digest("decisions"),
        **changes,
    }
    return jose.sign(claims, jose.RECORD, SUBJECT, jwk=jose.public_jwk(SUBJECT))


def test_a_record_of_this_request_or_narrower_holds() -> None:
    held = check_record(record(), PENDING, client_id=CLIENT, now=NOW)
    assert held.access == {"until": "2099-01-01"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"request_hash": digest("another")}, "record/request"),
        ({"aud": "https://elsewhere.example"}, "record/audience"),
        ({"purpose": "another"}, "record/purpose"),
        ({"attributes": ["a"]}, "record/attributes"),
        ({"attributes": ["a", "b", "c"]}, "record/attributes"),
        ({"attributes": ["b", "a"]}, "record/attributes"),
        ({"access": "once"}, "record/access"),
        ({"access": {"until": "2099-01-03"}}, "record/access"),
        ({"exp": NOW}, "record/time"),
        ({"sub": "A" * 43}, "subject/mismatch"),
        ({"more": 1}, "record/members"),
    ],
)
def test_a_record_of_something_else_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_record(record(**changes), PENDING, client_id=CLIENT, now=NOW)
    assert caught.value.code == code


def test_a_request_under_way_survives_a_session_store() -> None:
    assert Pending.of(json.loads(json.dumps(PENDING.document()))) == PENDING


@pytest.mark.parametrize(
    "document", [None, [], {}, {**PENDING.document(), "more": 1}, {**PENDING.document(), "state": ""}]
)
def test_what_is_no_pending_request_is_refused(document: object) -> None:
    with pytest.raises(Invalid, match="sdk/pending"):
        Pending.of(document)


@pytest.mark.parametrize("document", [None, {}, {"grant_id": "x"}])
def test_what_is_no_grant_is_refused(document: object) -> None:
    with pytest.raises(Invalid, match="sdk/grant"):
        Grant.of(document)
