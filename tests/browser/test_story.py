"""A newcomer's story at a telephone 360 pixels wide: everything by what she reads on the screen."""

from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.browser.story import CARD, Resident, newcomers_story
from tests.browser.town import Town


async def test_a_newcomer_shares_moves_stops_and_comes_back(town: Town, phone: Phone) -> None:
    await newcomers_story(Resident(town, phone))
    permit, card = town.grants[town.parking], town.grants[town.leisure]
    assert len(permit) == 1
    assert len({grant.sub for grant in card}) == 1
    assert permit[0].sub != card[0].sub, "two services know her by two names"


async def test_one_unlock_serves_the_next_service_too(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    used = phone.passkey_uses
    await phone.page.goto(town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.button(f"Sign in to {CARD}").click()
    await expect(phone.heading("Your leisure card")).to_be_visible()
    assert phone.passkey_uses == used
