"""The operator's server never sees what is in a vault: everything it saw and wrote is searched, in every encoding.

What a service receives is the service's to read; between it and the vault it is encrypted like everything else.
"""

import asyncio
import logging
import os
import secrets
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import unb64u
from pds.core.recovery import parse_code
from pds.demo.wallet import build_wallet
from pds.settings import Settings
from tests.browser import story
from tests.browser.at_counter import fill_in, paired, with_a_vault
from tests.browser.canary import (
    KEPT_IN_BROWSER,
    WATCH_SECRETS,
    Evidence,
    Recorder,
    Secret,
    forms,
    read_database,
    recorder,
)
from tests.browser.desk import SERVICE, SHARED, a_desk
from tests.browser.phone import a_phone
from tests.browser.town import Town, a_town
from tests.conftest import Clock
from tests.people import resident_of, service_of, share, until
from tests.ports import unused_port

VALUES: dict[str, Secret] = {
    value: value
    for value in (
        story.NAME,
        story.LINE1,
        story.PLACE,
        story.POSTCODE,
        story.POSTCODE.replace(" ", ""),
        story.NEW_LINE1,
        story.NEW_LINE2,
        story.NEW_POSTCODE,
        story.NEW_POSTCODE.replace(" ", ""),
        story.CAR,
        story.CAR.replace(" ", ""),
        story.EMAIL,
        *("Łucja", "Connor", "Nguyễn", "Quillfeather", "Marrowby", "Harbourmaster"),
    )
}
# One planted secret for each form, so that each form is found by itself.
TEXT = "Ł canary ’n “quotes” / & "
PLANTED = {form: TEXT + secrets.token_hex(8) for form in forms(TEXT)}
SHOWN = {form: forms(secret)[form] for form, secret in PLANTED.items()}


@dataclass
class Watched:
    """A town whose server is watched."""

    town: Town
    recorder: Recorder
    caplog: pytest.LogCaptureFixture
    capfd: pytest.CaptureFixture[str]

    async def evidence(self, *, database: bool = True) -> Evidence:
        """All that the server saw, said and wrote so far."""
        evidence = Evidence()
        self.recorder.testify(evidence)
        evidence.add("log", self.caplog.text)
        evidence.add("output", "".join(self.capfd.readouterr()))
        if database:
            await read_database(self.town.pds.settings.database, evidence)
        return evidence


@pytest.fixture
def settings(settings: Settings, registrar_key: ECKey, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """With a wallet, beside which lies a file that gives a planted secret away to whoever asks for it."""
    built = build_wallet([jose.public_jwk(registrar_key)], tmp_path_factory.getbasetemp() / "wallets")
    shutil.copytree(built, settings.wallet, dirs_exist_ok=True)
    (settings.wallet / "plant.txt").write_bytes(b"\n".join(SHOWN.values()))
    return settings


@pytest.fixture
async def watched(
    settings: Settings,
    clock: Clock,
    registrar_key: ECKey,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> AsyncIterator[Watched]:
    behind = unused_port()
    with caplog.at_level(logging.DEBUG):
        async with (
            a_town(settings, clock, registrar_key, port=behind) as town,
            recorder(urlsplit(settings.issuer).port or 80, behind) as watching,
        ):
            yield Watched(town, watching, caplog, capfd)


async def test_nothing_of_a_browsers_vault_reaches_the_server(watched: Watched) -> None:
    held: dict[str, set[bytes]] = defaultdict(set)

    async def tell(_source: Any, kind: str, digits: str) -> None:
        # The wallet tries whether the browser can keep a key at all with one of zeros, which is no secret.
        if any(key := bytes.fromhex(digits)):
            held[kind].add(key)

    async with a_phone(watched.town.issuer, scripts=[WATCH_SECRETS]) as phone:
        await phone.context.expose_binding("tellTest", tell)
        code = await story.newcomers_story(story.Resident(watched.town, phone))
        kept = await phone.page.evaluate(KEPT_IN_BROWSER)
        evidence = await watched.evidence()
        evidence.add("addresses", "\n".join([*phone.addresses, *(request.url for request in phone.requests)]))
        evidence.add("titles", "\n".join(phone.titles))
        evidence.add("kept in the browser", kept)
    # The hooks saw what they were made for: two passkeys, a root, the code, keys of items, and of two relationships.
    assert len(held["PRF output"]) >= 2
    assert len(held["HKDF"]) >= 4
    assert {len(secret) for secret in held["HKDF"]} == {20, 32}
    assert parse_code(code) in held["HKDF"]
    assert len(held["AES-GCM"]) >= 10
    assert len(held["ECDSA private"]) >= 4
    assert held["Ed25519 private"]
    keys: dict[str, Secret] = {f"{kind} {key.hex()[:8]}": key for kind, found in held.items() for key in found}
    assert evidence.finds(VALUES | keys | _recovery(code)) == []


async def test_nothing_of_a_headless_vault_reaches_the_server(watched: Watched) -> None:
    pds = watched.town.pds
    parking = pds.services[watched.town.parking]
    details = {
        "person.full_name": story.NAME,
        "address.current": {"lines": [story.LINE1], "town": story.PLACE, "postcode": story.POSTCODE},
        "vehicle.registration": story.CAR,
        "contact.email": story.EMAIL,
    }
    async with resident_of(pds) as sian, service_of(pds, parking) as service:
        code = await sian.create()
        await sian.confirm_recovery(code)
        grant = await share(sian, service, values=details, access=until(pds))
        assert (await service.read(grant)).value("person.full_name") == story.NAME
        await sian.change("address.current", {"lines": [story.NEW_LINE1, story.NEW_LINE2]})
        assert (await service.read(grant)).value("address.current")["lines"] == [story.NEW_LINE1, story.NEW_LINE2]
        await sian.revoke(grant.grant_id)
        await sian.logout()
        await sian.login(code)
        device = sian._device
        keys: dict[str, Secret] = {"root": device._root}
        for id, item in device.opened.items.items():
            keys |= {f"{id} {name}": secret for name, secret in _private(item)}
        evidence = await watched.evidence()
    assert len(keys) >= 3, "a root, and two keys of the relationship"
    assert evidence.finds(VALUES | keys | _recovery(code)) == []


async def test_nothing_that_is_shared_at_a_counter_reaches_the_server(watched: Watched, tmp_path: Path) -> None:
    held: dict[str, set[bytes]] = defaultdict(set)

    async def tell(_source: Any, kind: str, digits: str) -> None:
        if any(key := bytes.fromhex(digits)):
            held[kind].add(key)

    town = watched.town
    async with a_desk(town, tmp_path) as desk, a_phone(town.issuer, scripts=[WATCH_SECRETS]) as phone:
        await phone.context.expose_binding("tellTest", tell)
        await desk.enrol()
        await with_a_vault(town, phone)
        await paired(desk, phone)
        await fill_in(phone)
        await phone.button(f"Share 2 details with {SERVICE}").click()
        await desk.says(SHARED)
        for words in (story.NAME, story.LINE1, story.POSTCODE):
            await desk.screen.says(words)
        evidence = await watched.evidence()
        evidence.add("addresses", "\n".join(request.url for one in (phone, desk.screen) for request in one.requests))
        evidence.add("titles", "\n".join([*phone.titles, *desk.screen.titles]))
        evidence.add("kept in the browser", await phone.page.evaluate(KEPT_IN_BROWSER))
        evidence.add("kept in the desk's browser", await desk.screen.page.evaluate(KEPT_IN_BROWSER))
        keys: dict[str, Secret] = {f"{kind} {key.hex()[:8]}": key for kind, found in held.items() for key in found}
        for use, key in (
            ("signs", desk.setup.keys.sig),
            ("opens", desk.setup.keys.enc),
            ("proves", desk.setup.keys.dpop),
        ):
            keys[f"the desk {use}"] = unb64u(jose.private_jwk(key)["d"])
    assert held["ECDSA private"], "the relationship's keys were seen in the making"
    assert evidence.finds(VALUES | keys) == []


@pytest.mark.parametrize(
    ("place", "plant"),
    [
        ("requests", "request lines"),
        ("requests", "headers"),
        ("requests", "bodies"),
        ("answers", "answers"),
        ("compressed answers", "compressed answers"),
        ("log", "log"),
        ("output", "output"),
        ("database", "database"),
    ],
)
async def test_the_search_finds_what_is_planted(watched: Watched, place: str, plant: str) -> None:
    planted = await PLANT[plant](watched, SHOWN)
    assert len(planted) >= 10
    evidence = await watched.evidence(database=place == "database")
    for form in planted:
        found = {where for _, as_form, where in evidence.finds({"": PLANTED[form]}) if as_form == form}
        assert any(where.startswith(place) for where in found), f"{form} in {place}: {found}"


async def test_a_planted_secret_is_found_in_each_file_of_the_database(watched: Watched) -> None:
    secret = secrets.token_bytes(16)
    await _in_database(watched, {"raw": secret})
    found = {place for _, _, place in (await watched.evidence()).finds({"": secret})}
    expected = {"database WAL", "database file"}
    if watched.town.pds.settings.database.startswith("sqlite"):
        expected = {"database file pds.sqlite-wal"}
    assert found == expected | {"database rows"}


# --- secrets ----------------------------------------------------------------------------------------------------------


def _recovery(code: str) -> dict[str, Secret]:
    """The recovery code as it is written, run together, and as its bytes; half of it is too much, too."""
    plain = code.replace("-", "")
    written = (code, code.replace("-", " "), plain, plain[:16], plain[16:])
    return {**{f"code {one}": one for one in written}, "code": parse_code(code)}


def _private(item: Any) -> list[tuple[str, bytes]]:
    """The private keys anywhere in an item."""
    if not isinstance(item, dict):
        return []
    if isinstance(item.get("d"), str):
        return [("d", unb64u(item["d"]))]
    return [(f"{name} {inner}", key) for name, value in item.items() for inner, key in _private(value)]


# --- planting: each gives the forms that fit there --------------------------------------------------------------------

Shown = dict[str, bytes]


def _fits(shown: Shown, *, but: bytes = b"") -> Shown:
    """The forms that can stand in a line of text."""
    return {form: text for form, text in shown.items() if all(0x20 <= byte < 0x7F and byte not in but for byte in text)}


async def _send(watched: Watched, head: bytes, body: bytes = b"") -> None:
    """One request, byte for byte as given; whatever the answer is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", watched.recorder.port)
    length = b"Content-Length: %d" % len(body)
    writer.write(b"\r\n".join([head, b"Host: localhost", b"Connection: close", length, b"", body]))
    await reader.read()
    writer.close()
    await writer.wait_closed()


async def _in_request_lines(watched: Watched, shown: Shown) -> Collection[str]:
    fitting = _fits(shown, but=b' "\\')
    for text in fitting.values():
        await _send(watched, b"GET /oauth/authorize?x=%s HTTP/1.1" % text)
    return fitting


async def _in_headers(watched: Watched, shown: Shown) -> Collection[str]:
    fitting = _fits(shown)
    for text in fitting.values():
        await _send(watched, b"GET /api/session HTTP/1.1\r\nX-Plant: %s" % text)
    return fitting


async def _in_bodies(watched: Watched, shown: Shown) -> Collection[str]:
    for text in shown.values():
        await _send(watched, b"POST /api/challenges HTTP/1.1\r\nContent-Type: application/json", text)
    return shown


async def _in_answers(watched: Watched, shown: Shown) -> Collection[str]:
    await _send(watched, b"GET /plant.txt HTTP/1.1")
    return shown


async def _in_compressed_answers(watched: Watched, shown: Shown) -> Collection[str]:
    await _send(watched, b"GET /plant.txt HTTP/1.1\r\nAccept-Encoding: gzip")
    return shown


async def _in_log(_watched: Watched, shown: Shown) -> Collection[str]:
    fitting = {form: text for form, text in shown.items() if not form.startswith("utf-16")}
    for text in fitting.values():
        logging.getLogger("pds.http").debug("planted %s", text.decode())
    return fitting


async def _in_output(_watched: Watched, shown: Shown) -> Collection[str]:
    os.write(2, b"\n".join(shown.values()))
    return shown


async def _in_database(watched: Watched, shown: Shown) -> Collection[str]:
    url = watched.town.pds.settings.database
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as file:
            file.execute("CREATE TABLE planted (form TEXT, shown BLOB)")
            file.executemany("INSERT INTO planted VALUES (?, ?)", shown.items())
            file.commit()
        return shown
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE planted (form text, shown bytea)")
        await connection.executemany("INSERT INTO planted VALUES ($1, $2)", shown.items())
    finally:
        await connection.close()
    return shown


PLANT: dict[str, Callable[[Watched, Shown], Awaitable[Collection[str]]]] = {
    "request lines": _in_request_lines,
    "headers": _in_headers,
    "bodies": _in_bodies,
    "answers": _in_answers,
    "compressed answers": _in_compressed_answers,
    "log": _in_log,
    "output": _in_output,
    "database": _in_database,
}
