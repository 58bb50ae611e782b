"""The residents, as data: what they would type into each box, and what they have decided (residents.json)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.score.forms import AREA, Box, Form
from pds.core import catalogue
from pds.core.encoding import Json, b64u, digest, unb64u
from pds.core.preferences_item import Preferences, read

# Where the answer is a part of something else that they would type.
_WITHIN = {"address.postcode": ("address.current", "postcode"), "address.uprn": ("address.current", "uprn")}
_NO_PLACE = ("town", "country", "role", "reason_code")
_SHORTEST_SECRET = 4
_YEAR = 365  # nobody here moved in on a day that a leap year makes doubtful
FORMER = "person.previous_names"


class NoSuchValue(Exception):
    """What stands in the file is no value of the catalogue."""


@dataclass(frozen=True, slots=True)
class Person:
    """One invented resident.

    `details` has what this person types into the boxes of a detail, by part; `answers` what they would say to a
    question whose answer is worked out. `secrets` are texts that reach no form but those named. `says_no` names forms.
    """

    id: str
    story: str
    details: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, str]
    decided: Json
    secrets: Mapping[str, tuple[str, ...]]
    says_no: frozenset[str]
    has_vault: bool

    def values(self) -> dict[str, Any]:
        """What the vault holds: the typed texts as values of the catalogue."""
        return {id: value_of(id, texts) for id, texts in self.details.items()}

    def types(self, form: Form, box: Box, today: date) -> str | None:
        """The exact text that this person would type into a box, `""` for nothing, None where they have no answer."""
        if box.attribute is None or box.part is None:
            return None
        if box.attribute in self.answers and box.part == "value":
            return self.answers[box.attribute]
        if box.attribute == AREA:
            return self._lives_in(form)
        attribute, part = _WITHIN.get(box.attribute, (box.attribute, box.part))
        texts = self.known_to(form).get(attribute)
        if texts is None:
            return "" if self._has_no_home(attribute) else None
        return _typed(texts, part, today)

    def _lives_in(self, form: Form) -> str | None:
        home = self.details.get("address.current", {})
        if "postcode" not in home:
            return "" if self._has_no_home(AREA) else None
        zone = form.purpose["zones"].get(form.asks[AREA].get("zone"))
        return None if zone is None else "yes" if home["postcode"] in zone["postcodes"] else "no"

    def known_to(self, form: Form) -> dict[str, Mapping[str, str]]:
        """The details as this form may know them: with the values of a persona, without names that are concealed."""
        persona = self.decided.get("personas", {}).get(self._persona(form), {}).get("details", {})
        details = {**self.details, **{id: _texts(texts) for id, texts in persona.items()}}
        shown = _not_concealed(details.pop(FORMER, {}))
        return {**details, FORMER: shown} if shown else details

    def hides_any(self, form: Form, attribute: str) -> bool:
        """Whether what is held of an attribute has a secret in it that is not for this form."""
        texts = [catalogue.squeezed(text) for text in self.known_to(form).get(attribute, {}).values()]
        return any(catalogue.squeezed(secret) in text for text in texts for secret in self.kept_from(form))

    def kept_from(self, form: Form) -> list[str]:
        """The texts that must not reach this form: the secrets, and what address protection protects."""
        secrets = [text for text, forms in self.secrets.items() if form.id not in forms]
        if self.decided.get("address_protection"):
            guarded = (texts for id, texts in self.details.items() if catalogue.ATTRIBUTES[id].protected)
            parts = [(name.rpartition(".")[2], text) for texts in guarded for name, text in texts.items()]
            secrets += [text for name, text in parts if len(text) > _SHORTEST_SECRET and name not in _NO_PLACE]
        return secrets

    def _persona(self, form: Form) -> str:
        persona: str = self.decided.get("services", {}).get(form.id, {}).get("persona") or ""
        return persona

    def _has_no_home(self, attribute: str) -> bool:
        homeless = self.details.get("address.no_fixed_address", {}).get("value") == "yes"
        return homeless and attribute in ("address.current", "address.since", AREA)

    def preferences(self, forms: Iterable[Form], client_ids: Mapping[str, str]) -> Preferences:
        """What this person decided, with the forms' services and authorities in place of their names."""
        decided = self.decided
        personas = {
            _id(name): {
                "name": name,
                "values": {id: value_of(id, _texts(texts)) for id, texts in one["details"].items()},
            }
            for name, one in decided.get("personas", {}).items()
        }
        services = {
            client_ids[name]: {"trust": None, "one_off": False, **known, "persona": _chosen(known.get("persona"))}
            for name, known in decided.get("services", {}).items()
            if name in client_ids
        }
        rules = {
            id: {**rule, "services": [client_ids.get(name, name) for name in rule["services"]]}
            if "services" in rule
            else rule
            for id, rule in decided.get("rules", {}).items()
        }
        named = {form.owner: authority_of(form) for form in forms}
        authorities = {named[name]: trust for name, trust in decided.get("authorities", {}).items() if name in named}
        mapped = {"personas": personas, "services": services, "rules": rules, "authorities": authorities}
        return read({**Preferences().document(), **decided, **mapped})


def load_people(path: Path) -> tuple[list[Person], Json]:
    """The residents of a file, and the zones of their town. Errors: `NoSuchValue`."""
    document = json.loads(path.read_text("utf-8"))
    people = [
        Person(
            id=one["id"],
            story=one["story"],
            details={id: _texts(texts) for id, texts in one["details"].items()},
            answers=one.get("answers", {}),
            decided=one.get("decided", {}),
            secrets={text: tuple(forms) for text, forms in one.get("secrets", {}).items()},
            says_no=frozenset(one.get("says_no", ())),
            has_vault=one.get("vault", True),
        )
        for one in document["residents"]
    ]
    for person in people:
        person.values()
    return people, document["zones"]


def authority_of(form: Form) -> str:
    """The id of the authority that runs a form."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in form.owner.lower()).split()
    return f"https://{'-'.join(words)[:60]}.example"


def value_of(attribute: str, texts: Mapping[str, str]) -> Any:
    """The value of the catalogue that a wallet makes of texts in boxes. Errors: `NoSuchValue`."""
    entry = catalogue.ATTRIBUTES[attribute]
    schema = entry.validation.get("schema", {"items": {}} if entry.type.startswith("array") else {})
    value = _made({"type": entry.type, **schema}, texts)
    if catalogue.check(attribute, value) != value:
        raise NoSuchValue(f"{attribute} is written differently in a vault: {value!r}")
    return value


def _made(node: Json, texts: Mapping[str, str]) -> Any:
    members: Json = node.get("properties", {})
    if "lines" in members:
        lines = [texts[name] for name in ("line1", "line2", "line3") if texts.get(name)]
        return {
            "lines": lines,
            **{name: texts[name] for name in ("town", "postcode", "uprn", "country") if texts.get(name)},
        }
    if members:
        return {name: _made(members[name], inner) for name, inner in _inside(texts).items()}
    if "day" in texts:
        return f"{texts['year']:0>4}-{texts['month']:0>2}-{texts['day']:0>2}"
    if "items" in node:
        return [_made(node["items"], inner) for _, inner in sorted(_inside(texts).items())]
    if not texts:
        return []
    text = texts["value"]
    if node.get("type") == "boolean":
        return {"yes": True, "no": False}[text]
    return int(text) if node.get("type") == "integer" else text


def _inside(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """`{"1.name": "Ann"}` as `{"1": {"name": "Ann"}}`."""
    found: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        head, _, rest = path.partition(".")
        found.setdefault(head, {})[rest or "value"] = text
    return found


def _not_concealed(texts: Mapping[str, str]) -> dict[str, str]:
    """The rows of former names that are marked as not concealed, counted anew."""
    rows = [row for row in _inside(texts).values() if row.get("concealed") == "no"]
    return {f"{at}.{part}": text for at, row in enumerate(rows, 1) for part, text in row.items()}


def _typed(texts: Mapping[str, str], part: str, today: date) -> str:
    """What is typed into a box that takes this part, by what is typed where every part has a box of its own."""
    if part in texts:
        return texts[part]
    name, _, last = part.rpartition(".")
    whole, asked = (name, last) if last in ("any", "value", "past_year") else (part, "value")
    inner = {"value": texts[whole]} if whole in texts else _under(texts, whole)
    if asked == "any":
        return "yes" if inner else "" if whole else "no"
    if not inner or asked == "value":
        return _whole(inner)
    return "yes" if 0 <= (today - date.fromisoformat(_whole(inner))).days < _YEAR else "no"


def _under(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """The parts of a part, or all where it has no name."""
    before = f"{name}." if name else ""
    return {part.removeprefix(before): text for part, text in texts.items() if part.startswith(before)}


def _texts(written: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"value": written} if isinstance(written, str) else written


def _whole(texts: Mapping[str, str]) -> str:
    """Everything in one box: a date as computers write it, an address or a list with commas."""
    if "day" in texts:
        return f"{texts['year']}-{texts['month']:0>2}-{texts['day']:0>2}"
    return ", ".join(text for name, text in texts.items() if text and name not in ("uprn", "country"))


def _chosen(persona: str | None) -> str | None:
    return _id(persona) if persona else persona


def _id(name: str) -> str:
    """An id for a persona that is told by its name alone."""
    return b64u(unb64u(digest(name))[:16])
