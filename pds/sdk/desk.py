"""A desk: the service's own screen at a counter, with the service's own keys (protocols/specs/counter.md).

RFC 8628 (device authorization) with a signed request object, DPoP from the first poll, server-sent events.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any

import aiohttp

from pds.core import counter, jose, record
from pds.core.disclosure import Disclosure
from pds.core.encoding import Json, b64u, digest
from pds.core.errors import Invalid
from pds.core.registry import Purpose
from pds.core.registry import Service as Statement
from pds.sdk import wire
from pds.sdk.api import Api
from pds.sdk.browser import Browser
from pds.sdk.directory import Directory
from pds.sdk.errors import Declined, Refused, SdkError, Stopped, Unreachable
from pds.sdk.events import News, read_stream
from pds.sdk.grant import Grant, Pending
from pds.sdk.keys import ServiceKeys
from pds.sdk.service import REQUEST_SECONDS, Service

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Collected:
    """What the resident shared: show it, then `Exchange.done()`."""

    grant: Grant
    disclosure: Disclosure


class Desk:
    """One registered desk of a service. `registrar_keys` are the registrar's public JWKs: place and purposes come
    from the statement that they signed.

    Use it as `async with Desk(…) as desk`, or call `close()`.
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        desk: str,
        keys: ServiceKeys,
        registrar_keys: Sequence[Json],
        session: aiohttp.ClientSession | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.id = desk
        self._clock = clock
        self._random = random
        self._own = session is None
        self._session = session or wire.new_session()
        self.service = Service(
            issuer=issuer,
            client_id=client_id,
            redirect_uri="",
            keys=keys,
            session=self._session,
            clock=clock,
            random=random,
        )
        self._directory = Directory(Api(issuer, Browser(self._session)), registrar_keys, now=self._now)

    async def __aenter__(self) -> "Desk":
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, unless the session was the caller's."""
        if self._own:
            await self._session.close()

    async def registered(self) -> counter.Desk:
        """This desk as the registry has it now. Errors: `Stopped` where it is not in force, `registry/…`."""
        return (await self._registered())[1]

    async def purposes(self) -> Mapping[str, Purpose]:
        """What may be asked here, by id. Errors: as `registered`."""
        statement, desk = await self._registered()
        return {id: statement.purposes[id] for id in desk.purposes}

    async def begin(
        self,
        purpose: str,
        *,
        access: str | Mapping[str, str | date] | None = None,
        zone: str | None = None,
    ) -> "Exchange":
        """Ask for everything of a registered purpose of this desk; the codes for its screen.

        `access` is `"once"`, the default where the purpose has it, or `{"until": date}`; `zone` is for an area answer.
        Errors: `Stopped` (not in force, frozen), `Refused`, `Unreachable`, `registry/…`.
        """
        statement, desk = await self._registered()
        if purpose not in desk.purposes:
            raise Invalid("request/desk", purpose)
        asked = statement.purposes[purpose]
        attributes: dict[str, Json] = {
            id: {"required": True} if each.required else {} for id, each in asked.attributes.items()
        }
        if zone is not None and "address.lives_in_area" in attributes:
            attributes["address.lives_in_area"]["zone"] = zone
        span = self._span(asked, access)
        compact, nonce = self._request(desk, purpose, attributes, span)
        try:
            answer = await self.service.tokens.begin(compact)
        except Refused as error:
            if error.rule == "counter/frozen":
                raise Stopped(str(error)) from error
            raise
        pending = Pending("", nonce, "", digest(compact), purpose, tuple(attributes), span)
        return Exchange(self.service, self._session, answer, pending, now=self._now)

    async def _registered(self) -> tuple[Statement, counter.Desk]:
        found = await self._directory.find(self.service.client_id, await self._directory.current())
        desk = found.desks.get(self.id) if found is not None else None
        if found is None or desk is None:
            raise Stopped("this desk is not in the registry")
        return found, desk

    def _span(self, purpose: Purpose, access: str | Mapping[str, str | date] | None) -> Any:
        if access is None and "once" in purpose.access:
            return "once"
        if access is None:
            today = datetime.fromtimestamp(self._now(), UTC).date()
            return {"until": (today + timedelta(purpose.shortest_days)).isoformat()}
        return access if isinstance(access, str) else {"until": str(access["until"])}

    def _request(self, desk: counter.Desk, purpose: str, attributes: Json, span: Any) -> tuple[str, str]:
        keys, now, nonce = self.service.keys, self._now(), b64u(self._random(32))
        details = {
            "type": "resident_data",
            "locations": [f"{self.service.issuer}/data"],
            "purpose": purpose,
            "attributes": attributes,
            "access": span,
            "enc_jkt": jose.thumbprint(keys.enc),
            "desk": counter.desk_claim(desk),
        }
        claims: Json = {
            "iss": self.service.client_id,
            "client_id": self.service.client_id,
            "aud": self.service.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + REQUEST_SECONDS,
            "jti": b64u(self._random(16)),
            "scope": "openid",
            "nonce": nonce,
            "dpop_jkt": jose.thumbprint(keys.dpop),
            "authorization_details": [details],
        }
        return jose.sign(claims, jose.REQUEST_OBJECT, keys.sig, kid=jose.thumbprint(keys.sig)), nonce

    def _now(self) -> int:
        return int(self._clock())


class Exchange:
    """One exchange with one resident. `address` is for the picture, `typed` for who has no camera, `expires` a time."""

    def __init__(
        self,
        service: Service,
        session: aiohttp.ClientSession,
        answer: Json,
        pending: Pending,
        *,
        now: Callable[[], int],
    ) -> None:
        self._service = service
        self._session = session
        self._pending = pending
        self._device_code = _text(answer, "device_code")
        self.address = _text(answer, "verification_uri_complete")
        self.typed = _text(answer, "user_code")
        counter.parse_typed(self.typed)
        counter.parse_address(self.address, service.issuer)
        lifetime = answer.get("expires_in")
        if not isinstance(lifetime, int) or isinstance(lifetime, bool):
            raise Invalid("answer/members", "expires_in")
        self.expires = now() + lifetime
        self.seen = 0
        # Whether digits of ours may have been right: without, nothing that comes later is believed.
        self._paired = False
        self._comparing = asyncio.Lock()
        self._grant: Grant | None = None

    async def digits(self, typed: str) -> bool:
        """Whether these are the digits on the resident's phone. Three wrong, and the exchange is over.

        Errors: `counter/digits` for what is not four digits, `Refused` (nobody has opened it, or it is over),
        `Unreachable`.
        """
        digits = counter.parse_digits(typed)
        async with self._comparing:
            try:
                answer = await self._post("digits", {"digits": digits})
            except Unreachable:
                self._paired = True  # they were sent: whether they were right, the events tell
                raise
            self._paired = answer.get("paired") is True
        return self._paired

    async def events(self) -> AsyncGenerator[News]:
        """What happens, from the first event or the last that was seen, until nothing more will; over lost connections.

        Errors: `counter/unpaired` where the vault skips the digits: the exchange is cancelled; `Refused`.
        """
        while True:
            try:
                async for news in self._connected():
                    self.seen = news.n
                    await self._check_paired(news)
                    yield news
                    if news.last:
                        return
            except Unreachable:
                await asyncio.sleep(AGAIN_SECONDS)

    async def collect(self) -> Collected:
        """The details, once the resident has decided; everything is checked as online.

        Errors: `Declined`; `Stopped` (void, expired, or the grant has ended); `Refused` with `authorization_pending`
        or `slow_down` while there is no decision; `counter/unpaired`; `Invalid` when something is not what it claims
        to be; `Unreachable`.
        """
        if not self._paired:
            await self.cancel()
            raise Invalid("counter/unpaired", "nobody compared the digits")
        try:
            answer = await self._service.tokens.fetch({"grant_type": GRANT_TYPE, "device_code": self._device_code})
        except Refused as error:
            raise _why(error) from error
        proof = _text(answer, "subject_proof")
        subject = record.verify_subject_proof(
            proof, client_id=self._service.client_id, request_hash=self._pending.request_hash
        )
        grant = await self._service.accept(answer, subject, self._pending)
        self._grant = grant
        return Collected(grant, await self._service.read(grant))

    async def cancel(self) -> None:
        """End it. Errors: `Refused`, `Unreachable`."""
        await self._post("cancel", {})

    async def done(self) -> None:
        """The task is over: the token goes, or the exchange where it was not collected. Errors: `Unreachable`."""
        if self._grant is None:
            await self.cancel()
        else:
            await self._service.tokens.forget(self._grant.access_token)

    async def _post(self, what: str, parameters: Mapping[str, str]) -> Json:
        form = {"device_code": self._device_code, **parameters}
        return await self._service.tokens.fetch(form, f"{self._service.issuer}/oauth/device/{what}")

    async def _check_paired(self, news: News) -> None:
        if news.state not in (counter.PAIRED, counter.DECIDED, counter.COLLECTED):
            return
        async with self._comparing:  # the news may overtake the answer to the digits
            paired = self._paired
        if not paired:
            await self.cancel()
            raise Invalid("counter/unpaired", "the vault says that digits were right which nobody sent")

    async def _connected(self) -> AsyncIterator[News]:
        url = f"{self._service.issuer}/oauth/device/events"
        for attempt in (1, 2):
            headers = {
                **self._service.tokens.proven("GET", url, self._device_code),
                "Accept": "text/event-stream",
                **({"Last-Event-ID": str(self.seen)} if self.seen else {}),
            }
            async with wire.stream(self._session, url, headers) as response:
                self._service.tokens.keep_nonce(url, response.headers)
                if response.status == 200:
                    async for news in read_stream(response):
                        yield news
                    return
                if response.status >= 500 or response.status == 429:
                    raise Unreachable(f"events: {response.status}")
                if attempt == 2:
                    raise Refused("invalid_token", f"events: {response.status}")


def _why(error: Refused) -> SdkError:
    if error.rule == "counter/declined":
        return Declined("the resident declined")
    if error.error in ("access_denied", "expired_token", "invalid_grant"):
        return Stopped(str(error))
    return error


def _text(document: Json, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Invalid("answer/members", name)
    return value
