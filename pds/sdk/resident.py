"""A resident with a wallet that has no screen, on the same core as the real one: for tests, demos and scripts."""

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from pds.core import catalogue, request
from pds.core.chain import Position
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.manifest import Known, Opened
from pds.core.members import ID, items, number, text
from pds.core.recovery import parse_code
from pds.sdk import deciding, inbox, preferring, wire
from pds.sdk.api import Api
from pds.sdk.browser import Browser
from pds.sdk.commit import Change
from pds.sdk.control import Control
from pds.sdk.deciding import Approval, Question
from pds.sdk.device import Act, Device
from pds.sdk.directory import Directory
from pds.sdk.errors import Problem, RecoveryUnconfirmed, SdkError
from pds.sdk.inbox import Offered, opened_inbox
from pds.sdk.items import attribute_item, held
from pds.sdk.leaving import Wish, leave
from pds.sdk.listing import ACTIVE, Listing, compare, learned, server_grant, verify_log
from pds.sdk.meeting import Meeting, claim
from pds.sdk.publishing import publish, publish_due

_ANSWER = "wallet-api/answer"


class Resident:
    """One resident on one device. `registrar_keys` are the public JWKs that a wallet's release carries.

    `known` is the newest manifest that this device has seen, kept from before (`resident.known`).
    Make it inside a running loop, as `async with Resident(…) as resident`, or call `close()`.
    """

    def __init__(
        self,
        issuer: str,
        *,
        registrar_keys: Sequence[Json],
        known: Known | None = None,
        session: aiohttp.ClientSession | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.issuer = issuer
        self._clock = clock
        self._random = random
        self._own_session = session is None
        self._session = session or wire.new_session()
        self.browser = Browser(self._session)
        self._api = Api(issuer, self.browser)
        self._directory = Directory(self._api, registrar_keys, now=self._now)
        self._device = Device(self._api, now=self._now, random=random, known=known)
        self.control = Control(self._device, self._directory, act=self._act, now=self._now, random=random)

    async def __aenter__(self) -> "Resident":
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, unless the session was the caller's."""
        if self._own_session:
            await self._session.close()

    @property
    def known(self) -> Known | None:
        """The newest manifest that this device has seen."""
        return self._device.known

    @property
    def vault(self) -> str:
        """The vault's id. Errors: `SdkError` while it is locked."""
        return self._device.opened.manifest.vault

    async def create(self) -> str:
        """A new vault; its recovery code, to be written down and confirmed. Errors: `Problem`, `Unreachable`."""
        return await self._device.create(Change(registry=self._directory.pins))

    async def confirm_recovery(self, code: str) -> None:
        """The resident typed the recovery code back. Errors: `recovery/…`, as `login` when it is not this vault's."""
        parse_code(code)
        await self._device.check_code(code)
        await self._save("/api/vault/commits", {}, Change(recovery_confirmed=True))

    async def login(self, code: str) -> None:
        """Sign in with the recovery code, open the vault. Errors: `recovery/…`, `manifest/…`, `seal/…`, `Problem`."""
        await self._device.login(code)
        self._directory.adopt(self._device.opened.manifest)
        with suppress(Invalid, SdkError):  # a registry that is late keeps nobody out of their own vault
            await self.catch_up()

    async def catch_up(self) -> tuple[str, ...]:
        """Publish what changed by itself: answers by the date alone (somebody turned 18), all to a service with a new
        encryption key. Gives those grants. Errors: `registry/…`, `AnotherDevice`, `Problem`, `Unreachable`.
        """
        told: tuple[str, ...] = ()
        rows = await self._rows()

        async def build(opened: Opened) -> Act:
            nonlocal told
            change, disclosures = await publish_due(opened, rows, self._directory, now=self._now())
            told = tuple(disclosure["grant_id"] for disclosure in disclosures)
            return self._act("/api/publications", {"disclosures": disclosures}, change)

        if (await publish_due(self._device.opened, rows, self._directory, now=self._now()))[1]:
            await self._device.save(build)
        return told

    async def open(self) -> Opened:
        """The vault as the server has it now, every link checked. Errors: `manifest/…`, `seal/…`, `item/kind`."""
        opened = await self._device.open()
        self._directory.adopt(opened.manifest)
        return opened

    async def logout(self) -> None:
        """End the session and lock."""
        await self._api.post("/api/logout", {})
        self._device.lock()

    async def leave(self, url: str, *, agrees: bool = True) -> Wish:
        """Follow a service's link to sign out, and do it where the resident agrees or is not asked."""
        return await leave(self._api, self._directory, self._device, url, agrees=agrees)

    def details(self) -> dict[str, Any]:
        """What the vault holds, by attribute."""
        found = {item["attribute"] for item in self._device.opened.items.values() if item["kind"] == "attribute"}
        return {id: self._held(id) for id in sorted(found)}

    async def change(self, attribute: str, value: Any) -> tuple[str, ...]:
        """Change or add a detail, and publish it to each live grant that holds it, in one commit. Gives those grants.

        Errors: `catalogue/value`, `AnotherDevice`, `Problem`, `Unreachable`.
        """
        checked = catalogue.check(attribute, value)
        told: tuple[str, ...] = ()

        async def build(opened: Opened) -> Act:
            nonlocal told
            mine = held(opened.items, attribute)
            id = mine[0] if mine else b64u(self._random(16))
            item = attribute_item(mine[1] if mine else None, attribute, checked, now=self._now())
            change, disclosures = await publish(opened, {id: item}, self._directory, now=self._now())
            told = tuple(disclosure["grant_id"] for disclosure in disclosures)
            if not disclosures:
                return self._act("/api/vault/commits", {}, change, frozenset({attribute}))
            return self._act("/api/publications", {"disclosures": disclosures}, change, frozenset({attribute}))

        await self._device.save(build)
        return told

    async def follow(self, url: str) -> str:
        """Open the address to which a service sent this browser; the request's id. Errors: `Problem`."""
        location = await self._api.location(url)
        found = parse_qs(urlsplit(location).fragment).get("request", [""])[0]
        if not ID.match(found):
            raise Problem(303, "not-found", "the vault brought no request")
        return found

    async def asked(self, request_id: str) -> Question:
        """Who asks what, if registrar and service signed it. Errors: `registry/…`, `request/…`, `jose/…`, `Problem`."""
        given = await self._api.get(f"/api/requests/{request_id}")
        index = self._directory.index(text(given, "index", _ANSWER, longest=1048576))
        service = self._directory.service(text(given, "statement", _ANSWER, longest=65536), index)
        compact, parameters = given.get("request"), given.get("parameters")
        if isinstance(compact, str):
            verified, parameters = request.verify_request(compact, service, issuer=self.issuer, now=self._now()), None
        elif isinstance(parameters, dict):
            verified = request.check_parameters(parameters, service, issuer=self.issuer, now=self._now())
        else:
            raise Invalid(_ANSWER, "request")
        expires = number(given, "expires", _ANSWER)
        return Question(request_id, verified, service, compact, parameters, given.get("decided"), expires)

    async def approve(
        self,
        question: Question,
        share: Mapping[str, Any] | Iterable[str] = (),
        withhold: Collection[str] = (),
        until: str | None = None,
        *,
        keep: bool = True,
        persona: str | None = None,
    ) -> str:
        """Share these attributes and no other; the address to which the browser goes back (`""` at a counter).

        `share` names them, or gives values: a value is kept in the vault where it has none (unless `keep` is false),
        and used for this grant alone where it has another; None is the vault's own. What is in neither list is
        withheld. `until` is an earlier date than asked, `persona` the one by which this service is to know the
        resident from now on (None: as before; see `control.know_as`). What the preferences (`control`) keep back is not
        shared. Errors: `RecoveryUnconfirmed`, `KeptBack`, `catalogue/value`, `record/…`, `Problem`, `Unreachable`.
        """
        standing = not isinstance(question.request.access, str)
        made: list[Approval] = []

        async def build(opened: Opened) -> Act:
            if standing and not opened.manifest.recovery_confirmed:
                raise RecoveryUnconfirmed
            states = {id: row["state"] for id, row in (await self._rows()).items()}
            approval = deciding.decide(
                question,
                opened,
                share,
                withhold,
                until,
                # One that the server leaves out is replaced all the same: the vault says that it is live.
                active=[id for id in {**opened.manifest.grants, **states} if states.get(id, ACTIVE) == ACTIVE],
                keep=keep,
                now=self._now(),
                random=self._random,
                persona=persona,
            )
            made[:] = [approval]
            return self._act(question.path("approval"), deciding.approval_body(question, approval), approval.change)

        answer = await self._device.save(build)
        if answer.get("iss") != self.issuer:
            raise Invalid("answer/issuer")
        proof = {"subject_proof": made[0].subject_proof} if question.service.subject_proof else {}
        return deciding.way_back(question, answer, "code", issuer=self.issuer, more=proof)

    async def decline(self, question: Question) -> str:
        """Share nothing; the address to which the browser goes back. The vault remembers it."""
        answer = await self._api.post(question.path("refusal"), {})

        async def build(opened: Opened) -> Act:
            change = deciding.refuse(question, opened, now=self._now(), random=self._random)
            return self._act("/api/vault/commits", {}, change)

        if self._device.is_open:
            await self._device.save(build)
        return deciding.way_back(question, answer, "error", issuer=self.issuer)

    async def claim(self, code: str) -> Meeting:
        """The session of a code at a counter: the picture's address, or the eight characters.

        Errors: `counter/origin`, `counter/code`, `counter/typed`, `registry/…`, `Problem`, `Unreachable`.
        """
        return await claim(self._api, self._directory, code, now=self._now())

    async def report(self, grant_id: str) -> None:
        """ "This was not me": stop what was shared at a counter, and alert a supervisor. Errors: as `revoke`."""
        live = (await self.open()).manifest.grants
        # A stop whose answer was lost has told nobody, nor may a report whose answer was lost have.
        if grant_id not in live or not await self._revoke(grant_id, "report"):
            await self._api.post(f"/api/grants/{grant_id}/report", {"commit": None, "revocation": None})

    async def grants(self) -> Listing:
        """Who can see what: only grants found sealed in the vault, and where the server says otherwise.

        Errors: `manifest/…`, `Problem`, `Unreachable`.
        """
        opened, rows = await self.open(), await self._rows()
        for difference in compare(opened, rows, now=self._now()).differences:
            if difference.what == "stopped":
                with suppress(Invalid):  # its log may prove that the service ended it: then the vault notes that
                    await self.log(difference.grant_id)
        return compare(self._device.opened, rows, now=self._now())

    async def revoke(self, grant_id: str) -> None:
        """Stop a grant: no read that begins after this returns succeeds. Errors: `SdkError`, `Problem`."""
        await self._revoke(grant_id, "revocation")

    async def _revoke(self, grant_id: str, path: str) -> Json:
        async def build(opened: Opened) -> Act:
            if grant_id not in opened.manifest.grants:
                raise SdkError("no such live grant in this vault")
            item, word = deciding.revocation(opened.items[grant_id], opened.items, now=self._now())
            change = Change(put={grant_id: item}, grants={grant_id: None})
            return self._act(f"/api/grants/{grant_id}/{path}", {"revocation": word}, change)

        return await self._device.save(build)

    async def log(self, grant_id: str) -> tuple[Json, ...]:
        """Every event of a grant, the chain and each read's proof verified; its end is pinned in the manifest.

        Errors: `log/…`, `Problem`, `Unreachable`.
        """
        opened = self._device.opened
        item = opened.items.get(grant_id)
        if item is None or item["kind"] != "grant":
            raise SdkError("no such grant in this vault")
        entries, stated = await self._api.log(grant_id)
        pin = opened.manifest.grants.get(grant_id, Position(**item.get("log", {"n": 0, "head": ""})))
        position = verify_log(item, entries, pin, stated, issuer=self.issuer, vault=preferring.pause_of(opened))
        if grant_id in opened.manifest.grants and position != pin:
            await self._save("/api/vault/commits", {}, learned(item, opened.items, entries, position))
        return tuple(entries)

    async def inbox(self) -> list[Offered]:
        """What services offer, oldest first; an entry that is not what it claims to be says so by its `fault`.

        Errors: `registry/…`, `Problem`, `Unreachable`.
        """
        answer = await self._api.get("/api/deposits")
        rows = items(answer, "deposits", _ANSWER, most=20)
        return await opened_inbox(rows, self._device.opened, self._directory, now=self._now())

    async def answer(self, offered: Offered, keep: Collection[str] = ()) -> None:
        """Keep these of the offered values, publish them where they are shared, and throw the rest away.

        Errors: `deposit/…`, `AnotherDevice` where another would keep it than was offered, `Problem`, `Unreachable`.
        """

        async def build(opened: Opened) -> Act:
            change, disclosures = await inbox.answer(
                offered, keep, opened, self._directory, now=self._now(), random=self._random
            )
            path = f"/api/deposits/{offered.id}/answer"
            return self._act(path, {"disclosures": disclosures}, change, frozenset(keep))

        await self._device.save(build)

    async def _rows(self) -> dict[str, Json]:
        """The server's word for every grant, by id."""
        answer = await self._api.get("/api/grants")
        rows = map(server_grant, items(answer, "grants", _ANSWER, most=100_000))
        return {row["id"]: row for row in rows}

    async def _save(self, path: str, body: Json, change: Change) -> None:
        async def build(_opened: Opened) -> Act:
            return self._act(path, body, change)

        await self._device.save(build)

    def _act(self, path: str, body: Json, change: Change, edits: frozenset[str] = frozenset()) -> Act:
        """Every commit pins the registry and ends what has ended by itself."""
        over = deciding.settle(self._device.opened, now=self._now())
        return Act(path, body, over | Change(registry=self._directory.pins) | change, edits)

    def _held(self, attribute: str) -> Any:
        mine = held(self._device.opened.items, attribute)
        return mine[1]["value"] if mine else None

    def _now(self) -> int:
        return int(self._clock())
