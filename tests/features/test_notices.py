"""A service is told that a grant changed or ended: that, and nothing more, until it has taken it."""

import logging

import pytest

from pds import store
from pds.core import jose
from pds.core.encoding import Json
from pds.core.notice import EVENTS, GRANT_CHANGED, GRANT_ENDED, VERIFICATION
from pds.errors import NotFound
from pds.notices import actions
from pds.notices.models import NoticeRow
from pds.registry import actions as registry
from pds.sdk import Grant, Resident
from tests.conftest import Running
from tests.core.schemas import complaints
from tests.examples import PARKING
from tests.features.telling import (
    DAY,
    HOUR,
    LOGOUTS,
    NOTICES,
    again,
    deliver,
    opened,
    takes,
    telling,
    waiting,
)
from tests.internet import Internet, Post
from tests.people import ADDRESS, a_vault, query_of, service_of, share, until

MOVED = ADDRESS | {"lines": ["2 New Road"]}


async def shared(pds: Running, resident: Resident) -> Grant:
    async with service_of(pds, pds.parking) as parking:
        return await share(resident, parking, access=until(pds))


async def told(pds: Running, internet: Internet, ahead: int = HOUR) -> None:
    """An hour later, when whatever was spread over it is due."""
    pds.clock.ahead += ahead
    await deliver(pds, internet)


def claims_of(post: Post) -> Json:
    return jose.peek(post.body.decode("ascii"))


async def test_a_service_is_told_that_a_resident_stopped(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        assert await waiting() == []
        await resident.revoke(grant.grant_id)
        await told(pds, internet)
        [post] = receiver.posts
        assert post.path == "/notices?of=parking"
        assert post.headers["Content-Type"] == "application/secevent+jwt"
        assert post.headers["Accept"] == "application/json"
        assert jose.read_header(post.body.decode(), jose.NOTICE)["typ"] == "secevent+jwt"
        notice = await opened(pds, post)
        assert (notice.kind, notice.sub, notice.grant_id) == (GRANT_ENDED, grant.sub, grant.grant_id)
        assert await waiting() == []


async def test_a_notice_says_that_and_nothing_else(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.change("address.current", MOVED)
        await told(pds, internet)
        await resident.revoke(grant.grant_id)
        await told(pds, internet)
        changed, ended = (claims_of(post) for post in receiver.posts)
        for claims in (changed, ended):
            assert complaints("notice.json", claims) == []
            assert claims["iat"] % HOUR == 0
            assert claims.keys() == {"iss", "aud", "iat", "jti", "sub_id", "events"}
            assert claims["sub_id"] == {"format": "iss_sub", "iss": pds.issuer, "sub": grant.sub}
        assert changed["events"] == {EVENTS[GRANT_CHANGED]: {"grant_id": grant.grant_id, "revision": 2}}
        assert ended["events"] == {EVENTS[GRANT_ENDED]: {"grant_id": grant.grant_id}}


async def test_a_change_is_told_at_some_moment_of_an_hour_and_two_are_told_once(
    pds: Running, internet: Internet
) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.change("address.current", MOVED)
        [first] = await waiting()
        assert pds.clock() - 60 <= first.due < pds.clock() + HOUR
        await resident.change("address.current", ADDRESS)
        [second] = await waiting()
        assert (second.revision, second.due) == (3, first.due)
        assert second.id != first.id, "the first may have been received, and its id noted"
        await told(pds, internet)
        notice = await opened(pds, receiver.posts[0])
        assert (notice.kind, notice.grant_id, notice.revision) == (GRANT_CHANGED, grant.grant_id, 3)
        assert len(receiver.posts) == 1


async def test_who_has_stopped_is_not_told_of_changes_before(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet), a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.change("address.current", MOVED)
        await resident.revoke(grant.grant_id)
        assert [row.kind for row in await waiting()] == [GRANT_ENDED]


async def test_a_grant_that_ends_by_its_date_is_told_and_not_why(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        by_hand = await share(resident, parking, access=until(pds))
        await resident.revoke(by_hand.grant_id)
        by_date = await share(resident, parking, access=until(pds, 90))
        pds.clock.ahead += 92 * DAY
        await pds.publish_registry()
        await store.purge(pds.clock())
        assert {row.grant_id for row in await waiting()} == {by_hand.grant_id, by_date.grant_id}
        await NoticeRow.all().update(queued=pds.clock())
        await told(pds, internet)
        found = [claims_of(post) for post in receiver.posts]
        for claims in found:
            del claims["jti"]
        assert sorted(found, key=repr) == sorted(
            (found[0] | {"events": {EVENTS[GRANT_ENDED]: {"grant_id": one.grant_id}}} for one in (by_hand, by_date)),
            key=repr,
        )


async def test_a_grant_that_another_replaces_is_told_as_ended(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        old = await shared(pds, resident)
        new = await shared(pds, resident)
        await told(pds, internet)
        [notice] = [await opened(pds, post) for post in receiver.posts]
        assert (notice.kind, notice.grant_id) == (GRANT_ENDED, old.grant_id)
        assert new.grant_id != old.grant_id


async def test_a_read_that_ends_a_single_share_is_told_to_nobody_who_made_it(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet), a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        await parking.read(grant)
        pds.clock.ahead += DAY
        await store.purge(pds.clock())
        assert await waiting() == []


async def test_a_service_without_an_address_is_told_nothing(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, notices=None, logouts=LOGOUTS) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.change("address.current", MOVED)
        await resident.revoke(grant.grant_id)
        assert await waiting() == []
        await told(pds, internet)
        assert receiver.posts == []


async def test_a_sign_in_that_is_over_is_told_to_nobody(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet), a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        asked = await parking.sign_in()
        question = await resident.asked(await resident.follow(asked.url))
        await parking.finish(query_of(await resident.approve(question)), asked.pending)
        pds.clock.ahead += 2 * DAY
        await store.purge(pds.clock())
        assert await waiting() == []


async def test_what_is_rolled_back_is_told_to_nobody(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet), a_vault(pds) as resident:
        grant = await shared(pds, resident)

        async def interrupted() -> None:
            async with store.write() as connection:
                await store.publish(connection, grant.grant_id, 2, "a.disclosure", pds.clock())
                await store.end_grant(connection, grant.grant_id, "revoked", "", pds.clock())
                assert await NoticeRow.all().count() == 1
                raise RuntimeError("a mistake of ours, after all was written")

        with pytest.raises(RuntimeError):
            await interrupted()
        assert await waiting() == []
        await resident.revoke(grant.grant_id)
        assert len(await waiting()) == 1


async def test_a_suspended_service_is_told_when_it_may_go_on(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.revoke(grant.grant_id)
        await registry.suspend(PARKING["client_id"], suspended=True)
        pds.clock.ahead += HOUR
        assert await actions.claim(now=pds.clock(), lease=pds.clock() + 30, most=8) == ([], [])
        assert receiver.posts == []
        await registry.suspend(PARKING["client_id"], suspended=False)
        await deliver(pds, internet)
        assert len(receiver.posts) == 1


async def test_a_service_that_takes_no_notices_any_more_is_left_in_peace(
    pds: Running, internet: Internet, caplog: pytest.LogCaptureFixture
) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.revoke(grant.grant_id)
        await again(pds, takes(PARKING, None, LOGOUTS))
        with caplog.at_level(logging.WARNING):
            await told(pds, internet)
        assert (receiver.posts, await waiting()) == ([], [])
        assert "takes none any more" in caplog.text


async def test_a_notice_goes_to_the_address_that_is_registered_when_it_is_sent(
    pds: Running, internet: Internet
) -> None:
    async with telling(pds, internet) as receiver, a_vault(pds) as resident:
        grant = await shared(pds, resident)
        await resident.revoke(grant.grant_id)
        await again(pds, takes(PARKING, NOTICES.replace("?of=", "?now=")))
        await told(pds, internet)
        assert [post.path for post in receiver.posts] == ["/notices?now=parking"]


async def test_an_operator_tries_the_way_to_a_service(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet) as receiver:
        await actions.verify(PARKING["client_id"])
        await deliver(pds, internet)
        [post] = receiver.posts
        assert complaints("notice.json", claims_of(post)) == []
        assert (await opened(pds, post)).kind == VERIFICATION
        for nobody in ("https://nobody.example", pds.leisure.client_id):
            with pytest.raises(NotFound):
                await actions.verify(nobody)


async def test_the_outbox_tells_what_waits_and_for_how_long(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet), a_vault(pds) as resident:
        grant = await shared(pds, resident)
        before = pds.clock()
        await resident.revoke(grant.grant_id)
        [found] = await actions.waiting()
        assert (found.client_id, found.notices, found.attempts) == (pds.parking.client_id, 1, 0)
        assert found.oldest is not None
        assert before <= found.oldest <= pds.clock()
