"""What a token is good for, said to its owner alone; and how a client finds whom to ask for one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json
from pds.grants import tokens
from pds.registry import actions as registry
from pds.sdk import Grant, Resident, Service
from tests.conftest import Running
from tests.oauth.client import Client
from tests.people import a_vault, query_of, service_of, share, until

NOT_ACTIVE = (200, {"active": False})


@dataclass
class Scene:
    client: Client
    resident: Resident
    service: Service

    async def ask(self, token: str | None, client: Client | None = None) -> tuple[int, Json]:
        return await (client or self.client).post("/oauth/introspect", {"token": token or ""})

    async def share(self, access: Any = "once") -> Grant:
        return await share(self.resident, self.service, access=access)


@asynccontextmanager
async def a_scene(pds: Running) -> AsyncIterator[Scene]:
    async with (
        aiohttp.ClientSession() as session,
        a_vault(pds) as resident,
        service_of(pds, pds.parking) as service,
    ):
        yield Scene(Client(pds, pds.parking, session), resident, service)


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with a_scene(pds) as made:
        yield made


async def test_a_service_asks_what_its_token_is_good_for(scene: Scene) -> None:
    began = scene.client.pds.clock()
    grant = await scene.share(until(scene.client.pds))
    status, answer = await scene.ask(grant.access_token)
    assert status == 200
    # The service counts from when the token came, and the second may have changed on its way.
    assert began + tokens.ACCESS_SECONDS <= answer["exp"] <= grant.access_expires
    assert answer == {
        "active": True,
        "sub": grant.sub,
        "client_id": scene.client.service.client_id,
        "scope": "openid",
        "exp": answer["exp"],
        "grant_id": grant.grant_id,
        "token_type": "DPoP",
        "cnf": {"jkt": jose.thumbprint(scene.service.keys.dpop)},
        "authorization_details": answer["authorization_details"],
    }
    (detail,) = answer["authorization_details"]
    assert (detail["type"], detail["purpose"]) == ("resident_data", "resident-permit")
    status, answer = await scene.ask(grant.refresh_token)
    assert (answer["active"], answer["sub"], answer["exp"]) == (True, grant.sub, grant.sharing_record().ends)
    assert "cnf" not in answer
    assert "token_type" not in answer


async def test_a_sign_in_has_no_details(scene: Scene) -> None:
    asked = await scene.service.sign_in()
    back = await scene.resident.approve(await scene.resident.asked(await scene.resident.follow(asked.url)))
    grant = await scene.service.finish(query_of(back), asked.pending)
    _, answer = await scene.ask(grant.access_token)
    assert answer["active"]
    assert "authorization_details" not in answer


async def test_another_client_learns_nothing_of_a_token(scene: Scene) -> None:
    grant = await scene.share(until(scene.client.pds))
    other = Client(scene.client.pds, scene.client.pds.leisure, scene.client.session)
    for token in (grant.access_token, grant.refresh_token):
        assert await scene.ask(token, other) == NOT_ACTIVE
        assert (await scene.ask(token))[1]["active"]
    assert await scene.ask("A" * 43) == NOT_ACTIVE


async def test_what_is_over_is_not_active(scene: Scene) -> None:
    revoked = await scene.share(until(scene.client.pds))
    await scene.resident.revoke(revoked.grant_id)
    read = await scene.share()
    await scene.service.read(read)
    for token in (revoked.access_token, revoked.refresh_token, read.access_token):
        assert await scene.ask(token) == NOT_ACTIVE
    late = await scene.share(until(scene.client.pds))
    scene.client.pds.clock.ahead += 601
    assert await scene.ask(late.access_token) == NOT_ACTIVE
    assert (await scene.ask(late.refresh_token))[1]["active"]


async def test_a_suspended_service_asks_nothing(scene: Scene) -> None:
    grant = await scene.share()
    await registry.suspend(scene.client.service.client_id, suspended=True)
    assert (await scene.ask(grant.access_token))[0] == 401


async def test_a_token_ends_no_later_than_its_grant_says(scene: Scene) -> None:
    access = until(scene.client.pds, 90)
    grant = await scene.share(access)
    scene.client.pds.clock.ahead += grant.sharing_record().ends - scene.client.pds.clock() - 100
    form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token or ""}
    _, answer = await scene.client.token(form)
    assert 90 <= answer["expires_in"] <= 100


async def test_from_the_address_of_the_data_alone_a_client_finds_the_way(pds: Running) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{pds.issuer}/data") as refused:
            challenge = refused.headers["WWW-Authenticate"]
        address = challenge.partition('resource_metadata="')[2].partition('"')[0]
        assert address == f"{pds.issuer}/.well-known/oauth-protected-resource/data"
        async with session.get(address) as response:
            resource = await response.json()
            assert response.content_type == "application/json"
        assert resource["resource"] == f"{pds.issuer}/data"
        assert resource["dpop_bound_access_tokens_required"] is True
        (issuer,) = resource["authorization_servers"]
        async with session.get(f"{issuer}/.well-known/oauth-authorization-server") as response:
            server = await response.json()
    assert server["issuer"] == issuer
    assert server["protected_resources"] == [resource["resource"]]
    assert server["introspection_endpoint"] == f"{issuer}/oauth/introspect"
