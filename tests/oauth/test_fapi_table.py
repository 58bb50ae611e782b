"""docs/fapi.md: every rule of FAPI 2.0 has a row, and every row a test that exists, or a reason why it has none."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/fapi.md").read_text("utf-8")
_ROW = re.compile(r"^\| ([0-9A][^|]*?) \| ([^|]*) \| ([^|]*) \| ?([^|]*)\|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")
_CASE = re.compile(r"`([a-z_]+)\.json: ([^`]+)`")
ROWS = [tuple(cell.strip() for cell in row) for row in _ROW.findall(PAGE)]
# How many rules each clause of the Final texts has (by our count of its items).
CLAUSES = {
    "5.2.1.": 5,
    "5.2.3.": 3,
    "5.3.2.1.": 14,
    "5.3.2.2.": 14,
    "5.3.3.1.": 13,
    "5.3.3.2.": 7,
    "5.3.4.": 5,
    "5.4.1.1.": 3,
    "5.4.2.": 3,
}
MESSAGE_SIGNING = {"5.3.1.": 5, "5.3.2.": 5, "5.4.1.": 1, "5.4.2.": 2, "5.5.1.": 1, "5.5.2.": 2, "5.6.2.": 1}
ATTACKERS = {"A1", "A1a", "A2", "A3a", "A5", "A7"}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def names_of(family: str) -> frozenset[str]:
    document = json.loads((ROOT / "tests/hostile/oauth" / f"{family}.json").read_text("utf-8"))
    return frozenset(case["name"] for case in document["cases"])


@pytest.mark.parametrize(("clause", "rule", "here", "shown"), ROWS, ids=lambda cell: cell.split(" ")[0])
def test_every_row_names_tests_that_exist_or_says_why_it_names_none(
    clause: str, rule: str, here: str, shown: str
) -> None:
    assert rule, clause
    assert here, clause
    tests, cases = _TEST.findall(shown), _CASE.findall(shown)
    assert [f"{file}::{name}" for file, name in tests if name not in names_in(file)] == []
    assert [f"{family}.json: {name}" for family, name in cases if name not in names_of(family)] == []
    assert shown.count("`") == 2 * (len(tests) + len(cases)), "something there is neither a test nor a case"
    assert bool(tests or cases) != here.startswith("not ours: "), "a test, or a reason why there is none"


def numbers(part: str) -> list[str]:
    return [clause for clause, *_ in _ROW.findall(part)]


def test_no_rule_is_left_out() -> None:
    profile, _, rest = PAGE.partition("\n## Message Signing")
    signing, _, attackers = rest.partition("\n## Attacker model")
    for prefix, count in CLAUSES.items():
        wanted = {f"{prefix}{number}" for number in range(1, count + 1)}
        if prefix == "5.4.1.1.":
            wanted |= {"5.4.1.2", "5.4.1.3", "5.4.1.4"}
        assert wanted <= set(numbers(profile)), prefix
    for prefix, count in MESSAGE_SIGNING.items():
        assert {f"{prefix}{number}" for number in range(1, count + 1)} <= set(numbers(signing)), prefix
    assert set(numbers(attackers)) == ATTACKERS


def test_what_is_not_met_is_said_with_its_reason() -> None:
    unmet = [here for _, _, here, _ in ROWS if "**Not met**" in here]
    assert len(unmet) == PAGE.count("**Not met**") - PAGE[: PAGE.index("| clause")].count("**Not met**")
    assert all("on purpose" in here for here in unmet)
