"""Your details: every kind of box, what is sensitive, what was before, and more than one of a kind."""

import re

from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.browser.story import DETAILS, Resident
from tests.browser.town import Town


async def _at_details(town: Town, phone: Phone) -> None:
    await phone.page.goto(town.issuer)
    await Resident(town, phone).create_vault()
    await phone.link(DETAILS).click()
    await phone.look(DETAILS, "details-empty")


COMMON = ("Home address", "Vehicle registration number")


async def _add(phone: Phone, group: str, label: str) -> None:
    add = phone.button(f"Add {label.lower()}")
    if label in COMMON and await add.count():
        await add.click()
        return
    await phone.page.locator(f"#add-{group} summary").click()
    await phone.button(label).click()


async def _save(phone: Phone) -> None:
    await phone.button("Save").click()
    await expect(phone.heading(DETAILS)).to_be_visible()
    await phone.says("Saved.")


async def test_each_kind_of_detail_has_its_own_boxes(town: Town, phone: Phone) -> None:
    await _at_details(town, phone)
    await _add(phone, "person", "Nationality")
    await phone.look("Nationality", "list-of-countries")
    await phone.page.get_by_label("Entry 1").select_option(label="United Kingdom")
    await phone.button("Add another").click()
    await expect(phone.page.get_by_label("Entry 2")).to_be_focused()
    await phone.page.get_by_label("Entry 2").select_option(label="Ireland")
    await _save(phone)
    await phone.says("Ireland")

    await _add(phone, "vehicle", "Make, model and colour")
    await phone.type(Make="Ford", Model="Fiesta", Colour="Blue")
    await phone.look("Make, model and colour", "group")
    await _save(phone)

    await _add(phone, "accommodation", "How you live in your home")
    await phone.look("How you live in your home", "choices")
    await phone.button("Save").click()
    await phone.look("How you live in your home", "choices-error")
    await expect(phone.page.locator("#error-summary")).to_be_focused()
    await phone.page.get_by_role("radio", name="I rent from the council").check()
    await _save(phone)

    await _add(phone, "contact", "Preferred language")
    await phone.page.get_by_label("Preferred language").select_option(label="Welsh")
    await phone.look("Preferred language", "language")
    await _save(phone)

    await _add(phone, "benefit", "Benefits you get")
    await phone.page.get_by_label("Kind").select_option(label="Universal Credit")
    await phone.box("Day").first.fill("31")
    await phone.button("Save").click()
    await phone.look("Benefits you get", "list-error")
    await phone.box("Day").first.fill("")
    await _save(phone)
    await phone.says("Universal Credit")
    await phone.look(DETAILS, "details-filled")


async def test_a_row_that_is_taken_away_takes_only_itself(town: Town, phone: Phone) -> None:
    await _at_details(town, phone)
    await _add(phone, "benefit", "Benefits you get")
    kinds = phone.page.get_by_label("Kind")
    await kinds.select_option(label="Personal Independence Payment")
    await phone.button("Add another").click()
    await kinds.nth(1).select_option(label="Housing Benefit")
    await phone.look("Benefits you get", "rows")
    await phone.button("Remove Entry 1").click()
    await expect(kinds).to_have_count(1)
    await expect(kinds.first.locator("option:checked")).to_have_text("Housing Benefit")
    await _save(phone)
    await phone.says("Housing Benefit")
    await expect(phone.page.get_by_text("Personal Independence Payment")).to_have_count(0)


async def test_a_sensitive_detail_is_seen_only_after_the_passkey_was_used_again(town: Town, phone: Phone) -> None:
    await _at_details(town, phone)
    used = phone.passkey_uses
    await _add(phone, "disability", "Blue Badge number")
    await phone.look("Blue Badge number", "hidden")
    await phone.button("Add it").click()
    await phone.box("Blue Badge number").fill("abc 123")
    assert phone.passkey_uses == used + 1
    await _save(phone)
    await expect(phone.page.get_by_text("ABC 123")).to_have_count(0)
    # What was proven is forgotten with the page, and after five minutes.
    await phone.page.reload()
    await phone.link(DETAILS).click()
    await phone.button("Show blue badge number").click()
    await phone.look("Blue Badge number", "hidden-held")
    assert "ABC 123" not in await phone.page.content()
    await phone.button("Show it").click()
    await expect(phone.box("Blue Badge number")).to_have_value("ABC 123")
    assert phone.passkey_uses == used + 2


async def test_a_vault_keeps_what_an_address_was_and_two_cars(town: Town, phone: Phone) -> None:
    await _at_details(town, phone)
    for line in ("27 Quillfeather Rise", "5 Harbourmaster Row"):
        if line.startswith("27"):
            await _add(phone, "address", "Home address")
        else:
            await phone.button("Change home address").click()
        await phone.type(Address_line_1=line, Postcode="AN9 7QW")
        await _save(phone)
    await phone.button("Change home address").click()
    await phone.look("Home address", "history")
    await expect(phone.heading("Home address")).to_be_visible()
    await phone.says("27 Quillfeather Rise")
    await phone.link("Back").click()
    for mark in ("AB62 XYZ", "CD51 ABC"):
        await _add(phone, "vehicle", "Vehicle registration number")
        await phone.box("Vehicle registration number").fill(mark)
        await _save(phone)
    await expect(phone.button(re.compile("^Change vehicle registration number$"))).to_have_count(2)
    await phone.page.reload()
    await phone.link(DETAILS).click()
    await expect(phone.page.get_by_text("CD51ABC")).to_be_visible()
    await expect(phone.page.get_by_text("AB62XYZ")).to_be_visible()
