"""What a service was told is what the server signed for it, lately; everything else is refused, each by its name."""

from typing import Any

import pytest

from pds.core import jose, notice
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.notice import EVENTS, GRANT_CHANGED, GRANT_ENDED, LOGOUT_EVENT, SESSION_ENDED, VERIFICATION, Notice
from protocols.vectors.make import keys, world
from protocols.vectors.make.keys import an_id
from protocols.vectors.make.world import GRANT, ISSUER, NOW, PARKING, SUB
from tests.core.schemas import complaints

KEY = keys.p256("server")
SID = notice.sid_of("session", PARKING, SUB)
NOTICES = {
    GRANT_CHANGED: Notice(an_id("notice"), GRANT_CHANGED, NOW, SUB, GRANT, 2),
    GRANT_ENDED: Notice(an_id("notice"), GRANT_ENDED, NOW, SUB, GRANT),
    SESSION_ENDED: Notice(an_id("notice"), SESSION_ENDED, NOW, SUB, sid=SID),
    VERIFICATION: Notice(an_id("notice"), VERIFICATION, NOW, ""),
}
OTHER = "https://evil.example"


def claims_of(kind: str) -> Json:
    return notice.notice_claims(NOTICES[kind], issuer=ISSUER, client_id=PARKING)


def read(claims: Json, now: int = NOW) -> Notice:
    token = jose.sign(claims, jose.NOTICE, KEY, kid=jose.thumbprint(KEY))
    return notice.verify_notice(token, [KEY], issuer=ISSUER, client_id=PARKING, now=now)


LOGOUT = notice.logout_claims(NOTICES[SESSION_ENDED], issuer=ISSUER, client_id=PARKING, now=NOW)


def read_logout(claims: Json, now: int = NOW) -> notice.Logout:
    token = jose.sign(claims, jose.LOGOUT_TOKEN, KEY, kid=jose.thumbprint(KEY))
    return notice.verify_logout(token, [KEY], issuer=ISSUER, client_id=PARKING, now=now)


@pytest.mark.parametrize("kind", EVENTS)
def test_what_was_told_is_what_is_read(kind: str) -> None:
    told, hour = NOTICES[kind], NOW - NOW % 3600
    assert complaints("notice.json", claims_of(kind)) == []
    found = read(claims_of(kind))
    sub = None if kind == VERIFICATION else SUB
    assert found == Notice(told.id, kind, hour, sub, told.grant_id, told.revision, told.sid)
    assert read(claims_of(kind), now=hour + 3 * 86400 + 3610) == found
    assert read(claims_of(kind), now=hour - 10) == found


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("notice/members", {"more": 1}),
        ("notice/members", {"sub": SUB}),
        ("notice/members", {"exp": NOW + 60}),
        ("notice/members", {"iat": None}),
        ("notice/members", {"iat": True}),
        ("notice/members", {"jti": "short"}),
        ("notice/issuer", {"iss": OTHER}),
        ("notice/audience", {"aud": OTHER}),
        ("notice/audience", {"aud": [PARKING, OTHER]}),
        ("notice/time", {"iat": NOW + 11}),
        ("notice/time", {"iat": NOW - 3 * 86400 - 3611}),
        ("notice/event", {"events": {}}),
        ("notice/event", {"events": []}),
        ("notice/event", {"events": {"urn:pds:event:other": {}}}),
        ("notice/event", {"events": {LOGOUT_EVENT: {}}}),
        ("notice/event", {"events": {EVENTS[GRANT_ENDED]: {"grant_id": GRANT}, EVENTS[VERIFICATION]: {}}}),
        ("notice/members", {"sub_id": None}),
        ("notice/members", {"sub_id": {"format": "email", "email": "a@example.org"}}),
    ],
)
def test_another_notice_is_refused(kind: str, code: str, change: Json) -> None:
    claims = claims_of(kind)
    for name, value in change.items():
        claims[name] = value
    with pytest.raises(Invalid) as refused:
        read(claims)
    assert refused.value.code == code


def _user(**changes: Any) -> Json:
    return {"format": "iss_sub", "iss": ISSUER, "sub": SUB, **changes}


@pytest.mark.parametrize(
    ("kind", "code", "change"),
    [
        (GRANT_CHANGED, "notice/members", {"events": {EVENTS[GRANT_CHANGED]: {"grant_id": GRANT}}}),
        (GRANT_CHANGED, "notice/members", {"events": {EVENTS[GRANT_CHANGED]: {"grant_id": GRANT, "revision": 1}}}),
        (GRANT_ENDED, "notice/members", {"events": {EVENTS[GRANT_ENDED]: {"grant_id": "x"}}}),
        (GRANT_ENDED, "notice/members", {"events": {EVENTS[GRANT_ENDED]: {"grant_id": GRANT, "why": "revoked"}}}),
        (GRANT_ENDED, "notice/members", {"events": {EVENTS[GRANT_ENDED]: []}}),
        (GRANT_ENDED, "notice/issuer", {"sub_id": _user(iss=OTHER)}),
        (GRANT_ENDED, "notice/members", {"sub_id": _user(sub="somebody")}),
        (GRANT_ENDED, "notice/members", {"sub_id": _user(email="a@example.org")}),
        (SESSION_ENDED, "notice/members", {"sub_id": _user()}),
        (SESSION_ENDED, "notice/members", {"sub_id": {"format": "complex", "user": _user(), "session": SID}}),
        (VERIFICATION, "notice/audience", {"sub_id": {"format": "opaque", "id": OTHER}}),
    ],
)
def test_what_an_event_says_is_looked_at(kind: str, code: str, change: Json) -> None:
    claims = claims_of(kind) | change
    with pytest.raises(Invalid) as refused:
        read(claims)
    assert refused.value.code == code
    assert complaints("notice.json", claims) or code in ("notice/issuer", "notice/audience")


def test_a_logout_token_names_the_session_and_lives_two_minutes() -> None:
    assert complaints("logout_token.json", LOGOUT) == []
    assert read_logout(LOGOUT) == notice.Logout(an_id("notice"), SUB, SID)
    assert read_logout(LOGOUT, now=NOW + 129) == read_logout(LOGOUT, now=NOW - 10)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("notice/members", {"nonce": "n"}),
        ("notice/members", {"sid": None}),
        ("notice/members", {"sub": ""}),
        ("notice/members", {"exp": "soon"}),
        ("notice/issuer", {"iss": OTHER}),
        ("notice/audience", {"aud": OTHER}),
        ("notice/time", {"iat": NOW + 11}),
        ("notice/time", {"exp": NOW - 10}),
        ("notice/time", {"exp": NOW + 121}),
        ("notice/event", {"events": {}}),
        ("notice/event", {"events": {LOGOUT_EVENT: {"x": 1}}}),
        ("notice/event", {"events": {EVENTS[SESSION_ENDED]: {}}}),
    ],
)
def test_another_logout_token_is_refused(code: str, change: Json) -> None:
    with pytest.raises(Invalid) as refused:
        read_logout(LOGOUT | change)
    assert refused.value.code == code


def test_each_is_refused_as_the_other_and_where_somebody_else_signed() -> None:
    as_logout = jose.sign(LOGOUT, jose.LOGOUT_TOKEN, KEY)
    as_notice = jose.sign(claims_of(GRANT_ENDED), jose.NOTICE, KEY)
    as_id_token = jose.sign(LOGOUT, jose.ISSUED, KEY)
    for token in (as_logout, as_id_token):
        with pytest.raises(Invalid, match="jose/type"):
            notice.verify_notice(token, [KEY], issuer=ISSUER, client_id=PARKING, now=NOW)
    for token in (as_notice, as_id_token):
        with pytest.raises(Invalid, match="jose/type"):
            notice.verify_logout(token, [KEY], issuer=ISSUER, client_id=PARKING, now=NOW)
    with pytest.raises(Invalid, match="jose/signature"):
        notice.verify_notice(as_notice, [world.stranger], issuer=ISSUER, client_id=PARKING, now=NOW)


def test_a_session_has_a_name_for_each_service_and_subject() -> None:
    same = notice.sid_of("session", PARKING, SUB)
    others = [
        notice.sid_of("another", PARKING, SUB),
        notice.sid_of("session", OTHER, SUB),
        notice.sid_of("session", PARKING, "another"),
    ]
    assert same == SID
    assert len({SID, *others}) == 4
