"""Telling the services that hold a value that it has changed (protocol.md, section 5, live data)."""

from collections.abc import Collection

from pds.core.encoding import Json
from pds.core.manifest import Opened
from pds.sdk import deciding
from pds.sdk.commit import Change
from pds.sdk.directory import Directory
from pds.sdk.items import ends, holds


async def publish(
    opened: Opened, attributes: Collection[str], put: dict[str, Json], directory: Directory, *, now: int
) -> tuple[Change, list[Json]]:
    """The change of these details (`put`), with the next revision of each live grant that follows one.

    Each is encrypted to the service's key in the index of now; a service that it no longer lists gets nothing new.
    Errors: `registry/…`, `disclosure/too-large`, `Problem`, `Unreachable`.
    """
    live = [id for id in opened.manifest.grants if any(holds(opened.items[id], each) for each in attributes)]
    live = [id for id in live if ends(opened.items[id]) > now]
    if not live:
        return Change(put=put), []
    index, after, disclosures = await directory.current(), {**opened.items, **put}, []
    for id in live:
        service = await directory.find(opened.items[id]["service"], index)
        if service is None:
            continue
        put[id], made = deciding.publication(opened.items[id], after, service, now=now)
        disclosures.append({"grant_id": id, "revision": put[id]["revision"], "disclosure": made})
    return Change(put=put), disclosures
