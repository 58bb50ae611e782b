"""What the server tells a service: notices and logout tokens, made and verified (protocols/specs/notices.md).

RFC 8417 (security event tokens), RFC 9493 (subjects), OpenID Shared Signals Framework 1.0, CAEP 1.0,
OpenID Connect Back-Channel Logout 1.0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pds.core import jose
from pds.core.encoding import Json, digest, hour, jcs
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, number, text

GRANT_CHANGED, GRANT_ENDED, SESSION_ENDED, VERIFICATION = (
    "grant-changed",
    "grant-ended",
    "session-ended",
    "verification",
)
# CAEP 1.0 section 3.1 and SSF 1.0 section 8.1.4 where one of theirs says it, ours where none does.
EVENTS: Mapping[str, str] = {
    GRANT_CHANGED: "urn:pds:event:grant-changed",
    GRANT_ENDED: "urn:pds:event:grant-ended",
    SESSION_ENDED: "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
    VERIFICATION: "https://schemas.openid.net/secevent/ssf/event-type/verification",
}
_SAYS = {GRANT_CHANGED: ("grant_id", "revision"), GRANT_ENDED: ("grant_id",)}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

# A notice is sent for so long; with the hour that its time is rounded by, none is older when it arrives.
KEPT_SECONDS = 3 * 86400
LOGOUT_SECONDS = 120
TOLERANCE_SECONDS = 10
_MEMBERS = "notice/members"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a service was told. `id` is the same each time that it is sent; `at` is the hour in which it was queued.

    `kind` is `grant-changed`, `grant-ended`, `session-ended` or `verification`; what does not belong to it is None.
    """

    id: str
    kind: str
    at: int
    sub: str | None
    grant_id: str | None = None
    revision: int | None = None
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Logout:
    """A session of `sub` has ended: the one whose ID tokens had this `sid`."""

    id: str
    sub: str
    sid: str


def sid_of(session: str, client_id: str, subject: str) -> str:
    """What one service knows a session by.

    `session` is the digest of 32 random bytes that no service ever sees, so two services, or one that knows a resident
    as two subjects, cannot tell that two of these are of one session.
    """
    return digest(jcs(["pds/v1", "sid", session, client_id, subject]))


def notice_claims(notice: Notice, *, issuer: str, client_id: str) -> Json:
    """The claims of a security event token (RFC 8417 section 2.2): no value, no reason, no finer time than the hour."""
    user = {"format": "iss_sub", "iss": issuer, "sub": notice.sub}
    subject: Json = user
    if notice.kind == SESSION_ENDED:
        subject = {"format": "complex", "user": user, "session": {"format": "opaque", "id": notice.sid}}
    elif notice.kind == VERIFICATION:
        # Of the stream, of which each service has one.
        subject = {"format": "opaque", "id": client_id}
    about = {"grant_id": notice.grant_id, "revision": notice.revision}
    return {
        "iss": issuer,
        "aud": client_id,
        "iat": hour(notice.at),
        "jti": notice.id,
        "sub_id": subject,
        "events": {EVENTS[notice.kind]: {name: value for name, value in about.items() if value is not None}},
    }


def logout_claims(notice: Notice, *, issuer: str, client_id: str, now: int) -> Json:
    """The claims of a logout token (OIDC Back-Channel Logout section 2.4), good for two minutes from now."""
    return {
        "iss": issuer,
        "sub": notice.sub,
        "aud": client_id,
        "iat": now,
        "exp": now + LOGOUT_SECONDS,
        "jti": notice.id,
        "sid": notice.sid,
        "events": {LOGOUT_EVENT: {}},
    }


def verify_notice(compact: str, keys: Iterable[jose.PublicKey], *, issuer: str, client_id: str, now: int) -> Notice:
    """What a service was told, if the server signed it for this service. It may have been told before: compare `id`.

    Errors: `jose/…`, `notice/members`, `notice/issuer`, `notice/audience`, `notice/time`, `notice/event`.
    """
    claims = jose.verify(compact, jose.NOTICE, keys).claims
    exactly(claims, "iss aud iat jti sub_id events".split(), _MEMBERS)
    at, id = number(claims, "iat", _MEMBERS), text(claims, "jti", _MEMBERS, pattern=ID)
    _check_parties(claims, issuer, client_id)
    if not now - KEPT_SECONDS - 3600 - TOLERANCE_SECONDS <= at <= now + TOLERANCE_SECONDS:
        raise Invalid("notice/time")
    kind, event = _event(claims["events"])
    match kind:
        case "grant-changed":
            sub = _user(claims["sub_id"], issuer)
            grant_id = text(event, "grant_id", _MEMBERS, pattern=ID)
            return Notice(id, kind, at, sub, grant_id, number(event, "revision", _MEMBERS, least=2))
        case "grant-ended":
            return Notice(id, kind, at, _user(claims["sub_id"], issuer), text(event, "grant_id", _MEMBERS, pattern=ID))
        case "session-ended":
            both = _of_format(claims["sub_id"], "complex", "user", "session")
            session = _of_format(both["session"], "opaque", "id")
            sid = text(session, "id", _MEMBERS, pattern=DIGEST)
            return Notice(id, kind, at, _user(both["user"], issuer), sid=sid)
        case _:
            if _of_format(claims["sub_id"], "opaque", "id")["id"] != client_id:
                raise Invalid("notice/audience", "sub_id")
            return Notice(id, kind, at, None)


def verify_logout(compact: str, keys: Iterable[jose.PublicKey], *, issuer: str, client_id: str, now: int) -> Logout:
    """Whose session has ended (OIDC Back-Channel Logout section 2.6). It may have been told before: compare `id`.

    Errors: `jose/…` (an ID token is of another `typ`), `notice/members`, `notice/issuer`, `notice/audience`,
    `notice/time`, `notice/event`.
    """
    claims = jose.verify(compact, jose.LOGOUT_TOKEN, keys).claims
    # Exactly these: so no nonce, which would make an ID token of it.
    exactly(claims, "iss sub aud iat exp jti sid events".split(), _MEMBERS)
    issued, expires = number(claims, "iat", _MEMBERS), number(claims, "exp", _MEMBERS)
    id, sub = text(claims, "jti", _MEMBERS, pattern=ID), text(claims, "sub", _MEMBERS, pattern=DIGEST)
    sid = text(claims, "sid", _MEMBERS, pattern=DIGEST)
    _check_parties(claims, issuer, client_id)
    if issued > now + TOLERANCE_SECONDS or expires <= now - TOLERANCE_SECONDS or expires > issued + LOGOUT_SECONDS:
        raise Invalid("notice/time")
    if claims["events"] != {LOGOUT_EVENT: {}}:
        raise Invalid("notice/event")
    return Logout(id, sub, sid)


def _check_parties(claims: Json, issuer: str, client_id: str) -> None:
    if claims["iss"] != issuer:
        raise Invalid("notice/issuer")
    if claims["aud"] != client_id:
        raise Invalid("notice/audience")


def _event(events: object) -> tuple[str, Json]:
    """The one event of ours, and what it says. Errors: `notice/event`, `notice/members`."""
    if isinstance(events, dict) and len(events) == 1:
        for kind, name in EVENTS.items():
            if name in events:
                return kind, exactly(events[name], _SAYS.get(kind, ()), _MEMBERS)
    raise Invalid("notice/event")


def _user(subject: object, issuer: str) -> str:
    user = _of_format(subject, "iss_sub", "iss", "sub")
    if user["iss"] != issuer:
        raise Invalid("notice/issuer", "sub_id")
    return text(user, "sub", _MEMBERS, pattern=DIGEST)


def _of_format(subject: object, name: str, *members: str) -> Json:
    """A subject identifier of this format (RFC 9493 section 3; `complex` is SSF 1.0 section 3.3)."""
    found = exactly(subject, ("format", *members), _MEMBERS)
    if found["format"] != name:
        raise Invalid(_MEMBERS, "sub_id")
    return found
