"""What can be known of compose.yaml without a container engine."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pds.settings import BadSettings, read_settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert isinstance(loaded, dict)
    return loaded


class Asked(Mapping[str, str]):
    """An empty environment that remembers the names it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("service", ["server", "migrate"])
def test_the_server_is_told_exactly_the_names_that_it_reads(compose: dict[str, Any], service: str) -> None:
    asked = Asked()
    with pytest.raises(BadSettings):
        read_settings(asked)
    in_the_image = re.findall(r"\b(PDS_[A-Z_]+)=", (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2])
    assert {*compose["services"][service]["environment"], *in_the_image} == asked.names


def test_every_secret_is_declared_and_kept_out_of_the_repository(compose: dict[str, Any]) -> None:
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == compose["secrets"].keys()
    files = [secret["file"] for secret in compose["secrets"].values() if "file" in secret]
    assert files
    assert all(file.startswith("deploy/secrets/") for file in files)
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    paths = [value for value in compose["services"]["server"]["environment"].values() if value.startswith("/run/")]
    assert {path.removeprefix("/run/secrets/") for path in paths} == set(compose["services"]["server"]["secrets"])


def test_every_image_has_a_version(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) >= 4
    assert [image for image in images if not re.search(r":\d+[\w.-]*$", image)] == []


def test_only_the_proxy_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    assert compose["services"]["database"]["networks"] == ["storage"]
    assert compose["networks"]["storage"]["internal"] is True
    assert "storage" not in compose["services"]["proxy"]["networks"]


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name or "DATABASE" in name:
                assert "${" in value or value.startswith("/run/secrets/"), name


def test_the_server_runs_as_nobody_special(compose: dict[str, Any]) -> None:
    server = compose["services"]["server"]
    assert server["cap_drop"] == ["ALL"]
    assert server["read_only"] is True
    assert re.search(r"^USER (?!0|root)\w+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_dockerfile_copies_only_what_is_there_and_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for words in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        for source in words.split()[:-1]:
            assert source in let_in or source.partition("/")[0] in let_in, source
            assert (ROOT / source).exists() or source == "deploy/registrar.jwks.json", source
