"""At a counter: a clerk's screen and a resident's telephone, and what each of them reads at every step."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from pds.desk.qr import qr_svg
from pds.registry import actions as registry
from tests.browser.at_counter import (
    FIND,
    HERE,
    QUESTION,
    create,
    digits_on,
    fill_in,
    paired,
    read_digits,
    scan,
    share,
    with_a_vault,
    wrong,
)
from tests.browser.desk import ASKED, CARD, ERRAND, LIBRARY, OPENED, SERVICE, SHARED, WAITING, Desk, a_desk
from tests.browser.phone import Phone, a_phone
from tests.browser.story import APPLY, CAR, CREATE, HOME, LINE1, NAME, PLACE, POSTCODE, UNLOCK, Resident
from tests.browser.story import ASKED as ASKED_ONLINE
from tests.browser.town import Town


@pytest.fixture
async def desk(town: Town, tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(town, tmp_path) as desk:
        yield desk


async def test_a_resident_without_a_vault_scans_and_shares(town: Town, desk: Desk, phone: Phone) -> None:
    desk.looks_closely = True
    await desk.enrol()
    await desk.sign_in_again()
    await desk.begin()
    await phone.page.goto(desk.task.exchange.address)
    await phone.look_at_every_size(CREATE, "counter-create")
    await phone.says("You scanned a code at a desk")
    await desk.screen.look_at_every_size(OPENED, "desk-opened")
    await create(phone)
    digits = await read_digits(phone)
    await desk.screen.look_at_every_size(OPENED, "desk-digits")
    await desk.type_digits(digits)
    await desk.screen.look_at_every_size(ASKED, "desk-asked")
    await share(phone)
    await desk.screen.look_at_every_size(SHARED, "desk-shared")
    for words in (NAME, LINE1, POSTCODE, "The resident says so; nobody has checked it."):
        await desk.screen.says(words)
    await expect(desk.screen.page.get_by_text("Not given")).to_have_count(2)
    await desk.screen.button("Done").click()
    await desk.says(ERRAND)
    await expect(desk.screen.page.get_by_text(NAME)).to_have_count(0)
    await phone.button("Go to your vault").click()
    await expect(phone.heading(HOME)).to_be_visible()
    await phone.link("Who can see my details").click()
    await phone.look("Who can see my details", "counter-who")
    await phone.says(f"Asked at {LIBRARY}.")
    await phone.button(f"This was not me {SERVICE}").click()
    await phone.look_at_every_size("Was this not you?", "counter-report")
    await phone.button("This was not me: stop it and tell a supervisor").click()
    await phone.look_at_every_size("Thank you. We have told a supervisor", "counter-reported")


async def test_without_a_camera_or_a_mouse_and_it_clears_by_itself(town: Town, desk: Desk, phone: Phone) -> None:
    screen, keys = desk.screen, desk.screen.page.keyboard
    await screen.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.setup.origin)
    await desk.enrol()
    await with_a_vault(town, phone)
    await tab_to(screen, re.compile(CARD))
    await keys.press("Enter")
    await desk.says(WAITING)
    code = await screen.page.locator("#code").inner_text()
    await phone.button("Use a code that a desk shows you").click()
    await phone.look_at_every_size(FIND, "counter-find")
    await phone.button("Scan the picture").click()
    await phone.look("Your camera cannot be used here", "counter-no-camera")
    await phone.button("Type the code instead").click()
    await phone.box("Or type the code").fill("HTTPS://ELSEWHERE.EXAMPLE/Q/00000000000000000000000000")
    await phone.button("Continue").click()
    await phone.says("This is not a code of your vault’s own desks.")
    await phone.box("Or type the code").fill(f"{code[:3]}U{code[4:]}")
    await phone.button("Continue").click()
    await expect(phone.page.locator("#error-summary")).to_be_focused()
    await phone.look(FIND, "counter-find-wrong")
    await phone.box("Or type the code").fill(code.lower().replace("-", " "))
    await phone.page.keyboard.press("Enter")
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    await desk.type_digits(await digits_on(phone))
    await expect(phone.heading(QUESTION)).to_be_visible()
    await fill_in(phone)
    await phone.button(f"Share 2 details with {SERVICE}").click()
    await desk.says(SHARED)
    await expect(screen.button("Copy Full name")).to_be_focused()
    await keys.press("Enter")
    await screen.says("Copied: Full name")
    assert await clipboard(screen) == NAME
    await keys.press("ArrowDown")
    await expect(screen.button("Copy Home address")).to_be_focused()
    await keys.press("Enter")
    await screen.says("Copied: Home address")
    assert await clipboard(screen) == f"{LINE1}\n{PLACE}\n{POSTCODE}"
    task = desk.task
    assert NAME in str(task.snapshot())
    town.pds.clock.ahead += 600
    await screen.look("Finished", "desk-finished")
    await expect(screen.page.get_by_text(NAME)).to_have_count(0)
    assert NAME not in str(task.snapshot())
    assert not any(NAME.encode() in path.read_bytes() for path in desk.setup.staff.parent.rglob("*") if path.is_file())
    await tab_to(screen, "Done")
    await keys.press("Enter")
    await desk.says(ERRAND)
    assert await clipboard(screen) == "", "nothing waits for the next task"


async def test_a_no_is_heard_and_the_back_button_repeats_nothing(town: Town, desk: Desk, phone: Phone) -> None:
    await desk.enrol()
    await with_a_vault(town, phone)
    await paired(desk, phone)
    await phone.button("Do not share").click()
    await phone.look("You did not share anything", "counter-declined")
    await desk.screen.look("Declined", "desk-declined")
    await desk.screen.says("You can fill in a paper form at the desk.")
    for _ in range(4):
        await phone.page.go_back()
    await phone.page.go_forward()
    await phone.neutral()
    assert len(phone.sent("/api/counters/[^/]+/(refusal|approval)")) == 1
    await desk.screen.button("Done").click()
    await phone.link("Lock vault").click()
    await phone.look(UNLOCK)
    await desk.begin()
    await scan(desk, phone)
    await phone.look(UNLOCK, "counter-unlock")
    await phone.says("You scanned a code at a desk")
    await phone.button("Unlock with a passkey").click()
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    await desk.type_digits(await digits_on(phone))
    await phone.look(QUESTION)
    await phone.says("You said no on")
    await desk.screen.button("Stop").click()
    await phone.look("The staff stopped this", "counter-cancelled")


async def test_a_desk_takes_nothing_from_a_question_that_waits_in_the_same_tab(
    town: Town, desk: Desk, phone: Phone
) -> None:
    sian = Resident(town, phone)
    await desk.enrol()
    await sian.arrive_at_asked()
    await sian.type_details()
    await paired(desk, phone)
    await expect(phone.box("Full name")).to_have_value("")
    await phone.type(Full_name="Somebody Else")
    await phone.page.reload()
    await expect(phone.box("Full name")).to_have_value("Somebody Else")
    await phone.button("Do not share").click()
    await phone.button("Go to your vault").click()
    await phone.look(HOME)
    await phone.button("See what it asks").click()
    await phone.look(ASKED_ONLINE)
    await expect(phone.box("Full name")).to_have_value(NAME)
    await expect(phone.box("Vehicle registration number")).to_have_value(CAR)
    # Over as the staff decide, and not only as she does.
    await desk.screen.button("Done").click()
    await paired(desk, phone)
    await desk.screen.button("Stop").click()
    await phone.look("The staff stopped this")
    await phone.page.goto(town.issuer)
    await phone.look(ASKED_ONLINE)
    await sian.share(4, "Resident parking permit")
    await phone.look(APPLY)


async def test_wrong_digits_a_scanner_and_a_second_phone(town: Town, desk: Desk, phone: Phone) -> None:
    screen, keys = desk.screen, desk.screen.page.keyboard
    await desk.enrol()
    await with_a_vault(town, phone)
    await desk.begin()
    await scan(desk, phone)
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    digits = await digits_on(phone)
    await expect(desk.digits).to_be_focused()
    await keys.type("29812345678901\n")
    await screen.says("That came from a scanner.")
    await expect(desk.digits).to_have_value("")
    await desk.type_digits("12")
    await screen.says("Enter the four digits on the resident’s phone")
    await desk.digits.fill("")
    for left in ("2 tries", "1 try"):
        await desk.type_digits(wrong(digits))
        await screen.says(f"You have {left} left")
        await screen.look(OPENED, "desk-wrong-digits")
    await desk.type_digits(wrong(digits))
    await screen.look("Stopped: wrong digits three times", "desk-digits-over")
    await phone.look("The numbers did not match three times", "counter-digits-over")
    await screen.button("Show a new code").click()
    await desk.says(WAITING)
    async with a_phone(town.issuer) as other:
        await scan(desk, phone)
        await expect(phone.heading(HERE)).to_be_visible()
        other.foresee("409")
        await scan(desk, other)
        await other.look("Someone else has opened this code", "counter-taken")
        await other.button("Go to your vault").click()
        await other.look(CREATE)
    await screen.look(OPENED, "desk-second-phone")
    await screen.says("A second phone tried to open this.")
    await phone.button("No, stop").click()
    await phone.look("You stopped this", "counter-not-here")
    await screen.look("Stopped on the phone", "desk-left")
    await screen.button("Show a new code").click()
    await desk.says(WAITING)
    gone = desk.task.exchange.address
    town.pds.clock.ahead += 121
    await screen.look("Timed out", "desk-timed-out")
    phone.foresee("410|404")
    await phone.page.goto(gone)
    await phone.look("The time for this code is over", "counter-timed-out")


async def test_a_lost_line_is_waited_out_and_a_suspended_desk_is_not(town: Town, desk: Desk, phone: Phone) -> None:
    for one in (phone, desk.screen):
        one.foresee("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_INCOMPLETE_CHUNKED")
    await desk.enrol()
    await with_a_vault(town, phone)
    await desk.begin()
    await scan(desk, phone)
    await phone.button(f"Yes, I am at {LIBRARY}").click()
    digits = await digits_on(phone)
    await phone.context.set_offline(True)
    await phone.says("You are offline")
    town.pds.clock.ahead += 10
    await desk.type_digits(digits)
    await desk.says(ASKED)
    await phone.context.set_offline(False)
    await expect(phone.heading(QUESTION)).to_be_visible()
    await fill_in(phone)
    await desk.screen.context.set_offline(True)
    desk.drop_connections()
    await desk.screen.says("The connection to the desk is interrupted.")
    town.pds.clock.ahead += 10
    await phone.button(f"Share 2 details with {SERVICE}").click()
    await expect(phone.heading(f"You shared 2 details with {SERVICE}")).to_be_visible()
    await desk.says(ASKED)
    await desk.screen.context.set_offline(False)
    await desk.says(SHARED)
    await desk.screen.says(NAME)
    await desk.screen.button("Done").click()
    await paired(desk, phone)
    phone.foresee("410|404")
    await registry.suspend(desk.setup.client_id, suspended=True)
    await phone.look("This desk has been stopped", "counter-stopped")
    await desk.screen.look("This service has been stopped", "desk-suspended")
    await desk.screen.button("Done").click()
    await desk.says(ERRAND)
    await desk.screen.says("This service has been suspended in the register")


async def test_the_wallets_own_scanner_reads_the_desks_screen(town: Town, desk: Desk, tmp_path: Path) -> None:
    await desk.enrol()
    await desk.begin()
    picture = await desk.screen.page.locator("svg.qr").screenshot()
    elsewhere = qr_svg("HTTPS://ELSEWHERE.EXAMPLE/Q/" + "0" * 26)
    poster = await desk.screen.context.new_page()
    await poster.set_content(f"<style>svg{{width:320px}}</style>{elsewhere}")
    trap = await poster.locator("svg").screenshot()
    film(tmp_path / "film.y4m", [*[trap] * 20, *[picture] * 20])
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    async with a_phone(town.issuer, flags=[*camera, f"--use-file-for-fake-video-capture={tmp_path}/film.y4m"]) as phone:
        await with_a_vault(town, phone)
        await phone.button("Use a code that a desk shows you").click()
        await phone.button("Scan the picture").click()
        await phone.says("That picture is not from one of your vault’s own desks.")
        await expect(phone.heading(HERE)).to_be_visible()
        assert phone.sent("/api/counters") != []
        assert await phone.page.locator("video").count() == 0, "the camera is off"


def film(path: Path, pictures: list[bytes]) -> None:
    """What a hand-held camera sees, one second after the other: YUV4MPEG2, grey, a little tilted."""
    width, height = 640, 480
    frames = []
    for picture in pictures:
        seen = Image.open(io.BytesIO(picture)).convert("L").resize((360, 360)).rotate(7, expand=True, fillcolor=255)
        frame = Image.new("L", (width, height), 255)
        frame.paste(seen, ((width - seen.width) // 2, (height - seen.height) // 2))
        frames.append(b"FRAME\n" + frame.tobytes() + b"\x80" * (width * height // 2))
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + b"".join(frames))


async def tab_to(screen: Phone, name: str | re.Pattern[str]) -> None:
    """By the Tab key alone."""
    wanted = screen.page.get_by_role("button", name=name, exact=isinstance(name, str))
    await expect(wanted).to_be_visible()
    for _ in range(30):
        await screen.page.keyboard.press("Tab")
        if await wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{name}: not reached by Tab")


async def clipboard(screen: Phone) -> str:
    text: str = await screen.page.evaluate("navigator.clipboard.readText()")
    return text
