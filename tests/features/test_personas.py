"""Two services that know one resident by two personas hold nothing by which they could tell.

Compared is everything that the vault ever answers or sends them: bodies, headers, redirects, notices, and what is
inside of all that is signed or encrypted. Not compared is the moment at which a session ends, which its services are
told at once (docs/security.md, Services that compare when they were told).
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json, parse_object, unb64u
from pds.core.errors import Invalid
from pds.core.preferences_item import Persona
from pds.sdk import Grant, Refused, Resident, Service, Stopped, wire
from tests.conftest import Registered, Running
from tests.examples import LEISURE, PARKING
from tests.features.telling import HOUR, LEISURE_HOST, NOTICES, PARKING_HOST, PUBLIC_2, again, deliver, takes
from tests.internet import Internet, Receiver, listening
from tests.people import a_vault, query_of, until

# The moment of the call, and a number of that moment that everybody is given (pds/core/nonce.py).
SAME_FOR_ALL = ("Date", "DPoP-Nonce")
WORK, HOME = "FY2WQbZjdK1eW_1_eLiz-A", "AAECAwQFBgcICQoLDA0ODw"
WISHES: dict[str, Json] = {"person.full_name": {"required": True}, "contact.email": {}}
OWN = {"person.full_name": "Siân Example", "contact.email": "sian@example.org"}
PERSONAS = {
    WORK: Persona("Work", {"person.full_name": "S. Example", "contact.email": "s.example@work.example"}),
    HOME: Persona("Home", {"person.full_name": "Jan Sampl", "contact.email": "jan@home.example"}),
}


@dataclass
class Watched:
    """A service, and every answer of the vault's that it was given."""

    service: Service
    receiver: Receiver
    seen: list[Any]

    async def share(self, resident: Resident, purpose: str, persona: str | None, access: Any) -> Grant:
        """Sign in, ask, be answered."""
        asked = await self.service.ask(purpose, WISHES, access)
        question = await resident.asked(await resident.follow(asked.url))
        back = await resident.approve(question, OWN if persona is None else dict.fromkeys(WISHES), persona=persona)
        self.seen.append(dict(parse_qsl(urlsplit(back).query)))
        return await self.service.finish(query_of(back), asked.pending)

    async def sign_in(self, resident: Resident) -> None:
        asked = await self.service.sign_in()
        back = await resident.approve(await resident.asked(await resident.follow(asked.url)))
        self.seen.append(dict(parse_qsl(urlsplit(back).query)))
        await self.service.finish(query_of(back), asked.pending)

    async def be_refused(self, resident: Resident, purpose: str) -> None:
        asked = await self.service.ask(purpose, WISHES, "once")
        back = await resident.decline(await resident.asked(await resident.follow(asked.url)))
        self.seen.append(dict(parse_qsl(urlsplit(back).query)))

    async def look(self, grant: Grant) -> None:
        """Everything that a service can ask of a grant that it holds."""
        tokens, at = self.service.tokens, f"{self.service.issuer}/oauth"
        await self.service.read(grant)
        await self.service.read(grant)
        await tokens.refresh(grant)
        await self.service.read(grant)
        await tokens.get(f"{at}/userinfo", grant.access_token, {})
        manager = await tokens.fetch({"grant_type": "client_credentials", "scope": "grant_management_query"})
        await tokens.get(f"{at}/grants/{grant.grant_id}", manager["access_token"], {})
        await tokens.fetch({"token": grant.access_token}, f"{at}/introspect")
        await self.service.offer(grant, {"contact.email": "typed@example.org"})

    async def find_it_over(self, grant: Grant) -> None:
        with pytest.raises(Stopped):
            await self.service.read(grant)
        # Whether it may still offer something back depends on what else it was given; what it is told is compared.
        with suppress(Refused):
            await self.service.offer(grant, {"contact.email": "typed@example.org"})

    def facts(self) -> set[str | int]:
        """Every value in it, down to the claims of what is signed or encrypted to this service."""
        posts = [[post.path, post.body.decode("ascii")] for post in self.receiver.posts]
        return {value for each in [*self.seen, *posts] for value in self._leaves(each)}

    def _leaves(self, value: Any) -> Iterator[str | int]:
        if isinstance(value, dict):
            for each in value.values():
                yield from self._leaves(each)
        elif isinstance(value, list):
            for each in value:
                yield from self._leaves(each)
        elif isinstance(value, str):
            yield from (value, *value.split(" "))
            yield from self._parts(value)
        elif isinstance(value, int) and not isinstance(value, bool) and value % 3600:
            yield value  # whole hours are everybody's

    def _parts(self, compact: str) -> Iterator[str | int]:
        parts = compact.split(".")
        yield from parts if len(parts) > 2 else ()
        if len(parts) == 5:
            yield from self._leaves(jose.decrypt(compact, jose.DISCLOSURE_JWE, self.service.keys.enc).decode("ascii"))
        for part in parts if len(parts) in (3, 5) else ():
            try:
                yield from self._leaves(parse_object(unb64u(part)))
            except Invalid:
                yield part


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[Any]]:
    """What each session was answered: statuses, headers and bodies."""
    seen: dict[int, list[Any]] = defaultdict(list)
    call = wire.call

    async def listening_in(session: aiohttp.ClientSession, *rest: Any, **more: Any) -> wire.Answer:
        answer = await call(session, *rest, **more)
        body = answer.body.decode("ascii", "replace")
        headers = {name: value for name, value in answer.headers.items() if name not in SAME_FOR_ALL}
        seen[id(session)] += [answer.status, headers, parse_object(answer.body) if body.startswith("{") else body]
        return answer

    monkeypatch.setattr(wire, "call", listening_in)
    return seen


@asynccontextmanager
async def watched(
    pds: Running, registered: Registered, receiver: Receiver, answers: dict[int, list[Any]]
) -> AsyncIterator[Watched]:
    async with wire.new_session() as session:
        service = Service(
            issuer=pds.issuer,
            client_id=registered.client_id,
            redirect_uri=registered.redirect_uri,
            keys=registered.keys,
            clock=pds.clock,
            session=session,
        )
        yield Watched(service, receiver, answers[id(session)])


@asynccontextmanager
async def two_services(
    pds: Running, internet: Internet, answers: dict[int, list[Any]]
) -> AsyncIterator[tuple[Watched, Watched]]:
    """Parking and leisure; both may ask for access that lasts, and both take notices. It is the first hour of a day.

    What is told has the date of a value in it, which is everybody's: it must not change while two are compared.
    """
    pds.clock.ahead += -int(pds.clock()) % 86400
    await pds.publish_registry()
    (card,) = LEISURE["purposes"]
    lasting: Json = {**card, "access": ["once", "until"], "shortest_days": 1, "longest_days": 400}
    at_parking = await again(pds, takes(PARKING, NOTICES))
    at_leisure = await again(pds, takes({**LEISURE, "purposes": [lasting]}, f"https://{LEISURE_HOST}/notices"))
    async with (
        listening(internet, PARKING_HOST) as to_parking,
        listening(internet, LEISURE_HOST, address=PUBLIC_2) as to_leisure,
        watched(pds, at_parking, to_parking, answers) as parking,
        watched(pds, at_leisure, to_leisure, answers) as leisure,
    ):
        yield parking, leisure


def apart(pds: Running) -> None:
    """Each does what it does at a time of its own."""
    pds.clock.ahead += 61


async def known_to_both(
    pds: Running,
    internet: Internet,
    both: tuple[Watched, Watched],
    people: tuple[Resident, Resident],
    *,
    personas: bool,
) -> set[Any]:
    """What both services hold after one resident, or two strangers, dealt with each of them from first to last."""
    dealings = [
        (each, resident, purpose, persona if personas else None)
        for each, resident, purpose, persona in zip(
            both, people, ("resident-permit", "leisure-card"), (WORK, HOME), strict=True
        )
    ]
    for each in both:
        each.seen.clear()
        each.receiver.posts.clear()
    grants: list[Grant] = []
    for each, resident, purpose, persona in dealings:
        # Of two that are known for as long as each other, the dates are the same: these are the services' own wishes.
        grant = await each.share(resident, purpose, persona, until(pds, 200 + len(grants)))
        await each.sign_in(resident)
        await each.look(grant)
        apart(pds)
        await each.be_refused(resident, purpose)
        await each.share(resident, purpose, persona, "once")
        apart(pds)
        # For another purpose's sake a resident stops the lasting one; the newer approval has replaced it.
        grants.append(await each.share(resident, purpose, persona, until(pds, 200 + len(grants))))
        apart(pds)
    for (_, resident, _, _), grant in zip(dealings, grants, strict=True):
        # One person, one moment: what the vault tells of it is spread.
        await resident.revoke(grant.grant_id)
    for (each, *_), grant in zip(dealings, grants, strict=True):
        await each.find_it_over(grant)
        apart(pds)
    pds.clock.ahead += HOUR
    await deliver(pds, internet)
    assert all(each.receiver.posts for each in both), "each was told of an end"
    return both[0].facts() & both[1].facts()


async def test_two_services_with_two_personas_hold_nothing_in_common_that_two_strangers_would_not(
    pds: Running, internet: Internet, answers: dict[int, list[Any]]
) -> None:
    async with two_services(pds, internet, answers) as both, a_vault(pds) as stranger:
        pds.clock.ahead += 1801
        async with a_vault(pds) as sian:
            await sian.change("contact.email", OWN["contact.email"])
            await sian.control.prefer(lambda now: replace(now, personas=PERSONAS))
            apart(pds)
            by_strangers = await known_to_both(pds, internet, both, (stranger, sian), personas=False)
            by_one = await known_to_both(pds, internet, both, (sian, sian), personas=True)
            names = {value for persona in PERSONAS.values() for value in (persona.name, *persona.values.values())}
            assert not names & {str(fact) for fact in by_one}
            assert by_one - by_strangers == set()


async def test_as_oneself_the_same_values_do_tell_so_the_test_can_fail(
    pds: Running, internet: Internet, answers: dict[int, list[Any]]
) -> None:
    async with two_services(pds, internet, answers) as both, a_vault(pds) as sian:
        in_common = await known_to_both(pds, internet, both, (sian, sian), personas=False)
        assert OWN["contact.email"] in in_common
