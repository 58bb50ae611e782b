"""Challenges, logins and sessions. Logging in is not unlocking: nothing here can open a vault."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from tortoise.queryset import QuerySet

from pds import store
from pds.core import login
from pds.core.encoding import Json, b64u, digest, unb64u
from pds.core.errors import Invalid
from pds.core.members import DIGEST, ID, exactly, number, text
from pds.errors import Malformed, NotFound, Refused
from pds.residents import attempts, passkeys
from pds.residents.models import ChallengeRow, MethodRow, ResidentRow, SessionRow

CHALLENGE_SECONDS = 300
NONCE_SECONDS = 60
SESSION_SECONDS = 12 * 3600
MAX_METHODS = 16
PASSPHRASE_SUITE = 1
# The kinds whose login is a proof by a derived key (vault.md, Login).
PROVEN = ("recovery", "passphrase")
# RFC 8176: how a session began.
AMR = {"passkey": "hwk user", "recovery": "pop", "passphrase": "pwd"}
VAULT_NAME = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}\Z")
Random = Callable[[int], bytes]
Credential = passkeys.Credential


@dataclass(frozen=True, slots=True)
class Origin:
    """Where residents sign in. `host` is the relying party id; `secret` makes up what must be stable yet secret."""

    issuer: str
    host: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Challenge:
    """A nonce for one act; `subject` is the vault that registers or the method that signs in."""

    id: str
    nonce: str
    subject: str


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `token` goes into the cookie and is kept nowhere."""

    resident: str
    token: str
    auth_time: int
    amr: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its resident sees it. `id` is the digest of a cookie, which nobody can sign in with."""

    id: str
    since: int
    amr: str
    device: str
    expires: int


@dataclass(frozen=True, slots=True)
class Method:
    """An unlock method as the wallet describes it; what opens a session is checked, what opens the vault is opaque."""

    id: str
    kind: str
    wrap: bytes
    suite: int | None
    salt: bytes | None
    login_x: str | None
    locator: str | None


async def challenge(purpose: str, subject: str, *, now: int, random: Random) -> Challenge:
    """A new single-use nonce for `register`, `passkey`, `recovery` or `passphrase`."""
    made = Challenge(b64u(random(16)), b64u(random(32)), subject)
    seconds = NONCE_SECONDS if purpose in PROVEN else CHALLENGE_SECONDS
    async with store.write():
        await ChallengeRow.create(id=made.id, purpose=purpose, nonce=made.nonce, subject=subject, expires=now + seconds)
    return made


@dataclass(frozen=True, slots=True)
class Located:
    """What somebody who names a locator is told: real, or made up and the same each time."""

    challenge: Challenge
    vault: str
    suite: int
    salt: bytes


async def locate(kind: str, locator: str, where: Origin, *, now: int, random: Random) -> Located:
    """A nonce, and the vault and method of this locator, of kind `recovery` or `passphrase`."""
    row = await MethodRow.get_or_none(locator=locator, kind=kind)
    # Made up in any case, so that what is there and what is not take the same steps.
    vault, method, salt = (_made_up(where.secret, what, f"{kind} {locator}") for what in ("vault", "method", "salt"))
    if row is not None:
        vault, method = row.resident_id, row.id
    made_up = unb64u(salt)
    found = row.salt if row is not None and row.salt is not None else made_up
    return Located(await challenge(kind, method, now=now, random=random), vault, PASSPHRASE_SUITE, found)


async def use_challenge(id: str, *purposes: str, now: int) -> Challenge:
    """Use a challenge up in a transaction of its own, so that a failed attempt uses it up too. Errors: `Refused`."""
    async with store.write():
        return await _take_challenge(id, purposes, now=now)


async def _take_challenge(id: str, purposes: tuple[str, ...], *, now: int) -> Challenge:
    row = await ChallengeRow.get_or_none(id=id, purpose__in=purposes, expires__gt=now)
    # The deletion decides: of two workers that read the row, one deletes it.
    if row is None or not await ChallengeRow.filter(id=id).delete():
        raise Refused("login/challenge", "this challenge is over: ask for a new one")
    return Challenge(row.id, row.nonce, row.subject)


def read_method(document: object) -> Method:
    """An unlock method from the wallet. Errors: `Malformed`."""
    try:
        fields = exactly(document, "id kind wrap".split(), "method", optional="suite salt login_jwk locator".split())
        kind = text(fields, "kind", "method")
        wanted = {
            "passkey": {"id", "kind", "wrap"},
            "recovery": {"id", "kind", "wrap", "login_jwk", "locator"},
            "passphrase": {"id", "kind", "wrap", "login_jwk", "locator", "suite", "salt"},
        }.get(kind)
        if wanted is None or fields.keys() != wanted:
            raise Malformed("a method has exactly the members of its kind", member="method")
        jwk = exactly(fields["login_jwk"], ("crv", "kty", "x"), "method") if "login_jwk" in fields else None
        if jwk is not None:
            if (jwk["crv"], jwk["kty"]) != ("Ed25519", "OKP"):
                raise Malformed("not an Ed25519 key", member="login_jwk")
            unb64u(text(jwk, "x", "method"), size=32)
        wrap = unb64u(text(fields, "wrap", "method", longest=1024))
        shape = VAULT_NAME if kind == "passphrase" else DIGEST
        if "suite" in fields and number(fields, "suite", "method") != PASSPHRASE_SUITE:
            raise Malformed("no such suite", member="suite")
        return Method(
            text(fields, "id", "method", pattern=ID),
            kind,
            wrap,
            fields.get("suite"),
            unb64u(text(fields, "salt", "method"), size=16) if "salt" in fields else None,
            jwk["x"] if jwk else None,
            text(fields, "locator", "method", pattern=shape) if "locator" in fields else None,
        )
    except Invalid as error:
        raise Malformed("not a method", member=error.detail or "method") from error


async def add_method(resident: str, method: Method, credential: Credential | None) -> None:
    """Keep a way to log in; inside the transaction of the commit that lists its wrap. Errors: `Refused`."""
    if (method.kind == "passkey") != (credential is not None):
        raise Malformed("a passkey comes with its credential, nothing else does", member="credential")
    if await MethodRow.filter(resident_id=resident).count() >= MAX_METHODS:
        raise Refused("method/too-many", "remove a way to sign in first")
    taken = await MethodRow.exists(id=method.id)
    if credential is not None:
        taken = taken or await MethodRow.exists(credential_id=credential.id)
    if method.locator is not None:
        taken = taken or await MethodRow.exists(locator=method.locator)
    if taken:
        raise Refused("method/known", "this way to sign in is in use already")
    await MethodRow.create(
        id=method.id,
        resident_id=resident,
        kind=method.kind,
        wrap=method.wrap,
        suite=method.suite,
        salt=method.salt,
        credential_id=credential.id if credential else None,
        credential_key=credential.public_key if credential else None,
        sign_count=credential.sign_count if credential else 0,
        login_x=method.login_x,
        locator=method.locator,
    )


async def add_resident(vault: str, *, epoch: int, now: int) -> None:
    """A new resident, whose vault has no commit yet. Errors: `Refused` where the id is in use."""
    if await ResidentRow.exists(id=vault):
        raise Refused("vault/known", "this vault exists already")
    await ResidentRow.create(id=vault, epoch=epoch, seq=0, created=now)


async def move(resident: str, *, seq: int, epoch: int) -> bool:
    """Take the vault from `seq` - 1 to `seq`, if it is there: the compare and the swap of every commit.

    Whoever moves it holds the row until the transaction ends.
    """
    moved = ResidentRow.filter(id=resident, seq=seq - 1, epoch=epoch)
    return bool(await moved.update(seq=seq))


async def hold(resident: str) -> tuple[int, int]:
    """Epoch and sequence number, and no commit until the transaction ends. Errors: `NotFound`."""
    row = await ResidentRow.filter(id=resident).select_for_update().first()
    if row is None:
        raise NotFound("no such vault")
    return row.epoch, row.seq


async def methods(resident: str) -> list[tuple[str, str, bytes, str | None]]:
    """Id, kind, wrap and, of a passkey, credential id of each way to unlock."""
    rows = await MethodRow.filter(resident_id=resident).order_by("id")
    return [(row.id, row.kind, row.wrap, row.credential_id) for row in rows]


async def registered_passkey(
    challenge_id: str, vault: str, credential: object, where: Origin, *, now: int
) -> Credential | None:
    """Use up a challenge of this vault; the passkey made for it, if there is one. Errors: `Refused`, `Invalid`."""
    taken = await use_challenge(challenge_id, "register", now=now)
    if taken.subject != vault:
        raise Refused("login/challenge", "this challenge is another vault's")
    if credential is None:
        return None
    nonce = unb64u(taken.nonce)
    return passkeys.verify_registration(credential, rp=where.host, origin=where.issuer, challenge=nonce)


async def log_in_by_passkey(
    challenge_id: str, fields: Json, where: Origin, *, address: str, device: str, now: int, random: Random
) -> Session:
    """A session for the owner of the passkey. Errors: `Refused` `login/challenge`, `login/failed`; `TooMany`."""
    attempt = attempts.Attempt.of(where.secret, fields["id"], address)
    async with store.write() as connection:
        taken = await _take_challenge(challenge_id, ("passkey",), now=now)
        await attempts.count(connection, attempt, now=now)
    async with store.write() as connection:
        row = await MethodRow.get_or_none(credential_id=fields["id"])
        # Somebody who guesses learns nothing from time or words: an unknown passkey is checked against a key, too.
        key, used = (row.credential_key, row.sign_count) if row and row.credential_key else (passkeys.NOBODY, 0)
        known = Credential(fields["id"], key, used)
        counted = passkeys.verify_assertion(
            fields, known, rp=where.host, origin=where.issuer, challenge=unb64u(taken.nonce)
        )
        if row is None or row.credential_key is None or row.resident_id != fields["user_handle"]:
            raise Refused("login/failed", "this did not sign you in")
        row.sign_count = counted
        await row.save(update_fields=["sign_count"])
        await attempts.succeed(connection, attempt)
        return await start_session(row.resident_id, AMR[row.kind], device=device, now=now, random=random)


async def log_in_by_proof(
    challenge_id: str, proof: str, where: Origin, *, address: str, device: str, now: int, random: Random
) -> Session:
    """A session by recovery code or passphrase. Errors: `Refused` `login/challenge`, `login/failed`; `TooMany`."""
    async with store.write() as connection:
        taken = await _take_challenge(challenge_id, PROVEN, now=now)
        attempt = attempts.Attempt.of(where.secret, taken.subject, address)
        await attempts.count(connection, attempt, now=now)
    async with store.write() as connection:
        row = await MethodRow.get_or_none(id=taken.subject)
        # Somebody who guesses learns nothing from time or words: an unknown method is checked against a key, too.
        public = row.login_x if row and row.login_x else _NOBODY
        vault = row.resident_id if row else ""
        try:
            login.verify_proof(
                proof, public=public, origin=where.issuer, vault=vault, method=taken.subject, nonce=taken.nonce, now=now
            )
        except Invalid as error:
            raise Refused("login/failed", "this did not sign you in") from error
        if row is None or row.login_x is None:
            raise Refused("login/failed", "this did not sign you in")
        await attempts.succeed(connection, attempt)
        return await start_session(vault, AMR[row.kind], device=device, now=now, random=random)


async def start_session(resident: str, amr: str, *, device: str, now: int, random: Random) -> Session:
    """A new session, never one that the browser brought (no fixation). `device` is as `http.caller.device` says."""
    token = b64u(random(32))
    await SessionRow.create(
        digest=digest(token),
        resident_id=resident,
        auth_time=now,
        amr=amr,
        device=device,
        expires=now + SESSION_SECONDS,
    )
    return Session(resident, token, now, amr)


async def find_session(hashed: str, *, now: int) -> SessionRow | None:
    """The session of this cookie's digest, if it has not ended."""
    return await SessionRow.get_or_none(digest=hashed, expires__gt=now)


async def sessions(resident: str, *, now: int) -> list[SignedIn]:
    """Where a resident is signed in, the newest first."""
    rows = await SessionRow.filter(resident_id=resident, expires__gt=now).order_by("-auth_time", "digest")
    return [SignedIn(row.digest, row.auth_time, row.amr, row.device, row.expires) for row in rows]


async def end_session(hashed: str, resident: str) -> None:
    """End one session of this resident's. Errors: `NotFound`, also for somebody else's."""
    async with store.write() as connection:
        if not await _end(connection, SessionRow.filter(digest=hashed, resident_id=resident)):
            raise NotFound("no such session")


async def end_sessions(resident: str) -> None:
    """End all of a resident's sessions, this one too."""
    async with store.write() as connection:
        await _end(connection, SessionRow.filter(resident_id=resident))


async def _end(connection: store.Connection, chosen: QuerySet[SessionRow]) -> int:
    """Sessions end here, and the services are told that they signed in to; how many."""
    ended = 0
    for row in await chosen.order_by("digest"):
        # The deletion decides: a session that two end at once is told of once.
        if await SessionRow.filter(digest=row.digest).delete():
            await store.outbox.session_ended(connection, row.digest)
            ended += 1
    return ended


# A stand-in, so that an unknown method costs the same check; a signature by it signs nobody in.
_NOBODY = login.login_jwk(hmac.digest(b"nobody", b"pds/v1 nobody", "sha256"))["x"]


def _made_up(secret: bytes, what: str, locator: str) -> str:
    return b64u(hmac.digest(secret, f"{what} {locator}".encode(), "sha256")[:16])
