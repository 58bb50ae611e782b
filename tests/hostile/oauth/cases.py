"""The corpus as it stands in the files: read strictly, so that a misspelt word is no silent pass (README.md)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile.oauth.forging import MEMBERS as TOKEN

HERE = Path(__file__).resolve().parent
CALLS = tuple("push token refresh read userinfo introspect revoke visit leave manage look_up give_back".split())
ACTS = ("approve", "wait", "suspend", "resume", "end")
_STEP = frozenset(
    "do as save key asks unsigned assertion request proof form drop_form form_twice query query_twice headers "
    "headers_twice drop_headers method body browser times same seconds what expect".split()
)
_EXPECTED = frozenset("accepted refused status rule never members".split())


@dataclass(frozen=True)
class Expected:
    """How a step has to end. `refused` are the error codes that say it, none for any; `status` those that may."""

    accepted: bool = True
    refused: tuple[str, ...] = ()
    status: tuple[int, ...] = ()
    rule: str = ""
    never: tuple[str, ...] = ()
    members: dict[str, Any] | None = None
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One act; `changes` are where it differs from what an honest client would do."""

    do: str
    changes: dict[str, Any]
    expected: Expected


@dataclass(frozen=True)
class Case:
    """One attempt, or the same thing done right."""

    file: str
    name: str
    cite: str
    steps: tuple[Step, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing in it is refused: the twin of those that are."""
        return all(step.expected.accepted and step.expected.count is None for step in self.steps)

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


class BadCase(Exception):
    """A case that is not as README.md says."""


def read_all(folder: Path = HERE) -> list[Case]:
    """Every case of every file. Errors: `BadCase`."""
    found = [case for path in sorted(folder.glob("*.json")) for case in read_file(path)]
    names = [case.name for case in found]
    if len(names) != len(set(names)):
        raise BadCase(f"these names stand twice: {sorted({name for name in names if names.count(name) > 1})}")
    return found


def read_file(path: Path) -> Iterator[Case]:
    """The cases of one family. Errors: `BadCase`."""
    document = json.loads(path.read_text("utf-8"))
    if document.keys() != {"family", "cases"}:
        raise BadCase(f"{path.name}: family and cases, and nothing else")
    for each in document["cases"]:
        if each.keys() != {"name", "cite", "steps"} or not each["cite"] or not each["steps"]:
            raise BadCase(f"{path.name}: {each.get('name')}: name, cite and steps, and nothing else")
        try:
            yield Case(path.stem, each["name"], each["cite"], tuple(_step(step) for step in each["steps"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadCase(f"{path.name}: {each['name']}: {error}") from error


def _step(document: Any) -> Step:
    if isinstance(document, str):
        document = {"do": document}
    if not document.keys() <= _STEP:
        raise ValueError(f"unknown in a step: {document.keys() - _STEP}")
    if document["do"] not in CALLS + ACTS:
        raise ValueError(f"no such step: {document['do']}")
    for token in ("assertion", "request", "proof"):
        spec = document.get(token, {})
        if not isinstance(spec, bool) and not spec.keys() <= TOKEN:
            raise ValueError(f"unknown in a token: {spec.keys() - TOKEN}")
    changes = {name: value for name, value in document.items() if name not in ("do", "expect")}
    return Step(document["do"], changes, _expected(document.get("expect", "accepted")))


def _expected(document: Any) -> Expected:
    if document == "accepted":
        return Expected()
    if not document.keys() <= _EXPECTED:
        raise ValueError(f"unknown in what is expected: {document.keys() - _EXPECTED}")
    return Expected(
        "refused" not in document,
        tuple(document.get("refused", ())),
        tuple(document.get("status", ())),
        document.get("rule", ""),
        tuple(document.get("never", ())),
        document.get("members"),
        document.get("accepted"),
    )
