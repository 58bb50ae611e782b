"""A client that says exactly what a test wants said: right by default, wrong in the one thing that is given."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from joserfc.jwk import ECKey

from pds.core import dpop, jose
from pds.core.encoding import Json, b64u, digest
from pds.core.nonce import make_nonce
from tests.conftest import Registered, Running

VERIFIER = "v" * 43
NOT_AT_A_COUNTER = ("redirect_uri", "code_challenge", "code_challenge_method", "state")
LIBRARY = ("Central Library", "Y Llyfrgell Ganolog")
_FRESH = iter(range(10**9))


def fresh() -> str:
    """A value never used before in this run."""
    return b64u(next(_FRESH).to_bytes(16))


@dataclass
class Client:
    """Raw requests of one registered service. `session` keeps no cookies for it: browsers are the resident's."""

    pds: Running
    service: Registered
    session: aiohttp.ClientSession
    dpop_key: ECKey = field(default_factory=jose.new_key)

    def assertion(self, *, key: ECKey | None = None, drop: tuple[str, ...] = (), **changes: Any) -> str:
        """A client assertion, with claims changed or dropped."""
        now = self.pds.clock()
        claims: Json = {
            "iss": self.service.client_id,
            "sub": self.service.client_id,
            "aud": self.pds.issuer,
            "iat": now,
            "exp": now + 60,
            "jti": fresh(),
        } | changes
        kept = {name: value for name, value in claims.items() if name not in drop}
        return jose.sign(kept, jose.CLIENT_ASSERTION, key or self.service.keys.sig)

    def request(self, *, key: ECKey | None = None, drop: tuple[str, ...] = (), **changes: Any) -> str:
        """A signed request object, with claims changed or dropped."""
        now = self.pds.clock()
        claims: Json = {
            "iss": self.service.client_id,
            "aud": self.pds.issuer,
            "client_id": self.service.client_id,
            "response_type": "code",
            "redirect_uri": self.service.redirect_uri,
            "scope": "openid",
            "state": "s" + fresh(),
            "nonce": "n" + fresh(),
            "code_challenge": digest(VERIFIER),
            "code_challenge_method": "S256",
            "iat": now,
            "nbf": now,
            "exp": now + 60,
            "jti": fresh(),
        } | changes
        kept = {name: value for name, value in claims.items() if name not in drop}
        return jose.sign(kept, jose.REQUEST_OBJECT, key or self.service.keys.sig)

    def details(self, **changes: Any) -> list[Json]:
        """An authorization_details that the parking service may ask."""
        detail: Json = {
            "type": "resident_data",
            "locations": [f"{self.pds.issuer}/data"],
            "purpose": "resident-permit",
            "attributes": {"person.full_name": {"required": True}},
            "access": "once",
            "enc_jkt": jose.thumbprint(self.service.keys.enc),
        }
        return [detail | changes]

    def request_at(self, desk: str, place: tuple[str, str], **changes: Any) -> str:
        """A signed request object for a desk."""
        details = self.details(desk={"id": desk, "place": dict(zip(("en", "cy"), place, strict=True))})
        claims: Json = {"authorization_details": details, "dpop_jkt": jose.thumbprint(self.dpop_key)}
        return self.request(drop=NOT_AT_A_COUNTER, **(claims | changes))

    def proof(self, path: str, *, method: str = "POST", **more: Any) -> str:
        """A DPoP proof for one of the server's addresses."""
        now = self.pds.clock()
        nonce = make_nonce(self.pds.settings.secret, now=now)
        arguments: Json = {"method": method, "url": self.pds.issuer + path, "now": now, "jti": fresh(), "nonce": nonce}
        return dpop.make_proof(self.dpop_key, **(arguments | more))

    async def post(self, path: str, form: dict[str, str], **headers: str) -> tuple[int, Json]:
        """A form with a fresh assertion, unless it brings its own."""
        auth = {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
        }
        async with self.session.post(self.pds.issuer + path, data=auth | form, headers=headers) as response:
            text = await response.text()
            return response.status, await response.json() if text else {}

    async def push(self, request: str | None = None, **form: str) -> tuple[int, Json]:
        """PAR."""
        return await self.post("/oauth/par", {"request": request or self.request()} | form)

    async def token(self, form: dict[str, str], *, proof: str | None = None) -> tuple[int, Json]:
        """The token endpoint."""
        return await self.post("/oauth/token", form, DPoP=proof or self.proof("/oauth/token"))

    def url(self, pushed: Json) -> str:
        """Where the browser goes with what PAR answered."""
        address = f"{self.pds.issuer}/oauth/authorize?client_id={self.service.client_id}"
        return f"{address}&request_uri={pushed['request_uri']}"


def code_of(address: str) -> str:
    """The code in the address that the wallet goes back to."""
    return parse_qs(urlsplit(address).query)["code"][0]
