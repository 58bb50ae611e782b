"""Reading a request's body: limited before it is parsed, strict when it is."""

from urllib.parse import parse_qsl

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.errors import Malformed, PdsError

KIB = 1024


class TooLarge(PdsError):
    """More bytes than this endpoint reads."""


class WrongType(PdsError):
    """Another content type than this endpoint reads."""


async def read_bytes(request: web.Request, most: int) -> bytes:
    """At most `most` bytes, whatever Content-Length claims. Errors: `TooLarge`, `Malformed`."""
    if request.content_length is not None and request.content_length > most:
        raise TooLarge(f"at most {most} bytes")
    data = bytearray()
    try:
        async for chunk in request.content.iter_chunked(16 * KIB):
            data += chunk
            if len(data) > most:
                raise TooLarge(f"at most {most} bytes")
    except (HttpProcessingError, ClientPayloadError, web.RequestPayloadError) as error:
        raise Malformed("the body is not what its headers say") from error
    return bytes(data)


def _check_type(request: web.Request, wanted: str) -> None:
    """Nothing else and nothing around it: aiohttp would unpack a compressed body, however far. Errors: `WrongType`."""
    charset = request.charset or "utf-8"
    encoded = request.headers.get("Content-Encoding", "identity")
    if request.content_type != wanted or encoded != "identity" or charset.lower() not in ("utf-8", "us-ascii"):
        raise WrongType(f"{wanted} in UTF-8, not encoded")


async def read_json(request: web.Request, most: int = 64 * KIB) -> Json:
    """A strict JSON object. Errors: `WrongType`, `TooLarge`, `Malformed`."""
    _check_type(request, "application/json")
    try:
        return parse_object(await read_bytes(request, most))
    except Invalid as error:
        raise Malformed("not a strict JSON object") from error


async def read_form(request: web.Request, most: int = 64 * KIB) -> dict[str, str]:
    """Form parameters, each at most once (RFC 6749 section 3.1). Errors: `WrongType`, `TooLarge`, `Malformed`."""
    _check_type(request, "application/x-www-form-urlencoded")
    data = await read_bytes(request, most)
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=False, strict_parsing=bool(data), max_num_fields=64, errors="strict"
        )
    except ValueError as error:
        raise Malformed("not form parameters") from error
    return once(pairs)


def query_number(request: web.Request, name: str) -> int:
    """A number in the query, 0 where it is not there. Errors: `Malformed`."""
    value = once(list(request.query.items())).get(name, "0")
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Malformed(f"{name}: a number", member=name)
    return int(value)


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters as a mapping. Errors: `Malformed` for one that stands twice."""
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise Malformed("a parameter stands twice")
    return parameters
