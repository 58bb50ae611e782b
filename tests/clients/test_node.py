"""Libraries of Node that know nothing of us complete every flow that they have against a running server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from pds.core import jose
from pds.core.encoding import Json
from pds.sdk import Meeting
from tests.clients.person import NODE, Person, given, register, run_node
from tests.conftest import Running
from tests.people import NAME, a_vault


@pytest.fixture
async def person(pds: Running) -> AsyncIterator[Person]:
    async with a_vault(pds) as resident:
        yield Person(resident)


async def test_openid_client(pds: Running, person: Person) -> None:
    """Discovery, PAR, signed request and answer, RAR, DPoP, PKCE, ID token, refresh, refusals, managing, sign-out."""
    first = given(pds, pds.parking)
    results = await run_node(NODE / "openid_client.mjs", first, person.answer)
    signed, unsigned, granted = results["signed"], results["unsigned"], results["granted"]
    assert signed["sub"] == signed["told"] == unsigned["sub"] == unsigned["told"] == granted["sub"]
    assert results["jarm"] == signed["sub"]
    assert signed["refresh"] is None
    assert granted["details"] == first["details"]
    for read in (results["first"], results["second"]):
        assert read["type"] == "application/jwt"
        assert read["claims"]["person.full_name"]["value"] == NAME
        assert "value" not in read["claims"]["contact.email"]
    assert results["introspected"]["active"] is True
    assert results["introspected"]["grant_id"] == granted["grant_id"]
    assert results["given_up"] == {"active": False}
    assert results["outside"] == {
        "name": "ResponseBodyError",
        "error": "invalid_authorization_details",
        "rule": "request/purpose",
        "member": "purpose",
        "uri": f"{pds.issuer}/docs/errors#request-purpose",
    }
    assert results["stranger"] == {"name": "ResponseBodyError", "error": "invalid_client"}
    assert results["declined"] == {"name": "AuthorizationResponseError", "error": "access_denied"}
    assert results["stopped"]["scheme"] == "dpop"
    assert results["stopped"]["error"] == "invalid_token"
    assert results["refresh"]["error"] == "invalid_grant"
    assert results["refresh"]["rule"] == "code/gone"
    assert results["looked_up"] == {"scopes": [{"scope": "openid"}], "authorization_details": first["details"]}
    assert (results["given_back"], results["gone"]) == (204, False)
    assert results["left"] == {"asks": False, "back": True}


async def test_oauth4webapi_with_ed25519(pds: Running, person: Person) -> None:
    """The same by hand, from the address of the data alone (RFC 9728), a signed answer, and keys of another kind."""
    key = OKPKey.generate_key("Ed25519", private=True)
    service = await register(pds, "ed25519", key, "Ed25519")
    sig = {**key.as_dict(private=True), "kid": jose.thumbprint(key)}
    results = await run_node(NODE / "oauth4webapi.mjs", given(pds, service, sig), person.answer)
    assert results["servers"] == [pds.issuer]
    assert results["same"] is True
    assert results["signed"] == ["response", "subject_proof"], "code, state and issuer are inside"
    assert results["sub"] == results["told"] == results["introspected"]["sub"]
    assert results["token"]["type"] == "dpop"
    assert results["read"] == 200
    assert results["renewed"] is True
    assert results["introspected"]["cnf"] == {"jkt": results["jkt"]}
    assert results["after"] == [False, False]
    assert results["challenge"]["error"] == "invalid_token"
    assert results["challenge"]["resource_metadata"] == f"{pds.issuer}/.well-known/oauth-protected-resource/data"


async def test_openid_client_at_a_desk(pds: Running, person: Person) -> None:
    """RFC 8628 with a signed request object (RFC 9101), RAR, DPoP; the resident is a wallet without a screen."""
    first = given(pds, pds.parking)
    place = {"en": "Central Library", "cy": "Y Llyfrgell Ganolog"}
    first["details"][0] |= {"desk": {"id": "library-1", "place": place}, "access": "once"}
    meetings: list[Meeting] = []

    async def answer(question: Json) -> Any:
        if "scan" in question:
            meetings.append(await person.resident.claim(question["scan"]))
            return meetings[-1].digits
        asked = await meetings[-1].question()
        if question["decide"] == "no":
            return await person.resident.decline(asked)
        return await person.resident.approve(asked, {"person.full_name": NAME})

    results = await run_node(NODE / "openid_client_desk.mjs", first, answer)
    assert results["begun"] == sorted(
        "device_code user_code verification_uri verification_uri_complete expires_in interval".split()
    )
    assert results["digits"] == {"paired": True}
    assert results["sub"] == results["told"]
    assert (results["proof"], results["read"]) == ("string", "application/jwt")
    assert results["declined"] == "access_denied"
