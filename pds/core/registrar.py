"""What the registrar signs, away from the server that serves it (protocols/specs/registry.md)."""

from collections.abc import Iterable, Mapping

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, digest
from pds.core.registry import DAY, parse_statement

INDEX_DAYS = 14
_OF_CLIENT = (
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
)


def sign_statement(key: ECKey, *, registrar: str, service: Json, jwks: Json, now: int, days: int = 365) -> str:
    """The statement of one service.

    `service` is its description: `client_id`, `redirect_uris` (and, where it has them, `post_logout_redirect_uris` and
    the members of OIDC Back-Channel Logout section 2.2) and the members of `resident_data_service`; `jwks` its public
    keys.
    Errors: `registry/members`, `registry/keys`, `registry/purpose`: nothing malformed is ever signed.
    """
    data = {name: value for name, value in service.items() if name not in ("client_id", *_OF_CLIENT)}
    claims: Json = {
        "iss": registrar,
        "sub": service["client_id"],
        "iat": now,
        "exp": now + days * DAY,
        "jwks": jwks,
        "metadata": {
            "openid_relying_party": {
                **{name: service[name] for name in _OF_CLIENT if name in service},
                "client_registration_types": ["explicit"],
                "token_endpoint_auth_method": "private_key_jwt",
            },
            "resident_data_service": data,
        },
    }
    compact = jose.sign(claims, jose.STATEMENT, key, kid=jose.thumbprint(key))
    parse_statement(claims, compact)
    return compact


def sign_again(key: ECKey, statement: str) -> str:
    """The same statement under a new key of the registrar's, word for word. Errors: as `sign_statement`."""
    claims = jose.peek(statement)
    compact = jose.sign(claims, jose.STATEMENT, key, kid=jose.thumbprint(key))
    parse_statement(claims, compact)
    return compact


def sign_index(
    key: ECKey,
    *,
    registrar: str,
    statements: Mapping[str, str],
    seq: int,
    now: int,
    also: Iterable[Json] = (),
) -> str:
    """The index over compact statements by `client_id`; `also` are further keys that may sign the next one."""
    claims: Json = {
        "iss": registrar,
        "seq": seq,
        "iat": now,
        "exp": now + INDEX_DAYS * DAY,
        "jwks": {"keys": [jose.public_jwk(key), *also]},
        "statements": {client_id: digest(statement) for client_id, statement in statements.items()},
    }
    return jose.sign(claims, jose.INDEX, key, kid=jose.thumbprint(key))
