"""Staff sign in with a passkey (WebAuthn level 3): what we ask of it and what we accept."""

import json
from typing import Any

import webauthn
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pds.core.encoding import Json, b64u, unb64u
from pds.core.members import exactly, text
from pds.desk.staff import Member, NotStaff

TIMEOUT_SECONDS = 300
_MEMBERS = "login/members"


def creation_options(member: Member, *, rp: str, service: str, challenge: bytes) -> Json:
    """Options for a discoverable passkey with user verification; the user handle is the member's id."""
    options = webauthn.generate_registration_options(
        rp_id=rp,
        rp_name=service,
        user_id=unb64u(member.id, size=16),
        user_name=member.name,
        user_display_name=member.name,
        challenge=challenge,
        timeout=TIMEOUT_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return _json(options)


def request_options(*, rp: str, challenge: bytes) -> Json:
    """Options to sign in with any passkey of this desk; whose it is, the passkey says."""
    return _json(
        webauthn.generate_authentication_options(
            rp_id=rp,
            challenge=challenge,
            timeout=TIMEOUT_SECONDS * 1000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def verify_registration(document: object, *, rp: str, origin: str, challenge: bytes) -> tuple[str, bytes, int]:
    """The id, public key and counter of a passkey made for this challenge. Errors: `NotStaff`, `login/members`."""
    sent = _texts(document, "id attestation_object client_data_json")
    response = {"attestationObject": sent["attestation_object"], "clientDataJSON": sent["client_data_json"]}
    try:
        made = webauthn.verify_registration_response(
            credential={"id": sent["id"], "rawId": sent["id"], "type": "public-key", "response": response},
            expected_challenge=challenge,
            expected_rp_id=rp,
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception as error:  # a KeyError, too: whatever the library stumbles on is no passkey
        raise NotStaff from error
    return b64u(made.credential_id), made.credential_public_key, made.sign_count


def read_assertion(document: object) -> Json:
    """The members of a sign-in; `user_handle` is the id of who it says it is. Errors: `login/members`."""
    return _texts(document, "id authenticator_data client_data_json signature user_handle")


def verify_assertion(sent: Json, member: Member, *, rp: str, origin: str, challenge: bytes) -> int:
    """The new counter, if this member's passkey signed this challenge here. Errors: `NotStaff`."""
    if member.credential is None or member.credential != sent["id"]:
        raise NotStaff
    response = {
        "authenticatorData": sent["authenticator_data"],
        "clientDataJSON": sent["client_data_json"],
        "signature": sent["signature"],
        "userHandle": sent["user_handle"],
    }
    try:
        used = webauthn.verify_authentication_response(
            credential={"id": sent["id"], "rawId": sent["id"], "type": "public-key", "response": response},
            expected_challenge=challenge,
            expected_rp_id=rp,
            expected_origin=origin,
            credential_public_key=member.public_key,
            credential_current_sign_count=member.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise NotStaff from error
    return used.new_sign_count


def _json(options: Any) -> Json:
    read: Json = json.loads(webauthn.options_to_json(options))
    return read


def _texts(document: object, names: str) -> Json:
    fields = exactly(document, names.split(), _MEMBERS)
    for name in names.split():
        text(fields, name, _MEMBERS, longest=16384)
    return fields
