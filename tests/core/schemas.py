"""The JSON Schemas of the contract, ready to judge a document."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).parents[2] / "protocols" / "schemas"


@cache
def registry() -> Registry:
    """All of them by their `$id`."""
    documents = [json.loads(path.read_text("utf-8")) for path in FOLDER.rglob("*.json")]
    return Registry().with_resources((document["$id"], Resource.from_contents(document)) for document in documents)


@cache
def validator(name: str) -> Draft202012Validator:
    """The one of a file, such as `wallet-api/commit.json`. A `date` must be a day."""
    document = json.loads((FOLDER / name).read_text("utf-8"))
    return Draft202012Validator(document, registry=registry(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def complaints(name: str, document: object) -> list[str]:
    """What a schema has against a document: nothing where it is well formed."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(document)]
