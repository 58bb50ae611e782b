"""The wallet API (protocols/specs/wallet-api.md) as a headless wallet calls it."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from pds.core.chain import Position, position
from pds.core.encoding import Json, jcs
from pds.core.members import items
from pds.sdk.browser import Browser
from pds.sdk.errors import Problem, Unreachable
from pds.sdk.wire import Answer


class Api:
    """One server, one browser. Errors of every call: `Problem`, `Unreachable`."""

    def __init__(self, issuer: str, browser: Browser) -> None:
        parts = urlsplit(issuer)
        self.issuer = issuer
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.browser = browser

    async def get(self, path: str) -> Json:
        """A JSON object."""
        answer = await self.browser.get(self.issuer + path, headers={"Accept": "application/json"})
        return _good(answer).json()

    async def get_text(self, path: str) -> str:
        """A compact document of the registry."""
        answer = _good(await self.browser.get(self.issuer + path))
        return answer.body.decode("ascii", "replace").strip()

    async def post(self, path: str, body: Json) -> Json:
        """Send JSON; the answer, `{}` where it has no body."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
        }
        answer = _good(await self.browser.send("POST", self.issuer + path, headers=headers, body=jcs(body)))
        return answer.json() if answer.body else {}

    async def log(self, grant_id: str) -> tuple[list[Any], Position]:
        """Every entry of a grant's log, and where the server says that it ends; nothing of it is checked."""
        entries: list[Any] = []
        while True:
            answer = await self.get(f"/api/grants/{grant_id}/log?after={len(entries)}")
            stated = position({name: answer.get(name) for name in ("n", "head")})
            page = items(answer, "entries", "wallet-api/answer", most=500)
            entries += page
            if len(entries) >= stated.n or not page:
                return entries, stated

    async def location(self, url: str) -> str:
        """Where a GET of this server redirects to. Errors: also `Problem` when it does not."""
        if not url.startswith(self.issuer + "/"):
            raise Problem(0, "not-found", "not an address of this vault")
        answer = await self.browser.get(url, headers={"Accept": "text/html"})
        if answer.status not in (302, 303):
            raise _problem(answer)
        return answer.headers.get("Location", "")


def _good(answer: Answer) -> Answer:
    if answer.status in (200, 201, 204):
        return answer
    raise _problem(answer)


def _problem(answer: Answer) -> Problem:
    document: Any = {}
    with suppress(Unreachable):  # not a problem document: the status says enough
        document = answer.json()
    code = document.get("code", document.get("error", ""))
    return Problem(answer.status, str(code), str(document.get("detail", "")), rule=str(document.get("rule", "")))
