"""Answers that the vault works out: a service gets Yes, and never what it comes from."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.browser.library import ADULT, AREA, LIBRARY, NAME, a_library
from tests.browser.phone import Phone
from tests.browser.story import HOME, Resident
from tests.browser.town import Town
from tests.conftest import Clock
from tests.people import until

ASKED = f"{LIBRARY} asks for your details"
NOT_HOLDING = re.compile("1985|Quillfeather|AN9 7QW")


async def test_they_will_only_see_yes(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, ADULT) as library:
        asked = await library.ask({ADULT: {"required": True}, AREA: {"zone": "town"}}, until(town.pds))
        await sian.create_vault()
        await phone.look(ASKED, "asked-answer")
        await phone.says("They will only see the answer.")
        await phone.type(Day="31", Month="3", Year="1985")
        # An address that is typed for its postcode alone must have one.
        await phone.tick("Lives in the permit zone or catchment").check()
        await phone.type(Address_line_1="27 Quillfeather Rise")
        await phone.button(re.compile("^Share 2 details")).click()
        await phone.look(ASKED, "asked-answer-error")
        await phone.type(Postcode="AN9 7QW")
        await sian.share(2, LIBRARY)
        grant = await library.finish(asked)
        claims = await library.claims(grant)
        assert {id: (claim["value"], claim["source"]) for id, claim in claims.items()} == {
            ADULT: (True, "derived"),
            AREA: (True, "derived"),
        }
        assert not NOT_HOLDING.search(str(claims))

        # The next time there is nothing to type, and the page says what they see and what not.
        asked = await library.ask({ADULT: {"required": True}, AREA: {"zone": "town"}}, until(town.pds))
        await phone.look(ASKED, "asked-answer-held")
        await phone.says("They will only see Yes, not your date of birth.")
        await expect(phone.page.get_by_role("textbox")).to_have_count(0)
        await phone.button("Change aged 18 or over").click()
        await expect(phone.box("Year")).to_have_value("1985")
        await phone.button("Keep the one in my vault").click()
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        claims = await library.claims(grant)
        assert claims[ADULT]["value"] is True
        assert claims[AREA] == {"absent": "withheld"}

        # What is changed in the vault reaches who sees only the answer.
        await sian.open_vault()
        await sian.go("Your details")
        await phone.button("Change date of birth").click()
        await phone.look("Date of birth", "edit-behind-answer")
        await phone.says(f"When you save, {LIBRARY} will see the new one.")
        await phone.type(Year="2015")
        await phone.button("Save").click()
        await phone.says("Saved.")
        assert (await library.claims(grant))[ADULT]["value"] is False


async def test_no_fixed_address_is_an_answer_where_it_is_asked(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, AREA) as library:
        asked = await library.ask({AREA: {"required": True, "zone": "town"}})
        await phone.button("Create a vault with a passkey").click()
        await phone.look(ASKED)
        await phone.tick("I have no fixed address").check()
        await expect(phone.box("Postcode")).to_have_count(0)
        await phone.look(ASKED, "asked-no-home")
        await sian.share(1, LIBRARY)
        claims = await library.claims(await library.finish(asked))
        assert claims == {AREA: {"absent": "not_applicable"}}
        await library.ask({AREA: {"required": True, "zone": "town"}})
        await phone.look(ASKED, "asked-no-home-held")
        await phone.says("You have no fixed address.")


async def test_an_answer_typed_once_leaves_nothing_in_the_vault(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, ADULT) as library:
        asked = await library.ask({ADULT: {"required": True}, NAME: {}})
        await phone.button("Create a vault with a passkey").click()
        await phone.look(ASKED)
        await phone.type(Day="31", Month="3", Year="1985")
        await phone.tick("Use what I type here once. Do not keep it in my vault.").check()
        await sian.share(1, LIBRARY)
        assert (await library.claims(await library.finish(asked)))[ADULT]["value"] is True
        await library.ask({ADULT: {"required": True}, NAME: {}})
        await phone.look(ASKED)
        await expect(phone.box("Year")).to_have_value("")


async def test_who_turns_18_is_told_as_18_after_the_next_unlock(town: Town, phone: Phone, clock: Clock) -> None:
    sian = Resident(town, phone)
    async with a_library(town, phone, ADULT) as library:
        asked = await library.ask({ADULT: {"required": True}}, until(town.pds))
        await sian.create_vault()
        await phone.look(ASKED)
        birthday = datetime.fromtimestamp(clock(), UTC).date() + timedelta(days=10)
        await phone.type(Day=str(min(birthday.day, 28)), Month=str(birthday.month), Year=str(birthday.year - 18))
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        assert (await library.claims(grant))[ADULT]["value"] is False
        clock.ahead += 11 * 86400
        await town.pds.publish_registry()
        await phone.context.clock.set_system_time(time.time() + clock.ahead)
        await phone.page.goto(town.issuer)
        async with phone.page.expect_response(re.compile("/api/publications$")) as told:
            await phone.button("Unlock with a passkey").click()
        assert (await told.value).ok
        await phone.look(HOME)
        assert (await library.claims(grant))[ADULT]["value"] is True
