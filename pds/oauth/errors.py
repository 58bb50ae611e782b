"""The dialect of OAuth: RFC 6749 section 5.2 errors, from what the rules of the domain refuse."""

import logging

from aiohttp import web

from pds.core import jose
from pds.core.encoding import jcs
from pds.core.errors import Invalid
from pds.errors import Malformed, NotFound, PdsError, Refused, TooMany, Unavailable
from pds.http.body import TooLarge, WrongType
from pds.http.headers import Handler
from pds.http.keys import issuer

logger = logging.getLogger("pds.oauth")


class OAuthError(PdsError):
    """A refusal with its registered code. `rule` and `member` are told to an authenticated client only."""

    def __init__(self, code: str, text: str, *, rule: str = "", member: str = "", status: int = 400) -> None:
        super().__init__(text)
        self.code = code
        self.rule = rule
        self.member = member
        self.status = status


# Which OAuth code a rule of ours is, where it is not plainly `invalid_request`.
_CODES = {
    "request/purpose": "invalid_authorization_details",
    "request/attribute": "invalid_authorization_details",
    "request/required": "invalid_authorization_details",
    "request/access": "invalid_authorization_details",
    "request/duration": "invalid_authorization_details",
    "request/zone": "invalid_authorization_details",
    "request/location": "invalid_authorization_details",
    "request/encryption-key": "invalid_authorization_details",
    "request/desk": "invalid_authorization_details",
    "counter/frozen": "access_denied",
    "request/scope": "invalid_scope",
    "request/response-type": "unsupported_response_type",
    "request/audience": "invalid_request_object",
    "request/time": "invalid_request_object",
}


# What `request/members` is said of outside the authorization_details.
_PARAMETERS = frozenset(
    "request request_uri state nonce dpop_jkt response_mode ui_locales acr_values login_hint".split()
)
# Where a whole document is at fault, and no member of it: the parameter or header that it came in.
_PLACES = {"invalid_request_object": "request", "invalid_dpop_proof": "DPoP", "use_dpop_nonce": "DPoP"}


def of_rule(error: Invalid) -> OAuthError:
    """A rule of the core as an OAuth error; anything of JOSE is a fault of the object that was signed."""
    code = _CODES.get(error.code, "invalid_request")
    if error.code.startswith(("jose/", "encoding/")):
        code = "invalid_request_object"
    elif error.code == "request/members" and error.detail not in _PARAMETERS:
        code = "invalid_authorization_details"  # RFC 9396 section 5
    return OAuthError(code, str(error), rule=error.code, member=error.detail)


@web.middleware
async def oauth_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal of these endpoints in the words of OAuth; what nobody foresaw as `server_error`."""
    try:
        return await handler(request)
    except OAuthError as error:
        return _answer(request, error)
    except Invalid as error:
        return _answer(request, of_rule(error))
    except Refused as error:
        code = _CODES.get(error.rule, "invalid_request")
        return _answer(request, OAuthError(code, str(error), rule=error.rule, member=error.member))
    except (Malformed, NotFound) as error:
        return _answer(request, OAuthError("invalid_request", str(error)))
    except TooLarge as error:
        return _answer(request, OAuthError("invalid_request", str(error), status=413))
    except WrongType as error:
        return _answer(request, OAuthError("invalid_request", str(error), status=415))
    except TooMany as error:
        response = _answer(request, OAuthError("temporarily_unavailable", str(error), status=429))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except Unavailable as error:
        return _answer(request, OAuthError("temporarily_unavailable", str(error), status=503))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _answer(request, OAuthError("invalid_request", error.reason, status=error.status))
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except Exception:
        logger.exception("unforeseen, in %s %s", request.method, request.path)
        return _answer(request, OAuthError("server_error", "something went wrong here", status=500))


def _answer(request: web.Request, error: OAuthError) -> web.Response:
    document = {"error": error.code, "error_description": _plain(str(error))}
    if error.rule:
        page = f"{issuer(request)}/docs/errors#{error.rule.replace('/', '-')}"
        member = error.member or _PLACES.get(error.code, "")
        document |= {"rule": error.rule, "error_uri": page} | ({"member": _plain(member)} if member else {})
    response = web.Response(status=error.status, body=jcs(document), content_type="application/json")
    # Not for `invalid_client`: no HTTP authentication was tried (RFC 6749 section 5.2), and libraries that see a
    # challenge report that in place of the error.
    if error.status in (401, 403) and error.code != "invalid_client":
        response.headers["WWW-Authenticate"] = f'DPoP error="{error.code}", algs="{" ".join(jose.SUPPLIERS)}"'
    return response


def _plain(text: str) -> str:
    # RFC 6749 section 5.2: printable ASCII without " and \.
    return "".join(character if " " <= character <= "~" and character not in '"\\' else "'" for character in text)
