"""What a resident decided beforehand holds, whatever a service asks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pds.core.encoding import Json, jcs
from pds.core.preferences_item import Known, Persona, Preferences, Rule
from pds.grants.models import GrantRow
from pds.sdk import Grant, KeptBack, Resident, SdkError, Service, Stopped
from pds.sdk.deciding import Question
from pds.vault.models import ItemRow
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, NAME, PERMIT, a_vault, query_of, resident_of, service_of, share, until
from tests.watching import watched

WORK = "d29yay13b3JrLXdvcmstdw"
REST = {id: value for id, value in DETAILS.items() if id != "address.current"}
MOVED = {"lines": ["Flat 3", "22 Harbour Row"], "town": "Seaville", "postcode": "SE3 4CD"}


async def question_of(resident: Resident, service: Service, access: Any = "once") -> tuple[Question, Any]:
    asked = await service.ask("resident-permit", PERMIT, access)
    return await resident.asked(await resident.follow(asked.url)), asked.pending


async def claims_of(service: Service, grant: Grant) -> dict[str, Json]:
    return dict((await service.read(grant)).claims)


def trust(client_id: str, word: str) -> Callable[[Preferences], Preferences]:
    return lambda now: replace(now, services={**now.services, client_id: Known(word)})


def rule(attribute: str, word: str, *services: str) -> Callable[[Preferences], Preferences]:
    return lambda now: replace(now, rules={**now.rules, attribute: Rule(word, services)})


def protecting(now: Preferences) -> Preferences:
    return replace(now, address_protection=True)


async def test_a_blocked_service_gets_nothing_and_one_that_is_not_blocked_does(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.control.prefer(trust(service.client_id, "blocked"))
        question, _ = await question_of(resident, service)
        assert resident.control.propose(question).refused == "blocked-service"
        with pytest.raises(KeptBack, match="blocked-service"):
            await resident.approve(question, DETAILS)
        await resident.control.prefer(trust(service.client_id, "ask"))
        await resident.approve(question, DETAILS)


async def test_what_is_never_shared_is_not_shared_by_mistake_either(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.control.prefer(rule("contact.email", "never"))
        question, pending = await question_of(resident, service)
        with pytest.raises(KeptBack, match="rule-never"):
            await resident.approve(question, {**DETAILS, "contact.email": "sian@example.org"})
        back = await resident.approve(question, DETAILS)
        claims = await claims_of(service, await service.finish(query_of(back), pending))
        assert claims["contact.email"] == {"absent": "withheld"}
        assert claims["person.full_name"]["value"] == NAME


async def test_an_attribute_for_named_services_goes_to_those(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.control.prefer(rule("person.full_name", "only", "https://other.example"))
        question, _ = await question_of(resident, service)
        with pytest.raises(KeptBack, match="rule-only"):
            await resident.approve(question, DETAILS)
        await resident.control.prefer(rule("person.full_name", "only", service.client_id))
        await resident.approve(question, DETAILS)


async def test_a_trusted_service_is_one_tap_the_second_time_and_never_shares_by_itself(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        everything = {**DETAILS, "contact.email": "sian@example.org", "contact.mobile": "+447700900123"}
        await resident.control.prefer(trust(service.client_id, "trusted"))
        question, pending = await question_of(resident, service)
        assert not resident.control.propose(question).one_tap
        await service.finish(query_of(await resident.approve(question, everything)), pending)
        question, _ = await question_of(resident, service)
        assert resident.control.propose(question).one_tap
        assert question.decided is None
        await resident.revoke(next(id for id in (await resident.grants()).grants).id)
        assert not resident.control.propose(question).one_tap


async def test_two_devices_change_preferences_at_once_and_both_hold(pds: Running) -> None:
    async with resident_of(pds) as first, resident_of(pds) as second:
        await second.login(await first.create())
        await first.control.prefer(protecting)
        await second.control.prefer(rule("contact.email", "never"))
        await first.open()
        for device in (first, second):
            assert device.control.preferences.address_protection
            assert device.control.preferences.rules == {"contact.email": Rule("never")}


LIKE_NOT_HELD: dict[str, tuple[str, Any, Callable[[Preferences], Preferences]]] = {
    "kept back": ("contact.email", "sian@example.org", lambda now: replace(now, alike=True)),
    "protected": ("address.current", ADDRESS, protecting),
}


@pytest.mark.parametrize("why", LIKE_NOT_HELD)
async def test_withheld_and_not_held_are_the_same_to_service_and_server(pds: Running, why: str) -> None:
    """The same members, values and sizes; the same statements and operations. Nothing tells which of the two it was."""
    attribute, value, prefer = LIKE_NOT_HELD[why]
    rest = {id: each for id, each in DETAILS.items() if id != attribute}
    seen = []
    # The first of each warms caches up.
    for holds in (True, False, True, False):
        async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
            await resident.change(attribute if holds else "contact.mobile", value if holds else "+447700900123")
            await resident.control.prefer(
                prefer if holds or why == "kept back" else lambda now: replace(now, quiet=True)
            )
            question, pending = await question_of(resident, service)
            with watched(own=False) as (statements, functions):
                back = await resident.approve(question, rest if holds else {**rest, attribute: None})
                grant = await service.finish(query_of(back), pending)
                read = await service.read(grant)
            row = await GrantRow.get(id=grant.grant_id)
            sealed = [len(each.sealed) for each in await ItemRow.filter(resident_id=row.resident_id).order_by("id")]
            sizes = (
                len(row.record),
                len(grant.record),
                [len(each) for each in query_of(back).values()],
                sorted(sealed),
            )
            seen.append((dict(read.claims), sizes, statements, sorted(functions)))
    held, lacking = seen[2:]
    assert held[0][attribute] == {"absent": "not_held"}
    assert len(held[2]) > 10, "statements were seen"
    for done in ("approve", "verify_record", "verify_proof"):
        assert any(done in name for name in held[3]), f"{done} was seen"
    assert held == lacking


async def test_what_the_service_stores_and_fetches_is_of_one_size_whatever_was_decided(pds: Running) -> None:
    sizes = set()
    for given in (DETAILS, {}, {**DETAILS, "contact.email": "sian@example.org", "contact.mobile": "07700 900123"}):
        async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
            grant = await share(resident, service, values=given)
            row = await GrantRow.get(id=grant.grant_id)
            sizes.add(len(row.disclosure or ""))
    assert len(sizes) == 1


async def test_address_protection_withholds_the_address_and_says_not_held(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.change("address.current", ADDRESS)
        await resident.control.prefer(protecting)
        question, pending = await question_of(resident, service)
        with pytest.raises(KeptBack, match="address-protection"):
            await resident.approve(question, DETAILS)
        back = await resident.approve(question, REST)
        claims = await claims_of(service, await service.finish(query_of(back), pending))
        assert claims["address.current"] == {"absent": "not_held"}
        assert claims["contact.email"] == {"absent": "withheld"}


async def test_the_address_does_not_leave_inside_another_value(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await resident.change("address.current", ADDRESS)
        await resident.control.prefer(protecting)
        question, _ = await question_of(resident, service)
        for hidden in ("Siân of 10, Example  street", "Siân an12ab"):
            with pytest.raises(KeptBack, match=r"person\.full_name"):
                await resident.approve(question, {**REST, "person.full_name": hidden})
        await resident.approve(question, REST)


@pytest.mark.parametrize("answer", ["cut", "replace", "keep"])
async def test_switching_protection_on_decides_every_grant_that_shows_the_address(pds: Running, answer: str) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        assert resident.control.exposed() == {grant.grant_id: ("address.current",)}
        with pytest.raises(SdkError, match="decide each grant"):
            await resident.control.protect_address({})
        assert resident.control.preferences == Preferences()
        for id in await resident.control.protect_address({grant.grant_id: answer}):
            await resident.revoke(id)
        assert resident.control.preferences.address_protection
        await resident.change("address.current", MOVED)
        if answer == "cut":
            with pytest.raises(Stopped):
                await service.read(grant)
            grant = await share(resident, service, values=REST)
        claims = await claims_of(service, grant)
        assert claims["person.full_name"]["value"] == NAME
        assert b"Harbour" not in jcs(claims)
        expected = ADDRESS if answer == "keep" else {"absent": "not_held"}
        assert claims["address.current"].get("value", claims["address.current"]) == expected


async def test_each_persona_is_somebody_else_to_the_service_and_keeps_its_values(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        persona = Persona("Work", {"contact.email": "sian@work.example"})
        await resident.change("contact.email", "sian@example.org")
        await resident.control.prefer(lambda now: replace(now, personas={WORK: persona}))
        asked = [await question_of(resident, service) for _ in range(3)]
        assert resident.control.propose(asked[0][0]).persona_because == "choose"
        emails, subjects = [], []
        for (question, pending), chosen in zip(asked, ("", WORK, None), strict=True):
            back = await resident.approve(question, {**DETAILS, "contact.email": None}, persona=chosen)
            grant = await service.finish(query_of(back), pending)
            emails.append((await claims_of(service, grant))["contact.email"]["value"])
            subjects.append(grant.sub)
        assert emails == ["sian@example.org", "sian@work.example", "sian@work.example"]
        assert subjects[0] != subjects[1]
        assert subjects[1] == subjects[2], "the persona was remembered"
        assert resident.details()["contact.email"] == "sian@example.org"


async def test_a_one_off_subject_is_never_used_again_and_nothing_stays(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        known = Known(one_off=True)
        await resident.control.prefer(lambda now: replace(now, services={service.client_id: known}))
        subjects = {(await share(resident, service)).sub for _ in range(3)}
        assert len(subjects) == 3
        question, _ = await question_of(resident, service, until(pds))
        with pytest.raises(KeptBack, match="one-off"):
            await resident.approve(question, DETAILS)


async def test_rules_can_be_tried_on_what_was_shared(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as service:
        await share(resident, service)
        tried = resident.control.try_out(Preferences(rules={"vehicle.registration": Rule("never")}))
        assert [one.kept_back for one in tried] == [("vehicle.registration",)]
        assert resident.control.preferences == Preferences()
