"""Signing out at a service's wish: by the resident's word or the proof of this very session, and for every service."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from pds.core import jose
from pds.http.signing import KEYRING
from pds.registry import actions as registry
from pds.sdk import Problem, Resident
from pds.sdk.errors import SdkError
from tests.conftest import Running
from tests.oauth.client import VERIFIER, Client, code_of
from tests.oauth.test_token import Scene
from tests.people import a_vault, resident_of

BYE = "http://parking.localhost:9/bye"


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.parking, session), resident)


async def sign_in(client: Client, resident: Resident) -> str:
    """One tap: no unlock, no new login; the ID token."""
    _, pushed = await client.push(client.request())
    question = await resident.asked(await resident.follow(client.url(pushed)))
    code = code_of(await resident.approve(question))
    redirect = client.service.redirect_uri
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": VERIFIER}
    status, answer = await client.token(form)
    assert status == 200, answer
    return str(answer["id_token"])


def link(scene: Scene, **parameters: str) -> str:
    return f"{scene.client.pds.issuer}/oauth/logout?{urlencode(parameters)}"


async def signed_in(resident: Resident) -> bool:
    answer = await resident._api.get("/api/session")
    return bool(answer["signed_in"])


def issue(scene: Scene, **changes: Any) -> str:
    """A token by the server's own key, with claims that it would not make."""
    assert scene.client.pds.app is not None
    key = scene.client.pds.app[KEYRING].keys()[0].key
    now = scene.client.pds.clock()
    claims = {
        "iss": scene.client.pds.issuer,
        "sub": "x",
        "aud": scene.client.service.client_id,
        "exp": now + 300,
        "iat": now,
        "auth_time": now,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jose.sign(kept, jose.ISSUED, key, kid=jose.thumbprint(key))


async def test_one_sign_in_serves_every_service_and_one_sign_out_ends_it_for_all(scene: Scene) -> None:
    pds, resident = scene.client.pds, scene.resident
    leisure = Client(pds, pds.leisure, scene.client.session)
    parking_token = await sign_in(scene.client, resident)
    leisure_token = await sign_in(leisure, resident)
    assert jose.peek(parking_token)["auth_time"] == jose.peek(leisure_token)["auth_time"], "the same sign-in"
    wish = await resident.leave(
        link(scene, id_token_hint=parking_token, post_logout_redirect_uri=BYE, state="s&1"), agrees=False
    )
    assert not wish.asks, "its own ID token of this session proves that it is about this one"
    assert wish.back == f"{BYE}?state=s%261"
    assert not await signed_in(resident)
    _, pushed = await leisure.push(leisure.request())
    question = await resident.asked(await resident.follow(leisure.url(pushed)))
    with pytest.raises((Problem, SdkError)):
        await resident.approve(question)


@pytest.mark.parametrize("parameters", [{}, {"client_id": "me"}, {"client_id": "me", "post_logout_redirect_uri": BYE}])
async def test_without_proof_the_resident_is_asked_and_may_stay(scene: Scene, parameters: dict[str, str]) -> None:
    parameters = parameters | ({"client_id": scene.client.service.client_id} if parameters else {})
    url = link(scene, **parameters)
    wish = await scene.resident.leave(url, agrees=False)
    assert wish.asks
    assert await signed_in(scene.resident)
    assert (await scene.resident.leave(url)).back == parameters.get("post_logout_redirect_uri")
    assert not await signed_in(scene.resident)


async def test_an_id_token_of_another_sign_in_or_resident_proves_nothing(scene: Scene) -> None:
    pds = scene.client.pds
    async with resident_of(pds) as resident, a_vault(pds) as other:
        code = await resident.create()
        await resident.confirm_recovery(code)
        earlier, others = await sign_in(scene.client, resident), await sign_in(scene.client, other)
        pds.clock.ahead += 5
        await resident.logout()
        await resident.login(code)
        later = await sign_in(scene.client, resident)
        for hint in (earlier, others):
            assert (await resident.leave(link(scene, id_token_hint=hint), agrees=False)).asks
            assert await signed_in(resident)
        assert not (await resident.leave(link(scene, id_token_hint=later), agrees=False)).asks
        assert not await signed_in(resident)


async def test_an_expired_id_token_is_as_good(scene: Scene) -> None:
    token = await sign_in(scene.client, scene.resident)
    scene.client.pds.clock.ahead += 3600
    wish = await scene.resident.leave(link(scene, id_token_hint=token, post_logout_redirect_uri=BYE))
    assert (wish.asks, wish.back) == (False, BYE)


async def test_whoever_is_not_signed_in_is_asked_nothing_and_sent_on(scene: Scene) -> None:
    await scene.resident.logout()
    url = link(scene, client_id=scene.client.service.client_id, post_logout_redirect_uri=f"{BYE}?from=vault", state="1")
    wish = await scene.resident.leave(url)
    assert (wish.asks, wish.back) == (False, f"{BYE}?from=vault&state=1")


async def test_what_does_not_hold_gets_one_page_and_no_way_back(scene: Scene) -> None:
    me, token = scene.client.service.client_id, await sign_in(scene.client, scene.resident)
    leisure = scene.client.pds.leisure.client_id
    header, payload, signature = token.split(".")
    wrong: list[dict[str, str]] = [
        {"id_token_hint": "a.b.c"},
        {"id_token_hint": f"{header}.{payload}.{'A' * len(signature)}"},
        {"id_token_hint": issue(scene, iss="https://evil.example")},
        {"id_token_hint": issue(scene, aud=[me])},
        {"id_token_hint": issue(scene, aud="https://nobody.example")},
        {"id_token_hint": issue(scene, auth_time=None)},  # an authorization response (JARM) has none
        {"id_token_hint": jose.sign(jose.peek(token), jose.ISSUED, jose.new_key())},
        {"id_token_hint": token, "client_id": leisure},
        {"client_id": "https://nobody.example"},
        {"post_logout_redirect_uri": BYE},
        {"client_id": leisure, "post_logout_redirect_uri": BYE},
        *(
            {"id_token_hint": token, "post_logout_redirect_uri": address}
            for address in (
                "http://parking.localhost:9/back",
                f"{BYE}/",
                f"{BYE}?x",
                f"{BYE}#x",
                "http://PARKING.localhost:9/bye",
                "http://me@parking.localhost:9/bye",
                "https://evil.example",
                "javascript:alert(1)",
                "//evil.example",
            )
        ),
        {"client_id": me, "post_logout_redirect_uri": BYE, "state": "line\nfeed"},
        {"client_id": me, "post_logout_redirect_uri": BYE, "state": "x" * 1025},
        {"client_id": "\0"},
    ]
    pages = set()
    for parameters in wrong:
        for method in ("GET", "POST"):
            given: Any = {"params": parameters} if method == "GET" else {"data": parameters}
            url = f"{scene.client.pds.issuer}/oauth/logout"
            async with scene.client.session.request(method, url, allow_redirects=False, **given) as answer:
                assert answer.status == 400, parameters
                pages.add(await answer.text())
    assert len(pages) == 1
    assert await signed_in(scene.resident)


async def test_a_parameter_twice_is_refused_and_an_unknown_or_empty_one_is_not(scene: Scene) -> None:
    for query, status in (("client_id=a&client_id=a", 400), ("logout_hint=&ui_locales=cy%20en&more=1", 303)):
        url = f"{scene.client.pds.issuer}/oauth/logout?{query}"
        async with scene.client.session.get(url, allow_redirects=False) as answer:
            assert answer.status == status


async def test_a_posted_form_is_as_good_as_a_link(scene: Scene) -> None:
    token = await sign_in(scene.client, scene.resident)
    form = {"id_token_hint": token, "post_logout_redirect_uri": BYE}
    url = f"{scene.client.pds.issuer}/oauth/logout"
    async with scene.client.session.post(url, data=form, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith(f"{scene.client.pds.issuer}/#logout=")
        assert "Set-Cookie" not in answer.headers


async def test_a_ticket_is_ours_and_for_half_an_hour(scene: Scene) -> None:
    async with scene.client.session.get(link(scene), allow_redirects=False) as answer:
        ticket = answer.headers["Location"].partition("#logout=")[2]
    payload, _, mac = ticket.partition(".")
    for forged in ("x", ".", f"{payload}.", f"{payload}.{'A' * 43}", f"{payload[:-4]}AAAA.{mac}", f"{mac}.{payload}"):
        with pytest.raises(Problem) as refused:
            await scene.resident._api.post("/api/leaving", {"ticket": forged})
        assert refused.value.code == "malformed"
    assert (await scene.resident._api.post("/api/leaving", {"ticket": ticket}))["signed_in"]
    scene.client.pds.clock.ahead += 1800
    with pytest.raises(Problem) as late:
        await scene.resident._api.post("/api/leaving", {"ticket": ticket})
    assert late.value.code == "gone"


async def test_a_suspended_service_signs_nobody_out(scene: Scene) -> None:
    token, client_id = await sign_in(scene.client, scene.resident), scene.client.service.client_id
    await registry.suspend(client_id, suspended=True)
    with pytest.raises(Problem):
        await scene.resident.leave(link(scene, id_token_hint=token))
    await registry.suspend(client_id, suspended=False)
    assert not (await scene.resident.leave(link(scene, id_token_hint=token))).asks


async def test_an_address_that_left_the_statement_is_left_by_nobody(scene: Scene) -> None:
    from tests.examples import PARKING

    url = link(scene, client_id=scene.client.service.client_id, post_logout_redirect_uri=BYE)
    assert (await scene.resident.leave(url, agrees=False)).back == BYE
    await scene.client.pds.register(PARKING | {"post_logout_redirect_uris": []}, scene.client.service.keys)
    with pytest.raises(Problem):
        await scene.resident.leave(url, agrees=False)
