"""Vaults, ways to sign in, and what a stranger finds: nothing."""

import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from pds import store
from pds.core import derive, login, seal
from pds.core.encoding import Json, b64u, digest
from pds.core.manifest import ItemRef, Manifest, MethodRef, seal_item, seal_manifest
from pds.sdk import Paused, Problem, Stopped
from pds.vault.actions import MAX_ITEMS, MAX_PUT, MAX_SEALED_BYTES, MAX_VAULT_BYTES
from pds.vault.models import ItemRow
from tests.conftest import Running
from tests.people import a_vault, service_of, share, until

ROOT = bytes(range(32))


class Wallet:
    """A wallet by hand: one vault, one recovery code, and every byte under the test's control."""

    def __init__(self, pds: Running, session: aiohttp.ClientSession) -> None:
        self.pds, self.session = pds, session
        self.vault, self.method = b64u(fresh()), b64u(fresh())
        self.cookie = ""
        self.code = fresh(20)
        self.manifest = Manifest(self.vault, 0, 1, "")
        self.sealed = b""

    async def call(self, verb: str, path: str, body: Json | None = None, **headers: str) -> tuple[int, Json]:
        given = {"Cookie": f"__Host-pds={self.cookie}"} if self.cookie else {}
        address = f"{self.pds.issuer}/api{path}"
        async with self.session.request(verb, address, json=body, headers=given | headers) as response:
            if "__Host-pds" in response.cookies:
                self.cookie = response.cookies["__Host-pds"].value
            text = await response.text()
            return response.status, await response.json(content_type=None) if text else {}

    def commit(self, put: dict[str, Json] | None = None, *, seq: int | None = None, rev: int = 1) -> Json:
        """The next commit; kept as the newest only by `done`."""
        items = dict(self.manifest.items)
        puts = []
        for id, document in (put or {}).items():
            sealed = seal_item(ROOT, self.vault, 1, id, rev, document, nonce=fresh(12))
            items[id] = ItemRef(rev, document["kind"], digest(sealed))
            puts.append({"id": id, "rev": rev, "sealed": b64u(sealed)})
        prev = digest(self.sealed) if self.sealed else ""
        methods = {self.method: MethodRef("recovery", digest(self.wrap()))}
        number = self.manifest.seq + 1 if seq is None else seq
        self.next = Manifest(self.vault, number, 1, prev, items, methods)
        self.next_sealed = seal_manifest(ROOT, self.next, nonce=fresh(12))
        return {
            "seq": number,
            "prev": prev,
            "epoch": 1,
            "manifest": b64u(self.next_sealed),
            "put": puts,
            "delete": [],
        }

    def done(self) -> None:
        self.manifest, self.sealed = self.next, self.next_sealed

    def wrap(self) -> bytes:
        key = derive.unlock_key(self.code, "recovery", self.vault, self.method)
        return seal.seal(key, seal.Context("wrap", self.vault, self.method, 0, 1), ROOT, nonce=bytes(12))

    def described(self) -> Json:
        return {
            "id": self.method,
            "kind": "recovery",
            "wrap": b64u(self.wrap()),
            "login_jwk": login.login_jwk(self.seed()),
            "locator": derive.locator(self.code),
        }

    def seed(self) -> bytes:
        return derive.login_seed(self.code, "recovery", self.vault)

    async def create(self, **changes: Any) -> tuple[int, Json]:
        _, challenge = await self.call("POST", "/challenges", {"for": "register", "vault": self.vault})
        body = {
            "challenge_id": challenge["challenge_id"],
            "vault": self.vault,
            "method": self.described(),
            "commit": self.commit(),
        }
        answer = await self.call("POST", "/vaults", body | changes)
        if answer[0] == 201:
            self.done()
        return answer

    async def prove(self, **changes: Any) -> tuple[int, Json]:
        _, challenge = await self.call("POST", "/challenges", {"for": "recovery", "locator": derive.locator(self.code)})
        claims = {
            "origin": self.pds.issuer,
            "vault": challenge["vault"],
            "method": challenge["method"],
            "nonce": challenge["nonce"],
            "now": self.pds.clock(),
        }
        proof = login.make_proof(self.seed(), **(claims | changes))
        return await self.call("POST", "/login/proof", {"challenge_id": challenge["challenge_id"], "proof": proof})


def fresh(size: int = 16) -> bytes:
    return os.urandom(size)


@pytest.fixture
async def wallet(pds: Running) -> AsyncIterator[Wallet]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        made = Wallet(pds, session)
        assert (await made.create())[0] == 201
        yield made


async def test_a_vault_is_made_once(wallet: Wallet) -> None:
    wallet.manifest, wallet.sealed = Manifest(wallet.vault, 0, 1, ""), b""
    status, answer = await wallet.create()
    assert (status, answer["rule"]) == (422, "vault/known")


async def test_a_challenge_is_used_once_and_is_its_vaults_own(wallet: Wallet) -> None:
    other = Wallet(wallet.pds, wallet.session)
    _, challenge = await other.call("POST", "/challenges", {"for": "register", "vault": wallet.vault})
    status, answer = await other.create(challenge_id=challenge["challenge_id"])
    assert (status, answer["rule"]) == (422, "login/challenge")
    status, answer = await other.create(challenge_id=challenge["challenge_id"])
    assert (status, answer["rule"]) == (422, "login/challenge")
    assert (await other.create())[0] == 201


async def test_a_commit_follows_the_one_before_or_is_told_that_another_was_first(wallet: Wallet) -> None:
    item = b64u(fresh())
    stale = wallet.commit(seq=1)
    assert (await wallet.call("POST", "/vault/commits", {"commit": stale}))[0] == 412
    ahead = wallet.commit(seq=5)
    assert (await wallet.call("POST", "/vault/commits", {"commit": ahead}))[0] == 412
    astray = wallet.commit() | {"prev": digest("another")}
    assert (await wallet.call("POST", "/vault/commits", {"commit": astray}))[0] == 412
    right = wallet.commit({item: {"kind": "attribute"}})
    assert await wallet.call("POST", "/vault/commits", {"commit": right}) == (200, {"seq": 2})
    wallet.done()
    status, vault = await wallet.call("GET", "/vault?since=0")
    assert (status, vault["seq"], len(vault["manifests"]), vault["items"][0]["id"]) == (200, 2, 2, item)


async def test_a_wallet_without_a_memory_is_given_the_newest_manifest_alone(wallet: Wallet) -> None:
    for _ in range(2):
        assert (await wallet.call("POST", "/vault/commits", {"commit": wallet.commit()}))[0] == 200
        wallet.done()
    for query, expected in {"": [3], "?since=1": [2, 3], "?since=0": [1, 2, 3]}.items():
        _, vault = await wallet.call("GET", f"/vault{query}")
        assert [each["seq"] for each in vault["manifests"]] == expected


async def put_new(wallet: Wallet, count: int, size: int) -> tuple[int, str]:
    """New items of so many bytes each: the status, and the rule of a refusal."""
    items = [{"id": b64u(fresh()), "rev": 1, "sealed": b64u(bytes(size))} for _ in range(count)]
    status, answer = await wallet.call("POST", "/vault/commits", {"commit": wallet.commit() | {"put": items}})
    if status == 200:
        wallet.done()
    return status, answer.get("rule", "")


async def test_a_vault_holds_so_many_items_and_no_more(wallet: Wallet) -> None:
    for _ in range(MAX_ITEMS // MAX_PUT):
        assert await put_new(wallet, MAX_PUT, 16) == (200, "")
    assert await put_new(wallet, 1, 16) == (422, "commit/too-many-items")


async def test_a_vault_holds_so_many_bytes_and_no_more(wallet: Wallet) -> None:
    for _ in range(MAX_VAULT_BYTES // MAX_SEALED_BYTES // 2 - 1):
        assert await put_new(wallet, 2, MAX_SEALED_BYTES) == (200, "")
    assert await put_new(wallet, 2, MAX_SEALED_BYTES) == (200, "")
    assert await put_new(wallet, 1, 16) == (422, "commit/too-large")


async def test_a_vault_that_is_full_has_room_to_pause_and_to_stop(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        async with store.write():
            for _ in range(MAX_VAULT_BYTES // MAX_SEALED_BYTES):
                await ItemRow.create(
                    resident_id=resident.vault, item=b64u(fresh()), rev=1, sealed=fresh(MAX_SEALED_BYTES)
                )
        with pytest.raises(Problem) as full:
            await resident.change("contact.email", "full@example.org")
        assert full.value.rule == "commit/too-large"
        await resident.control.pause()
        with pytest.raises(Paused):
            await parking.read(grant)
        await resident.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_a_refused_commit_changes_nothing(wallet: Wallet) -> None:
    item = b64u(fresh())
    _, before = await wallet.call("GET", "/vault")
    skipped = wallet.commit({item: {"kind": "attribute"}}, rev=2)
    status, answer = await wallet.call("POST", "/vault/commits", {"commit": skipped})
    assert (status, answer["rule"]) == (422, "commit/revision")
    absent = wallet.commit() | {"delete": [item]}
    status, answer = await wallet.call("POST", "/vault/commits", {"commit": absent})
    assert (status, answer["rule"]) == (422, "commit/unknown-item")
    assert (await wallet.call("GET", "/vault"))[1] == before


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0},
        {"seq": "2"},
        {"seq": True},
        {"epoch": 0},
        {"manifest": ""},
        {"manifest": "not base64!"},
        {"put": {}},
        {"put": [{"id": "short", "rev": 1, "sealed": "AA"}]},
        {"delete": ["short"]},
        {"delete": ["A" * 22, "A" * 22]},
        {"more": 1},
    ],
)
async def test_a_malformed_commit_is_a_400(wallet: Wallet, change: Json) -> None:
    status, answer = await wallet.call("POST", "/vault/commits", {"commit": wallet.commit() | change})
    assert (status, answer["code"]) == (400, "malformed")


async def test_a_recovery_code_signs_in_and_a_wrong_one_does_not(wallet: Wallet) -> None:
    assert await wallet.prove() == (200, {"vault": wallet.vault})
    wallet.code = fresh(20)
    status, answer = await wallet.prove()
    assert (status, answer["rule"]) == (422, "login/failed")


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"vault": b64u(bytes(16))},
        {"method": b64u(bytes(16))},
        {"nonce": b64u(bytes(32))},
        {"now": 1},
    ],
)
async def test_a_proof_for_elsewhere_or_another_time_signs_nobody_in(wallet: Wallet, change: Json) -> None:
    status, answer = await wallet.prove(**change)
    assert (status, answer["rule"]) == (422, "login/failed")
    assert (await wallet.prove())[0] == 200


async def test_an_unknown_code_is_answered_like_a_known_one(wallet: Wallet) -> None:
    locator = derive.locator(fresh(20))
    _, first = await wallet.call("POST", "/challenges", {"for": "recovery", "locator": locator})
    _, again = await wallet.call("POST", "/challenges", {"for": "recovery", "locator": locator})
    known_locator = derive.locator(wallet.code)
    _, known = await wallet.call("POST", "/challenges", {"for": "recovery", "locator": known_locator})
    assert (first["vault"], first["method"]) == (again["vault"], again["method"])
    assert {name: len(value) for name, value in first.items()} == {name: len(value) for name, value in known.items()}


async def test_without_a_session_there_is_nothing_to_see(wallet: Wallet) -> None:
    wallet.cookie = ""
    for verb, path in (("GET", "/vault"), ("GET", "/grants"), ("POST", "/logout"), ("POST", "/vault/commits")):
        status, answer = await wallet.call(verb, path, {} if verb == "POST" else None)
        assert (status, answer["code"]) == (401, "not-signed-in")
    assert await wallet.call("GET", "/session") == (200, {"signed_in": False})


async def test_a_session_ends_at_sign_out_and_after_half_a_day(wallet: Wallet) -> None:
    kept = wallet.cookie
    assert (await wallet.call("GET", "/vault"))[0] == 200
    assert (await wallet.call("POST", "/logout", {}))[0] == 204
    wallet.cookie = kept
    assert (await wallet.call("GET", "/vault"))[0] == 401
    assert (await wallet.prove())[0] == 200
    wallet.pds.clock.ahead += 12 * 3600
    assert (await wallet.call("GET", "/vault"))[0] == 401


async def test_signing_in_never_takes_over_a_session_that_the_browser_brought(wallet: Wallet) -> None:
    wallet.cookie = planted = "A" * 43
    assert (await wallet.prove())[0] == 200
    assert wallet.cookie != planted


async def test_what_is_another_residents_is_not_there(wallet: Wallet) -> None:
    pds = wallet.pds
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        for verb, path in (
            ("GET", f"/grants/{grant.grant_id}/log"),
            ("POST", f"/grants/{grant.grant_id}/revocation"),
        ):
            body = {"commit": wallet.commit(), "revocation": "a.b.c"} if verb == "POST" else None
            status, answer = await wallet.call(verb, path, body)
            assert (status, answer["code"]) == (404, "not-found")
        publication = {"grant_id": grant.grant_id, "revision": 2, "disclosure": "a.b.c.d.e"}
        published: Json = {"commit": wallet.commit(), "disclosures": [publication]}
        assert (await wallet.call("POST", "/publications", published))[0] == 404
        assert await wallet.call("GET", "/grants") == (200, {"grants": []})
        assert (await parking.read(grant)).sub == grant.sub


async def test_a_login_that_carries_extension_results_is_refused(wallet: Wallet) -> None:
    _, challenge = await wallet.call("POST", "/challenges", {"for": "passkey"})
    names = ("id", "authenticator_data", "client_data_json", "signature", "user_handle")
    credential: Json = dict.fromkeys(names, "AAAA") | {"clientExtensionResults": {"prf": {}}}
    body = {"challenge_id": challenge["challenge_id"], "credential": credential}
    status, answer = await wallet.call("POST", "/login/passkey", body)
    assert (status, answer["rule"]) == (422, "login/members")
