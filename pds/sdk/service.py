"""A service: asks for details, receives the resident's decision, reads what was granted.

FAPI 2.0 Security Profile and Message Signing; RFC 9126 (PAR), 9101 (request object), 9396 (authorization_details),
7636 (PKCE), 9207 (iss), 9449 (DPoP), 7523 (private_key_jwt). See docs/integrate.md.
"""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import aiohttp

from pds.core import disclosure, jose, notice, record
from pds.core.deposit import MAX_SECONDS, Offer, make_deposit
from pds.core.disclosure import Disclosure
from pds.core.encoding import Json, b64u, digest
from pds.core.errors import Invalid
from pds.core.notice import Logout, Notice
from pds.core.registry import SIGN_IN
from pds.sdk.errors import Declined, Paused, Refused, Stopped
from pds.sdk.grant import Asked, Grant, Pending, check_record
from pds.sdk.issuer import Issuer, Metadata
from pds.sdk.keys import ServiceKeys
from pds.sdk.tokens import Tokens, challenge_error, take_tokens
from pds.sdk.wire import Answer

REQUEST_SECONDS = 60
_KEPT_ANSWERS = 256
_EARLY_SECONDS = 30


class Service:
    """One registered service of one vault. The caller keeps its `Pending` and `Grant` values.

    `issuer` is the vault's address without a slash at the end, `client_id` the `sub` of the registered statement.
    Use it as `async with Service(…) as service`, or call `close()`.
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        redirect_uri: str,
        keys: ServiceKeys,
        session: aiohttp.ClientSession | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.keys = keys
        self._clock = clock
        self._random = random
        self._vault = Issuer(issuer, session=session)
        self.tokens = Tokens(self._vault, client_id=client_id, keys=keys, now=self._now, fresh=self._fresh)
        # The last disclosure of a grant, still encrypted to us, for If-None-Match: opened anew at each 304.
        self._answers: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def __aenter__(self) -> "Service":
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, unless the session was the caller's."""
        await self._vault.close()

    async def ask(
        self,
        purpose: str,
        attributes: Mapping[str, Mapping[str, object]],
        access: str | Mapping[str, str | date] = "once",
    ) -> Asked:
        """Push a request for these attributes of a registered purpose.

        `attributes` is `{"person.full_name": {"required": True}, "contact.email": {}}`; `access` is `"once"` or
        `{"until": date}`. Errors: `Refused` (not within the registered purpose, …), `Unreachable`.
        """
        span: Any = access if isinstance(access, str) else {"until": str(access["until"])}
        details = {
            "type": "resident_data",
            "locations": [f"{self.issuer}/data"],
            "purpose": purpose,
            "attributes": {id: dict(wish) for id, wish in attributes.items()},
            "access": span,
            "enc_jkt": jose.thumbprint(self.keys.enc),
        }
        return await self._push(purpose, tuple(attributes), span, {"authorization_details": [details]})

    async def sign_in(self) -> Asked:
        """Push a sign-in: no details are asked, the resident comes back with their `sub`. Errors: as `ask`."""
        return await self._push(SIGN_IN, (), "once", {})

    async def finish(self, query: Mapping[str, str], pending: Pending) -> Grant:
        """The grant, from the parameters with which the browser came back to `redirect_uri`.

        Errors: `Declined`; `Refused` for any other error answer; `Invalid` when something is not what it claims to
        be; `Unreachable`. `pending` must come from the session of this very browser, and be forgotten afterwards.
        """
        code, proof = self._check_answer(query, pending)
        # Before the code is redeemed: with it, not even the first use of a subject trusts the server (grant.md).
        subject = record.verify_subject_proof(proof, client_id=self.client_id, request_hash=pending.request_hash)
        answer = await self.tokens.fetch(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": pending.verifier,
            }
        )
        return await self.accept(answer, subject, pending)

    async def accept(self, answer: Json, subject: record.SubjectProof, pending: Pending) -> Grant:
        """The grant of a token response, where all of it is of this request and this subject. Errors: `Invalid`."""
        metadata = await self._vault.metadata()
        now = self._now()
        tokens = take_tokens(answer, now=now)
        await self._check_id_token(answer, metadata, pending, sub=subject.sub, now=now)
        granted = check_record(_word(answer, "sharing_record"), pending, client_id=self.client_id, now=now)
        if answer.get("grant_id") != subject.grant_id or granted.grant_id != subject.grant_id:
            raise Invalid("proof/grant")
        if granted.sub != subject.sub:
            raise Invalid("subject/mismatch")
        if granted.hash != subject.record_hash:
            raise Invalid("proof/record")
        return Grant(
            grant_id=granted.grant_id,
            sub=granted.sub,
            record=granted.compact,
            request_hash=pending.request_hash,
            deposit_jwk=subject.deposit_jwk,
            refresh_token=tokens.refresh,
            access_token=tokens.access,
            access_expires=tokens.expires,
        )

    async def read(self, grant: Grant) -> Disclosure:
        """The details as they are now; every read is in the log that the resident sees.

        Moves `grant.revision`, `grant.n` and its access token: keep the grant again.
        Errors: `Stopped`; `Paused` (for now); `Unreachable`; `Invalid` (tampered with, older than before, not logged);
        `Refused` for a fault of our own, such as a clock that is wrong (`invalid_dpop_proof`).
        """
        # Taken before the request: reads under way at the same time may be answered in any order.
        last = grant.last
        try:
            answer, compact = await self._fetch(grant)
        except Stopped:
            self._answers.pop(grant.grant_id, None)
            raise
        n = _log_position(answer.headers.get("Log-Position", ""))
        opened = self._open(compact, grant, n=n, last=last)
        if last is not None and n <= last.n:
            # Each read is an entry of its own: this one is not in the log that the resident sees, or it is a replay.
            raise Invalid("disclosure/unlogged")
        etag = answer.headers.get("ETag")
        if answer.status == 200 and etag is not None:
            self._answers[grant.grant_id] = (etag, compact)
            self._answers.move_to_end(grant.grant_id)
            while len(self._answers) > _KEPT_ANSWERS:
                self._answers.popitem(last=False)
        grant.revision, grant.n = max(grant.revision, opened.revision), max(grant.n, n)
        return opened

    async def offer(
        self, grant: Grant, values: Mapping[str, Any], *, why: str = "typed", as_of: date | None = None
    ) -> None:
        """Leave these values in the resident's inbox: what they `typed` into our form, or what is `held` about them.

        Nothing is kept unless the resident takes it. `values` maps attributes of our purposes to values of the
        catalogue; `as_of` is today where it is not given.
        Errors: `catalogue/value`, `deposit/too-large`; `Refused` (`access_denied` once the resident stopped);
        `Unreachable`.
        """
        now = self._now()
        day = (as_of or datetime.fromtimestamp(now, UTC).date()).isoformat()
        compact = make_deposit(
            self.keys.sig,
            jose.p256_public(grant.deposit_jwk),
            client_id=self.client_id,
            sub=grant.sub,
            id=b64u(self._random(16)),
            why=why,
            values={id: Offer(value, day) for id, value in values.items()},
            now=now,
            ends=now + MAX_SECONDS,
        )
        await self.tokens.deposit({"sub": grant.sub, "deposit": compact})

    async def notice(self, body: bytes | str) -> Notice:
        """What the vault posted to the registered notice address: `application/secevent+jwt`, the whole body.

        Answer 202 when this returns, also to one whose `id` you have seen; 400 with `{"err": "invalid_request"}` when
        it raises `Invalid`. Errors: `Invalid` (`jose/…`, `notice/…`), `Unreachable` where the vault's keys are.
        """
        token, now = _ascii(body), self._now()
        keys = await self._vault.signers(token, jose.NOTICE, now=now)
        return notice.verify_notice(token, keys, issuer=self.issuer, client_id=self.client_id, now=now)

    async def logout(self, logout_token: str) -> Logout:
        """Whose session has ended: the `logout_token` of the form that was posted to `backchannel_logout_uri`.

        Answer 200 when this returns, 400 when it raises `Invalid`. Errors: as `notice`. An ID token is none, nor is a
        notice.
        """
        token, now = _ascii(logout_token), self._now()
        keys = await self._vault.signers(token, jose.LOGOUT_TOKEN, now=now)
        return notice.verify_logout(token, keys, issuer=self.issuer, client_id=self.client_id, now=now)

    async def _fetch(self, grant: Grant) -> tuple[Answer, str]:
        """`GET /data` and the encrypted disclosure, with a new access token where the present one is over."""
        if grant.access_expires - _EARLY_SECONDS <= self._now() and grant.refresh_token is not None:
            await self.tokens.refresh(grant)
        headers = {"Accept": "application/jwt"}
        etag, kept = self._answers.get(grant.grant_id, (None, ""))
        if etag is not None:
            headers["If-None-Match"] = etag
        answer = await self.tokens.get(f"{self.issuer}/data", grant.access_token, headers)
        if challenge_error(answer) == "invalid_token" and grant.refresh_token is not None:
            # The token may have ended before its time; whether the grant has too, the refresh tells.
            await self.tokens.refresh(grant)
            answer = await self.tokens.get(f"{self.issuer}/data", grant.access_token, headers)
        if answer.status == 200:
            return answer, answer.body.decode("ascii", "replace")
        if answer.status == 304 and etag is not None:
            return answer, kept
        error = challenge_error(answer)
        if error == "invalid_token":
            raise Stopped("the grant has ended")
        if error == "access_denied":
            raise Paused("the resident has paused sharing")
        raise Refused(error or f"status {answer.status}", "GET /data")

    def _open(self, compact: str, grant: Grant, *, n: int, last: disclosure.Seen | None) -> Disclosure:
        kid = jose.read_header(compact, jose.DISCLOSURE_JWE, parts=5).get("kid")
        named = [key for key in self.keys.decryption_keys() if jose.thumbprint(key) == kid]
        return disclosure.open_disclosure(
            compact,
            named[0] if named else self.keys.enc,
            grant.sharing_record(),
            request_hash=grant.request_hash,
            client_id=self.client_id,
            now=self._now(),
            n=n,
            last=last,
        )

    async def _push(self, purpose: str, attributes: tuple[str, ...], access: Any, more: Json) -> Asked:
        metadata = await self._vault.metadata()
        now, verifier = self._now(), self._fresh()
        state, nonce = self._fresh(), self._fresh()
        claims: Json = {
            "iss": self.client_id,
            "client_id": self.client_id,
            "aud": self.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + REQUEST_SECONDS,
            "jti": self._fresh(),
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": digest(verifier),
            "code_challenge_method": "S256",
            "dpop_jkt": jose.thumbprint(self.keys.dpop),
            **more,
        }
        request = jose.sign(claims, jose.REQUEST_OBJECT, self.keys.sig, kid=jose.thumbprint(self.keys.sig))
        pushed = await self.tokens.push(metadata, request)
        query = urlencode({"client_id": self.client_id, "request_uri": _word(pushed, "request_uri")})
        pending = Pending(state, nonce, verifier, digest(request), purpose, attributes, access)
        return Asked(f"{metadata.authorization_endpoint}?{query}", pending)

    def _check_answer(self, query: Mapping[str, str], pending: Pending) -> tuple[str, str]:
        """The code and the subject proof. Errors: `answer/…`, `Declined`, `Refused`."""
        # RFC 6749 section 3.1: parameters come once. A multi-dict counts each value.
        if len(query) != len(set(query)):
            raise Invalid("answer/repeated")
        if query.get("iss") != self.issuer:
            raise Invalid("answer/issuer")  # RFC 9207 section 2.4, and before anything else is believed
        if not hmac.compare_digest(query.get("state", "").encode(), pending.state.encode()):
            raise Invalid("answer/state")
        error = query.get("error")
        if error == "access_denied":
            raise Declined("the resident declined")
        if error is not None:
            raise Refused(error, query.get("error_description", ""))
        code, proof = query.get("code", ""), query.get("subject_proof", "")
        if not code:
            raise Invalid("answer/code")
        if not proof:
            raise Invalid("proof/missing")
        return code, proof

    async def _check_id_token(self, answer: Json, metadata: Metadata, pending: Pending, *, sub: str, now: int) -> None:
        """OpenID Connect Core section 3.1.3.7. Errors: `jose/…`, `id-token/…`, `subject/mismatch`."""
        claims = await self._vault.verify_id_token(_word(answer, "id_token"), metadata)
        if claims.get("iss") != self.issuer:
            raise Invalid("id-token/issuer")
        if claims.get("aud") not in (self.client_id, [self.client_id]):
            raise Invalid("id-token/audience")
        if claims.get("nonce") != pending.nonce:
            raise Invalid("id-token/nonce")
        expires, issued = claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int) or not isinstance(issued, int) or expires <= now or issued > now + 10:
            raise Invalid("id-token/time")
        if claims.get("sub") != sub:
            raise Invalid("subject/mismatch")

    def _now(self) -> int:
        return int(self._clock())

    def _fresh(self) -> str:
        return b64u(self._random(32))


def _word(document: Json, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Invalid("answer/members", name)
    return value


def _ascii(body: bytes | str) -> str:
    """A compact JWS is ASCII. Errors: `jose/malformed`."""
    try:
        return body.decode("ascii") if isinstance(body, bytes) else body.encode("ascii").decode("ascii")
    except UnicodeError as error:
        raise Invalid("jose/malformed") from error


def _log_position(header: str) -> int:
    """`<n> <head>` (log.md). Errors: `log/malformed`."""
    n, _, head = header.partition(" ")
    if not n.isascii() or not n.isdigit() or len(n) > 15 or len(head) != 43:
        raise Invalid("log/malformed")
    return int(n)
