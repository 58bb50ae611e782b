"""At a counter: what a resident does on the telephone, step by step."""

from playwright.async_api import expect

from tests.browser.desk import LIBRARY, SERVICE, Desk
from tests.browser.phone import Phone
from tests.browser.story import CREATE, HOME, LINE1, NAME, PLACE, POSTCODE
from tests.browser.town import Town

FIND = "At a counter"
HERE, DIGITS, QUESTION = (
    f"Are you at {LIBRARY} now?",
    "Read these numbers to the staff",
    f"{SERVICE} asks for your details",
)


async def create(phone: Phone) -> None:
    """A vault, its recovery code left for later: what is asked at a counter is asked once."""
    await phone.button("Create a vault with a passkey").click()
    await phone.look("Save your recovery code")
    await phone.button("Do this later").click()


async def with_a_vault(town: Town, phone: Phone) -> None:
    await phone.page.goto(town.issuer)
    await phone.look(CREATE)
    await create(phone)
    await phone.look(HOME)


async def read_digits(phone: Phone) -> str:
    """I am here; the four digits."""
    await phone.look_at_every_size(HERE, "counter-here")
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    await phone.look_at_every_size(DIGITS, "counter-digits")
    return await digits_on(phone)


async def fill_in(phone: Phone) -> None:
    await phone.type(Full_name=NAME, Address_line_1=LINE1, Town_or_city=PLACE, Postcode=POSTCODE)


async def share(phone: Phone) -> None:
    await phone.look_at_every_size(QUESTION, "counter-asked")
    await fill_in(phone)
    await phone.button(f"Share 2 details with {SERVICE}").click()
    await phone.look_at_every_size(f"You shared 2 details with {SERVICE}", "counter-done")


async def scan(desk: Desk, phone: Phone) -> None:
    """The phone's own camera opens the wallet."""
    await phone.page.goto(desk.task.exchange.address)


async def paired(desk: Desk, phone: Phone) -> None:
    """A new code, scanned, and the digits typed; the question stands on the phone."""
    await desk.begin()
    await scan(desk, phone)
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    await desk.type_digits(await digits_on(phone))
    await expect(phone.heading(QUESTION)).to_be_visible()


async def digits_on(phone: Phone) -> str:
    await expect(phone.heading(DIGITS)).to_be_visible()
    return (await phone.page.locator("#digits [aria-hidden]").inner_text()).strip()


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10000:04d}"
