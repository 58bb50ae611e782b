"""Given once, kept once: what was typed into a form is offered back, and each value is the resident's to keep."""

import re

from playwright.async_api import expect

from pds.core.encoding import b64u
from pds.deposits.models import DepositRow
from tests.browser.library import ADULT, BADGE, LIBRARY, NAME, a_library
from tests.browser.phone import Phone
from tests.browser.story import DETAILS, EMAIL, HOME, PERMIT, Resident
from tests.browser.town import Town
from tests.people import until

OFFERED, RECEIVED = "Offered to you", "Application received"
MOBILE, NEW_EMAIL = "07700 900 123", "sian@work.example"


async def _at_offers(town: Town, phone: Phone) -> Resident:
    """A form that the vault filled in, with one box changed and one typed; then home, and what is offered."""
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await phone.box("Mobile phone number (optional)").fill(MOBILE)
    await phone.box("Email address (optional)").fill(NEW_EMAIL)
    await phone.button("Send application").click()
    await phone.look(RECEIVED)
    await phone.says("What you typed here yourself, we offered to your vault.")
    await sian.open_vault()
    await phone.look(HOME, "home-offers")
    await phone.button("See what is offered").click()
    await phone.look(OFFERED, "offers")
    return sian


async def test_one_of_two_offered_values_is_kept_and_says_where_it_came_from(town: Town, phone: Phone) -> None:
    sian = await _at_offers(town, phone)
    for label in ("Email address", "Mobile phone number"):
        await expect(phone.tick(label)).not_to_be_checked()
    await phone.says(f"In your vault now: {EMAIL}")
    await phone.says(f"If you keep it, {PERMIT} will see the new one.")
    await phone.button("Keep ticked").click()
    await phone.look(OFFERED, "offers-none-ticked")
    await expect(phone.page.locator("#error-summary")).to_be_focused()
    await phone.tick("Mobile phone number").check()
    await phone.button("Keep ticked").click()
    await phone.says("Saved.")
    await phone.look(OFFERED, "offers-kept")
    await phone.says("Nothing is offered to you now.")
    await sian.go(DETAILS)
    await phone.look(DETAILS, "details-kept")
    await phone.says("+447700900123")
    await phone.says(f"You typed this for {PERMIT} on ")
    await phone.says(EMAIL)
    await expect(phone.page.get_by_text(NEW_EMAIL)).to_have_count(0)
    # It stays so over a reload, and the offer does not come back.
    await phone.page.goto(town.issuer)
    await phone.look(HOME)
    await expect(phone.button("See what is offered")).to_have_count(0)


async def test_a_kept_value_reaches_who_sees_it(town: Town, phone: Phone) -> None:
    sian = await _at_offers(town, phone)
    await phone.tick("Email address").check()
    await phone.button("Keep ticked").click()
    await phone.says(f"Saved. {PERMIT} will see the new one.")
    await phone.page.goto(f"{town.parking}/permit")
    await sian.check_permit()
    await phone.says(NEW_EMAIL)


async def test_a_sensitive_value_is_seen_with_the_passkey_before_it_is_kept(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, ADULT) as library:
        asked = await library.ask({ADULT: {"required": True}}, until(town.pds))
        await sian.create_vault()
        await phone.type(Day="31", Month="3", Year="1985")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        await library.service.offer(grant, {BADGE: "ABC123"}, why="held")
        await sian.open_vault()
        used = phone.passkey_uses
        await phone.button("See what is offered").click()
        await phone.look(OFFERED, "offers-hidden")
        await phone.says("They hold this about you.")
        assert "ABC123" not in await phone.page.content()
        await phone.tick("Blue Badge number").check()
        await phone.button("Keep ticked").click()
        await phone.says("ABC123")
        assert phone.passkey_uses == used + 1
        await expect(phone.tick("Blue Badge number")).to_be_checked()
        await phone.button("Keep ticked").click()
        await phone.says("Saved.")
        await sian.go(DETAILS)
        await phone.look(DETAILS)
        await phone.says(f"{LIBRARY} had this on ")
        assert "ABC123" not in await phone.page.content()


async def test_what_takes_the_place_of_an_offer_behind_the_page_is_seen_before_it_is_kept(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, NAME) as library:
        asked = await library.ask({NAME: {"required": True}}, until(town.pds))
        await sian.create_vault()
        await phone.type(Full_name="Siân Sampl")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        await library.service.offer(grant, {NAME: "Siân O. Sampl"}, why="held")
        await sian.open_vault()
        await phone.button("See what is offered").click()
        await phone.look(OFFERED)
        await phone.tick("Full name").check()
        shown = await DepositRow.get()
        await library.service.offer(grant, {NAME: "Somebody Else"}, why="held")
        other = await DepositRow.exclude(id=shown.id).get()
        await other.delete()
        await DepositRow.filter(id=shown.id).update(deposit=other.deposit, digest=other.digest)
        await phone.button("Keep ticked").click()
        await phone.says("This page has changed since you opened it")
        await phone.look(OFFERED, "offers-exchanged")
        await phone.says("Somebody Else")
        await expect(phone.tick("Full name")).not_to_be_checked()
        await phone.tick("Full name").check()
        await phone.button("Keep ticked").click()
        await phone.says("Saved.")


async def test_what_could_not_be_read_can_only_be_thrown_away(town: Town, phone: Phone) -> None:
    await _at_offers(town, phone)
    good = await DepositRow.get()
    members = {name: getattr(good, name) for name in good._meta.db_fields}
    header, *rest = good.deposit.split(".")
    forged = ".".join([header, *rest[:-1], b64u(bytes(16))])
    await DepositRow.create(**{**members, "id": b64u(bytes(15) + b"\1"), "digest": b64u(bytes(32)), "deposit": forged})
    await phone.page.goto(town.issuer)
    await phone.button("See what is offered").click()
    await phone.look(OFFERED, "offers-bad")
    bad = phone.page.locator("section").filter(has_text="Nothing of it can be kept")
    await expect(bad.get_by_role("checkbox")).to_have_count(0)
    await bad.get_by_role("button", name=re.compile("^Throw away")).click()
    await phone.says("Thrown away. Nothing was kept.")
    await expect(phone.page.locator("section")).to_have_count(1)
    await phone.button(f"Throw away from {PERMIT}").click()
    await phone.says("Nothing is offered to you now.")
    assert await DepositRow.all().count() == 0
