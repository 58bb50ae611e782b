"""`pds registrar rotate`: wallets follow a new key of the registrar's, and only where the old one vouched for it."""

import json
import stat
from pathlib import Path

import pytest

from pds import cli
from pds.core import jose
from pds.core.encoding import b64u
from pds.core.errors import Invalid
from pds.registry import actions as registry
from pds.sdk import Resident
from tests.conftest import Running
from tests.examples import REGISTRAR
from tests.people import PERMIT, a_vault, resident_of, service_of


@pytest.fixture
async def folder(pds: Running, tmp_path: Path) -> Path:
    """The registrar's folder, with what is in force."""
    found = tmp_path / "registrar"
    (found / "statements").mkdir(parents=True)
    (found / "registrar.json").touch(0o600)
    (found / "registrar.json").write_text(json.dumps({"registrar": REGISTRAR, "key": jose.private_jwk(pds.registrar)}))
    (found / "registrar_keys.json").write_text(json.dumps({"keys": [jose.public_jwk(pds.registrar)]}))
    for service in pds.services.values():
        (found / "statements" / f"{b64u(service.client_id.encode())}.jwt").write_text(service.statement)
    (found / "index.jwt").write_text(await registry.index())
    return found


async def put_in_force(pds: Running, folder: Path) -> str:
    """`pds registrar index`, then what `pds service add` does; the key that signed."""
    assert cli.main(["registrar", "index", str(folder)]) == 0
    statements = [path.read_text() for path in sorted((folder / "statements").glob("*.jwt"))]
    index = (folder / "index.jwt").read_text()
    await registry.install(index, statements, registrar_keys=pds.settings.registrar_keys, now=pds.clock())
    return str(jose.read_header(index, jose.INDEX)["kid"])


async def asked(pds: Running, resident: Resident) -> str:
    """Who the wallet says is asking."""
    async with service_of(pds, pds.parking) as service:
        pushed = await service.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(pushed.url))
        return str(question.service.name["en"])


async def test_a_wallet_that_saw_the_announcement_follows_and_a_new_release_too(pds: Running, folder: Path) -> None:
    old = jose.thumbprint(pds.registrar)
    async with a_vault(pds) as resident, a_vault(pds) as away:
        assert cli.main(["registrar", "rotate", str(folder)]) == 0
        assert await put_in_force(pds, folder) == old, "announced by the old key, which signs"
        assert await asked(pds, resident) == "Resident parking permit"
        released = json.loads((folder / "registrar_keys.json").read_text())["keys"]
        assert len(released) == 2
        assert cli.main(["registrar", "rotate", str(folder)]) == 0
        new = await put_in_force(pds, folder)
        assert new != old
        assert await asked(pds, resident) == "Resident parking permit"
        with pytest.raises(Invalid, match="registry/key-unknown"):
            await asked(pds, away)
        async with Resident(pds.issuer, registrar_keys=released, clock=pds.clock) as newcomer:
            await newcomer.create()
            assert await asked(pds, newcomer) == "Resident parking permit"
    assert stat.S_IMODE((folder / "registrar.json").stat().st_mode) == 0o600
    assert "next" not in json.loads((folder / "registrar.json").read_text())


async def test_what_a_wallet_took_is_in_its_vault_and_so_on_its_next_device(pds: Running, folder: Path) -> None:
    async with resident_of(pds) as resident:
        code = await resident.create()
        await resident.confirm_recovery(code)
        cli.main(["registrar", "rotate", str(folder)])
        await put_in_force(pds, folder)
        await asked(pds, resident)
        await resident.change("person.full_name", "Anyone")
        cli.main(["registrar", "rotate", str(folder)])
        await put_in_force(pds, folder)
    async with resident_of(pds) as other_device:
        await other_device.login(code)
        assert await asked(pds, other_device) == "Resident parking permit"


async def test_a_key_that_the_old_one_did_not_announce_is_refused_by_server_and_wallet(
    pds: Running, folder: Path
) -> None:
    async with a_vault(pds) as resident:
        forged = json.loads((folder / "registrar.json").read_text()) | {"key": jose.private_jwk(jose.new_key())}
        (folder / "registrar.json").write_text(json.dumps(forged))
        with pytest.raises(Invalid, match="registry/key-unknown"):
            await put_in_force(pds, folder)
        # A server that plays along puts it in force all the same.
        index = (folder / "index.jwt").read_text()
        from pds.registry.models import IndexRow

        await IndexRow.all().update(compact=index)
        with pytest.raises(Invalid, match="registry/key-unknown"):
            await asked(pds, resident)


async def test_the_new_key_does_not_sign_before_it_was_announced(
    pds: Running, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["registrar", "rotate", str(folder)]) == 0
    assert cli.main(["registrar", "rotate", str(folder)]) == 1
    assert "stands in no index yet" in capsys.readouterr().err
    assert await put_in_force(pds, folder) == jose.thumbprint(pds.registrar)
