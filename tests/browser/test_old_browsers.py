"""Browsers that lack something: passkeys, passkeys that open a vault, Ed25519, a place to keep things."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.phone import Phone, a_phone
from tests.browser.story import APPLY, ASKED, CODE, CREATE, HOME, PERMIT, UNLOCK, Resident
from tests.browser.town import Town

NO_PASSKEYS = "delete globalThis.PublicKeyCredential;"
NO_ED25519 = """
  globalThis.refused = 0;
  for (const name of ["importKey", "generateKey"]) {
    const original = SubtleCrypto.prototype[name];
    SubtleCrypto.prototype[name] = function (...given) {
      const named = given.some((one) => one === "Ed25519" || one?.name === "Ed25519");
      if (!named) return original.apply(this, given);
      globalThis.refused += 1;
      return Promise.reject(new DOMException("Ed25519", "NotSupportedError"));
    };
  }
"""
REFUSE = "const refuse = () => { throw new DOMException('refused', 'SecurityError'); }; %s"
WITH_PHRASE = "Create your vault with a passphrase"
TYPE_PHRASE = "Unlock with your passphrase"


async def make_passphrase_vault(sian: Resident) -> tuple[str, str]:
    """From the screen that makes a passphrase into the new vault; its name and passphrase."""
    await sian.phone.look(WITH_PHRASE, "new-passphrase")
    name = await sian.phone.box("Your vault’s name").input_value()
    words = await sian.phone.page.locator("#words").inner_text()
    assert re.fullmatch(r"([a-z]{3,8} ){6}[a-z]{3,8}", words)
    await sian.phone.button("I have written them down. Create my vault").click()
    return name, words


async def unlock_with(phone: Phone, name: str, words: str) -> None:
    await phone.look(TYPE_PHRASE, "with-passphrase")
    await phone.type(**{"Your vault’s name": name, "Passphrase": words})
    await phone.button("Unlock").click()


async def test_without_passkeys_a_passphrase_does_all_of_it(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone:
        sian = Resident(town, phone)
        await sian.open_permit_form()
        await sian.fill_in_from_vault()
        await phone.look(CREATE, "create-without-passkeys")
        await expect(phone.button("Create a vault with a passkey")).to_have_count(0)
        await phone.button("Create a vault with a passphrase").click()
        name, words = await make_passphrase_vault(sian)
        await sian.save_code()
        await phone.look(ASKED)
        await sian.type_details()
        await sian.share(4, PERMIT)
        await sian.open_vault()
        await sian.go("Lock vault")
        await phone.look(UNLOCK, "locked-named")
        await phone.button("Unlock with a passphrase").click()
        await phone.look(TYPE_PHRASE)
        await expect(phone.box("Your vault’s name")).to_have_value(name)
        phone.foresee("status of 422")
        await phone.type(Passphrase="apple apple apple")
        await phone.button("Unlock").click()
        await phone.says("No vault opens with this name and passphrase. Check both against your copy")
        await phone.look(TYPE_PHRASE, "wrong-passphrase")
        await unlock_with(phone, name.lower().replace("-", " "), words.upper())
        await phone.look(HOME)
        assert len(town.grants[town.parking]) == 1


async def test_a_passkey_that_cannot_open_a_vault_leads_to_a_passphrase_with_nothing_lost(town: Town) -> None:
    async with a_phone(town.issuer, prf=False) as phone:
        sian = Resident(town, phone)
        await sian.open_permit_form()
        await sian.fill_in_from_vault()
        await phone.look(CREATE)
        await phone.tick("This is a shared computer").check()
        await phone.button("Create a vault with a passkey").click()
        await phone.look("This passkey cannot open a vault", "no-prf")
        await phone.button("Use a passphrase").click()
        await expect(phone.tick("This is a shared computer")).to_be_checked()
        await phone.tick("This is a shared computer").uncheck()
        await make_passphrase_vault(sian)
        await sian.save_code()
        await phone.look(ASKED)
        await sian.type_details()
        await sian.share(4, PERMIT)
        await phone.look(APPLY)
        await sian.has_form_filled()


async def test_an_own_passphrase_has_to_be_as_hard_to_guess_as_ours(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_PASSKEYS]) as phone:
        await phone.page.goto(town.issuer)
        await phone.look(CREATE)
        await phone.button("Create a vault with a passphrase").click()
        await phone.look(WITH_PHRASE)
        await phone.button("Choose my own passphrase").click()
        await phone.look(WITH_PHRASE, "own-passphrase")
        await phone.type(**{"Your own passphrase": "Anytown2024!"})
        await phone.button("I have written them down. Create my vault").click()
        await phone.says("Your passphrase is too easy to guess.")
        await phone.look(WITH_PHRASE, "own-passphrase-weak")
        await phone.button("Hide the passphrase").click()
        own = "seven grey herons waded past our crooked gate before breakfast"
        await phone.type(**{"Your own passphrase": own, "Type it again": own + "!"})
        await phone.button("I have written them down. Create my vault").click()
        await phone.says("The two passphrases are not the same.")
        await phone.type(**{"Type it again": own})
        await phone.button("I have written them down. Create my vault").click()
        await phone.look(CODE)


async def test_a_passphrase_is_added_to_a_vault_with_a_passkey(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    code = await sian.create_vault()
    await phone.look(HOME)
    await phone.button("Passkeys, passphrase and recovery code").click()
    await phone.look("Ways to unlock", "ways")
    await phone.button("Add a passphrase").click()
    name, words = await _add_passphrase(phone)
    await phone.says("Your passphrase is ready.")
    await sian.come_back_with(code)
    await phone.button("Passkeys, passphrase and recovery code").click()
    await phone.look("Ways to unlock", "ways-all")
    await phone.says(f"With your vault’s name {name}")
    await sian.go("Lock vault")
    await phone.button("Unlock with a passphrase").click()
    await unlock_with(phone, name, words)
    await phone.look(HOME)


async def test_without_ed25519_in_the_browser_the_recovery_code_still_works(town: Town) -> None:
    async with a_phone(town.issuer, scripts=[NO_ED25519]) as phone:
        sian = Resident(town, phone)
        await phone.page.goto(town.issuer)
        code = await sian.create_vault()
        await phone.look(HOME)
        await sian.come_back_with(code)
        assert await phone.page.evaluate("globalThis.refused") > 0
        assert [one for one in phone.requests if "/assets/ed25519-" in one.url], "the library took its place"


async def _add_passphrase(phone: Phone) -> tuple[str, str]:
    await phone.look("Add a passphrase", "add-passphrase")
    name = await phone.box("Your vault’s name").input_value()
    words = await phone.page.locator("#words").inner_text()
    await phone.button("I have written them down. Add the passphrase").click()
    await phone.look(HOME)
    return name, words


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });", "refuses cookies"),
        (REFUSE % "Object.defineProperty(globalThis, 'sessionStorage', { get: refuse });", "does not let us keep"),
        (REFUSE % "IDBFactory.prototype.open = refuse;", "does not let us keep"),
        (REFUSE % "IDBObjectStore.prototype.put = refuse;", "does not let us keep"),
    ],
    ids=["cookies", "sessionStorage", "IndexedDB", "keys in IndexedDB"],
)
async def test_a_browser_that_keeps_nothing_is_told_before_anything_is_typed(
    town: Town, script: str, words: str
) -> None:
    async with a_phone(town.issuer, scripts=[script]) as phone:
        sian = Resident(town, phone)
        await sian.open_permit_form()
        await sian.fill_in_from_vault()
        await phone.look(re.compile(words), "keeps-nothing")
        await expect(phone.page.get_by_role("textbox")).to_have_count(0)
        await expect(phone.button("Try again")).to_be_visible()
        if "cookies" in words:
            return
        await phone.button("Go on without keeping anything").click()
        await phone.says("This browser keeps nothing")
        await phone.look(CREATE, "create-keeping-nothing")
        await expect(phone.tick("This is a shared computer")).to_have_count(0)
        if "sessionStorage" not in script:
            return
        await sian.create_vault()
        await phone.look(ASKED)
        await sian.type_details()
        await sian.share(4, PERMIT)
        await sian.has_form_filled()
        # What the browser does not keep is not kept by us in another way.
        await phone.page.goto(town.issuer)
        await phone.look(re.compile(words))
