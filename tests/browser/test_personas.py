"""A resident is known to services in ways that they choose, and every screen says what that means."""

import re

from playwright.async_api import expect

from pds.demo import registration
from tests.browser.phone import Phone
from tests.browser.story import APPLY, CARD, NAME, PERMIT, Resident
from tests.browser.town import Town
from tests.features.telling import again

CHOICES, SPORT, WHO = "Your choices", "“Sport”", "Who can see my details"
ASKS = f"{CARD} asks for your details"


async def add_sport(sian: Resident, *, look: bool = False) -> None:
    """From the vault, another way to be known with a name of its own."""
    phone = sian.phone
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button("Add another way to be known").click()
    await phone.look("Another way to be known", "persona-name" if look else "")
    if look:
        await phone.button("Continue").click()
        await phone.look("Another way to be known", "persona-name-missing")
        await phone.says("Enter a name of at most 100 characters")
    await phone.type(What_you_call_it="Sport")
    await phone.button("Continue").click()
    await phone.look(SPORT, "persona" if look else "")
    await own(phone, "Add full name", "Full name", Full_name="Jan Sampl")


async def own(phone: Phone, button: str, heading: str, **boxes: str) -> None:
    """A detail of its own, with the boxes of Your details."""
    await phone.button(button).click()
    await phone.look(heading)
    await phone.says("A service that knows you as “Sport” gets this in place of your own, if you share it.")
    await phone.type(**boxes)
    await phone.button("Save").click()
    await phone.look(SPORT)
    await phone.says("Saved.")


async def meet_as(sian: Resident, name: str) -> None:
    """Sign in to the leisure card for the first time, known as this."""
    phone = sian.phone
    await phone.page.goto(sian.town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.look(f"How should {CARD} know you?", "meet")
    await phone.page.get_by_role("radio", name=name).check()
    await phone.button("Continue").click()
    await phone.look(f"Sign in to {CARD}", "sign-in-known-as")
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("Your leisure card")


async def test_two_services_know_her_by_two_ways_that_she_chooses_and_are_not_told_of_each_other(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await add_sport(sian, look=True)
    await phone.page.goto(town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.look(f"How should {CARD} know you?")
    await phone.button("Continue").click()
    await phone.look(f"How should {CARD} know you?", "meet-missing")
    await phone.says(f"Choose how {CARD} should know you")
    await phone.page.get_by_role("radio", name="Sport").check()
    await phone.button("Continue").click()
    await phone.look(f"Sign in to {CARD}")
    await phone.says(f"{CARD} knows you as “Sport”.")
    await expect(phone.page.locator("#together")).to_have_count(0)
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("Your leisure card")
    await phone.button("Fill in from my vault").click()
    await phone.look(ASKS, "asked-known-as")
    await phone.says("Jan Sampl")
    # Her own email address would tell: the permit has it, and knows her as herself.
    await phone.says("What “Sport” does not have")
    await phone.tick("Email address").check()
    await phone.says(f"Email address: {PERMIT} got the same, and may know you as somebody else.")
    await phone.look(ASKS, "asked-matching")
    await phone.tick("Email address").uncheck()
    await phone.button(re.compile("^Share 1 detail")).click()
    await sian.go_on_to(CARD)
    await phone.look("Your leisure card")
    await expect(phone.box("Full name")).to_have_value("Jan Sampl")
    permit, card = town.grants[town.parking][-1], town.grants[town.leisure][-1]
    assert permit.sub != card.sub
    assert permit.deposit_jwk != card.deposit_jwk


async def test_a_way_to_be_known_has_any_detail_of_its_own_and_the_service_gets_that_and_no_other(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await add_sport(sian)
    await own(phone, "Add date of birth", "Date of birth", Day="31", Month="1", Year="1999")
    await own(phone, "Add email address", "Email address", Email_address="jan@sport.example")
    await phone.button("Add home address").click()
    await phone.look("Home address", "persona-address")
    await phone.type(Postcode="AN1 2AB")
    await phone.button("Save").click()
    await phone.look("Home address", "persona-address-wrong")
    await phone.type(Address_line_1="3 Club Lane")
    await phone.button("Save").click()
    await phone.look(SPORT, "persona-full")
    await phone.says("3 Club Lane")
    await phone.button("Change email address").click()
    await phone.look("Email address", "persona-own")
    await phone.button("Remove this from “Sport”").click()
    await phone.look(SPORT)
    await expect(phone.button("Add email address")).to_be_visible()
    await own(phone, "Add email address", "Email address", Email_address="jan@sport.example")
    # What is most private is not shown, here either, until it is plain who asks.
    await phone.page.locator("#add-other summary").click()
    await phone.button("Blue Badge number").click()
    await phone.look("Blue Badge number", "persona-hidden")
    assert await phone.page.get_by_role("textbox").count() == 0
    await phone.button("Add it").click()
    await expect(phone.page.get_by_role("textbox").first).to_be_visible()
    await meet_as(sian, "Sport")
    await phone.button("Fill in from my vault").click()
    await phone.look(ASKS, "asked-own")
    assert await phone.page.locator("#lent").count() == 0
    for tick in await phone.page.get_by_role("checkbox").all():
        await tick.check()
    await phone.button(re.compile(r"^Share \d details")).click()
    await sian.go_on_to(CARD)
    await phone.look("Your leisure card")
    await expect(phone.box("Full name")).to_have_value("Jan Sampl")
    await expect(phone.box("Email address (optional)")).to_have_value("jan@sport.example")
    assert NAME not in await phone.page.content()


async def test_what_is_typed_for_a_way_to_be_known_stays_with_it(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await add_sport(sian)
    await meet_as(sian, "Sport")
    await phone.button("Fill in from my vault").click()
    await phone.look(ASKS)
    await phone.tick("Date of birth").check()
    await phone.type(Day="31", Month="1", Year="1999")
    await phone.look(ASKS, "asked-typed")
    await phone.button(re.compile("^Share 2 details")).click()
    await sian.go_on_to(CARD)
    await phone.look("Your leisure card")
    await sian.open_vault()
    await sian.go("Your details")
    await expect(phone.button("Add date of birth")).to_be_visible()
    await sian.go(CHOICES)
    await phone.button("Change Sport").click()
    await phone.look(SPORT)
    await phone.says("31 January 1999")


async def test_a_service_that_knows_her_is_to_know_somebody_else_and_what_it_saw_ends(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await add_sport(sian)
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button(f"Change for {PERMIT}").click()
    await phone.look(f"Your choice for {PERMIT}", "choice-known-as")
    await phone.says(f"{PERMIT} knows you as yourself.")
    await phone.button(f"Change how it knows you for {PERMIT}").click()
    await phone.look(f"Change how {PERMIT} knows you", "known-as")
    await phone.says(f"{PERMIT} keeps what it has under the way it knows you now.")
    await phone.says("It has never known you so: you are a new person to it.")
    await phone.button("Stop sharing and change it").click()
    await phone.look(f"Change how {PERMIT} knows you", "known-as-missing")
    await phone.link(f"Choose how {PERMIT} should know you").click()
    await phone.page.get_by_role("radio", name="Sport").check()
    await phone.button("Stop sharing and change it").click()
    await phone.look(CHOICES, "known-as-changed")
    assert len(phone.sent(r"/api/grants/[^/]+/revocation")) == 1, "one commit ends and changes"
    await sian.go(WHO)
    await phone.look(WHO, "who-known-as")
    await phone.says("Nobody can see your details now.")
    await sian.check_permit()
    await phone.says("You stopped sharing with us. We can no longer see your details.")
    before = town.grants[town.parking][-1]
    await phone.context.clear_cookies(domain="parking.localhost")
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(f"{PERMIT} asks for your details", "asked-as-somebody-else")
    await phone.says("Jan Sampl")
    await phone.says("The form may not work without:")
    # Her own email address would tell: the permit has it from herself.
    await phone.tick("Email address").check()
    await phone.says(f"Email address: {PERMIT} got the same when it knew you as somebody else.")
    await phone.look(f"{PERMIT} asks for your details", "asked-again")
    await phone.tick("Email address").uncheck()
    await phone.button(re.compile("^Share 1 detail")).click()
    await sian.go_on_to(PERMIT)
    await phone.look(APPLY)
    after = town.grants[town.parking][-1]
    assert (after.sub != before.sub, after.deposit_jwk != before.deposit_jwk) == (True, True)
    # Back to herself: it says that it will recognise her, and by what it could tell that the two are one.
    await sian.open_vault()
    await sian.go(CHOICES)
    await phone.button(f"Change for {PERMIT}").click()
    await phone.button(f"Change how it knows you for {PERMIT}").click()
    await phone.look(f"Change how {PERMIT} knows you", "known-as-back")
    await phone.says("It has known you so before, and will recognise you.")


async def test_services_of_one_sector_are_named_as_those_that_know_her_as_one_person(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    shared = registration.parking(town.parking)["sector"]
    await again(town.pds, {**registration.leisure(town.leisure), "sector": shared})
    await sian.with_a_permit()
    await phone.page.goto(town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.look(f"Sign in to {CARD}", "sign-in-together")
    await expect(phone.page.locator("#together")).to_have_text(
        f"These 2 services will know that you are the same person: this one and {PERMIT}."
    )
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("Your leisure card")
    assert town.grants[town.parking][-1].sub == town.grants[town.leisure][-1].sub, "and so it is"


async def test_a_service_of_its_own_sector_says_nothing_of_others(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await phone.page.goto(town.leisure)
    await phone.button("Sign in with my vault").click()
    await phone.look(f"Sign in to {CARD}")
    await expect(phone.page.get_by_text("the same person")).to_have_count(0)
    await phone.button(f"Sign in to {CARD}").click()
    await phone.look("Your leisure card")
    assert town.grants[town.parking][-1].sub != town.grants[town.leisure][-1].sub
