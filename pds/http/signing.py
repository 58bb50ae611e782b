"""What the server itself signs: ID tokens and, where a client asks for them so, authorization responses."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json
from pds.http.keys import SETTINGS, issuer, now

RESPONSE_SECONDS = 300
SIGNED_MODES = ("jwt", "query.jwt")


def sign(request: web.Request, claims: Json) -> str:
    """A JWT by the newest of the server's keys, ES256."""
    return sign_as(jose.ISSUED, claims, request.config_dict)


def sign_as(form: jose.Form, claims: Json, app: Mapping[str | web.AppKey[Any], Any]) -> str:
    """A JWS of this form, by the same key."""
    key = _keys(app)[0]
    return jose.sign(claims, form, key, kid=jose.thumbprint(key))


def signing_keys(request: web.Request) -> list[ECKey]:
    """The keys, the one that signs first; the others are published until nothing that they signed is believed."""
    return _keys(request.config_dict)


def _keys(app: Mapping[str | web.AppKey[Any], Any]) -> list[ECKey]:
    return [jose.p256_private(key) for key in app[SETTINGS].signing_keys]


def answer(request: web.Request, parameters: Json, client_id: str, members: dict[str, str]) -> Json:
    """The answer that the wallet takes to the client: `members` and `iss`, and with JARM signed, as `response`.

    `parameters` are the request's (JARM sections 2.1 and 2.3.1; FAPI 2.0 Message Signing 5.4).
    """
    document: Json = {**members, "iss": issuer(request)}
    if parameters.get("response_mode") in SIGNED_MODES:
        claims = {**document, "aud": client_id, "exp": now(request) + RESPONSE_SECONDS}
        if parameters.get("state") is not None:
            claims["state"] = parameters["state"]
        document["response"] = sign(request, claims)
    return document
