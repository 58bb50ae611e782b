"""Wrong bodies, generated from the schemas: each gets a clear refusal, and nothing changes."""

import json

import aiohttp
import pytest
from multidict import CIMultiDict

from tests.conftest import Running
from tests.faults.endpoints import ENDPOINTS, Endpoint, complaint, headers_always
from tests.faults.mutations import wrong_bodies, wrong_json
from tests.faults.raw import Answer
from tests.faults.tables import changed, dump
from tests.faults.world import World, a_world, variants

JSON = [each for each in ENDPOINTS if each.body == "json"]
# What a body of the wrong shape is told; `login/members` is a rule, and a rule is 422.
SHAPE = {400, 413, 422}


async def post(session: aiohttp.ClientSession, world: World, target: str, body: bytes) -> Answer:
    headers = {"Content-Type": "application/json", "Cookie": world.cookie}
    async with session.post(world.pds.issuer + target, data=body, headers=headers) as response:
        return Answer(response.status, CIMultiDict(response.headers), await response.read())


@pytest.mark.parametrize("endpoint", JSON, ids=str)
async def test_a_body_of_another_shape_is_refused_changes_nothing_and_the_right_one_is_still_taken(
    pds: Running, endpoint: Endpoint
) -> None:
    always = await headers_always()
    async with a_world(pds) as world, aiohttp.ClientSession() as session:
        target, right = world.body(endpoint.path)
        before = await dump()
        wrong = []
        bodies = [each for shape in variants(endpoint.path, right) for each in wrong_bodies(endpoint.schema, shape)]
        for name, body in [*bodies, *wrong_json()]:
            answer = await post(session, world, target, body)
            if found := complaint(answer, "problem", always, SHAPE):
                wrong.append(f"{name}: {found}")
        assert wrong == []
        assert changed(before, await dump()) == []
        answer = await post(session, world, target, json.dumps(right).encode())
        # A challenge was used up by what had the right shape; those are refused for what they say.
        expected = {422} if endpoint.path.startswith("/api/login") else {200, 201, 204}
        assert answer.status in expected, answer.body
