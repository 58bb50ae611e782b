"""Another worker process on the same database: `python -m tests.store.worker <url>`.

Jobs come as one line of JSON each and are answered by one line each: `[name, attempt, …]`. Times are those of
CLOCK_MONOTONIC, which all processes of a machine share.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pds import store
from pds.core import jose
from pds.errors import Unavailable
from tests.store.world import NOW, Given

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """The parent's side."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, name: str, **arguments: Any) -> Any:
        await self.tell(name, **arguments)
        return await self.answer()

    async def tell(self, name: str, **arguments: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, arguments]).encode() + b"\n")
        await self._process.stdin.drain()

    async def answer(self) -> Any:
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), 60)
        return json.loads(line)


@asynccontextmanager
async def a_worker(url: str) -> AsyncIterator[Worker]:
    """A second process, ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.store.worker", url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    worker = Worker(process)
    try:
        assert await worker.answer() == "ready"
        yield worker
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


def a_key(given: Given) -> dict[str, Any]:
    """A grant as an argument for `ask`."""
    return {"grant_id": given.grant_id, "token": given.token, "key": jose.private_jwk(given.key)}


async def repeat(given: Given, attempt: dict[str, Any], times: int) -> list[str]:
    """The same proof, many times at once."""
    read = store.Read(**{**attempt, "tags": frozenset()})
    return [outcome(each) for each in await asyncio.gather(*(store.read(read) for _ in range(times)))]


async def mark(mark_name: str, times: int) -> int:
    """How many of so many uses of one mark at once were accepted."""

    async def use() -> bool:
        try:
            await store.mark(mark_name, NOW + 60, NOW)
        except store.Replayed:
            return False
        return True

    return sum(await asyncio.gather(*(use() for _ in range(times))))


async def read_for(given: Given, seconds: float, at_once: int) -> list[list[Any]]:
    """Read without a pause. Of each read: when it began and ended, what came of it, `n`, revision and disclosure."""
    found: list[list[Any]] = []
    until = time.monotonic() + seconds

    async def reader() -> None:
        while time.monotonic() < until:
            attempt = given.attempt()
            began = time.monotonic_ns()
            try:
                result = await store.read(attempt)
            except Unavailable:
                found.append([began, time.monotonic_ns(), "unavailable", 0, 0, ""])
                continue
            position = [result.n, result.revision, result.disclosure] if isinstance(result, store.Ok) else [0, 0, ""]
            found.append([began, time.monotonic_ns(), outcome(result), *position])

    await asyncio.gather(*(reader() for _ in range(at_once)))
    return found


def outcome(result: store.ReadResult) -> str:
    return result.value if isinstance(result, store.Denied) else type(result).__name__


VERBS: dict[str, Callable[..., Awaitable[Any]]] = {"repeat": repeat, "mark": mark, "read_for": read_for}


async def main(url: str) -> None:
    await store.open_database(url)
    lines = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(json.dumps("ready"), flush=True)
    while line := await lines.readline():
        name, arguments = json.loads(line)
        if "given" in arguments:
            given = arguments["given"]
            arguments["given"] = Given(given["grant_id"], given["token"], jose.p256_private(given["key"]))
        print(json.dumps(await VERBS[name](**arguments)), flush=True)
    await store.close_database()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
