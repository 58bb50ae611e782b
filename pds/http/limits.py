"""How often one address may ask. A worker counts for itself: this keeps a flood out, and decides nothing else."""

from collections import OrderedDict
from ipaddress import ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Middleware

from pds.errors import TooMany
from pds.http.headers import Handler
from pds.http.keys import SETTINGS, now

WINDOW_SECONDS = 60
# So many addresses are remembered; the one that was silent longest is forgotten first.
MAX_ADDRESSES = 50_000


def limited(share: float = 1.0) -> Middleware:
    """A middleware that refuses an address more than its share of `PDS_RATE` requests a minute. Errors: `TooMany`.

    It stands inside the one that knows the dialect of errors. Windows are fixed: at the edge of two, twice as much
    can pass, which is harmless here.
    """
    seen: OrderedDict[str, tuple[int, int]] = OrderedDict()

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        settings, time = request.config_dict[SETTINGS], now(request)
        address = _address(request, proxied=settings.proxied)
        window = time // WINDOW_SECONDS
        last, count = seen.pop(address, (window, 0))
        count = count + 1 if last == window else 1
        seen[address] = (window, count)
        if len(seen) > MAX_ADDRESSES:
            seen.popitem(last=False)
        if count > max(1, int(settings.rate * share)):
            raise TooMany("too many requests from this address", retry_after=WINDOW_SECONDS - time % WINDOW_SECONDS)
        return await handler(request)

    return limit


def network_of(request: web.Request) -> str:
    """The address that guesses are counted by; of IPv6 the /64, which is one household's to choose from."""
    address = _address(request, proxied=request.config_dict[SETTINGS].proxied)
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(known) if known.version == 4 else str(ip_network(f"{known.packed.hex(':', 2)}/64", strict=False))


def _address(request: web.Request, *, proxied: bool) -> str:
    """Who asks: behind our own proxy the address that it appended last, which no client can choose."""
    if proxied:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or "unknown"
    return request.remote or "unknown"
