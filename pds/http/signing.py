"""What the server itself signs: ID tokens and, where a client asks for them so, authorization responses."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.keyring import SigningKey, published, read_keyring, signer
from pds.http.keys import CLOCK, issuer, now

logger = logging.getLogger("pds.http")

RESPONSE_SECONDS = 300
SIGNED_MODES = ("jwt", "query.jwt")


class Keyring:
    """The server's keys, read anew when their file has changed.

    Each use looks at the file first (a few microseconds), so that every worker has a new key before it is told to
    anybody, with no signal and no restart. A file that cannot be read leaves the keys as they were.
    """

    def __init__(self, documents: Sequence[Json], file: Path | None = None) -> None:
        self._keys = read_keyring(documents)
        self._file = file
        self._seen: tuple[int, int, int] | None = None  # what was read before this may be older than the file

    def keys(self) -> tuple[SigningKey, ...]:
        """All of them, as the file has them now."""
        state = self._state()
        if self._file is not None and state is not None and state != self._seen:
            self._seen = state
            try:
                self._keys = read_keyring(json.loads(self._file.read_text("utf-8"))["keys"]) or self._keys
            except (Invalid, OSError, ValueError, KeyError, TypeError):
                logger.exception("the file of signing keys cannot be read: the keys stay as they were")
        return self._keys

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat() if self._file is not None else None
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size) if found is not None else None


KEYRING = web.AppKey("keyring", Keyring)


def sign(request: web.Request, claims: Json) -> str:
    """A JWT by the newest of the server's keys that signs already, ES256."""
    return sign_as(jose.ISSUED, claims, request.config_dict)


def sign_as(form: jose.Form, claims: Json, app: Mapping[str | web.AppKey[Any], Any]) -> str:
    """A JWS of this form, by the same key."""
    key = signer(app[KEYRING].keys(), now=app[CLOCK]())
    return jose.sign(claims, form, key, kid=jose.thumbprint(key))


def signing_keys(request: web.Request) -> list[ECKey]:
    """The keys by which what we signed is believed: published, whether they sign or no longer or not yet."""
    return published(request.config_dict[KEYRING].keys(), now=now(request))


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
