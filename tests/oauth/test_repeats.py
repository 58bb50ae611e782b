"""What is sent again, because its answer was lost: it is the resident's who sent it, whoever signs in there next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from pds.core.encoding import Json
from pds.sdk import Resident
from tests.conftest import Running
from tests.faults.world import a_world
from tests.people import DETAILS, PERMIT, a_vault, query_of, service_of, until

BROWSER = "__Host-pds-browser"
# Every act of a resident's that carries what a wallet has made, or decides something.
ACTS = [
    ("/api/requests/", "/approval"),
    ("/api/counters/", "/approval"),
    ("/api/counters/", "/refusal"),
    ("/api/counters/", "/departure"),
    ("/api/counters", "/counters"),
    ("/api/grants/", "/revocation"),
    ("/api/grants/", "/report"),
    ("/api/deposits/", "/answer"),
    ("/api/publications", ""),
    ("/api/pause", ""),
    ("/api/vault/commits", ""),
    ("/api/vault/methods", ""),
    ("/api/sessions/", "/end"),
]


def of(resident: Resident) -> dict[str, str]:
    """What this resident's browser sends with every request."""
    return {name: str(value) for name, value in resident.browser._cookies["localhost"].items()}


async def send(pds: Running, path: str, body: Json, cookies: dict[str, str]) -> tuple[int, Json]:
    """A wallet's act, by whoever has these cookies."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.post(pds.issuer + path, json=body, headers={"Cookie": cookie}) as response,
    ):
        text = await response.text()
        return response.status, await response.json(content_type=None) if text else {}


@asynccontextmanager
async def next_at(pds: Running, first: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    """Somebody else who signs in to their own vault in the same browser."""
    async with a_vault(pds) as other:
        yield of(other) | {BROWSER: first[BROWSER]}


@pytest.mark.parametrize("what", ["a sign-in", "details"])
async def test_an_approval_sent_again_gives_its_code_to_nobody_but_its_resident(
    pds: Running, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    sent: list[tuple[str, Any]] = []
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        asked = await (parking.sign_in() if what == "a sign-in" else parking.ask("resident-permit", PERMIT, until(pds)))
        question = await resident.asked(await resident.follow(asked.url))
        post = resident._api.post

        async def noted(path: str, body: Json) -> Json:
            sent.append((path, body))
            return await post(path, body)

        monkeypatch.setattr(resident._api, "post", noted)
        code = query_of(await resident.approve(question, DETAILS if what == "details" else ()))["code"]
        ((path, body),) = (each for each in sent if each[0].endswith("/approval"))
        async with next_at(pds, of(resident)) as theirs:
            status, said = await send(pds, path, body, theirs)
            assert (status, said["code"]) == (409, "conflict")
            assert code not in str(said)
            plain = await send(pds, path, body | {"replaces": ["A" * 22]}, theirs)
            assert plain == (status, said), "which of the two it was, nobody learns"
        status, said = await send(pds, path, body, of(resident))
        assert (status, said["code"]) == (200, code), "whose answer it is gets the same code again"


@pytest.mark.parametrize(("start", "end"), ACTS, ids=[f"{start}*{end}" for start, end in ACTS])
async def test_what_a_resident_sent_does_nothing_for_who_signs_in_there_next(
    pds: Running, start: str, end: str
) -> None:
    async with a_world(pds) as world:
        path = next(path for path in world.acts if path.startswith(start) and path.endswith(end))
        body, mine = world.acts[path], dict(pair.split("=", 1) for pair in world.cookie.split("; "))
        async with next_at(pds, mine) as theirs:
            status, said = await send(pds, path, body, mine)
            assert status in (200, 204), said
            status, said = await send(pds, path, body, theirs)
            assert 400 <= status < 500, said
