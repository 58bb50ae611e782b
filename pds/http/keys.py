"""What every sub-application finds in the root application: read it by `request.config_dict[…]`."""

from collections.abc import Callable

from aiohttp import web

from pds.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
CLOCK: web.AppKey[Callable[[], int]] = web.AppKey("clock")
RANDOM: web.AppKey[Callable[[int], bytes]] = web.AppKey("random")


def now(request: web.Request) -> int:
    """The time, in seconds: the clock is an argument of `create_app`."""
    return request.config_dict[CLOCK]()


def issuer(request: web.Request) -> str:
    """The public origin: from the settings, never from a Host header."""
    return request.config_dict[SETTINGS].issuer


def random(request: web.Request) -> Callable[[int], bytes]:
    """The source of random bytes: an argument of `create_app` too."""
    return request.config_dict[RANDOM]
