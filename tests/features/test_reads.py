"""`GET /data` over real HTTP: the dialect, the log, and everything that must not be read."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from multidict import CIMultiDict

from pds import store
from pds.core import jose
from pds.core.dpop import make_proof
from pds.core.encoding import digest
from pds.core.nonce import make_nonce
from pds.grants.models import AccessTokenRow, GrantRow
from tests.conftest import Running
from tests.store.world import Given, a_grant, end, kinds, publish

Get = Callable[..., Any]


class Caller:
    """A service that holds a grant: it makes the proofs and sends the requests."""

    def __init__(self, pds: Running, given: Given, session: aiohttp.ClientSession) -> None:
        self.pds = pds
        self.given = given
        self.session = session
        self.url = f"{pds.issuer}/data"
        self._jti = 0

    def proof(self, *, key: ECKey | OKPKey | RSAKey | None = None, **changed: Any) -> str:
        self._jti += 1
        members: dict[str, Any] = {
            "method": "GET",
            "url": self.url,
            "now": self.pds.clock(),
            "jti": f"jti {self._jti}",
            "token": self.given.token,
            "nonce": make_nonce(self.pds.settings.secret, now=self.pds.clock()),
        }
        return make_proof(key or self.given.key, **{**members, **changed})

    async def get(
        self, *more: tuple[str, str], proof: str | None = None, method: str = "GET", query: str = "", **options: Any
    ) -> tuple[int, CIMultiDict[str], Any]:
        headers = [("Authorization", f"DPoP {self.given.token}"), ("DPoP", proof or self.proof()), *more]
        return await self.send(headers, method=method, query=query, **options)

    async def send(
        self, headers: list[tuple[str, str]], *, method: str = "GET", query: str = "", **options: Any
    ) -> tuple[int, CIMultiDict[str], Any]:
        async with self.session.request(method, self.url + query, headers=headers, **options) as response:
            body = await response.json() if response.content_type == "application/json" else await response.text()
            return response.status, CIMultiDict(response.headers), body


@pytest.fixture
async def caller(pds: Running) -> AsyncIterator[Caller]:
    given = await a_grant(now=pds.clock())
    async with aiohttp.ClientSession() as session:
        yield Caller(pds, given, session)


def challenge(headers: CIMultiDict[str]) -> dict[str, str]:
    value = headers["WWW-Authenticate"]
    assert value.startswith("DPoP ")
    return dict(re.findall(r'([a-z_]+)="([^"]*)"', value))


async def test_a_service_reads_what_was_granted(caller: Caller) -> None:
    status, headers, body = await caller.get()
    assert (status, body) == (200, "disclosure 1")
    assert headers["Content-Type"] == "application/jwt"
    assert headers["Cache-Control"] == "no-store"
    assert headers["ETag"] == f'"{caller.given.grant_id}.1"'
    row = await GrantRow.get(id=caller.given.grant_id)
    assert headers["Log-Position"] == f"2 {row.head}"
    assert "Server" not in headers


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"x",{} , "y"', "*"])
async def test_a_service_that_holds_the_revision_gets_304_and_is_logged(caller: Caller, form: str) -> None:
    _, headers, _ = await caller.get()
    status, unchanged, body = await caller.get(("If-None-Match", form.format(headers["ETag"])))
    assert (status, body) == (304, "")
    assert unchanged["ETag"] == headers["ETag"]
    assert unchanged["Log-Position"].startswith("3 ")
    assert await kinds(caller.given) == ["approved", "read", "read_unchanged"]
    await publish(caller.given, 2, caller.pds.clock())
    status, newer, body = await caller.get(("If-None-Match", headers["ETag"]))
    assert (status, body) == (200, "disclosure 2")
    assert newer["ETag"] == f'"{caller.given.grant_id}.2"'


@pytest.mark.parametrize("form", ['"', "nonsense", '"a" "b', "W/*", "\u00e9"])
async def test_a_condition_that_is_no_tag_matches_nothing(caller: Caller, form: str) -> None:
    assert (await caller.get(("If-None-Match", form)))[0] == 200


async def test_the_scheme_is_read_in_any_case(caller: Caller) -> None:
    for scheme in ("dpop", "DPOP", "dPoP"):
        headers = [("Authorization", f"{scheme} {caller.given.token}"), ("DPoP", caller.proof())]
        assert (await caller.send(headers))[0] == 200


@pytest.mark.parametrize(
    ("headers", "status", "error", "rule"),
    [
        ([], 401, "", "token/missing"),
        ([("DPoP", "PROOF")], 401, "", "token/missing"),
        ([("Authorization", "Bearer TOKEN")], 401, "invalid_token", "token/scheme"),
        ([("Authorization", "Bearer TOKEN"), ("DPoP", "PROOF")], 401, "invalid_token", "token/scheme"),
        ([("Authorization", "DPoP TOKEN")], 401, "invalid_dpop_proof", "dpop/missing"),
        ([("Authorization", "DPoP")], 400, "invalid_request", "token/form"),
        ([("Authorization", "DPoP TOKEN extra")], 400, "invalid_request", "token/form"),
        ([("Authorization", "DPoP T\u00f8KEN")], 400, "invalid_request", "token/form"),
        ([("Authorization", f"DPoP {'t' * 600}")], 400, "invalid_request", "token/form"),
        ([("Authorization", "DPoP TOKEN")] * 2 + [("DPoP", "PROOF")], 400, "invalid_request", "token/repeated"),
        ([("Authorization", "DPoP TOKEN")] + [("DPoP", "PROOF")] * 2, 401, "invalid_dpop_proof", "dpop/repeated"),
        ([("Authorization", "DPoP TOKEN"), ("DPoP", "x")], 401, "invalid_dpop_proof", "jose/malformed"),
        ([("Authorization", "DPoP TOKEN"), ("DPoP", "\u00e9.b.c")], 401, "invalid_dpop_proof", "jose/malformed"),
    ],
)
async def test_credentials_in_a_wrong_form_get_a_challenge_that_says_so(
    caller: Caller, headers: list[tuple[str, str]], status: int, error: str, rule: str
) -> None:
    proof = caller.proof()
    sent = [(name, value.replace("TOKEN", caller.given.token).replace("PROOF", proof)) for name, value in headers]
    answered, got, body = await caller.send(sent)
    assert (answered, body["rule"]) == (status, rule)
    told = challenge(got)
    assert told.get("error", "") == error
    assert told["algs"] == "ES256 EdDSA Ed25519 PS256"
    assert body["error"] == (error or "invalid_token")
    assert got["Cache-Control"] == "no-store"
    assert await kinds(caller.given) == ["approved"]


async def test_a_token_in_the_address_is_refused_even_beside_a_right_one(caller: Caller) -> None:
    status, _, body = await caller.get(query=f"?access_token={caller.given.token}")
    assert (status, body["rule"]) == (400, "token/place")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"method": "POST"}, "dpop/method"),
        ({"url": "http://localhost:1/data"}, "dpop/url"),
        ({"token": "another token"}, "dpop/token"),
        ({"token": None}, "dpop/token"),
        ({"jti": ""}, "dpop/jti"),
        ({"jti": "j" * 129}, "dpop/jti"),
        ({"ahead": -61}, "dpop/time"),
        ({"ahead": 12}, "dpop/time"),
    ],
)
async def test_a_proof_of_something_else_is_refused(caller: Caller, changed: dict[str, Any], rule: str) -> None:
    if "ahead" in changed:
        changed = {"now": caller.pds.clock() + changed["ahead"]}
    status, headers, body = await caller.get(proof=caller.proof(**changed))
    assert (status, body["rule"], challenge(headers)["error"]) == (401, rule, "invalid_dpop_proof")
    assert await kinds(caller.given) == ["approved"]


async def test_the_address_is_the_issuers_whatever_the_host_header_says(caller: Caller) -> None:
    assert (await caller.get(("Host", "evil.example")))[0] == 200
    proof = caller.proof(url="http://evil.example/data")
    assert (await caller.get(("Host", "evil.example"), proof=proof))[2]["rule"] == "dpop/url"


async def test_another_key_reads_nothing(caller: Caller) -> None:
    status, headers, body = await caller.get(proof=caller.proof(key=jose.new_key()))
    assert (status, body["rule"], challenge(headers)["error"]) == (401, "token/key", "invalid_token")


async def test_ed25519_is_as_good_as_es256(caller: Caller) -> None:
    key = OKPKey.generate_key("Ed25519", private=True)
    await AccessTokenRow.filter(digest=digest(caller.given.token)).update(jkt=jose.thumbprint(key))
    assert (await caller.get(proof=caller.proof(key=key)))[0] == 200


async def test_a_proof_is_good_for_one_request(caller: Caller) -> None:
    proof = caller.proof()
    answers = await asyncio.gather(*(caller.get(proof=proof) for _ in range(20)))
    assert sorted(status for status, _, _ in answers) == [200] + [401] * 19
    assert {body["rule"] for status, _, body in answers if status == 401} == {"dpop/replayed"}
    assert await kinds(caller.given) == ["approved", "read"]


async def test_a_proof_stays_used_until_it_is_too_old(caller: Caller) -> None:
    proof = caller.proof()
    assert (await caller.get(proof=proof))[0] == 200
    caller.pds.clock.ahead += 60
    assert (await caller.get(proof=proof))[2]["rule"] == "dpop/replayed"
    caller.pds.clock.ahead += 1
    assert (await caller.get(proof=proof))[2]["rule"] == "dpop/time"


async def test_a_token_ends_with_its_time(caller: Caller) -> None:
    caller.pds.clock.ahead += 600
    status, headers, body = await caller.get()
    assert (status, body["rule"], challenge(headers)["error"]) == (401, "token/unknown", "invalid_token")


async def test_a_sign_in_reads_no_data(caller: Caller) -> None:
    await GrantRow.filter(id=caller.given.grant_id).update(disclosure=None)
    status, headers, body = await caller.get()
    assert (status, body["rule"], challenge(headers)["error"]) == (403, "token/scope", "insufficient_scope")


async def test_a_grant_past_its_end_reads_nothing(caller: Caller) -> None:
    await GrantRow.filter(id=caller.given.grant_id).update(ends=caller.pds.clock())
    status, headers, body = await caller.get()
    assert (status, body["rule"], challenge(headers)["error"]) == (401, "grant/ended", "invalid_token")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
async def test_only_get_reads(caller: Caller, method: str) -> None:
    status, headers, _ = await caller.get(method=method, proof=caller.proof(method=method))
    assert (status, headers["Allow"]) == (405, "GET")
    assert await kinds(caller.given) == ["approved"]


async def test_a_body_is_not_looked_at(caller: Caller) -> None:
    assert (await caller.get(data=b"x" * 1000))[0] == 200


async def test_a_once_grant_is_read_once_and_repeated_for_a_minute(pds: Running) -> None:
    given = await a_grant(once=True, now=pds.clock())
    async with aiohttp.ClientSession() as session:
        caller = Caller(pds, given, session)
        first, again = await caller.get(), await caller.get()
        assert (first[0], again[0], first[2]) == (200, 200, again[2])
        pds.clock.ahead += 60
        assert (await caller.get())[2]["rule"] == "grant/ended"


async def test_no_request_that_begins_after_a_revoke_is_answered_succeeds(caller: Caller) -> None:
    busy, revoked = asyncio.Event(), asyncio.Event()
    after: list[int] = []
    before: list[int] = []

    async def read() -> None:
        while len(after) < 500:
            late = revoked.is_set()
            status, _, _ = await caller.get()
            (after if late else before).append(status)
            if len(before) == 50:
                busy.set()

    async def revoke() -> None:
        await busy.wait()
        await end(caller.given, now=caller.pds.clock())
        revoked.set()

    await asyncio.gather(revoke(), *(read() for _ in range(16)))
    assert set(after) == {401}
    assert len(after) >= 500


async def test_a_service_that_hangs_up_does_not_stop_the_others(caller: Caller) -> None:
    async def impatient() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(caller.get(), 0.004)

    for _ in range(10):
        answers = await asyncio.gather(*(impatient() for _ in range(10)), *(caller.get() for _ in range(10)))
        assert [answer[0] for answer in answers if answer is not None] == [200] * 10


async def test_a_paused_grant_is_refused_for_now_and_not_as_one_that_ended(caller: Caller) -> None:
    _, before, _ = await caller.get()
    async with store.write() as connection:
        await store.pause(connection, caller.given.grant_id, "the.signed.word", caller.pds.clock())
    for more in ((), (("If-None-Match", before["ETag"]),)):
        status, headers, body = await caller.get(*more)
        assert (status, body["error"], body["rule"]) == (403, "access_denied", "grant/paused")
        assert challenge(headers)["error"] == "access_denied"
        assert "Log-Position" not in headers
        assert "ETag" not in headers
    async with store.write() as connection:
        await store.resume(connection, caller.given.grant_id, "the.signed.word", caller.pds.clock())
    assert (await caller.get())[0] == 200
    assert await kinds(caller.given) == ["approved", "read", "paused", "resumed", "read"]
