"""A supplier's first quarter of an hour: `pds service new`, and a value decrypted by the code that it wrote."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pds.core import jose
from pds.demo.localhost import LocalhostResolver
from pds.demo.new_service import PURPOSE, service_name
from pds.demo.town import Town, open_town
from pds.sdk import Resident, wire
from tests.people import NAME

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30


async def pds(*words: str, folder: Path) -> tuple[int, str, str]:
    """The command, as a supplier types it in a folder of their own."""

    def run() -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pds.cli", *words],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return await asyncio.to_thread(run)


@asynccontextmanager
async def running(script: Path) -> AsyncIterator[None]:
    """The service's code as a process, until the end of the block."""
    # It says that it runs into a pipe, where Python would keep the words back.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            while b"Running on" not in (line := await process.stdout.readline()):
                assert line, "the service did not start"
        yield
    finally:
        process.terminate()
        await process.communicate()


@asynccontextmanager
async def somebody(town: Town) -> AsyncIterator[Resident]:
    """A resident of the town with a vault, whose browser knows hosts below `localhost`."""
    async with (
        wire.new_session(LocalhostResolver()) as session,
        Resident(town.issuer, registrar_keys=town.registrar_keys, session=session, clock=town.clock) as resident,
    ):
        await resident.create()
        yield resident


async def test_a_supplier_reads_a_first_value_minutes_after_new(tmp_path: Path) -> None:
    async with open_town(tmp_path / "town") as town, somebody(town) as resident:
        status, said, wrong = await pds("service", "new", "bin-days", "--registrar", "town", folder=tmp_path)
        assert status == 0, wrong
        home = said.split()[-1]
        made = tmp_path / "bin-days"
        assert {path.name for path in made.iterdir()} == {"keys.json", "service.json", "service.py", "statement.jwt"}
        assert (made / "keys.json").stat().st_mode & 0o777 == 0o600
        assert len((made / "service.py").read_text().splitlines()) < 30
        described = json.loads((made / "service.json").read_text("utf-8"))
        assert jose.peek((made / "statement.jwt").read_text().strip())["sub"] == described["client_id"]
        async with running(made / "service.py"):
            away = await resident.browser.get(home)
            question = await resident.asked(await resident.follow(away.headers["Location"]))
            assert (question.service.name["en"], question.request.purpose_id) == ("Bin days", PURPOSE)
            back = await resident.approve(question, {"person.full_name": NAME})
            assert (await resident.browser.get(back)).body.decode() == f"Hello {NAME}"
            away = await resident.browser.get(home)
            question = await resident.asked(await resident.follow(away.headers["Location"]))
            assert b"Hello, stranger" in (await resident.browser.get(await resident.decline(question))).body
        kept = (made / "keys.json").read_bytes()
        status, _, wrong = await pds("service", "new", "bin-days", "--registrar", "town", folder=tmp_path)
        assert status == 1
        assert "bin-days" in wrong
        assert (made / "keys.json").read_bytes() == kept, "nothing is ever overwritten"
    async with open_town(tmp_path / "town") as again, somebody(again) as resident, running(made / "service.py"):
        away = await resident.browser.get(home)
        question = await resident.asked(await resident.follow(away.headers["Location"]))
        assert question.service.client_id == described["client_id"], "the town remembers it"
        assert urlsplit(home).netloc in question.service.client_id


async def test_a_folder_that_is_there_is_left_alone_and_nothing_is_registered(tmp_path: Path) -> None:
    async with open_town(tmp_path / "town"):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "notes.txt").write_text("do not lose")
        status, _, wrong = await pds("service", "new", "mine", "--registrar", "town", folder=tmp_path)
        assert (status, "mine" in wrong) == (1, True)
        assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
        assert list((tmp_path / "town" / "statements").iterdir()) == []


async def test_without_a_demo_it_says_what_to_do(tmp_path: Path) -> None:
    status, _, wrong = await pds("service", "new", "mine", folder=tmp_path)
    assert status == 1
    assert "make demo" in wrong
    assert not any(path.exists() for path in (tmp_path / "mine", tmp_path / ".demo"))


@pytest.mark.parametrize("name", ["../up", "Bins", "-bins", "bins-", "b" * 33, "bins.town", ""])
def test_a_name_is_one_label_of_a_host(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        service_name(name)
    assert service_name("bins-2") == "bins-2"
