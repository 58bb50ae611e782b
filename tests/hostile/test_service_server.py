"""A malicious server against a service: tokens, records, disclosures and their order. Each lie has its own error."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from pds.core import jose
from pds.core.disclosure import make_disclosure
from pds.core.encoding import Json
from pds.sdk import Asked, Disclosure, Grant, Refused, Resident, Service, Stopped
from tests.conftest import Running
from tests.hostile import scripts
from tests.hostile.attacks import OPERATOR, Attack, moved, named
from tests.hostile.proxy import Lie, Proxy, instead, members, reworded, told
from tests.hostile.test_wallet_server import refused
from tests.people import DETAILS, NAME, PERMIT, a_vault, query_of, service_of, share, until

TOKEN, DATA = "POST /oauth/token", "GET /data"


@dataclass
class Desk:
    """A service, a resident, and the answer with which her browser comes back."""

    pds: Running
    proxy: Proxy
    sian: Resident
    parking: Service

    async def asked(self) -> tuple[Asked, dict[str, str]]:
        asked = await self.parking.ask("resident-permit", PERMIT, until(self.pds))
        question = await self.sian.asked(await self.sian.follow(asked.url))
        return asked, query_of(await self.sian.approve(question, DETAILS))

    async def granted(self) -> Grant:
        return await share(self.sian, self.parking, access=until(self.pds))


@pytest.fixture
async def desk(pds: Running, proxy: Proxy) -> AsyncIterator[Desk]:
    async with a_vault(pds) as sian, service_of(pds, pds.parking) as parking:
        yield Desk(pds, proxy, sian, parking)


# --- the token response ---


# A first subject of the operator's making, its record in perfect order.
be_the_subject = scripts.be_the_resident(OPERATOR)

TAKEN = [
    Attack("widen the grant", scripts.widen_the_grant, "jose/signature", ""),
    Attack("forge a record", scripts.forge_a_record(OPERATOR), "subject/mismatch", ""),
    Attack("sign under a copied jwk", scripts.copy_the_key(OPERATOR), "jose/signature", ""),
    Attack("substitute the first subject", be_the_subject, "subject/mismatch", ""),
    Attack("name another grant", lambda said: {**said, "grant_id": "A" * 22}, "proof/grant", ""),
    Attack("make it a bearer token", lambda said: {**said, "token_type": "Bearer"}, "answer/members", ""),
    Attack("leave the record out", lambda said: {**said, "sharing_record": None}, "answer/members", ""),
]


@pytest.mark.parametrize("attack", TAKEN, ids=named)
async def test_a_grant_that_the_server_made_or_changed_is_not_taken(desk: Desk, attack: Attack) -> None:
    asked, back = await desk.asked()
    desk.proxy.lie(TOKEN, told(attack.script))
    assert await refused(desk.parking.finish(back, asked.pending)) == attack.error
    desk.proxy.repent()
    assert (await desk.parking.read(await desk.granted())).value("person.full_name") == NAME


@pytest.mark.parametrize("own_keys", [False, True], ids=["its own key", "its own key under the issuer's name"])
async def test_an_id_token_for_another_subject_is_not_taken(desk: Desk, own_keys: bool) -> None:
    """The issuer's keys are the server's: only the record and the resident's own proof say who it is."""
    asked, back = await desk.asked()
    sub = jose.thumbprint(OPERATOR)

    def script(said: Json) -> Json:
        kid = jose.read_header(said["id_token"], jose.ISSUED)["kid"]
        signer = OPERATOR if own_keys else jose.p256_private(desk.pds.settings.signing_keys[0])
        made = jose.sign({**jose.peek(said["id_token"]), "sub": sub}, jose.ISSUED, signer, kid=kid)
        return {**be_the_subject(said), "id_token": made}

    desk.proxy.lie(TOKEN, told(script))
    expected = "jose/signature" if own_keys else "subject/mismatch"
    assert await refused(desk.parking.finish(back, asked.pending)) == expected


async def test_what_was_said_to_one_resident_is_not_taken_for_another(desk: Desk) -> None:
    async with a_vault(desk.pds) as other:
        await share(other, desk.parking, access=until(desk.pds))
        theirs = desk.proxy.said(TOKEN)[-1].json()
        for lie, error in (
            (members(id_token=theirs["id_token"]), "id-token/nonce"),
            (members(sharing_record=theirs["sharing_record"]), "record/request"),
            (members(**theirs), "id-token/nonce"),
            (members(grant_id=theirs["grant_id"]), "proof/grant"),
        ):
            asked, back = await desk.asked()
            desk.proxy.lie(TOKEN, lie)
            assert await refused(desk.parking.finish(back, asked.pending)) == error
            desk.proxy.repent()
    asked, back = await desk.asked()
    grant = await desk.parking.finish(back, asked.pending)
    assert (await desk.parking.read(grant)).sub == grant.sub


async def test_another_approval_of_the_same_resident_is_not_taken_for_this_one(desk: Desk) -> None:
    """She agreed to ninety days, then answered again: yesterday's record does not come back."""
    await desk.granted()
    yesterday = desk.proxy.said(TOKEN)[-1].json()
    asked, back = await desk.asked()
    desk.proxy.lie(TOKEN, members(sharing_record=yesterday["sharing_record"], grant_id=yesterday["grant_id"]))
    assert await refused(desk.parking.finish(back, asked.pending)) == "record/request"


# --- the way back ---


async def test_an_answer_is_taken_from_this_issuer_for_this_request_by_this_resident(desk: Desk) -> None:
    asked, back = await desk.asked()
    other, elsewhere = await desk.asked()
    without = {name: value for name, value in back.items() if name != "subject_proof"}
    for query, error in (
        ({**back, "iss": "https://elsewhere.example"}, "answer/issuer"),
        ({name: value for name, value in back.items() if name != "iss"}, "answer/issuer"),
        ({**back, "state": elsewhere["state"]}, "answer/state"),
        (without, "proof/missing"),
        ({**back, "subject_proof": elsewhere["subject_proof"]}, "proof/request"),
        ({**back, "subject_proof": scripts.tampered(back["subject_proof"], aud="x")}, "jose/signature"),
        ({**back, "subject_proof": _by_the_operator(back)}, "subject/mismatch"),
    ):
        assert await refused(desk.parking.finish(query, asked.pending)) == error
    with pytest.raises(Refused):
        await desk.parking.finish({**back, "code": elsewhere["code"]}, asked.pending)
    assert isinstance(await desk.parking.finish(elsewhere, other.pending), Grant), "the newer of two answers holds"


def _by_the_operator(back: dict[str, str]) -> str:
    claims = jose.peek(back["subject_proof"])
    return jose.sign(claims, jose.SUBJECT_PROOF, OPERATOR, jwk=jose.public_jwk(OPERATOR))


# --- the disclosure ---


async def test_only_this_grants_disclosure_is_read(desk: Desk) -> None:
    async with a_vault(desk.pds) as other:
        theirs = await share(other, desk.parking, access=until(desk.pds))
        await desk.parking.read(theirs)
        another_persons = desk.proxy.said(DATA)[-1]
        replaced = await desk.granted()
        await desk.parking.read(replaced)
        older_grants = desk.proxy.said(DATA)[-1]
        grant = await desk.granted()
        for lie, error in (
            (instead(another_persons), "subject/mismatch"),
            (instead(older_grants), "disclosure/grant"),
            (reworded(lambda said: said.reading(_own(grant, desk.parking))), "subject/mismatch"),
            (reworded(lambda said: said.reading(jose.encrypt(b"x", jose.DISCLOSURE_JWE, OPERATOR))), "jose/key"),
            (reworded(lambda said: said.reading("rubbish")), "jose/malformed"),
        ):
            desk.proxy.lie(DATA, lie)
            assert await refused(desk.parking.read(grant)) == error
        desk.proxy.repent()
        read = await desk.parking.read(grant)
        assert (read.value("person.full_name"), read.sub) == (NAME, grant.sub)


def _own(grant: Grant, service: Service) -> str:
    """Values of the operator's invention, in the resident's name, to the key that everybody has."""
    record = grant.sharing_record()
    recipient = jose.p256_public(jose.public_jwk(service.keys.enc))
    claims = {id: {"value": "X", "source": "self_asserted", "as_of": "2026-01-01"} for id in record.attributes}
    return make_disclosure(
        OPERATOR,
        recipient,
        record,
        revision=1,
        claims=claims,
        decisions=dict.fromkeys(record.attributes, "share"),
        salt="A" * 22,
        deposit=OPERATOR,
        now=0,
    )


async def test_reads_go_forward_only(desk: Desk) -> None:
    """An old revision under a newer position, an older position, the same answer once more."""
    grant = await desk.granted()
    await desk.parking.read(grant)
    first = desk.proxy.said(DATA)[-1]
    await desk.sian.change("person.full_name", "S O’Connor")
    await desk.parking.read(grant)
    second = desk.proxy.said(DATA)[-1]
    before = replace(grant)
    for lie, error in (
        (instead(first), "disclosure/rolled-back"),
        (reworded(lambda said: moved(first, 999)), "disclosure/rolled-back"),
        (instead(second), "disclosure/unlogged"),
        (instead(moved(second, grant.n - 1)), "disclosure/rolled-back"),
        (instead(second.headed(Log_Position="")), "log/malformed"),
    ):
        desk.proxy.lie(DATA, lie)
        assert await refused(desk.parking.read(grant)) == error
        assert (grant.revision, grant.n) == (before.revision, before.n)
    desk.proxy.repent()
    assert (await desk.parking.read(grant)).value("person.full_name") == "S O’Connor"


# --- a stop that the server hides ---


@pytest.mark.parametrize("unchanged", [False, True], ids=["again", "unchanged"])
async def test_a_stopped_grant_that_is_served_and_not_logged_is_noticed(desk: Desk, unchanged: bool) -> None:
    """The server says that the grant has ended and goes on serving it: what it serves is in no log."""
    grant = await desk.granted()
    await desk.parking.read(grant)
    served = desk.proxy.said(DATA)[-1]
    await desk.sian.revoke(grant.grant_id)
    desk.proxy.lie(DATA, instead(replace(served, status=304, body=b"") if unchanged else served))
    assert await refused(desk.parking.read(grant)) == "disclosure/unlogged"
    desk.proxy.repent()
    with pytest.raises(Stopped):
        await desk.parking.read(grant)
    assert [entry["kind"] for entry in await desk.sian.log(grant.grant_id)][-1] == "revoked"


async def test_a_grant_whose_time_is_over_is_not_read_whatever_the_server_serves(desk: Desk) -> None:
    grant = await desk.granted()
    await desk.parking.read(grant)
    served = desk.proxy.said(DATA)[-1]
    desk.pds.clock.ahead += 201 * 86400
    desk.proxy.lie(DATA, instead(moved(served, grant.n + 1)))
    desk.proxy.lie(TOKEN, instead(desk.proxy.said(TOKEN)[-1]))
    assert await refused(desk.parking.read(grant)) == "disclosure/expired"


async def test_a_server_cannot_send_a_service_elsewhere(desk: Desk) -> None:
    """Metadata of another issuer, and endpoints without TLS."""
    place = "GET /.well-known/openid-configuration"
    lies: list[tuple[Lie, str]] = [
        (members(issuer="https://elsewhere.example"), "answer/issuer"),
        (members(token_endpoint="http://elsewhere.example/token"), "answer/members"),
    ]
    for lie, error in lies:
        desk.proxy.lie(place, lie)
        async with service_of(desk.pds, desk.pds.parking) as fresh:
            assert await refused(fresh.sign_in()) == error
    desk.proxy.repent()
    async with service_of(desk.pds, desk.pds.parking) as fresh:
        assert isinstance(await fresh.sign_in(), Asked)


async def test_the_honest_course_is_taken(desk: Desk) -> None:
    grant = await desk.granted()
    read = await desk.parking.read(grant)
    assert isinstance(read, Disclosure)
    assert read.value("person.full_name") == NAME
    await desk.sian.revoke(grant.grant_id)
    with pytest.raises(Stopped):
        await desk.parking.read(grant)
