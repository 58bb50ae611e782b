"""What a resident decides beforehand holds on every screen, in what services read, and in what the server keeps."""

import logging
import re
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Error, Response, expect

from tests.browser.canary import Evidence, read_database
from tests.browser.phone import Phone
from tests.browser.story import APPLY, ASKED, CAR, CARD, DETAILS, HOME, LINE1, NAME, PERMIT, POSTCODE, Resident
from tests.browser.town import Town

CHOICES, PROTECT, QUIET, ELSEWHERE, WHO = (
    "Your choices",
    "Protect your address",
    "Quiet mode",
    "https://www.bbc.co.uk/weather",
    "Who can see my details",
)
STREET, NEW_POSTCODE = "8 Larkspur Mews", "AN2 5TH"


async def protect(sian: Resident, answer: str | None) -> None:
    """From home, address protection on, with this answer for whoever sees the address."""
    phone = sian.phone
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.look(CHOICES, "choices")
    await phone.button("Change for Address protection").click()
    await phone.look(PROTECT, "protect")
    if answer is not None:
        await phone.button("Protect my address").click()
        await phone.look(PROTECT, "protect-missing")
        await phone.says(f"Choose what happens with {PERMIT}")
        await phone.page.get_by_role("radio", name=answer).check()
    await phone.button("Protect my address").click()
    await phone.look(CHOICES, "protected")
    await phone.says("Your address is protected.")


async def ask_again(sian: Resident) -> None:
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await sian.phone.look(ASKED, "asked-protected")


def keep_answers(phone: Phone) -> Evidence:
    """From now on, what this phone is answered, by anybody."""
    evidence = Evidence()

    async def keep(response: Response) -> None:
        with suppress(Error):  # A redirect has no body.
            evidence.add(f"answer {len(evidence.places)} of {response.url}", await response.body())

    phone.context.on("response", keep)
    return evidence


async def test_a_protected_address_is_on_no_screen_and_reaches_nobody(
    town: Town, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await protect(sian, "Keep sharing, without these details")
    evidence = keep_answers(phone)
    await sian.check_permit()
    await phone.says(CAR.replace(" ", ""))
    seen = [await phone.page.content()]
    await sian.open_vault()
    seen.append(await phone.page.content())
    for place in ("Who can see my details", CHOICES, DETAILS):
        await sian.go(place)
        await phone.look(place, "protected-details" if place == DETAILS else "")
        seen.append(await phone.page.content())
    # She moves: nobody is told, and the page says so before she saves.
    await phone.button("Show home address").click()
    await phone.look("Home address")
    assert await phone.page.locator("#receivers").count() == 0
    await phone.type(Address_line_1=STREET, Postcode=NEW_POSTCODE)
    await phone.button("Save").click()
    await phone.look(DETAILS)
    # What the service remembers of her browser by itself is its own; this is about what the vault gives.
    await phone.context.clear_cookies(domain="parking.localhost")
    await ask_again(sian)
    await phone.says("Your address is protected")
    seen.append(await phone.page.content())
    await phone.button(re.compile("^Share 2 details")).click()
    await sian.go_on_to(PERMIT)
    await phone.look(APPLY)
    await expect(phone.box("Full name")).to_have_value(NAME)
    await expect(phone.box("Address line 1")).to_have_value("")
    seen.append(await phone.page.content())
    assert {urlsplit(place.rpartition(" ")[2]).netloc for place in evidence.places} == {
        urlsplit(address).netloc for address in (town.issuer, town.parking)
    }
    evidence.add("log", caplog.text)
    for number, page in enumerate((*seen, *phone.titles, *phone.addresses)):
        evidence.add(f"page {number}", page)
    await read_database(town.pds.settings.database, evidence)
    assert evidence.finds({text: text for text in (LINE1, POSTCODE, STREET, NEW_POSTCODE)}) == []
    assert evidence.finds({"the name that she still shares": NAME}), "and the search finds what is there"
    # What the wallet sent in the clear, too: everything but what it sealed.
    sent = " ".join(request.post_data or "" for request in phone.requests if request.url.startswith(town.issuer))
    assert "address_protection" not in sent
    assert STREET not in sent


async def test_protection_can_cut_whoever_sees_the_address(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await protect(sian, "Stop sharing everything with them")
    await sian.check_permit()
    await phone.says("You stopped sharing with us. We can no longer see your details.")
    await expect(phone.page.get_by_text(LINE1)).to_have_count(0)


async def test_a_blocked_service_is_refused_before_any_question_until_she_changes_it(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button(f"Change for {PERMIT}").click()
    await phone.look(f"Your choice for {PERMIT}", "choice-service")
    await phone.page.get_by_role("radio", name="Block: share nothing").check()
    await phone.button("Save").click()
    await phone.look(CHOICES, "choice-saved")
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(f"You have blocked {PERMIT}", "asked-blocked")
    assert await phone.button(re.compile("^Share")).count() == 0
    await expect(phone.button("Change my choices")).to_be_enabled()
    await phone.button("Change my choices").click()
    await phone.look(CHOICES)
    await phone.button(f"Change for {PERMIT}").click()
    await phone.page.get_by_role("radio", name="Trust: one tap for what I agreed to before").check()
    await phone.button("Save").click()
    await phone.look(CHOICES)
    await sian.go("Home")
    await phone.button("See what it asks").click()
    await phone.look(ASKED, "asked-trusted")


async def test_a_detail_goes_to_the_named_services_and_to_no_other(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.sign_in_for_card()
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button("Change for Full name").click()
    await phone.page.get_by_role("radio", name="Share it only with services that I name").check()
    await phone.look("Sharing your detail: Full name", "choice-only")
    await phone.button("Save").click()
    await phone.look("Sharing your detail: Full name", "choice-only-missing")
    await phone.link("Choose at least one service").click()
    await phone.tick(PERMIT).check()
    await phone.button("Save").click()
    await phone.look(CHOICES, "choice-only-saved")
    await phone.says("Only services you named")
    await phone.button("Change for Full name").click()
    await expect(phone.tick(PERMIT)).to_be_checked()
    await expect(phone.tick(CARD)).not_to_be_checked()
    await phone.page.goto(town.leisure)
    await phone.button("Fill in from my vault").click()
    await phone.look(f"{CARD} asks for your details", "asked-only")
    await phone.says("You share this with other services only")
    await phone.context.clear_cookies(domain="parking.localhost")
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(ASKED)
    await expect(phone.page.get_by_text("You share this with other services only")).to_have_count(0)
    await phone.button(re.compile(r"^Share \d details")).click()
    await sian.go_on_to(PERMIT)
    await phone.look(APPLY)
    await expect(phone.box("Full name")).to_have_value(NAME)


async def test_quiet_mode_shows_nothing_by_itself_and_the_way_out_leaves_nothing_open(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button(f"Change for {QUIET}").click()
    await phone.page.get_by_role("radio", name="On", exact=True).check()
    await phone.button("Save").click()
    await expect(phone.heading(CHOICES)).to_be_visible()
    await sian.go("Home")
    await expect(phone.heading(HOME)).to_be_visible()
    assert await phone.page.title() == "Home"
    assert await phone.violations() == []
    assert await phone.sideways() <= 0
    await phone._photograph("quiet-home")
    await expect(phone.page.get_by_text(PERMIT).first).to_be_hidden()
    await phone.page.route(
        ELSEWHERE, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html")
    )
    await phone.link("Exit this page").click()
    await phone.page.wait_for_url(ELSEWHERE)
    await phone.page.goto(town.issuer)
    await phone.look("Unlock your vault")


async def test_one_button_pauses_everybody_and_one_lets_them_look_again(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await sian.open_vault()
    await sian.go(WHO)
    await phone.look(WHO, "who")
    await phone.button("Pause all sharing").click()
    await phone.look(WHO, "who-paused")
    await phone.says("You have paused all sharing. Nobody can look at your details.")
    await sian.check_permit()
    await phone.says("You have paused sharing, so we cannot see your details now.")
    await phone._photograph("permit-paused")
    await sian.open_vault()
    await phone.look(HOME, "home-paused")
    await phone.says("You have paused all sharing.")
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(f"You have paused sharing with {PERMIT} and everyone else", "asked-paused")
    assert await phone.button(re.compile("^Share")).count() == 0
    await phone.button("Go to resume sharing").click()
    await phone.look(WHO, "who-paused-again")
    await phone.button("Resume sharing").click()
    await phone.look(WHO, "who-resumed")
    await expect(phone.button("Pause all sharing")).to_be_visible()
    await expect(phone.page.get_by_text("does not add up")).to_have_count(0)
    await sian.check_permit()
    await phone.says("Your details are up to date.")


async def test_a_service_that_is_to_recognise_nobody_gets_another_subject_each_time(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    for _ in range(2):
        await phone.context.clear_cookies(domain="leisure.localhost")
        await phone.page.goto(town.leisure)
        await phone.button("Sign in with my vault").click()
        await phone.look(f"Sign in to {CARD}", "sign-in-recognised")
        if await phone.button("Do not let it recognise me").count() > 0:
            await phone.button("Do not let it recognise me").click()
            await phone.says(f"{CARD} will not recognise you when you come back.")
            await phone.look(f"Sign in to {CARD}", "sign-in-once")
        await phone.button(f"Sign in to {CARD}").click()
        await phone.look("Your leisure card")
    first, second = town.grants[town.leisure]
    assert first.sub != second.sub
    await sian.open_vault()
    await phone.look(HOME, "home-without-once")
    assert PERMIT in await phone.page.inner_text("main")
    assert CARD not in await phone.page.inner_text("main")
    await sian.go(WHO)
    await phone.look(WHO)
    assert CARD in await phone.page.inner_text("main")
