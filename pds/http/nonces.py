"""Every answer of an endpoint that takes DPoP proofs brings the nonce for the next one (RFC 9449 section 8.2)."""

from aiohttp import web

from pds.core.nonce import make_nonce
from pds.http.keys import SETTINGS, now


async def add_nonce(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler (`on_response_prepare`) of the sub-applications whose callers prove possession of a key.

    An answer that may be kept brings none: from a cache it would come too late.
    """
    if not response.headers.get("Cache-Control", "").startswith("public"):
        response.headers["DPoP-Nonce"] = make_nonce(request.config_dict[SETTINGS].secret, now=now(request))
