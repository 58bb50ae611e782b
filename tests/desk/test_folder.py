"""`pds desk`: what stands in the folder, and the commands around it."""

import json
import re
from pathlib import Path

import pytest

from pds.cli import main
from pds.core import jose, registrar
from pds.demo import registration
from pds.desk.folder import BadFolder, read_folder
from pds.sdk import ServiceKeys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys, key = ServiceKeys.generate(), jose.new_key()
    keys.save(tmp_path / "keys.json")
    description = registration.counter("https://desk.example")
    statement = registrar.sign_statement(
        key, registrar=registration.REGISTRAR, service=description, jwks=keys.public_jwks(), now=1
    )
    (tmp_path / "statement.jwt").write_text(statement + "\n")
    (tmp_path / "registrar_keys.json").write_text(json.dumps({"keys": [jose.public_jwk(key)]}))
    (tmp_path / "desk.json").write_text(
        json.dumps({"issuer": "https://vault.example", "origin": "https://desk.example", "port": 8443})
    )
    return tmp_path


def test_a_folder_says_whose_desk_it_is(folder: Path) -> None:
    setup = read_folder(folder)
    assert (setup.host, setup.port, setup.client_id) == ("127.0.0.1", 8443, "https://desk.example")
    assert [place.id for place in setup.places] == ["central-library-1", "civic-centre-2"]
    assert list(setup.places[0].errands[0].attributes) == [
        "person.full_name", "person.date_of_birth", "contact.email", "address.current",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "http://desk.example"),
        ("origin", "https://desk.example/"),
        ("issuer", None),
        ("port", 0),
        ("host", 1),
    ],
)
def test_what_is_wrong_in_it_is_said(folder: Path, name: str, value: object) -> None:
    described = json.loads((folder / "desk.json").read_text())
    (folder / "desk.json").write_text(json.dumps({**described, name: value}))
    with pytest.raises(BadFolder, match=name):
        read_folder(folder)


def test_the_first_member_of_staff_is_invited_by_a_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk", "invite", str(folder), "Alex Example"]) == 0
    assert re.search(r"https://desk\.example/enrol#[A-Za-z0-9_-]{43}\n", capsys.readouterr().out)
    assert main(["desk", "staff", str(folder)]) == 0
    assert capsys.readouterr().out == "Alex Example  (invited)\n"
    assert main(["desk", "remove", str(folder), "Alex Example"]) == 0
    assert main(["desk", "remove", str(folder), "Alex Example"]) == 1
    assert "nobody of this desk" in capsys.readouterr().err
