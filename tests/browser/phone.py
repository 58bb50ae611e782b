"""A resident's telephone: Chromium 360 pixels wide, a passkey behind its screen lock, and eyes that miss nothing.

Whatever a page complains of (an error in the console, a breach of the Content Security Policy, an answer that says the
server broke) fails the test at its end. Every screen that is looked at is also checked by axe-core, for sideways
scrolling, and for what stands in the address bar and the title.
"""

import asyncio
import json
import os
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from playwright.async_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Frame,
    Locator,
    Page,
    Request,
    Response,
    async_playwright,
    expect,
)

from tests.browser.words import CYMRAEG, ENGLISH, SAESNEG

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH, HEIGHT, LETTERS = 360, 740, 16
SIZES = ((1280, 800), (768, 1024), (WIDTH, HEIGHT))
TITLE = "Your vault – Anytown Council"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PATIENCE = 10_000

_AXE = Path(__file__).parents[2] / "wallet_web/node_modules/axe-core/axe.min.js"
_RUN_AXE = """(async () => {
  const { violations } = await axe.run(document, { runOnly: %s, resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" | ")}`);
})()"""
_REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});"""
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Phone:
    """One browser of one resident. `issuer` is where the vault is."""

    context: BrowserContext
    page: Page
    cdp: CDPSession
    issuer: str
    complaints: list[str] = field(default_factory=list)
    foreseen: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    passkey_uses: int = 0
    letters: int = LETTERS
    title: str = TITLE
    _authenticator: str = ""

    # --- what a person does -------------------------------------------------------------------------------------------

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def box(self, label: str) -> Locator:
        return self.page.get_by_role("textbox", name=label, exact=True)

    def tick(self, label: str) -> Locator:
        return self.page.get_by_role("checkbox", name=label, exact=True)

    def heading(self, words: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("heading", level=1, name=words, exact=True)

    async def type(self, **boxes: str) -> None:
        """Fill in boxes by their labels: `Full_name="Siân"`."""
        for label, text in boxes.items():
            await self.box(label.replace("_", " ")).fill(text)

    async def says(self, words: str) -> None:
        """The words stand somewhere on the page, for everybody to see."""
        await expect(self.page.get_by_text(words).first).to_be_visible()

    # --- what a careful person notices --------------------------------------------------------------------------------

    async def look(self, heading: str | re.Pattern[str], name: str = "") -> None:
        """Wait for the screen with this heading and check everything that holds on every screen."""
        await expect(self.heading(heading)).to_be_visible()
        if self.page.url.startswith(self.issuer):
            await self.neutral()
        self.titles.append(await self.page.title())
        assert await self.violations() == []
        assert await self.sideways() <= 0, f"{heading}: sideways scrolling"
        if name:
            await self._photograph(name)

    async def neutral(self) -> None:
        """The vault's address bar and title say nothing but whose vault it is; the history keeps no more."""
        assert self.page.url == f"{self.issuer}/"
        assert await self.page.title() == self.title

    async def look_at_every_size(self, heading: str | re.Pattern[str], name: str = "") -> None:
        """The same, on a telephone, a tablet and a computer."""
        before = self.page.viewport_size
        for width, height in SIZES:
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.look(heading)
        if before is not None:
            await self.page.set_viewport_size(before)
        if name:
            await self._photograph(name)

    async def violations(self) -> list[str]:
        """What axe-core finds, from a world of its own: the page's policy would not let it in, and must not."""
        tree = await self.cdp.send("Page.getFrameTree")
        world = await self.cdp.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
        await self._evaluate(_AXE.read_text("utf-8") + ";undefined", world["executionContextId"])
        found: list[str] = await self._evaluate(_RUN_AXE % json.dumps(TAGS), world["executionContextId"])
        return found

    async def sideways(self) -> int:
        """By how many pixels the page is wider than the screen."""
        measured: list[int] = await self.page.evaluate("""() => [
          parseInt(getComputedStyle(document.documentElement).fontSize),
          document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
        ]""")
        assert measured[0] == self.letters, "the page does not heed the size of letters that a person set"
        return measured[1]

    async def _evaluate(self, source: str, world: int) -> Any:
        answer = await self.cdp.send(
            "Runtime.evaluate",
            {"expression": source, "contextId": world, "awaitPromise": True, "returnByValue": True},
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def _photograph(self, name: str) -> None:
        """For people who look at the screens: in every size and language, into the folder `PDS_SCREENSHOTS`."""
        folder = os.environ.get("PDS_SCREENSHOTS")
        if not folder:
            return
        number = f"{next(_numbers):02}"
        await self._at_every_size(Path(folder) / f"{number}-{name}")
        if self.page.url.startswith(self.issuer) and await self.link(CYMRAEG).is_visible():
            focused = await self.page.evaluate_handle("document.activeElement")
            await self.link(CYMRAEG).click()
            await expect(self.page.locator("html")).to_have_attribute("lang", "cy")
            await self._at_every_size(Path(folder) / f"{number}-cy-{name}")
            said = await self.page.locator("body").inner_text()
            assert ([words for words in ENGLISH if words in said], await self.sideways()) == ([], 0)
            await self.link(SAESNEG).click()
            await expect(self.page.locator("html")).to_have_attribute("lang", "en")
            await focused.evaluate("element => element.focus()")

    async def _at_every_size(self, path: Path) -> None:
        before = self.page.viewport_size
        for width, height in SIZES:
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.screenshot(path=f"{path}-{width}.png", full_page=True)
        if before is not None:
            await self.page.set_viewport_size(before)

    def sent(self, path: str) -> list[Request]:
        """The requests to paths of the vault that match."""
        pattern = re.compile(re.escape(self.issuer) + path)
        return [request for request in self.requests if pattern.fullmatch(request.url)]

    # --- the passkey --------------------------------------------------------------------------------------------------

    async def add_authenticator(self, *, prf: bool = True) -> None:
        """A screen lock that can hold passkeys; without `prf` they cannot open a vault."""
        made = await self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**_AUTHENTICATOR, "hasPrf": prf}})
        self._authenticator = made["authenticatorId"]

    async def lose_passkey(self) -> None:
        """The passkeys of this device are gone, as after a reset."""
        await self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self._authenticator})

    async def passkeys(self) -> int:
        kept = await self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._authenticator})
        return len(kept["credentials"])

    # --- what pages complain of ---------------------------------------------------------------------------------------

    def foresee(self, pattern: str) -> None:
        """A complaint that this test brings about itself."""
        self.foreseen.append(pattern)

    def unforeseen(self) -> list[str]:
        return [one for one in self.complaints if not any(re.search(pattern, one) for pattern in self.foreseen)]

    async def hears(self, words: str) -> None:
        """Wait until a page has complained of this."""
        async with asyncio.timeout(PATIENCE / 1000):
            while not any(words in one for one in self.complaints):
                await self.page.evaluate("new Promise((done) => { requestAnimationFrame(done); })")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_page_error(self, error: Error) -> None:
        self.complaints.append(f"uncaught: {error}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)

    def _on_navigated(self, frame: Frame) -> None:
        self.addresses.append(frame.url)

    def _on_asserted(self, _event: Any) -> None:
        self.passkey_uses += 1


_numbers = count(1)


@asynccontextmanager
async def a_phone(
    issuer: str,
    *,
    prf: bool = True,
    letters: int = LETTERS,
    language: str = "en-GB",
    scripts: Sequence[str] = (),
    flags: Sequence[str] = (),
    profile: Path | None = None,
) -> AsyncIterator[Phone]:
    """A new telephone; at the end nothing may have complained.

    `letters` is the size in pixels that its owner set in the browser: only letters grow, the screen stays as wide as
    it is. `language` is what that browser prefers. `scripts` run in every page before its own, `flags` are for the
    browser. `profile` is the folder where the browser keeps what it keeps.
    """
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="pds-phone-", ignore_cleanup_errors=True) as temporary:
        folder = profile or Path(temporary)
        preferences = folder / "Default" / "Preferences"
        preferences.parent.mkdir(parents=True)
        preferences.write_text(json.dumps({"webkit": {"webprefs": {"default_font_size": letters}}}), "ascii")
        async with (
            async_playwright() as playwright,
            await playwright.chromium.launch_persistent_context(
                folder,
                executable_path=CHROMIUM,
                args=[*FLAGS, *flags],
                viewport={"width": WIDTH, "height": HEIGHT},
                has_touch=True,
                locale=language,
                timezone_id="Europe/London",
            ) as context,
        ):
            context.set_default_timeout(PATIENCE)
            for script in (_REPORT_VIOLATIONS, *scripts):
                await context.add_init_script(script)
            page = context.pages[0]
            phone = Phone(context, page, await context.new_cdp_session(page), issuer, letters=letters)
            watch(phone, page)
            await phone.cdp.send("WebAuthn.enable", {"enableUI": False})
            phone.cdp.on("WebAuthn.credentialAsserted", phone._on_asserted)
            await phone.add_authenticator(prf=prf)
            yield phone
            unforeseen = phone.unforeseen()
            assert unforeseen == [], unforeseen


def watch(phone: Phone, page: Page) -> None:
    """Note all that a page asks for, shows as its address, and complains of."""
    page.on("console", phone._on_console)
    page.on("pageerror", phone._on_page_error)
    page.on("response", phone._on_response)
    page.on("request", phone._on_request)
    page.on("framenavigated", phone._on_navigated)
