"""`python -m bench.score`, which is `make score`: run it, print it; 1 where a box is wrong or a value leaked."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.score.chromium import run_in_chromium
from bench.score.forms import Form, FormError, load_forms
from bench.score.judging import Score
from bench.score.people import Person, load_people
from bench.score.running import in_the_clear, run
from bench.score.table import page, reasons, results
from bench.score.town import open_town
from pds.core import jose
from pds.core.errors import Invalid
from pds.demo.wallet import build_wallet
from tests.conftest import Clock

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "protocols" / "catalogue"
RESIDENTS = Path(__file__).with_name("residents.json")
PAGE = ROOT / "docs" / "score.md"
NOON = 1795435200  # 23 November 2026, 12:00 UTC: ages and awards are those of this day, whenever it is run


Scores = Mapping[str, Score]


async def measure(folder: Path, forms: Sequence[Form], people: Sequence[Person]) -> tuple[Scores, list[str]]:
    """The scores by form, and all that is wrong, in sentences."""
    clock = Clock(ahead=NOON - int(time.time()))
    async with open_town(folder, forms, clock=clock, key=jose.new_key()) as town:
        scores = await run(town, people)
    faults = faults_of(scores)
    faults += [f"the operator's database holds {text!r} in the clear" for text in in_the_clear(town.database, people)]
    return scores, faults


async def measure_in_chromium(folder: Path, forms: Sequence[Form], people: Sequence[Person]) -> Scores:
    """The scores of those who use a browser, with a wallet that is built for them. Errors: `NoWallet`."""
    key = jose.new_key()
    wallet = await asyncio.to_thread(build_wallet, [jose.public_jwk(key)], folder / "wallets")
    return await run_in_chromium(folder, forms, people, key=key, wallet=wallet)


def faults_of(scores: Scores) -> list[str]:
    """All that is wrong, form by form."""
    return [fault for score in scores.values() for fault in score.faults]


def main(words: Sequence[str] | None = None) -> int:
    """0 where every box is as it should be."""
    parser = argparse.ArgumentParser(prog="make score", description=__doc__)
    parser.add_argument("--journeys", type=Path, default=CATALOGUE / "journeys", help="a folder of forms")
    parser.add_argument("--purposes", type=Path, default=CATALOGUE / "purposes", help="a folder of their purposes")
    parser.add_argument("--residents", type=Path, default=RESIDENTS, help="a file of residents")
    parser.add_argument("--write", action="store_true", help="write docs/score.md too")
    given = parser.parse_args(words)
    people, zones = load_people(given.residents)
    try:
        forms = load_forms(given.journeys, given.purposes, zones)
        scores, seen, faults = asyncio.run(_measure_all(forms, people))
    except (FormError, Invalid) as error:  # a mistake in a form; one that the registrar would not sign
        print(error, file=sys.stderr)
        return 2
    print(
        *results(forms, scores),
        "\n",
        *reasons(forms, scores),
        "\nIn Chromium:\n",
        *results(forms, seen),
        sep="",
        end="",
    )
    if given.write:
        PAGE.write_text(page(forms, scores, seen, people), "utf-8")
    for fault in faults:
        print(f"WRONG: {fault}", file=sys.stderr)
    leaked = sum(score.leaked for score in (*scores.values(), *seen.values()))
    print(f"{len(forms)} forms, {len(people)} residents, {leaked} leaks, {len(faults)} faults")
    return 1 if faults else 0


async def _measure_all(forms: Sequence[Form], people: Sequence[Person]) -> tuple[Scores, Scores, list[str]]:
    with tempfile.TemporaryDirectory(prefix="pds-score-") as headless, tempfile.TemporaryDirectory() as browser:
        scores, faults = await measure(Path(headless), forms, people)
        seen = await measure_in_chromium(Path(browser), forms, people)
    return scores, seen, [*faults, *faults_of(seen)]


if __name__ == "__main__":
    sys.exit(main())
