"""What one read answers, logs and leaves behind."""

import asyncio

import pytest

from pds import store
from pds.core import jose
from pds.core.chain import Position
from pds.errors import Conflict, Gone, NotFound
from pds.grants.models import AccessTokenRow, CodeRow, GrantRow, LogRow, RefreshTokenRow
from pds.reads.models import SeenRow
from pds.registry.models import ServiceRow
from tests.store.world import CLIENT, NOW, Given, a_grant, end, kinds, publish, verified

pytestmark = pytest.mark.usefixtures("opened")


async def test_a_read_gives_the_disclosure_and_is_logged_with_its_proof() -> None:
    given = await a_grant()
    attempt = given.attempt(NOW + 5)
    result = await store.read(attempt)
    assert isinstance(result, store.Ok)
    assert (result.grant_id, result.revision, result.n, result.disclosure) == (given.grant_id, 1, 2, "disclosure 1")
    entry = await LogRow.get(grant_id=given.grant_id, n=2)
    assert (entry.kind, entry.at, entry.evidence, entry.revision) == ("read", NOW + 5, attempt.proof, 1)
    row = await GrantRow.get(id=given.grant_id)
    assert (row.n, row.head, row.last_read) == (2, result.head, NOW + 5)
    assert await verified(given) == Position(2, result.head)


async def test_a_caller_who_holds_the_revision_is_told_so_and_logged() -> None:
    given = await a_grant()
    result = await store.read(given.attempt(tags=frozenset((given.tag(), '"another"'))))
    assert result == store.NotModified(given.grant_id, 1, 2, (await verified(given)).head)
    any_tag = await store.read(given.attempt(tags=frozenset("*")))
    assert isinstance(any_tag, store.NotModified)
    for tags in (given.tag(2), '"another"', given.tag()[1:-1]):
        assert isinstance(await store.read(given.attempt(tags=frozenset((tags,)))), store.Ok)
    assert await kinds(given) == ["approved", "read_unchanged", "read_unchanged", "read", "read", "read"]
    await verified(given)


async def test_a_proof_is_used_up_by_one_read() -> None:
    given = await a_grant()
    attempt = given.attempt()
    assert isinstance(await store.read(attempt), store.Ok)
    assert await store.read(attempt) is store.Denied.REPLAYED
    assert await kinds(given) == ["approved", "read"]


async def test_of_equal_proofs_at_once_one_is_accepted() -> None:
    given = await a_grant()
    attempt = given.attempt()
    results = await asyncio.gather(*(store.read(attempt) for _ in range(50)))
    assert sum(isinstance(result, store.Ok) for result in results) == 1
    assert results.count(store.Denied.REPLAYED) == 49
    await verified(given)


async def test_tokens_that_do_not_fit_read_nothing_and_log_nothing() -> None:
    given, stranger = await a_grant(), jose.new_key()
    late = await a_grant(token_expires=NOW)
    assert await store.read(given.attempt(token_digest="A" * 43)) is store.Denied.NO_TOKEN
    assert await store.read(late.attempt()) is store.Denied.NO_TOKEN
    assert await store.read(given.attempt(key=stranger)) is store.Denied.WRONG_KEY
    assert await kinds(given) == await kinds(late) == ["approved"]
    assert await SeenRow.all().count() == 0  # nobody fills our table with proofs for tokens they do not hold


async def test_a_batch_answers_each_by_its_own_merit() -> None:
    first, second, once = await a_grant(), await a_grant(), await a_grant(once=True)
    ended = await a_grant()
    await end(ended)
    attempts = [
        first.attempt(),
        second.attempt(token_digest="A" * 43),
        once.attempt(),
        first.attempt(tags=frozenset((first.tag(),))),
        second.attempt(key=jose.new_key()),
        ended.attempt(),
        second.attempt(),
        once.attempt(),
        first.attempt(),
    ]
    results = await asyncio.gather(*map(store.read, attempts))
    assert [result if isinstance(result, store.Denied) else type(result) for result in results] == [
        store.Ok,
        store.Denied.NO_TOKEN,
        store.Ok,
        store.NotModified,
        store.Denied.WRONG_KEY,
        store.Denied.NO_TOKEN,
        store.Ok,
        store.Ok,
        store.Ok,
    ]
    assert [result.n for result in results if isinstance(result, store.Ok | store.NotModified)] == [2, 3, 3, 2, 4, 4]
    assert await kinds(once) == ["approved", "read", "finished", "read"]
    for given in (first, second, once):
        await verified(given)


async def test_the_time_of_a_chain_never_goes_back() -> None:
    given = await a_grant()
    await store.read(given.attempt(NOW + 30))
    await store.read(given.attempt(NOW + 10))
    assert [entry.at for entry in await LogRow.filter(grant_id=given.grant_id).order_by("n")] == [
        NOW,
        NOW + 30,
        NOW + 30,
    ]
    await verified(given)


async def test_a_sign_in_has_no_data() -> None:
    given = await a_grant(disclosure=None)
    assert await store.read(given.attempt()) is store.Denied.NO_DATA


async def test_nothing_is_read_after_the_end_or_while_the_service_is_suspended() -> None:
    given = await a_grant(ends=NOW + 100)
    assert isinstance(await store.read(given.attempt(NOW + 99)), store.Ok)
    assert await store.read(given.attempt(NOW + 100)) is store.Denied.ENDED
    standing = await a_grant()
    await ServiceRow.filter(client_id=CLIENT).update(suspended=True)
    assert await store.read(standing.attempt()) is store.Denied.ENDED
    await ServiceRow.filter(client_id=CLIENT).update(suspended=False)
    assert isinstance(await store.read(standing.attempt()), store.Ok)
    await ServiceRow.filter(client_id=CLIENT).delete()
    assert await store.read(standing.attempt()) is store.Denied.ENDED


async def test_revoking_takes_tokens_unused_code_and_disclosure() -> None:
    given = await a_grant()
    await store.read(given.attempt())
    position = await end(given, now=NOW + 1)
    assert position == await verified(given)
    row = await GrantRow.get(id=given.grant_id)
    assert row.state == "ended"
    assert not row.disclosure
    for table in (AccessTokenRow, RefreshTokenRow, CodeRow):
        assert await table.filter(grant_id=given.grant_id).count() == 0
    assert await store.read(given.attempt()) is store.Denied.NO_TOKEN
    assert await end(given) is None
    assert await kinds(given) == ["approved", "read", "revoked"]


async def test_a_used_code_outlives_the_grant_so_that_its_second_use_is_recognised() -> None:
    given = await a_grant()
    await CodeRow.filter(grant_id=given.grant_id).update(used=True)
    await end(given)
    assert await CodeRow.filter(grant_id=given.grant_id).count() == 1


async def test_publishing_goes_up_one_by_one_and_only_while_the_grant_lives() -> None:
    given = await a_grant()
    assert (await publish(given, 2)).n == 2
    for revision in (2, 4):
        with pytest.raises(Conflict):
            await publish(given, revision)
    result = await store.read(given.attempt(tags=frozenset((given.tag(),))))
    assert isinstance(result, store.Ok)
    assert (result.revision, result.disclosure) == (2, "disclosure 2")
    await end(given)
    with pytest.raises(Gone):
        await publish(given, 3)
    with pytest.raises(Conflict):
        await publish(await a_grant(disclosure=None), 2)
    with pytest.raises(NotFound):
        await publish(Given("A" * 22, "", jose.new_key()), 2)
    await verified(given)


async def test_an_entry_is_written_only_while_the_grant_lives() -> None:
    given = await a_grant(ends=NOW + 10)
    async with store.write() as connection:
        assert (await store.append(connection, given.grant_id, "collected", "", NOW)).n == 2
        with pytest.raises(Gone):
            await store.append(connection, given.grant_id, "collected", "", NOW + 10)
    await verified(given)


async def test_an_act_that_is_rolled_back_leaves_no_entry() -> None:
    given = await a_grant()

    async def act() -> None:
        async with store.write() as connection:
            await store.end_grant(connection, given.grant_id, "revoked", "x", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await act()
    assert isinstance(await store.read(given.attempt()), store.Ok)
    assert await kinds(given) == ["approved", "read"]
