"""What the server sends is what other people's libraries verify, and what docs/integrate.md takes as it stands."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from jwcrypto import jwk, jwt

from pds.core import jose
from pds.core.encoding import Json, jcs, parse_object
from pds.core.notice import EVENTS, GRANT_ENDED, LOGOUT_EVENT
from pds.sdk import Invalid
from tests.clients.person import NODE, run_node
from tests.clients.test_integrate import blocks
from tests.conftest import Running
from tests.features.telling import LOGOUTS, NOTICES, deliver, telling, token_of
from tests.internet import Internet
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import NAME, a_vault, service_of, until


@dataclass
class Told:
    """What parking was told, and the ID token that it had before."""

    pds: Running
    notice: str
    logout: str
    id_token: str
    grant_id: str
    jwks: Json


@pytest.fixture
async def told(pds: Running, internet: Internet) -> AsyncIterator[Told]:
    async with (
        telling(pds, internet, NOTICES, LOGOUTS) as receiver,
        a_vault(pds) as resident,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        client = Client(pds, pds.parking, session)
        request = client.request(authorization_details=client.details(access=until(pds)))
        _, pushed = await client.push(request)
        question = await resident.asked(await resident.follow(client.url(pushed)))
        form = {
            "grant_type": "authorization_code",
            "code": code_of(await resident.approve(question, {"person.full_name": NAME})),
            "redirect_uri": client.service.redirect_uri,
            "code_verifier": VERIFIER,
        }
        _, answer = await client.token(form)
        await resident.revoke(answer["grant_id"])
        await resident.logout()
        pds.clock.ahead += 300
        await deliver(pds, internet)
        by_path = {post.path.partition("?")[0]: post for post in receiver.posts}
        async with session.get(f"{pds.issuer}/oauth/jwks") as response:
            jwks = await response.json()
        notice, logout = by_path["/notices"].body.decode(), token_of(by_path["/logout"])
        yield Told(pds, notice, logout, answer["id_token"], answer["grant_id"], jwks)


def as_expected(told: Told, notice: Any, logout: Any) -> None:
    """The claims that a library gave."""
    issuer, audience = told.pds.issuer, told.pds.parking.client_id
    id_token = jose.peek(told.id_token)
    assert (notice["iss"], notice["aud"]) == (logout["iss"], logout["aud"]) == (issuer, audience)
    assert notice["events"] == {EVENTS[GRANT_ENDED]: {"grant_id": told.grant_id}}
    assert notice["sub_id"] == {"format": "iss_sub", "iss": issuer, "sub": id_token["sub"]}
    assert (logout["events"], logout["sub"], logout["sid"]) == ({LOGOUT_EVENT: {}}, id_token["sub"], id_token["sid"])


async def test_jwcrypto_verifies_a_notice_and_a_logout_token(told: Told) -> None:
    keys = jwk.JWKSet.from_json(jcs(told.jwks).decode())
    checks = {"iss": told.pds.issuer, "aud": told.pds.parking.client_id}
    found = []
    for token, kind in ((told.notice, "secevent+jwt"), (told.logout, "logout+jwt")):
        # Notices have no `exp`; jwcrypto's own clock is the machine's, and the tests' is ahead.
        read = jwt.JWT(algs=["ES256"], check_claims=checks | ({"exp": None} if "logout" in kind else {}))
        read.leeway = 600
        read.deserialize(token, keys)
        assert parse_object(read.header)["typ"] == kind
        found.append(parse_object(read.claims))
    as_expected(told, *found)


async def test_jose_of_node_verifies_a_notice_and_a_logout_token_and_mixes_nothing_up(told: Told) -> None:
    given = {
        "issuer": told.pds.issuer,
        "client_id": told.pds.parking.client_id,
        "jwks": told.jwks,
        "notice": told.notice,
        "logout": told.logout,
        "id_token": told.id_token,
    }

    async def nothing(_question: Json) -> None:
        raise AssertionError("it asks nothing")

    results = await run_node(NODE / "notices.mjs", given, nothing)
    as_expected(told, results["notice"], results["logout"])
    assert results["id_token"]["sid"] == results["logout"]["sid"]
    assert results["mixed"] == ["ERR_JWT_CLAIM_VALIDATION_FAILED"] * 3


async def test_the_handlers_in_the_docs_take_what_is_sent(told: Told) -> None:
    async with service_of(told.pds, told.pds.parking) as vault:
        sid = jose.peek(told.id_token)["sid"]
        grants, sessions = {told.grant_id: "kept", "another": "kept"}, {sid: "signed in", "another": "signed in"}
        space: dict[str, Any] = {"vault": vault, "grants": grants, "sessions": sessions, "seen": set()}
        space |= {"web": web, "Invalid": Invalid}
        exec(blocks("py")[2], space)  # noqa: S102  our own page
        app = web.Application()
        app.add_routes([web.post("/notices", space["notices"]), web.post("/logout", space["logout"])])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        here = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with aiohttp.ClientSession() as session:
                for body, status in ((told.logout, 400), (told.notice, 202), (told.notice, 202)):
                    async with session.post(f"{here}/notices", data=body.encode()) as answer:
                        assert answer.status == status
                        assert status == 202 or (await answer.json())["err"] == "invalid_request"
                for token, status in ((told.id_token, 400), (told.logout, 200)):
                    async with session.post(f"{here}/logout", data={"logout_token": token}) as answer:
                        assert answer.status == status
        finally:
            await runner.cleanup()
        assert (grants, sessions) == ({"another": "kept"}, {"another": "signed in"})
