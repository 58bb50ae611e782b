"""What is over goes, and nothing else does."""

import asyncio

import pytest

from pds import store
from pds.counter.models import CounterEventRow, CounterRow
from pds.grants.models import AccessTokenRow, ClientTokenRow, CodeRow, GrantRow
from pds.reads.models import SeenRow
from pds.requests.models import RequestRow
from pds.residents.models import AttemptRow, ChallengeRow, SessionRow, SignInRow
from tests.store.worker import a_key, a_worker, read_for
from tests.store.world import NOW, a_grant, kinds, verified

pytestmark = pytest.mark.usefixtures("opened")


async def rows(expires: int, name: str) -> None:
    await SeenRow.create(mark=name, expires=expires)
    await ChallengeRow.create(id=name, purpose="login", nonce="n", subject="s", expires=expires)
    await SessionRow.create(digest=name, resident_id=f"{'r' * 21}A", auth_time=NOW, amr="", expires=expires)
    await SignInRow.create(sid=name, session="s", client_id="c", subject="s", expires=expires)
    await ClientTokenRow.create(digest=name, client_id="c", jkt="j", scope="s", expires=expires)
    await CounterRow.create(
        id=name, client_id="c", desk="d", jkt="j", device_digest=name, code_digest=name, typed_digest=name,
        state="void", n=1, interval=5, until=NOW, ends=NOW, expires=expires
    )  # fmt: skip
    await CounterEventRow.create(counter=name, n=1, what="void", data={}, expires=expires)
    await AttemptRow.create(key=name, count=1, expires=expires)
    await RequestRow.create(id=name, uri_digest=name, client_id="c", parameters={}, expires=expires)


async def test_what_has_expired_goes_and_the_rest_stays() -> None:
    given = await a_grant()
    await rows(NOW, "over")
    await rows(NOW + 1, "not over")
    done = await store.purge(NOW)
    assert done == {
        "seen": 1,
        "challenges": 1,
        "sessions": 1,
        "sign_ins": 1,
        "requests": 1,
        "attempts": 1,
        "client_tokens": 1,
        "counter_events": 1,
        "counters": 1,
        "deposits": 0,
        "codes": 0,
        "access_tokens": 0,
        "ended": 0,
        "forgotten": 0,
    }
    for table in (
        SeenRow,
        ChallengeRow,
        SessionRow,
        SignInRow,
        RequestRow,
        AttemptRow,
        ClientTokenRow,
        CounterRow,
        CounterEventRow,
    ):
        assert await table.all().count() == 1
    done = await store.purge(NOW + 600)
    assert (done["codes"], done["access_tokens"]) == (1, 1)
    assert await CodeRow.filter(grant_id=given.grant_id).count() == 0
    assert await AccessTokenRow.filter(grant_id=given.grant_id).count() == 0


async def test_a_grant_past_its_end_is_ended_and_logged() -> None:
    over, live = await a_grant(ends=NOW + 10), await a_grant()
    assert (await store.purge(NOW + 9))["ended"] == 0
    assert (await store.purge(NOW + 10))["ended"] == 1
    assert (await store.purge(NOW + 10))["ended"] == 0
    row = await GrantRow.get(id=over.grant_id)
    assert row.state == "ended"
    assert not row.disclosure
    assert await kinds(over) == ["approved", "expired"]
    assert await kinds(live) == ["approved"]
    await verified(over)


async def test_many_rows_go_in_many_small_transactions() -> None:
    async with store.write():
        await SeenRow.bulk_create([SeenRow(mark=f"m{number}", expires=NOW) for number in range(1234)])
    assert (await store.purge(NOW))["seen"] == 1234
    assert await SeenRow.all().count() == 0


async def test_a_mark_is_new_again_after_its_time() -> None:
    await store.mark("m", NOW + 60, NOW)
    await store.purge(NOW + 59)
    with pytest.raises(store.Replayed):
        await store.mark("m", NOW + 120, NOW + 59)
    await store.purge(NOW + 60)
    await store.mark("m", NOW + 120, NOW + 60)


async def test_cleaning_while_two_workers_read_disturbs_nobody(opened: str) -> None:
    given = await a_grant()
    async with a_worker(opened) as other:
        readers = [
            asyncio.create_task(other.ask("read_for", given=a_key(given), seconds=1, at_once=8)),
            asyncio.create_task(read_for(given, 1, 8)),
        ]
        for round_number in range(20):
            once = await a_grant(once=True)
            await store.read(once.attempt())
            # So late that marks and the read once grants are over, but not the token under test.
            await asyncio.gather(store.purge(NOW + 140 + round_number), store.purge(NOW + 140))
        reads = [read for found in await asyncio.gather(*readers) for read in found]
    assert {read[2] for read in reads} == {"Ok"}
    await verified(given)
