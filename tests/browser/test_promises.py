"""What the wallet promises to people in a hurry, on a bad line, with large letters, or with second thoughts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from tests.browser.phone import LETTERS, Phone, a_phone, watch
from tests.browser.story import APPLY, ASKED, CAR, CREATE, HOME, NAME, PERMIT, UNLOCK, Resident, newcomers_story
from tests.browser.town import Town

APPROVAL = r"/api/requests/[^/]+/approval"
REFUSAL = r"/api/requests/[^/]+/refusal"
REVOCATION = r"/api/grants/[^/]+/revocation"
SHARE = re.compile(f"^Share 4 details with {PERMIT}$")
NOT_SHARED = "You chose not to share. Nothing was sent to us. You can type your details below."


async def test_no_is_as_easy_as_yes_and_reaches_the_service_as_a_no(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    yes, no = phone.button(re.compile(r"^Share \d details")), phone.button("Do not share")
    await expect(yes).to_be_enabled()
    assert await _looks(yes) == await _looks(no)
    await no.click()
    await phone.look(APPLY, "permit-form-declined")
    await phone.says(NOT_SHARED)
    assert town.grants[town.parking] == []
    await sian.fill_in_from_vault()
    await expect(phone.page.get_by_text(re.compile(r"^You said no on \d"))).to_be_visible()


async def test_an_answer_that_comes_too_late_is_no_refusal(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    town.pds.clock.ahead += 1801
    phone.foresee("status of 410")
    await phone.button(f"Go back to {PERMIT} without sharing").click()
    await phone.look(APPLY, "permit-form-too-late")
    await phone.says("The time to answer ran out. Nothing was shared.")
    assert await phone.page.get_by_text("You chose not to share").count() == 0


async def test_nobody_needs_a_vault_to_say_no(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    await phone.button(f"Go back to {PERMIT} without sharing").click()
    await phone.look(APPLY)
    await phone.says(NOT_SHARED)
    assert phone.sent("/api/vaults") == []


async def test_a_double_tap_makes_one_grant(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    await sian.type_details()
    await expect(phone.button(SHARE)).to_be_enabled()
    await phone.button(SHARE).evaluate("button => { button.click(); button.click(); }")
    await sian.go_on_to(PERMIT)
    await phone.look(APPLY)
    assert len(phone.sent(APPROVAL)) == 1
    assert len(town.grants[town.parking]) == 1


async def test_a_page_loaded_again_still_asks_the_same_question(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    await phone.page.reload()
    await sian.create_vault()
    await phone.look(ASKED)
    used = phone.passkey_uses
    await phone.page.reload()
    await phone.look(ASKED)
    assert phone.passkey_uses == used, "the vault is still open"
    await sian.type_details()
    await sian.share(4, PERMIT)
    await phone.look(APPLY)
    await sian.has_form_filled()


async def test_the_back_button_never_repeats_an_act(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await phone.page.go_back()
    await phone.look(HOME, "back-after-share")
    await sian.stop()
    await phone.page.go_back()
    await expect(phone.heading(re.compile("."))).to_be_visible()
    await phone.page.go_forward()
    await phone.page.go_back()
    await sian.open_vault()
    assert len(phone.sent(APPROVAL)) == 1
    assert len(phone.sent(REVOCATION)) == 1


async def test_nothing_is_armed_in_the_first_half_second(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    # The test moves the page's clock, so the half second is exact.
    now = datetime.now(UTC)
    await phone.page.clock.install(time=now)
    await phone.page.clock.pause_at(now + timedelta(seconds=1))
    await phone.page.reload()
    await phone.look(ASKED)
    for passed in (0, 499):
        await phone.page.clock.run_for(passed)
        for name in (re.compile(r"^Share \d details"), "Do not share"):
            await expect(phone.button(name)).to_be_disabled()
            await phone.button(name).click(force=True)
    assert await phone.page.locator("#error-summary").count() == 0, "no tap was taken for a Share"
    assert phone.sent(APPROVAL) + phone.sent(REFUSAL) == []
    await phone.page.clock.run_for(1)
    await phone.button("Do not share").click()
    await phone.look(APPLY)


async def test_the_receipt_stays_long_enough_to_be_read_and_then_leads_on(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    await sian.type_details()
    now = datetime.now(UTC)
    await phone.page.clock.install(time=now)
    await phone.page.clock.pause_at(now + timedelta(seconds=1))
    await phone.button(SHARE).click()
    await phone.look(f"You shared 4 details with {PERMIT}", "shared")
    await phone.page.clock.run_for(3999)
    await phone.look(f"You shared 4 details with {PERMIT}")
    await phone.page.clock.run_for(1)
    await phone.look(APPLY)
    await sian.has_form_filled()


async def test_what_is_missing_is_said_beside_its_box(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    await phone.type(Full_name=NAME, Postcode="nowhere", Vehicle_registration_number="?")
    await phone.button(re.compile("^Share 3 details")).click()
    summary = phone.page.get_by_role("alert").filter(has_text="There is a problem")
    await expect(phone.page.locator("#error-summary")).to_be_focused()
    await phone.look(ASKED, "asked-errors")
    await summary.get_by_role("link").first.click()
    await expect(phone.box("Address line 1")).to_be_focused()
    await expect(phone.box("Full name")).to_have_value(NAME)
    assert phone.sent(APPROVAL) == []


async def test_a_lost_line_loses_nothing_that_was_typed(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    await sian.type_details()
    phone.foresee("ERR_INTERNET_DISCONNECTED")
    await phone.context.set_offline(True)
    await phone.says("You are offline")
    await phone.button(SHARE).click()
    await phone.says("We could not connect")
    await phone.look(ASKED, "asked-offline")
    await expect(phone.box("Full name")).to_have_value(NAME)
    await expect(phone.box("Vehicle registration number")).to_have_value(CAR)
    await phone.context.set_offline(False)
    await sian.share(4, PERMIT)
    await phone.look(APPLY)
    assert len(town.grants[town.parking]) == 1


async def test_a_passkey_that_cannot_open_a_vault_is_noticed_before_anything_is_stored(town: Town) -> None:
    async with a_phone(town.issuer, prf=False) as phone:
        sian = Resident(town, phone)
        await sian.open_permit_form()
        await sian.fill_in_from_vault()
        await phone.look(CREATE)
        await phone.button("Create a vault with a passkey").click()
        await phone.look("This passkey cannot open a vault", "no-prf")
        assert phone.sent("/api/vaults") == []


async def test_a_lock_in_one_tab_locks_every_tab(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.open_vault()
    other = await phone.context.new_page()
    watch(phone, other)
    await other.goto(town.issuer)
    await expect(other.get_by_role("heading", level=1, name=HOME)).to_be_visible()
    await sian.go("Lock vault")
    await expect(other.get_by_role("heading", level=1, name=UNLOCK)).to_be_visible()
    await expect(other.get_by_text("Your vault was locked in another tab.")).to_be_visible()
    await other.reload()
    await expect(other.get_by_role("heading", level=1, name=UNLOCK)).to_be_visible()


@pytest.mark.parametrize(("shared", "minutes"), [(False, 15), (True, 5)], ids=["one's own", "a shared computer"])
async def test_an_unused_vault_warns_and_then_locks(town: Town, phone: Phone, *, shared: bool, minutes: int) -> None:
    sian, clock = Resident(town, phone), phone.page.clock
    await clock.install(time=datetime.now(UTC))
    await phone.page.goto(town.issuer)
    await phone.tick("This is a shared computer").set_checked(shared)
    await sian.create_vault()
    await phone.look(HOME)
    await clock.fast_forward((minutes - 1) * 60_000 + 1000)
    await phone.says("Your vault is about to lock")
    await phone.look(HOME, "about-to-lock")
    await phone.button("Stay unlocked").click()
    await expect(phone.button("Stay unlocked")).to_have_count(0)
    await clock.fast_forward((minutes - 1) * 60_000 - 30_000)
    await expect(phone.button("Stay unlocked")).to_have_count(0)
    await clock.fast_forward(90_000)
    await phone.look(UNLOCK)
    await phone.says("Your vault locked because it was not used for a while.")


async def test_the_story_fits_with_letters_twice_as_large(town: Town) -> None:
    async with a_phone(town.issuer, letters=2 * LETTERS) as phone:
        await newcomers_story(Resident(town, phone))


async def _looks(button: Locator) -> object:
    """What makes one button easier to see or to hit than another."""
    return await button.evaluate(
        """button => {
          const { width } = button.getBoundingClientRect();
          const { color, backgroundColor, fontSize, fontWeight, borderColor } = getComputedStyle(button);
          return { width, color, backgroundColor, fontSize, fontWeight, borderColor };
        }"""
    )
