"""The invariants notice every half of an act: otherwise that they hold would say nothing."""

import pytest

from pds import store
from tests.conftest import Running
from tests.faults.invariants import broken
from tests.people import a_vault, service_of, share, until

HALVES = {
    "a manifest that is not there": "DELETE FROM manifests WHERE seq = 2",
    "a manifest too many": "UPDATE residents SET seq = seq - 1",
    "another manifest": "UPDATE manifests SET digest = 'AAAA' WHERE seq = 2",
    "a vault without a way in": "DELETE FROM methods",
    "a grant that is not in the vault": "DELETE FROM items WHERE item IN (SELECT id FROM grants)",
    "a grant whose request waits": "UPDATE requests SET decision = NULL",
    "a grant of no request": "DELETE FROM requests",
    "an approval without its entry": "DELETE FROM log_entries WHERE n = 1",
    "a read without its entry": "DELETE FROM log_entries WHERE kind = 'read'",
    "an entry beyond the head": "UPDATE grants SET n = n - 1",
    "another entry": "UPDATE log_entries SET at = at + 1 WHERE n = 1",
    "tokens without their entry": "DELETE FROM log_entries WHERE kind = 'collected'",
    "an active grant without a disclosure": "UPDATE grants SET disclosure = NULL WHERE state = 'active'",
    "a disclosure that outlives its grant": "UPDATE grants SET disclosure = 'x' WHERE state = 'ended'",
    "a grant ended without an entry": "UPDATE grants SET state = 'ended' WHERE state = 'active'",
    "an end without its grant's": "UPDATE grants SET state = 'active' WHERE state = 'ended'",
    "a publication without its entry": "UPDATE grants SET revision = revision + 1",
    "another record": "UPDATE grants SET record_hash = 'AAAA'",
    "a subject that is nobody's": "DELETE FROM subjects",
    "a code that was never used": "UPDATE codes SET used = (1 = 0)",
}


@pytest.mark.parametrize("half", HALVES)
async def test_half_an_act_is_noticed(pds: Running, half: str) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking, service_of(pds, pds.leisure) as cards:
        replaced = await share(resident, parking, access=until(pds))
        await parking.read(replaced)
        stopped = await share(resident, parking, access=until(pds))
        await resident.revoke(stopped.grant_id)
        standing = await share(resident, parking, access=until(pds))
        await parking.read(standing)
        await resident.change("vehicle.registration", "AB52ABC")
        asked = await cards.sign_in()
        await resident.approve(await resident.asked(await resident.follow(asked.url)))
    assert await broken(pds.issuer) == []
    async with store.write() as connection:
        await connection.execute_query(HALVES[half])
    assert await broken(pds.issuer) != []
