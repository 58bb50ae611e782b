"""Answers that are worked out from what a vault holds, for services without the base (protocols/specs/derived.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pds.core import catalogue
from pds.core.encoding import Json
from pds.core.errors import Invalid

SMALLEST_ZONE = 50
HOME, NO_HOME, BORN = "address.current", "address.no_fixed_address", "person.date_of_birth"
_EPOCH = date(1970, 1, 1).toordinal()
_HOUR = 3600
_OF_A_HOME = frozenset({HOME, "address.postcode", "address.uprn", "address.since", "address.lives_in_area"})
_SUPPORT = "council_tax_support"
_MEANS_TESTED = frozenset(
    {
        "universal_credit",
        "pension_credit_guarantee",
        "income_support",
        "jsa_income",
        "esa_income",
        "housing_benefit",
        "child_tax_credit",
        "asylum_support",
        _SUPPORT,
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and the date from which it is known."""

    value: Any
    as_of: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What an answer may depend on: the day in London, the zone asked for, all zones of the purpose."""

    day: date
    zone: str | None
    zones: Mapping[str, Sequence[str]]


def derive(
    attribute: str, held: Mapping[str, Fact], *, now: int, zone: str | None, zones: Mapping[str, Sequence[str]]
) -> Fact | None:
    """The answer, as of the day of what it was worked out from, or None where it cannot be worked out.

    `held` are values of the catalogue, `now` a time, `zone` the request's, `zones` the purpose's (id to postcodes).
    Errors: `derived/zone` for a zone that is missing or too small.
    """
    found = _RULES.get(attribute)
    if found is None:
        return None
    base, rule = found
    fact = held.get(base)
    if fact is None:
        return None
    value = rule(fact.value, Scene(london_day(now), zone, zones))
    return None if value is None else Fact(value, fact.as_of)


def base_of(attribute: str) -> str | None:
    """The attribute from which this one is worked out, or None."""
    found = _RULES.get(attribute)
    return found[0] if found else None


def following(attribute: str) -> frozenset[str]:
    """The attributes that are worked out from this one, or whose place it can take."""
    worked = {id for id, (base, _) in _RULES.items() if base == attribute}
    return frozenset(worked | _OF_A_HOME if attribute == NO_HOME else worked)


def not_applicable(attribute: str, held: Mapping[str, Fact]) -> bool:
    """Whether the resident has said that there is no such thing: no fixed address is an answer, not a gap."""
    none = held.get(NO_HOME)
    return attribute in _OF_A_HOME and none is not None and none.value is True and HOME not in held


def worked_out(
    attribute: str, held: Mapping[str, Fact], *, now: int, zone: str | None, zones: Mapping[str, Sequence[str]]
) -> Json | None:
    """What a disclosure says of an attribute that is worked out, or None where what is held of itself counts."""
    if not_applicable(attribute, held):
        return {"absent": "not_applicable"}
    try:
        fact = derive(attribute, held, now=now, zone=zone, zones=zones)
    except Invalid:
        # A zone that is too small to be asked about: nothing is answered.
        return {"absent": "not_held"}
    return None if fact is None else {"value": fact.value, "source": "derived", "as_of": fact.as_of}


def answered_by(attribute: str, values: Mapping[str, Any]) -> bool:
    """Whether a persona's values answer an attribute: with one of its own, or with what it is worked out from."""
    none = not_applicable(attribute, {id: Fact(value, "") for id, value in values.items()})
    return none or attribute in values or base_of(attribute) in values


def of_persona(
    attribute: str, values: Mapping[str, Any], *, now: int, zone: str | None, zones: Mapping[str, Sequence[str]]
) -> Json | None:
    """What a disclosure says of an attribute by a persona's values alone, or None where they do not answer it.

    Nothing of the resident's own fills a gap: an answer from two bases would be nobody's.
    """
    if not answered_by(attribute, values):
        return None
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    facts = {id: Fact(value, today) for id, value in values.items()}
    found = worked_out(attribute, facts, now=now, zone=zone, zones=zones)
    if found is not None or attribute not in values:
        return found or {"absent": "not_held"}
    return {"value": values[attribute], "source": "self_asserted", "as_of": today}


def london_day(now: int) -> date:
    """The date in London (Summer Time Order 2002: from 01:00 UTC on the last Sunday of March to that of October)."""
    day, second = divmod(now, 86400)
    today = date.fromordinal(_EPOCH + day)
    begins, ends = _last_sunday(today.year, 3), _last_sunday(today.year, 10)
    summer = begins < today < ends or (today == begins and second >= _HOUR) or (today == ends and second < _HOUR)
    return date.fromordinal(_EPOCH + (now + (_HOUR if summer else 0)) // 86400)


def _last_sunday(year: int, month: int) -> date:
    """Of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta((last.weekday() + 1) % 7)


def _aged(years: int) -> Callable[[Any, Scene], bool]:
    """Family Law Reform Act 1969, section 9: from the first moment of the anniversary.

    Who was born on 29 February is that old on 1 March of a year that has no such day.
    """

    def is_aged(born: Any, scene: Scene) -> bool:
        year, month, day = (int(part) for part in str(born).split("-"))
        return (scene.day.year - years, scene.day.month, scene.day.day) >= (year, month, day)

    return is_aged


def _postcode(home: Any, _scene: Scene) -> str | None:
    return str(home["postcode"]) if "postcode" in home else None


def _uprn(home: Any, _scene: Scene) -> str | None:
    return str(home["uprn"]) if "uprn" in home else None


def _lives_in_area(home: Any, scene: Scene) -> bool | None:
    if scene.zone is None or scene.zone not in scene.zones:
        raise Invalid("derived/zone", "missing")
    postcodes = _of_zone(scene.zones[scene.zone])
    return home["postcode"] in postcodes if "postcode" in home else None


def _local_authority(home: Any, scene: Scene) -> str | None:
    """The one zone of the purpose that is named by the code of a council and has the postcode."""
    codes = [id for id in sorted(scene.zones) if _is_council(id)]
    here = [id for id in codes if home.get("postcode") in _of_zone(scene.zones[id])]
    return here[0] if len(here) == 1 else None


def _is_council(id: str) -> bool:
    try:
        return bool(catalogue.check("address.local_authority", id) == id)
    except Invalid:
        return False


def _of_zone(postcodes: Sequence[str]) -> frozenset[str]:
    """The postcodes as the catalogue writes them. Of too few the answer would be an address in disguise."""
    try:
        found = frozenset(catalogue.check("address.postcode", postcode) for postcode in postcodes)
    except Invalid as error:
        raise Invalid("derived/zone", "no postcode") from error
    if len(found) < SMALLEST_ZONE:
        raise Invalid("derived/zone", "too small")
    return found


def _sole_adult(adults: Any, _scene: Scene) -> bool:
    return bool(adults == 1)


def _gets(kinds: frozenset[str]) -> Callable[[Any, Scene], bool]:
    """Whether one of these benefits is paid today. An award whose end has passed is over."""

    def gets(awards: Any, scene: Scene) -> bool:
        return any(award.get("type") in kinds and not _is_over(award, scene.day) for award in awards)

    return gets


def _is_over(award: Json, today: date) -> bool:
    ends = award.get("ends")
    return ends is not None and ends < today.isoformat()


_RULES: Mapping[str, tuple[str, Callable[[Any, Scene], Any]]] = {
    "person.age_over_16": (BORN, _aged(16)),
    "person.age_over_18": (BORN, _aged(18)),
    "address.postcode": (HOME, _postcode),
    "address.uprn": (HOME, _uprn),
    "address.local_authority": (HOME, _local_authority),
    "address.lives_in_area": (HOME, _lives_in_area),
    "household.sole_adult": ("household.adults", _sole_adult),
    "benefit.council_tax_support": ("benefit.awards", _gets(frozenset({_SUPPORT}))),
    "benefit.qualifies_for_concession": ("benefit.awards", _gets(_MEANS_TESTED)),
}
