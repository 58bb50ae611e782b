"""Requests that prove who makes them: `private_key_jwt` (RFC 7523) and DPoP (RFC 9449)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pds.core import dpop, jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.sdk import wire
from pds.sdk.errors import Refused, Stopped, Unreachable
from pds.sdk.grant import Grant
from pds.sdk.issuer import Issuer, Metadata
from pds.sdk.keys import ServiceKeys

ASSERTION_SECONDS = 60
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_DATA_BYTES = 65536


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What a token response brought. `expires` is a time."""

    access: str
    expires: int
    refresh: str | None


def take_tokens(answer: Json, *, now: int) -> TokenSet:
    """RFC 6749 section 5.1, RFC 9449 section 5. Errors: `answer/members`."""
    access, lifetime, refresh = answer.get("access_token"), answer.get("expires_in"), answer.get("refresh_token")
    if not isinstance(access, str) or not access or str(answer.get("token_type", "")).lower() != "dpop":
        raise Invalid("answer/members", "access_token")
    if not isinstance(lifetime, int) or isinstance(lifetime, bool) or lifetime < 0:
        raise Invalid("answer/members", "expires_in")
    if refresh is not None and not isinstance(refresh, str):
        raise Invalid("answer/members", "refresh_token")
    return TokenSet(access, now + lifetime, refresh)


class Tokens:
    """The proving side of one service. `now` gives a time, `fresh` 256 random bits as text."""

    def __init__(
        self,
        vault: Issuer,
        *,
        client_id: str,
        keys: ServiceKeys,
        now: Callable[[], int],
        fresh: Callable[[], str],
    ) -> None:
        self._vault = vault
        self._client_id = client_id
        self._keys = keys
        self._now = now
        self._fresh = fresh
        # RFC 9449 section 8.2: nonces of the authorization server and of the resource are kept apart.
        self._nonces: dict[str, str] = {}

    async def push(self, metadata: Metadata, request: str) -> Json:
        """RFC 9126 section 2.1 with RFC 9101. Errors: `Refused`, `Unreachable`."""
        form = {"client_id": self._client_id, "request": request, **self._assertion()}
        answer = await wire.call(self._vault.session, "POST", metadata.par_endpoint, form=form)
        if answer.status != 201:
            raise _refused(answer)
        return answer.json()

    async def begin(self, request: str) -> Json:
        """RFC 8628 section 3.1 with RFC 9101. Errors: `Refused`, `Unreachable`."""
        url = (await self._vault.metadata()).device_endpoint
        form = {"client_id": self._client_id, "request": request, **self._assertion()}
        answer = await wire.call(self._vault.session, "POST", url, form=form)
        if answer.status != 200:
            raise _refused(answer)
        return answer.json()

    async def forget(self, token: str) -> None:
        """RFC 7009: give a token up. Errors: `Refused`, `Unreachable`."""
        form = {"client_id": self._client_id, "token": token, **self._assertion()}
        answer = await wire.call(self._vault.session, "POST", f"{self._vault.issuer}/oauth/revoke", form=form)
        if answer.status != 200:
            raise _refused(answer)

    def proven(self, method: str, url: str, token: str) -> dict[str, str]:
        """The headers of a request with a token and its proof (RFC 9449 section 7.1)."""
        return {"Authorization": f"DPoP {token}", "DPoP": self._proof(method, url, token=token)}

    async def fetch(self, parameters: Mapping[str, str], url: str | None = None) -> Json:
        """A token response, or what another endpoint answers to who proves a key. Errors: `Refused`, `Unreachable`."""
        url = url or (await self._vault.metadata()).token_endpoint
        answer = await self._token_call(url, parameters)
        if answer.status == 400 and _word(answer, "error") == "use_dpop_nonce":
            answer = await self._token_call(url, parameters)
        if answer.status != 200:
            raise _refused(answer)
        return answer.json()

    async def deposit(self, form: Mapping[str, str]) -> None:
        """protocols/specs/deposit.md. Errors: `Refused`, `Unreachable`."""
        url = f"{self._vault.issuer}/oauth/deposits"
        answer = await wire.call(
            self._vault.session, "POST", url, form={**form, "client_id": self._client_id, **self._assertion()}
        )
        if answer.status != 201:
            raise _refused(answer)

    async def refresh(self, grant: Grant) -> None:
        """A new access token into `grant`. Errors: `Stopped` when the grant has ended, `Refused`, `Unreachable`."""
        if grant.refresh_token is None:
            raise Stopped("the grant was for one read")
        try:
            answer = await self.fetch({"grant_type": "refresh_token", "refresh_token": grant.refresh_token})
        except Refused as error:
            if error.error == "invalid_grant":
                raise Stopped("the grant has ended") from error
            raise
        tokens = take_tokens(answer, now=self._now())
        grant.access_token, grant.access_expires = tokens.access, tokens.expires
        grant.refresh_token = tokens.refresh or grant.refresh_token

    async def get(self, url: str, token: str, headers: Mapping[str, str]) -> wire.Answer:
        """RFC 9449 section 7: a GET with the token and its proof, again with the nonce that the resource demands."""
        answer = await self._get(url, token, headers)
        if challenge_error(answer) == "use_dpop_nonce":
            answer = await self._get(url, token, headers)
        if challenge_error(answer) == "invalid_dpop_proof" and _word(answer, "rule") == "dpop/replayed":
            # aiohttp sends a GET again by itself when a kept connection breaks, with the proof that may have been used.
            answer = await self._get(url, token, headers)
        return answer

    async def _get(self, url: str, token: str, headers: Mapping[str, str]) -> wire.Answer:
        proven = {**headers, **self.proven("GET", url, token)}
        answer = await wire.call(self._vault.session, "GET", url, headers=proven, max_bytes=MAX_DATA_BYTES)
        self.keep_nonce(url, answer.headers)
        return answer

    async def _token_call(self, url: str, parameters: Mapping[str, str]) -> wire.Answer:
        # A fresh assertion and proof for each attempt: the server refuses a `jti` that it has seen.
        form = {**parameters, "client_id": self._client_id, **self._assertion()}
        headers = {"DPoP": self._proof("POST", url)}
        answer = await wire.call(self._vault.session, "POST", url, headers=headers, form=form)
        self.keep_nonce(url, answer.headers)
        return answer

    def _assertion(self) -> dict[str, str]:
        """RFC 7523 section 3; FAPI 2.0 section 5.3.3.1: the audience is the issuer, as a string."""
        now = self._now()
        claims: Json = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._vault.issuer,
            "jti": self._fresh(),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        assertion = jose.sign(claims, jose.CLIENT_ASSERTION, self._keys.sig, kid=jose.thumbprint(self._keys.sig))
        return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}

    def _proof(self, method: str, url: str, *, token: str | None = None) -> str:
        nonce = self._nonces.get(url)
        return dpop.make_proof(
            self._keys.dpop, method=method, url=url, now=self._now(), jti=self._fresh(), token=token, nonce=nonce
        )

    def keep_nonce(self, url: str, headers: Mapping[str, str]) -> None:
        """The nonce for the next proof to this address (RFC 9449 section 8.2)."""
        nonce = headers.get("DPoP-Nonce")
        if nonce is not None and len(nonce) <= 1024:
            self._nonces[url] = nonce


def challenge_error(answer: wire.Answer) -> str:
    """The `error` of a DPoP challenge (RFC 9449 section 7.1, RFC 6750 section 3), or `""`."""
    found = re.search(r'\berror="([a-z_]{1,64})"', answer.headers.get("WWW-Authenticate", ""))
    return found[1] if answer.status in (401, 403) and found else ""


def _word(answer: wire.Answer, name: str) -> str:
    """A member of a JSON answer, or `""`."""
    try:
        return str(answer.json().get(name, ""))
    except Unreachable:
        return ""


def _refused(answer: wire.Answer) -> Refused:
    """RFC 6749 section 5.2. Errors: `Unreachable` when the answer is not the vault's."""
    document = answer.json()
    error = document.get("error")
    if not isinstance(error, str):
        raise Unreachable(f"an answer of {answer.status} without an error")
    rule = str(document.get("rule", ""))
    return Refused(error, str(document.get("error_description", "")), rule=rule)
