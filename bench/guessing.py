"""Guesses at recovery codes that somebody has or nobody: each at an account and from an address of its own."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.material import ISSUER, NOW
from pds import store
from pds.core import login
from pds.core.encoding import b64u
from pds.residents.models import ChallengeRow, MethodRow, ResidentRow

FILE = "guesses.json"


@dataclass(frozen=True, slots=True)
class Guess:
    """One challenge, ready to be answered wrongly; `known` where its method is somebody's."""

    challenge: str
    nonce: str
    vault: str
    method: str
    known: bool

    def request(self, number: int) -> bytes:
        """The answer to it, by a key that is not the account's."""
        proof = login.make_proof(
            os.urandom(32), origin=ISSUER, vault=self.vault, method=self.method, nonce=self.nonce, now=NOW
        )
        body = json.dumps({"challenge_id": self.challenge, "proof": proof}).encode("ascii")
        head = (
            "POST /api/login/proof HTTP/1.1\r\nHost: vault.example\r\nContent-Type: application/json\r\n"
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body


def guesses(count: int) -> tuple[list[Guess], list[Guess]]:
    """So many at accounts that exist, and as many at none."""

    def some(*, known: bool) -> Iterator[Guess]:
        for _ in range(count):
            yield Guess(_id(), b64u(os.urandom(32)), _id(), _id(), known)

    return list(some(known=True)), list(some(known=False))


def save(folder: Path, made: list[Guess]) -> None:
    (folder / FILE).write_text(json.dumps([[getattr(each, name) for name in Guess.__slots__] for each in made]))


async def fill(folder: Path) -> None:
    """The accounts, and a challenge for every guess."""
    async with store.write():
        for each in (Guess(*fields) for fields in json.loads((folder / FILE).read_text())):
            await ChallengeRow.create(
                id=each.challenge, purpose="recovery", nonce=each.nonce, subject=each.method, expires=NOW + 86400
            )
            if each.known:
                await ResidentRow.create(id=each.vault, epoch=1, seq=1, created=NOW)
                key = login.login_jwk(os.urandom(32))["x"]
                wrap = os.urandom(80)
                await MethodRow.create(id=each.method, resident_id=each.vault, kind="recovery", wrap=wrap, login_x=key)


def _id() -> str:
    return b64u(os.urandom(16))
