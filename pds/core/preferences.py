"""What follows for one request from what the resident has decided beforehand (protocols/specs/preferences.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pds.core import catalogue, derived
from pds.core.errors import Invalid
from pds.core.preferences_item import FORMER_NAMES, TRUST, Known, Preferences, Rule

_AGREED_SECONDS = 365 * 86400
_REPLAYED_SECONDS = 90 * 86400


class Purpose(Protocol):
    """Of a purpose: the law that it names, if it names one."""

    @property
    def statute(self) -> str | None: ...


class Asking(Protocol):
    """Of a verified request: its purpose (None for a sign-in), what it asks (whether required), and for how long."""

    @property
    def purpose(self) -> Purpose | None: ...
    @property
    def attributes(self) -> Mapping[str, bool]: ...
    @property
    def access(self) -> str | Mapping[str, str]: ...


class Statement(Protocol):
    """Of a service's verified statement: who it is, who runs it, and whether it is only an exercise."""

    @property
    def client_id(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def tier(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What is proposed for one attribute, and which rule says so (`because`).

    `share`: it goes with the resident's one tap. `ask`: it waits for a decision; `own_page`: on a page of its own,
    after fresh authentication. `withhold`: it stays, and `absent` is what the service reads. `persona` has the value;
    `""` is the resident's own.
    """

    decision: str
    because: str
    required: bool
    persona: str = ""
    own_page: bool = False
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A proposal, never an act: nothing is shared without a tap.

    `refused` names the rule by which nothing may be shared, or is None. `persona_because`: `remembered`, `choose`
    (first contact, and there are personas), or `none`.
    """

    refused: str | None
    trust: str
    trust_because: str
    persona: str
    persona_because: str
    one_off: bool
    one_tap: bool
    attributes: Mapping[str, Decision]


def evaluate(
    request: Asking, preferences: Preferences, statement: Statement, now: int, agreed: Mapping[str, int] | None = None
) -> Evaluation:
    """What to propose for a verified request of this service.

    `agreed`: what this service was given before for this purpose, and when (the function of that name). Times in
    seconds. Errors: `request/attribute` for one that the catalogue lacks.
    """
    known = preferences.services.get(statement.client_id, Known())
    trust, trust_because = _trust(preferences, statement, known)
    persona, persona_because = _persona_for(preferences, known)
    refused = _refusal(request, preferences, known, trust, trust_because)
    scene = _Scene(request, preferences, statement, trust, trust_because, persona, refused, now, agreed or {})
    attributes = {id: scene.decide(id) for id in request.attributes}
    return Evaluation(
        refused=refused,
        trust=trust,
        trust_because=trust_because,
        persona=persona,
        persona_because=persona_because,
        one_off=known.one_off,
        one_tap=refused is None
        and trust == "trusted"
        and persona_because != "choose"
        and all(_settled(decision) for decision in attributes.values()),
        attributes=attributes,
    )


def _settled(decision: Decision) -> bool:
    return decision.decision == "share" or (decision.decision == "withhold" and not decision.required)


def _trust(preferences: Preferences, statement: Statement, known: Known) -> tuple[str, str]:
    """The strictest of what was said of the service and of its authority; silence is no opinion."""
    said = [
        (trust, because)
        for trust, because in (
            (known.trust, "service"),
            (preferences.authorities.get(statement.authority), "authority"),
        )
        if trust is not None
    ]
    trust, because = max(said, key=lambda one: TRUST.index(one[0]), default=("ask", "default"))
    # An exercise is nobody's to trust: its promises bind no council.
    return ("ask", "sandbox") if statement.tier == "sandbox" and trust == "trusted" else (trust, because)


def _persona_for(preferences: Preferences, known: Known) -> tuple[str, str]:
    if known.persona is not None:
        return known.persona, "remembered"
    return "", "choose" if preferences.personas else "none"


def _refusal(request: Asking, preferences: Preferences, known: Known, trust: str, because: str) -> str | None:
    if preferences.paused:
        return "paused"
    if trust == "blocked":
        return f"blocked-{because}"
    # Who is to know nothing beyond this once cannot be given access that lasts.
    return "one-off" if known.one_off and request.access != "once" else None


@dataclass(frozen=True, slots=True)
class _Scene:
    request: Asking
    preferences: Preferences
    statement: Statement
    trust: str
    trust_because: str
    persona: str
    refused: str | None
    time: int
    agreed: Mapping[str, int]

    def decide(self, id: str) -> Decision:
        """The strictest rule that applies: what withholds, then what asks, then what was agreed before."""
        entry = catalogue.ATTRIBUTES.get(id)
        if entry is None:
            raise Invalid("request/attribute", id)
        required = self.request.attributes[id] and entry.share_policy != "optional_only"
        kept_back = self._withheld(id, entry)
        if kept_back is not None:
            because, absent = kept_back
            return Decision("withhold", because, required, absent=absent)
        mine = self.preferences.personas.get(self.persona)
        lacking = mine is not None and not derived.answered_by(id, mine.values)
        own_page = entry.sensitivity >= 3 or entry.share_policy.startswith("explicit")
        asked = self._asks(id, entry, own_page=own_page, lacking=lacking)
        values = "" if mine is None or lacking else self.persona
        # What a persona lacks is not needed of it: one's own goes only where the resident says so of this detail.
        return Decision("ask" if asked else "share", asked or "agreed", required and not lacking, values, own_page)

    def _withheld(self, id: str, entry: catalogue.Attribute) -> tuple[str, str] | None:
        """The rule by which this stays in the vault, and what the service reads instead."""
        preferences, rule = self.preferences, self.preferences.rules.get(id, Rule("none"))
        said = "not_held" if preferences.alike else "withheld"
        if self.refused is not None:
            return self.refused, said
        # These two never show: a service that reads "withheld" here would know of the protection.
        if preferences.address_protection and entry.protected:
            return "address-protection", "not_held"
        if id in FORMER_NAMES and id not in preferences.open_names:
            return "former-name", "not_held"
        if rule.rule == "never":
            return "rule-never", said
        if rule.rule == "only" and self.statement.client_id not in rule.services:
            return "rule-only", said
        purpose = self.request.purpose
        if entry.share_policy == "discouraged" and (purpose is None or purpose.statute is None):
            return "no-statute", said
        return None

    def _asks(self, id: str, entry: catalogue.Attribute, *, own_page: bool, lacking: bool) -> str | None:
        """The first rule by which this waits for a decision, or None."""
        at = self.agreed.get(id)
        rules: tuple[tuple[bool, str], ...] = (
            (own_page, "sensitive"),
            (self.preferences.rules.get(id, Rule("none")).rule == "ask", "rule-ask"),
            (entry.share_policy == "discouraged", "discouraged"),
            (lacking, "not-in-persona"),
            (self.trust != "trusted", self.trust_because),
            (at is None, "new"),
            (at is not None and self.time - at > _AGREED_SECONDS, "agreed-long-ago"),
        )
        return next((because for applies, because in rules if applies), None)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that the resident has answered, as the vault's grants tell it. `shared` are the attributes that went.

    `persona`: as whom, `""` for oneself, or an id that is nobody's for who is to know nobody. `stopped`: the resident
    ended the grant. The rest is as in `Asking` and `Statement`.
    """

    at: int
    client_id: str
    persona: str
    authority: str
    tier: str
    purpose_id: str
    purpose: Purpose | None
    attributes: Mapping[str, bool]
    access: str | Mapping[str, str]
    shared: tuple[str, ...]
    stopped: bool


def agreed(log: Iterable[Answered], chosen: Preferences, client_id: str, purpose_id: str) -> dict[str, int]:
    """What a service was given for a purpose, and when last.

    A grant that the resident stopped is no agreement, nor is what was agreed as another persona than it knows.
    """
    latest: dict[str, int] = {}
    for one in log:
        if (one.client_id, one.purpose_id) == (client_id, purpose_id) and not one.stopped and _as_known(one, chosen):
            latest |= {id: max(one.at, latest.get(id, 0)) for id in one.shared}
    return latest


def _as_known(one: Answered, chosen: Preferences) -> bool:
    """Whether it was answered as whom the service knows now.

    A subject that is never used again is nobody's persona: it counts where the service is still to know nobody.
    """
    known = chosen.services.get(one.client_id, Known())
    nobody = known.one_off and one.persona != "" and one.persona not in chosen.personas
    return nobody or one.persona == (known.persona or "")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What these preferences would have said then. `kept_back`: shared then, and would stay now."""

    answered: Answered
    evaluation: Evaluation
    kept_back: tuple[str, ...]


def replay(preferences: Preferences, log: Iterable[Answered], now: int) -> tuple[Replayed, ...]:
    """The requests of the last 90 days under these preferences, the oldest first."""
    tried = []
    before: list[Answered] = []
    for one in sorted(log, key=lambda each: (each.at, each.client_id, each.purpose_id)):
        if now - one.at <= _REPLAYED_SECONDS:
            given = agreed(before, preferences, one.client_id, one.purpose_id)
            found = evaluate(one, preferences, one, one.at, given)
            kept = sorted(id for id in one.shared if found.attributes[id].decision == "withhold")
            tried.append(Replayed(one, found, tuple(kept)))
        before.append(one)
    return tuple(tried)
