"""One table: what went wrong → an RFC 9457 problem document, for the wallet's API."""

import json
import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from pds import errors
from pds.core.errors import Invalid
from pds.http.body import TooLarge, WrongType
from pds.http.headers import Handler
from pds.http.keys import issuer

logger = logging.getLogger("pds.http")

STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.NotSignedIn, 401, "not-signed-in"),
    (errors.NotFound, 404, "not-found"),
    (errors.Gone, 410, "gone"),
    (errors.Conflict, 409, "conflict"),
    (errors.AnotherDeviceWasFirst, 412, "another-device-was-first"),
    (errors.TooMany, 429, "too-many"),
    (errors.Malformed, 400, "malformed"),
    (errors.Refused, 422, "refused"),
    (errors.Unavailable, 503, "unavailable"),
    (Invalid, 422, "refused"),
    (TooLarge, 413, "too-large"),
    (WrongType, 415, "wrong-type"),
    (web.HTTPExpectationFailed, 417, "expectation"),
    (LineTooLong, 431, "too-long"),
    (HttpProcessingError, 400, "not-http"),
)
FORESEEN = tuple(kind for kind, _, _ in STATUS)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal of the API as `application/problem+json`; what nobody foresaw as a 500 that says nothing."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = problem(request, error.status, error.reason.lower().replace(" ", "-"), error.reason)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except FORESEEN as error:
        return _refusal(request, error)
    except Exception:
        logger.exception("unforeseen, in %s %s", request.method, request.path)
        return problem(request, 500, "unforeseen", "something went wrong here")


def problem(request: web.Request, status: int, code: str, detail: str, **more: str) -> web.Response:
    """One problem document (RFC 9457 section 3)."""
    body = document(issuer(request), status, code, detail, **more)
    return web.Response(status=status, body=body, content_type="application/problem+json")


def document(issuer: str, status: int, code: str, detail: str, **more: str) -> bytes:
    """Its members."""
    members = {"type": f"{issuer}/docs/errors#{code}", "status": status, "code": code, "detail": detail}
    return json.dumps(members | {name: value for name, value in more.items() if value}).encode()


def status_of(error: Exception) -> tuple[int, str]:
    """The row of the table: an HTTP status and our code."""
    return next((status, code) for kind, status, code in STATUS if isinstance(error, kind))


def _refusal(request: web.Request, error: Exception) -> web.Response:
    status, code = status_of(error)
    if isinstance(error, Invalid) and error.code == "malformed":
        status, code = 400, "malformed"
    rule = getattr(error, "rule", "") or getattr(error, "code", "")
    member = getattr(error, "member", "") or getattr(error, "detail", "")
    response = problem(request, status, code, str(error), rule=rule, member=member)
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A browser says where a request comes from; one from elsewhere never reaches an act of the resident's."""
    if request.method not in ("GET", "HEAD"):
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin not in (None, issuer(request)) or site not in (None, "same-origin"):
            return problem(request, 403, "cross-site", "only the wallet's own pages may do this")
    return await handler(request)
