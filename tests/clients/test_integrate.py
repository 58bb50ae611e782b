"""docs/integrate.md is done step by step: its own code blocks, in Python and in Node, against a running server."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from pds.core.encoding import Json
from pds.demo.localhost import LocalhostResolver
from pds.sdk import Disclosure, Grant, Resident, ServiceKeys, Stopped, wire
from tests.clients.person import NODE, find_node, run_node
from tests.conftest import Registered, Running
from tests.examples import PARKING
from tests.people import NAME, a_vault
from tests.ports import unused_port

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/integrate.md").read_text("utf-8")
VECTORS = ROOT / "protocols/vectors"
NEW_NAME = "Siân Nguyễn"
# What only a strict reader of JSON refuses. The resident's own key signed each of them: nobody in between gains by it.
STRICT_ONLY = re.compile(r"names \w+ twice|a claim twice|byte order mark")


def blocks(language: str) -> list[str]:
    """The code blocks of the page in this language, in order."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)


def addressed(code: str, pds: Running, home: str) -> str:
    """The page's code with the addresses of this test."""
    return code.replace("https://parking.anytown.example", home).replace("https://vault.anytown.example", pds.issuer)


async def registered(pds: Running, folder: Path) -> Registered:
    """The page's first steps: its shell commands make and print the keys, the registrar signs."""
    (commands,) = blocks("sh")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": path}
    done = await asyncio.to_thread(
        subprocess.run, ["bash", "-euc", commands], cwd=folder, env=environment, capture_output=True, check=True
    )
    keys = ServiceKeys.load(folder / "keys.json")
    assert json.loads(done.stdout) == keys.public_jwks()
    home = f"http://parking.localhost:{unused_port()}"
    return await pds.register(
        {**PARKING, "client_id": home, "sector": home, "redirect_uris": [f"{home}/back"]}, keys=keys
    )


@asynccontextmanager
async def somebody(pds: Running) -> AsyncIterator[Resident]:
    """A resident whose browser finds hosts below `localhost`."""
    async with (
        a_vault(pds) as resident,
        wire.new_session(LocalhostResolver()) as session,
    ):
        resident.browser._session = session
        yield resident


async def asked(resident: Resident, home: str) -> Any:
    """The resident follows the service's link to the vault."""
    away = await resident.browser.get(f"{home}/start")
    return await resident.asked(await resident.follow(away.headers["Location"]))


async def text(resident: Resident, url: str) -> str:
    """A page of the service, where its redirects lead to."""
    answer = await resident.browser.get(url)
    if answer.status == 303:
        answer = await resident.browser.get(re.sub(r"(?<=[0-9])/.*", "", url) + answer.headers["Location"])
    return unescape(answer.body.decode())


async def test_the_page_in_python(pds: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = await registered(pds, tmp_path)
    monkeypatch.chdir(tmp_path)
    (whole,), (later, give_back, *_) = blocks("python"), blocks("py")
    space: dict[str, Any] = {"json": json, "Grant": Grant, "Stopped": Stopped}
    exec(addressed(whole, pds, service.client_id), space)  # noqa: S102  our own page
    body = "\n".join(f"    {line}" for line in later.splitlines())
    exec(f"async def later(stored):\n    details = None\n{body}\n    return details", space)  # noqa: S102
    exec(f"async def give_back(grant):\n    {give_back}", space)  # noqa: S102
    runner = web.AppRunner(space["app"], access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(service.client_id.rpartition(":")[2])).start()
    try:
        async with somebody(pds) as resident:
            back = await resident.approve(await asked(resident, service.client_id), {"person.full_name": NAME})
            assert await text(resident, back) == f"Hello {NAME}"
            (kept,) = space["grants"].values()
            await resident.change("person.full_name", NEW_NAME)
            details: Disclosure | None = await space["later"](json.dumps(kept))
            assert details is not None
            assert details.value("person.full_name") == NEW_NAME
            await space["give_back"](Grant.of(kept))
            (offered,) = await resident.inbox()
            assert offered.deposit is not None
            await resident.revoke(kept["grant_id"])
            assert await space["later"](json.dumps(kept)) is None, "told plainly: Stopped"
            answer = await resident.decline(await asked(resident, service.client_id))
            assert "Nothing was shared" in await text(resident, answer)
    finally:
        await runner.cleanup()
        await space["vault"].close()


def node_files(folder: Path, change: Any = lambda code: code) -> list[Path]:
    """The page's two files, each named in its first line."""
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    made = []
    for code in blocks("js"):
        path = folder / code.partition("\n")[0].removeprefix("// ")
        path.write_text(change(code), "utf-8")
        made.append(path)
    return made


@asynccontextmanager
async def node_service(script: Path, port: int) -> AsyncIterator[None]:
    """The page's service as a process, listening, until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        find_node(), str(script), cwd=script.parent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(30):
            while process.returncode is None:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        said, _ = await process.communicate()
        print(said.decode())  # pytest shows it when the test fails


async def test_the_page_in_node(pds: Running, tmp_path: Path) -> None:
    service = await registered(pds, tmp_path)
    home = service.client_id
    _checks, script = node_files(tmp_path, lambda code: addressed(code, pds, home))
    async with node_service(script, int(home.rpartition(":")[2])), somebody(pds) as resident:
        back = await resident.approve(await asked(resident, home), {"person.full_name": NAME})
        assert await text(resident, back) == f"Hello {NAME}"
        await resident.change("person.full_name", NEW_NAME)
        assert await text(resident, f"{home}/permit") == f"Hello {NEW_NAME}"
        (grant,) = (await resident.grants()).grants
        entries = await resident.log(grant.id)
        assert [entry["kind"] for entry in entries] == ["approved", "collected", "read", "published", "read"]
        await resident.revoke(grant.id)
        assert await text(resident, f"{home}/permit") == "You stopped sharing with us."
        answer = await resident.decline(await asked(resident, home))
        assert "Nothing was shared" in await text(resident, answer)
        assert "Something went wrong" in await text(resident, back), "an old answer is not taken again"


def cases(*operations: str) -> list[Json]:
    """Every vector of these operations, of both makers."""
    found = [json.loads(path.read_text("utf-8"))["cases"] for path in sorted(VECTORS.glob("*.json"))]
    return [case for area in found for case in area if case["op"] in operations]


async def test_the_pages_checks_in_node_refuse_every_vector_that_is_invalid(tmp_path: Path) -> None:
    checks, _script = node_files(tmp_path)
    tried = cases("disclosure.open", "proof.verify")
    assert {case["result"] for case in tried} == {"valid", "invalid"}

    async def nothing(_question: Json) -> None:
        raise AssertionError

    outcomes = await run_node(NODE / "vectors.mjs", {"checks": checks.as_uri(), "cases": tried}, nothing)
    for case in tried:
        outcome = outcomes[case["id"]]
        if case["result"] == "valid":
            assert outcome == {"output": case["output"]}, case["comment"]
        elif not STRICT_ONLY.search(case["comment"]):
            assert "error" in outcome, (case["id"], case["comment"], case["error"])
