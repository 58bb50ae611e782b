"""What became of each box: filled, rightly empty, or still typed and why; and what leaked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

from bench.score.forms import Box, Form
from bench.score.people import Person, authority_of
from bench.score.site import Learnt
from pds.core import catalogue
from pds.core.encoding import Json
from pds.core.preferences import Evaluation, evaluate
from pds.core.preferences_item import Preferences

FILLED, NOTHING = "filled", "nothing to put in"
BY_HAND = {
    "transaction": "about this request",
    "declaration": "a declaration",
    "payment": "a payment",
    "evidence": "a document",
}
LATER, PARTS = "not in this catalogue", "in other parts"
NO_VAULT, OUTSIDE, SAID_NO = "no vault", "outside the purpose", "said no"
NOT_HELD, KEPT = "not held", "kept back by a rule"
WHY = (*BY_HAND.values(), LATER, PARTS, OUTSIDE, NO_VAULT, SAID_NO, NOT_HELD, KEPT)


@dataclass(frozen=True, slots=True)
class _Purpose:
    statute: str | None


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a form asks, as `evaluate` needs it: of the form's own file, not of what the wallet was sent."""

    purpose: _Purpose
    attributes: Mapping[str, bool]
    access: str | Mapping[str, str]
    client_id: str
    authority: str
    tier: str = "council"


@dataclass(slots=True)
class Score:
    """Of one form with all residents; `best` is the most that is filled for one of them.

    `faults` say what is wrong, each in a sentence; there must be none.
    """

    boxes: int = 0
    best: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    over_asking: int = 0
    leaked: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def typed(self) -> int:
        return sum(self.outcomes[why] for why in WHY)


def allowed(form: Form, chosen: Preferences, client_id: str, now: int) -> frozenset[str]:
    """The attributes that a resident's own rules let this form have."""
    wishes: Mapping[str, Json] = form.within
    access: Any = "once" if "once" in form.purpose["access"] else {"until": ""}
    required = {id: bool(wish.get("required")) for id, wish in wishes.items()}
    asking = _Asking(_Purpose(form.purpose["statute"]), required, access, client_id, authority_of(form))
    return frozenset(shareable(evaluate(asking, chosen, asking, now)))


def shareable(proposed: Evaluation) -> Iterable[str]:
    """What goes when the resident agrees to all that their rules allow. Nobody lends a persona their own values."""
    if proposed.refused is None:
        for id, decision in proposed.attributes.items():
            if decision.decision != "withhold" and decision.persona == proposed.persona:
                yield id


def judge(
    score: Score,
    form: Form,
    person: Person,
    held: Mapping[str, str],
    page: str,
    learnt: Learnt,
    may: frozenset[str],
    *,
    today: date,
) -> None:
    """Count a filled-in form: `held` by its boxes, `page` as it is shown, `learnt` by its service."""
    filled = 0
    for box in form.boxes:
        expected = person.types(form, box, today)
        outcome = _expected_outcome(form, person, box, expected, may)
        found = held[box.name]
        score.boxes += 1
        score.outcomes[outcome] += 1
        filled += outcome == FILLED
        where = f"{form.id}, {person.id}, “{box.label}” {box.name}"
        if outcome == FILLED and found != expected:
            score.faults.append(f"{where}: {'holds another text' if found else 'is empty'}, and could be filled")
        if outcome != FILLED and found:
            score.faults.append(f"{where}: is filled, and should not be ({outcome})")
    score.best = max(score.best, filled)
    # What is random, keys and codes, is searched as it stands: squeezed, it would hold short texts by chance.
    shown, rest = catalogue.squeezed(learnt.claims + unescape(page)), learnt.rest
    for secret in person.kept_from(form):
        if catalogue.squeezed(secret) in shown or secret in rest:
            score.leaked += 1
            score.faults.append(f"{form.id}, {person.id}: a protected value leaked")


def _expected_outcome(form: Form, person: Person, box: Box, expected: str | None, may: frozenset[str]) -> str:
    """What must become of a box: the first reason that holds."""
    attribute = box.attribute
    if box.fill in BY_HAND:
        return BY_HAND[box.fill]
    if attribute is None or attribute not in catalogue.ATTRIBUTES:
        return LATER
    reasons = (
        (box.part is None, PARTS),
        (not person.has_vault, NO_VAULT),
        (attribute not in form.within, OUTSIDE),
        (form.id in person.says_no, SAID_NO),
        (expected is None, NOT_HELD),
        (expected == "", NOTHING),
        (attribute not in may or person.hides_any(form, attribute), KEPT),
    )
    return next((why for applies, why in reasons if applies), FILLED)
