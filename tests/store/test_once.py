"""A grant for one read: it ends with it, and only a lost answer may be fetched again."""

import asyncio

import pytest

from pds import store
from pds.core import jose
from pds.grants.models import GrantRow
from tests.store.world import NOW, Given, a_grant, add_token, end, kinds, verified

pytestmark = pytest.mark.usefixtures("opened")


async def test_the_first_read_ends_it_and_the_same_key_may_repeat_it_for_a_minute() -> None:
    given = await a_grant(once=True)
    first = await store.read(given.attempt())
    assert isinstance(first, store.Ok)
    assert first.n == 3
    again = await store.read(given.attempt(NOW + 59))
    assert isinstance(again, store.Ok)
    assert again.disclosure == first.disclosure
    assert await store.read(given.attempt(NOW + 60)) is store.Denied.ENDED
    assert await kinds(given) == ["approved", "read", "finished", "read"]
    assert (await GrantRow.get(id=given.grant_id)).state == "ended"
    await verified(given)


async def test_another_key_cannot_repeat_it() -> None:
    given = await a_grant(once=True)
    other = Given(given.grant_id, "another-token", jose.new_key())
    async with store.write():
        await add_token(other)
    results = await asyncio.gather(store.read(given.attempt()), store.read(other.attempt()))
    assert isinstance(results[0], store.Ok)
    assert results[1] is store.Denied.ENDED
    assert await store.read(other.attempt()) is store.Denied.ENDED


async def test_a_caller_who_claims_to_hold_it_has_not_read_it() -> None:
    given = await a_grant(once=True)
    assert isinstance(await store.read(given.attempt(tags=frozenset((given.tag(),)))), store.NotModified)
    assert isinstance(await store.read(given.attempt()), store.Ok)
    assert await kinds(given) == ["approved", "read_unchanged", "read", "finished"]
    assert isinstance(await store.read(given.attempt(tags=frozenset((given.tag(),)))), store.NotModified)
    await verified(given)


async def test_revoking_stops_the_repeat() -> None:
    given = await a_grant(once=True)
    await store.read(given.attempt())
    assert await end(given, now=NOW + 1) is not None
    assert await store.read(given.attempt(NOW + 2)) is store.Denied.NO_TOKEN
    row = await GrantRow.get(id=given.grant_id)
    assert not row.disclosure
    assert row.first_read is row.first_read_jkt is None
    assert await kinds(given) == ["approved", "read", "finished", "revoked"]
    await verified(given)


async def test_replacing_one_that_was_read_stops_the_repeat_without_an_entry() -> None:
    given = await a_grant(once=True)
    await store.read(given.attempt())
    assert await end(given, "replaced") is None
    assert await store.read(given.attempt()) is store.Denied.NO_TOKEN
    assert await kinds(given) == ["approved", "read", "finished"]
    await verified(given)


async def test_the_disclosure_is_forgotten_after_the_minute() -> None:
    given = await a_grant(once=True)
    await store.read(given.attempt())
    assert (await store.purge(NOW + 59))["forgotten"] == 0
    assert isinstance(await store.read(given.attempt(NOW + 59)), store.Ok)
    assert (await store.purge(NOW + 60))["forgotten"] == 1
    assert not (await GrantRow.get(id=given.grant_id)).disclosure
    assert await store.read(given.attempt(NOW + 60)) is store.Denied.ENDED
    assert await end(given, now=NOW + 61) is None
    await verified(given)


async def test_fifty_first_reads_at_once_end_it_once() -> None:
    given = await a_grant(once=True)
    results = await asyncio.gather(*(store.read(given.attempt()) for _ in range(50)))
    assert all(isinstance(result, store.Ok) for result in results)
    assert (await kinds(given)).count("finished") == 1
    await verified(given)
