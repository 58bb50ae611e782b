"""A service may want the resident to sign in afresh, or to be the one it knows (OpenID Connect Core, 3.1.2.1)."""

from playwright.async_api import expect

from tests.browser.phone import Phone, a_phone
from tests.browser.story import ASKED, CARD, HOME, NAME, PERMIT, UNLOCK, Resident
from tests.browser.test_old_browsers import NO_PASSKEYS, make_passphrase_vault
from tests.browser.town import Town

AGAIN = "Unlock your vault again"


async def _asks_again(sian: Resident) -> None:
    """At the question with an open vault; the service wants a new sign-in, so the first Share leads to an unlock."""
    sian.phone.foresee(r"status of 422 .*/approval")
    sian.town.wishes["prompt"] = "login"
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await sian.phone.look(ASKED)
    await sian.type_details()
    await sian.phone.button(f"Share 4 details with {PERMIT}").click()
    await sian.phone.look(AGAIN, "again")
    assert sian.town.grants[sian.town.parking] == []


async def _shares(sian: Resident) -> None:
    await sian.phone.look(ASKED)
    await expect(sian.phone.box("Full name")).to_have_value(NAME)
    await sian.share(4, PERMIT)
    await sian.has_form_filled()


async def test_a_fresh_sign_in_is_on_the_way_and_loses_nothing(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    await phone.look(HOME)
    await _asks_again(sian)
    used = phone.passkey_uses
    await phone.button("Unlock with a passkey").click()
    await _shares(sian)
    assert phone.passkey_uses == used + 1
    assert len(town.grants[town.parking]) == 1


async def test_a_fresh_sign_in_by_passphrase(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone:
        sian = Resident(town, phone)
        await phone.page.goto(town.issuer)
        await phone.button("Create a vault with a passphrase").click()
        _, words = await make_passphrase_vault(sian)
        await sian.save_code()
        await phone.look(HOME)
        await _asks_again(sian)
        await phone.button("Unlock with a passphrase").click()
        await phone.look(AGAIN)
        await phone.type(Passphrase=words)
        await phone.button("Continue").click()
        await _shares(sian)


async def test_somebody_else_is_led_to_the_vault_that_the_service_knows(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    await phone.look(HOME)
    await sian.sign_in_for_card()
    await phone.button("Sign out").click()
    await sian.open_vault()
    await sian.go("Lock vault")
    await phone.look(UNLOCK)
    await phone.button("Create a new vault").click()
    await phone.button("Create a vault with a passphrase").click()
    await make_passphrase_vault(sian)
    await phone.button("Do this later").click()
    await phone.look(HOME)
    phone.foresee(r"status of 422 .*/approval")
    (town.wishes["id_token_hint"],) = town.id_tokens[town.leisure]
    await phone.page.goto(town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("The service expects somebody else", "somebody-else")
    await phone.button("Lock this vault and use another").click()
    await phone.look(UNLOCK, "locked-other")
    await phone.button("Unlock with a passkey").click()
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("Your leisure card")
    first, again = town.grants[town.leisure]
    assert first.sub == again.sub
