"""One approval with everything that the core makes for it: what a wallet would do, without a wallet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from pds.core import disclosure, jose, record, registry, request
from pds.core.encoding import Json
from protocols.vectors.make import keys, world
from protocols.vectors.make.sign import Document
from tests.core.operations import accepted_index

NOW = world.NOW


def share(value: Any) -> Json:
    return {"value": value, "source": "self_asserted", "as_of": "2026-11-02"}


@dataclass(frozen=True)
class Approved:
    """A service, its request, and the resident's answer."""

    service: registry.Service
    request: request.Request
    record: record.Record
    subject: ECKey
    recipient: ECKey

    def disclose(self, claims: Mapping[str, Json], decisions: Mapping[str, str], revision: int = 1) -> str:
        return disclosure.make_disclosure(
            self.subject,
            self.recipient,
            self.record,
            revision=revision,
            claims=claims,
            decisions=decisions,
            salt=world.SALT,
            deposit=world.deposit,
            now=NOW,
        )

    def open(self, compact: str, *, n: int = 2, last: disclosure.Seen | None = None) -> disclosure.Disclosure:
        return disclosure.open_disclosure(
            compact,
            self.recipient,
            self.record,
            request_hash=self.request.request_hash,
            client_id=self.service.client_id,
            now=NOW,
            n=n,
            last=last,
        )


def approve(
    statement: Document, asked: Document, decisions: Mapping[str, str], subject: ECKey = world.subject
) -> Approved:
    """Sign what the resident decides about a request of parking's."""
    index = accepted_index(world.index(statement).compact)
    service = registry.verify_statement(statement.compact, index, now=NOW)
    verified = request.verify_request(asked.compact, service, issuer=world.ISSUER, now=NOW)
    compact = record.make_record(
        subject,
        verified,
        service,
        grant_id=world.GRANT,
        access=verified.access,
        salt=world.SALT,
        decisions=decisions,
        now=NOW,
    )
    made = record.verify_record(compact, verified, service, now=NOW)
    return Approved(service, verified, made, subject, keys.p256("parking decrypts"))


def approve_attributes(attributes: list[str], decisions: Mapping[str, str]) -> Approved:
    """The same, for a purpose and a request made of these attributes."""
    purpose = world.purpose("anything", attributes={id: world.asked(False) for id in attributes})
    purpose["zones"] = {"zone-a": world.zone()}
    wishes: Json = {id: {"zone": "zone-a"} if id == "address.lives_in_area" else {} for id in attributes}
    asked = world.request([world.detail(purpose="anything", attributes=wishes)])
    return approve(world.statement(world.PARKING, "parking", [purpose]), asked, decisions)


def jwk_of(key: ECKey) -> Json:
    return jose.private_jwk(key)
