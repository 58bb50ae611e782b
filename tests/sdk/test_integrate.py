"""The service in docs/integrate.md is run as it stands there: only its addresses are exchanged."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from pds.demo.localhost import LocalhostResolver
from pds.sdk import Grant, Meeting, ServiceKeys, wire
from pds.sdk.browser import Browser
from tests.conftest import Running
from tests.examples import PARKING
from tests.people import NAME, a_vault, query_of
from tests.ports import unused_port

PAGE = Path(__file__).resolve().parents[2] / "docs/integrate.md"


def example() -> str:
    """The one block marked as Python."""
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(block)


def test_a_whole_service_is_at_most_30_lines() -> None:
    assert len([line for line in example().splitlines() if line.strip()]) <= 30


async def test_the_service_in_the_docs_works(pds: Running, tmp_path: Path) -> None:
    home = f"http://parking.localhost:{unused_port()}"
    registered = await pds.register({**PARKING, "client_id": home, "redirect_uris": [home + "/back"], "sector": home})
    registered.keys.save(tmp_path / "keys.json")
    assert ServiceKeys.load(tmp_path / "keys.json").public_jwks() == registered.keys.public_jwks()
    source = (
        example()
        .replace("https://parking.anytown.example", home)
        .replace("https://vault.anytown.example", pds.issuer)
        .replace('"keys.json"', repr(str(tmp_path / "keys.json")))
    )
    space: dict[str, object] = {}
    exec(compile(source, str(PAGE), "exec"), space)  # noqa: S102  our own documentation
    app, vault = space["app"], space["vault"]
    assert isinstance(app, web.Application)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(home.rpartition(":")[2])).start()
    try:
        async with a_vault(pds) as resident, wire.new_session(LocalhostResolver()) as session:
            browser = Browser(session)
            away = await browser.get(home + "/start")
            question = await resident.asked(await resident.follow(away.headers["Location"]))
            back = await resident.approve(question, {"person.full_name": NAME})
            assert query_of(back)["iss"] == pds.issuer
            assert (await browser.get(back)).body.decode() == f"Hello {NAME}"
            (kept,) = space["grants"].values()  # type: ignore[attr-defined]
            assert Grant.of(kept).n == 3
            away = await browser.get(home + "/start")
            question = await resident.asked(await resident.follow(away.headers["Location"]))
            answer = await browser.get(await resident.decline(question))
            assert b"Nothing was shared" in answer.body
    finally:
        await runner.cleanup()
        await vault.close()  # type: ignore[attr-defined]


def desk_example() -> str:
    """The block under "At a counter"."""
    section = PAGE.read_text("utf-8").partition("## At a counter")[2]
    return section.partition("```py\n")[2].partition("```")[0]


def test_a_whole_desk_is_at_most_30_lines() -> None:
    assert 20 < len([line for line in desk_example().splitlines() if line.strip()]) <= 30


@pytest.mark.parametrize("share", [True, False], ids=["shared", "declined"])
async def test_the_desk_in_the_docs_works(pds: Running, tmp_path: Path, share: bool) -> None:
    pds.parking.keys.save(tmp_path / "keys.json")
    source = (
        desk_example()
        .replace("https://vault.anytown.example", pds.issuer)
        .replace('"keys.json"', repr(str(tmp_path / "keys.json")))
    )
    space: dict[str, Any] = {"REGISTRAR_KEYS": pds.settings.registrar_keys}
    exec(compile(source, str(PAGE), "exec"), space)  # noqa: S102  our own documentation
    shown: dict[str, Any] = {}
    async with a_vault(pds) as resident:
        coming: asyncio.Future[Meeting] = asyncio.get_running_loop().create_future()
        tasks = []

        async def decide(address: str) -> None:
            meeting = await resident.claim(address)
            coming.set_result(meeting)
            question = await meeting.question()
            await (resident.approve(question, {"person.full_name": NAME}) if share else resident.decline(question))

        async def show(**what: Any) -> None:
            shown.update(what)
            if "picture" in what:
                tasks.append(asyncio.create_task(decide(what["picture"])))

        async def ask_staff() -> str:
            return (await coming).digits

        await space["serve"](show, ask_staff)
        await asyncio.gather(*tasks)
    if share:
        assert shown["details"]["person.full_name"]["value"] == NAME
    else:
        assert (shown["state"], "details" in shown) == ("declined", False)
