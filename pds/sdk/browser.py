"""A browser without a screen: cookies kept by hand, redirects never followed by themselves.

aiohttp's own cookie jar would not send a `Secure` cookie over the plain http of a test or a demo on this machine.
"""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

import aiohttp

from pds.sdk import wire

# A vault is 40 MiB at most (wallet-api.md), in base64 a third more, and its manifests come with it.
MAX_PAGE_BYTES = 128 * 1024 * 1024


class Browser:
    """Cookies by host name, as browsers keep them: they ignore ports. The session is the caller's."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._cookies: dict[str, dict[str, str]] = {}

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> wire.Answer:
        """Open an address. Errors: `Unreachable`."""
        return await self.send("GET", url, headers=headers)

    async def submit(self, url: str, form: Mapping[str, str]) -> wire.Answer:
        """Submit a form of the same site. Errors: `Unreachable`."""
        parts = urlsplit(url)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        return await self.send("POST", url, headers=headers, form=form)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> wire.Answer:
        """One request with the cookies of its host; those of the answer are kept. Errors: `Unreachable`."""
        jar = self._cookies.setdefault(urlsplit(url).hostname or "", {})
        sent = dict(headers or {})
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        answer = await wire.call(
            self._session, method, url, headers=sent, form=form, body=body, max_bytes=MAX_PAGE_BYTES
        )
        for line in answer.cookies:
            _keep(jar, line)
        return answer

    def forget(self, host: str) -> None:
        """Lose the cookies of a host, as a cleared browser does."""
        self._cookies.pop(host, None)


def _keep(jar: dict[str, str], line: str) -> None:
    """RFC 6265 section 5.2, as far as our own server and demo need it."""
    parsed: SimpleCookie = SimpleCookie()
    try:
        parsed.load(line)
    except CookieError:
        return
    for name, morsel in parsed.items():
        if morsel["max-age"] == "0" or "1970" in str(morsel["expires"]):
            jar.pop(name, None)
        else:
            jar[name] = morsel.coded_value
