"""The security headers stand on every answer of every endpoint, whatever became of the request.

What callers get who do things right, or may not, is walked by tests/oauth/test_matrix.py, wrong verbs, types, sizes and
addresses by test_bad_http.py; all of them look at the headers. Here is what befalls an endpoint whoever calls it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from pds import store
from pds.http.keys import SETTINGS
from tests import openapi
from tests.conftest import Running
from tests.faults.endpoints import ENDPOINTS, Endpoint, complaint, headers_always, unguarded
from tests.faults.raw import Answer, message, send

# What is answered from memory, whatever became of the database; and without a limit, since it costs next to nothing.
FROM_MEMORY = {"/", "/{path}", "/docs/errors", "/oauth/jwks", "/.well-known/oauth-protected-resource/data"} | {
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/ssf-configuration",
    "/Q",
    "/Q/{code}",
}
UNLIMITED = FROM_MEMORY - {"/oauth/jwks"}


async def ask(issuer: str, each: Endpoint, *headers: tuple[str, str]) -> Answer:
    """A request that is right as far as its door."""
    given = [("Content-Type", each.kind)] if each.kind else []
    body = {"json": b"{}", "form": b"client_id=a", "": b""}[each.body]
    cookie = ("Cookie", f"__Host-pds={'A' * 43}; __Host-pds-browser={'A' * 43}")
    return await send(issuer, message(each.verb, each.target, [cookie, *given, *headers], body))


async def walk(
    issuer: str,
    endpoints: list[Endpoint],
    statuses: set[int],
    dialect: Callable[[Endpoint], str],
    *more: tuple[str, str],
) -> dict[str, str]:
    """What is wrong with the answers, by endpoint."""
    always = await headers_always()
    answers = await asyncio.gather(*(ask(issuer, each, *more) for each in endpoints))
    said = {
        str(each): complaint(answer, dialect(each), always, statuses)  # type: ignore[arg-type]
        or openapi.complaint(str(each), answer.status, answer.headers["Content-Type"].partition(";")[0], answer.body)
        for each, answer in zip(endpoints, answers, strict=True)
    }
    return {name: text for name, text in said.items() if text}


def own(each: Endpoint) -> str:
    """Its dialect where the endpoint itself was not reached: no person is told by a page."""
    return "oauth" if each.dialect == "page" else each.dialect


async def test_an_expectation_that_nobody_meets_is_told_so_everywhere(pds: Running) -> None:
    assert await walk(pds.issuer, list(ENDPOINTS), {417}, lambda _: "problem", ("Expect", "a-miracle")) == {}


async def test_who_asks_too_often_is_told_so_everywhere(pds: Running) -> None:
    assert pds.app is not None
    pds.app._state[SETTINGS] = replace(pds.settings, rate=1)
    limited = [each for each in ENDPOINTS if each.path not in UNLIMITED]
    for each in limited:
        await ask(pds.issuer, each)
    assert await walk(pds.issuer, limited, {429}, own) == {}


async def test_a_database_that_is_gone_is_no_way_around(pds: Running) -> None:
    await store.close_database()
    stored = [each for each in ENDPOINTS if each.path not in FROM_MEMORY]
    always, wrong = await headers_always(), {}
    for each in stored:
        answer = await ask(pds.issuer, each)
        # Most are refused before they need the database.
        wrong[str(each)] = unguarded(answer.headers, always)
    assert {name: text for name, text in wrong.items() if text} == {}


async def test_a_mistake_of_ours_is_told_so_without_a_word_about_it(
    pds: Running, caplog: pytest.LogCaptureFixture
) -> None:
    assert pds.app is not None
    pds.app._state[SETTINGS] = replace(pds.settings, rate="a mistake")  # type: ignore[arg-type]
    limited = [each for each in ENDPOINTS if each.path not in UNLIMITED]
    assert await walk(pds.issuer, limited, {500}, own) == {}
    assert "can't multiply" in caplog.text, "the operator is told"
    assert b"multiply" not in (await ask(pds.issuer, limited[0])).body
