"""A deployment as an operator runs it: settings in files and the environment, `pds serve --workers N` as processes."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from pds.core.encoding import b64u
from pds.settings import Settings

# A bound for a test that hangs, not a promise of speed: the machine may be busy with others.
START_SECONDS = 180


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The `PDS_…` names of these settings, their secrets as files in `folder`."""
    files = {
        "secret": b64u(settings.secret),
        "signing.json": json.dumps({"keys": settings.signing_keys}),
        "registrar.json": json.dumps({"keys": settings.registrar_keys}),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    names = {
        "PDS_ISSUER": settings.issuer,
        "PDS_DATABASE": settings.database,
        "PDS_SECRET_FILE": str(folder / "secret"),
        "PDS_SIGNING_KEYS": str(folder / "signing.json"),
        "PDS_REGISTRAR_KEYS": str(folder / "registrar.json"),
        "PDS_WALLET": str(settings.wallet),
        "PDS_PORT": settings.issuer.rpartition(":")[2],
        "PDS_RATE": str(settings.rate),
    }
    return os.environ | names


@dataclass
class Deployment:
    """A parent and its workers, started here and stopped here, by id."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended: bool = False

    def workers(self) -> list[int]:
        """The process ids of the workers now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    async def hears(self, words: str, times: int) -> None:
        """Wait until the processes have said this so often."""
        try:
            async with asyncio.timeout(START_SECONDS), self.news:
                await self.news.wait_for(lambda: self.ended or sum(words in line for line in self.said) >= times)
        except TimeoutError as error:
            raise AssertionError(f"{words!r} fewer than {times} times:\n" + "\n".join(self.said)) from error
        assert not self.ended, "\n".join(self.said)

    async def listen(self) -> None:
        """Take in what the processes say, until the last of them has ended."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self.news:
                self.said.append(line.decode(errors="replace").rstrip())
                self.news.notify_all()
        async with self.news:
            self.ended = True
            self.news.notify_all()

    async def stop(self) -> int:
        """SIGTERM, as a service manager does; the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


@asynccontextmanager
async def deployed(settings: Settings, folder: Path, *, workers: int) -> AsyncIterator[Deployment]:
    """`pds serve --workers N`, ready to answer."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pds.cli",
        "serve",
        "--workers",
        str(workers),
        env=environment(settings, folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    deployment = Deployment(process)
    listening = asyncio.create_task(deployment.listen())
    try:
        await deployment.hears("serves", workers)
        async with aiohttp.ClientSession() as session, session.get(f"{settings.issuer}/api/session") as answer:
            assert answer.status == 200
        yield deployment
    finally:
        await deployment.stop()
        await listening
