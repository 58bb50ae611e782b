"""A detail of a way to be known changes: who knows her so is told, as she chooses, and nobody else."""

import re

from playwright.async_api import expect

from tests.browser.library import AREA, LIBRARY, NAME, a_library
from tests.browser.phone import Phone
from tests.browser.story import CARD, Resident
from tests.browser.story import NAME as HERS
from tests.browser.test_personas import CHOICES, SPORT, WHO, add_sport, meet_as
from tests.browser.town import Town
from tests.people import until

ADDRESS, FULL_NAME = "Home address", "Full name"


async def at_sport(sian: Resident, button: str, heading: str, name: str = "") -> None:
    """The page of one of its details, from the vault."""
    await sian.open_vault()
    await sian.go(CHOICES)
    await sian.phone.button("Change Sport").click()
    await sian.phone.look(SPORT)
    await sian.phone.button(button).click()
    await sian.phone.look(heading, name)


async def test_a_change_to_a_way_to_be_known_is_told_to_whom_she_chooses_and_can_be_sent_later(
    town: Town, phone: Phone
) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await add_sport(sian)
    await phone.button("Add home address").click()
    await phone.look(ADDRESS)
    await phone.type(Address_line_1="3 Club Lane", Postcode="AN1 2QW")
    await phone.button("Save").click()
    await phone.look(SPORT)
    async with a_library(town, phone, NAME, AREA) as library:
        asked = await library.ask({NAME: {"required": True}, AREA: {"required": True, "zone": "town"}}, until(town.pds))
        await phone.look(f"How should {LIBRARY} know you?")
        await phone.page.get_by_role("radio", name="Sport").check()
        await phone.button("Continue").click()
        await phone.look(f"{LIBRARY} asks for your details")
        await sian.share(2, LIBRARY)
        grant = await library.finish(asked)
        assert {id: claim["value"] for id, claim in (await library.claims(grant)).items()} == {
            NAME: "Jan Sampl",
            AREA: True,
        }

        await at_sport(sian, "Change full name", FULL_NAME, "persona-receivers")
        receivers = phone.page.locator("#receivers")
        await expect(receivers).to_contain_text(f"When you save, {LIBRARY} will see the new one.")
        await expect(phone.button("Remove this from “Sport”")).to_have_count(0)
        await phone.type(Full_name="Jan Sampl-Example")
        await phone.button("Save").click()
        await phone.look(SPORT, "persona-told")
        await phone.says(f"Saved. {LIBRARY} will see the new one.")
        assert (await library.claims(grant))[NAME]["value"] == "Jan Sampl-Example"

        # She moves as Sport, and leaves the one out that sees only where that is.
        await phone.button("Change home address").click()
        await phone.look(ADDRESS)
        await phone.says("Sees only: Lives in the permit zone or catchment")
        await phone.tick(LIBRARY).check()
        await phone.type(Postcode="ZZ9 7QW")
        await phone.button("Save").click()
        await phone.look(SPORT)
        await expect(phone.page.get_by_text("Saved.", exact=True)).to_be_visible()
        assert (await library.claims(grant))[AREA]["value"] is True
        await sian.go(WHO)
        await phone.look(WHO, "persona-left-out")
        await expect(
            phone.page.locator("section").filter(has_text=LIBRARY).get_by_text("They keep the old one of")
        ).to_be_visible()

        await at_sport(sian, "Change home address", ADDRESS, "persona-late")
        await phone.button(f"Send the new one to {LIBRARY}").click()
        await phone.look(f"Send {LIBRARY} your new details?", "persona-send-late")
        await phone.button("Send the new one").click()
        await phone.look(WHO)
        assert (await library.claims(grant))[AREA]["value"] is False

        # Who knows her as herself has heard of none of it.
        await sian.check_permit()
        await phone.says(HERS)


async def test_what_is_typed_for_a_way_to_be_known_reaches_who_knows_it_first(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await add_sport(sian)
    async with a_library(town, phone, NAME) as library:
        asked = await library.ask({NAME: {"required": True}}, until(town.pds))
        await phone.look(f"How should {LIBRARY} know you?")
        await phone.page.get_by_role("radio", name="Sport").check()
        await phone.button("Continue").click()
        await phone.look(f"{LIBRARY} asks for your details")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        await meet_as(sian, "Sport")
        await phone.button("Fill in from my vault").click()
        await phone.look(f"{CARD} asks for your details")
        await phone.button("Change full name").click()
        await phone.says(f"{LIBRARY} will get the new one too, unless you use it once.")
        await phone.type(Full_name="Jan New")
        await phone.look(f"{CARD} asks for your details", "persona-asked-change")
        await phone.button(re.compile("^Share 1 detail")).click()
        await sian.go_on_to(CARD)
        await phone.look("Your leisure card")
        await expect(phone.box("Full name")).to_have_value("Jan New")
        assert (await library.claims(grant))[NAME]["value"] == "Jan New"
        await at_sport(sian, "Change full name", FULL_NAME)
        await expect(phone.box(FULL_NAME)).to_have_value("Jan New")
        # What the service offers back came to Sport, and stays with it.
        await library.service.offer(grant, {NAME: "Jan Typed"})
        await sian.go("Home")
        await phone.button("See what is offered").click()
        await phone.look("Offered to you", "persona-offered")
        await phone.says("This came to you as “Sport”. What you keep stays with it, and not with your own details.")
        await phone.says("In your vault now: Jan New")
        await phone.says(f"If you keep it, {LIBRARY} will see the new one.")
        await phone.tick(FULL_NAME).check()
        await phone.button("Keep ticked").click()
        await phone.says(f"Saved. {LIBRARY} will see the new one.")
        assert (await library.claims(grant))[NAME]["value"] == "Jan Typed"
        await sian.go("Your details")
        await phone.look("Your details")
        await phone.says(HERS)
