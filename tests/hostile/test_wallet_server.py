"""A malicious server against a wallet: vault, sign-in, registry and request. Each lie has its own error."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest

from pds.core import derive, login, registrar, seal
from pds.core.encoding import Json, b64u, digest, unb64u
from pds.core.errors import Invalid
from pds.core.manifest import MethodRef
from pds.sdk import Problem, Resident
from pds.sdk.commit import Change
from pds.sdk.device import Act
from tests.conftest import Running
from tests.examples import PARKING, REGISTRAR
from tests.hostile import attacks, scripts
from tests.hostile.attacks import Attack, named
from tests.hostile.proxy import Proxy, answer, instead, members, reworded, told
from tests.people import DETAILS, NAME, PERMIT, a_vault, query_of, resident_of, service_of, share, until

VAULT = "GET /api/vault"
REQUEST = "GET /api/requests/*"


async def refused(doing: Awaitable[object]) -> str:
    """The code of the error in which it ends."""
    with pytest.raises(Invalid) as refusal:
        await doing
    return refusal.value.code


@pytest.fixture
async def sian(pds: Running) -> AsyncIterator[Resident]:
    """A resident with three details, of which one was changed."""
    async with a_vault(pds) as sian:
        await sian.change("contact.email", "sian@example.org")
        await sian.change("contact.mobile", "+447700900123")
        await sian.change("person.full_name", "S O’Connor")
        await sian.open()
        await sian.change("person.full_name", NAME)
        yield sian


HELD = {"contact.email": "sian@example.org", "contact.mobile": "+447700900123", "person.full_name": NAME}


async def still_holds(sian: Resident, proxy: Proxy) -> None:
    """Once the server is honest again, nothing is lost."""
    proxy.repent()
    await sian.open()
    assert sian.details() == HELD


# --- the vault ---


@pytest.mark.parametrize("attack", [*attacks.VAULT, *attacks.ONLY_HEADLESS], ids=named)
async def test_a_vault_that_the_server_changed_does_not_open(sian: Resident, proxy: Proxy, attack: Attack) -> None:
    proxy.lie(VAULT, told(attack.script))
    assert await refused(sian.open()) == attack.error
    assert sian.details() == HELD
    await still_holds(sian, proxy)


async def test_an_old_revision_of_one_item_is_noticed(sian: Resident, proxy: Proxy) -> None:
    earlier = proxy.said(VAULT)[-1].json()
    for script in (attacks.old_revision(earlier), attacks.old_bytes(earlier)):
        proxy.lie(VAULT, told(script))
        assert await refused(sian.open()) == "manifest/item-changed"
    await still_holds(sian, proxy)


async def test_the_vault_of_yesterday_is_noticed_also_after_signing_in_again(pds: Running, proxy: Proxy) -> None:
    async with resident_of(pds) as sian:
        code = await sian.create()
        await sian.open()
        yesterday = proxy.said(VAULT)[-1]
        await sian.change("person.full_name", NAME)
        for lie in (instead(yesterday), told(scripts.hide_the_newest)):
            proxy.lie(VAULT, lie)
            assert await refused(sian.open()) == "manifest/rolled-back"
        async with Resident(
            pds.issuer, registrar_keys=pds.settings.registrar_keys, known=sian.known, clock=pds.clock
        ) as later:
            proxy.lie(VAULT, instead(yesterday))
            assert await refused(later.login(code)) == "manifest/rolled-back"
            proxy.repent()
            await later.login(code)
            assert later.details() == {"person.full_name": NAME}


async def test_a_manifest_between_cannot_be_left_out(pds: Running, proxy: Proxy) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as tablet:
        code = await phone.create()
        await tablet.login(code)
        for name in ("one", "two", "three"):
            await phone.change("person.full_name", name)
        proxy.lie(VAULT, told(scripts.skip_one))
        assert await refused(tablet.open()) == "manifest/chain"
        proxy.repent()
        await tablet.open()
        assert tablet.details() == {"person.full_name": "three"}


async def test_two_devices_cannot_be_shown_two_vaults(pds: Running, proxy: Proxy) -> None:
    """The server tells the telephone that its change is kept, and keeps the tablet's under the same number."""
    async with resident_of(pds) as phone, resident_of(pds) as tablet:
        code = await phone.create()
        await tablet.login(code)
        assert phone.known is not None
        proxy.lie("POST /api/vault/commits", instead(answer(200, {"seq": phone.known.seq + 1})))
        await phone.change("person.full_name", NAME)
        proxy.repent()
        await tablet.change("contact.email", "sian@example.org")
        assert await refused(phone.open()) == "manifest/forked"
        await tablet.change("contact.mobile", "+447700900123")
        proxy.lie(VAULT, told(lambda vault: {**vault, "manifests": vault["manifests"][-1:]}))
        assert await refused(phone.open()) == "manifest/chain"
        assert tablet.details() == {"contact.email": "sian@example.org", "contact.mobile": "+447700900123"}


# --- signing in ---


async def test_another_vaults_wraps_open_nothing(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as other, resident_of(pds) as sian, resident_of(pds) as again:
        code = await sian.create()
        await sian.change("person.full_name", NAME)
        await other.open()
        theirs = proxy.said(VAULT)[-1]
        for lie, error in (
            (told(attacks.wraps_of(theirs.json())), "seal/open"),
            (instead(theirs), "manifest/wrap-changed"),
            (told(attacks.older_format_of_wraps), "seal/version"),
            (told(scripts.pretend_another_epoch), "seal/open"),
        ):
            proxy.lie(VAULT, lie)
            assert await refused(again.login(code)) == error
        proxy.repent()
        await again.login(code)
        assert again.details() == {"person.full_name": NAME}


async def test_a_sign_in_to_another_vault_proves_nothing_there(pds: Running, proxy: Proxy) -> None:
    """The server answers with the vault and method of somebody else: what this code signs is good for neither."""
    async with a_vault(pds) as other, resident_of(pds) as sian, resident_of(pds) as again:
        code = await sian.create()
        proxy.lie("POST /api/challenges", members(vault=other.vault))
        with pytest.raises(Problem) as refusal:
            await again.login(code)
        assert refusal.value.rule == "login/failed"
        proxy.repent()
        await again.login(code)


PHRASE = "correct horse battery staple lodge castle"
PLACE = "POST /api/challenges"


async def test_nobody_lowers_the_key_derivation_of_a_passphrase(pds: Running, proxy: Proxy) -> None:
    """Suite 0, a short salt, another salt: no passphrase is hashed more cheaply than this release says."""
    async with a_vault(pds) as sian:
        salt = bytes(range(16))
        await _add_passphrase(sian, salt)
        for lie, error in (
            (members(suite=0), "unlock/suite"),
            (members(suite=2), "unlock/suite"),
            (members(salt=b64u(b"short")), "unlock/salt"),
            (members(salt=""), "unlock/salt"),
        ):
            proxy.lie(PLACE, lie)
            assert await refused(_sign_in(sian)) == error
        proxy.lie(PLACE, members(salt=b64u(bytes(16))))
        with pytest.raises(Problem) as refusal:
            await _sign_in(sian)
        assert refusal.value.rule == "login/failed"
        proxy.repent()
        assert await _sign_in(sian) == sian.vault


async def _add_passphrase(sian: Resident, salt: bytes) -> None:
    device, method = sian._device, b64u(bytes(range(16)))
    secret = derive.passphrase_secret(PHRASE, salt, 1)
    context = seal.Context("wrap", sian.vault, method, 0, 1)
    wrap = seal.seal(
        derive.unlock_key(secret, "passphrase", sian.vault, method), context, device._root, nonce=bytes(range(12))
    )
    described: Json = {"id": method, "kind": "passphrase", "wrap": b64u(wrap), "suite": 1, "salt": b64u(salt)}
    described |= {"login_jwk": login.login_jwk(derive.login_seed(secret, "passphrase", sian.vault))}
    change = Change(methods={method: MethodRef("passphrase", digest(wrap))})
    body = {"method": described | {"locator": "K7QM2XHR9TZD"}}

    async def build(_opened: Any) -> Act:
        return Act("/api/vault/methods", body, change)

    await device.save(build)


async def _sign_in(sian: Resident) -> Any:
    """As vault.md says: the numbers are this release's, whatever the answer wants."""
    asked = await sian._api.post("/api/challenges", {"for": "passphrase", "name": "K7QM2XHR9TZD"})
    secret = derive.passphrase_secret(PHRASE, unb64u(asked["salt"]), asked["suite"])
    proof = login.make_proof(
        derive.login_seed(secret, "passphrase", asked["vault"]),
        origin=sian.issuer,
        vault=asked["vault"],
        method=asked["method"],
        nonce=asked["nonce"],
        now=sian._now(),
    )
    body = {"challenge_id": asked["challenge_id"], "proof": proof}
    return (await sian._api.post("/api/login/proof", body))["vault"]


# --- registry and request ---


@pytest.mark.parametrize("attack", attacks.REQUEST, ids=named)
async def test_a_request_that_the_server_changed_is_not_shown(pds: Running, proxy: Proxy, attack: Attack) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        asked = await parking.ask("resident-permit", PERMIT)
        request_id = await sian.follow(asked.url)
        proxy.lie(REQUEST, told(attack.script))
        assert await refused(sian.asked(request_id)) == attack.error
        assert proxy.sent("POST /api/requests/*/approval") == []
        proxy.repent()
        back = await sian.approve(await sian.asked(request_id), DETAILS)
        grant = await parking.finish(query_of(back), asked.pending)
        assert (await parking.read(grant)).value("person.full_name") == NAME


async def test_a_registry_of_yesterday_brings_back_no_key(pds: Running, proxy: Proxy) -> None:
    """A service gave up a key, and whoever has it has a friend at the server."""
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await sian.change("person.full_name", "S O’Connor")
        yesterday, statement = proxy.said("GET /registry/index")[-1], pds.parking.statement
        renewed = await pds.register(PARKING, pds.parking.keys.with_new_encryption_key())
        await sian.change("person.full_name", NAME)
        published = len(proxy.sent("POST /api/publications"))
        listed = f"GET /registry/statements/{digest(renewed.statement)}"
        other = f"GET /registry/statements/{digest(pds.leisure.statement)}"
        await sian._api.get_text(other.removeprefix("GET "))
        for place, lie, error in (
            ("GET /registry/index", instead(yesterday), "registry/index-old"),
            (listed, reworded(lambda said: said.reading(statement)), "registry/statement-changed"),
            (listed, instead(proxy.said(other)[-1]), "registry/statement-changed"),
        ):
            proxy.repent()
            proxy.lie(place, lie)
            assert await refused(sian.change("person.full_name", "X")) == error
        assert len(proxy.sent("POST /api/publications")) == published, "nothing was encrypted to another's key"
        proxy.repent()
        async with service_of(pds, renewed) as service:
            assert (await service.read(grant)).value("person.full_name") == NAME


async def test_a_registrar_of_the_servers_own_is_nobody(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        await share(sian, parking, access=until(pds))
        index = registrar.sign_index(attacks.OPERATOR, registrar=REGISTRAR, statements={}, seq=99, now=pds.clock())
        proxy.lie("GET /registry/index", reworded(lambda said: said.reading(index)))
        assert await refused(sian.change("person.full_name", "X")) == "registry/key-unknown"
        proxy.repent()
        assert len(await sian.change("person.full_name", "X")) == 1
