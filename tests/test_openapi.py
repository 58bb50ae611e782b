"""protocols/openapi.yaml against the server: every route, every limit, every answer."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import aiohttp
import pytest
import schemathesis
from aiohttp import web
from jsonschema import Draft202012Validator

from pds.app import create_app
from pds.core.encoding import Json
from pds.settings import Settings
from tests import openapi
from tests.conftest import Running
from tests.dressing import dressed
from tests.faults.endpoints import ENDPOINTS, Endpoint
from tests.faults.world import a_world
from tests.generated import run

HOW = """describe it in protocols/openapi.yaml: its body by a schema of protocols/schemas and x-max-bytes, and every
status with its content: copy the operation that is most like it. Then `pytest tests/test_openapi.py`."""
# With what schemathesis can know, these say yes at least once; the others need an act that only a wallet can make.
SAID_YES = {
    "GET /api/session",
    "POST /api/challenges",
    "GET /api/vault",
    "GET /api/requests/{id}",
    "POST /api/requests/{id}/extension",
    "GET /api/grants",
    "GET /api/grants/{id}/log",
    "POST /oauth/par",
    "GET /oauth/authorize",
    "POST /oauth/token",
    "POST /oauth/introspect",
    "POST /oauth/revoke",
    "GET /oauth/userinfo",
    "POST /oauth/userinfo",
    "GET /data",
    "GET /registry/statements/{digest}",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate=10_000_000)


def test_the_page_is_openapi_and_its_schemas_are_schemas() -> None:
    schemathesis.openapi.from_dict(openapi.page()).validate()
    for schema in openapi.bundled()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    broken = openapi.page() | {"paths": {"/api/session": {"get": {"responses": {"200": {}}}}}}
    with pytest.raises(Exception, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


def routes(app: web.Application) -> Iterator[str]:
    for route in app.router.routes():
        if route.resource is not None and route.method != "HEAD":
            yield f"{route.method} {route.resource.canonical}"


def test_every_route_is_described_and_no_other(settings: Settings) -> None:
    served = set(routes(create_app(settings)))
    assert served - openapi.known() == set(), f"a route is new: {HOW}"
    assert openapi.known() - served == set(), "the page describes what is not served"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_what_an_operation_reads_and_how_much_is_as_described(endpoint: Endpoint) -> None:
    operation: Json = dict(openapi.operations())[str(endpoint)]
    body = operation.get("requestBody", {})
    assert list(body.get("content", [])) == ([endpoint.kind] if endpoint.kind else [])
    assert body.get("x-max-bytes") == (endpoint.most if endpoint.body else None)


def test_every_operation_says_what_can_befall_any_request() -> None:
    for name, operation in openapi.operations():
        wanted = {"400", "417", "431", "500"} | ({"413", "415"} if "requestBody" in operation else set())
        assert wanted - operation["responses"].keys() == set(), name


def test_an_answer_that_is_not_described_is_noticed() -> None:
    session = "GET /api/session"
    assert openapi.complaint(session, 200, "application/json", b'{"signed_in": false}') == ""
    assert "418 is not described" in openapi.complaint(session, 418, "application/json", b"{}")
    assert "as text/plain" in openapi.complaint(session, 200, "text/plain", b"{}")
    assert "another shape" in openapi.complaint(session, 200, "application/json", b'{"signed_in": true, "who": "me"}')
    assert openapi.lacking("POST /oauth/token", 200, {"DPoP-Nonce": "n"}) == ["Pragma"]


async def test_whatever_is_sent_the_answer_is_one_that_is_described(pds: Running, pytestconfig: pytest.Config) -> None:
    async with a_world(pds) as world, aiohttp.ClientSession() as session:
        dress = await dressed(world, session)
        found = await asyncio.to_thread(run, pds.issuer, dress, examples=pytestconfig.getoption("--examples"))
    assert found.complaints == {}, "\n\n".join(f"{what}\n{why}" for what, why in found.complaints.items())
    assert {operation for operation, _ in found.statuses} >= openapi.known(), "an operation was not tried"
    assert SAID_YES - found.passed == set(), "the door stayed shut"
