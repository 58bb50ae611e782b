"""A service looks its own grants up and ends them: with a token for that alone, and its resident sees who did it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.grants.models import GrantRow
from pds.registry import actions as registry
from pds.sdk import Resident
from tests.conftest import Running
from tests.oauth.client import Client
from tests.oauth.test_token import Scene
from tests.people import a_vault, until

BOTH = "grant_management_query grant_management_revoke"


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.parking, session), resident)


async def granted(scene: Scene, **changes: Any) -> Json:
    """The token response of a standing grant."""
    details = scene.client.details(access=until(scene.client.pds))
    status, answer = await scene.client.token(await scene.code(authorization_details=details, **changes))
    assert status == 200, answer
    return answer


async def manager(client: Client, scope: str = BOTH) -> str:
    """A token of the service for itself."""
    status, answer = await client.token({"grant_type": "client_credentials", "scope": scope})
    assert status == 200, answer
    assert answer.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer["scope"], answer["token_type"]) == (scope, "DPoP")
    return str(answer["access_token"])


async def call(client: Client, token: str, grant_id: str, verb: str = "GET", **proof: Any) -> tuple[int, Json]:
    path = f"/oauth/grants/{grant_id}"
    made = client.proof(path, **({"method": verb, "token": token} | proof))
    headers = {"Authorization": f"DPoP {token}", "DPoP": made}
    async with client.session.request(verb, client.pds.issuer + path, headers=headers) as answer:
        return answer.status, await answer.json() if await answer.read() else {}


async def read(client: Client, token: str) -> int:
    headers = {"Authorization": f"DPoP {token}", "DPoP": client.proof("/data", method="GET", token=token)}
    async with client.session.get(f"{client.pds.issuer}/data", headers=headers) as answer:
        return answer.status


async def kinds(resident: Resident, grant_id: str) -> list[str]:
    return [entry["kind"] for entry in await resident.log(grant_id)]


async def test_a_service_looks_its_grant_up_and_ends_it_and_nothing_of_it_is_left(scene: Scene) -> None:
    answer = await granted(scene)
    token, grant_id = await manager(scene.client), answer["grant_id"]
    assert await call(scene.client, token, grant_id) == (
        200,
        {"scopes": [{"scope": "openid"}], "authorization_details": answer["authorization_details"]},
    )
    assert await read(scene.client, answer["access_token"]) == 200
    assert await call(scene.client, token, grant_id, "DELETE") == (204, {})
    assert await read(scene.client, answer["access_token"]) == 401
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert (await scene.client.token(refresh))[1]["error"] == "invalid_grant"
    for method in ("GET", "DELETE"):
        status, refused = await call(scene.client, token, grant_id, method)
        assert (status, refused["error"], refused["rule"]) == (404, "invalid_request", "grant/unknown")
    row = await GrantRow.get(id=grant_id)
    assert row.state == "ended"
    assert row.disclosure is None


async def test_its_resident_sees_who_ended_it_by_the_services_own_proof(scene: Scene) -> None:
    grant_id = (await granted(scene))["grant_id"]
    await call(scene.client, await manager(scene.client), grant_id, "DELETE")
    assert await kinds(scene.resident, grant_id) == ["approved", "collected", "relinquished"]
    listing = await scene.resident.grants()
    assert (listing.grants, listing.differences) == ((), ()), "it is over, and nothing is wrong"
    assert scene.resident._device.opened.items[grant_id]["ended"]["why"] == "relinquished"


async def test_an_end_that_the_operator_invents_is_not_believed(scene: Scene) -> None:
    from pds import store

    grant_id = (await granted(scene, dpop_jkt=jose.thumbprint(scene.client.dpop_key)))["grant_id"]
    forger = Client(scene.client.pds, scene.client.service, scene.client.session)
    proof = forger.proof(f"/oauth/grants/{grant_id}", method="DELETE")
    async with store.write() as connection:
        await store.end_grant(connection, grant_id, "relinquished", proof, now=scene.client.pds.clock())
    with pytest.raises(Invalid, match="log/key"):
        await kinds(scene.resident, grant_id)
    assert [each.what for each in (await scene.resident.grants()).differences] == ["stopped"]


async def test_the_key_that_the_request_named_ends_it_and_no_other(scene: Scene) -> None:
    grant_id = (await granted(scene, dpop_jkt=jose.thumbprint(scene.client.dpop_key)))["grant_id"]
    other = Client(scene.client.pds, scene.client.service, scene.client.session)
    token = await manager(other)
    assert (await call(other, token, grant_id))[0] == 200
    status, refused = await call(other, token, grant_id, "DELETE")
    assert (status, refused["error"], refused["rule"]) == (400, "invalid_dpop_proof", "dpop/key")
    assert (await call(scene.client, await manager(scene.client), grant_id, "DELETE"))[0] == 204


async def test_another_services_grant_is_as_unknown_as_none(scene: Scene) -> None:
    pds, grant_id = scene.client.pds, (await granted(scene))["grant_id"]
    thief = Client(pds, pds.leisure, scene.client.session)
    token = await manager(thief)
    answers = [await call(thief, token, id, method) for id in (grant_id, "A" * 22) for method in ("GET", "DELETE")]
    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert answers[0][0] == 404
    assert (await call(scene.client, await manager(scene.client), grant_id))[0] == 200


async def test_each_scope_is_for_its_own_act(scene: Scene) -> None:
    grant_id = (await granted(scene))["grant_id"]
    query = await manager(scene.client, "grant_management_query")
    revoke = await manager(scene.client, "grant_management_revoke")
    for token, method in ((query, "DELETE"), (revoke, "GET")):
        status, refused = await call(scene.client, token, grant_id, method)
        assert (status, refused["error"]) == (403, "insufficient_scope")
    assert (await call(scene.client, query, grant_id))[0] == 200
    assert (await call(scene.client, revoke, grant_id, "DELETE"))[0] == 204


async def test_a_token_of_one_kind_is_not_taken_for_the_other(scene: Scene) -> None:
    answer = await granted(scene)
    own = await manager(scene.client)
    for token in (answer["access_token"], answer["refresh_token"], "x"):
        status, refused = await call(scene.client, token, answer["grant_id"])
        assert (status, refused["error"]) == (401, "invalid_token")
    assert await read(scene.client, own) == 401
    headers = {"Authorization": f"DPoP {own}"}
    headers["DPoP"] = scene.client.proof("/oauth/userinfo", method="GET", token=own)
    async with scene.client.session.get(f"{scene.client.pds.issuer}/oauth/userinfo", headers=headers) as told:
        assert told.status == 401


async def test_a_token_is_its_keys_and_each_proof_for_one_call(scene: Scene) -> None:
    grant_id = (await granted(scene))["grant_id"]
    token = await manager(scene.client)
    other = Client(scene.client.pds, scene.client.service, scene.client.session)
    assert (await call(other, token, grant_id))[0] == 401
    elsewhere = f"{scene.client.pds.issuer}/oauth/grants/{'A' * 22}"
    for wrong in ({"method": "DELETE"}, {"url": elsewhere}, {"nonce": None}):
        assert (await call(scene.client, token, grant_id, **wrong))[0] == 401
    url = f"{scene.client.pds.issuer}/oauth/grants/{grant_id}"
    async with scene.client.session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status == 401
    assert (await call(scene.client, token, grant_id, jti="once"))[0] == 200
    assert (await call(scene.client, token, grant_id, jti="once"))[0] == 401


async def test_a_token_ends_in_ten_minutes_when_given_up_and_with_its_service(scene: Scene) -> None:
    pds, grant_id = scene.client.pds, (await granted(scene))["grant_id"]
    token, given_up = await manager(scene.client), await manager(scene.client)
    status, told = await scene.client.post("/oauth/introspect", {"token": token})
    assert (status, told["active"], told["scope"], told["cnf"]) == (
        200,
        True,
        BOTH,
        {"jkt": jose.thumbprint(scene.client.dpop_key)},
    )
    thief = Client(pds, pds.leisure, scene.client.session)
    assert await thief.post("/oauth/introspect", {"token": token}) == (200, {"active": False})
    await thief.post("/oauth/revoke", {"token": given_up})
    assert (await call(scene.client, given_up, grant_id))[0] == 200
    await scene.client.post("/oauth/revoke", {"token": given_up})
    assert (await call(scene.client, given_up, grant_id))[0] == 401
    await registry.suspend(scene.client.service.client_id, suspended=True)
    assert (await call(scene.client, token, grant_id))[0] == 401
    await registry.suspend(scene.client.service.client_id, suspended=False)
    assert (await call(scene.client, token, grant_id))[0] == 200
    pds.clock.ahead += 600
    assert (await call(scene.client, token, grant_id))[0] == 401


@pytest.mark.parametrize("scope", ["", "openid", f"{BOTH} openid", "grant_management_query grant_management_query"])
async def test_a_service_gets_nothing_else_for_itself(scene: Scene, scope: str) -> None:
    status, answer = await scene.client.token({"grant_type": "client_credentials", "scope": scope})
    assert (status, answer["error"]) == (400, "invalid_scope" if scope else "invalid_request")


@pytest.mark.parametrize("action", ["create", "merge", "replace", "anything"])
async def test_a_request_manages_no_grant_and_the_metadata_promises_none(scene: Scene, action: str) -> None:
    grant_id = "A" * 22
    status, answer = await scene.client.push(scene.client.request(grant_management_action=action, grant_id=grant_id))
    assert (status, answer["error"], answer["rule"]) == (400, "invalid_request", "request/grant-management")
    async with scene.client.session.get(f"{scene.client.pds.issuer}/.well-known/openid-configuration") as told:
        metadata = await told.json()
    assert metadata["grant_management_actions_supported"] == ["query", "revoke"]
    assert metadata["grant_management_endpoint"] == f"{scene.client.pds.issuer}/oauth/grants"
