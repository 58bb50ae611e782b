"""Guessing is slow: attempts to sign in are counted by account and by address, on all workers together.

An attempt counts before it is judged and is taken back when it succeeds, so that many at once are no way around it.
What nobody has is counted like what somebody has. A passkey, which nobody guesses, is not held up by guesses at a
passphrase: an account here is one way to sign in.
"""

import hmac
from dataclasses import dataclass

from pds import store
from pds.core.encoding import b64u
from pds.errors import TooMany

WINDOW_SECONDS = 900
MOST_BY_ACCOUNT = 10
# A library or a council office has one address.
MOST_BY_ADDRESS = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries what, as the keys under which it is counted: no address and no account can be read from them."""

    account: str
    address: str

    @classmethod
    def of(cls, secret: bytes, account: str, address: str) -> "Attempt":
        """`account` is the method that was named, `address` where the request comes from."""
        return cls(_key(secret, f"account {account}"), _key(secret, f"address {address}"))


async def count(connection: store.Connection, attempt: Attempt, *, now: int, what: str = "to sign in") -> None:
    """Count an attempt, in the transaction that uses its challenge up. Errors: `TooMany`, and nothing is counted."""
    for key, most in ((attempt.account, MOST_BY_ACCOUNT), (attempt.address, MOST_BY_ADDRESS)):
        counted, expires = await store.count_attempt(connection, key, expires=now + WINDOW_SECONDS, now=now)
        if counted > most:
            raise TooMany(f"too many attempts {what}", retry_after=max(1, expires - now))


async def succeed(connection: store.Connection, attempt: Attempt) -> None:
    """It was the resident: the account starts anew, and the address has one attempt less."""
    await store.forget_attempts(connection, attempt.account)
    await store.take_back_attempt(connection, attempt.address)


async def take_back(connection: store.Connection, attempt: Attempt) -> None:
    """It was right, and says nothing about the others: this one is taken back from both counts."""
    for key in (attempt.account, attempt.address):
        await store.take_back_attempt(connection, key)


def _key(secret: bytes, what: str) -> str:
    return b64u(hmac.digest(secret, f"attempt {what}".encode(), "sha256"))
