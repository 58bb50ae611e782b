"""Who may import whom (docs/architecture.md), and a few habits of the tree. A breach fails the build."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A feature may use the actions of those before its own step.
STEPS = (
    ("registry", "residents"),
    ("notices",),
    ("vault",),
    ("requests",),
    ("grants",),
    ("reads", "counter", "deposits"),
    ("oauth", "staff"),
)
STEP_OF = {feature: step for step, features in enumerate(STEPS) for feature in features}

# Outside the features: what of `pds` each may import. Itself and `core` are always allowed, except to the first two.
MAY_IMPORT = {
    "core": set[str](),
    "errors": set[str](),
    "sdk": set[str](),
    "desk": {"sdk"},
    "settings": {"errors"},
    "store": {"errors"},
    "http": {"errors", "settings"},
    "migrations": {"store"},
}
# Where a feature's verbs fill more than one file.
MORE_ACTIONS = {
    ("grants", "ending"),
    ("grants", "managing"),
    ("grants", "pausing"),
    ("grants", "reading"),
    ("grants", "tokens"),
    ("residents", "attempts"),
    ("counter", "sessions"),
    ("counter", "desk"),
    ("counter", "reports"),
}
ALONE = ("core", "errors")
WHOLE = (
    "app",
    "cli",
    "demo",
    "doctor",
    "rotate",
    "serve",
)  # these may import everything, but only app.py a feature's routes
KNOWN = {*MAY_IMPORT, *WHOLE, *STEP_OF, "__init__", "__main__"}

DATABASES = {"tortoise", "asyncpg", "sqlite3", "aiosqlite", "pypika_tortoise"}
FRAMEWORKS = {"aiohttp", "asyncio", "uvloop", "webauthn", "qrcode"}
# The core decides from its arguments: no network, no database, no clock, no dice.
IMPURE = (
    DATABASES | FRAMEWORKS | {"http", "logging", "os", "random", "secrets", "socket", "subprocess", "threading", "time"}
)

MAX_LINES = 350
SOURCES = ("pds", "tests", "bench", "protocols", "wallet_web/src", "wallet_web/test", "wallet_web/scripts")
NOT_OURS = {"node_modules", "__pycache__", "dist"}


@dataclass(frozen=True, slots=True)
class Breach:
    """One import that a rule forbids. `file` is relative to the root of the tree."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands: `pds/grants/actions.py` is the part `grants` and the role `actions`."""

    part: str
    role: str

    @classmethod
    def of(cls, words: tuple[str, ...]) -> "Place":
        """From the words after `pds`: `("grants", "actions")`. A folder's own module has the role ``."""
        rest = [word for word in words[1:] if word != "__init__"]
        role = "actions" if words in MORE_ACTIONS else rest[0] if rest else ""
        return cls(words[0] if words else "__init__", role)


def breaches(file: str, source: str) -> Iterator[Breach]:
    """Every forbidden import of one file. `file` is relative to the root, such as `pds/grants/actions.py`."""
    words = Path(file).with_suffix("").parts[1:]
    here = Place.of(words)
    if here.part not in KNOWN:
        yield Breach(file, 1, f"the architecture knows no pds/{here.part}: add it to the order in tests/test_layers.py")
        return
    for line, module in imports(source, package=("pds", *words[:-1])):
        why = complaint(here, module)
        if why is not None:
            yield Breach(file, line, why)
    if here.part == "core":
        yield from clocks(file, source)


def complaint(here: Place, module: tuple[str, ...]) -> str | None:
    """Why `here` may not import this module, or None where it may."""
    if module[0] != "pds":
        return outside_complaint(here, module[0])
    there = Place.of(module[1:])
    if there.part in ("core", "__init__") and here.part not in ALONE:
        return None
    if here.part in STEP_OF:
        return feature_complaint(here, there)
    if there.part == here.part:
        return None
    if here.part in WHOLE:
        routes = there.part in STEP_OF and there.role not in ("actions", "models")
        return f"only pds/app.py brings pds/{there.part}/{there.role} in" if routes and here.part != "app" else None
    if there.part in MAY_IMPORT.get(here.part, ()):
        return None
    return f"{here.part} does not import {'.'.join(module)}"


def outside_complaint(here: Place, package: str) -> str | None:
    if here.part == "core" and package in IMPURE:
        return f"core is pure: it does not import {package}"
    if package not in DATABASES or here.part in ("store", "migrations", *WHOLE):
        return None
    if here.part in STEP_OF and here.role in ("models", "actions"):
        return None
    return f"{package} belongs in models, actions and store"


def feature_complaint(here: Place, there: Place) -> str | None:
    """Inside a feature: models, actions, and everything else, which speaks HTTP as `routes` does."""
    if there.part == here.part:
        wrong = {"models": {"actions", "routes"}, "actions": {"routes"}}.get(here.role, {"models"})
        return f"{here.role} does not import its own {there.role}" if there.role in wrong else None
    if there.part in STEP_OF:
        if STEP_OF[there.part] >= STEP_OF[here.part]:
            return f"{there.part} does not stand to the left of {here.part}"
        if here.role == "models":
            return None if there.role == "models" else f"models does not import {there.part}.{there.role}"
        return (
            None if there.role == "actions" else f"of another feature only its actions, not {there.part}.{there.role}"
        )
    allowed = {"models": set[str](), "actions": {"errors", "store"}}.get(here.role, {"errors", "http", "settings"})
    return None if there.part in allowed else f"{here.role} does not import {there.part}"


def imports(source: str, package: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and module of every import, late and guarded ones too. `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, tuple(name.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            for name in node.names:
                yield node.lineno, (*module, name.name)


def clocks(file: str, source: str) -> Iterator[Breach]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
            yield Breach(file, node.lineno, f"core has no clock: pass the time in, instead of .{node.attr}")


def files(*endings: str, under: tuple[str, ...] = SOURCES) -> Iterator[Path]:
    for folder in under:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and path.is_file() and not NOT_OURS.intersection(path.parts):
                yield path


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_import_keeps_to_the_layers() -> None:
    found = [each for path in files(".py", under=("pds",)) for each in breaches(relative(path), path.read_text())]
    assert not found, "\n" + "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("pds/core/seal.py", "from pds.errors import NotFound"),
        ("pds/core/seal.py", "import tortoise"),
        ("pds/core/seal.py", "from pds import settings"),
        ("pds/core/login.py", "import time"),
        ("pds/core/login.py", "def f(): return datetime.now(UTC)"),
        ("pds/errors.py", "from pds.core.errors import Invalid"),
        ("pds/sdk/service.py", "from pds.http import problems"),
        ("pds/desk/site.py", "from pds.http import headers"),
        ("pds/desk/staff.py", "import sqlite3"),
        ("pds/sdk/service.py", "from pds.grants.actions import revoke"),
        ("pds/http/problems.py", "from pds.grants import actions"),
        ("pds/http/caller.py", "import tortoise.transactions"),
        ("pds/store/sqlite.py", "from pds.vault.models import ItemRow"),
        ("pds/grants/models.py", "from pds.grants.actions import Grant"),
        ("pds/grants/models.py", "from pds.vault import actions"),
        ("pds/grants/actions.py", "from pds.grants import routes"),
        ("pds/grants/actions.py", "from pds.http import problems"),
        ("pds/grants/actions.py", "from pds.vault.models import ItemRow"),
        ("pds/grants/actions.py", "from pds.reads import actions"),
        ("pds/grants/actions.py", "if True:\n    from pds.oauth.actions import token"),
        ("pds/grants/actions.py", "def late():\n    import pds.sdk"),
        ("pds/reads/actions.py", "from pds.counter import actions"),
        ("pds/grants/routes.py", "from tortoise.transactions import in_transaction"),
        ("pds/grants/routes.py", "from pds.grants.models import GrantRow"),
        ("pds/grants/routes.py", "from pds.grants import models"),
        ("pds/grants/routes.py", "from .models import GrantRow"),
        ("pds/grants/routes.py", "from ..store import sqlite"),
        ("pds/oauth/par.py", "from pds.requests.models import RequestRow"),
        ("pds/cli.py", "from pds.grants.routes import routes"),
        ("pds/helpers/text.py", ""),
    ],
)
def test_a_planted_breach_is_found(file: str, line: str) -> None:
    assert list(breaches(file, line))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("pds/core/seal.py", "from pds.core.encoding import jcs"),
        ("pds/sdk/service.py", "import aiohttp\nfrom pds.core import jose\nfrom pds.sdk.desk import Desk"),
        ("pds/grants/actions.py", "from tortoise.transactions import in_transaction\nfrom pds.requests import actions"),
        (
            "pds/grants/actions.py",
            "from pds.core import record\nfrom pds.errors import Gone\nfrom pds.store import Store",
        ),
        ("pds/grants/routes.py", "from pds.grants import actions\nfrom pds.http import problems"),
        ("pds/grants/routes.py", "from . import actions\nfrom pds.vault import actions as vault"),
        ("pds/oauth/par.py", "from pds.oauth.checks import check_pkce\nfrom pds.registry.actions import service"),
        ("pds/app.py", "from pds.grants import routes\nfrom pds.oauth import par"),
        ("pds/cli.py", "from pds.app import create_app\nfrom pds.residents import actions"),
    ],
)
def test_an_allowed_import_passes(file: str, line: str) -> None:
    assert list(breaches(file, line)) == []


def test_files_fit_in_a_head() -> None:
    # The words that people read are lists, and migrations are written by a tool: they may be longer.
    longer = ("wallet_web/src/text", "pds/migrations")
    sources = [path for path in files(".py", ".ts") if not any(folder in path.as_posix() for folder in longer)]
    assert sources
    lengths = {relative(path): path.read_text().count("\n") for path in sources}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_file_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [relative(path) for path in files(".py", ".ts") if drawers.intersection(path.with_suffix("").parts)] == []


def test_locked_requirements_hold_hashes_and_no_address() -> None:
    locked = sorted((ROOT / "requirements").glob("*.txt"))
    assert {path.name for path in locked} == {"build.txt", "dev.txt", "node.txt", "server.txt"}
    a_line = re.compile(r"[a-z0-9.-]+==[\w.+!]+( ; [^/@]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    for path in locked:
        strange = [line for line in path.read_text().splitlines() if not a_line.fullmatch(line)]
        assert strange == [], path.name


@pytest.mark.parametrize("folder", ["wallet_web", "tests/clients/node"])
def test_every_lockfile_of_node_holds_hashes_and_no_address(folder: str) -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / folder / ".npmrc").read_text()
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    packages: dict[str, Any] = lock["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
