"""The corpus against any server: `python -m tests.hostile.oauth --issuer … --client client.json` (README.md)."""

import argparse
import asyncio
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import aiohttp

from tests.hostile.oauth.cases import read_all
from tests.hostile.oauth.judging import Verdict, judge
from tests.hostile.oauth.target import Act, NotApproved, Target, discover, read_client


def main(arguments: list[str] | None = None) -> int:
    """0 where every case that could be tried went as it must, 1 where one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.oauth", description=__doc__)
    parser.add_argument("--issuer", required=True, help="the issuer, as its metadata names it")
    parser.add_argument("--client", required=True, type=Path, help="client.json: two registered clients (README.md)")
    parser.add_argument("--approve", help="a command that is given an address, approves there, and prints the way back")
    parser.add_argument("--resource", help="the address of something that takes access tokens by GET")
    parser.add_argument("--only", action="append", help="a family, such as dpop; may be repeated")
    parser.add_argument("--wait", action="store_true", help="really wait, where a case needs time to pass")
    chosen = parser.parse_args(arguments)
    verdict = asyncio.run(_run(chosen))
    for skipped in verdict.skipped:
        sys.stdout.write(f"skipped  {skipped}\n")
    for failed in verdict.failed:
        sys.stdout.write(f"FAILED   {failed}\n")
    sys.stdout.write(f"{verdict.passed} passed, {len(verdict.failed)} failed, {len(verdict.skipped)} skipped\n")
    return 1 if verdict.failed else 0


async def _run(chosen: argparse.Namespace) -> Verdict:
    document: dict[str, Any] = json.loads(chosen.client.read_text("utf-8"))
    cases = [case for case in read_all() if chosen.only is None or case.file in chosen.only]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        endpoints = await discover(chosen.issuer, session)
        if chosen.resource:
            endpoints["read"] = chosen.resource
        acts: dict[str, Act] = {"wait": _wait} if chosen.wait else {}
        clients = {name: read_client(document[name]) for name in ("a", "b")}
        target = Target(chosen.issuer, endpoints, clients, session, acts=acts)
        if chosen.approve:
            target.approve = _approving(shlex.split(chosen.approve))
        return await judge(target, cases)


def _approving(command: list[str]) -> Any:
    async def approve(url: str) -> str:
        process = await asyncio.create_subprocess_exec(*command, url, stdout=asyncio.subprocess.PIPE)
        printed, _ = await process.communicate()
        if process.returncode != 0:
            raise NotApproved(f"{command[0]} ended with {process.returncode}")
        return printed.decode().strip()

    return approve


async def _wait(step: dict[str, Any], _scope: dict[str, Any]) -> None:
    await asyncio.sleep(step["seconds"])


if __name__ == "__main__":
    sys.exit(main())
