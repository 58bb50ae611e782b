"""A server that lies to a wallet: it may refuse and delete, and everything else is noticed (protocol.md, section 2)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from json import dumps
from typing import Any

import pytest

from pds.core import jose, registrar
from pds.core.errors import Invalid
from pds.sdk import Difference, Refused, Resident, Unreachable
from pds.sdk.wire import Answer
from tests.conftest import Running
from tests.examples import PARKING, REGISTRAR
from tests.people import DETAILS, NAME, PERMIT, query_of, service_of, share, until
from tests.sdk.between import Between, between, keep, with_json


@asynccontextmanager
async def spied(pds: Running) -> AsyncIterator[tuple[Between, Resident]]:
    """A resident with a confirmed vault, and somebody between the wallet and the server."""
    async with between(pds.issuer) as (middle, session):
        keys = pds.settings.registrar_keys
        resident = Resident(pds.issuer, registrar_keys=keys, session=session, clock=pds.clock)
        await resident.confirm_recovery(await resident.create())
        yield middle, resident


def at(path: str, change: Any) -> Any:
    """Change the answers of one path."""
    return lambda asked, answer: change(answer) if asked == path else answer


async def test_an_older_vault_than_this_device_has_seen_is_refused(pds: Running) -> None:
    kept: list[Answer] = []
    async with spied(pds) as (middle, resident):
        middle.change = keep(kept, "/api/vault")
        await resident.open()
        await resident.change("person.full_name", NAME)
        middle.change = at("/api/vault", lambda _answer: kept[0])
        with pytest.raises(Invalid, match="manifest/rolled-back"):
            await resident.open()


async def test_an_item_that_is_left_out_added_or_exchanged_is_noticed(pds: Running) -> None:
    async with spied(pds) as (middle, resident):
        await resident.change("person.full_name", NAME)
        await resident.change("contact.email", "sian@example.org")

        def without(answer: Answer) -> Answer:
            return with_json(answer, items=answer.json()["items"][1:])

        def twice(answer: Answer) -> Answer:
            return with_json(answer, items=answer.json()["items"] * 2)

        def crossed(answer: Answer) -> Answer:
            one, other = answer.json()["items"]
            return with_json(answer, items=[{**one, "sealed": other["sealed"]}, {**other, "sealed": one["sealed"]}])

        for change, code in (
            (without, "manifest/item-missing"),
            (twice, "manifest/item-unlisted"),
            (crossed, "manifest/item-changed"),
            (lambda answer: with_json(answer, methods=[]), "manifest/wrap-changed"),
            (lambda answer: with_json(answer, vault="A" * 22), "manifest/vault"),
            (lambda answer: with_json(answer, manifests=[]), "manifest/rolled-back"),
        ):
            middle.change = at("/api/vault", change)
            with pytest.raises(Invalid) as caught:
                await resident.open()
            assert caught.value.code == code


async def test_a_grant_that_is_planted_hidden_or_revived_is_shown_as_what_it_is(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))

        def rows(*changed: dict[str, Any]) -> Any:
            return at("/api/grants", lambda answer: with_json(answer, grants=list(changed)))

        kept: list[Answer] = []
        middle.change = keep(kept, "/api/grants")
        await resident.log(grant.grant_id)
        assert (await resident.grants()).differences == ()
        (before,) = kept[0].json()["grants"]
        for answer, what in (
            (rows(before, {**before, "id": "A" * 22}), Difference("A" * 22, "planted")),
            (rows(), Difference(grant.grant_id, "hidden")),
            (rows({**before, "service": "https://elsewhere.example"}), Difference(grant.grant_id, "changed")),
            (rows({**before, "n": 1}), Difference(grant.grant_id, "changed")),
            (rows({**before, "state": "ended"}), Difference(grant.grant_id, "stopped")),
        ):
            middle.change = answer
            assert (await resident.grants()).differences == (what,)
        middle.change = lambda _path, answer: answer
        await resident.revoke(grant.grant_id)
        middle.change = rows(before)
        assert (await resident.grants()).differences == (Difference(grant.grant_id, "revived"),)


async def test_a_log_that_is_cut_bent_or_forged_is_noticed(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        grant = await share(resident, service, access=until(pds))
        await service.read(grant)
        await resident.log(grant.grant_id)  # pins three entries
        await service.read(grant)
        path = f"/api/grants/{grant.grant_id}/log"

        def bent(answer: Answer) -> Answer:
            entries = answer.json()["entries"]
            entries[2]["at"] += 1
            return with_json(answer, entries=entries)

        def forged(answer: Answer) -> Answer:
            entries = answer.json()["entries"]
            entries[2]["evidence"] = entries[3]["evidence"][:-4] + "AAAA"
            return with_json(answer, entries=entries)

        def cut(answer: Answer) -> Answer:
            entries = answer.json()["entries"][:2]
            return with_json(answer, entries=entries, n=2, head="A" * 43)

        for change, codes in (
            (bent, {"log/head", "log/chain"}),
            (forged, {"log/proof"}),
            (cut, {"log/rolled-back"}),
            (lambda answer: with_json(answer, entries=answer.json()["entries"][1:]), {"log/gap"}),
        ):
            middle.change = at(path, change)
            with pytest.raises(Invalid) as caught:
                await resident.log(grant.grant_id)
            assert caught.value.code in codes


async def test_a_service_whose_key_the_server_exchanged_is_not_believed(pds: Running) -> None:
    """The server, or whoever holds it, would read along: with its own key in a statement it cannot get signed."""
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT)
        request_id = await resident.follow(asked.url)
        mine, keys = jose.new_key(), pds.parking.keys.with_new_encryption_key()
        statement = registrar.sign_statement(
            mine, registrar=REGISTRAR, service=PARKING, jwks=keys.public_jwks(), now=pds.clock()
        )
        statements = {pds.parking.client_id: statement}
        index = registrar.sign_index(mine, registrar=REGISTRAR, statements=statements, seq=99, now=pds.clock())
        path = f"/api/requests/{request_id}"
        for members, code in (
            ({"statement": statement, "index": index}, "registry/key-unknown"),
            ({"statement": statement}, "registry/key-unknown"),
            ({"index": index}, "registry/key-unknown"),
        ):
            middle.change = at(path, lambda answer, members=members: with_json(answer, **members))
            with pytest.raises(Invalid) as caught:
                await resident.asked(request_id)
            assert caught.value.code == code


async def test_an_older_registry_is_refused_also_by_a_device_that_only_knows_the_vault(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        kept: list[Answer] = []
        middle.change = keep(kept, "/registry/index")
        await share(resident, service, access=until(pds))
        await resident.change("person.full_name", "Another Name")
        await pds.publish_registry()
        middle.change = lambda _path, answer: answer
        await resident.change("person.full_name", "A Third Name")
        middle.change = at("/registry/index", lambda _answer: kept[0])
        with pytest.raises(Invalid, match="registry/index-old"):
            await resident.change("person.full_name", "A Fourth Name")


async def test_a_request_that_is_bent_on_its_way_is_not_shown(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        request_id = await resident.follow((await service.ask("resident-permit", {"contact.email": {}})).url)
        other_id = await resident.follow((await service.ask("resident-permit", PERMIT)).url)
        kept: list[Answer] = []
        path = f"/api/requests/{request_id}"
        middle.change = keep(kept, path)
        await resident.asked(request_id)
        compact = kept[0].json()["request"]
        for request, code in (
            (compact[:-8] + "AAAAAAAA", "jose/signature"),
            (None, "wallet-api/answer"),
            (compact + "A" * 40000, "jose/too-long"),
        ):
            middle.change = at(path, lambda answer, request=request: with_json(answer, request=request))
            with pytest.raises(Invalid) as caught:
                await resident.asked(request_id)
            assert caught.value.code == code
        # The answer goes back to the request that was verified: an exchanged one cannot be finished by its service.
        middle.change = at(f"/api/requests/{other_id}", lambda answer: with_json(answer, request=compact))
        question = await resident.asked(other_id)
        middle.change = lambda _path, answer: answer
        with pytest.raises(Exception, match="record/request"):
            await resident.approve(question, [])


async def test_the_browser_goes_back_to_where_the_verified_request_says(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(asked.url))
        path = f"/api/requests/{question.id}/approval"
        middle.change = at(path, lambda answer: with_json(answer, iss="https://elsewhere.example"))
        with pytest.raises(Invalid, match="answer/issuer"):
            await resident.approve(question, DETAILS)


async def test_a_lost_answer_is_asked_for_again_and_is_the_same(pds: Running) -> None:
    async with spied(pds) as (middle, resident), service_of(pds, pds.parking) as service:
        asked = await service.ask("resident-permit", PERMIT, until(pds))
        question = await resident.asked(await resident.follow(asked.url))
        lost: set[str] = set()

        def lose_the_first(path: str, answer: Answer) -> Answer | None:
            if path in lost or not path.endswith(("/approval", "/commits", "/revocation", "/publications")):
                return answer
            lost.add(path)
            return None

        middle.change = lose_the_first
        grant = await service.finish(query_of(await resident.approve(question, DETAILS)), asked.pending)
        assert await resident.change("person.full_name", "Another Name") == (grant.grant_id,)
        await resident.change("contact.email", "sian@example.org")
        assert (await service.read(grant)).value("person.full_name") == "Another Name"
        await resident.revoke(grant.grant_id)
        assert len(lost) == 4
        assert (await resident.grants()) == (await resident.grants())
        assert (await resident.grants()).grants == ()
        assert (await resident.grants()).differences == ()


async def test_a_server_that_is_away_is_unreachable(pds: Running) -> None:
    async with spied(pds) as (middle, resident):
        middle.before = lambda _request: Answer(502, {}, dumps({}).encode())
        with pytest.raises(Unreachable):
            await resident.change("person.full_name", NAME)
        middle.before = lambda _request: None
        await resident.change("person.full_name", NAME)


async def test_what_was_asked_by_nobody_is_answered_by_nobody(pds: Running) -> None:
    """A stolen answer is of no use to another service, because it lacks the keys and the request."""
    async with (
        spied(pds) as (_middle, resident),
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        asked = await parking.ask("resident-permit", PERMIT)
        question = await resident.asked(await resident.follow(asked.url))
        back = query_of(await resident.approve(question, DETAILS))
        with pytest.raises(Invalid, match="proof/audience"):
            await leisure.finish(back, asked.pending)
        del back["subject_proof"]
        with pytest.raises((Invalid, Refused)):
            await leisure.finish(back, asked.pending)
