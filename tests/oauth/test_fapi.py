"""Rules of FAPI 2.0 that no other test shows (docs/fapi.md has all of them)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from joserfc.jwk import OKPKey

from pds.core import jose
from pds.core.encoding import Json, unb64u
from pds.core.errors import Invalid
from pds.oauth import checks
from pds.requests.models import RequestRow
from pds.sdk import Resident
from tests import openapi
from tests.conftest import Running
from tests.oauth.client import VERIFIER, Client, fresh
from tests.people import DETAILS, PERMIT, a_vault, service_of, share, until
from tests.sdk.test_hostile_vault import only, spied

LEAST_BITS = 128
NAME = {"person.full_name": DETAILS["person.full_name"]}


@pytest.fixture
async def client(pds: Running) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Client(pds, pds.parking, session)


@asynccontextmanager
async def approving(client: Client) -> AsyncIterator[tuple[Client, Resident]]:
    async with a_vault(client.pds) as resident:
        yield client, resident


async def answered(client: Client, resident: Resident, **wishes: Any) -> dict[str, list[str]]:
    """The parameters that come back with a yes."""
    _, pushed = await client.push(client.request(**wishes))
    question = await resident.asked(await resident.follow(client.url(pushed)))
    values = NAME if "authorization_details" in wishes else {}
    return parse_qs(urlsplit(await resident.approve(question, values)).query)


async def tokens(client: Client, code: str) -> Json:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.service.redirect_uri}
    status, answer = await client.token(form | {"code_verifier": VERIFIER})
    assert status == 200, answer
    return answer


async def test_a_browser_is_told_to_come_over_tls_only(client: Client) -> None:
    for path in ("/", "/oauth/authorize", "/api/session", "/nothing"):
        async with client.session.get(client.pds.issuer + path) as response:
            directives = response.headers["Strict-Transport-Security"].split("; ")
            assert "includeSubDomains" in directives
            assert int(directives[0].removeprefix("max-age=")) >= 365 * 86400


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/token", "/oauth/userinfo", "/data", "/api/session"])
async def test_no_page_of_another_origin_reads_an_answer(client: Client, path: str) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "dpop"}
    for method in ("GET", "POST", "OPTIONS"):
        headers = {"Origin": "https://elsewhere.example"} | (preflight if method == "OPTIONS" else {})
        async with client.session.request(method, client.pds.issuer + path, headers=headers) as response:
            assert not [name for name in response.headers if name.lower().startswith("access-control-")]
            assert method != "OPTIONS" or response.status in (403, 405)


async def test_a_clock_ten_seconds_ahead_is_no_reason_and_a_minute_is(client: Client) -> None:
    now = client.pds.clock()
    soon: dict[str, Any]
    late: dict[str, Any]
    for name in ("iat", "nbf"):
        soon, late = {name: now + 9}, {name: now + 61}
        assert (await client.push(client_assertion=client.assertion(**soon)))[0] == 201
        assert (await client.push(client_assertion=client.assertion(**late)))[0] == 401
        assert (await client.push(client.request(**soon)))[0] == 201
        assert (await client.push(client.request(**late, exp=now + 120)))[0] == 400
    form = {"request": client.request()}
    assert (await client.post("/oauth/par", form, DPoP=client.proof("/oauth/par", now=now + 9)))[0] == 201
    assert (await client.post("/oauth/par", form, DPoP=client.proof("/oauth/par", now=now + 61)))[0] == 400


async def test_every_answer_to_a_client_names_the_issuer(client: Client) -> None:
    async with approving(client) as (_, resident):
        yes = await answered(client, resident)
        assert yes["iss"] == [client.pds.issuer]
        _, pushed = await client.push()
        no = await resident.decline(await resident.asked(await resident.follow(client.url(pushed))))
        assert parse_qs(urlsplit(no).query)["iss"] == [client.pds.issuer]
        _, pushed = await client.push(client.request(prompt="none"))
        async with client.session.get(client.url(pushed), allow_redirects=False) as response:
            assert parse_qs(urlsplit(response.headers["Location"]).query)["iss"] == [client.pds.issuer]
        signed = await answered(client, resident, response_mode="query.jwt")
        assert signed.keys() == {"response", "subject_proof"}, "what the server says is in the signed answer alone"
        assert jose.peek(signed["response"][0])["iss"] == client.pds.issuer


def test_a_server_with_tls_sends_nobody_to_an_address_without() -> None:
    with_tls = checks.Now("https://vault.example", 0, b"")
    checks.check_redirect_scheme({"redirect_uri": "https://parking.example/back"}, with_tls)
    for address in ("http://parking.example/back", "http://localhost/back", "parking:/back"):
        with pytest.raises(Invalid, match="request/redirect"):
            checks.check_redirect_scheme({"redirect_uri": address}, with_tls)


async def test_browsers_are_redirected_by_303_alone(client: Client) -> None:
    _, pushed = await client.push()
    async with client.session.get(client.url(pushed), allow_redirects=False) as response:
        assert response.status == 303
    # No answer of any test is one that the page does not describe (tests/conftest.py).
    statuses = {status for _, operation in openapi.operations() for status in operation["responses"]}
    assert {status for status in statuses if status.startswith("3")} == {"303", "304"}


async def test_a_nonce_of_64_characters_comes_back(client: Client) -> None:
    async with approving(client) as (_, resident):
        back = await answered(client, resident, nonce="n" * 64)
        assert jose.peek((await tokens(client, back["code"][0]))["id_token"])["nonce"] == "n" * 64


async def test_tokens_and_codes_cannot_be_guessed(client: Client) -> None:
    async with approving(client) as (_, resident):
        seen: list[str] = []
        for _ in range(3):
            _, pushed = await client.push()
            details = client.details(access=until(client.pds))
            code = (await answered(client, resident, authorization_details=details))["code"][0]
            got = await tokens(client, code)
            reference = pushed["request_uri"].removeprefix("urn:ietf:params:oauth:request_uri:")
            seen += [reference, code, got["access_token"], got["refresh_token"]]
    assert len(set(seen)) == len(seen)
    assert min(len(unb64u(each)) * 8 for each in seen) >= LEAST_BITS


async def test_the_servers_keys_each_have_a_name_of_their_own(client: Client) -> None:
    async with client.session.get(f"{client.pds.issuer}/oauth/jwks") as response:
        keys = (await response.json())["keys"]
    assert {
        jose.thumbprint(jose.p256_public({name: key[name] for name in ("crv", "kty", "x", "y")})) for key in keys
    } == {key["kid"] for key in keys}
    assert len({key["kid"] for key in keys}) == len(keys)
    async with approving(client) as (_, resident):
        got = await tokens(client, (await answered(client, resident))["code"][0])
    assert jose.read_header(got["id_token"], jose.ISSUED).keys() == {"alg", "kid", "typ"}
    async with client.session.get(f"{client.pds.issuer}/.well-known/openid-configuration") as response:
        assert (await response.json())["jwks_uri"].startswith(f"{client.pds.issuer}/")


def test_of_two_keys_with_one_name_the_one_that_fits_is_taken() -> None:
    p256, ed25519 = jose.new_key(), OKPKey.generate_key("Ed25519")
    for signer, algorithm in ((p256, "ES256"), (ed25519, "Ed25519")):
        token = jose.sign({"jti": fresh()}, jose.CLIENT_ASSERTION, signer, algorithm=algorithm, kid="same")
        assert jose.verify(token, jose.CLIENT_ASSERTION, [ed25519, p256]).header["alg"] == algorithm
        with pytest.raises(Invalid):
            jose.verify(token, jose.CLIENT_ASSERTION, [jose.new_key(), OKPKey.generate_key("Ed25519")])


async def test_the_sdk_keeps_a_refresh_token_that_was_rotated(pds: Running) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        kept = grant.refresh_token
        pds.clock.ahead += 601
        await service.read(grant)
        assert grant.refresh_token == kept
        pds.clock.ahead += 601
        middle.change = only("/oauth/token", refresh_token="another")
        await service.read(grant)
        assert grant.refresh_token == "another"


async def test_the_sdk_sends_a_browser_with_nothing_but_client_id_and_request_uri(pds: Running) -> None:
    async with service_of(pds, pds.parking) as service:
        asked = [await service.sign_in() for _ in range(2)]
    for each in asked:
        assert parse_qs(urlsplit(each.url).query).keys() == {"client_id", "request_uri"}
    pushed = [jose.peek(str(row.request)) for row in await RequestRow.all()]
    assert len({each["code_challenge"] for each in pushed}) == 2, "a challenge for each request"
    assert {each["code_challenge_method"] for each in pushed} == {"S256"}
    assert all(len(each["nonce"]) <= 64 for each in pushed)


async def test_the_sdk_signs_all_that_it_asks(pds: Running) -> None:
    async with service_of(pds, pds.parking) as service:
        await service.ask("resident-permit", PERMIT, until(pds))
        await service.sign_in()
    for row in await RequestRow.all():
        header, claims = jose.read_header(str(row.request), jose.REQUEST_OBJECT), jose.peek(str(row.request))
        assert header["typ"] == "oauth-authz-req+jwt"
        assert claims["aud"] == pds.issuer
        assert claims["nbf"] <= pds.clock()
        assert claims["exp"] - claims["nbf"] <= 3600
