"""A read whose answer is lost: the client library sends it again by itself, with a proof that has been used."""

import aiohttp

from pds.sdk import Service
from pds.sdk.wire import Answer
from tests.conftest import Running
from tests.people import NAME, a_vault, share, until
from tests.sdk.between import _There, between


async def test_a_read_whose_answer_is_lost_is_made_again_with_a_new_proof(pds: Running) -> None:
    lose = False

    def change(path: str, answer: Answer) -> Answer | None:
        nonlocal lose
        if path == "/data" and lose:
            lose = False
            return None
        return answer

    async with between(pds.issuer) as (middle, through):
        assert isinstance(through.connector, aiohttp.TCPConnector)
        resolver = through.connector._resolver
        assert isinstance(resolver, _There)
        # Connections that are kept: only on those does aiohttp send again.
        kept = aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=_There(resolver._port)))
        async with a_vault(pds) as resident, kept as session:
            parking = Service(
                issuer=pds.issuer,
                client_id=pds.parking.client_id,
                redirect_uri=pds.parking.redirect_uri,
                keys=pds.parking.keys,
                session=session,
                clock=pds.clock,
            )
            middle.change = change
            grant = await share(resident, parking, access=until(pds))
            await parking.read(grant)
            lose, before = True, middle.seen.count("GET /data")
            assert (await parking.read(grant)).value("person.full_name") == NAME
            assert middle.seen.count("GET /data") == before + 3, "lost, sent again by aiohttp, and made anew"
            kinds = [entry["kind"] for entry in await resident.log(grant.grant_id)]
            assert kinds == ["approved", "collected", "read", "read_unchanged", "read_unchanged"], (
                "the lost one as well"
            )
