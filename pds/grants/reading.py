"""Reading what a wallet sends of grants: exact members and sizes, before anything is done."""

from pds.core.encoding import Json, digest, jcs
from pds.core.errors import Invalid
from pds.core.members import ID, exactly, items, number, text
from pds.errors import Malformed
from pds.grants.actions import Answer, Publication
from pds.vault import actions as vault

MAX_DISCLOSURE = 65536
MAX_PUBLICATIONS = 64


def read_answer(body: Json, more: tuple[str, ...] = ()) -> Answer:
    """An approval as it came, with members that are the caller's to read. Errors: `Malformed`, `malformed`."""
    exactly(body, ("commit", "record", "disclosure", "replaces", *more), "malformed")
    replaces = items(body, "replaces", "malformed", most=8)
    if not all(isinstance(id, str) and ID.match(id) for id in replaces) or len(set(replaces)) != len(replaces):
        raise Malformed("grant ids", member="replaces")
    disclosure = body["disclosure"]
    if disclosure is not None:
        text(body, "disclosure", "malformed", longest=MAX_DISCLOSURE)
    return Answer(
        text(body, "record", "malformed", longest=16384),
        disclosure,
        tuple(replaces),
        vault.read_commit(body["commit"]),
        answer_digest(body),
    )


def read_publications(body: Json) -> list[Publication]:
    """The `disclosures` of a message from the wallet. Errors: `Malformed`, `Invalid` `malformed`."""
    publications = [_publication(each) for each in items(body, "disclosures", "malformed", most=MAX_PUBLICATIONS)]
    if len({each.grant_id for each in publications}) != len(publications):
        raise Malformed("a grant stands twice", member="disclosures")
    return publications


def answer_digest(body: Json) -> str:
    """What "the same bytes again" means for an approval."""
    return digest(jcs(body))


def _publication(value: object) -> Publication:
    fields = exactly(value, ("grant_id", "revision", "disclosure"), "malformed")
    try:
        return Publication(
            text(fields, "grant_id", "malformed", pattern=ID),
            number(fields, "revision", "malformed", least=2),
            text(fields, "disclosure", "malformed", longest=MAX_DISCLOSURE),
        )
    except Invalid as error:
        raise Malformed("not a publication", member=error.detail) from error
