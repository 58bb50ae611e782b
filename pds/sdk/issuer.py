"""The vault as a service finds it: its metadata, its keys, its connections."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.sdk import wire
from pds.sdk.errors import Unreachable

# A stranger can post notices that name keys we do not know: each of them is not another request of ours.
REFETCH_SECONDS = 60
_ENDPOINTS = (
    "pushed_authorization_request_endpoint",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "device_authorization_endpoint",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What discovery said (OpenID Connect Discovery section 3, RFC 8414 section 2)."""

    par_endpoint: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    device_endpoint: str


class Issuer:
    """One vault server. Metadata and keys are fetched once; keys again when an unknown one has signed."""

    def __init__(self, issuer: str, *, session: aiohttp.ClientSession | None = None) -> None:
        _check_address(issuer)
        if issuer.endswith("/"):
            raise Invalid("answer/issuer", "an issuer has no slash at its end")
        self.issuer = issuer
        self._given = session
        self._own: aiohttp.ClientSession | None = None
        self._metadata: Metadata | None = None
        self._keys: list[Json] = []
        self._fetched: int | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The caller's session, or one of our own, made at the first use."""
        if self._given is not None:
            return self._given
        if self._own is None or self._own.closed:
            self._own = wire.new_session()
        return self._own

    async def close(self) -> None:
        """Close the session, if it is our own."""
        if self._own is not None:
            await self._own.close()

    async def metadata(self) -> Metadata:
        """Where the endpoints are. Errors: `Unreachable`; `answer/issuer`, `answer/members` for what is wrong in it."""
        if self._metadata is None:
            answer = await wire.call(self.session, "GET", f"{self.issuer}/.well-known/openid-configuration")
            if answer.status != 200:
                raise Unreachable(f"discovery: {answer.status}")
            document = answer.json()
            # RFC 8414 section 3.3: identical, or it is somebody else's.
            if document.get("issuer") != self.issuer:
                raise Invalid("answer/issuer", "discovery")
            found = []
            for name in _ENDPOINTS:
                if not isinstance(document.get(name), str):
                    raise Invalid("answer/members", name)
                found.append(_check_address(document[name]))
            self._metadata = Metadata(*found)
        return self._metadata

    async def verify_id_token(self, token: str, metadata: Metadata) -> Json:
        """The claims of an ID token that the issuer signed, not yet judged. Errors: `jose/…`, `Unreachable`."""
        kid = jose.read_header(token, jose.ISSUED).get("kid")
        if not self._named(kid):
            self._keys = await self._fetch_keys(metadata)
        return jose.verify(token, jose.ISSUED, [jose.public_key(key) for key in self._named(kid)]).claims

    async def signers(self, token: str, form: jose.Form, *, now: int) -> list[jose.PublicKey]:
        """The issuer's keys that may have signed what somebody posted to us. Errors: `jose/…`, `Unreachable`."""
        kid = jose.read_header(token, form).get("kid")
        if not self._named(kid) and (self._fetched is None or now - self._fetched >= REFETCH_SECONDS):
            self._fetched = now
            self._keys = await self._fetch_keys(await self.metadata())
        return [jose.public_key(key) for key in self._named(kid)]

    def _named(self, kid: str | None) -> list[Json]:
        return [key for key in self._keys if kid is None or key.get("kid") == kid]

    async def _fetch_keys(self, metadata: Metadata) -> list[Json]:
        answer = await wire.call(self.session, "GET", metadata.jwks_uri)
        keys = answer.json().get("keys") if answer.status == 200 else None
        if not isinstance(keys, list):
            raise Unreachable(f"the issuer's keys: {answer.status}")
        # RFC 7517 section 5: keys of a kind or use that we do not know are left out.
        return [key for key in keys if isinstance(key, dict) and key.get("kty") == "EC" and key.get("use") != "enc"]


def _check_address(url: str) -> str:
    """`https`, or plain `http` to this machine (RFC 6761): a demo or a test, never a deployment."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
    if not host or parts.fragment or parts.username is not None or parts.scheme not in ("https", "http"):
        raise Invalid("answer/members", "address")
    if parts.scheme == "http" and not local:
        raise Invalid("answer/members", "not https")
    return url
