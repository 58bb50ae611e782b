"""Authlib as it comes. It knows neither DPoP nor pushed requests: those two are brought to it, all else is its own."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from pds.core import dpop, jose
from pds.core.encoding import Json

Open = Callable[[str], str]


class Assertion(PrivateKeyJWT):  # type: ignore[misc]  # the library has no types
    """The library's own, for the issuer and for a minute: by itself it takes the endpoint and an hour."""

    def sign(self, auth: Any, token_endpoint: str) -> str:
        """With claims of this one time: the library keeps those that it was once given, `jti` among them."""
        once = PrivateKeyJWT(token_endpoint, claims={"exp": int(time.time()) + 60}, alg=self.alg)
        return str(once.sign(auth, token_endpoint))


class Flows:
    """One service. `clock` gives seconds."""

    def __init__(self, given: Json, clock: Callable[[], int]) -> None:
        self._given = given
        self._clock = clock
        self._dpop = jose.new_key()
        self._nonce: str | None = None
        address = get_well_known_url(given["issuer"], external=True)
        self._server = AuthorizationServerMetadata(requests.get(address, timeout=10).json())
        self._server.validate()
        self._session = OAuth2Session(
            given["client_id"],
            ECKey.import_key(given["sig"]),
            token_endpoint_auth_method="private_key_jwt",
            revocation_endpoint_auth_method="private_key_jwt",
            scope="openid",
            redirect_uri=given["redirect_uri"],
        )
        self._session.register_client_auth_method(Assertion(given["issuer"], alg="ES256"))

    def sign_in(self, open_: Open) -> Json:
        """From the pushed request to a validated ID token."""
        verifier, state, nonce = generate_token(48), generate_token(), secrets.token_urlsafe(16)
        asked = {
            "response_type": "code",
            "client_id": self._given["client_id"],
            "redirect_uri": self._given["redirect_uri"],
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        pushed = self._push(asked)
        return self._finish(open_(self._url(pushed)), verifier=verifier, state=state, nonce=nonce)

    def ask(self, open_: Open) -> Json:
        """A signed request for details, pushed."""
        verifier, state, now = generate_token(48), generate_token(), self._clock()
        claims = {
            "iss": self._given["client_id"],
            "aud": self._given["issuer"],
            "client_id": self._given["client_id"],
            "response_type": "code",
            "redirect_uri": self._given["redirect_uri"],
            "scope": "openid",
            "state": state,
            "nonce": state,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            "authorization_details": self._given["details"],
            "nbf": now,
            "iat": now,
            "exp": now + 60,
        }
        key = ECKey.import_key(self._given["sig"])
        pushed = self._push({"request": jwt.encode({"alg": "ES256"}, claims, key)})
        return self._finish(open_(self._url(pushed)), verifier=verifier, state=state, nonce=state)

    def refresh(self) -> Json:
        """A new access token. Raises Authlib's OAuthError where it is refused."""
        url = self._server["token_endpoint"]
        return dict(self._session.refresh_token(url, headers=self._form_headers(url)))

    def refusal_of_refresh(self) -> str:
        """The error code that Authlib reports."""
        try:
            self.refresh()
        except OAuthError as error:
            return str(error.error)
        return ""

    def introspect(self, token: str) -> Json:
        answer: Json = self._session.introspect_token(self._server["introspection_endpoint"], token=token).json()
        return answer

    def revoke(self, token: str) -> int:
        status: int = self._session.revoke_token(self._server["revocation_endpoint"], token=token).status_code
        return status

    def read(self, token: str) -> requests.Response:
        """The details: Authlib signs bearer requests only, so the header is written out."""
        url = f"{self._given['issuer']}/data"
        headers = {"Authorization": f"DPoP {token}", "DPoP": self._proof("GET", url, token=token)}
        return requests.get(url, headers=headers, timeout=10)

    def _finish(self, back: str, *, verifier: str, state: str, nonce: str) -> Json:
        url = self._server["token_endpoint"]
        token = self._session.fetch_token(
            url, authorization_response=back, state=state, code_verifier=verifier, headers=self._form_headers(url)
        )
        keys = KeySet.import_key_set(requests.get(self._server["jwks_uri"], timeout=10).json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=["ES256"])
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self._given["issuer"]},
            "aud": {"essential": True, "value": self._given["client_id"]},
        }
        expected = {"nonce": nonce, "client_id": self._given["client_id"]}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, expected)
        claims.validate()
        return {"sub": claims["sub"], "token": dict(token)}

    def _push(self, form: Json) -> Json:
        auth = self._session.client_auth("private_key_jwt")
        answer = self._session.post(
            self._server["pushed_authorization_request_endpoint"], data=form, auth=auth, withhold_token=True
        )
        self._nonce = answer.headers.get("DPoP-Nonce")
        assert answer.status_code == 201, answer.text
        pushed: Json = answer.json()
        return pushed

    def _url(self, pushed: Json) -> str:
        query = f"client_id={self._given['client_id']}&request_uri={pushed['request_uri']}"
        return f"{self._server['authorization_endpoint']}?{query}"

    def _form_headers(self, url: str) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
            "DPoP": self._proof("POST", url),
        }

    def _proof(self, method: str, url: str, token: str | None = None) -> str:
        jti = secrets.token_urlsafe(16)
        return dpop.make_proof(
            self._dpop, method=method, url=url, now=self._clock(), jti=jti, token=token, nonce=self._nonce
        )
