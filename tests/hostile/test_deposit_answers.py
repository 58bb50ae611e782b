"""What a service offered is answered once, over any line."""

import pytest

from pds.core.errors import Invalid
from tests.conftest import Running
from tests.hostile.proxy import Answer, Asked, Proxy, Server
from tests.people import a_vault, service_of, share

ANSWER = "POST /api/deposits/*/answer"
EMAIL = "contact.email"


async def test_an_offer_whose_answer_was_lost_on_the_way_is_kept_once_and_the_resident_hears_that_it_is(
    pds: Running, proxy: Proxy
) -> None:
    lost: list[str] = []

    async def lose(asked: Asked, server: Server) -> Answer | None:
        said = await server(asked)
        lost.append(asked.path)
        return None if len(lost) == 1 else said

    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        await parking.read(grant)
        await parking.offer(grant, {EMAIL: "sian@example.org"})
        (offered,) = await resident.inbox()
        proxy.lie(ANSWER, lose)
        await resident.answer(offered, [EMAIL])
        assert [said.status for said in proxy.said(ANSWER)] == [200, 412], "and the vault shows whose commit was first"
        assert resident.details()[EMAIL] == "sian@example.org"
        assert await resident.inbox() == []
        with pytest.raises(Invalid, match="deposit/repeated"):
            await resident.answer(offered, [EMAIL])
