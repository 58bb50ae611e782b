"""From the browser's visit to tokens: each refusal, and that the same thing done right is accepted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json
from pds.sdk import Resident
from tests.conftest import Running
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import NAME, a_vault, resident_of, until


@dataclass
class Scene:
    """A parking service's raw client and a resident with a vault."""

    client: Client
    resident: Resident

    async def code(self, **changes: Any) -> dict[str, str]:
        """Push, approve, and the form that redeems the code."""
        details = {"authorization_details": self.client.details()} | changes
        status, pushed = await self.client.push(self.client.request(**details))
        assert status == 201, pushed
        question = await self.resident.asked(await self.resident.follow(self.client.url(pushed)))
        back = await self.resident.approve(question, {"person.full_name": NAME})
        return {
            "grant_type": "authorization_code",
            "code": code_of(back),
            "redirect_uri": self.client.service.redirect_uri,
            "code_verifier": VERIFIER,
        }


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.parking, session), resident)


async def test_a_code_becomes_tokens_bound_to_a_key(scene: Scene) -> None:
    status, answer = await scene.client.token(await scene.code())
    assert status == 200
    assert answer["token_type"] == "DPoP"
    assert answer["expires_in"] == 600
    assert "refresh_token" not in answer, "what was shared once is not refreshed"
    assert answer["authorization_details"][0]["access"] == "once"


async def test_the_id_token_says_who_when_and_how_and_nothing_else(scene: Scene) -> None:
    _, answer = await scene.client.token(await scene.code(nonce="n1"))
    claims = jose.peek(answer["id_token"])
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "auth_time", "acr", "amr", "sid", "nonce"}
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (
        scene.client.pds.issuer,
        scene.client.service.client_id,
        "n1",
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"code_verifier": "w" * 43}, "code/verifier"),
        ({"code_verifier": ""}, "code/verifier"),
        ({"redirect_uri": "http://parking.localhost:9/other"}, "code/redirect"),
        ({"code": "A" * 43}, "code/gone"),
    ],
)
async def test_a_code_with_one_thing_wrong_is_refused_and_still_good(
    scene: Scene, change: dict[str, str], rule: str
) -> None:
    form = await scene.code()
    status, answer = await scene.client.token(form | change)
    assert (status, answer["error"], answer["rule"]) == (400, "invalid_grant", rule)
    assert (await scene.client.token(form))[0] == 200


async def test_a_code_is_used_once_and_its_tokens_end_when_it_is_used_again(scene: Scene) -> None:
    form = await scene.code(authorization_details=scene.client.details(access=until(scene.client.pds)))
    _, answer = await scene.client.token(form)
    status, again = await scene.client.token(form)
    assert (status, again["error"]) == (400, "invalid_grant")
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert (await scene.client.token(refresh))[0] == 400


async def test_a_code_dies_after_a_minute(scene: Scene) -> None:
    form = await scene.code()
    scene.client.pds.clock.ahead += 61
    assert (await scene.client.token(form))[0] == 400


async def test_a_code_is_its_own_clients(scene: Scene) -> None:
    form = await scene.code()
    thief = Client(scene.client.pds, scene.client.pds.leisure, scene.client.session)
    assert (await thief.token(form))[0] == 400
    assert (await scene.client.token(form))[0] == 200


async def test_a_code_bound_to_a_key_needs_that_key(scene: Scene) -> None:
    form = await scene.code(dpop_jkt=jose.thumbprint(scene.client.dpop_key))
    other = Client(scene.client.pds, scene.client.service, scene.client.session)
    status, answer = await other.token(form)
    assert (status, answer["rule"]) == (400, "code/key")
    assert (await scene.client.token(form))[0] == 200


async def test_a_token_request_without_or_with_a_wrong_proof_is_refused(scene: Scene) -> None:
    form, client = await scene.code(), scene.client
    status, answer = await client.post("/oauth/token", form)
    assert (status, answer["error"]) == (400, "invalid_dpop_proof")
    for proof in (
        client.proof("/oauth/par"),
        client.proof("/oauth/token", method="GET"),
        client.proof("/oauth/token", now=client.pds.clock() - 61),
        client.proof("/oauth/token", now=client.pds.clock() + 30),
    ):
        status, answer = await client.token(form, proof=proof)
        assert (status, answer["error"]) == (400, "invalid_dpop_proof")
    assert (await client.token(form))[0] == 200


async def test_a_refresh_token_stays_and_follows_the_client_to_a_new_key(scene: Scene) -> None:
    form = await scene.code(authorization_details=scene.client.details(access=until(scene.client.pds)))
    _, answer = await scene.client.token(form)
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    for _ in range(2):
        other_key = Client(scene.client.pds, scene.client.service, scene.client.session)
        status, renewed = await other_key.token(refresh)
        assert status == 200
        assert renewed["access_token"] != answer["access_token"]
        assert "refresh_token" not in renewed
    thief = Client(scene.client.pds, scene.client.pds.leisure, scene.client.session)
    assert (await thief.token(refresh))[0] == 400


async def test_a_service_can_give_its_tokens_up(scene: Scene) -> None:
    form = await scene.code(authorization_details=scene.client.details(access=until(scene.client.pds)))
    _, answer = await scene.client.token(form)
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    thief = Client(scene.client.pds, scene.client.pds.leisure, scene.client.session)
    assert await thief.post("/oauth/revoke", {"token": answer["refresh_token"]}) == (200, {})
    assert (await scene.client.token(refresh))[0] == 200, "another client's revocation changes nothing"
    assert await scene.client.post("/oauth/revoke", {"token": answer["refresh_token"]}) == (200, {})
    assert (await scene.client.token(refresh))[0] == 400


async def _userinfo(client: Client, token: str, *, scheme: str = "DPoP", ath: str | None = None) -> tuple[int, Json]:
    made = client.proof("/oauth/userinfo", method="GET", token=ath or token)
    headers = {"Authorization": f"{scheme} {token}", "DPoP": made}
    async with client.session.get(f"{client.pds.issuer}/oauth/userinfo", headers=headers) as response:
        return response.status, await response.json()


async def test_userinfo_tells_the_subject_and_nothing_else(scene: Scene) -> None:
    _, answer = await scene.client.token(await scene.code())
    sub = jose.peek(answer["id_token"])["sub"]
    assert await _userinfo(scene.client, answer["access_token"]) == (200, {"sub": sub})
    assert (await _userinfo(scene.client, answer["access_token"], scheme="Bearer"))[0] == 401
    other_key = Client(scene.client.pds, scene.client.service, scene.client.session)
    assert (await _userinfo(other_key, answer["access_token"]))[0] == 401
    assert (await _userinfo(scene.client, answer["access_token"], ath="another"))[0] == 401


async def test_a_request_stays_with_the_browser_that_brought_it(scene: Scene) -> None:
    _, pushed = await scene.client.push()
    url = scene.client.url(pushed)
    first = await scene.resident.follow(url)
    assert await scene.resident.follow(url) == first, "the same browser may come again"
    async with resident_of(scene.client.pds) as stranger:
        with pytest.raises(Exception, match="400"):
            await stranger.follow(url)


async def test_a_request_that_was_answered_is_spent(scene: Scene) -> None:
    _, pushed = await scene.client.push()
    url = scene.client.url(pushed)
    await scene.resident.decline(await scene.resident.asked(await scene.resident.follow(url)))
    with pytest.raises(Exception, match="400"):
        await scene.resident.follow(url)


async def test_a_request_waits_five_minutes_for_its_first_visit(scene: Scene) -> None:
    _, pushed = await scene.client.push()
    scene.client.pds.clock.ahead += 301
    with pytest.raises(Exception, match="400"):
        await scene.resident.follow(scene.client.url(pushed))


async def test_prompt_none_is_answered_without_the_resident(scene: Scene) -> None:
    request = scene.client.request(prompt="none", state="here")
    _, pushed = await scene.client.push(request)
    async with scene.client.session.get(scene.client.url(pushed), allow_redirects=False) as response:
        location = response.headers["Location"]
    assert location.startswith(scene.client.service.redirect_uri)
    assert "error=interaction_required" in location
    assert "state=here" in location
