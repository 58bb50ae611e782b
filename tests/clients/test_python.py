"""Libraries of Python that know nothing of us complete every flow that they have against a running server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from joserfc.jwk import RSAKey

from pds.core import jose
from tests.clients import requests_flows
from tests.clients.authlib_flows import Flows
from tests.clients.person import Person, given, register
from tests.conftest import Running
from tests.people import a_vault

Result = TypeVar("Result")


@dataclass
class Waiting:
    """The resident, called from the thread of a library that knows no asyncio."""

    person: Person
    loop: asyncio.AbstractEventLoop

    def open(self, url: str) -> str:
        return self._run(self.person.open(url))

    def revoke(self, grant_id: str) -> None:
        self._run(self.person.resident.revoke(grant_id))

    def _run(self, act: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(30)


@pytest.fixture
async def waiting(pds: Running) -> AsyncIterator[Waiting]:
    async with a_vault(pds) as resident:
        yield Waiting(Person(resident), asyncio.get_running_loop())


@pytest.fixture(scope="session")
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, private=True)


async def test_requests_oauth2client_with_rsa(pds: Running, waiting: Waiting, rsa_key: RSAKey) -> None:
    """Discovery, PAR, signed request, RAR, DPoP, PKCE, ID token, userinfo, refresh, introspection, revocation."""
    service = await register(pds, "rsa", rsa_key, "PS256")
    sig = {**rsa_key.as_dict(private=True), "kid": jose.thumbprint(rsa_key)}
    first = given(pds, service, sig)
    results = await asyncio.to_thread(requests_flows.run, first, waiting.open, waiting.revoke)
    assert results["endpoints"] == [f"{pds.issuer}/oauth/revoke", f"{pds.issuer}/oauth/introspect"]
    assert results["signed_in"] == results["told"] == results["granted"]
    assert results["details"] == first["details"]
    assert results["first"] == "application/jwt"
    assert results["second"] == 200
    assert results["introspected"]["cnf"] == {"jkt": results["jkt"]}
    assert results["given_up"] == {"active": False}
    assert 'error="invalid_token"' in results["stopped"]
    assert results["refresh"] == {"error": "invalid_grant", "uri": f"{pds.issuer}/docs/errors#code-gone"}
    assert results["refused"] == {"error": "invalid_scope", "uri": f"{pds.issuer}/docs/errors#request-scope"}


async def test_authlib(pds: Running, waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discovery, private_key_jwt, the code, ID token, refresh, introspection, revocation."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # plain http on this machine
    monkeypatch.setenv("NO_PROXY", "*")

    def flows(open_: Callable[[str], str]) -> dict[str, Any]:
        client = Flows(given(pds, pds.parking), pds.clock)
        signed_in, asked = client.sign_in(open_), client.ask(open_)
        token = asked["token"]
        renewed = client.refresh()
        results = {
            "subs": {signed_in["sub"], asked["sub"], client.introspect(renewed["access_token"])["sub"]},
            "read": client.read(renewed["access_token"]).status_code,
            "kept": renewed["refresh_token"] == token["refresh_token"],
            "revoked": client.revoke(token["refresh_token"]),
        }
        return results | {
            "after": client.introspect(renewed["access_token"]),
            "refused": client.refusal_of_refresh(),
            "stopped": client.read(renewed["access_token"]).status_code,
        }

    results = await asyncio.to_thread(flows, waiting.open)
    assert len(results["subs"]) == 1
    assert (results["read"], results["kept"], results["revoked"]) == (200, True, 200)
    assert results["after"] == {"active": False}
    assert (results["refused"], results["stopped"]) == ("invalid_grant", 401)
