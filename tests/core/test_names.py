"""A person's name goes from the form to the service as it is: nobody is asked to be called something simpler."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pds.core import catalogue, derive, manifest
from pds.core.encoding import Json, digest
from pds.core.errors import Invalid
from protocols.vectors.make.keys import an_id, fixed
from tests.core.approving import Approved, approve_attributes, share
from tests.core.outcomes import outcome

NAME = "person.full_name"
ROOT, VAULT, ITEM = fixed("root", 32), an_id("vault"), an_id("name")
CATALOGUE = Path(__file__).parents[2] / "protocols" / "catalogue" / "attributes.json"

# Five or so letters, marks and signs of each script, with what is hard about it.
SCRIPTS = {
    "Latin, precomposed and with marks": "éŵŷÅßøŁñğıİſƷȝ e\u0301w\u0302A\u030aq\u0323\u0307",
    "Vietnamese, two marks on one letter": "ễậờựẵ e\u0302\u0303",
    "apostrophes and hyphens": "'’ʼ‘ʻ-‐‑–·",
    "more Latin": "ÆæŒœĐđÞþĦħĲĳĿŀŊŋſŦŧǁƁɓƊɗƘƙẞǅǈ",
    "Greek and Coptic": "Άΐΰςϓᾼ Ω\u0301ⲀⲂ Γιώργος",
    "Cyrillic": "ЁйЇґӘ и\u0306ꙕ Олександр Жамбыл",
    "Armenian and Georgian": "ԱևՖ აჰⴀᲐ",
    "Hebrew, right to left, with points": "שלוםׁ ש\u05bc\u05c1יִ",
    "Arabic and Urdu, with joiners": "محمد\u064bیےﷺ ن\u200cا\u200d",
    "Syriac, Thaana and N'Ko": "ܐܒܫ ހށި ߊߋ߫",
    "Devanagari, Bengali, Tamil, Sinhala": "क्षि ন্ধ தமி ශ්‍රී क़",
    "Thai, Lao, Khmer, Burmese, Tibetan": "ก็ำ ກົ ស្រី မြ བོད",
    "Chinese, common and beyond the first plane": "王李𠮷𡈽𠀀㐂",
    "Japanese, with voicing marks": "かが\u304b\u3099ヷｶﾞ々〆",
    "Korean, whole and in parts": "한글 \u1112\u1161\u11ab \uac00",
    "Ethiopic, Cherokee, Canadian": "ሀመዐ ᏣᎳᎩ ᐃᓄᒃ",
    "astral alphabets": "𐐷𐓏𞤀𖼀𑄇𐌰𞄀",
    "marks of other planes, ligatures, letters that look alike": "𝒜ﬁﬀⅣ№ªº",
}
TEXT = "".join(SCRIPTS.values())


def examples() -> list[str]:
    """Every name that the catalogue shows."""
    found: list[str] = []

    def look(value: object, named: bool) -> None:
        if isinstance(value, str) and named:
            found.append(value)
        for inner in value if isinstance(value, list) else []:
            look(inner, named)
        for name, inner in value.items() if isinstance(value, dict) else []:
            look(inner, name == "name")

    for entry in json.loads(CATALOGUE.read_text("utf-8"))["attributes"]:
        look(entry["example"], "name" in entry["id"].rpartition(".")[2])
    return found


def approved() -> Approved:
    return approve_attributes([NAME], {NAME: "share"})


def as_the_service_sees_it(name: str) -> str:
    """Checked by the wallet, sealed, opened on another day, signed, encrypted, opened by the service."""
    checked = catalogue.check(NAME, name)
    document: Json = {"kind": "attribute", "attribute": NAME, **share(checked), "history": []}
    sealed = manifest.seal_item(ROOT, VAULT, 1, ITEM, 1, document, nonce=bytes(12))
    ref = manifest.ItemRef(1, "attribute", digest(sealed))
    kept = manifest.open_item(ROOT, VAULT, 1, ref, manifest.SealedItem(ITEM, 1, sealed))
    grant = approved()
    seen = grant.open(grant.disclose({NAME: share(kept["value"])}, {NAME: "share"})).value(NAME)
    assert isinstance(seen, str)
    return seen


def test_there_are_names_to_try() -> None:
    assert len(set(TEXT)) >= 200
    assert "Siân Łucja O’Connor-Nguyễn" in examples()
    assert any(ord(character) > 0xFFFF for character in TEXT)
    assert {"R", "AL", "NSM"} <= {unicodedata.bidirectional(character) for character in TEXT}


@pytest.mark.parametrize("name", examples())
def test_every_name_of_the_catalogue_arrives_as_it_is(name: str) -> None:
    assert as_the_service_sees_it(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_name_in_any_script_arrives_as_it_is(script: str) -> None:
    assert as_the_service_sees_it(script) == unicodedata.normalize("NFC", script)


@pytest.mark.parametrize("character", sorted(set(TEXT) - {" "}), ids=lambda character: f"U+{ord(character):04X}")
def test_a_name_of_one_character_arrives_as_it_is(character: str) -> None:
    assert catalogue.check(NAME, character) == unicodedata.normalize("NFC", character)


letters = st.characters(categories=["L", "M", "Nd", "Pd", "Po"])


@given(st.text(letters, min_size=1, max_size=40))
def test_no_letter_or_mark_of_unicode_is_lost(name: str) -> None:
    assert catalogue.check(NAME, name) == unicodedata.normalize("NFC", name)


@given(st.text(letters, min_size=1, max_size=40))
def test_checking_twice_changes_nothing(name: str) -> None:
    once = catalogue.check(NAME, f"  {name}\t")
    assert catalogue.check(NAME, once) == once


@pytest.mark.parametrize("id", sorted(id for id, entry in catalogue.ATTRIBUTES.items() if entry.type != "file"))
def test_every_example_is_already_as_it_should_be(id: str) -> None:
    example = catalogue.ATTRIBUTES[id].example
    assert catalogue.check(id, example) == example


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(catalogue.ATTRIBUTES)), json_values)
def test_no_value_makes_the_wallet_crash_and_what_passes_is_settled(id: str, value: object) -> None:
    result, checked = outcome(lambda: catalogue.check(id, value))
    if result == "valid":
        assert catalogue.check(id, checked) == checked
    else:
        assert checked == "catalogue/value"


def test_an_unlock_key_does_not_depend_on_how_the_keyboard_composes() -> None:
    salt = bytes(16)
    assert derive.passphrase_secret("Siân Nguyễn", salt, 1) == derive.passphrase_secret(
        unicodedata.normalize("NFD", "Siân Nguyễn"), salt, 1
    )
    for suite, code in ((0, "unlock/suite"), (2, "unlock/suite")):
        with pytest.raises(Invalid, match=code):
            derive.passphrase_secret("x", salt, suite)
    with pytest.raises(Invalid, match="unlock/salt"):
        derive.passphrase_secret("x", bytes(8), 1)
