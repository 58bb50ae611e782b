"""A grant as a vault seals it."""

from pds.core.encoding import Json
from protocols.vectors.make import world
from protocols.vectors.make.keys import an_id

SAID = an_id("statement")
GRANT_ITEM: Json = {
    "kind": "grant",
    "grant_id": world.GRANT,
    "service": world.PARKING,
    "authority": "anytown",
    "sub": world.SUB,
    "sector": world.PARKING,
    "persona": "",
    "relationship": an_id("relationship"),
    "request": world.permit.compact,
    "parameters": None,
    "request_hash": world.approval.record.claims["request_hash"],
    "statement": SAID,
    "record": world.approval.record.compact,
    "salt": world.SALT,
    "decisions": world.DECISIONS,
    "choices": {
        "person.full_name": {"choice": "share", "value": "Siân"},
        "contact.email": {"choice": "share", "persona": True, "as_of": "2026-11-23"},
        "contact.mobile": {"choice": "withhold"},
    },
    "access": {"until": world.UNTIL},
    "revision": 1,
    "created": world.NOW,
    "ended": {"at": world.NOW, "why": "revoked"},
}
