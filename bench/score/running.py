"""Every form against every resident: the real request, the real approval, the real read."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.score.forms import Form
from bench.score.judging import Score, allowed, judge, shareable
from bench.score.people import Person
from bench.score.site import Learnt
from bench.score.town import Town
from pds.core import catalogue, derived
from pds.demo.pages import boxes_of
from pds.sdk import KeptBack, Resident
from pds.sdk.browser import Browser
from pds.sdk.deciding import Question

# So many residents at once: they wait for the disk and for each other's answers more than they compute.
_AT_ONCE = 4
# A shorter text could stand there by chance, and postcodes do in the zones of purposes.
_LONG = 7
COUNCIL = "address.local_authority"


class Broken(Exception):
    """A step of the way from a form to a vault and back did not answer as it should."""


async def run(town: Town, people: Sequence[Person]) -> dict[str, Score]:
    """The score of each form, by its id."""
    scores = {form.id: Score() for form in town.forms}
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(person: Person) -> None:
        async with turns:
            await _all_forms(town, person, scores)

    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(one(person))
    for form in town.forms:
        score = scores[form.id]
        score.over_asking = town.pushed[form.id].over_asking
        if score.over_asking != (sum(person.has_vault for person in people) if form.over_asks else 0):
            score.faults.append(f"{form.id}: the vault's door and the purpose differ about what the form may ask")
    return scores


async def _all_forms(town: Town, person: Person, scores: Mapping[str, Score]) -> None:
    chosen = person.preferences(town.forms, town.sites)
    resident = (await town.moves_in(person))[0] if person.has_vault else None
    for form in town.forms:
        site, now = town.sites[form.id], town.pds.clock()
        learnt = Learnt()
        if resident is not None and form.asks:
            learnt = await _through_the_vault(town, form, person, resident)
        browser = resident.browser if resident is not None else Browser(town.session)
        page = await _page(browser, site)
        may = allowed(form, chosen, site, now)
        judge(scores[form.id], form, person, boxes_of(page), page, learnt, may, today=derived.london_day(now))


async def _through_the_vault(town: Town, form: Form, person: Person, resident: Resident) -> Learnt:
    """From the form to the vault and back; what the form learnt."""
    site = town.sites[form.id]
    answer = await resident.browser.submit(f"{site}/vault", {})
    address = answer.headers.get("Location", "")
    if not address.startswith(town.pds.issuer):
        return Learnt()  # all that it asked was outside its purpose: there is no request to answer
    question = await resident.asked(await resident.follow(address))
    back = await (_decline if form.id in person.says_no else _agree)(resident, question)
    answer = await resident.browser.get(back)
    if answer.status != 303:
        raise Broken(f"{form.id}, {person.id}: the way back answered {answer.status}")
    return town.pushed[form.id].learnt[parse_qs(urlsplit(back).query)["state"][0]]


async def _decline(resident: Resident, question: Question) -> str:
    return await resident.decline(question)


async def _agree(resident: Resident, question: Question) -> str:
    """Share all that the resident's rules allow; decline where they allow nothing at all."""
    proposed = resident.control.propose(question)
    share = set(shareable(proposed))
    while proposed.refused is None:
        try:
            return await resident.approve(question, share)
        except KeptBack as kept:
            # A protected place stands inside another value: the wallet says which, and the rest goes.
            share.remove(kept.attribute)
    return await resident.decline(question)


async def _page(browser: Browser, site: str) -> str:
    answer = await browser.get(f"{site}/")
    if answer.status != 200:
        raise Broken(f"{site} answered {answer.status}")
    return answer.body.decode()


def in_the_clear(database: Path, people: Iterable[Person]) -> list[str]:
    """Of the longer texts that residents typed, those that stand somewhere in what the operator stores."""
    stored = b"".join(file.read_bytes() for file in sorted(database.parent.glob(f"{database.name}*")))
    # Words of the catalogue and the codes of councils stand in every purpose.
    own = {id for id, entry in catalogue.ATTRIBUTES.items() if entry.type in ("string", "address")} - {COUNCIL}
    texts = {text for person in people for id in own & person.details.keys() for text in person.details[id].values()}
    return sorted(text for text in texts if len(text) > _LONG and text.encode() in stored)
