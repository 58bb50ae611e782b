"""protocols/openapi.yaml, ready to judge an answer of the server: is it one that the page describes?"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from pds.core.encoding import Json

FOLDER = Path(__file__).parents[1] / "protocols"
VERBS = frozenset("get put post delete patch options trace".split())
_BUNDLE = "urn:openapi"


@cache
def page() -> Json:
    """The page as it stands."""
    document: Json = yaml.safe_load((FOLDER / "openapi.yaml").read_text("utf-8"))
    return document


@cache
def bundled() -> Json:
    """The same in one document: the schemas that it refers to stand among its components."""
    found: Json = deepcopy(page())
    schemas: Json = found["components"]["schemas"]
    _bundle(found, FOLDER / "openapi.yaml", schemas)
    return found


def operations() -> Iterator[tuple[str, Json]]:
    """Each operation as `GET /api/session`."""
    for path, item in bundled()["paths"].items():
        for verb in VERBS & item.keys():
            yield f"{verb.upper()} {path}", item[verb]


@cache
def known() -> frozenset[str]:
    return frozenset(name for name, _ in operations())


def complaint(operation: str, status: int, kind: str, body: bytes | None) -> str:
    """What the page has against this answer, of the media type `kind`; empty where it describes it.

    `body` is None where nobody looked at it.
    """
    answers = _answers(operation)
    if str(status) not in answers:
        return f"{operation}: {status} is not described; those that are: {', '.join(sorted(answers))}"
    content = answers[str(status)].get("content", {})
    if not body or "*/*" in content:
        return ""
    if kind not in content:
        return f"{operation}: {status} as {kind}; it may be {', '.join(content) or 'empty'}"
    if not kind.endswith("json"):
        return ""
    errors = _validator(operation, str(status), kind).iter_errors(json.loads(body))
    found = [f"{each.json_path} {each.message[:200]}" for each in errors]
    return f"{operation}: {status} is of another shape: {found}" if found else ""


def lacking(operation: str, status: int, headers: Mapping[str, str]) -> list[str]:
    """The headers that the page promises and this answer does not have."""
    promised: Json = _answers(operation)[str(status)].get("headers", {})
    return [name for name, each in promised.items() if each.get("required") and name not in headers]


@cache
def _answers(operation: str) -> Json:
    answers: Json = dict(operations())[operation]["responses"]
    return {status: _resolved(answer) for status, answer in answers.items()}


def _resolved(node: Json) -> Json:
    """Where a reference leads, and the headers inside."""
    while "$ref" in node:
        node = _at(node["$ref"])
    if "headers" in node:
        node = node | {"headers": {name: _resolved(each) for name, each in node["headers"].items()}}
    return node


def _at(reference: str) -> Json:
    node: Any = bundled()
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    assert isinstance(node, dict)
    return node


@cache
def _validator(operation: str, status: str, kind: str) -> Draft202012Validator:
    schema = _answers(operation)[status]["content"][kind]["schema"]
    return Draft202012Validator(_absolute(schema), registry=_registry())


@cache
def _registry() -> Registry[Any]:
    found: Registry[Any] = Registry().with_resource(_BUNDLE, DRAFT202012.create_resource(bundled()))
    return found


def _absolute(node: Any) -> Any:
    """A schema whose references lead into the page from anywhere."""
    if isinstance(node, dict):
        return {
            name: f"{_BUNDLE}{each}" if name == "$ref" and each.startswith("#") else _absolute(each)
            for name, each in node.items()
        }
    return [_absolute(each) for each in node] if isinstance(node, list) else node


def _bundle(node: Any, file: Path, schemas: Json) -> None:
    """Move what other files hold among `schemas`, each under a name of its own."""
    if isinstance(node, list):
        for each in node:
            _bundle(each, file, schemas)
    if not isinstance(node, dict):
        return
    for each in list(node.values()):
        _bundle(each, file, schemas)
    reference = node.get("$ref")
    if not isinstance(reference, str) or (file.suffix == ".yaml" and reference.startswith("#")):
        return
    target, _, pointer = reference.partition("#")
    there = (file.parent / target).resolve() if target else file
    name = ".".join([*there.relative_to(FOLDER / "schemas").with_suffix("").parts, *pointer.split("/")[2:]])
    node["$ref"] = f"#/components/schemas/{name}"
    if name in schemas:
        return
    schema = json.loads(there.read_text("utf-8"))
    for part in pointer.split("/")[1:]:
        schema = schema[part]
    schemas[name] = {key: each for key, each in schema.items() if key not in ("$schema", "$id", "$defs")}
    _bundle(schemas[name], there, schemas)
