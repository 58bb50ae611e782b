"""The corpus of hostile requests (tests/hostile/oauth), against our server: all of it, and every failure at once."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.registry import actions as registry
from pds.sdk import Problem, Resident
from pds.sdk.errors import SdkError
from pds.settings import Settings
from tests.conftest import Registered, Running, pds
from tests.hostile.oauth.cases import Case, read_all
from tests.hostile.oauth.judging import judge
from tests.hostile.oauth.target import Client, NotApproved, Target, discover, read_client
from tests.people import DETAILS, a_vault, until

__all__ = ["pds"]  # the server itself: the other tests of this folder have a proxy before it

ALL = read_all()
LEAST_CASES = 200
# The classes that issue texts and advisories name, in README.md: class, patterns over "file: name", number of cases.
CLASSES = 26
LEAST_OF_A_CLASS = 7
_CLASS = re.compile(r"^\| ([^|]+) \| (`[^|]+`) \| ([0-9]+) \|$", re.MULTILINE)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate=1_000_000)


def _client(pds: Running, registered: Registered, purpose: str, attributes: Json, *, standing: bool) -> Client:
    detail: Json = {
        "type": "resident_data",
        "locations": [f"{pds.issuer}/data"],
        "purpose": purpose,
        "attributes": attributes,
        "access": "once",
        "enc_jkt": jose.thumbprint(registered.keys.enc),
    }
    asks: dict[str, Json] = {
        "sign-in": {"scope": "openid"},
        "once": {"scope": "openid", "authorization_details": [detail]},
        "data": {"authorization_details": [detail]},
    }
    if standing:
        asks["until"] = {"scope": "openid", "authorization_details": [detail | {"access": until(pds)}]}
    jwk = jose.private_jwk(registered.keys.sig)
    document = {"client_id": registered.client_id, "redirect_uri": registered.redirect_uri, "jwk": jwk, "asks": asks}
    after = registered.redirect_uri.replace("/back", "/bye")
    return read_client(document | {"post_logout_redirect_uri": after})


@pytest.fixture
async def target(pds: Running) -> AsyncIterator[Target]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session, a_vault(pds) as resident:
        endpoints = await discover(pds.issuer, session) | {"read": f"{pds.issuer}/data"}
        name: Json = {"person.full_name": {"required": True}}
        clients = {
            "a": _client(pds, pds.parking, "resident-permit", name, standing=True),
            "b": _client(pds, pds.leisure, "leisure-card", name, standing=False),
        }
        yield Target(
            issuer=pds.issuer,
            endpoints=endpoints,
            clients=clients,
            session=session,
            approve=_approving(resident),
            acts=_acts(pds, resident),
            clock=pds.clock,
        )


def _approving(resident: Resident) -> Callable[[str], Any]:
    async def approve(url: str) -> str:
        try:
            question = await resident.asked(await resident.follow(url))
            wanted = {id: DETAILS[id] for id in question.request.attributes if id in DETAILS}
            return await resident.approve(question, wanted)
        except (Invalid, SdkError) as error:
            raise NotApproved(str(error)) from error

    return approve


def _acts(pds: Running, resident: Resident) -> dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]]:
    async def wait(step: dict[str, Any], _scope: dict[str, Any]) -> None:
        pds.clock.ahead += step["seconds"]

    async def suspend(step: dict[str, Any], scope: dict[str, Any]) -> None:
        await registry.suspend(scope[step["as"]]["id"], suspended=True)

    async def resume(step: dict[str, Any], scope: dict[str, Any]) -> None:
        await registry.suspend(scope[step["as"]]["id"], suspended=False)

    async def end(_step: dict[str, Any], scope: dict[str, Any]) -> None:
        try:
            await resident.revoke(scope["token"]["grant_id"])
        except Problem as error:
            raise AssertionError(error) from error

    return {"wait": wait, "suspend": suspend, "resume": resume, "end": end}


async def test_nothing_hostile_is_accepted_and_nothing_honest_refused(target: Target) -> None:
    verdict = await judge(target, ALL)
    assert verdict.skipped == [], "here everything can be tried"
    assert verdict.failed == [], f"{verdict.passed} passed; these did not:\n" + "\n".join(verdict.failed)


async def test_the_documented_command_tries_another_server(target: Target, tmp_path: Path) -> None:
    described = {
        name: {
            "client_id": client.id,
            "redirect_uri": client.redirect_uri,
            "jwk": client.key.private_jwk,
            "asks": client.asks,
        }
        for name, client in target.clients.items()
    }
    file = tmp_path / "client.json"
    file.write_text(json.dumps(described), "utf-8")
    command = (sys.executable, "-m", "tests.hostile.oauth", "--issuer", target.issuer, "--client", str(file))
    process = await asyncio.create_subprocess_exec(
        *command, "--only", "code", "--only", "redirect", cwd=ROOT, stdout=PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    assert " passed, 0 failed, " in printed.decode()
    assert "skipped  code: a code done right (no approve)" in printed.decode()


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(ALL) >= LEAST_CASES


def test_every_class_of_hostile_requests_has_the_cases_that_the_table_says() -> None:
    rows = _CLASS.findall((ROOT / "tests/hostile/oauth/README.md").read_text("utf-8"))
    assert len(rows) == CLASSES
    found = {
        name: sum(any(_is(case, pattern) for pattern in re.findall(r"`([^`]+)`", where)) for case in ALL)
        for name, where, _ in rows
    }
    assert found == {name: int(count) for name, _, count in rows}
    assert min(found.values()) >= LEAST_OF_A_CLASS


def _is(case: Case, pattern: str) -> bool:
    return fnmatchcase(f"{case.file}: {case.name}", pattern) or fnmatchcase(f"cite: {case.cite}", pattern)


@pytest.mark.parametrize("family", sorted({case.file for case in ALL}))
def test_every_family_has_the_same_thing_done_right(family: str) -> None:
    assert [case.name for case in ALL if case.file == family and case.accepted]


def test_every_case_names_where_its_rule_stands() -> None:
    named = ("RFC ", "FAPI 2.0 ", "OIDC ", "JARM ", "CVE-", "CWE-", "CAPEC-", "Attacker model ")
    assert [str(case) for case in ALL if not case.cite.startswith(named)] == []
