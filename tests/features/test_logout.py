"""Who signs out of the vault is signed out of the services of that session that asked to be told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from pds import store
from pds.core import jose
from pds.core.encoding import Json
from pds.core.notice import SESSION_ENDED
from pds.residents.models import SignInRow
from pds.sdk import Invalid, Resident
from tests.conftest import Registered, Running
from tests.core.schemas import complaints
from tests.examples import PARKING
from tests.features.telling import (
    DAY,
    LOGOUTS,
    NOTICES,
    again,
    both_telling,
    deliver,
    opened,
    signed_out,
    takes,
    telling,
    token_of,
    waiting,
)
from tests.internet import Internet
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import NAME, a_vault, resident_of, service_of, until


@asynccontextmanager
async def client_of(pds: Running, registered: Registered) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Client(pds, registered, session)


async def approved(client: Client, resident: Resident, details: list[Json] | None = None) -> dict[str, str]:
    """A sign-in, or a share, up to the form that redeems its code."""
    more: Json = {} if details is None else {"authorization_details": details}
    _, pushed = await client.push(client.request(**more))
    question = await resident.asked(await resident.follow(client.url(pushed)))
    back = await resident.approve(question, {} if details is None else {"person.full_name": NAME})
    return {
        "grant_type": "authorization_code",
        "code": code_of(back),
        "redirect_uri": client.service.redirect_uri,
        "code_verifier": VERIFIER,
    }


async def signed_in(pds: Running, registered: Registered, resident: Resident) -> str:
    """The ID token of a sign-in."""
    async with client_of(pds, registered) as client:
        status, answer = await client.token(await approved(client, resident))
        assert status == 200, answer
        return str(answer["id_token"])


async def test_every_service_of_the_session_is_told_by_its_own_names(pds: Running, internet: Internet) -> None:
    async with both_telling(pds, internet) as (parking, leisure), a_vault(pds) as resident:
        at_parking, at_leisure = [
            jose.peek(await signed_in(pds, each, resident)) for each in (pds.parking, pds.leisure)
        ]
        assert await waiting() == []
        await resident.logout()
        await deliver(pds, internet)
        for receiver, service, id_token in (
            (parking, pds.parking, at_parking),
            (leisure, pds.leisure, at_leisure),
        ):
            [post] = receiver.posts
            assert post.path == "/logout"
            told = await signed_out(pds, post, service)
            assert (told.sub, told.sid) == (id_token["sub"], id_token["sid"])
            claims = jose.peek(token_of(post))
            assert complaints("logout_token.json", claims) == []
            assert claims["exp"] - claims["iat"] == 120
        one, other = jose.peek(token_of(parking.posts[0])), jose.peek(token_of(leisure.posts[0]))
        common = {name for name in one if one[name] == other[name]}
        assert common <= {"iss", "iat", "exp", "events"}, "nothing that joins the two"
        assert await waiting() == []


async def test_a_session_has_one_name_at_a_service_and_another_session_another(
    pds: Running, internet: Internet
) -> None:
    async with telling(pds, internet, logouts=LOGOUTS), resident_of(pds) as here, resident_of(pds) as there:
        code = await here.create()
        await here.confirm_recovery(code)
        first, second = [jose.peek(await signed_in(pds, pds.parking, here))["sid"] for _ in range(2)]
        assert first == second
        await there.login(code)
        third = jose.peek(await signed_in(pds, pds.parking, there))
        assert (third["sid"] != first, await SignInRow.all().count()) == (True, 2)
        await there.logout()
        assert [row.sid for row in await waiting()] == [third["sid"]]


async def test_a_refreshed_id_token_is_of_the_same_session(pds: Running) -> None:
    async with a_vault(pds) as resident, client_of(pds, pds.parking) as client:
        details = client.details(access=until(pds))
        _, first = await client.token(await approved(client, resident, details))
        form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        _, second = await client.token(form)
        assert jose.peek(first["id_token"])["sid"] == jose.peek(second["id_token"])["sid"]


async def test_a_service_that_takes_notices_alone_is_told_by_a_notice(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, NOTICES, None) as receiver, a_vault(pds) as resident:
        id_token = jose.peek(await signed_in(pds, pds.parking, resident))
        await resident.logout()
        await deliver(pds, internet)
        [post] = receiver.posts
        assert complaints("notice.json", jose.peek(post.body.decode())) == []
        notice = await opened(pds, post)
        assert (notice.kind, notice.sub, notice.sid) == (SESSION_ENDED, id_token["sub"], id_token["sid"])


async def test_a_service_that_did_not_ask_is_not_told(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, None, None) as receiver, a_vault(pds) as resident:
        await signed_in(pds, pds.parking, resident)
        assert await SignInRow.all().count() == 1
        await resident.logout()
        assert (await waiting(), await SignInRow.all().count(), receiver.posts) == ([], 0, [])


async def test_a_session_that_ended_before_the_code_was_redeemed_is_told_then(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, None, LOGOUTS) as receiver, a_vault(pds) as resident:
        async with client_of(pds, pds.parking) as client:
            form = await approved(client, resident)
            await resident.logout()
            assert await waiting() == []
            _, answer = await client.token(form)
        await deliver(pds, internet)
        [post] = receiver.posts
        assert (await signed_out(pds, post)).sid == jose.peek(answer["id_token"])["sid"]


async def test_a_session_that_ends_by_its_time_is_told_to_nobody(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, None, LOGOUTS), a_vault(pds) as resident:
        await signed_in(pds, pds.parking, resident)
        pds.clock.ahead += DAY
        await store.purge(pds.clock())
        assert (await waiting(), await SignInRow.all().count()) == ([], 0)


async def test_a_logout_token_is_sent_again_with_new_times_and_the_same_id(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, None, LOGOUTS) as receiver, a_vault(pds) as resident:
        await signed_in(pds, pds.parking, resident)
        for answer in (400, 202, 501, 204):
            receiver.answers.append(web.Response(status=answer))
        await resident.logout()
        for _ in range(4):
            pds.clock.ahead += DAY // 4
            await deliver(pds, internet)
        tokens = [jose.peek(token_of(post)) for post in receiver.posts]
        assert len(tokens) == 4
        assert len({claims["jti"] for claims in tokens}) == 1
        assert len({claims["exp"] for claims in tokens}) == 4
        assert await waiting() == []


async def test_an_address_that_is_registered_later_is_used(pds: Running, internet: Internet) -> None:
    async with telling(pds, internet, None, None) as receiver, a_vault(pds) as resident:
        await signed_in(pds, pds.parking, resident)
        await again(pds, takes(PARKING, None, LOGOUTS))
        await resident.logout()
        await deliver(pds, internet)
        assert len(receiver.posts) == 1


async def test_id_token_logout_token_and_notice_are_never_taken_for_each_other(
    pds: Running, internet: Internet
) -> None:
    async with both_telling(pds, internet) as (parking, _), a_vault(pds) as resident:
        id_token = await signed_in(pds, pds.parking, resident)
        async with service_of(pds, pds.parking) as service, client_of(pds, pds.parking) as client:
            form = await approved(client, resident, client.details(access=until(pds)))
            _, answer = await client.token(form)
            await resident.revoke(answer["grant_id"])
            await resident.logout()
            pds.clock.ahead += 3600
            await deliver(pds, internet)
            notice, logout = sorted(parking.posts, key=lambda post: post.path, reverse=True)
            for wrong in (id_token, token_of(logout)):
                with pytest.raises(Invalid, match="jose/type"):
                    await service.notice(wrong)
            for wrong in (id_token, notice.body.decode()):
                with pytest.raises(Invalid, match="jose/type"):
                    await service.logout(wrong)
            metadata = await service._vault.metadata()
            for wrong in (token_of(logout), notice.body.decode()):
                with pytest.raises(Invalid, match="jose/type"):
                    await service._vault.verify_id_token(wrong, metadata)
            await service.notice(notice.body)
            await service.logout(token_of(logout))
            await service._vault.verify_id_token(id_token, metadata)


async def test_what_a_stranger_posts_is_refused_and_does_not_make_us_ask_for_keys_again(pds: Running) -> None:
    async with service_of(pds, pds.parking) as service:
        forged = jose.sign({"iss": pds.issuer}, jose.NOTICE, jose.new_key(), kid="unknown")
        for body, code in ((forged, "jose/key"), (forged.encode(), "jose/key"), (b"\xff", "jose/malformed")):
            with pytest.raises(Invalid, match=code):
                await service.notice(body)
        fetched = service._vault._fetched
        pds.clock.ahead += 59
        with pytest.raises(Invalid, match="jose/key"):
            await service.notice(forged)
        assert service._vault._fetched == fetched
        pds.clock.ahead += 1
        with pytest.raises(Invalid, match="jose/key"):
            await service.logout(jose.sign({}, jose.LOGOUT_TOKEN, jose.new_key(), kid="unknown"))
        assert service._vault._fetched != fetched


async def test_the_metadata_says_that_sessions_are_ended(pds: Running) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{pds.issuer}/.well-known/openid-configuration") as answer:
            found = await answer.json()
        assert found["backchannel_logout_supported"] is True
        assert found["backchannel_logout_session_supported"] is True
        assert "sid" in found["claims_supported"]
        async with session.get(f"{pds.issuer}/.well-known/ssf-configuration") as answer:
            assert await answer.json() == {
                "spec_version": "1_0",
                "issuer": pds.issuer,
                "jwks_uri": found["jwks_uri"],
                "delivery_methods_supported": ["urn:ietf:rfc:8935"],
            }
