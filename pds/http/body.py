"""Reading a request's body: limited before it is parsed, strict when it is."""

from urllib.parse import parse_qsl

from aiohttp import web

from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.errors import Malformed, PdsError

KIB = 1024


class TooLarge(PdsError):
    """More bytes than this endpoint reads."""


class WrongType(PdsError):
    """Another content type than this endpoint reads."""


async def read_bytes(request: web.Request, most: int) -> bytes:
    """At most `most` bytes, whatever Content-Length claims. Errors: `TooLarge`."""
    if request.content_length is not None and request.content_length > most:
        raise TooLarge(f"at most {most} bytes")
    data = bytearray()
    async for chunk in request.content.iter_chunked(16 * KIB):
        data += chunk
        if len(data) > most:
            raise TooLarge(f"at most {most} bytes")
    return bytes(data)


async def read_json(request: web.Request, most: int = 64 * KIB) -> Json:
    """A strict JSON object. Errors: `WrongType`, `TooLarge`, `Malformed`."""
    if request.content_type != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        raise WrongType("application/json, not encoded")
    try:
        return parse_object(await read_bytes(request, most))
    except Invalid as error:
        raise Malformed("not a strict JSON object") from error


async def read_form(request: web.Request, most: int = 64 * KIB) -> dict[str, str]:
    """Form parameters, each at most once (RFC 6749 section 3.1). Errors: `WrongType`, `TooLarge`, `Malformed`."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise WrongType("application/x-www-form-urlencoded")
    data = await read_bytes(request, most)
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=False, strict_parsing=bool(data), max_num_fields=64, errors="strict"
        )
    except ValueError as error:
        raise Malformed("not form parameters") from error
    return once(pairs)


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters as a mapping. Errors: `Malformed` for one that stands twice."""
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise Malformed("a parameter stands twice")
    return parameters
