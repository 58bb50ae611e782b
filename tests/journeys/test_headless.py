"""The newcomer's story: the same that `pds demo --headless` tells."""

import subprocess
import sys
from pathlib import Path

from pds.demo.headless import Story
from pds.demo.localhost import LocalhostResolver
from pds.demo.town import open_town
from pds.sdk import wire
from tests.conftest import Clock

ROOT = Path(__file__).resolve().parents[2]


async def test_a_newcomer_is_told_a_story_that_is_true(database: str, tmp_path: Path, clock: Clock) -> None:
    told: list[str] = []
    async with (
        open_town(tmp_path, database=database, clock=clock) as town,
        wire.new_session(LocalhostResolver()) as session,
    ):
        await Story(town, session, told.append).tell()
    text = "\n".join(told)
    assert text.count("Siân saw:") >= 8
    assert "the council saw:" in text
    assert "the server saw:" in text


async def test_a_town_opens_again_where_it_was(database: str, tmp_path: Path, clock: Clock) -> None:
    async with open_town(tmp_path, database=database, clock=clock) as first:
        pass
    async with open_town(tmp_path, database=database, clock=clock) as second:
        assert second == first


def test_the_command_tells_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from pds.cli import main; raise SystemExit(main(['demo', '--headless']))"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Every step was checked" in done.stdout
    assert list(tmp_path.iterdir()) == []
