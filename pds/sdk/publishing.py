"""Telling the services that hold a value that it has changed (protocol.md, section 5, live data)."""

from collections.abc import Mapping

from pds.core.encoding import Json
from pds.core.manifest import Opened
from pds.sdk import deciding, preferring
from pds.sdk.commit import Change
from pds.sdk.directory import Directory
from pds.sdk.items import Items, answers, changed_by, changed_on, ends, pinned, touched


async def publish(opened: Opened, put: dict[str, Json], directory: Directory, *, now: int) -> tuple[Change, list[Json]]:
    """The change of these items, with the next revision of each live grant that follows a detail in them.

    Each is encrypted to the service's key in the index of now; a service that it no longer lists gets nothing new.
    Under address protection a protected value is told to nobody: who was kept goes on seeing the former one.
    Errors: `registry/…`, `disclosure/too-large`, `Problem`, `Unreachable`.
    """
    before, after, changed = opened.items, {**opened.items, **put}, changed_by(put, opened.items)
    stays = [one for one in changed if preferring.stays_here(one.attribute, one.value, after)]
    live = [id for id in opened.manifest.grants if ends(before[id]) > now]
    kept = {id: touched(before[id], stays, after) for id in live}
    put |= {id: pinned(before[id], of, before, now=now) for id, of in kept.items() if of}
    after |= put
    told = {id: of for id in live if (of := touched(after[id], changed, after))}
    put |= {id: changed_on(after[id], of, before, after, now=now) for id, of in told.items()}
    return await _published(list(told), {**after, **put}, put, directory, now=now)


def due(opened: Opened, *, now: int) -> list[str]:
    """The live grants of which an answer has changed by the date alone (protocols/specs/derived.md)."""
    return [id for id in opened.manifest.grants if _is_due(opened.items[id], opened.items, now=now)]


def _is_due(item: Json, items: Items, *, now: int) -> bool:
    """What a grant no longer follows stays in `derived` as it was last told, and is never due again."""
    before = item.get("derived", {})
    return any(before.get(id) != claim for id, claim in answers(item, items, now=now).items())


async def stale(opened: Opened, rows: Mapping[str, Json], directory: Directory, *, now: int) -> list[str]:
    """The standing grants whose service has changed its encryption key since it got what it has (disclosure.md).

    `rows` are the server's word for the grants. Errors: as `publish`.
    """
    items = opened.items
    standing = [id for id in opened.manifest.grants if items[id]["access"] != "once" and ends(items[id]) > now]
    shown = [id for id in standing if rows.get(id, {}).get("enc_jkt") is not None]
    index = await directory.current() if shown else None
    found = {id: await directory.find(items[id]["service"], index) for id in shown if index is not None}
    return [id for id, service in found.items() if service is not None and service.enc_jkt != rows[id]["enc_jkt"]]


async def publish_due(
    opened: Opened, rows: Mapping[str, Json], directory: Directory, *, now: int
) -> tuple[Change, list[Json]]:
    """The next revision of all of these. Errors: as `publish`."""
    late = {*due(opened, now=now), *await stale(opened, rows, directory, now=now)}
    return await _published(sorted(late), opened.items, {}, directory, now=now)


async def _published(
    grants: list[str], after: Items, put: dict[str, Json], directory: Directory, *, now: int
) -> tuple[Change, list[Json]]:
    live = [id for id in grants if ends(after[id]) > now]
    if not live:
        return Change(put=put), []
    index, disclosures = await directory.current(), []
    for id in live:
        service = await directory.find(after[id]["service"], index)
        if service is None:
            continue
        put[id], made = deciding.publication(after[id], after, service, now=now)
        disclosures.append({"grant_id": id, "revision": put[id]["revision"], "disclosure": made})
    return Change(put=put), disclosures
