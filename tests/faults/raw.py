"""Bytes on a connection, exactly as a test wants them: what no client library would send."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from multidict import CIMultiDict

from pds.core.encoding import Json, parse_object

# A bound for a server that hangs, not a promise of speed.
PATIENCE_SECONDS = 60
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
Headers = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    def json(self) -> Json:
        return parse_object(self.body)


def message(method: str | bytes, target: str | bytes, headers: Headers = (), body: bytes = b"") -> bytes:
    """One HTTP/1.1 request; Host, Connection and Content-Length are added where the headers do not have them."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    if "host" not in names:
        given.insert(0, ("Host", "localhost"))
    if "connection" not in names:
        given.append(("Connection", "close"))
    if body and not names & {"content-length", "transfer-encoding"}:
        given.append(("Content-Length", str(len(body))))
    lines = [b" ".join((_bytes(method), _bytes(target), b"HTTP/1.1"))]
    lines += [_bytes(name) + b": " + _bytes(value) for name, value in given]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def send(issuer: str, *parts: bytes) -> Answer:
    """The first answer on a new connection. Errors: `AssertionError` where there is none."""
    where = urlsplit(issuer)
    reader, writer = await asyncio.open_connection("127.0.0.1", where.port)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            writing = asyncio.create_task(_write(writer, parts))
            try:
                return _parsed(await _read(reader, headless=parts[0].startswith(b"HEAD ")))
            finally:
                writing.cancel()
                with suppress(asyncio.CancelledError):
                    await writing
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


async def _write(writer: asyncio.StreamWriter, parts: Iterable[bytes]) -> None:
    with suppress(ConnectionError):  # the server has seen enough
        for part in parts:
            writer.write(part)
            await writer.drain()


async def _read(reader: asyncio.StreamReader, *, headless: bool) -> bytes:
    """The first answer, as far as it came; a server lingers before it closes on a body that it does not want."""
    received = b""
    with suppress(ConnectionError):
        while chunk := await reader.read(65536):
            received += chunk
            head, gap, body = received.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if gap and (headless or (length is not None and len(body) >= int(length[1]))):
                break
    return received


def _parsed(received: bytes) -> Answer:
    head, gap, body = received.partition(b"\r\n\r\n")
    assert gap, f"no answer: {received[:200]!r}"
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, _reason = first.split(" ", 2)
    assert version in ("HTTP/1.1", "HTTP/1.0"), first
    headers: CIMultiDict[str] = CIMultiDict()
    for line in lines:
        name, _, value = line.partition(":")
        headers.add(name, value.strip())
    return Answer(int(status), headers, body)
