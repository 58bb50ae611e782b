"""Grants made straight in the tables, and attempts to read them with real proofs."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from pds import store
from pds.core import chain, jose
from pds.core.dpop import make_proof
from pds.core.encoding import b64u, digest
from pds.grants.models import AccessTokenRow, CodeRow, GrantRow, LogRow, RefreshTokenRow
from pds.registry.models import ServiceRow
from pds.residents.models import ResidentRow

ISSUER = "https://vault.example"
NOW = 1_800_000_000
RECORD = "the.sharing.record"
CLIENT = "https://parking.example"

_numbers = itertools.count(1)


def new_id() -> str:
    return b64u(os.urandom(16))


@dataclass(frozen=True)
class Given:
    """A grant of a service that holds `key` and `token`."""

    grant_id: str
    token: str
    key: ECKey

    @property
    def jkt(self) -> str:
        return jose.thumbprint(self.key)

    def attempt(self, now: int = NOW, **changed: Any) -> store.Read:
        """A read with a fresh proof, or with one that stands in `changed`."""
        jti = str(changed.pop("jti", f"{os.getpid()}-{next(_numbers)}"))
        key = changed.pop("key", self.key)
        proof = make_proof(key, method="GET", url=f"{ISSUER}/data", now=now, jti=jti, token=self.token)
        members: dict[str, Any] = {
            "token_digest": digest(self.token),
            "jkt": jose.thumbprint(key),
            "mark": store.mark_of("proof", jose.thumbprint(key), jti),
            "mark_expires": now + 130,
            "proof": proof,
            "now": now,
        }
        return store.Read(**{**members, **changed})

    def tag(self, revision: int = 1) -> str:
        return store.tag(self.grant_id, revision)


async def a_grant(
    *,
    once: bool = False,
    now: int = NOW,
    ends: int | None = None,
    disclosure: str | None = "disclosure 1",
    suspended: bool = False,
    client_id: str = CLIENT,
    key: ECKey | None = None,
    token_expires: int | None = None,
) -> Given:
    """An approved grant with an access token, a refresh token and an unused code."""
    given = Given(new_id(), f"token-{new_id()}", key or jose.new_key())
    async with store.write() as connection:
        resident, _ = await ResidentRow.get_or_create(
            id=f"{'r' * 21}A", defaults={"epoch": 1, "seq": 1, "created": now}
        )
        await ServiceRow.get_or_create(
            client_id=client_id, defaults={"statement": "s", "digest": digest(client_id), "suspended": suspended}
        )
        await GrantRow.create(
            id=given.grant_id,
            resident=resident,
            client_id=client_id,
            sector=client_id,
            subject=digest("subject"),
            purpose="resident-permit",
            request_hash=digest("request"),
            record=RECORD,
            record_hash=digest(RECORD),
            authorization_details=[],
            once=once,
            ends=now + 86400 if ends is None else ends,
            state="active",
            revision=1,
            disclosure=disclosure,
        )
        await store.append(connection, given.grant_id, "approved", RECORD, now)
        await add_token(given, expires=now + 600 if token_expires is None else token_expires, client_id=client_id)
        await RefreshTokenRow.create(
            digest=digest(f"refresh {given.token}"),
            grant_id=given.grant_id,
            client_id=client_id,
            scope="",
            auth_time=now,
            amr="",
        )
        await CodeRow.create(
            digest=digest(f"code {given.token}"),
            grant_id=given.grant_id,
            client_id=client_id,
            redirect_uri="https://parking.example/back",
            code_challenge=digest("verifier"),
            scope="",
            auth_time=now,
            amr="",
            expires=now + 60,
        )
    return given


async def add_token(given: Given, *, expires: int = NOW + 600, client_id: str = CLIENT) -> None:
    await AccessTokenRow.create(
        digest=digest(given.token),
        grant_id=given.grant_id,
        client_id=client_id,
        jkt=given.jkt,
        scope="",
        expires=expires,
    )


async def end(given: Given, kind: str = "revoked", now: int = NOW) -> chain.Position | None:
    async with store.write() as connection:
        return await store.end_grant(connection, given.grant_id, kind, "the.signed.revocation", now)


async def publish(given: Given, revision: int, now: int = NOW) -> chain.Position:
    async with store.write() as connection:
        return await store.publish(connection, given.grant_id, revision, f"disclosure {revision}", now)


async def kinds(given: Given) -> list[str]:
    return [entry.kind for entry in await LogRow.filter(grant_id=given.grant_id).order_by("n")]


async def verified(given: Given) -> chain.Position:
    """The grant's log as the wallet checks it: every link, every proof, the head that the server states."""
    row = await GrantRow.get(id=given.grant_id)
    members = ("n", "prev", "at", "kind", "revision", "evidence")
    entries = [
        {name: getattr(entry, name) for name in members}
        for entry in await LogRow.filter(grant_id=given.grant_id).order_by("n")
    ]
    return chain.verify_chain(
        given.grant_id,
        entries,
        pin=chain.Position(0, ""),
        stated=chain.Position(row.n, row.head),
        record=RECORD,
        issuer=ISSUER,
        dpop_jkt=given.jkt,
    )
