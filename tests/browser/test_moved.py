"""“I've moved”: one change, told to whom the resident wants, and seen to arrive."""

from playwright.async_api import expect

from tests.browser.library import AREA, LIBRARY, a_library
from tests.browser.phone import Phone
from tests.browser.story import DETAILS, LINE1, NEW_LINE1, PERMIT, Resident
from tests.browser.town import Town
from tests.people import until

WHO, ANSWER = "Who can see my details", "Lives in the permit zone or catchment"
ELSEWHERE = "ZZ9 7QW"


async def at_home_address(sian: Resident) -> None:
    await sian.open_vault()
    await sian.go(DETAILS)
    await sian.phone.button("Change home address").click()
    await sian.phone.look("Home address", "moving")


async def move_to(sian: Resident, line: str, postcode: str) -> None:
    await sian.phone.type(Address_line_1=line, Postcode=postcode)
    await sian.phone.button("Save").click()
    await sian.phone.look(DETAILS)


async def test_a_move_is_told_to_whom_she_chooses_and_seen_to_arrive(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    async with a_library(town, phone, AREA) as library:
        asked = await library.ask({AREA: {"required": True, "zone": "town"}}, until(town.pds))
        await phone.look(f"{LIBRARY} asks for your details")
        await phone.says("They will only see Yes, not your home address.")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        before = await library.claims(grant)
        assert before[AREA]["value"] is True

        # Who sees only an answer that comes from it is named too; she leaves them out.
        await at_home_address(sian)
        receivers = phone.page.locator("#receivers")
        await expect(receivers).to_contain_text(LIBRARY)
        await expect(receivers).to_contain_text(PERMIT)
        await phone.says(f"Sees only: {ANSWER}")
        await phone.tick(LIBRARY).check()
        await move_to(sian, NEW_LINE1, ELSEWHERE)
        await phone.says(f"Saved. {PERMIT} will see the new one.")

        parking, reader = (
            phone.page.locator("section").filter(has_text=PERMIT),
            phone.page.locator("section").filter(has_text=LIBRARY),
        )
        await sian.go(WHO)
        await phone.look(WHO, "moved-not-looked")
        await expect(parking.get_by_text("They have not looked since then")).to_be_visible()
        await expect(reader.get_by_text("They keep the old one of")).to_be_visible()
        await expect(reader.get_by_text("They have not looked since then")).to_have_count(0)
        await sian.check_permit()
        await phone.says(NEW_LINE1)
        assert await library.claims(grant) == before
        await sian.open_vault()
        await sian.go(WHO)
        await phone.look(WHO, "moved-picked-up")
        await expect(parking.get_by_text("Picked up on ")).to_be_visible()


async def test_who_sees_only_an_answer_is_told_when_it_changes(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, AREA) as library:
        asked = await library.ask({AREA: {"required": True, "zone": "town"}}, until(town.pds))
        await sian.create_vault()
        await phone.look(f"{LIBRARY} asks for your details")
        await phone.type(Address_line_1=LINE1, Postcode="AN9 7QW")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        assert (await library.claims(grant))[AREA]["value"] is True
        await at_home_address(sian)
        await move_to(sian, NEW_LINE1, ELSEWHERE)
        await phone.says(f"Saved. {LIBRARY} will see the new one.")
        claims = await library.claims(grant)
        assert (claims[AREA]["value"], claims[AREA]["source"]) == (False, "derived")
        assert NEW_LINE1 not in str(claims)
