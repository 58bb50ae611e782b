"""Who may what: every route with every kind of caller, as `matrix.md` says; a route that it lacks fails here.

`PDS_WRITE_MATRIX=1 pytest tests/oauth/test_matrix.py` writes the table anew; read the difference before you commit it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from pds.app import create_app
from pds.settings import Settings
from tests.conftest import Running
from tests.oauth.callers import a_world, call, callers

TABLE = Path(__file__).with_name("matrix.md")
ROW = re.compile(r"^\| `([A-Z]+ [^`]+)` \|(.*)\|$", re.MULTILINE)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate=1_000_000)


def routes(app: web.Application) -> Iterator[str]:
    """Method and path of every route, those of sub-applications included; patterns in a path are left out."""
    for route in app.router.routes():
        if route.resource is not None and route.method != "HEAD":
            yield f"{route.method} {route.resource.canonical}"


def expected() -> dict[str, dict[str, str]]:
    """The table: for each route, for each caller, what is answered."""
    text = TABLE.read_text("utf-8")
    head = next(line for line in text.splitlines() if line.startswith("| route |"))
    names = [cell.strip() for cell in head.strip("|").split("|")][1:]
    return {
        route: dict(zip(names, (cell.strip() for cell in cells.split("|")), strict=True))
        for route, cells in ROW.findall(text)
    }


def test_no_route_is_missing_from_the_table(settings: Settings) -> None:
    assert set(routes(create_app(settings))) == expected().keys()


async def test_every_caller_is_answered_as_the_table_says(pds: Running) -> None:
    assert pds.app is not None
    found: dict[str, dict[str, str]] = {}
    for route in sorted(set(routes(pds.app)), key=lambda route: (route.partition(" ")[2], route)):
        found[route] = {}
        async with a_world(pds) as world:
            async for caller in callers(world):
                if caller.before is not None:
                    await caller.before()
                found[route][caller.name] = await call(world, route, caller)
                if caller.after is not None:
                    await caller.after()
    if os.environ.get("PDS_WRITE_MATRIX"):
        write(found)
    table = expected()
    wrong = [
        f"{route}, {caller}: {answer}, and the table says {table.get(route, {}).get(caller)}"
        for route, answers in found.items()
        for caller, answer in answers.items()
        if table.get(route, {}).get(caller) != answer
    ]
    assert wrong == [], "\n" + "\n".join(wrong)


def write(found: dict[str, dict[str, str]]) -> None:
    """The table, behind whatever stands before it."""
    before = TABLE.read_text("utf-8").partition("| route |")[0]
    names = list(next(iter(found.values())))
    lines = [f"| route | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| `{route}` | {' | '.join(answers[name] for name in names)} |" for route, answers in found.items()]
    TABLE.write_text(before + "\n".join(lines) + "\n", "utf-8")
