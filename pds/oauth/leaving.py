"""Signing out at a service's wish: OpenID Connect RP-Initiated Logout 1.0.

A service's link brings no session with it (the cookie is `SameSite=Strict`), so the endpoint checks what was sent and
hands it on to the wallet in a ticket. There, on the wallet's own origin, the session is known, and the resident is
asked unless the ID token proves that it was given in this very session: else any page could sign everybody out.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import web
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, b64u, jcs, parse_object, unb64u
from pds.core.errors import Invalid
from pds.core.members import exactly, text
from pds.core.notice import sid_of
from pds.core.registry import Service
from pds.errors import Gone, Malformed, NotFound
from pds.http.body import once, read_form, read_json
from pds.http.caller import Caller, find_caller
from pds.http.keys import issuer, now
from pds.http.signing import signing_keys
from pds.oauth import checks
from pds.oauth.pages import NO_SIGN_OUT, page
from pds.registry import actions as registry

TICKET_SECONDS = 1800
_LONGEST = {"id_token_hint": 8192, "post_logout_redirect_uri": 2048, "state": 1024}
_LONGEST |= {"client_id": 255, "logout_hint": 255, "ui_locales": 255}
_STATE = re.compile(r"[ -~]*\Z")

routes = web.RouteTableDef()
api = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class Leaving:
    """What was sent, as far as it has been checked. `hint` are the claims of an ID token of ours."""

    sent: dict[str, str]
    hint: Json | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when it is judged."""

    issuer: str
    keys: Sequence[ECKey]
    time: int


async def check_parameters(found: Leaving, _here: Here) -> Leaving:
    """Section 2: strings of sensible length. What is not named there is not looked at (RFC 6749 section 3.1)."""
    for name, longest in _LONGEST.items():
        if len(found.sent.get(name, "")) > longest or "\0" in found.sent.get(name, ""):
            raise Invalid("logout/members", name)
    return found


async def check_hint(found: Leaving, here: Here) -> Leaving:
    """Section 2: an ID token that we signed, however old it is (section 4); no other thing that we sign is one."""
    if "id_token_hint" not in found.sent:
        return found
    claims = jose.verify(found.sent["id_token_hint"], jose.ISSUED, here.keys).claims
    if claims.get("iss") != here.issuer or not isinstance(claims.get("auth_time"), int):
        raise Invalid("logout/hint", "id_token_hint")
    return replace(found, hint=claims)


async def check_client(found: Leaving, here: Here) -> Leaving:
    """Section 2: `client_id` and the ID token's audience, where both are there, are one service, and it is in force."""
    named = {found.sent["client_id"]} if "client_id" in found.sent else set()
    named |= {str(found.hint.get("aud"))} if found.hint is not None else set()
    if not named:
        return found
    if len(named) > 1:
        raise Invalid("logout/client", "client_id")
    return replace(found, service=await registry.service(named.pop(), now=here.time))


async def check_redirect(found: Leaving, _here: Here) -> Leaving:
    """Section 3: exactly an address that the service has registered for this, and so none where no service is named."""
    address = found.sent.get("post_logout_redirect_uri")
    if address is not None and (found.service is None or address not in found.service.post_logout_redirect_uris):
        raise Invalid("logout/redirect", "post_logout_redirect_uri")
    return found


async def check_redirect_scheme(found: Leaving, here: Here) -> Leaving:
    """Section 3.1: https, unless this whole server is a demo on localhost."""
    address = found.sent.get("post_logout_redirect_uri", "https:")
    if not address.startswith("https:") and here.issuer.startswith("https:"):
        raise Invalid("logout/redirect", "post_logout_redirect_uri")
    return found


async def check_state(found: Leaving, _here: Here) -> Leaving:
    """RFC 6749 appendix A.5: printable ASCII. It goes back in an address."""
    if not _STATE.match(found.sent.get("state", "")):
        raise Invalid("logout/members", "state")
    return found


LOGOUT = (check_parameters, check_hint, check_client, check_redirect, check_redirect_scheme, check_state)


@routes.get("/logout")
@routes.post("/logout")
async def logout(request: web.Request) -> web.Response:
    """RP-Initiated Logout section 2. Nothing ends here: the wallet asks, and ends it."""
    here = Here(issuer(request), signing_keys(request), now(request))
    sent: dict[str, str] = {}
    try:
        sent = await read_form(request) if request.method == "POST" else once(list(request.query.items()))
        # Section 2 and RFC 6749 section 3.1: an empty parameter counts as none.
        found = Leaving({name: value for name, value in sent.items() if value})
        for rule in LOGOUT:
            found = await rule(found, here)
    except (Invalid, Malformed, NotFound):
        # One page for all of it, and no way back: whoever sent this may not be who they say.
        return page(request, NO_SIGN_OUT, wished=sent.get("ui_locales", ""), link=here.issuer)
    ticket = make_ticket(found, checks.now_of(request))
    return web.Response(status=303, headers={"Location": f"{here.issuer}/#logout={ticket}"})


@api.post("/leaving")
async def post_leaving(request: web.Request) -> web.Response:
    """What the wallet needs to ask, or not to ask: who wishes it, signed by the registrar, and whether it is proved."""
    body = exactly(await read_json(request), ("ticket",), "malformed")
    wish = read_ticket(text(body, "ticket", "malformed", longest=8192), checks.now_of(request))
    caller = await find_caller(request)
    service = await registry.service(wish["client_id"], now=now(request)) if wish["client_id"] else None
    return web.json_response(
        {
            "statement": service.statement if service else None,
            "index": await registry.index() if service else None,
            "redirect_uri": wish["redirect_uri"],
            "state": wish["state"],
            "ui_locales": wish.get("ui_locales"),
            "signed_in": caller is not None,
            "proved": caller is not None and _is_about(wish, caller),
        }
    )


def _is_about(wish: Json, caller: Caller) -> bool:
    """Section 2: the ID token was given in this session: its `sid` is what this service knows this session by."""
    if wish["sid"] is None:
        return False
    return bool(wish["sid"] == sid_of(caller.session, str(wish["client_id"]), str(wish["sub"])))


def make_ticket(found: Leaving, at: checks.Now) -> str:
    """What was checked, on its way through the browser: for the wallet, which need not be told twice."""
    hint = found.hint or {}
    redirect = found.sent.get("post_logout_redirect_uri")
    wish: Json = {
        "client_id": found.service.client_id if found.service else None,
        "redirect_uri": redirect,
        "state": found.sent.get("state") if redirect is not None else None,
        "ui_locales": found.sent.get("ui_locales"),
        "sub": hint.get("sub"),
        "sid": hint.get("sid"),
        "expires": at.time + TICKET_SECONDS,
    }
    payload = b64u(jcs(wish))
    return f"{payload}.{_mac(payload, at)}"


def read_ticket(ticket: str, at: checks.Now) -> Json:
    """The wish that we checked. Errors: `Malformed`, `Gone`."""
    payload, _, mac = ticket.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(payload, at).encode()):
        raise Malformed("not a ticket of ours", member="ticket")
    wish = parse_object(unb64u(payload))
    if wish["expires"] <= at.time:
        raise Gone("this link to sign out has timed out")
    return wish


def _mac(payload: str, at: checks.Now) -> str:
    return b64u(hmac.digest(at.secret, f"pds/v1 logout {payload}".encode(), "sha256"))
