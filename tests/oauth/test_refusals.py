"""What a refusal says: to a service that proved who it is, the rule, the member and where to read on; else nothing."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json
from tests.conftest import Running
from tests.oauth.client import LIBRARY, Client
from tests.people import until

ERRORS = (Path(__file__).resolve().parents[2] / "docs/errors.md").read_text("utf-8")
NOT_AT_PAR = {"request-replayed", "request-extended", "request-method", "request-address"}
ASKED = "invalid_authorization_details"


@pytest.fixture
async def client(pds: Running) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(pds, pds.parking, session)


@dataclass(frozen=True)
class Wrong:
    """A push with one thing wrong, and what has to be said of it."""

    rule: str
    member: str
    error: str = "invalid_request"
    claims: Json = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    details: Json | None = None
    beside: Json = field(default_factory=dict)
    desk: str = ""

    def __str__(self) -> str:
        return f"{self.rule} {self.member}"

    async def push(self, client: Client) -> tuple[int, Json]:
        claims = dict(self.claims)
        if self.details is not None:
            claims["authorization_details"] = client.details(**self.details)
        if self.desk:
            request = client.request_at(self.desk, LIBRARY, **claims)
            return await client.post("/oauth/device_authorization", {"request": request})
        return await client.push(client.request(drop=self.drop, **claims), **self.beside)


STRANGER = "https://leisure.anytown-trust.example"
ALL = [
    Wrong("request/client", "iss", claims={"iss": STRANGER}),
    Wrong("request/client", "client_id", claims={"client_id": STRANGER}),
    Wrong("request/audience", "aud", "invalid_request_object", claims={"aud": "https://elsewhere.example"}),
    Wrong("request/time", "nbf, exp", "invalid_request_object", drop=("exp",)),
    Wrong("request/response-type", "response_type", "unsupported_response_type", claims={"response_type": "token"}),
    Wrong("request/redirect", "redirect_uri", claims={"redirect_uri": "https://elsewhere.example"}),
    Wrong("request/scope", "scope", "invalid_scope", claims={"scope": "openid profile"}),
    Wrong("request/pkce", "code_challenge", drop=("code_challenge",)),
    Wrong("request/members", "state", claims={"state": 7}),
    Wrong("request/members", "request", beside={"scope": "openid"}),
    Wrong("request/response-mode", "response_mode", claims={"response_mode": "fragment"}),
    Wrong("request/prompt", "prompt", claims={"prompt": "none login"}),
    Wrong("request/grant-management", "grant_management_action", claims={"grant_management_action": "merge"}),
    Wrong("request/grant-management", "grant_id", claims={"grant_id": "A" * 22}),
    Wrong("request/max-age", "max_age", claims={"max_age": -1}),
    Wrong("request/id-token-hint", "id_token_hint", claims={"id_token_hint": "no.id.token"}),
    Wrong("request/members", "authorization_details", ASKED, claims={"authorization_details": {}}),
    Wrong("request/members", "type", ASKED, details={"type": "openid_credential"}),
    Wrong("request/members", "extra", ASKED, details={"extra": True}),
    Wrong("request/members", "attributes", ASKED, details={"attributes": []}),
    Wrong("request/members", "require", ASKED, details={"attributes": {"person.full_name": {"require": True}}}),
    Wrong("request/location", "locations", ASKED, details={"locations": ["https://elsewhere.example/data"]}),
    Wrong("request/purpose", "purpose", ASKED, details={"purpose": "marketing"}),
    Wrong("request/attribute", "person.sex", ASKED, details={"attributes": {"person.sex": {}}}),
    Wrong("request/required", "contact.email", ASKED, details={"attributes": {"contact.email": {"required": True}}}),
    Wrong("request/zone", "contact.email", ASKED, details={"attributes": {"contact.email": {"zone": "a"}}}),
    Wrong("request/access", "access", ASKED, details={"access": "forever"}),
    Wrong("request/duration", "access", ASKED, details={"access": {"until": "2099-01-01"}}),
    Wrong("request/encryption-key", "enc_jkt", ASKED, details={"enc_jkt": "A" * 43}),
    Wrong("request/desk", "desk", ASKED, desk="library-9"),
    Wrong("request/desk", "desk", ASKED, desk="civic-centre-2"),  # with the library's place
    Wrong("request/desk-key", "dpop_jkt", desk="library-1", claims={"dpop_jkt": "key"}),
    Wrong("request/members", "response_mode", desk="library-1", claims={"response_mode": "query"}),
    Wrong("request/prompt", "prompt", desk="library-1", claims={"prompt": "none"}),
]


async def check_whole(client: Client, answer: Json, error: str, rule: str, member: str) -> None:
    """The four that a developer needs, and a page of this server that has the anchor."""
    assert (answer["error"], answer["rule"], answer["member"]) == (error, rule, member)
    page, _, anchor = answer["error_uri"].partition("#")
    assert page == f"{client.pds.issuer}/docs/errors"
    async with client.session.get(page) as response:
        assert f'id="{anchor}"' in await response.text()


async def test_every_rule_of_a_request_is_named_with_its_member_and_a_page(client: Client) -> None:
    for wrong in ALL:  # one server for all of them
        status, answer = await wrong.push(client)
        assert status == 400, wrong
        await check_whole(client, answer, wrong.error, wrong.rule, wrong.member)


async def test_the_same_without_the_fault_is_taken(client: Client) -> None:
    assert (await Wrong("", "").push(client))[0] == 201
    assert (await Wrong("", "", desk="library-1").push(client))[0] == 200
    assert (await Wrong("", "", details={}).push(client))[0] == 201
    assert (await Wrong("", "", details={"access": until(client.pds)}).push(client))[0] == 201


def test_no_rule_of_a_request_is_left_out() -> None:
    documented = set(re.findall(r"^### (request-[a-z-]+)$", ERRORS, flags=re.MULTILINE))
    tried = {wrong.rule.replace("/", "-") for wrong in ALL}
    assert documented - tried - NOT_AT_PAR == {"request-unsigned"}, "which is tried below"


async def test_data_cannot_be_asked_without_a_signature(client: Client) -> None:
    form = {
        "response_type": "code",
        "redirect_uri": client.service.redirect_uri,
        "scope": "openid",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "authorization_details": "[]",
    }
    status, answer = await client.post("/oauth/par", form)
    assert status == 400
    await check_whole(client, answer, "invalid_request", "request/unsigned", "request")
    status, answer = await client.post("/oauth/par", form | {"request_uri": "urn:x"})
    await check_whole(client, answer, "invalid_request", "request/members", "request_uri")


async def test_a_fault_of_the_signed_object_or_of_the_proof_names_where_it_stands(client: Client) -> None:
    _, answer = await client.push(client.request(key=jose.new_key()))
    await check_whole(client, answer, "invalid_request_object", "jose/signature", "request")
    _, answer = await client.push("not.a.jwt")
    await check_whole(client, answer, "invalid_request_object", "jose/malformed", "request")
    _, answer = await client.post("/oauth/par", {"request": client.request()}, DPoP=client.proof("/oauth/token"))
    await check_whole(client, answer, "invalid_dpop_proof", "dpop/url", "DPoP")


GONE = {"grant_type": "refresh_token", "refresh_token": "x"}
OTHERS = [
    ("/oauth/token", {}, "invalid_request", "form/missing", "grant_type"),
    ("/oauth/token", {"grant_type": "password"}, "unsupported_grant_type", "form/grant-type", "grant_type"),
    ("/oauth/token", {"grant_type": "authorization_code"}, "invalid_request", "form/missing", "code"),
    ("/oauth/token", {"grant_type": "authorization_code", "code": "x"}, "invalid_grant", "code/gone", "code"),
    ("/oauth/token", {"grant_type": "refresh_token"}, "invalid_request", "form/missing", "refresh_token"),
    ("/oauth/token", GONE, "invalid_grant", "code/gone", "refresh_token"),
    ("/oauth/revoke", {}, "invalid_request", "form/missing", "token"),
    ("/oauth/introspect", {}, "invalid_request", "form/missing", "token"),
    ("/oauth/deposits", {}, "invalid_request", "form/missing", "sub"),
    ("/oauth/deposits", {"sub": "x", "deposit": "x"}, "invalid_request", "deposit/form", "deposit"),
]  # fmt: skip


async def test_other_endpoints_say_as_much(client: Client) -> None:
    for path, form, error, rule, member in OTHERS:
        status, answer = await client.post(path, form, DPoP=client.proof(path))
        assert status == 400
        await check_whole(client, answer, error, rule, member)


@pytest.mark.parametrize(
    "changes",
    [{"aud": "https://elsewhere.example"}, {"exp": 1}, {"iss": "https://unknown.example"}, {"sub": STRANGER}],
    ids=["audience", "time", "issuer", "subject"],
)
async def test_who_is_not_known_is_told_nothing(client: Client, changes: dict[str, Any]) -> None:
    for path in ("/oauth/par", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/deposits"):
        form = {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": client.assertion(**changes),
            "request": "x",
            "token": "x",
        }
        async with client.session.post(client.pds.issuer + path, data=form) as response:
            assert response.status == 401
            assert await response.json() == {
                "error": "invalid_client",
                "error_description": "client authentication failed",
            }
            # A challenge would hide the error from libraries that look for one first.
            assert "WWW-Authenticate" not in response.headers
