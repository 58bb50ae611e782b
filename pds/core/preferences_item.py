"""What a resident has decided beforehand, as it is kept in the vault (protocols/specs/preferences.md)."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pds.core import catalogue
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import ID, exactly, flag, items, text

T = TypeVar("T")
_MEMBERS = "preferences/members"
_NAMES = "kind v services authorities rules personas address_protection open_names quiet alike paused".split()
_ATTRIBUTE = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+\Z")
TRUST = ("trusted", "ask", "blocked")
FORMER_NAMES = ("person.birth_name", "person.previous_names")
_MOST = 1024


@dataclass(frozen=True, slots=True)
class Known:
    """What was decided about one service. None: nothing; a `persona` of `""`: no persona, as oneself."""

    trust: str | None = None
    persona: str | None = None
    one_off: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What was decided about one attribute: `ask`, `never`, or `only` to these services."""

    rule: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """Other values than one's own. Its name is for the resident and leaves the vault never."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that a resident has decided beforehand. The defaults are those of a new vault.

    `open_names` are the former names that are not concealed; `alike`: what is withheld looks like not held.
    """

    services: Mapping[str, Known] = field(default_factory=dict)
    authorities: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    personas: Mapping[str, Persona] = field(default_factory=dict)
    address_protection: bool = False
    open_names: tuple[str, ...] = ()
    quiet: bool = False
    alike: bool = False
    paused: bool = False

    def document(self) -> Json:
        """The sealed item's plaintext."""
        services = {
            id: {"trust": known.trust, "persona": known.persona, "one_off": known.one_off}
            for id, known in self.services.items()
        }
        rules: Json = {
            id: {"rule": rule.rule, "services": list(rule.services)} if rule.rule == "only" else {"rule": rule.rule}
            for id, rule in self.rules.items()
        }
        personas = {id: {"name": one.name, "values": dict(one.values)} for id, one in self.personas.items()}
        return {
            "kind": "preferences",
            "v": 1,
            "services": services,
            "authorities": dict(self.authorities),
            "rules": rules,
            "personas": personas,
            "address_protection": self.address_protection,
            "open_names": list(self.open_names),
            "quiet": self.quiet,
            "alike": self.alike,
            "paused": self.paused,
        }


def read(document: Any) -> Preferences:
    """The preferences of a sealed item. Errors: `preferences/version` (made by a newer wallet), `preferences/members`.

    A wallet that cannot read them shares nothing: it would not know what it must keep back.
    """
    if isinstance(document, dict) and (document.get("v") != 1 or isinstance(document.get("v"), bool)):
        raise Invalid("preferences/version")
    exactly(document, _NAMES, _MEMBERS)
    if document["kind"] != "preferences":
        raise Invalid(_MEMBERS, "kind")
    personas = {_id(id): _persona(value) for id, value in _entries(document, "personas")}
    services = {_name(id): _known(value, personas) for id, value in _entries(document, "services")}
    names = items(document, "open_names", _MEMBERS)
    if not all(name in FORMER_NAMES for name in names) or len(set(names)) < len(names):
        raise Invalid(_MEMBERS, "open_names")
    return Preferences(
        services=services,
        authorities={
            _name(id): _one_of(value, TRUST, "authorities") for id, value in _entries(document, "authorities")
        },
        rules={_attribute(id): _rule(value) for id, value in _entries(document, "rules")},
        personas=personas,
        address_protection=flag(document, "address_protection", _MEMBERS),
        open_names=tuple(names),
        quiet=flag(document, "quiet", _MEMBERS),
        alike=flag(document, "alike", _MEMBERS),
        paused=flag(document, "paused", _MEMBERS),
    )


def merge(base: Preferences, mine: Preferences, theirs: Preferences) -> Preferences:
    """What two devices made of the same preferences; `theirs` is in the vault already.

    What one of them changed is changed. Where both changed one trust or rule, the stricter wins; one persona, theirs.
    """
    services = {
        id: Known(
            _stricter((was.trust, my.trust, their.trust), _TRUST_ORDER.index),
            _changed(was.persona, my.persona, their.persona),
            _changed(was.one_off, my.one_off, their.one_off),
        )
        for id, (was, my, their) in _each(base.services, mine.services, theirs.services, Known())
    }
    trusts = {
        id: _stricter(three, _TRUST_ORDER.index)
        for id, three in _each(base.authorities, mine.authorities, theirs.authorities, None)
    }
    rules = {id: _rule_of(three) for id, three in _each(base.rules, mine.rules, theirs.rules, None)}
    in_use = {known.persona for known in services.values()}
    personas = {
        id: _persona_of(three, kept=id in in_use)
        for id, three in _each(base.personas, mine.personas, theirs.personas, None)
    }
    opened = [tuple(name in each.open_names for each in (base, mine, theirs)) for name in FORMER_NAMES]
    return Preferences(
        services=services,
        authorities={id: trust for id, trust in trusts.items() if trust is not None},
        rules={id: rule for id, rule in rules.items() if rule is not None},
        personas={id: persona for id, persona in personas.items() if persona is not None},
        address_protection=_changed(base.address_protection, mine.address_protection, theirs.address_protection),
        open_names=tuple(
            name for name, (was, my, their) in zip(FORMER_NAMES, opened, strict=True) if _changed(was, my, their)
        ),
        quiet=_changed(base.quiet, mine.quiet, theirs.quiet),
        alike=_changed(base.alike, mine.alike, theirs.alike),
        paused=_changed(base.paused, mine.paused, theirs.paused),
    )


# From the most generous to the strictest. To have no opinion is stricter than to trust.
_TRUST_ORDER: tuple[str | None, ...] = ("trusted", None, "ask", "blocked")
_RULE_ORDER = (None, "ask", "only", "never")


def _each(
    base: Mapping[str, T], mine: Mapping[str, T], theirs: Mapping[str, T], default: T
) -> Iterator[tuple[str, tuple[T, T, T]]]:
    """Every key of the three, with what each says of it."""
    for id in sorted({**base, **mine, **theirs}):
        yield id, (base.get(id, default), mine.get(id, default), theirs.get(id, default))


def _changed(base: T, mine: T, theirs: T) -> T:
    return mine if theirs == base else theirs


def _stricter(three: tuple[T, T, T], strictness: Callable[[T], int]) -> T:
    base, mine, theirs = three
    if base in (mine, theirs):
        return _changed(base, mine, theirs)
    return max(theirs, mine, key=strictness)


def _rule_of(three: tuple[Rule | None, Rule | None, Rule | None]) -> Rule | None:
    base, mine, theirs = three
    if mine and theirs and base not in (mine, theirs) and mine.rule == theirs.rule == "only":
        return Rule("only", tuple(service for service in theirs.services if service in mine.services))
    return _stricter(three, lambda rule: _RULE_ORDER.index(rule.rule if rule else None))


def _persona_of(three: tuple[Persona | None, Persona | None, Persona | None], *, kept: bool) -> Persona | None:
    base, mine, theirs = three
    if base in (mine, theirs) and not (kept and None in (mine, theirs)):
        return _changed(base, mine, theirs)
    if mine is None or theirs is None:
        # Changed here and taken away there; or taken away while a service was told of it.
        return mine or theirs or (base if kept else None)
    none: dict[str, Any] = {}
    values = {
        id: _changed(*each) for id, each in _each(base.values if base else none, mine.values, theirs.values, None)
    }
    name = _changed(base.name if base else mine.name, mine.name, theirs.name)
    return Persona(name, {id: value for id, value in values.items() if value is not None})


def _entries(document: Json, name: str) -> list[tuple[str, Any]]:
    entries = document[name]
    if not isinstance(entries, dict) or len(entries) > _MOST:
        raise Invalid(_MEMBERS, name)
    return list(entries.items())


def _name(id: str) -> str:
    return text({"id": id}, "id", _MEMBERS)


def _id(id: str) -> str:
    return text({"persona": id}, "persona", _MEMBERS, pattern=ID)


def _attribute(id: str) -> str:
    return text({"rule": id}, "rule", _MEMBERS, longest=64, pattern=_ATTRIBUTE)


def _one_of(value: Any, words: Collection[str], name: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise Invalid(_MEMBERS, name)
    return value


def _known(value: Any, personas: Mapping[str, Persona]) -> Known:
    known = exactly(value, ("trust", "persona", "one_off"), _MEMBERS)
    trust = None if known["trust"] is None else _one_of(known["trust"], TRUST, "trust")
    persona = known["persona"]
    if persona is not None and persona != "" and (not isinstance(persona, str) or persona not in personas):
        raise Invalid(_MEMBERS, "persona")
    return Known(trust, persona, flag(known, "one_off", _MEMBERS))


def _rule(value: Any) -> Rule:
    if isinstance(value, dict) and value.get("rule") == "only":
        rule = exactly(value, ("rule", "services"), _MEMBERS)
        services = items(rule, "services", _MEMBERS)
        return Rule("only", tuple(text({"services": service}, "services", _MEMBERS) for service in services))
    return Rule(_one_of(exactly(value, ("rule",), _MEMBERS)["rule"], ("ask", "never"), "rule"))


def _persona(value: Any) -> Persona:
    persona = exactly(value, ("name", "values"), _MEMBERS)
    values = persona["values"]
    if not isinstance(values, dict):
        raise Invalid(_MEMBERS, "values")
    try:
        checked = {id: catalogue.check(id, one) for id, one in values.items()}
    except Invalid as error:
        raise Invalid(_MEMBERS, "values") from error
    return Persona(text(persona, "name", _MEMBERS, longest=100), checked)
