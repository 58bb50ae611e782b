"""The score as people read it: docs/score.md, and the same on a terminal."""

from collections.abc import Iterable, Mapping, Sequence

from bench.score.chromium import IN_A_BROWSER
from bench.score.forms import Form
from bench.score.judging import FILLED, NOTHING, WHY, Score
from bench.score.people import Person

_HEAD = """# Re-entry score

How much people still type: every form of `protocols/catalogue/journeys`, for {people} invented residents
(`bench/score/residents.json`), through a real request, a real approval and a real read. `make score` prints it, and
fails when a box is empty that could be filled, when one holds another text than it takes, or when a protected value
leaks. [journeys.md](../protocols/specs/journeys.md) says how a form is added: as one JSON file, without code.

This page is written by `make score ARGS=--write`, and `make test` fails where it is not what the code does now.
"""
_COLUMNS = """
A box is *filled* when it holds the exact text that this resident would type into it, to the letter; a date is three
boxes, an address four. *Nothing to type*: the answer is nothing (no second line of the address, no fixed address).
*At best*: for the one resident for whom most of the form is filled. All boxes of a form count, also those that only
some people are asked, and everybody fills in every form: who has no child at school is asked for one all the same.
"""
_WHY = """
## Still typed, and why
"""
_MEANINGS = f"""
| reason | means |
|---|---|
| {WHY[0]}, {WHY[1]}, {WHY[2]} | nothing that was told before: no vault has it, and nobody signs or pays for you |
| {WHY[3]} | a vault keeps no files yet |
| {WHY[4]} | the attribute comes with a later release of the catalogue |
| {WHY[5]} | the form wants it cut up in a way that a vault does not keep, such as a name in three |
| {WHY[6]} | the form asks for more than its registered purpose has; the request was refused, and then made without it |
| {WHY[7]}, {WHY[8]} | the resident has none, or shared nothing with this form |
| {WHY[9]} | the resident has a vault, and this is not in it |
| {WHY[10]} | the resident's own choices: address protection, a concealed name, a rule, a persona, a block |
"""
_BROWSER = """
## In a browser

Three of them fill in the same forms in Chromium too, with the wallet as people see it:

"""
_PEOPLE = """
## The residents

"""


def page(
    forms: Sequence[Form], scores: Mapping[str, Score], seen: Mapping[str, Score], people: Sequence[Person]
) -> str:
    """All of docs/score.md. `seen` are the scores in a browser."""
    return "".join(
        [
            _HEAD.format(people=len(people)),
            _COLUMNS,
            "\n",
            *results(forms, scores),
            _WHY,
            "\n",
            *reasons(forms, scores),
            _MEANINGS,
            _BROWSER,
            *(f"* {person.story}\n" for person in people if person.id in IN_A_BROWSER),
            "\n",
            *results(forms, seen),
            _PEOPLE,
            *(f"* {person.story}\n" for person in people),
        ]
    )


def results(forms: Sequence[Form], scores: Mapping[str, Score]) -> Iterable[str]:
    """The first table: what became of the boxes, by form."""
    yield _row(
        "form", "boxes", "filled", "at best", "nothing to type", "still typed", "refused as over-asking", "leaked"
    )
    yield _rule(8)
    of_one = {form.name: len(form.boxes) for form in forms}
    for name, one in _with_total(forms, scores):
        yield _row(
            name,
            one.boxes,
            f"{one.outcomes[FILLED]} ({100 * one.outcomes[FILLED] // one.boxes}%)",
            f"{one.best} of {of_one.get(name, sum(of_one.values()))}",
            one.outcomes[NOTHING],
            one.typed,
            one.over_asking,
            one.leaked,
        )


def reasons(forms: Sequence[Form], scores: Mapping[str, Score]) -> Iterable[str]:
    """The second: why boxes are still typed."""
    yield _row("form", *WHY)
    yield _rule(len(WHY) + 1)
    for name, one in _with_total(forms, scores):
        yield _row(name, *(one.outcomes[why] for why in WHY))


def _with_total(forms: Sequence[Form], scores: Mapping[str, Score]) -> list[tuple[str, Score]]:
    total = Score()
    for one in scores.values():
        total.boxes += one.boxes
        total.best += one.best
        total.outcomes += one.outcomes
        total.over_asking += one.over_asking
        total.leaked += one.leaked
    return [*((form.name, scores[form.id]) for form in forms), ("**all**", total)]


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |\n"


def _rule(columns: int) -> str:
    return f"|{'---|' + '---:|' * (columns - 1)}\n"
