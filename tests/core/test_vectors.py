"""Every test vector of both makers, by this core (protocols/vectors/README.md)."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pds.core.encoding import Json
from tests.core.operations import OPERATIONS
from tests.core.outcomes import outcome

FOLDER = Path(__file__).parents[2] / "protocols" / "vectors"


@dataclass(frozen=True)
class Vector:
    """One case of one file."""

    maker: str
    area: str
    case: Json


def load() -> list[Vector]:
    vectors = []
    for path in sorted(FOLDER.glob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        assert path.name == f"{file['area']}.{file['made_by']}.json"
        vectors += [Vector(file["made_by"], file["area"], case) for case in file["cases"]]
    return vectors


VECTORS = load()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.maker}:{vector.case['id']}")
def test_the_core_agrees_with_the_vector(vector: Vector) -> None:
    case = vector.case
    expected = case["output"] if case["result"] == "valid" else case["error"]
    assert outcome(lambda: OPERATIONS[case["op"]](case["input"])) == (case["result"], expected), case["comment"]


@pytest.mark.parametrize("maker", [["python"], ["python", "typescript"]], ids=" and ".join)
def test_there_are_enough_vectors_and_every_area_has_some(maker: list[str]) -> None:
    cases = [vector.case for vector in VECTORS if vector.maker in maker]
    assert sum(case["result"] == "valid" for case in cases) >= 12
    assert sum(case["result"] == "invalid" for case in cases) >= 40
    assert {case["op"] for case in cases} == OPERATIONS.keys()


def test_every_case_has_a_name_of_its_own_and_says_what_it_is_about() -> None:
    names = [vector.case["id"] for vector in VECTORS]
    assert len(set(names)) == len(names)
    assert all(vector.case["comment"] for vector in VECTORS)


def test_pythons_vectors_come_out_the_same_each_time() -> None:
    script = FOLDER / "make_vectors.py"
    root = FOLDER.parents[1]
    made = subprocess.run(
        [sys.executable, "-W", "error", str(script), "--check"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(root)},
        check=False,
    )
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
