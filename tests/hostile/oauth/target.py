"""The server that is tried: where it is, who its clients are, and what can be done besides sending requests."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.hostile.oauth.keys import Key, read_key

_ENDPOINTS = {
    "push": "pushed_authorization_request_endpoint",
    "visit": "authorization_endpoint",
    "token": "token_endpoint",
    "refresh": "token_endpoint",
    "userinfo": "userinfo_endpoint",
    "introspect": "introspection_endpoint",
    "revoke": "revocation_endpoint",
    "leave": "end_session_endpoint",
    "manage": "token_endpoint",
    "look_up": "grant_management_endpoint",
    "give_back": "grant_management_endpoint",
}
Act = Callable[[dict[str, Any], dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Client:
    """A registered client. `asks` are the claims of each kind of request that it may make, by name.

    `after` is an address to which it may send browsers after a sign-out, "" where it has none.
    """

    id: str
    redirect_uri: str
    key: Key
    kid: str | None
    asks: dict[str, dict[str, Any]]
    after: str = ""


@dataclass
class Target:
    """A server and its two clients, `a` and `b`.

    `approve` takes the address that a browser is sent to, and gives the one that it comes back to, or raises
    `NotApproved`. `acts` are what the operator and the resident can do: `wait`, `suspend`, `resume`, `end`.
    """

    issuer: str
    endpoints: dict[str, str]
    clients: dict[str, Client]
    session: aiohttp.ClientSession
    approve: Callable[[str], Awaitable[str]] | None = None
    acts: dict[str, Act] = field(default_factory=dict)
    clock: Callable[[], int] = lambda: int(time.time())
    nonce: str | None = None

    def lacks(self, do: str) -> bool:
        """Whether this step cannot be done here."""
        if do == "approve":
            return self.approve is None
        return do not in self.endpoints and do not in self.acts


class NotApproved(Exception):
    """The resident, or the wallet, did not or could not say yes."""


async def discover(issuer: str, session: aiohttp.ClientSession) -> dict[str, str]:
    """The endpoints that the metadata names (RFC 8414, or OpenID Connect Discovery)."""
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
        async with session.get(issuer.rstrip("/") + path) as response:
            if response.status == 200:
                document = await response.json()
                return {step: document[name] for step, name in _ENDPOINTS.items() if name in document}
    raise LookupError(f"no metadata at {issuer}")


def read_client(document: dict[str, Any]) -> Client:
    """One client of client.json (README.md)."""
    jwk = document["jwk"]
    after = document.get("post_logout_redirect_uri", "")
    key, kid = read_key(jwk), jwk.get("kid")
    return Client(document["client_id"], document["redirect_uri"], key, kid, document["asks"], after)
