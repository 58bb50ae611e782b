"""What is checked of a code or a refresh token before it is exchanged; one rule, one function, one citation."""

import hmac
import re

from pds.core import dpop, request
from pds.core.encoding import digest, parse_json
from pds.core.errors import Invalid
from pds.core.registry import Service
from pds.grants import managing, tokens
from pds.oauth.errors import OAuthError

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")


def check_present(form: dict[str, str], name: str) -> str:
    """RFC 6749 section 5.2: a required parameter is there."""
    if name not in form:
        raise OAuthError("invalid_request", f"{name} is missing", rule="form/missing", member=name)
    return form[name]


def check_verifier(form: dict[str, str], code: tokens.Code) -> None:
    """RFC 7636 section 4.6."""
    verifier = form.get("code_verifier", "")
    if not _VERIFIER.match(verifier) or not hmac.compare_digest(digest(verifier), code.code_challenge):
        raise OAuthError(
            "invalid_grant", "the code verifier does not match", rule="code/verifier", member="code_verifier"
        )


def check_code_redirect(form: dict[str, str], code: tokens.Code, service: Service) -> None:
    """RFC 6749 section 4.1.3: the address that the code was sent to, and that is still the service's."""
    if form.get("redirect_uri") != code.redirect_uri or code.redirect_uri not in service.redirect_uris:
        raise OAuthError(
            "invalid_grant", "another redirect_uri than the request's", rule="code/redirect", member="redirect_uri"
        )


def check_scope(form: dict[str, str], granted: str) -> None:
    """RFC 6749 section 6: a refresh asks for no scope that was not granted."""
    if form.get("scope", granted) != granted:
        raise OAuthError("invalid_scope", "not what was granted", rule="request/scope", member="scope")


def check_client_scope(form: dict[str, str]) -> str:
    """Grant Management draft 03, section 6.2: what a service may be given for itself, and for nothing else."""
    wanted = check_present(form, "scope").split(" ")
    if not set(wanted) <= set(managing.SCOPES) or len(set(wanted)) != len(wanted):
        raise OAuthError("invalid_scope", " or ".join(managing.SCOPES), rule="request/scope", member="scope")
    return " ".join(wanted)


def check_details(form: dict[str, str], granted: list[object]) -> None:
    """RFC 9396 section 6: a token request asks for no details but those that were granted."""
    if "authorization_details" not in form:
        return
    try:
        asked = parse_json(form["authorization_details"])
    except Invalid:
        asked = None
    if asked != granted:
        raise OAuthError(
            "invalid_authorization_details",
            "not what was granted",
            rule="request/members",
            member="authorization_details",
        )


def check_still_asked(granted: list[object], service: Service) -> None:
    """CWE-367: what a resident approved under one statement gives no token under another that no longer asks for it."""
    try:
        request.check_still_asked(granted, service)
    except Invalid as error:
        raise OAuthError(
            "invalid_grant", "the statement in force does not ask for this", rule=error.code, member=error.detail
        ) from error


def check_code_key(proof: dpop.Proof, code: tokens.Code) -> None:
    """RFC 9449 section 10: the code is bound to the key that the request named."""
    if code.dpop_jkt is not None and code.dpop_jkt != proof.jkt:
        raise OAuthError("invalid_grant", "the code is bound to another key", rule="code/key", member="DPoP")
