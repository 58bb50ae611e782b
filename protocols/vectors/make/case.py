"""One test vector, and a file of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pds.core.encoding import Json


@dataclass(frozen=True, slots=True)
class Case:
    """An operation on an input, and what comes of it. `error` is None for a valid one."""

    op: str
    comment: str
    input: Json
    output: Any = None
    error: str | None = None
    flags: tuple[str, ...] = ()

    def document(self, id: str) -> Json:
        """As it stands in the file."""
        end: Json = {"result": "invalid", "error": self.error} if self.error else {"result": "valid"}
        if not self.error:
            end["output"] = self.output
        flags = list(self.flags)
        return {"id": id, "op": self.op, "comment": self.comment, "flags": flags, "input": self.input, **end}


def valid(op: str, comment: str, given: Json, output: Any, *flags: str) -> Case:
    """A case that succeeds."""
    return Case(op, comment, given, output, None, flags)


def invalid(op: str, error: str, comment: str, given: Json, *flags: str) -> Case:
    """A case with one thing wrong, named by its error."""
    return Case(op, comment, given, None, error, flags)


def file(area: str, cases: Iterable[Case]) -> str:
    """The text of `<area>.python.json`: one case a line, ASCII only, so that a difference shows."""
    lines = [
        json.dumps(case.document(f"{area}-py-{number}"), separators=(",", ":"))
        for number, case in enumerate(cases, start=1)
    ]
    head = f'{{"area":"{area}","made_by":"python","cases":['
    return head + "\n" + ",\n".join(lines) + "\n]}\n"
