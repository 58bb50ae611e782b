"""What a resident relies on, with a wallet that has no screen."""

from typing import Any

import pytest

from pds.core import jose
from pds.core.errors import Invalid
from pds.core.recovery import format_code
from pds.sdk import (
    Problem,
    RecoveryUnconfirmed,
    Refused,
    Resident,
    SdkError,
    Stopped,
)
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, NAME, PERMIT, a_vault, query_of, resident_of, service_of, share, until


async def test_the_recovery_code_opens_the_vault_on_another_device(pds: Running) -> None:
    async with resident_of(pds) as first, resident_of(pds) as second:
        code = await first.create()
        await first.change("person.full_name", "  Siân   Łucja O’Connor-Nguyễn ")
        await second.login(code.lower().replace("-", " "))
        assert second.details() == {"person.full_name": NAME}
        assert second.vault == first.vault


async def test_a_code_of_nobody_signs_nobody_in(pds: Running) -> None:
    async with resident_of(pds) as resident:
        with pytest.raises(Problem) as caught:
            await resident.login(format_code(bytes(20)))
        assert caught.value.status in (401, 422)
        with pytest.raises(Invalid, match="recovery/check"):
            await resident.login("0" * 34)
        with pytest.raises(SdkError):
            resident.details()


async def test_another_code_does_not_confirm_this_vault(pds: Running) -> None:
    async with resident_of(pds) as one, resident_of(pds) as other:
        await one.create()
        with pytest.raises(Invalid, match="seal/open"):
            await one.confirm_recovery(await other.create())


async def test_nothing_stays_shared_before_the_recovery_code_is_confirmed(pds: Running) -> None:
    async with resident_of(pds) as resident, service_of(pds, pds.parking) as service:
        code = await resident.create()
        asked = await service.ask("resident-permit", PERMIT, until(pds))
        question = await resident.asked(await resident.follow(asked.url))
        with pytest.raises(RecoveryUnconfirmed):
            await resident.approve(question, DETAILS)
        await share(resident, service)  # once is fine
        await resident.confirm_recovery(code)
        await service.finish(query_of(await resident.approve(question, DETAILS)), asked.pending)


async def test_the_resident_sees_who_asks_and_why(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT, until(pds))
        question = await resident.asked(await resident.follow(asked.url))
        assert question.service.authority_name["en"] == "Anytown Borough Council"
        assert question.request.purpose is not None
        assert question.request.purpose.retention_days == 730
        assert {id for id, required in question.request.attributes.items() if required} == {
            "person.full_name",
            "address.current",
            "vehicle.registration",
        }
        assert question.decided is None


async def test_only_what_she_names_is_shared(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.change("contact.mobile", "07700 900123")
        asked = await service.ask("resident-permit", PERMIT, until(pds))
        question = await resident.asked(await resident.follow(asked.url))
        with pytest.raises(Invalid):
            await resident.approve(question, ["person.date_of_birth"])
        with pytest.raises(Invalid):
            await resident.approve(question, ["contact.email"], withhold=["contact.email"])
        back = await resident.approve(question, ["person.full_name", "contact.email"], withhold=["contact.mobile"])
        claims = (await service.read(await service.finish(query_of(back), asked.pending))).claims
        assert claims == {
            "person.full_name": {"absent": "not_held"},
            "contact.email": {"absent": "not_held"},
            "contact.mobile": {"absent": "withheld"},
            "address.current": {"absent": "withheld"},
            "vehicle.registration": {"absent": "withheld"},
        }


async def test_what_she_types_while_sharing_is_kept_unless_she_says_not(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await share(resident, service, values={"person.full_name": NAME})
        assert resident.details() == {"person.full_name": NAME}
        asked = await service.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(asked.url))
        await resident.approve(question, {"address.current": ADDRESS}, keep=False)
        assert "address.current" not in resident.details()


async def test_a_value_used_once_does_not_follow_the_vault(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.change("person.full_name", NAME)
        grant = await share(resident, service, access=until(pds), values={"person.full_name": "S. O’Connor"})
        assert (await service.read(grant)).value("person.full_name") == "S. O’Connor"
        assert resident.details()["person.full_name"] == NAME
        assert await resident.change("person.full_name", "Siân O’Connor") == ()
        assert (await service.read(grant)).value("person.full_name") == "S. O’Connor"


async def test_a_shorter_time_than_asked_is_hers_to_choose(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT, until(pds, 300))
        question = await resident.asked(await resident.follow(asked.url))
        shorter = until(pds, 120)["until"]
        with pytest.raises(Invalid, match="record/access"):
            await resident.approve(question, DETAILS, until=until(pds, 301)["until"])
        grant = await service.finish(query_of(await resident.approve(question, DETAILS, until=shorter)), asked.pending)
        assert grant.sharing_record().access == {"until": shorter}
        pds.clock.ahead = 122 * 86400
        with pytest.raises(Stopped):
            await service.read(grant)


async def test_a_change_reaches_each_service_that_holds_it_and_no_other(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        standing = await share(resident, parking, access=until(pds))
        wanted: dict[str, Any] = {"person.full_name": {"required": True}}
        await share(resident, leisure, purpose="leisure-card", attributes=wanted, values={"person.full_name": None})
        assert await resident.change("contact.email", "sian@example.org") == ()
        moved = {"lines": ["22 Harbour Row"], "postcode": "an3 4cd"}
        assert await resident.change("address.current", moved) == (standing.grant_id,)
        read = await parking.read(standing)
        assert read.value("address.current") == {"lines": ["22 Harbour Row"], "postcode": "AN3 4CD"}
        assert read.claims["contact.email"] == {"absent": "withheld"}


async def test_sharing_again_replaces_what_was_shared(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        first = await share(resident, service, access=until(pds))
        second = await share(resident, service, access=until(pds))
        assert first.sub == second.sub
        with pytest.raises(Stopped):
            await service.read(first)
        assert (await service.read(second)).value("person.full_name") == NAME
        assert [grant.id for grant in (await resident.grants()).grants] == [second.grant_id]


async def test_what_was_read_once_stands_in_nobodys_way(pds: Running) -> None:
    async with resident_of(pds) as resident, service_of(pds, pds.parking) as service:
        code = await resident.create()
        await service.read(await share(resident, service))
        pds.clock.ahead = 90
        second = await share(resident, service)
        assert (await service.read(second)).value("person.full_name") == NAME
        pds.clock.ahead = 3 * 86400
        await resident.login(code)
        await share(resident, service)
        listing = await resident.grants()
        assert len(listing.grants) == 1
        assert listing.differences == ()


async def test_after_a_stop_nobody_reads_and_the_log_says_so(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        await service.read(grant)
        await resident.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await service.read(grant)
        assert [entry["kind"] for entry in await resident.log(grant.grant_id)][-1] == "revoked"
        assert (await resident.grants()).grants == ()
        assert await resident.change("person.full_name", "Another Name") == ()
        with pytest.raises(SdkError):
            await resident.revoke(grant.grant_id)


async def test_a_no_is_kept_in_the_vault_and_cannot_become_a_yes(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(asked.url))
        assert query_of(await resident.decline(question))["error"] == "access_denied"
        kept = [item for item in (await resident.open()).items.values() if item["kind"] == "decisions"]
        (refusal,) = kept[0]["refusals"]
        assert refusal["service"] == pds.parking.client_id
        assert refusal["name"] == question.service.name, "what it is called is kept for the activity"
        with pytest.raises(Problem) as caught:
            await resident.approve(question, DETAILS)
        assert caught.value.code == "conflict"


async def test_a_sign_in_needs_no_details(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.leisure) as service:
        asked = await service.sign_in()
        question = await resident.asked(await resident.follow(asked.url))
        assert question.request.purpose is None
        await service.finish(query_of(await resident.approve(question)), asked.pending)
        assert [grant.purpose for grant in (await resident.grants()).grants] == ["sign-in"]


async def test_a_request_belongs_to_the_browser_that_brought_it(pds: Running) -> None:
    async with a_vault(pds) as resident, a_vault(pds) as other, service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT)
        request_id = await resident.follow(asked.url)
        with pytest.raises(Problem) as caught:
            await other.asked(request_id)
        assert caught.value.status in (403, 404)
        with pytest.raises(Problem):
            await resident.follow("https://elsewhere.example/oauth/authorize")


async def test_a_value_that_the_catalogue_refuses_is_not_kept(pds: Running) -> None:
    async with a_vault(pds) as resident:
        for attribute, value in (("contact.mobile", "none"), ("person.full_name", ""), ("no.such", "x")):
            with pytest.raises(Invalid, match="catalogue/value"):
                await resident.change(attribute, value)
        assert resident.details() == {}


async def test_a_service_that_the_registrar_dropped_gets_nothing_new(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        parking = pds.services.pop(pds.parking.client_id)
        await pds.publish_registry()
        assert await resident.change("person.full_name", "Another Name") == ()
        with pytest.raises(Refused, match="invalid_client"):
            async with service_of(pds, parking) as gone:
                await gone.sign_in()
        assert grant.revision == 0


async def test_a_new_registrar_key_is_taken_only_from_the_old_one(pds: Running) -> None:
    async with service_of(pds, pds.parking) as service:
        stranger = Resident(pds.issuer, registrar_keys=[jose.public_jwk(jose.new_key())], clock=pds.clock)
        async with stranger:
            await stranger.create()
            asked = await service.ask("resident-permit", PERMIT)
            with pytest.raises(Invalid, match="registry/key-unknown"):
                await stranger.asked(await stranger.follow(asked.url))
