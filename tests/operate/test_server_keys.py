"""`pds keys rotate`: a new key of the server's own, with no request refused and nothing disbelieved before its time."""

import json
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from pds import cli
from pds import rotate as command
from pds.core import jose, keyring
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.settings import Settings
from tests.conftest import Running
from tests.oauth.client import Client
from tests.oauth.test_sign_in import _id_token, _sign_in
from tests.oauth.test_token import Scene
from tests.people import a_vault


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The keys in a file of the server's own, as an operator has them."""
    file = tmp_path / "signing.jwks.json"
    file.touch(0o600)
    file.write_text(json.dumps({"keys": settings.signing_keys}))
    return replace(settings, signing_keys_file=file)


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.leisure, session), resident)


def file_of(pds: Running) -> Path:
    assert pds.settings.signing_keys_file is not None
    return pds.settings.signing_keys_file


def rotate(pds: Running, *, leaked: bool = False) -> None:
    command.server_keys(file_of(pds), leaked=leaked, now=pds.clock())


async def published(scene: Scene) -> list[Json]:
    async with scene.client.session.get(f"{scene.client.pds.issuer}/oauth/jwks") as answer:
        keys: list[Json] = (await answer.json())["keys"]
        return keys


async def signed(scene: Scene) -> str:
    """An ID token, made now."""
    return await _id_token(scene, await _sign_in(scene))


async def believed(scene: Scene, token: str) -> bool:
    """Whether a service that fetches the published keys now believes it."""
    keys = [jose.p256_public({name: key[name] for name in ("crv", "kty", "x", "y")}) for key in await published(scene)]
    kid = jose.read_header(token, jose.ISSUED)["kid"]
    try:
        return bool(jose.verify(token, jose.ISSUED, [key for key in keys if jose.thumbprint(key) == kid]))
    except Invalid:
        return False


async def test_a_new_key_is_published_before_it_signs_and_the_old_one_believed_after(scene: Scene) -> None:
    pds = scene.client.pds
    before, old = await signed(scene), (await published(scene))[0]["kid"]
    rotate(pds)
    assert len(await published(scene)) == 2, "published at once, without a restart"
    assert jose.read_header(await signed(scene), jose.ISSUED)["kid"] == old, "and signs nothing yet"
    pds.clock.ahead += keyring.AHEAD_SECONDS
    after = await signed(scene)
    assert jose.read_header(after, jose.ISSUED)["kid"] != old
    assert await believed(scene, before)
    assert await believed(scene, after)
    pds.clock.ahead += keyring.KEPT_SECONDS
    assert [key["kid"] for key in await published(scene)] == [jose.read_header(after, jose.ISSUED)["kid"]]
    assert not await believed(scene, before), "a key that is gone verifies nothing"


async def test_an_id_token_by_a_removed_key_is_no_hint_any_more(scene: Scene) -> None:
    pds, hint = scene.client.pds, await signed(scene)
    assert (await scene.client.push(scene.client.request(id_token_hint=hint)))[0] == 201
    rotate(pds)
    pds.clock.ahead += keyring.AHEAD_SECONDS
    assert (await scene.client.push(scene.client.request(id_token_hint=hint)))[0] == 201
    rotate(pds, leaked=True)
    status, answer = await scene.client.push(scene.client.request(id_token_hint=hint))
    assert (status, answer["rule"]) == (400, "request/id-token-hint")
    assert (await scene.client.push(scene.client.request(id_token_hint=await signed(scene))))[0] == 201


async def test_a_second_rotation_waits_for_the_first(scene: Scene) -> None:
    pds = scene.client.pds
    rotate(pds)
    with pytest.raises(ValueError, match="signs in"):
        rotate(pds)
    assert len(await published(scene)) == 2
    pds.clock.ahead += keyring.AHEAD_SECONDS + keyring.KEPT_SECONDS
    rotate(pds)
    assert len(json.loads(file_of(pds).read_text())["keys"]) == 2, "what is over is no longer in the file"


async def test_a_broken_file_leaves_the_keys_as_they_were(scene: Scene) -> None:
    keys, file = await published(scene), file_of(scene.client.pds)
    good = file.read_text()
    for broken in ("", "{", '{"keys": [{}]}', '{"keys": []}', "[]"):
        file.write_text(broken)
        assert await published(scene) == keys
    file.write_text(good)
    rotate(scene.client.pds)
    assert len(await published(scene)) == 2


def test_the_file_stays_its_owners_and_is_never_half_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["init", str(tmp_path / "keys")]) == 0
    file = tmp_path / "keys" / "signing.jwks.json"
    first = file.stat().st_ino
    assert cli.main(["keys", "rotate", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_ino != first, "another file in its place: who had it open reads the old one whole"
    assert not (file.parent / "signing.jwks.json.new").exists()
    said = capsys.readouterr().out
    assert "signs in 900 s" in said
    assert "published for 87300 s more" in said
    (file.parent / "signing.jwks.json.new").touch()
    assert cli.main(["keys", "rotate", str(file), "--leaked"]) == 1, "another rotation is at work"
