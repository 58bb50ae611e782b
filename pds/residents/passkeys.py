"""WebAuthn, by the library: what we ask of a passkey and what we accept (protocols/specs/vault.md)."""

import json
import re
from dataclasses import dataclass

import webauthn
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pds.core.derive import PRF_INPUT
from pds.core.encoding import Json, b64u, unb64u
from pds.core.errors import Invalid
from pds.core.members import exactly, items, text
from pds.errors import Refused

TIMEOUT_MILLISECONDS = 300_000
# 1023 bytes (WebAuthn Level 3 section 4, Credential ID), as base64url: what a row holds.
MAX_CREDENTIAL_ID = 1400
_B64U = re.compile(r"[A-Za-z0-9_-]+\Z")
# A stand-in, so that a passkey that nobody has costs the same check: a COSE key (RFC 9053 section 7.1.1) of kind EC2,
# for ES256, on P-256, which is that curve's base point. Anybody can sign by it; it signs nobody in.
_BASE = derive_private_key(1, SECP256R1()).public_key().public_numbers()
NOBODY = bytes.fromhex(f"a5010203262001215820{_BASE.x:064x}225820{_BASE.y:064x}")


@dataclass(frozen=True, slots=True)
class Credential:
    """A registered passkey: its id as b64u, its COSE public key, its counter."""

    id: str
    public_key: bytes
    sign_count: int


def creation_options(*, rp: str, vault: str, challenge: bytes) -> Json:
    """Options for a discoverable passkey with user verification and PRF; the user handle is the vault's id."""
    options = webauthn.generate_registration_options(
        rp_id=rp,
        rp_name="Your vault",
        user_id=unb64u(vault, size=16),
        user_name="Your vault",
        user_display_name="Your vault",
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return _with_prf(json.loads(webauthn.options_to_json(options)))


def request_options(*, rp: str, challenge: bytes) -> Json:
    """Options to sign in with any passkey of this site; whose it is, the passkey says."""
    options = webauthn.generate_authentication_options(
        rp_id=rp,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _with_prf(json.loads(webauthn.options_to_json(options)))


def verify_registration(document: object, *, rp: str, origin: str, challenge: bytes) -> Credential:
    """The passkey that was made for this challenge. Errors: `Refused` `login/passkey`, `Invalid` `login/members`."""
    # Exactly these members: a wallet that posted `toJSON()` would post its PRF output, which we must never hold.
    fields = exactly(document, "id attestation_object client_data_json transports".split(), "login/members")
    if not all(isinstance(each, str) for each in items(fields, "transports", "login/members", most=16)):
        raise Invalid("login/members", "transports")
    response = {
        "attestationObject": text(fields, "attestation_object", "login/members", longest=16384, pattern=_B64U),
        "clientDataJSON": text(fields, "client_data_json", "login/members", longest=4096, pattern=_B64U),
    }
    id = text(fields, "id", "login/members", longest=MAX_CREDENTIAL_ID, pattern=_B64U)
    try:
        verified = webauthn.verify_registration_response(
            credential={"id": id, "rawId": id, "type": "public-key", "response": response},
            expected_challenge=challenge,
            expected_rp_id=rp,
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception as error:  # a KeyError, too: whatever the library stumbles on is no passkey
        raise Refused("login/passkey", "this passkey was not made for this vault") from error
    return Credential(b64u(verified.credential_id), verified.credential_public_key, verified.sign_count)


def read_assertion(document: object) -> Json:
    """The members of a sign-in by passkey. Errors: `login/members`."""
    names = "id authenticator_data client_data_json signature user_handle".split()
    fields = exactly(document, names, "login/members")
    for name in names:
        longest = MAX_CREDENTIAL_ID if name == "id" else 4096
        text(fields, name, "login/members", longest=longest, pattern=_B64U)
    return fields


def verify_assertion(fields: Json, known: Credential, *, rp: str, origin: str, challenge: bytes) -> int:
    """The new counter, if the passkey signed this challenge here. Errors: `Refused` `login/failed`."""
    response = {
        "authenticatorData": fields["authenticator_data"],
        "clientDataJSON": fields["client_data_json"],
        "signature": fields["signature"],
        "userHandle": fields["user_handle"],
    }
    try:
        verified = webauthn.verify_authentication_response(
            credential={"id": known.id, "rawId": known.id, "type": "public-key", "response": response},
            expected_challenge=challenge,
            expected_rp_id=rp,
            expected_origin=origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # a KeyError, too: whatever the library stumbles on is no passkey
        raise Refused("login/failed", "this did not sign you in") from error
    return verified.new_sign_count


def _with_prf(options: Json) -> Json:
    return options | {"extensions": {"prf": {"eval": {"first": b64u(PRF_INPUT)}}}}
