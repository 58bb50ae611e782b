"""A malicious server against the wallet in a browser: what a resident reads, and that nothing goes out afterwards."""

import dataclasses
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import ECKey
from playwright.async_api import expect

from pds.core import jose
from pds.core.encoding import b64u, digest
from pds.demo.wallet import build_wallet
from pds.settings import Settings
from tests.browser import story
from tests.browser.phone import a_phone
from tests.browser.story import DETAILS, HOME, PERMIT, UNLOCK
from tests.browser.test_old_browsers import make_passphrase_vault, unlock_with
from tests.browser.town import a_town
from tests.conftest import Clock
from tests.hostile import attacks
from tests.hostile.attacks import CHANGED, FORKED, MISSING, NOT_OPENED, OLDER, TAMPERED, WEAKENED, WHO, Attack
from tests.hostile.proxy import Lie, Proxy, answer, instead, members, reworded, swallowed, told
from tests.people import resident_of

VAULT, GRANTS, LOG = "GET /api/vault", "GET /api/grants", "GET /api/grants/*/log"
REQUEST, INDEX, COMMITS = "GET /api/requests/*", "GET /registry/index", "POST /api/vault/commits"
CHALLENGES, PROOF = "POST /api/challenges", "POST /api/login/proof"
SEEING = "Who can see my details"
NO_VAULT: dict[str, Any] = {"epoch": 1, "seq": 1, "manifests": [], "methods": [], "items": []}


@pytest.fixture
def settings(settings: Settings, registrar_key: ECKey, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    built = build_wallet([jose.public_jwk(registrar_key)], tmp_path_factory.getbasetemp() / "wallets")
    return dataclasses.replace(settings, wallet=built)


@dataclass(frozen=True)
class Sian(story.Resident):
    """A resident with a parking permit, and a server that may lie to her."""

    proxy: Proxy

    async def has_a_permit(self) -> str:
        """Her story up to the shared details, with no eye for the screens: that is for story.py. The recovery code."""
        phone = self.phone
        await phone.page.goto(self.town.parking)
        await self.fill_in_from_vault()
        await phone.button("Create a vault with a passkey").click()
        await expect(phone.heading(story.CODE)).to_be_visible()
        groups = await phone.page.get_by_role("main").get_by_role("listitem").all_inner_texts()
        await phone.button("I have saved it").click()
        for box in await phone.page.get_by_role("textbox").all():
            label = await box.evaluate("box => box.labels[0].textContent")
            await box.fill(groups[int("".join(filter(str.isdigit, label))) - 1])
        await phone.button("Confirm my code").click()
        await self.type_details()
        await phone.button(f"Share 4 details with {PERMIT}").click()
        await phone.button(f"Continue to {PERMIT} now").click()
        await expect(phone.heading(story.APPLY)).to_be_visible()
        return "-".join(groups)

    async def reads(self, words: str, place: str, lie: Lie) -> None:
        """The server lies while she opens her vault: she reads this, and nothing is sent from then on."""
        self.proxy.lie(place, lie)
        before = len(self.phone.requests)
        await self.phone.page.goto(self.town.issuer)
        await self.phone.look(words)
        self.sends_nothing_since(before)
        self.proxy.repent()

    def sends_nothing_since(self, before: int) -> None:
        sent = [one.url for one in self.phone.requests[before:] if one.method != "GET"]
        assert sent == [], "something was sent to a server that had been caught"

    async def tries_again(self) -> None:
        await self.phone.button("Try again").click()
        await self.phone.look(HOME)

    async def changes_email(self, email: str) -> None:
        await self.open_vault()
        await self.go(DETAILS)
        await self.phone.button("Change email address").click()
        await self.phone.box("Email address").fill(email)
        await self.phone.button("Save").click()

    async def looks_who(self) -> None:
        await self.open_vault()
        await self.go(SEEING)
        await self.phone.look(SEEING)


@pytest.fixture
async def sian(settings: Settings, clock: Clock, registrar_key: ECKey, proxy: Proxy) -> AsyncIterator[Sian]:
    behind = urlsplit(proxy.server).port
    async with a_town(settings, clock, registrar_key, port=behind) as town, a_phone(town.issuer) as phone:
        yield Sian(town, phone, proxy)


async def test_a_vault_that_the_server_changed_stays_locked_and_says_so(sian: Sian) -> None:
    await sian.has_a_permit()
    await sian.open_vault()
    yesterday = sian.proxy.said(VAULT)[-1]
    await sian.changes_email("sian@example.org")
    await sian.phone.look(DETAILS)
    old = [attacks.old_revision(yesterday.json()), attacks.old_bytes(yesterday.json())]
    changed = [Attack("", script, "", CHANGED) for script in old]
    for attack in [*attacks.VAULT, *changed]:
        await sian.reads(attack.words, VAULT, told(attack.script))
        await sian.tries_again()
    await sian.reads(OLDER, VAULT, instead(yesterday))
    await sian.tries_again()
    await sian.reads(MISSING, VAULT, told(attacks.VAULT[2].script))
    await sian.tries_again()
    await sian.go(DETAILS)
    await sian.phone.says("sian@example.org")


async def test_a_change_that_was_not_kept_is_missed_and_two_devices_are_not_shown_two_vaults(sian: Sian) -> None:
    """The telephone is told that its change is kept; what the server keeps is the tablet's."""
    code = await sian.has_a_permit()
    await sian.open_vault()
    seq = sian.proxy.said(VAULT)[-1].json()["seq"]
    async with resident_of(sian.town.pds) as tablet:
        await tablet.login(code)
        sian.proxy.lie("POST /api/publications", instead(answer(200, {"seq": seq + 1})))
        await sian.changes_email("sian@example.org")
        await sian.phone.look(DETAILS)
        sian.proxy.repent()
        await sian.reads(OLDER, VAULT, reworded(lambda said: said))
        await tablet.change("contact.mobile", "07700900123")
        await sian.reads(FORKED, VAULT, reworded(lambda said: said))


async def test_wraps_of_another_vault_open_nothing(sian: Sian) -> None:
    await sian.has_a_permit()
    async with resident_of(sian.town.pds) as other:
        await other.create()
        await other.open()
        theirs = sian.proxy.said(VAULT)[-1].json()
    await sian.open_vault()
    await sian.go("Lock vault")
    await sian.phone.look(UNLOCK)
    for lie in (told(attacks.wraps_of(theirs)), told(attacks.older_format_of_wraps), members(epoch=2)):
        sian.proxy.lie(VAULT, lie)
        await sian.phone.button("Unlock with a passkey").or_(sian.phone.button("Try again")).click()
        await sian.phone.says(NOT_OPENED)
        await sian.phone.look(UNLOCK)
    sian.proxy.repent()
    await sian.tries_again()


async def test_a_passphrase_is_never_used_in_a_weaker_way_than_this_release_says(sian: Sian) -> None:
    """Whatever suite or salt the server names: nothing that is made from the passphrase reaches it."""
    phone, proxy = sian.phone, sian.proxy
    await phone.page.goto(sian.town.issuer)
    await phone.button("Create a vault with a passphrase").click()
    name, words = await make_passphrase_vault(sian)
    await phone.button("Do this later").click()
    await phone.look(HOME)
    vault = proxy.sent("POST /api/vaults")[0].json()["vault"]
    await sian.go("Lock vault")
    await phone.button("Unlock with a passphrase").click()
    for lie in (members(suite=0), members(suite=2), members(salt=b64u(b"short")), members(salt="")):
        proxy.lie(CHALLENGES, lie)
        asked = len(phone.requests)
        await unlock_with(phone, name, words)
        await phone.says(WEAKENED)
        sent = [one.url.removeprefix(sian.town.issuer) for one in phone.requests[asked:] if one.method == "POST"]
        assert sent == ["/api/challenges"], "something made from the passphrase was sent"
        await phone.look("Unlock with your passphrase", "weaker-lock")
        await phone.page.reload()
        await phone.button("Unlock with a passphrase").click()
    # With a salt of its own it learns no more than a wrong guess, even when it plays along.
    proxy.lie(CHALLENGES, members(salt=b64u(bytes(16))))
    proxy.lie(PROOF, instead(answer(200, {"vault": vault})))
    proxy.lie(VAULT, instead(answer(200, {**NO_VAULT, "vault": vault})))
    await unlock_with(phone, name, words)
    await phone.says("No vault opens with this name and passphrase.")
    # Numbers beside the suite count for nothing, and the honest server's answer opens the vault.
    proxy.repent()
    proxy.lie(CHALLENGES, members(memory=8, iterations=1, parallelism=1))
    await unlock_with(phone, name, words)
    await phone.look(HOME)


async def test_a_request_that_the_server_changed_is_not_shown(sian: Sian) -> None:
    await sian.has_a_permit()
    for attack in attacks.REQUEST:
        sian.proxy.lie(REQUEST, told(attack.script))
        before = len(sian.proxy.sent("POST /api/requests/*/approval"))
        await sian.open_permit_form()
        asked = len(sian.phone.requests) + 1
        await sian.fill_in_from_vault()
        await sian.phone.look(attack.words)
        sian.sends_nothing_since(asked)
        assert len(sian.proxy.sent("POST /api/requests/*/approval")) == before
    sian.proxy.repent()
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await sian.phone.look(story.ASKED)
    # A register that this device has seen a newer one than.
    yesterday = sian.proxy.said(REQUEST)[-1].json()["index"]
    await sian.town.pds.publish_registry()
    await sian.phone.page.reload()
    await sian.phone.look(story.ASKED)
    sian.proxy.lie(REQUEST, members(index=yesterday))
    await sian.phone.page.reload()
    await sian.phone.look(WHO)
    sian.proxy.repent()
    await sian.phone.button("Try again").click()
    await sian.phone.look(story.ASKED)


async def test_a_new_value_goes_to_no_other_service_than_the_one_on_screen(sian: Sian) -> None:
    """The server gives out another service's statement, which is as good, and has another key."""
    await sian.has_a_permit()
    services = sian.town.pds.services
    mine, other = (digest(services[address].statement) for address in (sian.town.parking, sian.town.leisure))
    async with resident_of(sian.town.pds) as anybody:
        await anybody._api.get_text(f"/registry/statements/{other}")
    sian.proxy.lie(f"GET /registry/statements/{mine}", instead(sian.proxy.said("GET /registry/statements/*")[-1]))
    await sian.changes_email("new@example.org")
    await sian.phone.look(DETAILS)
    await sian.phone.says(f"We could not update {PERMIT}. They still have the old one.")
    assert sian.proxy.sent("POST /api/publications") == []
    sian.proxy.repent()
    await sian.changes_email("newer@example.org")
    await sian.phone.look(DETAILS)
    await sian.phone.says(f"Saved. {PERMIT} will see the new one.")


async def test_a_grant_that_is_planted_hidden_or_kept_alive_is_seen(sian: Sian) -> None:
    await sian.has_a_permit()
    await sian.looks_who()
    before = sian.proxy.said(GRANTS)[-1]
    (row,) = before.json()["grants"]
    planted = {**row, "id": "A" * 22, "service": "https://elsewhere.example"}
    for rows, words in (
        ([row, planted], "The server lists access for https://elsewhere.example that you did not give."),
        ([], "The server does not list this one any more, although you did not end it."),
    ):
        await _is_clean(sian)
        sian.proxy.lie(GRANTS, members(grants=rows))
        await sian.looks_who()
        await sian.phone.says(words)
        sian.proxy.repent()
        await sian.looks_who()
    await _is_clean(sian)
    await sian.stop()
    sian.proxy.lie(GRANTS, instead(before))
    await sian.looks_who()
    await sian.phone.says(f"The server lists {PERMIT} as still able to look, although you ended that.")
    sian.proxy.repent()
    await sian.looks_who()
    await _is_clean(sian)


async def _is_clean(sian: Sian) -> None:
    assert await sian.phone.page.get_by_text("Tell the council").count() == 0


async def test_a_log_that_the_server_changed_does_not_add_up(sian: Sian) -> None:
    await sian.has_a_permit()
    await sian.send_application()
    await sian.check_permit()
    # What this browser has checked is pinned by its next change.
    unpinned = [attack for attack in attacks.LOG if attack.error != "log/rolled-back"]
    for attack in unpinned:
        sian.proxy.lie(LOG, told(attack.script))
        await sian.looks_who()
        await sian.phone.says(TAMPERED)
        sian.proxy.repent()
    await sian.looks_who()
    await _is_clean(sian)
    await sian.changes_email("sian@example.org")
    await sian.phone.look(DETAILS)
    sian.proxy.lie(GRANTS, told(lambda said: {"grants": [{**row, "n": 1} for row in said["grants"]]}))
    await sian.looks_who()
    await sian.phone.says(TAMPERED)


async def test_a_server_that_always_says_no_saves_nothing_and_loses_nothing(sian: Sian) -> None:
    await sian.has_a_permit()
    sian.phone.foresee("412")
    sian.proxy.lie("POST /api/publications", instead(answer(412, {"code": "another-device-was-first"})))
    await sian.changes_email("sian@example.org")
    await sian.phone.says("This could not be saved")
    sian.proxy.repent()
    await sian.phone.button("Save").or_(sian.phone.button("Try again")).click()
    await sian.phone.look(DETAILS)
    await sian.phone.says("sian@example.org")


async def test_an_answer_that_cannot_be_given_is_no_refusal(sian: Sian) -> None:
    """The server takes no approval: the resident gets back to the service, which learns that nobody declined."""
    await sian.has_a_permit()
    sian.phone.foresee("422")
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await sian.phone.look(story.ASKED)
    sian.proxy.lie("POST /api/requests/*/approval", instead(answer(422, {"code": "refused"})))
    await expect(sian.phone.button("Do not share")).to_be_enabled()
    await sian.phone.button(re.compile("^Share 3 details")).click()
    await sian.phone.says("This could not be saved")
    await sian.phone.button(f"Go back to {PERMIT}").click()
    await sian.phone.look(story.APPLY)
    await sian.phone.says("Your vault could not answer. Nothing was shared.")


@pytest.mark.parametrize("lie", ["lost", "in another issuer's name"])
async def test_an_answer_that_is_lost_or_not_the_servers_own_is_given_once(sian: Sian, lie: str) -> None:
    await sian.has_a_permit()
    lies: dict[str, Any] = {"lost": swallowed, "in another issuer's name": members(iss="https://elsewhere.example")}
    sian.phone.foresee("ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
    await sian.phone.page.goto(sian.town.leisure)
    await sian.phone.button("Sign in with my vault").click()
    sian.proxy.lie("POST /api/requests/*/approval", lies[lie])
    await sian.phone.look(f"Sign in to {story.CARD}")
    await sian.phone.button(f"Sign in to {story.CARD}").click()
    if lie == "lost":
        await sian.phone.says("We could not connect")
        sian.proxy.repent()
        await sian.phone.button(f"Sign in to {story.CARD}").or_(sian.phone.button("Try again")).click()
    await sian.phone.look("Your leisure card")
    assert len(sian.town.grants[sian.town.leisure]) == 1
