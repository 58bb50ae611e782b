"""Proof of possession for one HTTP request (RFC 9449, protocols/specs/dpop.md)."""

import re
from dataclasses import dataclass

from pds.core import jose
from pds.core.encoding import Json, digest
from pds.core.errors import Invalid

OLDEST_SECONDS = 60
AHEAD_SECONDS = 10
# Scheme, host, port, path; query and fragment are left out. Not urlsplit, which drops tabs and line feeds unasked.
_URL = re.compile(
    r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(/[!-\"$->@-~]*)?(?:[?#][!-~]*)?\Z",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds. `jkt` is the RFC 7638 thumbprint of the key that made it."""

    jkt: str
    jti: str
    iat: int
    nonce: str | None = None


def verify_proof(
    proof: str, *, method: str, url: str, now: int, token: str | None = None, nonce: str | None = None
) -> Proof:
    """RFC 9449 section 4.3, all but the replay check, which needs a shared store.

    `token` is the access token presented with the request, `nonce` the one that the server demands.
    Errors: `jose/…`, `dpop/…`.
    """
    signed, jwk = jose.verify_by_header_key(proof, jose.DPOP_PROOF)
    claims = signed.claims
    jti, issued = claims.get("jti"), claims.get("iat")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 128:
        raise Invalid("dpop/jti")
    if claims.get("htm") != method:
        raise Invalid("dpop/method")
    if not isinstance(claims.get("htu"), str) or normal_url(claims["htu"]) != normal_url(url):
        raise Invalid("dpop/url")
    if not isinstance(issued, int) or isinstance(issued, bool) or not -AHEAD_SECONDS <= now - issued <= OLDEST_SECONDS:
        raise Invalid("dpop/time")
    if token is not None and claims.get("ath") != digest(token):
        raise Invalid("dpop/token")
    if nonce is not None and claims.get("nonce") != nonce:
        raise Invalid("dpop/nonce")
    shown = claims.get("nonce")
    return Proof(jose.thumbprint(jwk), jti, issued, shown if isinstance(shown, str) else None)


def make_proof(
    key: jose.PublicKey,
    *,
    method: str,
    url: str,
    now: int,
    jti: str,
    token: str | None = None,
    nonce: str | None = None,
) -> str:
    """A proof for one request; `jti` is fresh and random. The key is EC P-256 (ES256) or Ed25519."""
    claims: Json = {"jti": jti, "htm": method, "htu": url.split("?")[0].split("#")[0], "iat": now}
    if token is not None:
        claims["ath"] = digest(token)
    if nonce is not None:
        claims["nonce"] = nonce
    members = key.as_dict(private=False)
    jwk = {name: members[name] for name in ("crv", "kty", "x", "y") if name in members}
    algorithm = "ES256" if members["kty"] == "EC" else "Ed25519"
    return jose.sign(claims, jose.DPOP_PROOF, key, algorithm=algorithm, jwk=jwk)


def normal_url(url: str) -> str:
    """RFC 3986 section 6.2 as far as dpop.md says: case of scheme and host, default port, no query, no fragment."""
    parts = _URL.match(url)
    if not parts:
        raise Invalid("dpop/url")
    scheme, host, path = parts[1].lower(), parts[2].lower(), parts[4] or "/"
    port = int(parts[3]) if parts[3] else None
    return f"{scheme}://{host}{'' if port in (None, {'https': 443, 'http': 80}[scheme]) else f':{port}'}{path}"


def issued_at(proof: str) -> int:
    """The time that a proof claims, before it is verified: to judge one that was logged long ago at its own time."""
    jose.read_header(proof, jose.DPOP_PROOF)
    issued = jose.peek(proof).get("iat")
    if not isinstance(issued, int) or isinstance(issued, bool):
        raise Invalid("dpop/time")
    return issued
