"""The server sends to registered addresses on the public internet, whatever a name server or a proxy says."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from pds.core.notice import KEPT_SECONDS
from pds.notices import actions, reaching
from pds.notices.models import NoticeRow
from pds.registry import actions as registry
from tests.conftest import Running
from tests.features.telling import DAY, PARKING_HOST, deliver, telling, waiting
from tests.internet import PUBLIC, Internet, certificate, listening, new_authority

NEVER: dict[str, Sequence[str]] = {
    "this machine": ["127.0.0.1"],
    "this machine in IPv6": ["::1"],
    "any interface": ["0.0.0.0"],  # noqa: S104
    "a private network": ["10.1.2.3"],
    "another": ["172.20.0.1"],
    "a third": ["192.168.1.1"],
    "a carrier's": ["100.64.0.1"],
    "the metadata service of a cloud": ["169.254.169.254"],
    "link-local": ["fe80::1"],
    "a unique local address": ["fd00::1"],
    "multicast": ["224.0.0.1"],
    "this machine, mapped": ["::ffff:127.0.0.1"],
    "this machine, by 6to4": ["2002:7f00:1::1"],
    "this machine, by NAT64": ["64:ff9b::7f00:1"],
    "a public address and this machine": [PUBLIC, "127.0.0.1"],
    "this machine and a public address": ["127.0.0.1", PUBLIC],
    "another name": ["localhost"],
    "nothing": [],
    "too many": [f"11.22.33.{number}" for number in range(1, 18)],
}


async def test_a_name_that_leads_anywhere_but_to_the_public_internet_is_not_connected_to(
    pds: Running, internet: Internet, caplog: pytest.LogCaptureFixture
) -> None:
    async with telling(pds, internet) as receiver:
        await actions.verify(pds.parking.client_id)
        for name, addresses in NEVER.items():
            internet.addresses[PARKING_HOST] = addresses
            internet.ports |= dict.fromkeys(addresses, internet.ports[PUBLIC])
            caplog.clear()
            internet.asked.clear()
            with caplog.at_level(logging.INFO):
                await deliver(pds, internet)
            assert (internet.asked, internet.dialled, receiver.posts) == ([PARKING_HOST], [], []), name
            assert "its name leads to an address that is not public" in caplog.text, name
            [row] = await waiting()
            await NoticeRow.filter(id=row.id).update(due=pds.clock())
        internet.addresses[PARKING_HOST] = [PUBLIC]
        await deliver(pds, internet)
        assert (internet.dialled, len(receiver.posts)) == ([PUBLIC], 1), "the same, when the name leads where it should"


async def test_a_name_that_changes_between_two_questions_is_asked_once_and_that_answer_is_connected_to(
    pds: Running, internet: Internet
) -> None:
    answers = [[PUBLIC], ["127.0.0.1"], [PUBLIC]]

    async def rebinding(host: str) -> Sequence[str]:
        internet.asked.append(host)
        return answers.pop(0)

    async with telling(pds, internet) as receiver:
        internet.ports["127.0.0.1"] = internet.ports[PUBLIC]
        receiver.answers.append(web.Response(status=503))
        async with reaching.new_session(rebinding, internet.connect) as session:
            for expected in (503, None, 202):
                try:
                    status, _ = await reaching.post(
                        session, f"https://{PARKING_HOST}/", b"x", "application/secevent+jwt"
                    )
                except OSError:
                    assert expected is None
                else:
                    assert status == expected
        assert len(internet.asked) == 3, "each connection asks anew, and once"
        assert internet.dialled == [PUBLIC, PUBLIC]


async def test_no_other_port_is_connected_to(internet: Internet) -> None:
    async with listening(internet, PARKING_HOST), reaching.new_session(internet.resolve, internet.connect) as session:
        for port in (22, 80, 8080, 5432, 65535):
            with pytest.raises(OSError, match=PARKING_HOST):
                await reaching.post(session, f"https://{PARKING_HOST}:{port}/", b"x", "text/plain")
        assert internet.dialled == []
        assert (await reaching.post(session, f"https://{PARKING_HOST}:8443/", b"x", "text/plain"))[0] == 200


async def test_an_address_that_got_into_the_table_by_another_way_is_not_sent_to(
    pds: Running, internet: Internet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = registry._parsed
    async with telling(pds, internet) as receiver:
        for url in ("https://127.0.0.1/", "https://[::1]/", f"http://{PARKING_HOST}/"):
            monkeypatch.setattr(registry, "_parsed", lambda compact, url=url: replace(right(compact), notice_uri=url))
            await actions.verify(pds.parking.client_id)
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                await deliver(pds, internet)
            assert (internet.asked, internet.dialled, receiver.posts, await waiting()) == ([], [], [], [])
            assert "not an address for notices" in caplog.text


async def test_a_server_that_cannot_prove_its_name_is_told_nothing(
    pds: Running, internet: Internet, tmp_path: Path
) -> None:
    async with telling(pds, internet):
        stranger = Internet(new_authority(tmp_path))
        async with listening(stranger, PARKING_HOST) as impostor, listening(internet, "another.example") as other:
            for ports in (stranger.ports, internet.ports):
                internet.ports = {PUBLIC: ports[PUBLIC]}
                await actions.verify(pds.parking.client_id)
                await deliver(pds, internet)
                assert internet.dialled == [PUBLIC]
                internet.dialled.clear()
                pds.clock.ahead += KEPT_SECONDS + DAY
                await pds.publish_registry()
                await deliver(pds, internet)
            assert (impostor.posts, other.posts) == ([], [])
    assert certificate(internet.ca, PARKING_HOST).exists()


async def test_the_proxy_of_an_environment_is_not_asked(
    pds: Running, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with telling(pds, internet) as receiver:
        await actions.verify(pds.parking.client_id)
        await deliver(pds, internet)
        assert (len(receiver.posts), internet.dialled) == (1, [PUBLIC])
