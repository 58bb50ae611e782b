"""Statements in a vault: each in an item of its own, once, however many grants were made by it (vault.md, Items).

Outside the sealed bytes a grant has its statement in its place.
"""

from collections.abc import Callable, Mapping

from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.members import ID


def with_statements(items: Mapping[str, Json]) -> dict[str, Json]:
    """The items of a vault, each grant with its statement. Errors: `manifest/item-missing`."""
    return {id: _whole(document, items) for id, document in items.items()}


def statements_apart(
    put: Mapping[str, Json], items: Mapping[str, Json], random: Callable[[int], bytes]
) -> dict[str, Json]:
    """What is sealed of these: grants that name the items of their statements, after those of the new statements."""
    kept = {document["statement"]: id for id, document in items.items() if document["kind"] == "statement"}
    added, apart = {}, {}
    for id, document in put.items():
        if document["kind"] != "grant":
            apart[id] = document
            continue
        statement = document["statement"]
        if statement not in kept:
            kept[statement] = b64u(random(16))
            added[kept[statement]] = {"kind": "statement", "statement": statement}
        apart[id] = {**document, "statement": kept[statement]}
    return added | apart


def _whole(document: Json, items: Mapping[str, Json]) -> Json:
    statement = document.get("statement")
    # A grant from before has the statement itself, which is no id.
    if document["kind"] != "grant" or not isinstance(statement, str) or not ID.match(statement):
        return document
    found = items.get(statement)
    if found is None or found["kind"] != "statement":
        raise Invalid("manifest/item-missing", "statement")
    return {**document, "statement": found["statement"]}
