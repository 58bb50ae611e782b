"""What a client library reads first (RFC 8414, RFC 9728, OpenID Connect Discovery 1.0)."""

from aiohttp import web

from pds.core import jose
from pds.core.encoding import Json
from pds.grants import managing
from pds.http.keys import issuer
from pds.http.language import LANGUAGES
from pds.http.signing import signing_keys
from pds.oauth.device import GRANT_TYPE

SIGNATURES = list(jose.SUPPLIERS)

routes = web.RouteTableDef()
# Inside the sub-application of OAuth, whose words its refusals have.
keys = web.RouteTableDef()


@routes.get("/.well-known/openid-configuration")
@routes.get("/.well-known/oauth-authorization-server")
async def get_metadata(request: web.Request) -> web.Response:
    """One document under both names."""
    return web.json_response(_metadata(issuer(request)), headers={"Cache-Control": "public, max-age=300"})


@routes.get("/.well-known/oauth-protected-resource/data")
async def get_resource(request: web.Request) -> web.Response:
    """What protects `/data` (RFC 9728 section 3.1: the path of the resource comes after the well-known one)."""
    return web.json_response(_resource(issuer(request)), headers={"Cache-Control": "public, max-age=300"})


@routes.get("/.well-known/ssf-configuration")
async def get_ssf(request: web.Request) -> web.Response:
    """What a library of the Shared Signals Framework reads first (SSF 1.0 section 7.1): keys, and the way of delivery.

    A service's statement is its stream, so there is no endpoint to manage one.
    """
    at = issuer(request)
    document = {
        "spec_version": "1_0",
        "issuer": at,
        "jwks_uri": f"{at}/oauth/jwks",
        "delivery_methods_supported": ["urn:ietf:rfc:8935"],
    }
    return web.json_response(document, headers={"Cache-Control": "public, max-age=300"})


@keys.get("/jwks")
async def get_jwks(request: web.Request) -> web.Response:
    """The keys that sign ID tokens (RFC 7517)."""
    ours = signing_keys(request)
    public = [jose.public_jwk(key) | {"use": "sig", "alg": "ES256", "kid": jose.thumbprint(key)} for key in ours]
    return web.json_response({"keys": public}, headers={"Cache-Control": "public, max-age=300"})


def _resource(issuer: str) -> Json:
    return {
        "resource": f"{issuer}/data",
        "resource_name": "Details that a resident shares",
        "authorization_servers": [issuer],
        "bearer_methods_supported": ["header"],
        "dpop_bound_access_tokens_required": True,
        "dpop_signing_alg_values_supported": SIGNATURES,
        "authorization_details_types_supported": ["resident_data"],
    }


def _metadata(at: str) -> Json:
    return {
        "issuer": at,
        "authorization_endpoint": f"{at}/oauth/authorize",
        "token_endpoint": f"{at}/oauth/token",
        "device_authorization_endpoint": f"{at}/oauth/device_authorization",
        "pushed_authorization_request_endpoint": f"{at}/oauth/par",
        "revocation_endpoint": f"{at}/oauth/revoke",
        "introspection_endpoint": f"{at}/oauth/introspect",
        "end_session_endpoint": f"{at}/oauth/logout",
        # Grant Management for OAuth 2.0, draft 03. Every approval replaces, so no action at a request is offered.
        "grant_management_endpoint": f"{at}/oauth/grants",
        "grant_management_actions_supported": ["query", "revoke"],
        "grant_management_action_required": False,
        "userinfo_endpoint": f"{at}/oauth/userinfo",
        "jwks_uri": f"{at}/oauth/jwks",
        "require_pushed_authorization_requests": True,
        "require_signed_request_object": False,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "request_object_signing_alg_values_supported": SIGNATURES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "query.jwt", "jwt"],
        "authorization_signing_alg_values_supported": ["ES256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", GRANT_TYPE],
        "scopes_supported": ["openid", *managing.SCOPES],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": SIGNATURES,
        "revocation_endpoint_auth_methods_supported": ["private_key_jwt"],
        "revocation_endpoint_auth_signing_alg_values_supported": SIGNATURES,
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": SIGNATURES,
        "dpop_signing_alg_values_supported": SIGNATURES,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "authorization_details_types_supported": ["resident_data"],
        "protected_resources": [_resource(at)["resource"]],
        "acr_values_supported": ["phr"],
        "claims_supported": ["sub", "auth_time", "acr", "amr", "sid"],
        "claims_parameter_supported": False,
        "ui_locales_supported": list(LANGUAGES),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
