"""A malicious server against a wallet: who can see what, the logs, and answers that are not true."""

from typing import Any

import pytest

from pds.core.encoding import Json
from pds.sdk import Difference, Grant, Problem, Refused, Resident, Stopped, Unreachable
from tests.conftest import Running
from tests.hostile import attacks
from tests.hostile.attacks import Attack, named
from tests.hostile.proxy import Proxy, answer, instead, members, swallowed, told, twice
from tests.hostile.test_wallet_server import refused
from tests.people import DETAILS, NAME, PERMIT, a_vault, query_of, service_of, share, until

GRANTS, LOG, COMMITS = "GET /api/grants", "GET /api/grants/*/log", "POST /api/vault/commits"
APPROVAL, REVOCATION, PUBLICATIONS = (
    "POST /api/requests/*/approval",
    "POST /api/grants/*/revocation",
    "POST /api/publications",
)


async def differences(sian: Resident) -> tuple[Difference, ...]:
    return (await sian.grants()).differences


# --- who can see what ---


async def test_a_grant_is_neither_planted_nor_hidden_nor_ended_nor_exchanged(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await sian.log(grant.grant_id)
        assert await differences(sian) == ()
        (row,) = proxy.said(GRANTS)[-1].json()["grants"]
        for rows, what in (
            ([row, {**row, "id": "A" * 22}], Difference("A" * 22, "planted")),
            ([], Difference(grant.grant_id, "hidden")),
            ([{**row, "state": "ended"}], Difference(grant.grant_id, "stopped")),
            ([{**row, "state": "finished"}], Difference(grant.grant_id, "stopped")),
            ([{**row, "state": "expired"}], Difference(grant.grant_id, "stopped")),
            ([{**row, "service": pds.leisure.client_id}], Difference(grant.grant_id, "changed")),
            ([{**row, "subject": "A" * 43}], Difference(grant.grant_id, "changed")),
            ([{**row, "head": "A" * 43}], Difference(grant.grant_id, "changed")),
            ([{**row, "n": 1}], Difference(grant.grant_id, "changed")),
        ):
            proxy.lie(GRANTS, members(grants=rows))
            assert await differences(sian) == (what,)
            await sian.change("contact.email", "sian@example.org")
            assert grant.grant_id in sian._device.opened.manifest.grants, "the server's word ends nothing"
        proxy.repent()
        assert await differences(sian) == ()


async def test_a_real_record_that_no_vault_holds_is_a_planted_grant(pds: Running, proxy: Proxy) -> None:
    """The server keeps an approval of which it says that it came to nothing."""
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        asked = await parking.ask("resident-permit", PERMIT, until(pds))
        question = await sian.asked(await sian.follow(asked.url))
        proxy.lie(APPROVAL, instead(answer(412, {"code": "another-device-was-first"})))
        with pytest.raises(Unreachable):
            await sian.approve(question, DETAILS)
        proxy.repent()
        assert (await sian.grants()).grants == ()
        kept = await sian.approve(question, DETAILS)
        await sian.grants()
        (row,) = proxy.said(GRANTS)[-1].json()["grants"]
        planted = {**row, "id": "B" * 22}
        proxy.lie(GRANTS, told(lambda said: {"grants": [*said["grants"], planted]}))
        assert await differences(sian) == (Difference("B" * 22, "planted"),)
        grant = await parking.finish(query_of(kept), asked.pending)
        assert (await parking.read(grant)).value("person.full_name") == NAME


async def test_a_hidden_grant_is_replaced_all_the_same(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        old = await share(sian, parking, access=until(pds))
        proxy.lie(GRANTS, members(grants=[]))
        new = await share(sian, parking, access=until(pds, 100))
        proxy.repent()
        with pytest.raises(Stopped):
            await parking.read(old)
        assert [shared.id for shared in (await sian.grants()).grants] == [new.grant_id]


async def test_a_stopped_grant_that_goes_on_is_shown_and_so_is_its_log(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await parking.read(grant)
        await sian.grants()
        before = proxy.said(GRANTS)[-1]
        await sian.revoke(grant.grant_id)
        proxy.lie(GRANTS, instead(before))
        assert await differences(sian) == (Difference(grant.grant_id, "revived"),)
        for script in (lambda log: attacks.relinked(log, log["entries"][:-1]), _without_a_word):
            proxy.lie(LOG, told(script))
            assert await refused(sian.log(grant.grant_id)) == "log/end"
        proxy.repent()
        kinds = [entry["kind"] for entry in await sian.log(grant.grant_id)]
        assert kinds == ["approved", "collected", "read", "revoked"]
        assert await differences(sian) == ()


async def test_a_look_cannot_be_left_out_of_the_log_of_a_grant_that_is_over(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await parking.read(grant)
        await sian.log(grant.grant_id)
        await sian.revoke(grant.grant_id)
        assert sian._device.opened.items[grant.grant_id]["log"]["n"] == 3, "the item takes the position along"
        proxy.lie(LOG, told(_without_a_look))
        assert await refused(sian.log(grant.grant_id)) == "log/head"
        proxy.repent()
        kinds = [entry["kind"] for entry in await sian.log(grant.grant_id)]
        assert kinds == ["approved", "collected", "read", "revoked"]


def _without_a_look(log: Json) -> Json:
    return attacks.relinked(log, [entry for entry in log["entries"] if entry["kind"] != "read"])


def _without_a_word(log: Json) -> Json:
    *before, last = log["entries"]
    return attacks.relinked(log, [*before, {**last, "evidence": ""}])


async def test_a_read_after_the_stop_cannot_be_logged(pds: Running, proxy: Proxy) -> None:
    """The service asks again with an honest proof, and the server shows it to the resident as a read."""
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await parking.read(grant)
        await sian.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)
        proof = proxy.sent("GET /data")[-1].headers["DPoP"]
        proxy.lie(LOG, told(attacks.appended("read", proof)))
        assert await refused(sian.log(grant.grant_id)) == "log/after-end"


# --- the log ---


@pytest.mark.parametrize("attack", attacks.LOG, ids=named)
async def test_a_log_that_the_server_changed_is_not_believed(pds: Running, proxy: Proxy, attack: Attack) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        await parking.read(grant)
        await sian.log(grant.grant_id)
        await parking.read(grant)
        proxy.lie(LOG, told(attack.script))
        assert await refused(sian.log(grant.grant_id)) == attack.error
        proxy.repent()
        assert [entry["kind"] for entry in await sian.log(grant.grant_id)][-2:] == ["read", "read_unchanged"]


# --- answers that are not true ---


async def test_a_change_that_was_not_kept_is_noticed_at_the_next_look(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian:
        assert sian.known is not None
        for place in (COMMITS, COMMITS):
            proxy.lie(place, instead(answer(200, {"seq": sian.known.seq + 1})))
            await sian.change("person.full_name", NAME)
            proxy.repent()
            assert await refused(sian.open()) == "manifest/rolled-back"
            assert await refused(sian.change("contact.email", "sian@example.org")) == "manifest/rolled-back"


async def test_a_stop_that_was_not_kept_is_noticed_at_the_next_look(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        grant = await share(sian, parking, access=until(pds))
        assert sian.known is not None
        proxy.lie(REVOCATION, instead(answer(200, {"seq": sian.known.seq + 1, "ended": pds.clock()})))
        await sian.revoke(grant.grant_id)
        proxy.repent()
        assert await refused(sian.grants()) == "manifest/rolled-back"


async def test_another_device_that_is_always_first_ends_in_no_answer(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian:
        proxy.lie(COMMITS, instead(answer(412, {"code": "another-device-was-first"})))
        with pytest.raises(Unreachable):
            await sian.change("person.full_name", NAME)
        assert sian.details() == {}
        proxy.repent()
        await sian.change("person.full_name", NAME)
        assert sian.details() == {"person.full_name": NAME}


@pytest.mark.parametrize("lie", [swallowed, twice], ids=["lost", "asked twice"])
async def test_what_is_done_twice_or_answered_never_is_done_once(pds: Running, proxy: Proxy, lie: Any) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        asked = await parking.ask("resident-permit", PERMIT, until(pds))
        question = await sian.asked(await sian.follow(asked.url))
        for place in (COMMITS, PUBLICATIONS, REVOCATION, APPROVAL):
            proxy.lie(place, _once(proxy, place, lie))
        back = await sian.approve(question, DETAILS)
        grant = await parking.finish(query_of(back), asked.pending)
        assert await sian.change("person.full_name", "S O’Connor") == (grant.grant_id,)
        assert (await parking.read(grant)).revision == 2
        await sian.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)
        assert await differences(sian) == ()


def _once(proxy: Proxy, place: str, lie: Any) -> Any:
    """The lie, and from then on the truth."""

    async def first(asked: Any, server: Any) -> Any:
        del proxy.lies[place]
        return await lie(asked, server)

    return first


async def test_an_answer_for_another_request_finishes_neither(pds: Running, proxy: Proxy) -> None:
    """The server replays the answer to an earlier approval: its code is of no use with this one's proof."""
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        await share(sian, parking, access=until(pds))
        earlier = proxy.said(APPROVAL)[-1]
        asked = await parking.ask("resident-permit", PERMIT)
        question = await sian.asked(await sian.follow(asked.url))
        proxy.lie(APPROVAL, instead(earlier))
        back = await sian.approve(question, DETAILS)
        proxy.repent()
        with pytest.raises(Refused):
            await parking.finish(query_of(back), asked.pending)
        assert await refused(sian.open()) == "manifest/rolled-back"


async def test_an_answer_in_another_issuers_name_goes_to_no_service(pds: Running, proxy: Proxy) -> None:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        asked = await parking.ask("resident-permit", PERMIT, until(pds))
        question = await sian.asked(await sian.follow(asked.url))
        proxy.lie(APPROVAL, members(iss="https://elsewhere.example"))
        assert await refused(sian.approve(question, DETAILS)) == "answer/issuer"
        assert len((await sian.grants()).grants) == 1, "it was given, and the resident sees it"


async def test_the_request_of_another_browser_is_answered_in_nobodys_name(pds: Running, proxy: Proxy) -> None:
    """The server shows what somebody else was asked: the names on screen are those of whoever would get it."""
    async with (
        a_vault(pds) as sian,
        service_of(pds, pds.parking) as parking,
        service_of(pds, pds.leisure) as leisure,
    ):
        mine = await leisure.sign_in()
        theirs = await parking.ask("resident-permit", PERMIT)
        request_id = await sian.follow(mine.url)
        async with a_vault(pds) as other:
            await other.asked(await other.follow(theirs.url))
        swapped = proxy.said("GET /api/requests/*")[-1].json()
        proxy.lie(
            "GET /api/requests/*",
            members(**{name: swapped[name] for name in ("request", "parameters", "statement", "client_id")}),
        )
        question = await sian.asked(request_id)
        assert question.service.client_id == pds.parking.client_id, (
            "the names on screen are those of whoever would get it"
        )
        with pytest.raises(Problem, match="record/request"):
            await sian.approve(question, DETAILS)
        proxy.repent()
        back = await sian.approve(await sian.asked(request_id))
        assert isinstance(await leisure.finish(query_of(back), mine.pending), Grant)
