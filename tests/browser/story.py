"""What a newcomer does, step by step, by the words that a person reads or a screen reader says."""

import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import TimeoutError as TookTooLong
from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.browser.town import Town

NAME = "Siân Łucja O’Connor-Nguyễn"
LINE1, PLACE, POSTCODE = "27 Quillfeather Rise", "Brindlemere", "AN9 7QW"
NEW_LINE1, NEW_LINE2, NEW_POSTCODE = "Flat 12 Marrowby Court", "5 Harbourmaster Row", "AN4 6ZD"
CAR = "AB62 XYZ"
EMAIL = "sian.quillfeather@example.org"

PERMIT, CARD = "Resident parking permit", "Leisure card"
APPLY = "Apply for a resident parking permit"
CREATE, UNLOCK, CODE, CHECK = (
    "Create your vault",
    "Unlock your vault",
    "Save your recovery code",
    "Check your recovery code",
)
ASKED = f"{PERMIT} asks for your details"
HOME, DETAILS = "Your vault", "Your details"


@dataclass(frozen=True)
class Resident:
    """A person at her telephone, in a town."""

    town: Town
    phone: Phone

    async def open_permit_form(self) -> None:
        await self.phone.page.goto(self.town.parking)
        await self.phone.look(APPLY, "permit-form")

    async def fill_in_from_vault(self) -> None:
        await self.phone.button("Fill in from my vault").click()

    async def create_vault(self) -> str:
        """With a passkey, and a recovery code that is saved and typed back; the code."""
        await self.phone.look(CREATE, "create")
        await self.phone.button("Create a vault with a passkey").click()
        return await self.save_code()

    async def save_code(self) -> str:
        """Save the code as a file, and type back from it what is asked."""
        await self.phone.look(CODE, "code")
        async with self.phone.page.expect_download() as download:
            await self.phone.button("Save as a file").click()
        saved = (await (await download.value).path()).read_text("utf-8")
        groups = await self.phone.page.get_by_role("main").get_by_role("listitem").all_inner_texts()
        assert "-".join(groups) in saved
        await self.phone.button("I have saved it").click()
        await self.phone.look(CHECK, "check-code")
        for box in await self.phone.page.get_by_role("textbox").all():
            label = await box.evaluate("box => box.labels[0].textContent")
            found = re.fullmatch(r"\s*Part (\d) of your code\s*", label)
            assert found is not None, label
            await box.fill(groups[int(found[1]) - 1].lower())
        await self.phone.button("Confirm my code").click()
        return "-".join(groups)

    async def type_details(self) -> None:
        """What the permit needs and the new vault does not have, in place."""
        await self.phone.type(
            Full_name=NAME,
            Address_line_1=LINE1,
            Town_or_city=PLACE,
            Postcode=POSTCODE,
            Vehicle_registration_number=CAR,
        )
        await self.phone.tick("Email address").check()
        await self.phone.type(Email_address=EMAIL)

    async def share(self, count: int, service: str) -> None:
        details = "1 detail" if count == 1 else f"{count} details"
        await self.phone.button(f"Share {details} with {service}").click()
        await self.go_on_to(service)

    async def go_on_to(self, service: str) -> None:
        """Back to the service. The wallet goes there by itself when she takes longer than some seconds."""
        with suppress(TookTooLong):
            await self.phone.button(f"Continue to {service} now").click(timeout=5000)

    async def send_application(self) -> None:
        await self.phone.button("Send application").click()
        await self.phone.look("Application received", "application-received")
        await self.phone.link("Your permit").click()
        await self.phone.look("Your permit", "permit")
        await self.phone.says("We can see the details that you shared until")

    async def check_permit(self) -> None:
        """Let the council look at what the vault has now."""
        await self.phone.page.goto(f"{self.town.parking}/permit")
        await self.phone.button("Check details now").click()
        await self.phone.look("Your permit", "permit-checked")

    async def open_vault(self, heading: str = HOME) -> None:
        await self.phone.page.goto(self.town.issuer)
        await self.phone.look(heading, "home")

    async def go(self, place: str) -> None:
        await self.phone.link(place).click()

    async def arrive_at_asked(self) -> str:
        """From the permit form to its question, with a new vault; the recovery code."""
        await self.open_permit_form()
        await self.fill_in_from_vault()
        code = await self.create_vault()
        await self.phone.look(ASKED, "asked")
        return code

    async def with_a_permit(self) -> str:
        """A vault, and a permit form that it filled in; the recovery code."""
        code = await self.arrive_at_asked()
        await self.type_details()
        await self.share(4, PERMIT)
        await self.phone.look(APPLY, "permit-form-filled")
        return code

    async def sign_in_for_card(self) -> None:
        """One tap: the vault is open already."""
        await self.phone.page.goto(self.town.leisure)
        await self.phone.look(CARD, "card")
        await self.phone.button("Sign in with my vault").click()
        await self.phone.look(f"Sign in to {CARD}", "asked-sign-in")
        await self.phone.button(f"Sign in to {CARD}").click()
        await self.phone.look("Your leisure card", "card-signed-in")
        (grant,) = self.town.grants[self.town.leisure]
        assert grant.sub[:8] not in await self.phone.page.content(), "a number for machines is shown to nobody"

    async def move(self) -> None:
        """Change the address in the vault, having read who will see the new one."""
        await self.open_vault()
        await self.go(DETAILS)
        await self.phone.look(DETAILS, "details")
        await self.phone.button("Change home address").click()
        await self.phone.look("Home address", "edit")
        await self.phone.says(f"When you save, {PERMIT} will see the new one.")
        await self.phone.type(Address_line_1=NEW_LINE1, Postcode=NEW_POSTCODE)
        await self.phone.box("Address line 2 (optional)").fill(NEW_LINE2)
        await self.phone.button("Save").click()
        await self.phone.look(DETAILS, "details-saved")
        await self.phone.says(f"Saved. {PERMIT} will see the new one.")

    async def stop(self) -> None:
        """In two taps from home."""
        await self.open_vault()
        await self.phone.button(f"Stop sharing with {PERMIT}").click()
        await self.phone.look(f"Stop sharing with {PERMIT}?", "stop")
        await self.phone.button("Stop sharing").click()
        await self.phone.look(f"{PERMIT} can no longer see your details", "stopped")

    async def come_back_with(self, code: str) -> None:
        """The passkey is gone; the code on paper opens the vault, and a new passkey is made."""
        await self.go("Lock vault")
        await self.phone.look(UNLOCK, "locked")
        await self.phone.lose_passkey()
        await self.phone.button("Unlock with a passkey").click()
        await self.phone.says("Your device did not use a passkey")
        await self.phone.look(UNLOCK, "no-passkey")
        await self.phone.button("Lost your passkey or passphrase? Use your recovery code").click()
        await self.phone.look("Enter your recovery code", "recover")
        await self.phone.box("Recovery code").fill(code.lower().replace("-", " "))
        await self.phone.button("Unlock with the code").click()
        await self.phone.look("Your vault is unlocked", "recovered")
        await self.phone.button("Create a new passkey").click()
        await self.phone.look(HOME, "home-again")

    async def has_form_filled(self) -> None:
        for label, value in (
            ("Full name", NAME),
            ("Address line 1", LINE1),
            ("Town or city", PLACE),
            ("Postcode", POSTCODE),
            ("Vehicle registration number", CAR.replace(" ", "")),
            ("Email address (optional)", EMAIL),
            ("Mobile phone number (optional)", ""),
        ):
            await expect(self.phone.box(label)).to_have_value(value)


async def newcomers_story(sian: Resident) -> str:
    """From the permit form to the recovery code, each step seen to work by what the screens say; the code."""
    phone, used = sian.phone, sian.phone.passkey_uses
    code = await sian.with_a_permit()
    await sian.has_form_filled()
    await sian.send_application()
    await sian.sign_in_for_card()
    assert phone.passkey_uses == used, "one unlock serves every service"
    await sian.check_permit()
    await phone.says(LINE1)
    await sian.move()
    await sian.check_permit()
    await phone.says(NEW_LINE2)
    await expect(phone.page.get_by_text(LINE1)).to_have_count(0)
    await sian.open_vault()
    await sian.go("Who can see my details")
    await phone.look("Who can see my details", "who")
    await sian.stop()
    await sian.check_permit()
    await phone.says("You stopped sharing with us. We can no longer see your details.")
    await expect(phone.page.get_by_text(NEW_LINE2)).to_have_count(0)
    await sian.open_vault()
    await sian.come_back_with(code)
    await sian.go(DETAILS)
    await phone.look(DETAILS)
    await phone.says(NEW_LINE2)
    await sian.go("Lock vault")
    await phone.look(UNLOCK)
    await phone.button("Unlock with a passkey").click()
    await phone.look(HOME)
    return code
