"""A service's keys: on disk for its owner only, and never more public than they must be."""

import json
import stat
import time
from pathlib import Path

import pytest

from pds.core import jose, registrar
from pds.core.errors import Invalid
from pds.core.registry import parse_statement
from pds.sdk import ServiceKeys
from tests.examples import PARKING, REGISTRAR

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k"}


def same(one: ServiceKeys, other: ServiceKeys) -> bool:
    return one.public_jwks() == other.public_jwks() and jose.private_jwk(one.dpop) == jose.private_jwk(other.dpop)


def test_keys_come_back_from_their_file_which_only_its_owner_reads(tmp_path: Path) -> None:
    path, keys = tmp_path / "keys.json", ServiceKeys.generate().with_new_encryption_key()
    keys.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert same(ServiceKeys.load(path), keys)
    assert [child.name for child in tmp_path.iterdir()] == ["keys.json"]


def test_saving_over_an_open_file_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    path.chmod(0o644)
    ServiceKeys.generate().save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_public_set_has_no_private_member_and_no_dpop_key() -> None:
    keys = ServiceKeys.generate()
    public = keys.public_jwks()["keys"]
    assert not any(PRIVATE & key.keys() for key in public)
    assert jose.thumbprint(keys.dpop) not in {key["kid"] for key in public}
    assert [(key["use"], key["alg"]) for key in public] == [("sig", "ES256"), ("enc", "ECDH-ES+A256KW")]
    assert all(key["kid"] == jose.thumbprint(key) for key in public)


def test_the_registrar_takes_the_public_set_also_after_a_new_encryption_key() -> None:
    keys = ServiceKeys.generate().with_new_encryption_key()
    statement = registrar.sign_statement(
        jose.new_key(), registrar=REGISTRAR, service=PARKING, jwks=keys.public_jwks(), now=int(time.time())
    )
    assert parse_statement(jose.peek(statement), statement).enc_jkt == jose.thumbprint(keys.enc)


def test_each_key_does_one_thing() -> None:
    keys = ServiceKeys.generate()
    assert len({jose.thumbprint(key) for key in (keys.sig, keys.enc, keys.dpop)}) == 3
    assert '"d"' not in repr(keys)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": {}},
        {"keys": [1]},
        {"keys": []},
        {"keys": [{"use": "sig"}]},
        {"keys": [{"use": "other"}]},
    ],
)
def test_a_file_that_is_not_a_set_of_keys_is_refused(tmp_path: Path, document: object) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(document))
    with pytest.raises(Invalid):
        ServiceKeys.load(path)
