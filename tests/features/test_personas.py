"""Two services that know one resident by two personas hold nothing by which they could tell."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import Json, parse_object, unb64u
from pds.core.errors import Invalid
from pds.core.preferences_item import Persona
from pds.sdk import Resident, Service, wire
from tests.conftest import Registered, Running
from tests.people import a_vault, query_of

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
    seen: list[Any]

    async def share(self, resident: Resident, purpose: str, persona: str | None) -> None:
        """Ask, be answered, read, refresh nothing: everything that this service learns of a resident."""
        asked = await self.service.ask(purpose, WISHES, "once")
        question = await resident.asked(await resident.follow(asked.url))
        back = await resident.approve(question, OWN if persona is None else dict.fromkeys(WISHES), persona=persona)
        self.seen.append(dict(parse_qsl(urlsplit(back).query)))
        grant = await self.service.finish(query_of(back), asked.pending)
        await self.service.read(grant)

    def facts(self) -> set[str | int]:
        """Every value in it, down to the claims of what is signed or encrypted to this service."""
        return {value for each in self.seen for value in self._leaves(each)}

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
    """What each session was answered: bodies, and the headers that are of a grant."""
    seen: dict[int, list[Any]] = defaultdict(list)
    call = wire.call

    async def listening(session: aiohttp.ClientSession, *rest: Any, **more: Any) -> wire.Answer:
        answer = await call(session, *rest, **more)
        body = answer.body.decode("ascii", "replace")
        seen[id(session)].append(parse_object(answer.body) if body.startswith("{") else body)
        seen[id(session)] += [answer.headers[name] for name in ("ETag", "Log-Position") if name in answer.headers]
        return answer

    monkeypatch.setattr(wire, "call", listening)
    return seen


@asynccontextmanager
async def watched(pds: Running, registered: Registered, answers: dict[int, list[Any]]) -> AsyncIterator[Watched]:
    async with wire.new_session() as session:
        service = Service(
            issuer=pds.issuer,
            client_id=registered.client_id,
            redirect_uri=registered.redirect_uri,
            keys=registered.keys,
            clock=pds.clock,
            session=session,
        )
        yield Watched(service, answers[id(session)])


async def shared_by(
    pds: Running, parking: Watched, leisure: Watched, a: Resident, b: Resident, *, apart: bool
) -> set[Any]:
    """What both services hold after one resident, or two strangers, shared with each of them."""
    for each in (parking, leisure):
        each.seen.clear()
    await parking.share(a, "resident-permit", WORK if apart else None)
    pds.clock.ahead += 61
    await leisure.share(b, "leisure-card", HOME if apart else None)
    return parking.facts() & leisure.facts()


async def test_two_services_with_two_personas_hold_nothing_in_common_that_two_strangers_would_not(
    pds: Running, answers: dict[int, list[Any]]
) -> None:
    async with (
        watched(pds, pds.parking, answers) as parking,
        watched(pds, pds.leisure, answers) as leisure,
        a_vault(pds) as stranger,
    ):
        pds.clock.ahead += 1801
        async with a_vault(pds) as sian:
            await sian.change("contact.email", OWN["contact.email"])
            await sian.control.prefer(lambda now: replace(now, personas=PERSONAS))
            pds.clock.ahead += 61
            by_strangers = await shared_by(pds, parking, leisure, stranger, sian, apart=False)
            by_one = await shared_by(pds, parking, leisure, sian, sian, apart=True)
            names = {value for persona in PERSONAS.values() for value in (persona.name, *persona.values.values())}
            assert not names & {str(fact) for fact in by_one}
            assert by_one - by_strangers == set()


async def test_as_oneself_the_same_values_do_tell_so_the_test_can_fail(
    pds: Running, answers: dict[int, list[Any]]
) -> None:
    async with (
        watched(pds, pds.parking, answers) as parking,
        watched(pds, pds.leisure, answers) as leisure,
        a_vault(pds) as sian,
    ):
        in_common = await shared_by(pds, parking, leisure, sian, sian, apart=False)
        assert OWN["contact.email"] in in_common
