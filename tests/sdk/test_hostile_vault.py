"""A vault that lies to a service: each lie has its own error, and none is believed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pds.core import jose
from pds.core.errors import Invalid
from pds.core.nonce import check_nonce
from pds.sdk import Refused, Service, Stopped, Unreachable
from pds.sdk.wire import Answer
from tests.conftest import Running
from tests.people import NAME, a_vault, service_of, share, until
from tests.sdk.between import Between, between, keep, with_json


@asynccontextmanager
async def spied(pds: Running) -> AsyncIterator[tuple[Between, Service]]:
    """The parking service, with somebody between it and the vault."""
    async with between(pds.issuer) as (middle, session):
        parking = pds.parking
        yield (
            middle,
            Service(
                issuer=pds.issuer,
                client_id=parking.client_id,
                redirect_uri=parking.redirect_uri,
                keys=parking.keys,
                session=session,
                clock=pds.clock,
            ),
        )


def only(path: str, **members: object):  # type: ignore[no-untyped-def]
    """Change these members of one endpoint's answer."""
    return lambda asked, answer: with_json(answer, **members) if asked == path else answer


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"sharing_record": "e30.e30.e30"}, "jose/algorithm"),
        ({"sharing_record": None}, "answer/members"),
        ({"grant_id": "AAAAAAAAAAAAAAAAAAAAAA"}, "proof/grant"),
        ({"id_token": None}, "answer/members"),
        ({"id_token": "e30.e30.e30"}, "jose/algorithm"),
        ({"token_type": "Bearer"}, "answer/members"),
        ({"expires_in": True}, "answer/members"),
        ({"access_token": ""}, "answer/members"),
        ({"refresh_token": 1}, "answer/members"),
    ],
)
async def test_a_token_response_that_lies_is_not_believed(pds: Running, members: dict[str, object], code: str) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        middle.change = only("/oauth/token", **members)
        with pytest.raises(Invalid) as caught:
            await share(resident, service, access=until(pds))
        assert caught.value.code == code


async def test_another_residents_record_is_not_taken_for_this_ones(pds: Running) -> None:
    async with a_vault(pds) as one, a_vault(pds) as other, spied(pds) as (middle, service):
        theirs = await share(other, service, access=until(pds))
        middle.change = only("/oauth/token", sharing_record=theirs.record)
        with pytest.raises(Invalid, match="record/request"):
            await share(one, service, access=until(pds))


async def test_another_residents_sign_in_is_not_taken_for_this_ones(pds: Running) -> None:
    kept: list[Answer] = []
    async with a_vault(pds) as one, a_vault(pds) as other, spied(pds) as (middle, service):
        middle.change = keep(kept)
        await share(other, service, access=until(pds))
        (token,) = (answer.json()["id_token"] for answer in kept if b'id_token"' in answer.body)
        middle.change = only("/oauth/token", id_token=token)
        with pytest.raises(Invalid, match="id-token/nonce"):
            await share(one, service, access=until(pds))


async def test_the_disclosure_of_another_resident_is_not_opened_as_this_ones(pds: Running) -> None:
    kept: list[Answer] = []
    async with a_vault(pds) as one, a_vault(pds) as other, spied(pds) as (middle, service):
        theirs = await share(other, service, access=until(pds))
        middle.change = keep(kept)
        await service.read(theirs)
        mine = await share(one, service, access=until(pds))
        middle.change = lambda path, answer: kept[0] if path == "/data" else answer
        with pytest.raises(Invalid, match="subject/mismatch"):
            await service.read(mine)


async def test_an_old_revision_is_not_taken_for_the_newest(pds: Running) -> None:
    kept: list[Answer] = []
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        middle.change = keep(kept)
        await service.read(grant)
        await resident.change("person.full_name", "Siân O’Connor")
        await service.read(grant)
        middle.change = lambda path, answer: replace(answer, status=200, body=kept[0].body)
        with pytest.raises(Invalid, match="disclosure/rolled-back"):
            await service.read(grant)
        middle.change = lambda path, answer: replace(
            answer, headers={**answer.headers, "Log-Position": f"1 {'A' * 43}"}
        )
        with pytest.raises(Invalid, match="disclosure/rolled-back"):
            await service.read(grant)


@pytest.mark.parametrize("header", ["", "x", "1", "-1 " + "A" * 43, "1 A", "9" * 20 + " " + "A" * 43])
async def test_a_read_without_its_place_in_the_log_is_refused(pds: Running, header: str) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        middle.change = lambda path, answer: replace(answer, headers={**answer.headers, "Log-Position": header})
        with pytest.raises(Invalid, match="log/malformed"):
            await service.read(grant)


@pytest.mark.parametrize("body", [b"", b"x", b"\xff\xfe", b"a.b.c.d.e", b"A" * 65000])
async def test_rubbish_in_place_of_a_disclosure_is_refused(pds: Running, body: bytes) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        middle.change = lambda path, answer: replace(answer, body=body)
        with pytest.raises(Invalid):
            await service.read(grant)


async def test_not_modified_is_no_answer_to_a_question_that_was_not_asked(pds: Running) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        middle.change = lambda path, answer: replace(answer, status=304, body=b"")
        with pytest.raises(Refused):
            await service.read(grant)


async def test_a_nonce_that_the_vault_demands_is_put_into_the_next_proof(pds: Running) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        assert (await service.read(grant)).value("person.full_name") == NAME
        assert middle.seen.count("GET /data") == middle.seen.count("POST /oauth/token") == 2
        assert (await service.read(grant)).value("person.full_name") == NAME
        assert middle.seen.count("GET /data") == 3, "the next proof has a nonce already"
        proofs = [entry["evidence"] for entry in await resident.log(grant.grant_id) if "read" in entry["kind"]]
        assert len(proofs) == 2
        for proof in proofs:
            check_nonce(pds.settings.secret, jose.peek(proof)["nonce"], now=pds.clock())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, {}, b""),
        Answer(429, {"Retry-After": "7"}, b""),
        Answer(200, {}, b"<html>a captive portal</html>"),
        Answer(200, {}, b"{" + b'"x":1,' * 100000),
        Answer(302, {"Location": "https://elsewhere.example/"}, b""),
        Answer(404, {}, b""),
    ],
)
async def test_a_vault_that_is_not_itself_is_unreachable(pds: Running, answer: Answer) -> None:
    async with spied(pds) as (middle, service):
        middle.before = lambda _request: answer
        with pytest.raises(Unreachable) as caught:
            await service.sign_in()
        assert caught.value.retry_after == (7 if answer.status == 429 else None)
        assert len(middle.seen) == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"issuer": "https://elsewhere.example"}, "answer/issuer"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "answer/members"),
        ({"jwks_uri": 1}, "answer/members"),
    ],
)
async def test_metadata_of_another_server_is_refused(pds: Running, members: dict[str, object], code: str) -> None:
    async with spied(pds) as (middle, service):
        middle.change = only("/.well-known/openid-configuration", **members)
        with pytest.raises(Invalid) as caught:
            await service.sign_in()
        assert caught.value.code == code


async def test_a_token_that_ended_early_is_fetched_anew_and_a_stopped_grant_says_so(pds: Running) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        grant.access_token = "AAAA"
        assert (await service.read(grant)).value("person.full_name") == NAME
        challenge = {"WWW-Authenticate": 'DPoP error="invalid_token"'}
        middle.change = lambda path, answer: Answer(401, challenge, b"") if path == "/data" else answer
        with pytest.raises(Stopped):
            await service.read(grant)


async def test_a_lost_connection_is_no_stop(pds: Running) -> None:
    async with a_vault(pds) as resident, spied(pds) as (middle, service):
        grant = await share(resident, service, access=until(pds))
        middle.change = lambda path, answer: None
        with pytest.raises(Unreachable):
            await service.read(grant)
        middle.change = lambda path, answer: answer
        assert (await service.read(grant)).value("person.full_name") == NAME
    async with service_of(pds, pds.parking) as service:
        assert (await service.read(grant)).revision == 1
