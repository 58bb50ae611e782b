"""Pushing a request: what is refused, and that the same thing done right is accepted."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from tests.conftest import Running
from tests.oauth.client import Client, fresh


@pytest.fixture
async def client(pds: Running) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(pds, pds.parking, session)


async def test_a_signed_request_is_taken(client: Client) -> None:
    status, answer = await client.push()
    assert status == 201
    assert answer["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    assert answer["expires_in"] == 300


async def test_a_request_for_data_is_taken(client: Client) -> None:
    status, _ = await client.push(client.request(authorization_details=client.details()))
    assert status == 201


async def test_a_sign_in_may_be_unsigned(client: Client) -> None:
    form = {
        "client_id": client.service.client_id,
        "response_type": "code",
        "redirect_uri": client.service.redirect_uri,
        "scope": "openid",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    status, _ = await client.post("/oauth/par", form)
    assert status == 201


@pytest.mark.parametrize(
    ("changes", "drop", "rule"),
    [
        ({"redirect_uri": "http://parking.localhost:9/back/"}, (), "request/redirect"),
        ({"redirect_uri": "http://PARKING.localhost:9/back"}, (), "request/redirect"),
        ({"redirect_uri": "http://parking.localhost:9/back?x=1"}, (), "request/redirect"),
        ({}, ("redirect_uri",), "request/redirect"),
        ({"response_type": "code id_token"}, (), "request/response-type"),
        ({"code_challenge_method": "plain"}, (), "request/pkce"),
        ({}, ("code_challenge",), "request/pkce"),
        ({"scope": "openid profile"}, (), "request/scope"),
        ({}, ("scope",), "request/scope"),
        ({"aud": "https://elsewhere.example"}, (), "request/audience"),
        ({"iss": "https://leisure.anytown-trust.example"}, (), "request/client"),
        ({"client_id": "https://leisure.anytown-trust.example"}, (), "request/client"),
        ({}, ("exp",), "request/time"),
        ({}, ("nbf",), "request/time"),
        ({"state": 7}, (), "request/members"),
    ],
)
async def test_a_request_with_one_thing_wrong_is_refused_by_name(
    client: Client, changes: dict[str, Any], drop: tuple[str, ...], rule: str
) -> None:
    status, answer = await client.push(client.request(drop=drop, **changes))
    assert (status, answer["rule"]) == (400, rule)
    assert answer["error_uri"].startswith(client.pds.issuer)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"purpose": "marketing"}, "request/purpose"),
        ({"attributes": {"person.sex": {}}}, "request/attribute"),
        ({"attributes": {"contact.email": {"required": True}}}, "request/required"),
        ({"attributes": {}}, "request/members"),
        ({"access": "forever"}, "request/access"),
        ({"access": {"until": "2099-01-01"}}, "request/duration"),
        ({"locations": ["https://elsewhere.example/data"]}, "request/location"),
        ({"enc_jkt": "A" * 43}, "request/encryption-key"),
        ({"type": "openid_credential"}, "request/members"),
        ({"extra": True}, "request/members"),
    ],
)
async def test_a_request_outside_its_purpose_is_refused_at_the_door(
    client: Client, changes: dict[str, Any], rule: str
) -> None:
    status, answer = await client.push(client.request(authorization_details=client.details(**changes)))
    assert (status, answer["rule"]) == (400, rule)


async def test_a_request_that_another_key_signed_is_refused(client: Client) -> None:
    status, answer = await client.push(client.request(key=jose.new_key()))
    assert (status, answer["error"], answer["rule"]) == (400, "invalid_request_object", "jose/signature")


async def test_parameters_beside_a_request_object_are_refused(client: Client) -> None:
    status, answer = await client.push(scope="openid")
    assert (status, answer["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "drop"),
    [
        ({"aud": ["http://localhost"]}, ()),
        ({"aud": "https://elsewhere.example"}, ()),
        ({"sub": "https://leisure.anytown-trust.example"}, ()),
        ({}, ("sub",)),
        ({}, ("jti",)),
        ({}, ("exp",)),
        ({"exp": 1}, ()),
        ({"exp": 2**40}, ()),
        ({"iat": 2**40}, ()),
        ({"exp": True}, ()),
    ],
)
async def test_a_wrong_assertion_learns_nothing_but_that_it_failed(
    client: Client, changes: dict[str, Any], drop: tuple[str, ...]
) -> None:
    status, answer = await client.push(client_assertion=client.assertion(drop=drop, **changes))
    assert (status, answer) == (
        401,
        {"error": "invalid_client", "error_description": "client authentication failed"},
    )


async def test_the_audience_is_the_issuer_as_a_string(client: Client) -> None:
    status, _ = await client.push(client_assertion=client.assertion(aud=[client.pds.issuer]))
    assert status == 401
    status, _ = await client.push(client_assertion=client.assertion(aud=f"{client.pds.issuer}/oauth/token"))
    assert status == 401
    status, _ = await client.push(client_assertion=client.assertion(aud=client.pds.issuer))
    assert status == 201


async def test_an_assertion_is_used_once(client: Client) -> None:
    assertion = client.assertion(jti=fresh())
    assert (await client.push(client_assertion=assertion))[0] == 201
    assert (await client.push(client_assertion=assertion))[0] == 401


async def test_a_suspended_service_pushes_nothing(client: Client) -> None:
    from pds.registry import actions as registry

    await registry.suspend(client.service.client_id, suspended=True)
    assert (await client.push())[0] == 401
    await registry.suspend(client.service.client_id, suspended=False)
    assert (await client.push())[0] == 201


async def test_every_answer_has_the_security_headers(client: Client) -> None:
    for path in ("/oauth/par", "/oauth/nothing", "/.well-known/openid-configuration", "/api/session", "/nothing"):
        async with client.session.get(client.pds.issuer + path) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "Server" not in response.headers
