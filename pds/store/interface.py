"""What the hot path asks of a database, and what it answers: one interface, two engines."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from tortoise.backends.base.client import BaseDBAsyncClient

from pds.core.encoding import digest, jcs
from pds.errors import PdsError

Connection = BaseDBAsyncClient

# A `once` grant ends with its first read; the same key may repeat that read for so long, because answers get lost.
REPEAT_SECONDS = 60


class Replayed(PdsError):
    """This proof or assertion was used before."""


class NestedWrite(RuntimeError):
    """`write`, `read` or `mark` was called inside a `write`: it would wait for itself for ever."""


@dataclass(frozen=True, slots=True)
class Read:
    """One attempt to read. The proof's signature and claims hold already; everything else is decided in the store.

    `mark` names the proof in the shared replay table until `mark_expires`; `proof` is logged whole, as evidence.
    `tags` are the opaque tags of `If-None-Match`, quotes included, or `*`. Times in seconds.
    """

    token_digest: str
    jkt: str
    mark: str
    mark_expires: int
    proof: str
    now: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ok:
    """The disclosure, and the grant's log position after this read was written to it."""

    grant_id: str
    revision: int
    n: int
    head: str
    disclosure: str


@dataclass(frozen=True, slots=True)
class NotModified:
    """The caller holds this revision already. It was logged all the same."""

    grant_id: str
    revision: int
    n: int
    head: str


class Denied(Enum):
    """Why nothing was read and nothing logged."""

    NO_TOKEN = "no_token"
    WRONG_KEY = "wrong_key"
    REPLAYED = "replayed"
    ENDED = "ended"
    PAUSED = "paused"
    NO_DATA = "no_data"  # a sign-in: its grant has no disclosure and never had one


ReadResult = Ok | NotModified | Denied


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that may be accepted once, until `expires`."""

    mark: str
    expires: int


class Store(Protocol):
    """One engine. Every method is safe to cancel: work that has begun belongs to the store, not to the caller."""

    async def read(self, attempt: Read) -> ReadResult:
        """One read, in a transaction with others that wait. Errors: `Unavailable`."""

    async def mark(self, mark: Mark) -> bool:
        """Whether this was the first use among all workers. Errors: `Unavailable`."""

    def write(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction of the ORM. Errors: `Unavailable`, `NestedWrite`."""

    async def close(self) -> None:
        """Finish what has begun, refuse what comes."""


def on_engine(connection: Connection, statement: str) -> str:
    """A statement with PostgreSQL's parameters for the engine of `connection`: SQLite calls the same ones `?1`."""
    return statement if connection.capabilities.dialect == "postgres" else statement.replace("$", "?")


def tag(grant_id: str, revision: int) -> str:
    """The entity tag of one revision (RFC 9110 section 8.8.3), quotes included."""
    return f'"{grant_id}.{revision}"'


def mark_of(kind: str, key: str, jti: str) -> str:
    """The name of one use in the replay table. `kind` keeps a proof and an assertion with equal `jti` apart."""
    return digest(jcs([kind, key, jti]))
