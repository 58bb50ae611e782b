"""What was right when it was pushed is judged again by the statement in force when it is used: at each later step."""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import aiohttp
import pytest

from pds.core.encoding import Json
from pds.registry import actions as registry
from pds.sdk import Problem, Resident, ServiceKeys, Stopped
from pds.sdk.deciding import Question
from tests.conftest import Running
from tests.examples import PARKING
from tests.oauth.client import LIBRARY, VERIFIER, Client, code_of
from tests.people import DETAILS, NAME, a_vault, desk_of, pair, until

DAY = 86400
Change = Callable[["Scene"], Awaitable[None]]


@dataclass
class Scene:
    """A parking service that may change, and a resident who was asked before it did."""

    client: Client
    resident: Resident

    async def ask(self) -> Question:
        """Pushed and seen, not answered. Every part of the purpose that a test takes away is in it."""
        details = self.client.details(
            access=until(self.client.pds), attributes={"person.full_name": {"required": True}, "contact.email": {}}
        )
        status, pushed = await self.client.push(self.client.request(authorization_details=details))
        assert status == 201, pushed
        return await self.resident.asked(await self.resident.follow(self.client.url(pushed)))

    async def approve(self, question: Question) -> dict[str, str]:
        """The resident says yes; the form that redeems the code."""
        back = await self.resident.approve(question, {"person.full_name": NAME})
        redirect = self.client.service.redirect_uri
        return {
            "grant_type": "authorization_code",
            "code": code_of(back),
            "redirect_uri": redirect,
            "code_verifier": VERIFIER,
        }

    async def register(
        self, change: Callable[[Json], object] = lambda _: None, keys: ServiceKeys | None = None
    ) -> None:
        """A new statement in force; whoever signs and asks goes on with the old keys."""
        description = copy.deepcopy(PARKING)
        change(description)
        await self.client.pds.register(description, keys or self.client.service.keys)


async def _nothing(scene: Scene) -> None:
    await scene.register()


async def _less(scene: Scene) -> None:
    await scene.register(lambda document: document["purposes"][0]["attributes"].pop("contact.email"))


async def _no_purpose(scene: Scene) -> None:
    def rename(document: Json) -> None:
        document["purposes"][0].update(id="another")
        document.update(counters=[])

    await scene.register(rename)


async def _other_address(scene: Scene) -> None:
    await scene.register(lambda document: document.update(redirect_uris=["http://parking.localhost:9/elsewhere"]))


async def _once_only(scene: Scene) -> None:
    await scene.register(lambda document: document["purposes"][0].update(access=["once"]))


async def _other_signature_key(scene: Scene) -> None:
    await scene.register(keys=replace(scene.client.service.keys, sig=ServiceKeys.generate().sig))


async def _other_encryption_key(scene: Scene) -> None:
    await scene.register(keys=scene.client.service.keys.with_new_encryption_key())


async def _suspended(scene: Scene) -> None:
    await registry.suspend(scene.client.service.client_id, suspended=True)


async def _dropped(scene: Scene) -> None:
    scene.client.pds.services.pop(scene.client.service.client_id)
    await scene.client.pds.publish_registry()


async def _expired(scene: Scene) -> None:
    """An index that was signed fourteen days ago but a second, and twelve seconds later."""
    await scene.client.pds.publish_registry(age=14 * DAY - 1)
    scene.client.pds.clock.ahead += 12


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.parking, session), resident)


# What changes between a request and the yes to it, and what the yes is then told. The last one cannot be undone.
APPROVAL: tuple[tuple[Change, str], ...] = (
    (_less, "request/attribute"),
    (_no_purpose, "request/purpose"),
    (_other_address, "request/redirect"),
    (_once_only, "request/access"),
    (_other_signature_key, "jose/"),
    (_other_encryption_key, "request/encryption-key"),
    (_suspended, "not-found"),
    (_dropped, "not-found"),
    (_expired, "registry/index-expired"),
)
# The same between a yes and a token.
TOKEN: tuple[tuple[Change, str, str | None], ...] = (
    (_less, "invalid_grant", "request/attribute"),
    (_no_purpose, "invalid_grant", "request/purpose"),
    (_other_signature_key, "invalid_client", None),
    (_suspended, "invalid_client", None),
    (_dropped, "invalid_client", None),
)


async def test_a_yes_is_judged_by_the_statement_of_the_moment(scene: Scene) -> None:
    question = await scene.ask()
    for change, said in APPROVAL:
        await change(scene)
        with pytest.raises(Problem) as refused:
            await scene.approve(question)
        assert (refused.value.rule or refused.value.code).startswith(said), change.__name__
        await _undone(scene)
    assert (await scene.client.token(await scene.approve(question)))[0] == 200


async def test_a_code_is_judged_by_the_statement_of_the_moment(scene: Scene) -> None:
    form = await scene.approve(await scene.ask())
    for change, error, rule in (*TOKEN, (_other_address, "invalid_grant", "code/redirect")):
        await change(scene)
        _, answer = await scene.client.token(form)
        assert (answer["error"], answer.get("rule")) == (error, rule), change.__name__
        await _undone(scene)
    assert (await scene.client.token(form))[0] == 200


async def test_a_refresh_is_judged_by_the_statement_of_the_moment(scene: Scene) -> None:
    _, answer = await scene.client.token(await scene.approve(await scene.ask()))
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    for change, error, rule in TOKEN:
        await change(scene)
        _, refused = await scene.client.token(refresh)
        assert (refused["error"], refused.get("rule")) == (error, rule), change.__name__
        await _undone(scene)
    for harmless in (_nothing, _other_address, _other_encryption_key, _once_only, _expired):
        await harmless(scene)
        status, renewed = await scene.client.token(refresh)
        assert status == 200, (harmless.__name__, renewed)
        assert await _read(scene, renewed["access_token"]) == 200, harmless.__name__


async def test_at_a_counter_a_yes_and_its_collection_are_judged_by_the_statement_of_the_moment(scene: Scene) -> None:
    refusals: tuple[tuple[Change, str], ...] = (
        (_less, "request/attribute"),
        (_other_signature_key, "jose/"),
        (_other_encryption_key, "request/encryption-key"),
        (_expired, "registry/index-expired"),
    )
    async with desk_of(scene.client.pds, scene.client.service) as desk:
        exchange = await desk.begin("resident-permit")
        question = await (await pair(scene.resident, exchange)).question()
        for change, said in refusals:
            await change(scene)
            with pytest.raises(Problem) as refused:
                await scene.resident.approve(question, DETAILS)
            assert (refused.value.rule or "").startswith(said), change.__name__
            await _undone(scene)
        assert await scene.resident.approve(question, DETAILS) == ""
        await _less(scene)
        with pytest.raises(Stopped, match="does not ask for this"):
            await exchange.collect()
        await _undone(scene)
        assert (await exchange.collect()).disclosure.value("person.full_name") == NAME


async def test_at_a_counter_a_desk_that_changes_ends_what_is_under_way(scene: Scene) -> None:
    for change in (_no_purpose, _suspended, _dropped):
        async with desk_of(scene.client.pds, scene.client.service) as desk:
            question = await (await pair(scene.resident, await desk.begin("resident-permit"))).question()
        await change(scene)
        with pytest.raises(Problem) as refused:
            await scene.resident.approve(question, DETAILS)
        assert refused.value.code == "gone", change.__name__
        scene.client.pds.services[scene.client.service.client_id] = scene.client.service
        await _undone(scene)


async def _undone(scene: Scene) -> None:
    """The statement as it was, and nobody suspended."""
    await scene.register()
    await registry.suspend(scene.client.service.client_id, suspended=False)


async def _read(scene: Scene, token: str) -> int:
    headers = {"Authorization": f"DPoP {token}", "DPoP": scene.client.proof("/data", method="GET", token=token)}
    async with scene.client.session.get(f"{scene.client.pds.issuer}/data", headers=headers) as answer:
        return answer.status


async def test_an_expired_registry_takes_no_new_request_and_says_so_to_the_service_alone(scene: Scene) -> None:
    await _expired(scene)
    status, answer = await scene.client.push()
    assert (status, answer["error"], answer["rule"]) == (503, "temporarily_unavailable", "registry/index-expired")
    begin = "/oauth/device_authorization", {"request": scene.client.request_at("library-1", LIBRARY)}
    status, answer = await scene.client.post(*begin)
    assert (status, answer["error"], answer["rule"]) == (503, "temporarily_unavailable", "registry/index-expired")
    stranger = Client(scene.client.pds, scene.client.service, scene.client.session)
    status, answer = await stranger.post("/oauth/par", {"request": "a.b.c", "client_assertion": "a.b.c"})
    assert (status, answer) == (401, {"error": "invalid_client", "error_description": "client authentication failed"})
    await scene.client.pds.publish_registry()
    assert (await scene.client.push())[0] == 201
    assert (await scene.client.post(*begin))[0] == 200
