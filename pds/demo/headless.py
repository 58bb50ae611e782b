"""A newcomer's first look: one resident, two services, every step checked, told with what each party saw."""

import sqlite3
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import aiohttp

from pds.core.encoding import Json
from pds.core.recovery import format_code, parse_code
from pds.demo.pages import boxes_of
from pds.demo.town import Town
from pds.desk.values import lines_of
from pds.sdk import Desk, Problem, Resident
from pds.sdk.wire import Answer

Say = Callable[[str], None]
NAME = "Siân Łucja O’Connor-Nguyễn"
HOME: Json = {"lines": ["10 Example Street"], "town": "Anytown", "postcode": "AN1 2AB", "country": "GB"}
MOVED: Json = {"lines": ["Flat 3", "22 Harbour Row"], "town": "Anytown", "postcode": "AN3 4CD", "country": "GB"}
EMAIL, MOBILE, CAR = "sian.oconnor@example.org", "+447700900123", "AB51ABC"
WORK = "07700 900 456"


class StoryBroke(Exception):
    """A step did not turn out as it should."""


class Story:
    """The steps, in order. `say` prints a line; `check` stops the story where something is not so."""

    def __init__(self, town: Town, session: aiohttp.ClientSession, say: Say) -> None:
        self._town = town
        self._say = say
        self._session = session
        self._sian = self._wallet()
        self._code = ""
        self._permit = ""

    async def tell(self) -> None:
        """The whole story. Errors: `StoryBroke`, and whatever the SDK raises."""
        for number, step in enumerate(
            (
                self._a_vault,
                self._the_council_asks,
                self._she_moves,
                self._signing_in_elsewhere,
                self._no_and_yes,
                self._who_can_see,
                self._she_stops,
                self._at_the_library,
                self._another_device,
            ),
            start=1,
        ):
            title, _, _ = (step.__doc__ or "").partition("\n")
            self._say(f"\n{number}. {title}")
            await step()

    async def _a_vault(self) -> None:
        """Siân makes a vault and keeps her details in it."""
        self._code = await self._sian.create()
        self._resident(f"my recovery code, {self._code[:9]}-… and 26 characters more, to write on paper")
        await self._sian.confirm_recovery(self._code.lower().replace("-", " "))
        for attribute, value in (
            ("person.full_name", NAME),
            ("contact.email", EMAIL),
            ("contact.mobile", "07700 900 123"),
        ):
            await self._sian.change(attribute, value)
        self._check(self._sian.details()["contact.mobile"] == MOBILE, "the number is kept in one form")
        self._resident(f"my vault holds {len(self._sian.details())} details")
        self._server("ciphertext of 3 items and a manifest, and a public key to sign in with; no name, no number")

    async def _the_council_asks(self) -> None:
        """The council's parking page fills its form from the vault, if Siân says so."""
        page = await self._page(self._town.parking, "/")
        self._check('value=""' in page and NAME not in page, "the form is empty")
        question = await self._sian.asked(await self._sent_to_vault(self._town.parking))
        service, purpose = question.service, question.request.purpose
        self._check(purpose is not None and service.authority_name["en"] == "Anytown Borough Council", "who asks")
        self._resident(f"“{service.name['en']}” of {service.authority_name['en']} asks, signed by the registrar")
        if purpose is not None:
            self._resident(f"why: {purpose.text['en']} ({purpose.statute})")
        required = {id for id, needed in question.request.attributes.items() if needed}
        self._resident(f"needed: {', '.join(sorted(required))}; the rest is up to me")
        # The address and the car are typed here, once, and kept; the mobile number is not shared.
        share = {
            "person.full_name": None,
            "address.current": HOME,
            "vehicle.registration": "ab51 abc",
            "contact.email": None,
        }
        page = await self._back_to(await self._sian.approve(question, share))
        self._check(
            all(text in page for text in (NAME, "10 Example Street", "AN1 2AB", CAR, EMAIL)), "the form is filled in"
        )
        self._check("From your vault" in page, "it says where the values come from")
        self._check(MOBILE not in page, "what was withheld is not there")
        self._council("a form filled in from the vault, the mobile number empty, and no reason why")
        self._server("a signed record of what was asked, and a disclosure that only the council can open")
        sent = await self._submit(self._town.parking, "/apply", {**boxes_of(page), "mobile": WORK})
        self._check(sent.headers.get("Location") == "/received", "the application is sent")
        received = await self._page(self._town.parking, "/received")
        self._check("Application received" in received, "the application is received")
        self._council("an application, and a grant that lasts a year")
        self._check("we offered to your vault" in received, "what was typed by hand is offered back")
        (offered,) = await self._sian.inbox()
        self._check(offered.deposit is not None and set(offered.deposit.values) == {"contact.mobile"}, "only that")
        self._check(self._sian.details()["contact.mobile"] == MOBILE, "nothing is kept by itself")
        await self._sian.answer(offered)
        self._resident("the council offered to keep the number of my work, which I typed there; I threw it away")

    async def _she_moves(self) -> None:
        """Siân moves, changes her address once, and the council sees it."""
        self._check("address.current" in self._sian.details(), "what she typed at the council is kept in her vault")
        told = await self._sian.change("address.current", MOVED)
        self._check(len(told) == 1, "one service holds the address")
        self._resident("I changed my address in my vault; 1 service is told")
        page = await self._check_permit()
        self._check(
            "22 Harbour Row" in page and "10 Example Street" not in page, "the permit page shows the new address"
        )
        self._council("the new address, the next time it looked; nobody wrote a letter")

    async def _signing_in_elsewhere(self) -> None:
        """She signs in at the leisure centre, which learns a number and nothing else."""
        question = await self._sian.asked(await self._sent_to_vault(self._town.leisure, "/sign-in"))
        self._check(not question.request.attributes, "a sign-in asks nothing")
        page = await self._back_to(await self._sian.approve(question))
        self._check("You are signed in" in page and NAME not in page, "signed in without a name")
        subs = {grant.service: grant.sub for grant in (await self._sian.grants()).grants}
        self._check(len(set(subs.values())) == 2, "two services know two numbers")
        self._trust(f"her as {subs[self._town.leisure][:8]}…; the council knows her as {subs[self._town.parking][:8]}…")

    async def _no_and_yes(self) -> None:
        """The leisure centre asks for details: first she says no, then yes, once."""
        question = await self._sian.asked(await self._sent_to_vault(self._town.leisure))
        page = await self._back_to(await self._sian.decline(question))
        self._check("You chose not to share" in page, "a no is a no")
        self._trust("that she said no, and an empty form that works as well")
        question = await self._sian.asked(await self._sent_to_vault(self._town.leisure))
        page = await self._back_to(await self._sian.approve(question, ["person.full_name"], withhold=["contact.email"]))
        self._check(NAME in page and EMAIL not in page, "only the name came")
        self._resident("I shared my name, once; date of birth and e-mail stayed with me")
        sent = await self._submit(self._town.leisure, "/apply", boxes_of(page))
        self._check(sent.headers.get("Location") == "/received", "the card is ordered")

    async def _who_can_see(self) -> None:
        """She looks who can see what, and checks the log that nobody can quietly rewrite."""
        listing = await self._sian.grants()
        self._check(not listing.differences, "the server's list is the vault's")
        standing = [grant for grant in listing.grants if grant.service == self._town.parking]
        self._check(len(standing) == 1, "the council has one grant")
        self._permit = standing[0].id
        entries = await self._sian.log(self._permit)
        kinds = [entry["kind"] for entry in entries]
        self._check(kinds == ["approved", "collected", "read", "published", "read"], "every event is there")
        self._resident(
            f"the log of the parking permit: {', '.join(kinds)}; each read is proven by the council's own key"
        )

    async def _she_stops(self) -> None:
        """She stops sharing with the council; the next look fails."""
        await self._sian.revoke(self._permit)
        page = await self._check_permit()
        self._check("You stopped sharing with us" in page, "the council is told in plain words")
        self._check("22 Harbour Row" not in page, "and shows nothing more")
        self._council("that she stopped; not one read has succeeded since")

    async def _at_the_library(self) -> None:
        """At the library she scans a code, reads four digits out, and shares with the desk in front of her."""
        setup = self._town.counter
        place = setup.places[0]
        async with Desk(
            issuer=setup.issuer,
            client_id=setup.client_id,
            desk=place.id,
            keys=setup.keys,
            registrar_keys=setup.registrar_keys,
            session=self._session,
            clock=self._town.clock,
        ) as desk:
            exchange = await desk.begin("library-card")
            meeting = await self._sian.claim(exchange.address)
            self._check(meeting.desk.place == place.place, "the registry says where she is")
            self._resident(f"“Are you at {meeting.desk.place['en']} now?”, and four digits to read out")
            self._check(await exchange.digits(meeting.digits), "the digits are right")
            question = await meeting.question()
            await self._sian.approve(question, {"person.full_name": None, "address.current": None})
            collected = await exchange.collect()
            lines = lines_of(collected.disclosure, tuple(question.request.attributes))
            shown = {line.label: line.shown for line in lines}
            self._check(shown["Full name"] == NAME and "22 Harbour Row" in shown["Home address"], "the desk shows it")
            self._check(shown["Date of birth"] == "Not given", "what she kept back is not there")
            await exchange.done()
        self._council("her name and address on the desk's screen, once, and nothing that it could read again")
        self._server("that a phone and a desk met; the desk's own keys opened what was shared")

    async def _another_device(self) -> None:
        """A lost telephone: the recovery code opens the vault on another device."""
        other = self._wallet()
        try:
            await other.login(self._wrong_code())
        except Problem:
            self._resident("a wrong code opens nothing")
        else:
            raise StoryBroke("a wrong code signed in")
        await other.login(self._code)
        self._check(other.details() == self._sian.details(), "everything is there")
        self._resident(f"on my new telephone: all {len(other.details())} details, every seal and link checked")
        self._look_into_database()

    def _look_into_database(self) -> None:
        path = self._town.folder / "pds.sqlite"
        if not path.exists():
            return
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            dump = "\n".join(connection.iterdump())
        stored = dump.encode() + b"".join(file.read_bytes() for file in sorted(path.parent.glob("pds.sqlite*")))
        values = (NAME, "Example Street", "Harbour Row", "AN1 2AB", "AN3 4CD", EMAIL, MOBILE, CAR)
        found = [value for value in values if value.encode() in stored]
        self._check(not found, "not one of her details stands in the operator's database")
        self._server("all of it is in the operator's database, and not one of her details can be found there")

    def _wallet(self) -> Resident:
        return Resident(
            self._town.issuer,
            registrar_keys=self._town.registrar_keys,
            session=self._session,
            clock=self._town.clock,
        )

    async def _page(self, site: str, path: str) -> str:
        answer = await self._sian.browser.get(site + path)
        self._check(answer.status == 200, f"{path} answers {answer.status}")
        return unescape(answer.body.decode())

    async def _submit(self, site: str, path: str, form: dict[str, str] | None = None) -> Answer:
        return await self._sian.browser.submit(site + path, form or {})

    async def _sent_to_vault(self, site: str, path: str = "/vault") -> str:
        """Press the button, follow the service to the vault; the request's id."""
        answer = await self._submit(site, path)
        address = answer.headers.get("Location", "")
        self._check(
            answer.status == 303 and address.startswith(self._town.issuer + "/oauth/authorize?"), "to the vault"
        )
        return await self._sian.follow(address)

    async def _back_to(self, address: str) -> str:
        """The browser goes back to the service, and on to the page that it is sent to."""
        site = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        answer = await self._sian.browser.get(address)
        self._check(answer.status == 303, f"the way back answers {answer.status}")
        return await self._page(site, answer.headers["Location"])

    async def _check_permit(self) -> str:
        await self._submit(self._town.parking, "/permit")
        return await self._page(self._town.parking, "/permit")

    def _wrong_code(self) -> str:
        """A recovery code that is well formed and nobody's."""
        return format_code(bytes(byte ^ 1 for byte in parse_code(self._code)))

    def _check(self, holds: bool, what: str) -> None:
        if not holds:
            raise StoryBroke(what)

    def _resident(self, text: str) -> None:
        self._say(f"   Siân saw: {text}")

    def _council(self, text: str) -> None:
        self._say(f"   the council saw: {text}")

    def _trust(self, text: str) -> None:
        self._say(f"   the leisure trust saw: {text}")

    def _server(self, text: str) -> None:
        self._say(f"   the server saw: {text}")
