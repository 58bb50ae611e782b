"""Small forms for tests: a library that has a purpose, and one that has none."""

import json
from pathlib import Path

from bench.score.__main__ import RESIDENTS
from bench.score.forms import Form, load_forms
from bench.score.people import Person, load_people
from pds.core.encoding import Json

LIBRARY: Json = {
    "id": "library_card",
    "name": "Join the library",
    "owner": "Library authority",
    "fields": [
        {"label": "Full name", "catalogue_id": "person.full_name", "fill": "wallet", "inputs": 1},
        {"label": "Date of birth", "catalogue_id": "person.date_of_birth", "fill": "wallet", "inputs": 3},
        {"label": "Address", "catalogue_id": "address.current", "fill": "wallet", "inputs": 4},
        {"label": "Do you live here?", "catalogue_id": "address.lives_in_area", "fill": "wallet", "inputs": 1},
        {"label": "Your pets", "catalogue_id": "pet.names", "fill": "wallet", "inputs": 2},
        {"label": "Branch", "catalogue_id": None, "fill": "transaction", "inputs": 1},
    ],
}
_WORDS = {"en": "To lend you books", "cy": "I fenthyca llyfrau i chi"}
PURPOSE: Json = {
    "id": "library",
    "text": _WORDS,
    "fallback": _WORDS,
    "lawful_basis": "public_task",
    "statute": None,
    "attributes": {id: {"required": False, "why": _WORDS} for id in ("person.full_name", "address.current")},
    "zones": {},
    "access": ["until"],
    "shortest_days": 1,
    "longest_days": 366,
    "retention_days": 30,
    "dpia": None,
}


def people_of(*names: str) -> list[Person]:
    """Some of the invented residents, by name; all of them without one."""
    everybody, _ = load_people(RESIDENTS)
    return [person for person in everybody if person.id in names or not names]


def forms_of(folder: Path, form: Json, purpose: Json | None = None) -> list[Form]:
    """A form as a council adds it: a file, and perhaps another for its purpose."""
    for name, document in (("journeys", form), ("purposes", purpose)):
        (folder / name).mkdir()
        if document is not None:
            (folder / name / f"{form['id']}.json").write_text(json.dumps(document), "utf-8")
    return load_forms(folder / "journeys", folder / "purposes", load_people(RESIDENTS)[1])
