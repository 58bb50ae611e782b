"""What a resident who reads Welsh sees, from the first word to the last."""

import re
from dataclasses import dataclass

from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.browser.words import CYMRAEG, ENGLISH, SAESNEG

TITLE = "Eich storfa – Cyngor Anytown"
CREATE, UNLOCK, HOME, DETAILS = "Creu eich storfa", "Datgloi eich storfa", "Eich storfa", "Eich manylion"
PERMIT = "Trwydded barcio i breswylwyr"
ASKED = f"Mae {PERMIT} yn gofyn am eich manylion"


@dataclass(frozen=True)
class Reader:
    """Somebody at a telephone whose screens are in Welsh."""

    phone: Phone

    async def look(self, heading: str, name: str = "") -> None:
        """The screen with this heading, in Welsh from its first word to its last."""
        self.phone.title = TITLE
        await self.phone.look(heading, name and f"cy-{name}")
        assert await self.phone.page.locator("html").get_attribute("lang") == "cy"
        said = await self.phone.page.locator("body").inner_text()
        assert [words for words in ENGLISH if words in said] == []

    async def speak(self, language: str) -> None:
        """By the switch on every page."""
        await self.phone.link(language).click()
        self.phone.title = TITLE if language == CYMRAEG else Phone.title
        await expect(self.phone.link(SAESNEG if language == CYMRAEG else CYMRAEG)).to_be_focused()

    async def create_vault(self) -> None:
        """With a passkey, and a recovery code that is saved and typed back."""
        await self.look(CREATE, "create")
        await self.phone.button("Creu storfa ag allwedd mynediad").click()
        await self.look("Cadw eich cod adfer", "code")
        groups = await self.phone.page.get_by_role("main").get_by_role("listitem").all_inner_texts()
        async with self.phone.page.expect_download() as download:
            await self.phone.button("Cadw fel ffeil").click()
        assert (await download.value).suggested_filename == "cod-adfer.txt"
        await self.phone.button("Rwyf wedi ei gadw").click()
        await self.look("Gwirio eich cod adfer", "check-code")
        for box in await self.phone.page.get_by_role("textbox").all():
            label = await box.evaluate("box => box.labels[0].textContent")
            number = re.search(r"Rhan (\d) o’ch cod", label)
            assert number is not None, label
            await box.fill(groups[int(number[1]) - 1])
        await self.phone.button("Cadarnhau fy nghod").click()
