"""The example services show what people type, and never run it."""

from pds.demo.pages import address_lines, box, error_summary, h, join, page, summary_list

EVIL = "<script>alert('x')</script>\" onload=\"y{}&"


def test_text_is_text_wherever_it_stands() -> None:
    made = page(
        EVIL,
        join(
            [
                h("<p>{}</p>", EVIL),
                box("name", EVIL, EVIL, hint=EVIL, error=EVIL, from_vault=EVIL, autocomplete=EVIL),
                error_summary({"name": EVIL}),
                summary_list([(EVIL, EVIL)]),
            ]
        ),
        service=EVIL,
        authority=EVIL,
        style=EVIL,
    )
    assert "<script" not in made
    assert '" onload' not in made


def test_a_box_names_its_hints_and_its_error() -> None:
    made = box("name", "Full name", "", hint="a", error="b", from_vault="c")
    assert 'aria-describedby="name-hint name-vault name-error"' in made
    assert 'aria-invalid="true"' in made
    assert "aria-" not in box("name", "Full name", "")


def test_an_address_is_shown_as_lines() -> None:
    assert address_lines({"lines": ["Flat 3", "22 Harbour Row"], "postcode": "AN3 4CD"}) == [
        "Flat 3",
        "22 Harbour Row",
        "AN3 4CD",
    ]
    assert address_lines(None) == []
