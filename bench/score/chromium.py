"""The same forms in a browser: three residents, the wallet as they see it, and what the boxes hold afterwards."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import ECKey
from playwright.async_api import TimeoutError as TookTooLong
from playwright.async_api import expect

from bench.score.forms import Form
from bench.score.judging import Score, allowed, judge
from bench.score.people import Person
from bench.score.running import Broken
from bench.score.site import FILL, Learnt
from bench.score.town import Town, open_town
from pds.core import derived
from pds.demo.registration import BACK
from tests.browser.phone import Phone, a_phone
from tests.conftest import Clock

# Everything held and nothing special; address protection; a rule for one service.
IN_A_BROWSER = ("sian", "amara", "omar")
_SHARE = re.compile(r"^Share \d+ details? with ")
_BOXES = "() => Object.fromEntries([...document.querySelectorAll('input')].map((box) => [box.name, box.value]))"
# An optional detail that the vault holds: what it lacks has no value to look at.
_OPTIONAL = ".app-detail:has(.app-detail__head) input[type=checkbox][id$='--share']"
_MISSING = ".app-detail:not(:has(.app-detail__head)):not(:has(input[id$='--share']))"
_PATIENCE = 5_000  # milliseconds; the wallet goes back by itself some seconds after the button appeared


async def run_in_chromium(
    folder: Path, forms: Iterable[Form], people: Iterable[Person], *, key: ECKey, wallet: Path
) -> dict[str, Score]:
    """The score of each form with those of these residents who use a browser. `wallet` is built for the key."""
    async with open_town(folder, forms, clock=Clock(), key=key, wallet=wallet) as town:
        scores = {form.id: Score() for form in town.forms}
        async with asyncio.TaskGroup() as group:
            for person in people:
                if person.id in IN_A_BROWSER:
                    group.create_task(_one(town, person, scores))
        for form in town.forms:
            scores[form.id].over_asking = town.pushed[form.id].over_asking
        return scores


async def _one(town: Town, person: Person, scores: dict[str, Score]) -> None:
    """With a new telephone, on which the vault is opened by its recovery code."""
    chosen = person.preferences(town.forms, town.sites)
    _resident, code = await town.moves_in(person)
    async with a_phone(town.pds.issuer) as phone:
        await _come_in(phone, code)
        for form in town.forms:
            site, pushed, now = town.sites[form.id], town.pushed[form.id], town.pds.clock()
            shared = bool(form.within) and await _through_the_wallet(phone, form, site)
            if not form.within:
                await phone.page.goto(f"{site}/")
            held: dict[str, str] = await phone.page.evaluate(_BOXES)
            back = [one.url for one in phone.requests if one.url.startswith(f"{site}{BACK}?")]
            learnt = pushed.learnt[parse_qs(urlsplit(back[-1]).query)["state"][0]] if back else Learnt()
            may, today = allowed(form, chosen, site, now), derived.london_day(now)
            declined = not shared and _lacks(person, form, may, today)
            who = replace(person, says_no=person.says_no | {form.id}) if declined else person
            judge(scores[form.id], form, who, held, await phone.page.content(), learnt, may, today=today)


def _lacks(person: Person, form: Form, may: frozenset[str], today: date) -> bool:
    """Whether a vault does not hold something without which the form cannot be finished."""
    needed = {id for id, wish in form.within.items() if wish.get("required") and id in may}
    had = {box.attribute for box in form.boxes if person.types(form, box, today) is not None}
    return bool(needed - had)


async def _come_in(phone: Phone, code: str) -> None:
    await phone.page.goto(phone.issuer)
    await phone.button("I already have a vault").click()
    await phone.button("Lost your passkey or passphrase? Use your recovery code").click()
    await phone.box("Recovery code").fill(code)
    await phone.button("Unlock with the code").click()
    await phone.button("Create a new passkey").click()
    await expect(phone.heading("Your vault")).to_be_visible()


async def _decide_singly(phone: Phone, form: Form) -> None:
    """What has a page of its own: shared there where the vault holds it, without a look at its value."""
    pages = await phone.page.get_by_text("You have not decided yet.").count()
    if not pages:
        return
    await phone.button("Continue").click()
    for number in range(1, pages + 1):
        caption = "Private detail" if pages == 1 else f"Private detail {number} of {pages}"
        await expect(phone.page.get_by_text(caption, exact=True)).to_be_visible()
        held = await phone.page.locator(".app-detail__head").count()
        await phone.button("Share this" if held else "Do not share this").click()
    await expect(phone.heading(f"{form.name} asks for your details")).to_be_visible()


async def _through_the_wallet(phone: Phone, form: Form, site: str) -> bool:
    """From the form to the wallet and back; whether it was shared, which is all that is held and allowed, or nothing.

    The wallet has people type what a form cannot do without. Who would have to type it says no: it is not re-entry.
    """
    await phone.page.goto(f"{site}/")
    await phone.button(FILL).click()
    await expect(phone.heading(f"{form.name} asks for your details")).to_be_visible()
    if await phone.page.locator(_MISSING).count():
        await phone.button("Do not share").click()
        await expect(phone.heading(form.name)).to_be_visible()
        return False
    for tick in await phone.page.locator(_OPTIONAL).all():
        await tick.check()
    await _decide_singly(phone, form)
    await phone.button(_SHARE).click()
    with suppress(TookTooLong):
        await phone.button(f"Continue to {form.name} now").click(timeout=_PATIENCE)
    await expect(phone.heading(form.name)).to_be_visible()
    if phone.page.url != f"{site}/":
        raise Broken(f"{form.id}: the wallet went to {phone.page.url}")
    return True
