"""requests-oauth2client as it comes, with an RSA key (PS256): every flow that it has and the vault offers."""

import time
from collections.abc import Callable
from typing import Any

import requests
from requests_oauth2client import (
    AuthorizationResponse,
    BearerToken,
    DPoPKey,
    EndpointError,
    IdToken,
    MissingDPoPNonce,
    OAuth2Client,
    PrivateKeyJwt,
    RepeatedDPoPNonce,
    RequestUriParameterAuthorizationRequest,
)

from pds.core.encoding import Json

Open = Callable[[str], str]


def client_of(given: Json) -> OAuth2Client:
    """From discovery. The audience is the issuer: by default the library takes the endpoint, which FAPI 2.0 forbids."""
    key = {**given["sig"], "alg": "PS256"}
    return OAuth2Client.from_discovery_endpoint(
        issuer=given["issuer"],
        auth=PrivateKeyJwt(given["client_id"], key, alg="PS256", aud=given["issuer"]),
        redirect_uri=given["redirect_uri"],
        id_token_signed_response_alg="ES256",
        testing=True,  # plain http on this machine
    )


def run(given: Json, open_: Open, revoke: Callable[[str], None]) -> Json:
    """All of it; `open_` brings a browser to the vault and gives the address where it came back."""
    results: dict[str, Any] = {}
    client = client_of(given)
    results["endpoints"] = [client.revocation_endpoint, client.introspection_endpoint]

    sign_in = client.authorization_request(scope="openid", dpop=True)
    pushed = client.pushed_authorization_request(sign_in)
    token, results["signed_in"] = redeem(client, sign_in.validate_callback(open_(str(pushed))))
    results["told"] = client.userinfo(token)["sub"]

    answer = ask(client, given, open_)
    token, results["granted"] = redeem(client, answer)
    results["details"] = token.authorization_details
    results["first"] = read(given, token).headers["Content-Type"]
    renewed = client.refresh_token(token)
    results["second"] = read(given, renewed).status_code
    results["introspected"] = client.introspect_token(renewed)
    results["jkt"] = answer.dpop_key.dpop_jkt if answer.dpop_key else None
    client.revoke_access_token(renewed)
    results["given_up"] = client.introspect_token(renewed)
    revoke(token.grant_id)
    results["stopped"] = challenge(given, token)
    results["refresh"] = error_of(lambda: client.refresh_token(token))
    wrong = client.authorization_request(scope="openid profile", dpop=True)
    results["refused"] = error_of(lambda: client.pushed_authorization_request(wrong))
    return results


def ask(client: OAuth2Client, given: Json, open_: Open) -> AuthorizationResponse:
    """A signed request for details. The library signs it, but pushes only parameters: the push is plain `requests`."""
    now = int(time.time())
    asked = client.authorization_request(
        scope="openid",
        dpop_key=DPoPKey.generate(),
        dpop=True,
        authorization_details=given["details"],
        iss=given["client_id"],
        aud=given["issuer"],
        nbf=now,
    )
    request = asked.sign({**given["sig"], "alg": "PS256"}, lifetime=60).request
    endpoint = str(client.pushed_authorization_request_endpoint)
    pushed = requests.post(endpoint, auth=client.auth, data={"request": str(request)}, timeout=10)
    pushed.raise_for_status()
    url = RequestUriParameterAuthorizationRequest(
        authorization_endpoint=client.authorization_endpoint,
        client_id=given["client_id"],
        request_uri=pushed.json()["request_uri"],
    ).uri
    return asked.validate_callback(open_(url))


def redeem(client: OAuth2Client, answer: AuthorizationResponse) -> tuple[BearerToken, str]:
    """The tokens, and the subject of the ID token that the library validated.

    Release 1.8.0 fails to copy a DPoP token at the end of that validation, so it is given the ID token by itself.
    """
    token = client.authorization_code(answer, validate=False)
    alone = BearerToken(token.access_token, id_token=str(token.id_token), scope=token.scope)
    validated = alone.validate_id_token(client, answer).id_token
    assert isinstance(validated, IdToken)
    return token, str(validated.sub)


def read(given: Json, token: BearerToken) -> requests.Response:
    """The details, by the token's own authentication handler."""
    return requests.get(f"{given['issuer']}/data", auth=token, timeout=10)


def challenge(given: Json, token: BearerToken) -> str:
    """The challenge to a token that is over. The library takes every DPoP challenge for a demand of a nonce."""
    try:
        answer = read(given, token)
    except (MissingDPoPNonce, RepeatedDPoPNonce) as error:
        answer = error.response
    return str(answer.headers["WWW-Authenticate"])


def error_of(act: Callable[[], object]) -> Json:
    """What the library tells of a refusal."""
    try:
        act()
    except EndpointError as error:
        return {"error": error.error, "uri": error.uri}
    return {}
