"""`GET /data`: the one endpoint that services call often. Its dialect is the challenge of RFC 6750 and RFC 9449."""

import json
import logging
import re

from aiohttp import web
from aiohttp.typedefs import Middleware

from pds.core.errors import Invalid
from pds.errors import Refused, TooMany, Unavailable
from pds.http.headers import Handler
from pds.http.keys import SETTINGS, issuer, now
from pds.http.nonces import add_nonce
from pds.reads import actions

_LOG = logging.getLogger("pds.reads")

ALGORITHMS = "ES256 EdDSA Ed25519 PS256"
RETRY_SECONDS = 1

# RFC 9449 section 4.2, RFC 6750 section 2.1: one scheme, one space, one token68.
_CREDENTIALS = re.compile(r"([A-Za-z][A-Za-z0-9-]*) +([A-Za-z0-9._~+/-]+=*)", re.ASCII)
_MAX_TOKEN = 512

# Rules whose error is not plainly that of their family.
_ERRORS = {
    "dpop/nonce": "use_dpop_nonce",
    "dpop/token": "invalid_dpop_proof",
    "grant/ended": "invalid_token",
    "grant/paused": "access_denied",
    "token/scope": "insufficient_scope",
}
_STATUS = {"invalid_request": 400, "insufficient_scope": 403, "access_denied": 403}


def create_app(*inside: Middleware) -> web.Application:
    """The sub-application to mount at `/data`; `inside` are further middlewares, whose refusals it puts into words."""
    app = web.Application(middlewares=[_dialect, *inside])
    app.on_response_prepare.append(add_nonce)
    app.router.add_get("", data, allow_head=False)  # a HEAD would be a read that its proof does not name
    return app


async def data(request: web.Request) -> web.Response:
    """One read (protocols/specs/disclosure.md). The body of the request, if there is one, is not looked at."""
    if request.query_string and "access_token" in request.query:
        raise Refused("token/place", "a token in the address is in every log on the way: use the Authorization header")
    reading = await actions.read(
        _token(request),
        _only(request, "DPoP", "dpop/missing", "one DPoP header with a proof for this request"),
        url=f"{issuer(request)}/data",
        now=now(request),
        secret=request.config_dict[SETTINGS].secret,
        if_none_match=", ".join(request.headers.getall("If-None-Match", ())),
    )
    headers = {
        "ETag": reading.tag,
        "Log-Position": f"{reading.n} {reading.head}",
        "Cache-Control": "no-store",
    }
    if reading.disclosure is None:
        return web.Response(status=304, headers=headers)
    return web.Response(body=reading.disclosure.encode("ascii"), content_type="application/jwt", headers=headers)


def _token(request: web.Request) -> str:
    credentials = _only(request, "Authorization", "token/missing", "one Authorization header: DPoP and the token")
    parts = _CREDENTIALS.fullmatch(credentials)
    if parts is None or len(parts[2]) > _MAX_TOKEN:
        raise Refused("token/form", "the Authorization header is not a scheme and a token")
    if parts[1].lower() != "dpop":
        # RFC 9449 section 7.2: a bound token shown as a mere bearer token must be refused.
        raise Refused("token/scheme", "access tokens here are bound to a key: the scheme is DPoP")
    return parts[2]


def _only(request: web.Request, name: str, rule: str, text: str) -> str:
    """RFC 9449 section 4.3, check 1: two headers could mean one thing here and another to a proxy before us."""
    values = request.headers.getall(name, ())
    if len(values) > 1:
        raise Refused(f"{rule.partition('/')[0]}/repeated", text)
    if not values:
        raise Refused(rule, text)
    return values[0]


@web.middleware
async def _dialect(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Invalid as error:
        return _refusal(request, _error(error.code), error.code, error.detail or "the DPoP proof does not hold")
    except Refused as error:
        return _refusal(request, _error(error.rule), error.rule, str(error))
    except TooMany as error:
        response = _answer(429, "temporarily_unavailable", "too-many", str(error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except Unavailable as error:
        response = _answer(503, "temporarily_unavailable", "unavailable", str(error))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    except web.HTTPException as error:
        rule = "request/method" if error.status == 405 else "request/address"
        response = _answer(error.status, "invalid_request", rule, error.reason)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = "GET"
        return response
    except Exception:
        _LOG.exception("unforeseen, in %s %s", request.method, request.path)
        return _answer(500, "server_error", "unforeseen", "something went wrong here")


def _error(rule: str) -> str:
    """RFC 6750 section 3.1, RFC 9449 sections 7.1 and 12.2."""
    family = rule.partition("/")[0]
    if rule in ("token/place", "token/repeated", "token/form"):
        return "invalid_request"
    return _ERRORS.get(rule, "invalid_token" if family == "token" else "invalid_dpop_proof")


def _refusal(request: web.Request, error: str, rule: str, text: str) -> web.Response:
    response = _answer(_STATUS.get(error, 401), error, rule, text)
    # RFC 6750 section 3.1: who showed nothing at all is told only how to.
    told = "" if rule == "token/missing" else f'error="{error}", error_description="{_plain(text)}", '
    # RFC 9728 section 5.1: where a client that knows only this address learns whom to ask for a token.
    metadata = f"{issuer(request)}/.well-known/oauth-protected-resource/data"
    response.headers["WWW-Authenticate"] = f'DPoP {told}algs="{ALGORITHMS}", resource_metadata="{metadata}"'
    return response


def _answer(status: int, error: str, rule: str, text: str) -> web.Response:
    document = {"error": error, "error_description": _plain(text), "rule": rule}
    return web.Response(
        status=status,
        body=json.dumps(document).encode(),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _plain(text: str) -> str:
    """RFC 6750 section 3: printable ASCII without `"` and `\\`."""
    return "".join(character if " " <= character <= "~" and character not in '"\\' else "'" for character in text)
