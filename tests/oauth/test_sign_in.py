"""What OpenID Connect lets a client ask of a sign-in, and how the answer comes back."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from pds.core import jose
from pds.sdk import Problem
from tests.conftest import Running
from tests.oauth.client import VERIFIER, Client, code_of
from tests.oauth.test_token import Scene
from tests.people import a_vault, resident_of


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.leisure, session), resident)


async def _sign_in(scene: Scene, **wishes: Any) -> str:
    """The address with which the resident comes back."""
    status, pushed = await scene.client.push(scene.client.request(**wishes))
    assert status == 201, pushed
    question = await scene.resident.asked(await scene.resident.follow(scene.client.url(pushed)))
    return await scene.resident.approve(question)


async def _id_token(scene: Scene, back: str) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code_of(back),
        "redirect_uri": scene.client.service.redirect_uri,
        "code_verifier": VERIFIER,
    }
    status, answer = await scene.client.token(form)
    assert status == 200, answer
    return str(answer["id_token"])


@pytest.mark.parametrize(
    ("wishes", "rule"),
    [
        ({"response_mode": "fragment"}, "request/response-mode"),
        ({"response_mode": "form_post"}, "request/response-mode"),
        ({"response_mode": "fragment.jwt"}, "request/response-mode"),
        ({"prompt": "none login"}, "request/prompt"),
        ({"prompt": "anything"}, "request/prompt"),
        ({"max_age": -1}, "request/max-age"),
        ({"max_age": "soon"}, "request/max-age"),
        ({"max_age": True}, "request/max-age"),
        ({"ui_locales": 7}, "request/members"),
        ({"id_token_hint": "a.b.c"}, "request/id-token-hint"),
    ],
)
async def test_a_wish_that_cannot_be_met_is_refused_when_it_is_pushed(
    scene: Scene, wishes: dict[str, Any], rule: str
) -> None:
    status, answer = await scene.client.push(scene.client.request(**wishes))
    assert (status, answer["rule"]) == (400, rule)


@pytest.mark.parametrize(
    "wishes",
    [
        {"prompt": "consent"},
        {"max_age": 3600},
        {"ui_locales": "cy en"},
        {"acr_values": "phr"},
        {"login_hint": "somebody"},
        {"claims": {"userinfo": {"email": None}}},
        {"display": "touch"},
    ],
)
async def test_a_wish_that_can_be_met_or_ignored_is_taken(scene: Scene, wishes: dict[str, Any]) -> None:
    claims = jose.peek(await _id_token(scene, await _sign_in(scene, **wishes)))
    assert "email" not in claims


@pytest.mark.parametrize("wish", [{"max_age": 60}, {"prompt": "login"}])
async def test_a_sign_in_that_is_too_old_is_done_again(scene: Scene, wish: dict[str, Any]) -> None:
    async with resident_of(scene.client.pds) as resident:
        code = await resident.create()
        scene.client.pds.clock.ahead += 61
        await scene.client.pds.publish_registry()
        _, pushed = await scene.client.push(scene.client.request(**wish))
        question = await resident.asked(await resident.follow(scene.client.url(pushed)))
        with pytest.raises(Problem, match=r"login/stale|sign in again"):
            await resident.approve(question)
        await resident.login(code)
        scene.resident = resident
        claims = jose.peek(await _id_token(scene, await resident.approve(question)))
        assert claims["auth_time"] >= scene.client.pds.clock() - 60


async def test_a_hint_keeps_somebody_else_from_signing_in(scene: Scene) -> None:
    hint = await _id_token(scene, await _sign_in(scene))
    again = await _id_token(scene, await _sign_in(scene, id_token_hint=hint))
    assert jose.peek(again)["sub"] == jose.peek(hint)["sub"]
    async with a_vault(scene.client.pds) as other:
        _, pushed = await scene.client.push(scene.client.request(id_token_hint=hint))
        question = await other.asked(await other.follow(scene.client.url(pushed)))
        with pytest.raises(Problem):
            await other.approve(question)


async def test_a_hint_of_another_client_is_refused(scene: Scene) -> None:
    hint = await _id_token(scene, await _sign_in(scene))
    other = Client(scene.client.pds, scene.client.pds.parking, scene.client.session)
    status, answer = await other.push(other.request(id_token_hint=hint))
    assert (status, answer["rule"]) == (400, "request/id-token-hint")


@pytest.mark.parametrize("mode", ["jwt", "query.jwt"])
async def test_a_signed_answer_is_signed_by_the_issuer_for_the_client(scene: Scene, mode: str) -> None:
    back = await _sign_in(scene, response_mode=mode, state="here")
    query = parse_qs(urlsplit(back).query)
    assert set(query) == {"response", "subject_proof"}
    keys = [jose.p256_private(key) for key in scene.client.pds.settings.signing_keys]
    claims = jose.verify(query["response"][0], jose.ISSUED, keys).claims
    assert set(claims) == {"iss", "aud", "exp", "code", "state"}
    assert (claims["iss"], claims["aud"], claims["state"]) == (
        scene.client.pds.issuer,
        scene.client.service.client_id,
        "here",
    )
    assert await _id_token(scene, f"x:?code={claims['code']}")


async def test_a_no_is_signed_too_where_a_signed_answer_was_asked(scene: Scene) -> None:
    _, pushed = await scene.client.push(scene.client.request(response_mode="jwt"))
    question = await scene.resident.asked(await scene.resident.follow(scene.client.url(pushed)))
    query = parse_qs(urlsplit(await scene.resident.decline(question)).query)
    assert set(query) == {"response"}
    assert jose.peek(query["response"][0])["error"] == "access_denied"


@pytest.mark.parametrize(
    ("because", "error"),
    [("declined", "access_denied"), ("failed", "server_error"), ("timed_out", "interaction_required")],
)
async def test_declined_failed_and_timed_out_are_three_answers(scene: Scene, because: str, error: str) -> None:
    _, pushed = await scene.client.push(scene.client.request(response_mode="jwt"))
    resident = scene.resident
    question = await resident.asked(await resident.follow(scene.client.url(pushed)))
    path = f"/api/requests/{question.id}/refusal"
    if because == "timed_out":
        scene.client.pds.clock.ahead += 1801
        with pytest.raises(Problem, match="gone"):
            await resident._api.post(path, {})
    for _ in range(2):
        answer = await resident._api.post(path, {"because": because})
        assert answer["error"] == error
        assert jose.peek(answer["response"])["error"] == error
    # One decision: what was closed is not approved or declined afterwards.
    for other in {"declined", "failed"} - {because}:
        with pytest.raises(Problem, match=r"conflict|gone"):
            await resident._api.post(path, {"because": other})


async def test_only_the_browser_that_was_asked_ends_a_request(scene: Scene) -> None:
    _, pushed = await scene.client.push()
    question = await scene.resident.asked(await scene.resident.follow(scene.client.url(pushed)))
    async with a_vault(scene.client.pds) as other:
        with pytest.raises(Problem, match="not-found"):
            await other._api.post(f"/api/requests/{question.id}/refusal", {"because": "timed_out"})
    with pytest.raises(Problem, match="malformed"):
        await scene.resident._api.post(f"/api/requests/{question.id}/refusal", {"because": "boredom"})
    assert await scene.resident.approve(question)


async def test_a_proof_without_our_nonce_is_asked_to_come_again_with_it(scene: Scene) -> None:
    _, pushed = await scene.client.push()
    question = await scene.resident.asked(await scene.resident.follow(scene.client.url(pushed)))
    form = {
        "grant_type": "authorization_code",
        "code": code_of(await scene.resident.approve(question)),
        "redirect_uri": scene.client.service.redirect_uri,
        "code_verifier": VERIFIER,
    }
    for nonce in (None, "A" * 32, "made up"):
        status, answer = await scene.client.token(form, proof=scene.client.proof("/oauth/token", nonce=nonce))
        assert (status, answer["error"]) == (400, "use_dpop_nonce")
    scene.client.pds.clock.ahead += 20
    assert (await scene.client.token(form))[0] == 200


async def test_a_nonce_grows_old(scene: Scene) -> None:
    url = f"{scene.client.pds.issuer}/oauth/userinfo"
    async with scene.client.session.get(url) as response:
        nonce = response.headers["DPoP-Nonce"]
    scene.client.pds.clock.ahead += 240
    status, answer = await scene.client.token({}, proof=scene.client.proof("/oauth/token", nonce=nonce))
    assert (status, answer["error"]) == (400, "use_dpop_nonce")
