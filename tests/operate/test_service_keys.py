"""A service changes its keys by new statements, and nobody notices."""

from dataclasses import replace
from typing import Any

import pytest

from pds.core import jose
from pds.sdk import Refused, Resident, Service, ServiceKeys
from tests.conftest import Running
from tests.examples import PARKING
from tests.people import DETAILS, PERMIT, resident_of, service_of, share, until


def with_keys(pds: Running, keys: ServiceKeys) -> Service:
    """A process of the service that was started with these keys."""
    return service_of(pds, replace(pds.parking, keys=keys))


async def name_of(service: Service, grant: Any) -> object:
    return (await service.read(grant)).claims["person.full_name"]["value"]


async def recipient(pds: Running, resident: Resident, grant_id: str) -> str:
    """Which key the disclosure is encrypted to now."""
    rows = await resident._rows()
    return str(rows[grant_id]["enc_jkt"])


async def test_no_read_fails_while_all_keys_of_a_service_change(pds: Running) -> None:
    async with resident_of(pds) as resident:
        code = await resident.create()
        await resident.confirm_recovery(code)
        first = pds.parking.keys
        second = first.with_new_signature_key().with_new_encryption_key()
        last = second.without_old_keys()
        async with with_keys(pds, first) as old, with_keys(pds, second) as new:
            grant = await share(resident, old, access=until(pds))
            assert await name_of(old, grant) == DETAILS["person.full_name"]
            await pds.register(PARKING, second)  # both keys of each kind, and both processes at work
            assert await name_of(old, grant) == await name_of(new, grant)
            assert await recipient(pds, resident, grant.grant_id) == jose.thumbprint(first.enc)
            await resident.logout()
            await resident.login(code)  # the next unlock
            assert await recipient(pds, resident, grant.grant_id) == jose.thumbprint(second.enc)
            revision = grant.revision
            assert await name_of(new, grant) == DETAILS["person.full_name"]
            assert grant.revision == revision + 1, "the same values, encrypted anew"
            await resident.logout()
            await resident.login(code)
            assert await name_of(new, grant) == DETAILS["person.full_name"]
            assert grant.revision == revision + 1, "once is enough"
            await pds.register(PARKING, last)  # the old keys are gone from the statement
            async with with_keys(pds, last) as only_new:
                assert await name_of(only_new, grant) == DETAILS["person.full_name"]
            with pytest.raises(Refused, match="invalid_client"):
                await old.ask("resident-permit", PERMIT)
            assert (await new.ask("resident-permit", PERMIT)).url


async def test_a_wallet_that_was_away_leaves_the_old_disclosure_readable_by_the_old_key(pds: Running) -> None:
    async with resident_of(pds) as resident:
        code = await resident.create()
        await resident.confirm_recovery(code)
        async with with_keys(pds, pds.parking.keys) as old:
            grant = await share(resident, old, access=until(pds))
        kept = pds.parking.keys.with_new_encryption_key()
        await pds.register(PARKING, replace(kept, retired=()))  # it left the statement; the service still has it
        async with with_keys(pds, kept) as service:
            assert await name_of(service, grant) == DETAILS["person.full_name"]
            await resident.logout()
            await resident.login(code)
            assert await name_of(service, grant) == DETAILS["person.full_name"]
        assert await recipient(pds, resident, grant.grant_id) == jose.thumbprint(kept.enc)
