"""People do not type again what they said once, and what they protect goes nowhere (docs/score.md)."""

import json
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from bench.score.__main__ import CATALOGUE, PAGE, RESIDENTS, faults_of, main, measure
from bench.score.chromium import run_in_chromium
from bench.score.forms import Form, FormError, load_forms
from bench.score.judging import FILLED, KEPT, LATER, NOT_HELD, NOTHING, OUTSIDE, Score, judge
from bench.score.people import Person, load_people
from bench.score.site import Learnt
from bench.score.table import page
from pds.core import jose
from pds.core.encoding import Json
from pds.demo.pages import box, boxes_of
from pds.demo.wallet import build_wallet
from tests.core.schemas import complaints
from tests.score.town_forms import LIBRARY, PURPOSE, forms_of, people_of

TODAY = date(2026, 11, 23)


async def test_every_form_is_filled_for_everybody_and_the_page_says_how_far(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, registrar_key: ECKey
) -> None:
    people, zones = load_people(RESIDENTS)
    forms = load_forms(CATALOGUE / "journeys", CATALOGUE / "purposes", zones)
    scores, faults = await measure(tmp_path, forms, people)
    assert faults == []
    assert {score.leaked for score in scores.values()} == {0}
    assert any(score.over_asking for score in scores.values()), "a form that over-asks is among them"
    wallet = build_wallet([jose.public_jwk(registrar_key)], tmp_path_factory.getbasetemp() / "wallets")
    folder = tmp_path_factory.mktemp("chromium")
    seen = await run_in_chromium(folder, forms, people, key=registrar_key, wallet=wallet)
    assert faults_of(seen) == []
    assert {score.leaked for score in seen.values()} == {0}
    said = page(forms, scores, seen, people)
    assert said == PAGE.read_text("utf-8"), "run `make score ARGS=--write` and commit the page"


def test_at_least_forty_people_live_there_and_hard_lives_are_among_them() -> None:
    people, _ = load_people(RESIDENTS)
    assert len({person.id for person in people}) == len(people) >= 40
    decided = [person.decided for person in people]
    for control in ("address_protection", "quiet", "alike", "paused", "open_names", "personas", "rules"):
        assert any(one.get(control) for one in decided), control
    assert any("blocked" in str(one) for one in decided)
    assert any("one_off" in str(one) for one in decided)
    assert any(not person.has_vault for person in people)
    assert any(person.says_no for person in people)
    assert any("address.no_fixed_address" in person.details for person in people)


@pytest.mark.parametrize("kind", ["journey", "purpose"])
def test_the_files_of_the_catalogue_fit_their_schemas(kind: str) -> None:
    files = sorted((CATALOGUE / f"{kind}s").glob("*.json"))
    assert files
    assert {file.name: complaints(f"{kind}.json", json.loads(file.read_text("utf-8"))) for file in files} == {
        file.name: [] for file in files
    }


async def test_a_form_that_is_only_a_file_works(tmp_path: Path) -> None:
    forms = forms_of(tmp_path, LIBRARY)
    scores, faults = await measure(tmp_path, forms, people_of("sian", "amara", "ivor", "hana"))
    score = scores["library_card"]
    assert faults == []
    assert score.over_asking == 0
    assert score.boxes == 4 * 12
    # Siân all nine; Amara has her address and the area kept back; Ivor has no address; Hana holds a name only.
    assert score.outcomes[FILLED] == 9 + 4 + 4 + 1
    assert score.outcomes[KEPT] == 5
    assert score.outcomes[NOTHING] == 5
    assert score.outcomes[NOT_HELD] == 8
    assert score.outcomes[LATER] == 8


async def test_a_form_that_asks_for_more_than_its_purpose_is_refused_and_gets_the_rest(tmp_path: Path) -> None:
    scores, faults = await measure(tmp_path, forms_of(tmp_path, LIBRARY, PURPOSE), people_of("sian", "xin"))
    score = scores["library_card"]
    assert faults == []
    assert score.over_asking == 1, "who has no vault is not asked"
    assert score.outcomes[FILLED] == 5
    assert score.outcomes[OUTSIDE] == 4


async def test_a_form_none_of_which_is_within_its_purpose_gets_nothing(tmp_path: Path) -> None:
    purpose = {**PURPOSE, "attributes": {"contact.email": PURPOSE["attributes"]["address.current"]}}
    scores, faults = await measure(tmp_path, forms_of(tmp_path, LIBRARY, purpose), people_of("sian"))
    assert faults == []
    assert (scores["library_card"].over_asking, scores["library_card"].outcomes[FILLED]) == (1, 0)


def test_the_file_of_several_forms_is_one_too(tmp_path: Path) -> None:
    other = {**LIBRARY, "id": "toy_library"}
    forms = forms_of(tmp_path, {"id": "two", "title": "Two forms", "journeys": [LIBRARY, other]})
    assert [form.id for form in forms] == ["library_card", "toy_library"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parts": ["day", "month"]}, "3 boxes and 2 parts"),
        ({"parts": ["day", "month", "decade"]}, "no part decade"),
        ({"inputs": 0}, r"inputs"),
        ({"fill": "magic"}, "magic"),
        ({"catalogue_id": "address.lives_in_area", "inputs": 1, "zone": "moon"}, "no zone moon"),
    ],
)
def test_a_form_with_a_mistake_says_what_to_mend(tmp_path: Path, change: Json, says: str) -> None:
    fields = [LIBRARY["fields"][0], {**LIBRARY["fields"][1], **change}]
    with pytest.raises(FormError, match=says):
        forms_of(tmp_path, {**LIBRARY, "fields": fields})


def test_the_command_fails_on_a_mistake_and_names_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    assert main(["--journeys", str(tmp_path)]) == 2
    assert "broken.json" in capsys.readouterr().err


def shown(form: Form, person: Person, **other: str) -> str:
    """The form's page as it should be for somebody whose rules keep nothing back; `other` boxes hold something else."""
    right = {one.name: person.types(form, one, TODAY) or "" for one in form.boxes}
    return "".join(box(name, "", other.get(name, text)) for name, text in right.items())


def judged(form: Form, person: Person, text: str, learnt: Learnt | None = None) -> Score:
    score = Score()
    judge(score, form, person, boxes_of(text), text, learnt or Learnt(), frozenset(form.asks), today=TODAY)
    return score


def test_the_judge_sees_an_empty_box_a_wrong_one_and_one_too_many(tmp_path: Path) -> None:
    (form,), (sian,) = forms_of(tmp_path, LIBRARY), people_of("sian")
    assert judged(form, sian, shown(form, sian)).faults == []
    for name, text, says in (
        ("f1-1", "", "is empty"),
        ("f2-1", "01", "another text"),
        ("f2-1", "31 ", "another text"),
        ("f6-1", "Central", "should not be"),
    ):
        (fault,) = judged(form, sian, shown(form, sian, **{name: text})).faults
        assert says in fault
        assert name in fault


def test_the_judge_finds_a_protected_value_wherever_a_form_learnt_it(tmp_path: Path) -> None:
    (form,), (amara,) = forms_of(tmp_path, LIBRARY), people_of("amara")
    home = amara.details["address.current"]
    empty = {box.name: "" for box in form.boxes if box.attribute in ("address.current", "address.lives_in_area")}
    clean = shown(form, amara, **empty)
    assert judged(form, amara, clean).leaked == 0
    hidden = f"Amara of {home['line1'].lower()}, {home['postcode'].replace(' ', '')}"
    for leaky in (
        judged(form, amara, clean + escape(hidden)),
        judged(form, amara, clean, Learnt(claims=json.dumps({"person.full_name": hidden}))),
        judged(form, amara, clean, Learnt(rest=json.dumps({"note": home["uprn"]}))),
    ):
        assert leaky.leaked > 0
        assert leaky.faults
    open_to_all = replace(amara, decided={})
    assert judged(form, open_to_all, shown(form, open_to_all)).leaked == 0
