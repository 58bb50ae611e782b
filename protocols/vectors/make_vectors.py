"""Python's half of the test vectors: `python protocols/vectors/make_vectors.py` writes them, `--check` compares.

The same bytes come out each time: keys, nonces and signatures are fixed (RFC 6979).
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from protocols.vectors.make import (
    bytes_area,
    catalogue_area,
    chain_area,
    counter_area,
    deposit_area,
    derived_area,
    disclosure_area,
    dpop_area,
    grant_area,
    preferences_area,
    registry_area,
    request_area,
    vault_area,
)
from protocols.vectors.make.case import Case, file

FOLDER = Path(__file__).parent
AREAS: dict[str, Callable[[], Iterable[Case]]] = {
    "encoding": bytes_area.encoding,
    "derive": bytes_area.derive,
    "recovery": bytes_area.recovery,
    "name": bytes_area.name,
    "seal": bytes_area.seal,
    "manifest": vault_area.manifest,
    "login": vault_area.login,
    "registry": registry_area.registry,
    "request": request_area.request,
    "record": grant_area.record,
    "decisions": grant_area.decisions,
    "proof": grant_area.proof,
    "revocation": grant_area.revocation,
    "pause": grant_area.pause,
    "disclosure": disclosure_area.disclosure,
    "deposit": deposit_area.deposit,
    "dpop": dpop_area.dpop,
    "chain": chain_area.chain,
    "catalogue": catalogue_area.catalogue,
    "counter": counter_area.cases,
    "derived": derived_area.derived,
    "preferences": preferences_area.preferences,
}


def main(arguments: list[str]) -> int:
    """Write the files, or say how they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    check: bool = parser.parse_args(arguments).check
    texts = {FOLDER / f"{area}.python.json": file(area, cases()) for area, cases in AREAS.items()}
    stale = [path for path in FOLDER.glob("*.python.json") if path not in texts]
    different = [path for path, text in texts.items() if not path.exists() or path.read_text("ascii") != text]
    for path in (*stale, *different):
        if check:
            sys.stdout.writelines(difference(path, texts.get(path, "")))
        elif path in texts:
            path.write_text(texts[path], "ascii")
        else:
            path.unlink()
    return 1 if check and (stale or different) else 0


def difference(path: Path, text: str) -> Iterable[str]:
    """A unified diff whose long lines are cut."""
    before = path.read_text("ascii").splitlines() if path.exists() else []
    lines = difflib.unified_diff(before, text.splitlines(), f"a/{path.name}", f"b/{path.name}", n=0, lineterm="")
    return (line[:200] + "\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
