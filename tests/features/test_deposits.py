"""Given once, kept once: what a service offers back, and a resident who decides of each value."""

from typing import Any

import pytest

from pds.core import jose
from pds.core.deposit import MAX_SECONDS, Offer, make_deposit
from pds.core.encoding import b64u
from pds.core.errors import Invalid
from pds.deposits.models import DepositRow
from pds.sdk import Grant, Problem, Refused, Service, Unreachable
from pds.store import purge
from tests.conftest import Running
from tests.people import DETAILS, a_vault, resident_of, service_of, share, until

MOBILE, EMAIL = "+447700900123", "sian@example.org"
CAR = "vehicle.registration"


async def made(service: Service, grant: Grant, pds: Running, **changes: Any) -> None:
    """A deposit that is right but for what is given, handed in as it is."""
    now = pds.clock()
    arguments: dict[str, Any] = {
        "client_id": service.client_id,
        "sub": grant.sub,
        "id": b64u(bytes(15) + bytes([len(str(changes)) % 256])),
        "why": "typed",
        "values": {"contact.mobile": Offer(MOBILE, "2026-11-02")},
        "now": now,
        "ends": now + MAX_SECONDS,
    } | changes
    key = arguments.pop("key", service.keys.sig)
    recipient = arguments.pop("recipient", jose.p256_public(grant.deposit_jwk))
    compact = make_deposit(key, recipient, **arguments)
    await service.tokens.deposit({"sub": grant.sub, "deposit": compact})


async def test_what_was_typed_is_offered_back_and_kept_only_when_the_resident_says_so(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        await parking.read(grant)
        await parking.offer(grant, {"contact.mobile": "07700 900123", "contact.email": EMAIL})
        (offered,) = await resident.inbox()
        assert offered.deposit is not None
        assert {id: each.value for id, each in offered.deposit.values.items()} == {
            "contact.mobile": MOBILE,
            "contact.email": EMAIL,
        }
        assert "contact.mobile" not in resident.details()
        await resident.answer(offered, ["contact.mobile"])
        assert resident.details()["contact.mobile"] == MOBILE
        assert "contact.email" not in resident.details()
        assert await resident.inbox() == []
        (kept,) = [item for item in (await resident.open()).items.values() if item.get("attribute") == "contact.mobile"]
        assert kept["from"] == {"service": parking.client_id, "why": "typed"}
        assert kept["source"] == "self_asserted"


async def test_a_second_car_does_not_take_the_place_of_the_first(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        for mark in ("CD52 EFG", "cd52efg"):
            await parking.offer(grant, {CAR: mark})
            (offered,) = await resident.inbox()
            await resident.answer(offered, [CAR])
        items = (await resident.open()).items.values()
        assert sorted(item["value"] for item in items if item.get("attribute") == CAR) == ["AB51ABC", "CD52EFG"]


async def test_a_kept_value_reaches_the_services_that_follow_that_detail(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        standing = await share(resident, parking, values={**DETAILS, "contact.mobile": MOBILE}, access=until(pds))
        assert (await parking.read(standing)).value("contact.mobile") == MOBILE
        moved = "+447700900456"
        await parking.offer(standing, {"contact.mobile": moved})
        assert (await parking.read(standing)).value("contact.mobile") == MOBILE
        (offered,) = await resident.inbox()
        await resident.answer(offered, ["contact.mobile"])
        assert (await parking.read(standing)).value("contact.mobile") == moved


async def test_thrown_away_is_gone_and_the_same_deposit_does_not_come_back(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await made(parking, grant, pds)
        row = await DepositRow.get()
        (offered,) = await resident.inbox()
        await resident.answer(offered)
        assert "contact.mobile" not in resident.details()
        # An operator that kept it, or a service that says it again: the vault remembers.
        await DepositRow.create(**{name: getattr(row, name) for name in row._meta.db_fields})
        (again,) = await resident.inbox()
        assert (again.deposit, again.fault) == (None, "deposit/repeated")


async def test_a_deposit_is_kept_as_it_was_shown_and_not_as_the_server_gives_it_later(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await parking.offer(grant, {"contact.mobile": MOBILE})
        (offered,) = await resident.inbox()
        await parking.offer(grant, {"contact.mobile": "+447700900456"})
        shown = await DepositRow.get(id=offered.id)
        other = await DepositRow.exclude(id=offered.id).get()
        await other.delete()
        await DepositRow.filter(id=shown.id).update(deposit=other.deposit, digest=other.digest)
        await resident.answer(offered, ["contact.mobile"])
        assert resident.details()["contact.mobile"] == MOBILE


async def test_one_deposit_is_answered_once_by_all_the_devices_of_a_vault(pds: Running) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as laptop, service_of(pds, pds.parking) as parking:
        code = await phone.create()
        await phone.confirm_recovery(code)
        grant = await share(phone, parking, access=until(pds))
        await parking.offer(grant, {"contact.mobile": MOBILE})
        row = await DepositRow.get()
        (offered,) = await phone.inbox()
        await laptop.login(code)
        (theirs,) = await laptop.inbox()
        await laptop.answer(theirs)
        # Also where an operator gives it again.
        await DepositRow.create(**{name: getattr(row, name) for name in row._meta.db_fields})
        with pytest.raises(Invalid, match="deposit/repeated"):
            await phone.answer(offered, ["contact.mobile"])
        assert "contact.mobile" not in phone.details()


async def test_an_inbox_is_taken_for_hostile(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        grant = await share(resident, parking, access=until(pds))
        other = jose.new_key()
        hostile: dict[str, dict[str, Any]] = {
            "jose/signature": {"key": leisure.keys.sig},
            "jose/key": {"recipient": other},
            "deposit/issuer": {"client_id": leisure.client_id},
            "deposit/audience": {"sub": jose.thumbprint(other)},
            "deposit/attribute": {"values": {"health.conditions": Offer("Asthma", "2026-11-02")}},
        }
        for fault, changes in hostile.items():
            await made(parking, grant, pds, **changes)
            (found,) = await resident.inbox()
            assert (found.deposit, found.fault in (fault, "jose/key")) == (None, True), (fault, found.fault)
            with pytest.raises(Exception, match=found.fault):
                await resident.answer(found, ["contact.mobile"])
            await resident.answer(found)
        await made(parking, grant, pds)
        (right,) = await resident.inbox()
        assert right.deposit is not None


async def test_nobody_leaves_anything_for_somebody_who_stopped_or_whom_they_do_not_know(pds: Running) -> None:
    async with (
        a_vault(pds) as resident,
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        grant = await share(resident, parking, access=until(pds))
        stranger = Grant.of({**grant.document(), "sub": jose.thumbprint(jose.new_key())})
        refusals = []
        for service, whose in ((parking, stranger), (leisure, grant)):
            with pytest.raises(Refused) as refused:
                await service.offer(whose, {"contact.mobile": MOBILE})
            refusals.append((refused.value.error, refused.value.description))
        await parking.offer(grant, {"contact.mobile": MOBILE})
        await resident.revoke(grant.grant_id)
        with pytest.raises(Refused) as refused:
            await parking.offer(grant, {"contact.mobile": MOBILE})
        refusals.append((refused.value.error, refused.value.description))
        assert set(refusals) == {("access_denied", "no dealings with this sub")}


async def test_a_form_may_be_sent_days_after_its_one_read_but_not_for_ever(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        await parking.read(grant)
        pds.clock.ahead += 6 * 86400
        await parking.offer(grant, {"contact.mobile": MOBILE})
        pds.clock.ahead += 2 * 86400
        with pytest.raises(Refused):
            await parking.offer(grant, {"contact.email": EMAIL})


async def test_an_inbox_has_room_for_five_of_one_service_and_keeps_none_for_ever(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        for number in range(5):
            await parking.offer(grant, {"contact.mobile": f"+44770090012{number}"})
        with pytest.raises(Unreachable) as full:
            await parking.offer(grant, {"contact.email": EMAIL})
        assert full.value.retry_after
        first, *_ = await resident.inbox()
        await resident.answer(first)
        await parking.offer(grant, {"contact.email": EMAIL})
        pds.clock.ahead += MAX_SECONDS
        assert (await purge(pds.clock()))["deposits"] == 5


async def test_the_same_bytes_again_are_kept_once(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await parking.offer(grant, {"contact.mobile": MOBILE})
        row = await DepositRow.get()
        await parking.tokens.deposit({"sub": grant.sub, "deposit": row.deposit})
        assert await DepositRow.all().count() == 1
        assert len(await resident.inbox()) == 1


async def test_what_is_no_deposit_is_refused_by_its_form(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        disclosure = jose.encrypt(b"{}", jose.DISCLOSURE_JWE, jose.p256_public(grant.deposit_jwk))
        for wrong in ("a", "a.b.c.d.e", disclosure, "A" * 40_000):
            with pytest.raises(Refused) as refused:
                await parking.tokens.deposit({"sub": grant.sub, "deposit": wrong})
            assert refused.value.error == "invalid_request"
        assert await resident.inbox() == []


async def test_an_inbox_is_its_residents_alone(pds: Running) -> None:
    async with a_vault(pds) as resident, a_vault(pds) as stranger, service_of(pds, pds.parking) as parking:
        await share(stranger, parking)
        grant = await share(resident, parking, access=until(pds))
        await parking.offer(grant, {"contact.mobile": MOBILE})
        assert await stranger.inbox() == []
        (offered,) = await resident.inbox()
        with pytest.raises(Problem) as problem:
            await stranger.answer(offered)
        assert problem.value.code == "not-found"
        assert len(await resident.inbox()) == 1
