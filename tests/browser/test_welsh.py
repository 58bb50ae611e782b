"""A resident is asked in Welsh, keeps it and changes it on the spot; who reads English fetches none of it."""

import pytest
from playwright.async_api import expect

from tests.browser.phone import Phone, a_phone
from tests.browser.story import ASKED as ASKED_IN_ENGLISH
from tests.browser.story import CAR, CREATE, LINE1, NAME, PERMIT, PLACE, POSTCODE, Resident
from tests.browser.town import Town
from tests.browser.welsh import ASKED, DETAILS, HOME, UNLOCK, Reader
from tests.browser.welsh import CREATE as CREU
from tests.browser.welsh import PERMIT as TRWYDDED
from tests.browser.words import CYMRAEG, ENGLISH, SAESNEG

# Each heading that stood on the page, and each title, from the first on.
WATCH = """addEventListener("DOMContentLoaded", () => {
  window.seen = [];
  const look = () => { window.seen.push(document.querySelector("h1")?.textContent ?? "", document.title); };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
});"""
KEPT = "() => [localStorage.getItem('language'), sessionStorage.getItem('language')]"
WELSH = r"/assets/welsh-[\w-]+\.js"


async def type_details(phone: Phone) -> None:
    labels = ("Enw llawn", "Llinell gyfeiriad 1", "Tref neu ddinas", "Cod post", "Rhif cofrestru’r cerbyd")
    for label, value in zip(labels, (NAME, LINE1, PLACE, POSTCODE, CAR), strict=True):
        await phone.box(label).fill(value)


async def test_a_request_in_welsh_is_asked_in_welsh_and_the_switch_loses_nothing(town: Town, phone: Phone) -> None:
    town.wishes["ui_locales"] = "kw cy-GB en"
    sian, reader = Resident(town, phone), Reader(phone)
    await sian.open_permit_form()
    assert phone.sent(WELSH) == []
    await sian.fill_in_from_vault()
    await reader.create_vault()
    await reader.look(ASKED, "asked")
    await type_details(phone)
    await reader.speak(SAESNEG)
    await phone.look(ASKED_IN_ENGLISH)
    for label, value in (("Full name", NAME), ("Address line 1", LINE1), ("Vehicle registration number", CAR)):
        await expect(phone.box(label)).to_have_value(value)
    await reader.speak(CYMRAEG)
    await reader.look(ASKED)
    await expect(phone.box("Enw llawn")).to_have_value(NAME)
    await reader.speak(SAESNEG)
    await sian.share(3, PERMIT)
    assert await phone.page.evaluate("document.documentElement.lang") == "en"
    # What she chose comes before what a service wishes, in this tab and in the next.
    await sian.sign_in_for_card()
    second = await phone.context.new_page()
    await second.goto(town.issuer)
    await expect(second.get_by_role("heading", level=1, name="Your vault")).to_be_visible()
    assert await second.evaluate(KEPT) == ["en", None]


async def test_a_browser_that_prefers_welsh_gets_it_on_every_screen_and_no_english_before(town: Town) -> None:
    async with a_phone(town.issuer, language="cy-GB", scripts=[WATCH]) as phone:
        reader = Reader(phone)
        await phone.page.goto(town.issuer)
        await reader.look(CREU, "start")
        seen = await phone.page.evaluate("window.seen")
        assert CREATE not in seen
        assert Phone.title not in seen
        await phone.button("Creu storfa â chyfrinymadrodd").click()
        await reader.look("Creu eich storfa â chyfrinymadrodd", "passphrase")
        await phone.page.go_back()
        await phone.page.goto(town.parking)
        await phone.button("Fill in from my vault").click()
        await reader.create_vault()
        await reader.look(ASKED)
        await phone.button(f"Rhannu 3 manylyn gyda {TRWYDDED}").click()
        await expect(phone.page.get_by_text("Mae problem wedi codi")).to_be_visible()
        await reader.look(ASKED, "asked-errors")
        await type_details(phone)
        await phone.button(f"Rhannu 3 manylyn gyda {TRWYDDED}").click()
        await phone.button(f"Parhau i wasanaeth {TRWYDDED} nawr").click(timeout=5000)
        await phone.page.goto(town.issuer)
        await reader.look(HOME, "home")
        await phone.link(DETAILS).click()
        await reader.look(DETAILS, "details")
        await phone.button("Newid cyfeiriad cartref").click()
        await reader.look("Cyfeiriad cartref", "edit")
        await phone.link("Pwy all weld fy manylion").click()
        await reader.look("Pwy all weld fy manylion", "who")
        await phone.button(f"Stopio rhannu gyda {TRWYDDED}").click()
        await reader.look(f"Stopio rhannu gyda {TRWYDDED}?", "stop")
        await phone.link("Hafan").click()
        await phone.button("Beth sydd wedi digwydd i’ch manylion").click()
        await reader.look("Beth sydd wedi digwydd i’ch manylion", "activity")
        await phone.link("Eich dewisiadau").click()
        await reader.look("Eich dewisiadau", "choices")
        await phone.link("Hafan").click()
        await phone.button("Defnyddio cod y mae desg yn ei ddangos i chi").click()
        await reader.look("Wrth gownter", "counter")
        await phone.link("Hafan").click()
        await phone.button("Allweddi mynediad, cyfrinymadrodd a chod adfer").click()
        await reader.look("Ffyrdd o ddatgloi", "ways")
        await phone.page.goto(f"{town.issuer}/oauth/logout?client_id={town.leisure}")
        await reader.look("Ydych chi am allgofnodi?", "leaving")
        await phone.button("Allgofnodi").click()
        await reader.look("Rydych wedi allgofnodi", "left")
        await phone.page.goto(town.issuer)
        await reader.look(UNLOCK, "locked")


async def test_a_list_keeps_what_is_chosen_in_it_when_its_order_changes(town: Town, phone: Phone) -> None:
    sian, reader = Resident(town, phone), Reader(phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    await sian.go("Your details")
    await phone.page.locator("#add-person summary").click()
    await phone.button("Nationality").click()
    await phone.look("Nationality")
    chosen = phone.page.locator("select").first
    await chosen.select_option(label="Germany")
    await reader.speak(CYMRAEG)
    await reader.look("Cenedligrwydd", "nationality")
    assert await chosen.evaluate("list => list.selectedOptions[0].label") == "Yr Almaen"
    await phone.button("Cadw").click()
    await reader.look(DETAILS)
    await phone.says("Yr Almaen")


async def test_an_english_reader_fetches_no_welsh_and_one_who_changes_is_remembered(town: Town, phone: Phone) -> None:
    sian, reader = Resident(town, phone), Reader(phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    # Not in the middle of her last act, whose page would take the focus with it.
    await phone.look("Your vault")
    assert phone.sent(WELSH) == []
    await reader.speak(CYMRAEG)
    await reader.look(HOME)
    assert len(phone.sent(WELSH)) == 1
    await phone.page.close()
    again = await phone.context.new_page()
    await again.goto(town.issuer)
    await expect(again.get_by_role("heading", level=1, name=HOME)).to_be_visible()
    await again.get_by_role("link", name="Cloi’r storfa").press("Enter")
    await expect(again.get_by_role("heading", level=1, name=UNLOCK)).to_be_visible()
    assert await again.evaluate(KEPT) == ["cy", None]


async def test_a_shared_computer_forgets_in_which_language_somebody_read(town: Town, phone: Phone) -> None:
    reader = Reader(phone)
    await phone.page.goto(town.issuer)
    await phone.look(CREATE)
    await reader.speak(CYMRAEG)
    await phone.tick("Mae pobl eraill yn defnyddio’r cyfrifiadur hwn").check()
    await reader.create_vault()
    assert await phone.page.evaluate(KEPT) == [None, "cy"]
    await phone.link("Cloi’r storfa").click()
    await reader.look(UNLOCK)
    assert await phone.page.evaluate(KEPT) == [None, None]
    phone.title = Phone.title
    await phone.page.reload()
    await phone.look("Create your vault")


async def test_where_welsh_does_not_come_the_wallet_speaks_english_and_the_switch_tries_again(town: Town) -> None:
    async with a_phone(town.issuer, language="cy") as phone:
        phone.foresee("ERR_FAILED|Failed to fetch dynamically imported module")
        await phone.context.route("**/assets/welsh-*", lambda route: route.abort())
        await phone.page.goto(town.issuer)
        await phone.look(CREATE)
        await phone.link(CYMRAEG).click()
        await phone.says("We could not connect")
        await phone.context.unroute("**/assets/welsh-*")
        await Reader(phone).speak(CYMRAEG)
        await Reader(phone).look(CREU)


def test_the_english_that_is_looked_for_is_all_of_it() -> None:
    assert len(ENGLISH) > 400
    assert {"Who can see my details", "Create a vault with a passkey"} <= ENGLISH


@pytest.mark.parametrize("language", ["cy", "en"])
async def test_a_page_without_the_wallet_speaks_the_language_of_the_browser(town: Town, language: str) -> None:
    async with a_phone(town.issuer, language=language) as phone:
        phone.foresee("status of 400")
        await phone.page.goto(f"{town.issuer}/oauth/authorize?client_id=x&request_uri=y")
        words = {"cy": "Mae’r ddolen hon wedi’i defnyddio neu’n rhy hen", "en": "This link has been used or is too old"}
        await expect(phone.heading(words[language])).to_be_visible()
