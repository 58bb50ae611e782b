"""Who tells the services: a task of each worker, which takes from the outbox what is due and tries until it is taken.

RFC 8935 (push delivery) for notices, OpenID Connect Back-Channel Logout section 2.5 for logout tokens.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from pds.core import jose
from pds.core.addresses import NOTICE_URI
from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid
from pds.core.notice import SESSION_ENDED, logout_claims, notice_claims
from pds.errors import NotFound, Refused, Unavailable
from pds.notices import actions, reaching
from pds.registry import actions as registry

logger = logging.getLogger("pds.notices")

POLL_SECONDS = 1.0
MOST_AT_ONCE = 8
# Longer than one attempt can take, by what two workers' clocks may differ.
LEASE_SECONDS = reaching.SECONDS + 20
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30, 6 * 3600

# RFC 8935 section 2.4: what would be answered the same however often it is sent. Keys, rights and trust can be mended.
_FINAL = {"invalid_request", "invalid_issuer", "invalid_audience"}
_ERROR = re.compile(r"[A-Za-z_]{1,40}\Z")
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError)

Sign = Callable[[Json, jose.Form], str]


class Declined(Exception):
    """The service will never take this one; the text says why."""


class NotTaken(Exception):
    """Not this time; the text says why. `alone` where the service answers, and only this one is not to its liking."""

    def __init__(self, why: str, *, alone: bool = False) -> None:
        super().__init__(why)
        self.alone = alone


class Sender:
    """The sender of one worker. `sign` makes a JWS by the server's key; the rest is as in `create_app`."""

    def __init__(
        self,
        *,
        issuer: str,
        sign: Sign,
        clock: Callable[[], int],
        random: Callable[[int], bytes],
        resolver: reaching.Resolver,
        connector: reaching.Connector,
    ) -> None:
        self._issuer = issuer
        self._sign = sign
        self._clock = clock
        self._random = random
        self._resolver = resolver
        self._connector = connector

    async def run(self) -> None:
        """Until it is cancelled; what is being sent then is given back, and sent again by whoever comes next."""
        async with reaching.new_session(self._resolver, self._connector) as session:
            while True:
                try:
                    await self.deliver_due(session)
                except Unavailable:
                    logger.warning("the database did not answer; notices wait")
                except Exception:
                    logger.exception("unforeseen, while telling services")
                await asyncio.sleep(POLL_SECONDS)

    async def deliver_due(self, session: aiohttp.ClientSession) -> None:
        """Try what is due once; one service at a time for itself, several services at once. Errors: `Unavailable`."""
        sending: set[asyncio.Task[None]] = set()
        try:
            while True:
                claimed = await self._claim(MOST_AT_ONCE - len(sending))
                sending |= {asyncio.create_task(self._deliver(session, each)) for each in claimed}
                if not sending:
                    return
                _, sending = await asyncio.wait(sending, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in sending:
                task.cancel()
            if sending:
                await asyncio.wait(sending)

    async def _claim(self, free: int) -> list[actions.Claimed]:
        now = self._clock()
        if not free or not await actions.anything_due(now=now):
            return []
        claimed, dropped = await actions.claim(now=now, lease=now + LEASE_SECONDS, most=free)
        for client_id, kind, attempts in dropped:
            logger.warning("%s was not told of %s: given up after %d attempts", client_id, kind, attempts)
        return claimed

    async def _deliver(self, session: aiohttp.ClientSession, claimed: actions.Claimed) -> None:
        """One attempt, and what becomes of the notice. It raises nothing but a cancellation."""
        kind, client_id = claimed.notice.kind, claimed.client_id
        try:
            try:
                await self._send(session, claimed)
            except Declined as error:
                logger.warning("%s will not be told of %s: %s", client_id, kind, error)
            except NotTaken as error:
                logger.warning("%s was not told of %s, attempt %d: %s", client_id, kind, claimed.attempts, error)
                due = self._clock() + self._wait(claimed.attempts)
                await actions.later(claimed, due=due, alone=error.alone)
                return
            await actions.done(claimed)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await actions.give_back(claimed)
            raise
        except Exception:
            # Its lease runs out, and it is tried again.
            logger.exception("unforeseen, while telling %s", client_id)

    async def _send(self, session: aiohttp.ClientSession, claimed: actions.Claimed) -> None:
        """Errors: `Declined`, `NotTaken`."""
        try:
            service = await registry.service(claimed.client_id, now=self._clock())
        except (NotFound, Refused) as error:
            raise NotTaken("not in force") from error
        logout = claimed.notice.kind == SESSION_ENDED and service.logout_uri is not None
        url = service.logout_uri if logout else service.notice_uri
        if url is None:
            raise Declined("it takes none any more")
        # The registrar signed nothing else; an IP address would pass by the resolver, which judges.
        if not NOTICE_URI.match(url):
            raise Declined("not an address for notices")
        body, content_type = self._logout(claimed) if logout else self._notice(claimed)
        try:
            status, said = await reaching.post(session, url, body, content_type)
        except _FAILURES as error:
            raise NotTaken(_cause(error)) from error
        if logout:
            _check_logout_answer(status)
        else:
            _check_notice_answer(status, said)

    def _notice(self, claimed: actions.Claimed) -> tuple[bytes, str]:
        claims = notice_claims(claimed.notice, issuer=self._issuer, client_id=claimed.client_id)
        return self._sign(claims, jose.NOTICE).encode("ascii"), "application/secevent+jwt"

    def _logout(self, claimed: actions.Claimed) -> tuple[bytes, str]:
        claims = logout_claims(claimed.notice, issuer=self._issuer, client_id=claimed.client_id, now=self._clock())
        # Nothing in a compact JWS needs escaping in a form.
        token = self._sign(claims, jose.LOGOUT_TOKEN)
        return f"logout_token={token}".encode("ascii"), "application/x-www-form-urlencoded"

    def _wait(self, attempts: int) -> int:
        """Twice as long each time, between half of that and the whole, so that workers do not come back together."""
        longest = int(min(FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 20), LONGEST_WAIT_SECONDS))
        return longest // 2 + int.from_bytes(self._random(4)) % (longest // 2 + 1)


def _check_notice_answer(status: int, said: bytes) -> None:
    """RFC 8935 sections 2.2 to 2.4: 202, or 400 with an error of its registry."""
    if status == 400:
        error = _error(said)
        why = f"refused, {error or 'without an error code'}"
        raise Declined(why) if error in _FINAL else NotTaken(why, alone=True)
    if status != 202:
        raise NotTaken(f"answered {status}, not 202")


def _check_logout_answer(status: int) -> None:
    """OIDC Back-Channel Logout section 2.8: 200, or 204 as some frameworks say; 400 where the token is no good."""
    if status not in (200, 204):
        raise NotTaken(f"answered {status}, not 200", alone=status == 400)


def _error(said: bytes) -> str:
    """The error code of a refusal, if it is one and no longer than such are: it goes into the log."""
    try:
        error = parse_object(said).get("err")
    except Invalid:
        return ""
    return error if isinstance(error, str) and _ERROR.match(error) else ""


def _cause(error: Exception) -> str:
    """A word for the log: our own for what we refused ourselves."""
    causes = (error, error.__cause__, getattr(error, "os_error", None))
    if any(isinstance(each, reaching.NotPublic) for each in causes):
        return "its name leads to an address that is not public"
    return type(error).__name__
