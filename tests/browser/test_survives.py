"""What brought a resident here, and what she made, outlive lost answers, reloads, a second tab and a lock."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from playwright.async_api import Error, Route, expect

from pds.grants.models import GrantRow
from pds.residents.models import ResidentRow
from tests.browser.canary import KEPT_IN_BROWSER, forms
from tests.browser.phone import Phone, a_phone, watch
from tests.browser.story import (
    APPLY,
    ASKED,
    CAR,
    CODE,
    CREATE,
    EMAIL,
    HOME,
    LINE1,
    NAME,
    PERMIT,
    PLACE,
    POSTCODE,
    UNLOCK,
    Resident,
)
from tests.browser.test_old_browsers import NO_PASSKEYS, make_passphrase_vault
from tests.browser.town import Town

SHARE = f"Share 4 details with {PERMIT}"
LOST = r"net::ERR_FAILED|status of 4(12|22)"


class BadLine:
    """Loses each kind of call to the vault once: on its way there, or its answer on the way back."""

    def __init__(self, *, answers: bool) -> None:
        self.answers = answers
        self.lost: list[str] = []

    async def call(self, route: Route) -> None:
        path = re.sub(r"/[A-Za-z0-9_-]{22}(?=/|$)", "/…", route.request.url.partition("/api/")[2].partition("?")[0])
        name = f"{route.request.method} {path}"
        if name in self.lost:
            await route.continue_()
            return
        self.lost.append(name)
        if self.answers:
            await route.fetch()
        await route.abort()


@asynccontextmanager
async def patience(phone: Phone) -> AsyncIterator[None]:
    """Somebody who presses what there is to press whenever the wallet says that something went wrong."""

    async def press() -> None:
        while True:
            await asyncio.sleep(0.1)
            with suppress(Error):
                if await phone.page.locator("#trouble, [data-trouble]").count():
                    again = phone.page.get_by_role("button", name=re.compile(f"^(Try again|{SHARE})$"))
                    await again.first.click(timeout=500)

    task = asyncio.create_task(press())
    try:
        yield
    finally:
        task.cancel()


async def _until_shared(sian: Resident) -> None:
    phone = sian.phone
    await sian.save_code()
    await phone.look(ASKED)
    await sian.type_details()
    await phone.button(SHARE).click()
    await phone.look(APPLY)
    await sian.has_form_filled()


@pytest.mark.parametrize("answers", [False, True], ids=["calls lost", "answers lost"])
async def test_every_call_may_be_lost_once_and_there_is_one_vault_one_passkey_and_one_grant(
    town: Town, phone: Phone, *, answers: bool
) -> None:
    sian, line = Resident(town, phone), BadLine(answers=answers)
    phone.foresee(LOST)
    await sian.open_permit_form()
    await phone.page.route(f"{town.issuer}/api/**", line.call)
    async with patience(phone):
        await sian.fill_in_from_vault()
        await expect(phone.heading(CREATE)).to_be_visible()
        await phone.button("Create a vault with a passkey").click()
        await _until_shared(sian)
    assert {"GET requests/…", "POST vaults", "POST vault/methods", "POST requests/…/approval"} <= set(line.lost)
    assert await ResidentRow.all().count() == 1
    assert await phone.passkeys() == 1
    assert [grant.state for grant in await GrantRow.all()] == ["active"]


async def test_a_passphrase_vault_whose_every_answer_is_lost_once_is_made_once(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone:
        sian, line = Resident(town, phone), BadLine(answers=True)
        phone.foresee(LOST)
        await sian.open_permit_form()
        await phone.page.route(f"{town.issuer}/api/**", line.call)
        async with patience(phone):
            await sian.fill_in_from_vault()
            await phone.button("Create a vault with a passphrase").click()
            await make_passphrase_vault(sian)
            await _until_shared(sian)
        assert {"POST vaults", "POST login/proof"} <= set(line.lost)
        assert await ResidentRow.all().count() == 1


async def test_the_files_of_a_passphrase_may_be_lost_once_too(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone:
        sian, lost = Resident(town, phone), set[str]()

        async def lose(route: Route) -> None:
            file = route.request.url.rpartition("/")[2]
            await (route.continue_() if file in lost else route.abort())
            lost.add(file)

        phone.foresee("net::ERR_FAILED")
        await phone.page.goto(town.issuer)
        await phone.look(CREATE)
        await phone.page.route(re.compile(r"/assets/(more|words|kdf)"), lose)
        async with patience(phone):
            await phone.button("Create a vault with a passphrase").click()
            await make_passphrase_vault(sian)
            await phone.look(CODE)
        assert len(lost) == 4


async def test_a_page_loaded_again_after_a_lost_answer_finds_the_vault_that_was_made(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    phone.foresee(LOST)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    await phone.page.route(f"{town.issuer}/api/vaults", BadLine(answers=True).call)
    await phone.button("Create a vault with a passkey").click()
    await phone.says("We could not connect")
    await phone.page.reload()
    await phone.look(UNLOCK)
    await phone.button("Unlock with a passkey").click()
    await phone.look(ASKED)
    assert await ResidentRow.all().count() == 1


async def test_what_is_opened_in_one_tab_is_open_in_the_one_that_waits(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    waiting = phone.page
    phone.page = await phone.context.new_page()
    watch(phone, phone.page)
    await phone.page.goto(town.issuer)
    await phone.button("Create a vault with a passphrase").click()
    await make_passphrase_vault(sian)
    await expect(phone.heading(CODE)).to_be_visible()
    await phone.page.close()
    phone.page = waiting
    await phone.look(ASKED)
    await phone.page.go_back()
    await phone.page.go_forward()
    await expect(phone.heading(ASKED)).to_be_visible()
    assert await ResidentRow.all().count() == 1


READ_DRAFT = "() => sessionStorage.getItem('draft')"


async def _draft(phone: Phone) -> str | None:
    """What the tab keeps of what was typed, once nothing more is being sealed."""
    before: str | None = ""
    now: str | None = None
    while before != now:
        before = now
        await phone.page.evaluate(
            "async () => { for (let n = 0; n < 20; n++) await new Promise(requestAnimationFrame); }"
        )
        now = await phone.page.evaluate(READ_DRAFT)
    return now


async def test_what_was_typed_outlives_a_reload_and_is_never_kept_in_the_clear(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.arrive_at_asked()
    await sian.type_details()
    await phone.tick("Use what I type here once. Do not keep it in my vault.").check()
    await phone.page.get_by_role("radio").last.check()
    assert await _draft(phone) is not None
    kept = await phone.page.evaluate(KEPT_IN_BROWSER)
    for secret in (NAME, LINE1, PLACE, POSTCODE, CAR, EMAIL):
        assert [form for form, needle in forms(secret).items() if needle in kept.encode()] == []
    await phone.page.reload()
    await phone.look(ASKED)
    await expect(phone.box("Full name")).to_have_value(NAME)
    await expect(phone.box("Postcode")).to_have_value(POSTCODE)
    await expect(phone.box("Email address")).to_have_value(EMAIL)
    await expect(phone.page.get_by_role("radio").last).to_be_checked()
    await expect(phone.tick("Use what I type here once. Do not keep it in my vault.")).to_be_checked()
    # Away and back again, too; and what was answered is kept no longer.
    await phone.page.go_back()
    await phone.page.go_forward()
    await sian.share(4, PERMIT)
    await phone.look(APPLY)
    await sian.has_form_filled()
    await sian.open_vault()
    assert await phone.page.evaluate(READ_DRAFT) is None


@pytest.mark.parametrize("shared", [True, False], ids=["a shared computer", "one's own"])
async def test_what_was_typed_is_gone_with_the_lock(town: Town, phone: Phone, *, shared: bool) -> None:
    sian = Resident(town, phone)
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(CREATE)
    await phone.tick("This is a shared computer").set_checked(shared)
    await sian.create_vault()
    await phone.look(ASKED)
    await phone.type(Full_name=NAME)
    assert (await _draft(phone) is None) is shared
    await sian.go("Lock vault")
    await phone.look(UNLOCK)
    assert await phone.page.evaluate(READ_DRAFT) is None
    await phone.button("Unlock with a passkey").click()
    await phone.look(ASKED)
    await expect(phone.box("Full name")).to_have_value("")


@pytest.mark.parametrize("shared", [True, False])
async def test_a_shared_computer_keeps_nothing_and_ones_own_remembers_which_vault(
    town: Town, phone: Phone, shared: bool
) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    await phone.button("Create a vault with a passphrase").click()
    await phone.tick("This is a shared computer").set_checked(shared)
    await make_passphrase_vault(sian)
    await sian.save_code()
    await phone.look(HOME)
    assert ('"vault"' in await phone.page.evaluate(KEPT_IN_BROWSER)) is not shared, "not even before the lock"
    await sian.go("Lock vault")
    await phone.look(UNLOCK)
    await phone.page.reload()
    await phone.look(CREATE if shared else UNLOCK)
    kept = await phone.page.evaluate(KEPT_IN_BROWSER)
    assert (set(re.sub(r"\s", "", kept)) <= set("{}[]")) is shared
    assert await phone.page.evaluate("async () => (await caches.keys()).length") == 0
