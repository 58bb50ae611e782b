"""HTTP towards the vault: bounded in time and size, no redirects, no cookies of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.sdk.errors import Unreachable

TIMEOUT_SECONDS = 15
MAX_ANSWER_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    def json(self) -> Json:
        """The body as a strict JSON object. Errors: `Unreachable`: something between us and the vault answered."""
        try:
            return parse_object(self.body)
        except Invalid as error:
            raise Unreachable(f"the answer ({self.status}) is not JSON") from error

    @property
    def retry_after(self) -> int | None:
        """`Retry-After` in seconds (RFC 9110 section 10.2.3); its date form is not used by the vault."""
        value = self.headers.get("Retry-After", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None


def new_session(resolver: aiohttp.abc.AbstractResolver | None = None) -> aiohttp.ClientSession:
    """A client session that keeps no cookies. Call it inside a running loop; close it."""
    connector = aiohttp.TCPConnector(resolver=resolver) if resolver is not None else aiohttp.TCPConnector()
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def call(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: bytes | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answer:
    """One request, at most `TIMEOUT_SECONDS`, at most `max_bytes` of answer, redirects returned as they are.

    Errors: `Unreachable` for a network failure, a 5xx or 429, or an answer that is too long.
    """
    try:
        async with session.request(
            method,
            url,
            # A compressed answer could be small on the wire and huge here; asking for none keeps the bound simple.
            headers={"Accept-Encoding": "identity", **(headers or {})},
            data=form if form is not None else body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        ) as response:
            answer = Answer(
                response.status,
                response.headers.copy(),
                await _bounded(response, max_bytes),
                tuple(response.headers.getall("Set-Cookie", ())),
            )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"{method} {url.split('?')[0]}: {type(error).__name__}") from error
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable(f"{method} {url.split('?')[0]}: {answer.status}", retry_after=answer.retry_after)
    return answer


# What follows the headers of a stream has no end in time; it is never silent for long.
_STREAM = aiohttp.ClientTimeout(total=None, connect=TIMEOUT_SECONDS, sock_read=40)


@asynccontextmanager
async def stream(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """A GET whose answer goes on. Errors: `Unreachable`."""
    try:
        async with session.get(
            url, headers={"Accept-Encoding": "identity", **headers}, allow_redirects=False, timeout=_STREAM
        ) as response:
            yield response
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"GET {url}: {type(error).__name__}") from error


async def _bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            raise Unreachable(f"an answer of more than {max_bytes} bytes")
    return bytes(body)
