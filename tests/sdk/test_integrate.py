"""The service in docs/integrate.md is run as it stands there: only its addresses are exchanged."""

import re
from pathlib import Path

from aiohttp import web

from pds.demo.localhost import LocalhostResolver
from pds.sdk import Grant, ServiceKeys, wire
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
