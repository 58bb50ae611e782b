"""`python -m bench`: each figure is the median of many short passes, as a ratio to bare aiohttp in the same pass.

All servers run from the start, each in a process of its own, and are measured in turn, a slice at a time: whatever else
the machine does meanwhile slows all of them. Beside it stands the same ratio by the processor time of the server's own
process, which a busy machine disturbs less and which knows nothing of waiting for the disk or of PostgreSQL's work.
Then wrong recovery codes are tried, for accounts that exist and for others: the two have to take the same time. At last
a resident is served at a counter a number of times: those are seconds, by the clock.
A bounded number of requests goes over the loopback, and then it ends by itself. The exit status says whether all goals
hold: judge by it on a machine that does nothing else.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench import counter, guessing, material
from bench.load import measure, nonce_of
from tests.postgres import throwaway_postgres

HERE = Path(__file__).parent
PASSES = 15
PLAIN_SLICE = 4_000
SIGNED_SLICE = 500
GUESS_SLICE = 200

BARE = "bare aiohttp and uvloop"
CHECK = "one DPoP check"
SQLITE = "signed read, SQLite"
POSTGRES = "signed read, PostgreSQL"
# Who exists takes as long as who does not: their times in the same pass, one to the other.
SCAN = "from scan to shown values, "
EVEN = "wrong recovery code, time of somebody's to nobody's, "


@asynccontextmanager
async def serving(kind: str, folder: Path, *database: str) -> AsyncIterator[tuple[int, int]]:
    """A server in a process of its own: its port and the number of the process."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.server", kind, str(port), str(folder), *database),
        cwd=HERE.parent,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        if not line or json.loads(line) != "ready":
            raise RuntimeError(f"the server {kind!r} did not start")
        yield port, process.pid
    finally:
        process.stdin.close()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Measurable:
    """A running server and what is sent to it, a slice in each pass."""

    port: int
    pid: int
    requests: Sequence[bytes]
    slice: int
    status: int = 200

    async def run(self, number: int) -> float:
        """Answers a second in pass `number`. Errors: `RuntimeError` for an answer of another status."""
        measured = await measure(self.port, self.requests[number * self.slice :][: self.slice])
        if set(measured.statuses) != {self.status}:
            raise RuntimeError(f"answered {dict(measured.statuses)}")
        return measured.rate

    def processor_seconds(self) -> float:
        """What the process has used so far, by the kernel's account (proc(5), fields 14 and 15)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def work_per_second(self, passes: int, since: float) -> float:
        """Answers for each second of processor time since then."""
        return passes * self.slice / (self.processor_seconds() - since)


@dataclass(frozen=True, slots=True)
class Even:
    """Two times of one server that should be one, as a ratio: by the clock, of each pass, and by processor time."""

    name: str
    passes: Sequence[float]
    work: float


@dataclass(frozen=True, slots=True)
class Results:
    """Ratios to the bare server, by name: of each pass by the clock, and of all passes together by processor time.

    `counters` are seconds at a counter, by database.
    """

    passes: Sequence[dict[str, float]]
    work: dict[str, float]
    even: Sequence[Even]
    counters: dict[str, Sequence[float]]


async def run(passes: int, folder: Path, postgres: str) -> Results:
    """Measure all servers in turn. A pass before the first warms up and does not count."""
    keys = material.keys()
    made = material.grants(keys)
    made.save(folder)
    somebodys, nobodys = guessing.guesses(GUESS_SLICE * (passes + 1))
    guessing.save(folder, somebodys + nobodys)
    plain = material.plain(PLAIN_SLICE * (passes + 1))
    async with AsyncExitStack() as stack:
        running = {
            name: await stack.enter_async_context(serving(kind, folder, *database))
            for name, kind, *database in (
                (BARE, "bare"),
                (CHECK, "check"),
                (SQLITE, "data", f"sqlite://{folder / 'pds.sqlite'}"),
                (POSTGRES, "data", postgres),
            )
        }
        # The servers share their secret and their clock, and so their nonces.
        nonce = await nonce_of(running[SQLITE][0], plain[0])
        signed = material.signed(SIGNED_SLICE * (passes + 1), made, keys, nonce)
        servers = {
            name: Measurable(
                port, pid, plain if name == BARE else signed, PLAIN_SLICE if name == BARE else SIGNED_SLICE
            )
            for name, (port, pid) in running.items()
        }
        doors = {name: _doors(running[name], somebodys, nobodys) for name in (SQLITE, POSTGRES)}
        for server in (*servers.values(), *(each for pair in doors.values() for each in pair)):
            await server.run(0)
        before = {name: server.processor_seconds() for name, server in servers.items()}
        ratios = []
        for number in range(1, passes + 1):
            rates = {name: await server.run(number) for name, server in servers.items()}
            ratios.append({name: rate / rates[BARE] for name, rate in rates.items()})
        work = {name: server.work_per_second(passes, before[name]) for name, server in servers.items()}
        even = [await _even(EVEN + name.partition(", ")[2], pair, passes) for name, pair in doors.items()]
    counters = {}
    for name, database in ((SQLITE, f"sqlite://{folder / 'counter.sqlite'}"), (POSTGRES, postgres)):
        prepared = counter.prepare(folder)
        async with serving("counter", folder, database) as (port, _pid):
            counters[SCAN + name.partition(", ")[2]] = await counter.measure(port, prepared)
    return Results(ratios, {name: each / work[BARE] for name, each in work.items()}, even, counters)


async def _even(name: str, pair: tuple[Measurable, Measurable], passes: int) -> Even:
    """Somebody's and nobody's by turns, so that neither is always the one that comes after the other."""
    ratios, used = [], [0.0, 0.0]
    for number in range(1, passes + 1):
        rates = [0.0, 0.0]
        for which in (0, 1) if number % 2 else (1, 0):
            before = pair[which].processor_seconds()
            rates[which] = await pair[which].run(number)
            used[which] += pair[which].processor_seconds() - before
        ratios.append(rates[1] / rates[0])
    return Even(name, ratios, used[0] / used[1])


def _doors(
    server: tuple[int, int], somebodys: Sequence[guessing.Guess], nobodys: Sequence[guessing.Guess]
) -> tuple[Measurable, Measurable]:
    port, pid = server
    known = [each.request(number) for number, each in enumerate(somebodys)]
    unknown = [each.request(number + len(known)) for number, each in enumerate(nobodys)]
    return Measurable(port, pid, known, GUESS_SLICE, 422), Measurable(port, pid, unknown, GUESS_SLICE, 422)


def report(results: Results, goals: dict[str, float], within: dict[str, float], seconds: dict[str, float]) -> bool:
    """Print the table; whether all goals hold."""
    held = True
    print(f"{'':<26}{'ratio':>7}   half of the passes   by processor time   goal")
    for name in results.passes[0]:
        ratios = sorted(result[name] for result in results.passes)
        ratio, goal = statistics.median(ratios), goals.get(name)
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        said = "" if goal is None else f"{goal:.2f} {'held' if ratio >= goal else 'MISSED'}"
        held = held and (goal is None or ratio >= goal)
        print(f"{name:<26}{ratio:7.3f}   {low:.3f} to {high:.3f}       {results.work[name]:.3f}               {said}")
    print()
    for each in results.even:
        ratio, most = statistics.median(each.passes), within[EVEN.partition(",")[0]]
        good = abs(ratio - 1) <= most
        held = held and good
        said = f"1 within {most:.2f} {'held' if good else 'MISSED'}"
        print(f"{each.name:<64}{ratio:7.3f}   by processor time {each.work:.3f}   {said}")
    print()
    for name, taken in results.counters.items():
        usual, most = statistics.median(taken), seconds[SCAN.partition(",")[0]]
        held = held and usual <= most
        said = f"{most:.1f} s at most {'held' if usual <= most else 'MISSED'}"
        print(f"{name:<64}{usual:7.3f} s, the slowest {max(taken):.3f} s   {said}")
    return held


async def main(passes: int) -> bool:
    stated = tomllib.loads((HERE / "goals.toml").read_text())
    with tempfile.TemporaryDirectory(prefix="pds-bench-") as folder, throwaway_postgres(durable=True) as postgres:
        results = await run(passes, Path(folder), postgres)
        return report(results, stated["goals"], stated["within"], stated["seconds"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measurements, as ratios.")
    parser.add_argument("--passes", type=int, default=PASSES, choices=range(1, 101), metavar="1…100")
    sys.exit(0 if uvloop.run(main(parser.parse_args().passes)) else 1)
