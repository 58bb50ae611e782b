"""Screens of every size, without a mouse, without motion, in colours of the reader's own, and on paper."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.phone import Phone
from tests.browser.story import APPLY, ASKED, CODE, CREATE, HOME, PERMIT, Resident, newcomers_story
from tests.browser.town import Town

# 1280 pixels at 400 % are 320 CSS pixels (WCAG 2.2, 1.4.10).
SIZES = [(320, 256), (768, 1024), (1280, 800)]


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
async def test_the_story_fits_every_screen(
    town: Town, phone: Phone, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    monkeypatch.delenv("PDS_SCREENSHOTS", raising=False)
    await phone.page.set_viewport_size({"width": width, "height": height})
    await newcomers_story(Resident(town, phone))


async def test_the_story_in_the_readers_own_colours_and_without_motion(town: Town, phone: Phone) -> None:
    await phone.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await sian.create_vault()
    await phone.look(ASKED)
    for name in (re.compile(r"^Share \d details"), "Do not share"):
        border = await phone.button(name).evaluate(
            "button => { const s = getComputedStyle(button); return [s.borderStyle, s.borderWidth]; }"
        )
        assert border[0] == "solid", "a button has an edge where backgrounds are not painted"
        assert float(border[1].removesuffix("px")) > 0
    moving = "() => document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 0).length"
    assert await phone.page.evaluate(moving) == 0


async def _tab_to(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """By the Tab key alone; what has the focus can be seen to have it."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    await expect(wanted.first).to_be_visible()
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await wanted.first.evaluate("one => one === document.activeElement"):
            style = "one => { const s = getComputedStyle(one); return `${s.outlineStyle} ${s.boxShadow}`; }"
            shown = await wanted.first.evaluate(style)
            box = await wanted.first.evaluate("one => one.matches('input[type=checkbox], input[type=radio]')")
            assert box or not shown.startswith("none none"), f"{name}: the focus cannot be seen"
            return
    raise AssertionError(f"{name}: not reached by Tab")


async def test_the_story_by_keyboard_alone(town: Town, phone: Phone) -> None:
    sian, page = Resident(town, phone), phone.page
    keys = page.keyboard
    await sian.open_permit_form()
    await _tab_to(page, "Fill in from my vault")
    await keys.press("Enter")
    await phone.look(CREATE)
    await _tab_to(page, "This is a shared computer", "checkbox")
    await keys.press("Space")
    await keys.press("Space")
    await _tab_to(page, "Create a vault with a passkey")
    await keys.press("Enter")
    await phone.look(CODE)
    groups = await page.get_by_role("main").get_by_role("listitem").all_inner_texts()
    await _tab_to(page, "I have saved it")
    await keys.press("Space")
    await expect(phone.heading("Check your recovery code")).to_be_focused()
    for _ in range(2):
        label = ""
        while not (found := re.search(r"Part (\d) of your code", label)):
            await keys.press("Tab")
            label = await page.evaluate("() => document.activeElement.labels?.[0]?.textContent ?? ''")
        await keys.type(groups[int(found[1]) - 1])
    await keys.press("Enter")
    await expect(phone.heading(ASKED)).to_be_focused()
    for box, value in (
        ("Full name", "Siân"),
        ("Address line 1", "1 Quay"),
        ("Postcode", "AN1 2AB"),
        ("Vehicle registration number", "AB51 ABC"),
    ):
        await _tab_to(page, box, "textbox")
        await keys.type(value)
    await _tab_to(page, f"Share 3 details with {PERMIT}")
    # No person types four answers in the half second in which nothing is armed; this test may.
    await expect(phone.button(f"Share 3 details with {PERMIT}")).to_be_enabled()
    await keys.press("Enter")
    await _tab_to(page, f"Continue to {PERMIT} now")
    await keys.press("Enter")
    await phone.look(APPLY)
    assert len(town.grants[town.parking]) == 1


async def test_the_recovery_kit_is_one_page_and_nothing_else(town: Town, phone: Phone) -> None:
    sian, page = Resident(town, phone), phone.page
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    await phone.button("Create a vault with a passkey").click()
    await phone.look(CODE)
    groups = await page.get_by_role("main").get_by_role("listitem").all_inner_texts()
    await expect(page.locator("#kit")).to_have_count(1)
    await expect(page.locator("#kit")).to_be_hidden()
    await page.emulate_media(media="print")
    printed = await page.locator("#app").inner_text()
    for words in ("Anytown Council", "Recovery kit", *groups, f"{town.issuer}/", "Register key"):
        assert words in printed
    for words in ("I have saved it", "Skip to main content", "Lock vault", PERMIT, "request"):
        assert words not in printed
    paper = await page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    await page.emulate_media(media="screen")
    await phone.button("I have saved it").click()
    await expect(page.locator("#kit")).to_have_count(0)


async def test_the_ways_to_unlock_show_what_the_kit_says(town: Town, phone: Phone) -> None:
    sian, page = Resident(town, phone), phone.page
    await page.goto(town.issuer)
    await sian.create_vault()
    await phone.look(HOME)
    await phone.button("Passkeys, passphrase and recovery code").click()
    await phone.look("Ways to unlock")
    fingerprint = re.compile(r"([0-9A-F]{4} ){7}[0-9A-F]{4}")
    await expect(page.get_by_text(fingerprint)).to_be_visible()
