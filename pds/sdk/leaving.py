"""A service's wish that the resident signs out, as a wallet judges it (OpenID Connect RP-Initiated Logout 1.0)."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from pds.core.errors import Invalid
from pds.core.members import text
from pds.core.registry import Service
from pds.sdk.api import Api
from pds.sdk.device import Device
from pds.sdk.directory import Directory
from pds.sdk.errors import Problem

_ANSWER = "wallet-api/answer"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wishes it (None: nobody says so), where the browser goes afterwards, and whether the resident is asked."""

    service: Service | None
    back: str | None
    asks: bool


async def leave(api: Api, directory: Directory, device: Device, url: str, *, agrees: bool) -> Wish:
    """End the session and lock where the resident agrees or is not asked. Errors: as `read_wish`, `Unreachable`."""
    wish = await read_wish(api, directory, url)
    if agrees or not wish.asks:
        with suppress(Problem):  # nobody was signed in
            await api.post("/api/logout", {})
        device.lock()
    return wish


async def read_wish(api: Api, directory: Directory, url: str) -> Wish:
    """Follow the address to which a service sent this browser. Errors: `Problem`, `registry/…`, `request/redirect`."""
    ticket = parse_qs(urlsplit(await api.location(url)).fragment).get("logout", [""])[0]
    if not ticket:
        raise Problem(303, "not-found", "the vault brought no wish to sign out")
    given = await api.post("/api/leaving", {"ticket": ticket})
    asks = given.get("signed_in") is True and given.get("proved") is not True
    if given.get("statement") is None:
        return Wish(None, None, asks)
    index = directory.index(text(given, "index", _ANSWER, longest=1048576))
    service = directory.service(text(given, "statement", _ANSWER, longest=65536), index)
    address, state = given.get("redirect_uri"), given.get("state")
    if address is None:
        return Wish(service, None, asks)
    if address not in service.post_logout_redirect_uris:
        raise Invalid("request/redirect", "post_logout_redirect_uri")
    query = f"{'&' if '?' in address else '?'}{urlencode({'state': state})}" if state is not None else ""
    return Wish(service, f"{address}{query}", asks)
