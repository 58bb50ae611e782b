"""Every refusal points to a page; the page is there, and so is the place on it."""

import aiohttp

from tests.conftest import Running
from tests.oauth.client import Client


async def test_a_refusal_points_to_a_place_that_exists(pds: Running) -> None:
    async with aiohttp.ClientSession() as session:
        _, refused = await Client(pds, pds.parking, session).push(request="a.b.c")
        async with session.get(f"{pds.issuer}/api/vault") as response:
            problem = await response.json()
        for address in (refused["error_uri"], problem["type"]):
            page, _, place = address.partition("#")
            async with session.get(page) as response:
                assert response.status == 200
                assert response.content_type == "text/html"
                assert f'id="{place}"' in await response.text()
