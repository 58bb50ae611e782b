"""This was not me: what was given at a counter ends and a supervisor is told, both or neither, over any line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pds import store
from pds.counter import reports
from pds.sdk import Grant, Problem, Resident, Service, Stopped, Unreachable
from tests.conftest import Running
from tests.hostile.proxy import Answer, Asked, Proxy, Server, answer, swallowed
from tests.people import DETAILS, a_vault, desk_of, pair, until

STOP, REPORT = "POST /api/grants/*/revocation", "POST /api/grants/*/report"


@asynccontextmanager
async def at_a_desk(pds: Running) -> AsyncIterator[tuple[Resident, Grant, Service]]:
    """Somebody who shared at a counter, for long."""
    async with a_vault(pds) as resident, desk_of(pds, pds.parking) as desk:
        exchange = await desk.begin("resident-permit", access=until(pds))
        await resident.approve(await (await pair(resident, exchange)).question(), DETAILS)
        yield resident, (await exchange.collect()).grant, desk.service


async def told() -> set[str]:
    """What supervisors were told."""
    return {kind for _, kind, _, _ in await reports.alerts()}


async def nobody_can_keep(what: str) -> None:
    """As on a full disk: the database takes no row of this table."""
    async with store.write() as connection:
        await connection.execute_query(f"ALTER TABLE {what} RENAME TO {what}_away")


async def everybody_can_keep(what: str) -> None:
    async with store.write() as connection:
        await connection.execute_query(f"ALTER TABLE {what}_away RENAME TO {what}")


@pytest.mark.parametrize("where", ["counter_reports", "counter_alerts"])
async def test_a_report_that_cannot_be_kept_stops_nothing_and_done_again_does_both(
    pds: Running, proxy: Proxy, where: str
) -> None:
    async with at_a_desk(pds) as (resident, grant, parking):
        await nobody_can_keep(where)
        with pytest.raises(Unreachable):
            await resident.report(grant.grant_id)
        await everybody_can_keep(where)
        assert (await resident.grants()).differences == (), "nothing of it was done: the resident reads that it lives"
        assert (await parking.read(grant)).value("vehicle.registration") == DETAILS["vehicle.registration"]
        assert await told() == set()
        tried = proxy.sent(REPORT)[-1]
        again = await proxy._ask(tried)
        assert again.status == 200, "the same bytes, now that there is room"
        assert await told() == {"report"}
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_who_stopped_it_first_and_heard_no_answer_still_has_a_supervisor_told(pds: Running, proxy: Proxy) -> None:
    async with at_a_desk(pds) as (resident, grant, parking):
        proxy.lie(STOP, swallowed)
        with pytest.raises(Unreachable):
            await resident.revoke(grant.grant_id)
        proxy.repent()
        assert await told() == set()
        await resident.report(grant.grant_id)
        assert await told() == {"report"}
        with pytest.raises(Stopped):
            await parking.read(grant)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_report_whose_answer_is_lost_counts_once_and_freezes_no_desk(
    pds: Running, proxy: Proxy, times: int
) -> None:
    lost: list[str] = []

    async def lose(asked: Asked, server: Server) -> Answer | None:
        said = await server(asked)
        lost.append(asked.path)
        return None if len(lost) <= times else said

    async with at_a_desk(pds) as (resident, grant, parking):
        proxy.lie(REPORT, lose)
        if times == 2:
            with pytest.raises(Unreachable):
                await resident.report(grant.grant_id)
        await resident.report(grant.grant_id)
        assert await told() == {"report"}, "one resident, however often: the desk goes on"
        assert await reports.frozen() == []
        with pytest.raises(Stopped):
            await parking.read(grant)


async def test_a_server_that_only_says_that_the_vault_moved_on_is_not_believed_to_have_told_anybody(
    pds: Running, proxy: Proxy
) -> None:
    """It keeps the commit and drops the report: the wallet finds its own commit, and says it again."""

    async def stop_alone(asked: Asked, server: Server) -> Answer:
        said = await server(Asked(asked.method, asked.path.replace("report", "revocation"), asked.headers, asked.body))
        assert said.status == 200
        proxy.repent()
        return answer(412, {"type": "about:blank", "status": 412, "code": "another-device-was-first", "detail": ""})

    async with at_a_desk(pds) as (resident, grant, _):
        proxy.lie(REPORT, stop_alone)
        await resident.report(grant.grant_id)
        assert await told() == {"report"}


async def test_nobody_reports_what_another_resident_was_given(pds: Running, proxy: Proxy) -> None:
    async with at_a_desk(pds) as (resident, grant, _), a_vault(pds) as other:
        body = {"commit": None, "revocation": None}
        await resident.revoke(grant.grant_id)
        with pytest.raises(Problem, match="not-found"):
            await other._api.post(f"/api/grants/{grant.grant_id}/report", body)
        assert await told() == set()
        await resident._api.post(f"/api/grants/{grant.grant_id}/report", body)
        assert await told() == {"report"}
