"""What a council's developer relies on."""

import asyncio
import json
from dataclasses import replace

import pytest
from multidict import MultiDict

from pds.core.errors import Invalid
from pds.sdk import Declined, Grant, Pending, Refused, Resident, Service, ServiceKeys, Stopped, Unreachable
from tests.conftest import Running
from tests.people import DETAILS, NAME, PERMIT, a_vault, query_of, service_of, share, until
from tests.ports import unused_port


async def asked_and_approved(pds: Running, resident: Resident, service: Service) -> tuple[dict[str, str], Pending]:
    asked = await service.ask("resident-permit", PERMIT, until(pds))
    question = await resident.asked(await resident.follow(asked.url))
    return query_of(await resident.approve(question, DETAILS)), asked.pending


async def test_a_service_asks_and_reads_what_was_shared(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        read = await service.read(grant)
        assert read.value("person.full_name") == NAME
        assert read.claims["contact.email"] == {"absent": "withheld"}
        assert read.sub == grant.sub
        assert (grant.revision, grant.n) == (1, 3)


async def test_what_a_service_keeps_survives_a_restart(pds: Running) -> None:
    async with a_vault(pds) as resident:
        async with service_of(pds, pds.parking) as service:
            asked = await service.ask("resident-permit", PERMIT, until(pds))
            kept = json.dumps(asked.pending.document())
        question = await resident.asked(await resident.follow(asked.url))
        back = query_of(await resident.approve(question, DETAILS))
        async with service_of(pds, pds.parking) as service:
            kept = json.dumps((await service.finish(back, Pending.of(json.loads(kept)))).document())
        async with service_of(pds, pds.parking) as service:
            grant = Grant.of(json.loads(kept))
            assert (await service.read(grant)).value("person.full_name") == NAME
            assert Grant.of(json.loads(json.dumps(grant.document()))) == grant


async def test_signing_in_tells_a_service_a_subject_and_nothing_else(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.leisure) as service:
        grants = []
        for _ in range(2):
            asked = await service.sign_in()
            question = await resident.asked(await resident.follow(asked.url))
            grants.append(await service.finish(query_of(await resident.approve(question)), asked.pending))
        first, second = grants
        assert first.sub == second.sub
        assert second.sharing_record().attributes == ()
        assert second.refresh_token is None
        with pytest.raises(Refused, match="insufficient_scope"):
            await service.read(second)


async def test_two_services_know_two_subjects(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, pds.leisure) as leisure,
        service_of(pds, pds.parking) as parking,
    ):
        one = await share(resident, parking)
        other = await share(
            resident,
            leisure,
            purpose="leisure-card",
            attributes={"person.full_name": {"required": True}},
            values={"person.full_name": None},
        )
        assert one.sub != other.sub
        assert one.deposit_jwk != other.deposit_jwk


async def test_a_no_arrives_as_a_no(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(asked.url))
        with pytest.raises(Declined):
            await service.finish(query_of(await resident.decline(question)), asked.pending)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "https://elsewhere.example"}, "answer/issuer"),
        ({"iss": None}, "answer/issuer"),
        ({"state": "x"}, "answer/state"),
        ({"state": None}, "answer/state"),
        ({"code": None}, "answer/code"),
        ({"subject_proof": None}, "proof/missing"),
        ({"subject_proof": "e30.e30.e30"}, "jose/algorithm"),
        ({"error": "access_denied", "iss": "https://elsewhere.example"}, "answer/issuer"),
    ],
)
async def test_an_answer_that_is_not_whole_is_refused_and_its_code_is_not_spent(
    pds: Running, change: dict[str, str | None], code: str
) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        query, pending = await asked_and_approved(pds, resident, service)
        bad = {name: value for name, value in {**query, **change}.items() if value is not None}
        with pytest.raises(Invalid) as caught:
            await service.finish(bad, pending)
        assert caught.value.code == code
        await service.finish(query, pending)


async def test_a_parameter_that_comes_twice_is_refused(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        query, pending = await asked_and_approved(pds, resident, service)
        twice = MultiDict(query)
        twice.add("code", "another")
        with pytest.raises(Invalid, match="answer/repeated"):
            await service.finish(twice, pending)
        await service.finish(MultiDict(query), pending)


async def test_a_proof_of_another_request_is_refused_before_the_code_is_spent(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        query, pending = await asked_and_approved(pds, resident, service)
        other, _ = await asked_and_approved(pds, resident, service)
        with pytest.raises(Invalid, match="proof/request"):
            await service.finish({**query, "subject_proof": other["subject_proof"]}, pending)


async def test_a_code_is_good_once(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        query, pending = await asked_and_approved(pds, resident, service)
        await service.finish(query, pending)
        with pytest.raises(Refused, match="invalid_grant"):
            await service.finish(query, pending)


async def test_another_browsers_answer_does_not_fit(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        query, pending = await asked_and_approved(pds, resident, service)
        other = (await service.ask("resident-permit", PERMIT, until(pds))).pending
        with pytest.raises(Invalid, match="answer/state"):
            await service.finish(query, other)
        with pytest.raises(Invalid, match="proof/request"):
            await service.finish(query, replace(other, state=pending.state))


async def test_a_stopped_grant_is_told_apart_from_a_vault_that_is_away(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        await service.read(grant)
        await resident.revoke(grant.grant_id)
        for _ in range(2):
            with pytest.raises(Stopped):
                await service.read(grant)
    nowhere = f"http://localhost:{unused_port()}"
    parking = pds.parking
    async with Service(
        issuer=nowhere, client_id=parking.client_id, redirect_uri=parking.redirect_uri, keys=parking.keys
    ) as service:
        with pytest.raises(Unreachable):
            await service.read(grant)
        with pytest.raises(Unreachable):
            await service.sign_in()


async def test_a_grant_outlives_its_access_tokens_and_not_its_end(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds, 100))
        first = grant.access_token
        pds.clock.ahead = 1200
        assert (await service.read(grant)).value("person.full_name") == NAME
        assert grant.access_token != first
        pds.clock.ahead = 102 * 86400
        with pytest.raises(Stopped):
            await service.read(grant)


async def test_once_is_once(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service)
        first = await service.read(grant)
        assert await service.read(grant) == first  # the same key may repeat it for 60 s, in case the answer was lost
        pds.clock.ahead = 61
        with pytest.raises(Stopped):
            await service.read(grant)


async def test_reading_again_costs_no_second_copy_and_is_logged(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        assert await service.read(grant) == await service.read(grant)
        kinds = [entry["kind"] for entry in await resident.log(grant.grant_id)]
        assert kinds == ["approved", "collected", "read", "read_unchanged"]
        await resident.change("person.full_name", "Siân O’Connor")
        assert (await service.read(grant)).value("person.full_name") == "Siân O’Connor"
        assert (grant.revision, grant.n) == (2, 6)


async def test_reads_at_the_same_time_do_not_accuse_the_vault(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        reads = await asyncio.gather(*(service.read(grant) for _ in range(8)))
        assert len({read.revision for read in reads}) == 1
        assert grant.n == 10


async def test_an_older_disclosure_than_the_last_is_refused(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        await service.read(grant)
        for ahead in ({"n": grant.n + 5}, {"revision": 2}):
            with pytest.raises(Invalid, match="disclosure/rolled-back"):
                await service.read(replace(grant, **ahead))  # type: ignore[arg-type]


async def test_asking_for_more_than_was_registered_is_refused_at_the_door(pds: Running) -> None:
    async with service_of(pds, pds.parking) as service:
        for purpose, attributes, access in (
            ("another", PERMIT, "once"),
            ("resident-permit", {"person.national_insurance_number": {}}, "once"),
            ("resident-permit", {"contact.email": {"required": True}}, "once"),
            ("resident-permit", PERMIT, {"until": "2099-01-01"}),
        ):
            with pytest.raises(Refused) as caught:
                await service.ask(purpose, attributes, access)
            assert caught.value.error == "invalid_authorization_details"


async def test_keys_that_were_never_registered_ask_nothing(pds: Running) -> None:
    parking = pds.parking
    async with Service(
        issuer=pds.issuer,
        client_id=parking.client_id,
        redirect_uri=parking.redirect_uri,
        keys=ServiceKeys.generate(),
        clock=pds.clock,
    ) as service:
        with pytest.raises(Refused, match="invalid_client"):
            await service.sign_in()


async def test_a_wrong_clock_is_not_mistaken_for_a_stopped_grant(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
    parking = pds.parking
    async with Service(
        issuer=pds.issuer,
        client_id=parking.client_id,
        redirect_uri=parking.redirect_uri,
        keys=parking.keys,
        clock=lambda: pds.clock() - 300,
    ) as service:
        with pytest.raises(Refused, match="invalid_dpop_proof"):
            await service.read(grant)


async def test_a_new_encryption_key_still_opens_what_came_before(pds: Running) -> None:
    async with a_vault(pds) as resident:
        async with service_of(pds, pds.parking) as service:
            grant = await share(resident, service, access=until(pds))
        parking = pds.parking
        renewed = replace(parking, keys=parking.keys.with_new_encryption_key())
        async with service_of(pds, renewed) as service:
            assert (await service.read(grant)).value("person.full_name") == NAME


@pytest.mark.parametrize(
    "issuer", ["http://vault.anytown.example", "https://vault.anytown.example/", "ftp://x.example", "vault"]
)
def test_a_vault_is_reached_over_tls_or_not_at_all(issuer: str) -> None:
    with pytest.raises(Invalid):
        Service(issuer=issuer, client_id="x", redirect_uri="y", keys=ServiceKeys.generate())
