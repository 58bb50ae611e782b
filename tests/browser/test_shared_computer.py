"""In a library: "Your vault locks after 5 minutes and leaves nothing behind." The browser's own files are searched."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pds.core.recovery import parse_code
from tests.browser.canary import WATCH_SECRETS, Evidence, Secret, read_folder
from tests.browser.phone import a_phone
from tests.browser.story import DETAILS, HOME, LINE1, NAME, POSTCODE, UNLOCK, Resident
from tests.browser.town import Town


async def _visit(town: Town, profile: Path, *, shared: bool) -> Mapping[str, set[bytes]]:
    """Make a vault, put a name and an address into it, lock, go home; the secrets that the wallet held."""
    held: dict[str, set[bytes]] = defaultdict(set)

    async def tell(_source: Any, kind: str, digits: str) -> None:
        # The wallet tries whether the browser can keep a key at all with one of zeros, which is no secret.
        if any(key := bytes.fromhex(digits)):
            held[kind].add(key)

    async with a_phone(town.issuer, scripts=[WATCH_SECRETS], profile=profile) as phone:
        await phone.context.expose_binding("tellTest", tell)
        sian = Resident(town, phone)
        await phone.page.goto(town.issuer)
        await phone.tick("This is a shared computer").set_checked(shared)
        held["code"].add(parse_code(await sian.create_vault()))
        await phone.look(HOME)
        for button, boxes in (
            ("Add full name", {"Full_name": NAME}),
            ("Add home address", {"Address_line_1": LINE1, "Postcode": POSTCODE}),
        ):
            await sian.go(DETAILS)
            await phone.button(button).click()
            await phone.type(**boxes)
            await phone.button("Save").click()
            await phone.look(DETAILS)
        await sian.go("Lock vault")
        await phone.look(UNLOCK)
        await phone.page.reload()
        await phone.look("Create your vault" if shared else UNLOCK)
    return held


def _left(profile: Path, secrets: Mapping[str, Secret]) -> set[tuple[str, str]]:
    evidence = Evidence()
    read_folder(profile, evidence)
    return {(name, place) for name, _, place in evidence.finds(secrets)}


async def test_a_shared_computer_keeps_nothing_that_was_typed(town: Town, tmp_path: Path) -> None:
    await _visit(town, tmp_path / "profile", shared=True)
    assert _left(tmp_path / "profile", {value: value for value in (NAME, LINE1, POSTCODE)}) == set()


async def test_a_shared_computer_keeps_no_key(town: Town, tmp_path: Path) -> None:
    held = await _visit(town, tmp_path / "profile", shared=True)
    keys = {f"{kind} {key.hex()[:8]}": key for kind, found in held.items() for key in found}
    assert _left(tmp_path / "profile", keys) == set()


async def test_the_recovery_code_stays_on_paper(town: Town, tmp_path: Path) -> None:
    held = await _visit(town, tmp_path / "profile", shared=False)
    secrets: dict[str, Secret] = {
        f"{kind} {key.hex()[:8]}": key for kind in ("code", "PRF output") for key in held[kind]
    }
    assert _left(tmp_path / "profile", secrets) == set()
