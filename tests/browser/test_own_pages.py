"""What is most private is decided by itself: a page of its own, the value hidden, and the passkey before it leaves."""

import re
from pathlib import Path

from playwright.async_api import expect

from pds.core.encoding import Json
from tests.browser.at_counter import QUESTION, fill_in, paired, with_a_vault
from tests.browser.desk import SERVICE, SHARED, a_desk
from tests.browser.library import BADGE, HEALTH, LIBRARY, NAME, SUPPORT, Library, a_library
from tests.browser.phone import Phone, a_phone
from tests.browser.story import NAME as SIAN
from tests.browser.story import Resident
from tests.browser.test_old_browsers import NO_PASSKEYS, make_passphrase_vault
from tests.browser.town import Town

ASKED = f"{LIBRARY} asks for your details"
BADGE_PAGE, HEALTH_PAGE = "Blue Badge number", "Health conditions that affect you"
NUMBER, ASTHMA = "ABC 123", "Asthma, and nobody’s business"
REQUEST: dict[str, Json] = {NAME: {"required": True}, BADGE: {"required": True}, HEALTH: {}}
SHARE_ONE, SHARE_TWO = f"Share 1 detail with {LIBRARY}", f"Share 2 details with {LIBRARY}"


async def _with_a_new_vault(phone: Phone) -> None:
    await phone.button("Create a vault with a passkey").click()
    await phone.look(ASKED, "asked-privately")


async def _at_badge(phone: Phone) -> None:
    """From the question of a newcomer to the first page of its own."""
    await _with_a_new_vault(phone)
    await phone.type(Full_name=SIAN)
    await phone.button("Continue").click()
    await expect(phone.heading(BADGE_PAGE)).to_be_visible()


async def _share_by_keyboard(phone: Phone, text: str) -> None:
    """From the heading of its own page on: Enter in the box answers neither way, for the answers are equals."""
    keys = phone.page.keyboard
    await expect(phone.heading(BADGE_PAGE)).to_be_focused()
    await keys.press("Tab")
    await keys.type(text)
    await expect(phone.button("Share this")).to_be_enabled()
    await keys.press("Enter")
    await expect(phone.box(BADGE_PAGE)).to_have_value(text)
    await expect(phone.box(BADGE_PAGE)).to_be_focused()
    for _ in range(2):
        await keys.press("Tab")
    await expect(phone.button("Share this")).to_be_focused()
    await keys.press("Enter")


async def _keep_a_badge(sian: Resident, library: Library) -> None:
    """A vault that holds a name and the number of a badge, shared with the library once."""
    asked = await library.ask(REQUEST)
    await _at_badge(sian.phone)
    await sian.phone.box(BADGE_PAGE).fill(NUMBER)
    await sian.phone.button("Share this").click()
    await expect(sian.phone.heading(HEALTH_PAGE)).to_be_visible()
    await sian.phone.button("Do not share this").click()
    await sian.share(2, LIBRARY)
    await library.finish(asked)


async def test_a_private_detail_has_a_page_of_its_own_and_what_is_declined_there_keeps_nothing_else(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, NAME, BADGE) as library:
        asked = await library.ask(REQUEST)
        await _with_a_new_vault(phone)
        await phone.says("There are 2 to decide about, each on a page of its own.")
        await expect(phone.button(re.compile("^Share "))).to_have_count(0)
        # What is missing on the page itself is said there first.
        await phone.button("Continue").click()
        await phone.look(ASKED, "asked-privately-error")
        await phone.type(Full_name=SIAN)
        await phone.button("Continue").click()
        await expect(phone.heading(BADGE_PAGE)).to_be_focused()
        await phone.look_at_every_size(BADGE_PAGE, "own-page-missing")
        await phone.says("They say that they need this one: without it, the form may not work.")
        await phone.button("Share this").click()
        await expect(phone.page.locator("#error-summary")).to_be_focused()
        await phone.look(BADGE_PAGE, "own-page-error")
        await phone.box(BADGE_PAGE).fill(NUMBER)
        await phone.button("Share this").click()
        await expect(phone.heading(HEALTH_PAGE)).to_be_focused()
        await phone.look(HEALTH_PAGE, "own-page-optional")
        await expect(phone.box(HEALTH_PAGE)).to_have_value("")
        await phone.box(HEALTH_PAGE).fill(ASTHMA)
        await phone.button("Do not share this").click()
        await expect(phone.heading(ASKED)).to_be_focused()
        await phone.look_at_every_size(ASKED, "asked-privately-answered")
        await phone.says("Hidden. You decided to share this.")
        await phone.says("You decided not to share this.")
        assert not re.search(f"{NUMBER}|{ASTHMA}", await phone.page.content())
        used = phone.passkey_uses
        assert phone.sent("/api/requests/[^/]+/approval") == []
        await sian.share(2, LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert phone.passkey_uses == used + 1, "nothing private leaves before she shows again that it is her"
        assert claims[NAME]["value"] == SIAN
        assert claims[BADGE]["value"] == NUMBER
        assert claims[HEALTH] == {"absent": "withheld"}


async def test_a_private_value_is_not_on_the_page_before_she_asks_to_see_it(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, NAME, BADGE) as library:
        await _keep_a_badge(sian, library)
        asked = await library.ask(REQUEST)
        await phone.look(ASKED, "asked-privately-held")
        used = phone.passkey_uses
        await phone.button("Continue").click()
        await phone.look(BADGE_PAGE, "own-page-held")
        assert NUMBER not in await phone.page.content()
        await phone.button("Show blue badge number").click()
        await phone.says(NUMBER)
        assert phone.passkey_uses == used + 1
        await phone.look(BADGE_PAGE, "own-page-shown")
        await phone.button("Change blue badge number").click()
        await expect(phone.box(BADGE_PAGE)).to_have_value(NUMBER)
        await phone.button("Keep the one in my vault").click()
        await phone.button("Do not share this").click()
        await expect(phone.heading(HEALTH_PAGE)).to_be_visible()
        await phone.link("Back").click()
        await phone.look(BADGE_PAGE, "own-page-declined")
        await phone.says("You decided not to share this.")
        assert NUMBER not in await phone.page.content(), "hidden again, and no earlier answer is chosen by itself"
        await phone.page.go_forward()
        await expect(phone.heading(HEALTH_PAGE)).to_be_visible()
        await phone.button("Do not share this").click()
        await expect(phone.heading(ASKED)).to_be_visible()
        assert NUMBER not in await phone.page.content()
        await phone.button(SHARE_ONE).click()
        await sian.go_on_to(LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert claims == {
            NAME: claims[NAME],
            BADGE: {"absent": "withheld"},
            HEALTH: {"absent": "withheld"},
        }
        assert claims[NAME]["value"] == SIAN
        assert phone.passkey_uses == used + 1, "who shares nothing private is not asked again"


async def test_what_an_answer_comes_from_is_kept_after_her_passkey_and_not_shown_for_the_answer(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, SUPPORT) as library:
        asked = await library.ask({SUPPORT: {"required": True}})
        await phone.button("Create a vault with a passkey").click()
        await phone.look(ASKED, "asked-base")
        await phone.page.get_by_role("combobox", name="Kind").select_option("Universal Credit")
        used = phone.passkey_uses
        await sian.share(1, LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert claims[SUPPORT]["value"] is False
        assert phone.passkey_uses == used + 1, "which benefits one gets is private, also where a yes or no leaves"
        asked = await library.ask({SUPPORT: {"required": True}})
        await phone.look_at_every_size(ASKED, "asked-fixed")
        await phone.says("You can change that detail first, and come back:")
        await expect(phone.button(re.compile("^Change "))).to_have_count(0)
        assert "Universal Credit" not in await phone.page.content()
        await phone.button("Your details").click()
        await expect(phone.heading("Your details")).to_be_visible()
        await phone.page.go_back()
        await phone.look(ASKED)
        await sian.share(1, LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert claims[SUPPORT]["value"] is False
        assert phone.passkey_uses == used + 1, "the answer alone is not private"


async def test_back_forward_and_a_reload_keep_each_answer_and_repeat_none(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, NAME, BADGE) as library:
        asked = await library.ask(REQUEST)
        await _at_badge(phone)
        await _share_by_keyboard(phone, NUMBER)
        await expect(phone.heading(HEALTH_PAGE)).to_be_focused()
        await phone.box(HEALTH_PAGE).fill(ASTHMA)
        await phone.page.go_back()
        await expect(phone.heading(BADGE_PAGE)).to_be_focused()
        await phone.says("You decided to share this.")
        await expect(phone.box(BADGE_PAGE)).to_have_value(NUMBER)
        await phone.page.go_back()
        await expect(phone.heading(ASKED)).to_be_focused()
        await expect(phone.box("Full name")).to_have_value(SIAN)
        await phone.page.go_forward()
        await phone.page.go_forward()
        await expect(phone.heading(HEALTH_PAGE)).to_be_visible()
        await expect(phone.box(HEALTH_PAGE)).to_have_value(ASTHMA)
        await phone.neutral()
        await phone.page.reload()
        await phone.look(ASKED)
        await expect(phone.box("Full name")).to_have_value(SIAN)
        await phone.says("Hidden. You decided to share this.")
        await phone.button("Continue").click()
        await expect(phone.heading(HEALTH_PAGE)).to_be_visible()
        await phone.button("Share this").click()
        await phone.button("Change blue badge number").click()
        await expect(phone.heading(BADGE_PAGE)).to_be_focused()
        await phone.button("Do not share this").click()
        await phone.look(ASKED)
        await phone.button(SHARE_TWO).click()
        await sian.go_on_to(LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert claims[HEALTH]["value"] == ASTHMA
        assert claims[BADGE] == {"absent": "withheld"}
        assert len(phone.sent("/api/requests/[^/]+/approval")) == 1


async def test_a_passphrase_is_asked_for_before_something_private_is_seen_and_nothing_is_lost(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone, a_library(town, phone, NAME, BADGE) as library:
        sian = Resident(town, phone)
        asked = await library.ask(REQUEST)
        await phone.button("Create a vault with a passphrase").click()
        _, words = await make_passphrase_vault(sian)
        await phone.look(ASKED)
        await phone.type(Full_name=SIAN)
        await phone.button("Continue").click()
        await phone.box(BADGE_PAGE).fill(NUMBER)
        await phone.button("Share this").click()
        await expect(phone.heading(HEALTH_PAGE)).to_be_visible()
        await phone.button("Do not share this").click()
        await phone.button(SHARE_TWO).click()
        await phone.box("Passphrase").fill(words)
        assert phone.sent("/api/requests/[^/]+/approval") == []
        await phone.button("Continue").click()
        await phone.look(ASKED)
        await phone.says("Hidden. You decided to share this.")
        await sian.share(2, LIBRARY)
        assert (await library.claims(await library.finish(asked)))[BADGE]["value"] == NUMBER
        await library.ask({BADGE: {}})
        await phone.look(ASKED)
        await phone.button("Continue").click()
        await phone.button("Show blue badge number").click()
        await phone.box("Passphrase").fill(words)
        await phone.button("Continue").click()
        await phone.look(BADGE_PAGE)
        await phone.says(NUMBER)


async def test_at_a_counter_it_has_the_same_page(town: Town, phone: Phone, tmp_path: Path) -> None:
    why = {"en": "To keep a place for your car", "cy": "I gadw lle i’ch car"}
    async with a_desk(town, tmp_path, asks={BADGE: {"required": False, "why": why}}) as desk:
        await desk.enrol()
        await with_a_vault(town, phone)
        await paired(desk, phone)
        await fill_in(phone)
        await phone.button("Continue").click()
        await phone.look_at_every_size(BADGE_PAGE, "own-page-counter")
        await phone.says("To keep a place for your car")
        await phone.says("They do not need this one.")
        await phone.box(BADGE_PAGE).fill(NUMBER)
        await phone.button("Share this").click()
        await phone.look(QUESTION)
        used = phone.passkey_uses
        await phone.button(f"Share 3 details with {SERVICE}").click()
        await phone.look(f"You shared 3 details with {SERVICE}")
        assert phone.passkey_uses == used + 1
        await desk.says(SHARED)
        await desk.screen.says(NUMBER)
