"""What a service keeps: the request under way in its own session, and the grant that came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pds.core import record as core
from pds.core.disclosure import Seen
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import exactly, items, number, text
from pds.core.record import Record
from pds.core.request import Access

_PENDING, _GRANT = "sdk/pending", "sdk/grant"


@dataclass(frozen=True, slots=True)
class Pending:
    """One request under way. Keep it in the session of the browser that asked, on your side, and use it once.

    `state` binds the answer to that browser (RFC 6749 section 10.12), `verifier` is of PKCE (RFC 7636 section 4.1).
    """

    state: str
    nonce: str
    verifier: str
    request_hash: str
    purpose: str
    attributes: tuple[str, ...]
    access: Access

    def document(self) -> Json:
        """As plain JSON."""
        return {**asdict(self), "attributes": list(self.attributes), "access": _plain(self.access)}

    @classmethod
    def of(cls, document: object) -> "Pending":
        """What `document()` gave. Errors: `sdk/pending`."""
        fields = exactly(document, "state nonce verifier request_hash purpose attributes access".split(), _PENDING)
        names = "state nonce verifier request_hash purpose".split()
        words = {name: text(fields, name, _PENDING) for name in names}
        attributes = tuple(items(fields, "attributes", _PENDING))
        return cls(**words, attributes=attributes, access=fields["access"])


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the vault has taken: send the browser to `url`, keep `pending` for its return."""

    url: str
    pending: Pending


@dataclass(slots=True)
class Grant:
    """What a resident granted. Keep it (`document()`), again after each read: `revision` and `n` must never go down.

    `sub` is the resident's identifier for this service. `refresh_token` is None where nothing more can be fetched
    once the access token is over (`once`, sign-in). It holds tokens: keep it as you keep passwords.
    """

    grant_id: str
    sub: str
    record: str
    request_hash: str
    deposit_jwk: Json
    refresh_token: str | None
    access_token: str
    access_expires: int
    revision: int = 0
    n: int = 0

    @property
    def last(self) -> Seen | None:
        """The newest that was read, or None before the first read."""
        return Seen(self.revision, self.n) if self.revision else None

    def sharing_record(self) -> Record:
        """The resident's signed record. Errors: `jose/…`, `record/members`, `subject/mismatch`."""
        return core.read_record(self.record)[0]

    def document(self) -> Json:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def of(cls, document: object) -> "Grant":
        """What `document()` gave. Errors: `sdk/grant`."""
        fields = exactly(
            document,
            "grant_id sub record request_hash deposit_jwk refresh_token access_token access_expires revision n".split(),
            _GRANT,
        )
        if not isinstance(fields["deposit_jwk"], dict) or not isinstance(fields["access_token"], str):
            raise Invalid(_GRANT)
        return cls(
            grant_id=text(fields, "grant_id", _GRANT),
            sub=text(fields, "sub", _GRANT),
            record=text(fields, "record", _GRANT, longest=16384),
            request_hash=text(fields, "request_hash", _GRANT),
            deposit_jwk=fields["deposit_jwk"],
            refresh_token=None if fields["refresh_token"] is None else text(fields, "refresh_token", _GRANT),
            access_token=fields["access_token"],
            access_expires=number(fields, "access_expires", _GRANT),
            revision=number(fields, "revision", _GRANT),
            n=number(fields, "n", _GRANT),
        )


def check_record(compact: str, pending: Pending, *, client_id: str, now: int) -> Record:
    """The record, if it answers exactly this request and no wider (grant.md, Sharing record).

    A service knows its own request and needs no registry for this. Errors: `jose/…`, `subject/mismatch`, `record/…`.
    """
    record, _claims = core.read_record(compact)
    if record.request_hash != pending.request_hash:
        raise Invalid("record/request")
    if record.client_id != client_id:
        raise Invalid("record/audience")
    if record.purpose != pending.purpose:
        raise Invalid("record/purpose")
    if record.attributes != tuple(sorted(pending.attributes)):
        raise Invalid("record/attributes")
    asked, given = pending.access, record.access
    if isinstance(asked, str) or isinstance(given, str):
        if asked != given:
            raise Invalid("record/access")
    elif given["until"] > asked["until"]:
        raise Invalid("record/access")
    if record.ends <= now:
        raise Invalid("record/time", "exp")
    return record


def _plain(access: Access) -> Any:
    return dict(access) if isinstance(access, Mapping) else access
