"""`pds doctor`: what an operator should do before it is urgent. It reads, and changes nothing."""

import asyncio
import stat
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from pds import store
from pds.core.keyring import read_keyring
from pds.core.registry import DAY
from pds.errors import NotFound
from pds.registry import actions as registry
from pds.settings import BadSettings, Settings, read_settings

# The index lasts 14 days and is renewed every week: with fewer left than this, a renewal was missed.
INDEX_DAYS = 4
STATEMENT_DAYS = 30
_SECRETS = ("PDS_SECRET_FILE", "PDS_SIGNING_KEYS")


def examine(environment: Mapping[str, str], *, now: int) -> list[str]:
    """What is wrong or soon will be, a line each; nothing where all is well."""
    try:
        settings = read_settings(environment)
    except BadSettings as error:
        return str(error).splitlines()
    return [
        *_files(environment),
        *_signing_keys(settings, now),
        *asyncio.run(_database(settings, now)),
    ]


def _files(environment: Mapping[str, str]) -> Iterator[str]:
    """Secrets are the server's own to read, and nobody's else."""
    for name in _SECRETS:
        mode = stat.S_IMODE(Path(environment[name]).stat().st_mode)
        if mode & 0o077:
            yield f"{name}: its mode is {mode:03o}: others can read it; make it 600"
    database = environment["PDS_DATABASE"]
    if database.startswith("sqlite://"):
        path = Path(database.removeprefix("sqlite://"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield "PDS_DATABASE: others can read the file; make it 600"
    if not (Path(environment["PDS_WALLET"]) / "index.html").is_file():
        yield "PDS_WALLET: there is no built wallet: run `make build`"


def _signing_keys(settings: Settings, now: int) -> Iterator[str]:
    keys = read_keyring(settings.signing_keys)
    if all(each.begins > now for each in keys):
        yield "PDS_SIGNING_KEYS: no key signs yet: this clock is behind, or the file is another server's"


async def _database(settings: Settings, now: int) -> list[str]:
    found = await store.check(settings.database, now=now)
    if any("pds migrate" in line for line in found):
        return found
    await store.open_database(settings.database)
    try:
        return [*found, *[line async for line in _registry(now)]]
    finally:
        await store.close_database()


async def _registry(now: int) -> AsyncIterator[str]:
    try:
        index = registry.read_index(await registry.index())
    except NotFound:
        yield "registry: no index is in force: `pds service add`"
        return
    days = (index.expires - now) / DAY
    if days <= 0:
        yield "registry: the index has expired: no new request is taken. Renew it now (docs/operate.md)"
    elif days < INDEX_DAYS:
        yield f"registry: the index ends in {days:.1f} days: a renewal was missed (docs/operate.md)"
    for service, suspended in await registry.services():
        left = (service.expires - now) / DAY
        if left < STATEMENT_DAYS and not suspended:
            yield f"registry: the statement of {service.client_id} ends in {max(left, 0):.0f} days"
