"""How often, how much, how deep: refused early, in the right dialect, with nothing changed."""

from dataclasses import replace

import aiohttp
import pytest

from pds.http.keys import SETTINGS
from tests.conftest import Running


async def test_a_flood_from_one_address_is_told_to_wait(pds: Running) -> None:
    assert pds.app is not None
    pds.app._state[SETTINGS] = replace(pds.settings, rate=5)
    async with aiohttp.ClientSession() as session:
        answers = []
        for _ in range(7):
            async with session.get(f"{pds.issuer}/api/session") as response:
                answers.append((response.status, response.headers.get("Retry-After")))
        assert [status for status, _ in answers] == [200] * 5 + [429] * 2
        assert 1 <= int(str(answers[-1][1])) <= 60
        pds.clock.ahead += 60
        async with session.get(f"{pds.issuer}/api/session") as response:
            assert response.status == 200, "a minute later it may ask again"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{" * 100_000, "application/json", 413),
        (b'{"for":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "application/json", 400),
        (b'{"for":"passkey","for":"passkey"}', "application/json", 400),
        (b'{"for":NaN}', "application/json", 400),
        (b'{"for":"\\ud800"}', "application/json", 400),
        (b'{"for":1.5}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"for":"passkey","more":1}', "application/json", 400),
        (b'{"for":"nothing"}', "application/json", 400),
        (b'{"for":"passkey"}', "text/plain", 415),
        (b'{"for":"passkey"}', "application/json", 200),
    ],
)
async def test_a_bad_body_gets_a_clear_answer(pds: Running, body: bytes, kind: str, status: int) -> None:
    async with aiohttp.ClientSession() as session:
        answer = session.post(f"{pds.issuer}/api/challenges", data=body, headers={"Content-Type": kind})
        async with answer as response:
            assert response.status == status
            if status != 200:
                assert response.content_type == "application/problem+json"
                assert (await response.json())["type"].startswith(f"{pds.issuer}/docs/errors#")


async def test_another_site_cannot_act_for_a_resident(pds: Running) -> None:
    async with aiohttp.ClientSession() as session:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = session.post(f"{pds.issuer}/api/challenges", json={"for": "passkey"}, headers=headers)
            async with answer as response:
                assert response.status == 403
        own = {"Origin": pds.issuer, "Sec-Fetch-Site": "same-origin"}
        async with session.post(f"{pds.issuer}/api/challenges", json={"for": "passkey"}, headers=own) as response:
            assert response.status == 200
