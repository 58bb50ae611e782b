"""The outbox: what services are to be told, queued in the transaction of the act, and who is telling them.

A notice is a row from the act until a service has taken it. Whoever sends it holds a lease on it meanwhile; when that
runs out, as after a crash, somebody else sends it again, under the same id.
"""

import secrets
from typing import Any

from pds.core.encoding import b64u
from pds.core.notice import GRANT_CHANGED, GRANT_ENDED, KEPT_SECONDS, SESSION_ENDED, VERIFICATION, sid_of
from pds.core.registry import SIGN_IN
from pds.store.interface import Connection, on_engine

# A change goes to several services at once, whose times of receipt would tell that they know the same resident: so
# each is told at some moment of an hour, and the token says no more than the hour. An end is one service's own, but
# residents end several in a row. A session's end does not wait: somebody may sit down at that computer.
SPREAD_SECONDS = {GRANT_CHANGED: 3600, GRANT_ENDED: 300}

_OF_GRANT = (
    "INSERT INTO notices (id, client_id, kind, subject, grant_id, revision, sid, queued, due, lease, attempts) "
    "SELECT CAST($1 AS text), g.client_id, CAST($2 AS text), g.subject, g.id, CAST($3 AS bigint), NULL, "
    "CAST($4 AS bigint), CAST($5 AS bigint), 0, 0 FROM grants g JOIN services s ON s.client_id = g.client_id "
    "WHERE g.id = $6 AND g.purpose <> $7 AND s.notice_uri IS NOT NULL"
)
_OF_SESSION = (
    "INSERT INTO notices (id, client_id, kind, subject, grant_id, revision, sid, queued, due, lease, attempts) "
    "SELECT CAST($1 AS text), s.client_id, CAST($2 AS text), CAST($3 AS text), NULL, NULL, CAST($4 AS text), "
    "NULL, 0, 0, 0 FROM services s "
    "WHERE s.client_id = $5 AND (s.notice_uri IS NOT NULL OR s.logout_uri IS NOT NULL)"
)
_VERIFY = (
    "INSERT INTO notices (id, client_id, kind, subject, grant_id, revision, sid, queued, due, lease, attempts) "
    "SELECT CAST($1 AS text), s.client_id, CAST($2 AS text), '', NULL, NULL, NULL, NULL, 0, 0, 0 "
    "FROM services s WHERE s.client_id = $3 AND s.notice_uri IS NOT NULL RETURNING id"
)
# A change that nobody is sending now is told together with the next, under a new id: the old may have been received.
_RENEW = "UPDATE notices SET id = $1, revision = $2 WHERE grant_id = $3 AND kind = $4 AND lease <= $5"
_FORGET_CHANGES = "DELETE FROM notices WHERE grant_id = $1 AND kind = $2 AND lease <= $3"
_SESSION = "SELECT expires FROM sessions WHERE digest = $1{sharing}"
_SIGN_IN = (
    "INSERT INTO sign_ins (sid, session, client_id, subject, expires) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (sid) DO NOTHING"
)
_SIGNED_IN = "SELECT sid, client_id, subject FROM sign_ins WHERE session = $1 ORDER BY sid"
_SIGN_OUT = "DELETE FROM sign_ins WHERE session = $1"

_DATE = "UPDATE notices SET queued = $1 WHERE queued IS NULL"
# The rows that somebody else is writing now are left to the next time: who waits for several may wait in a circle.
_DROP = (
    "DELETE FROM notices WHERE id IN (SELECT d.id FROM notices d WHERE d.queued <= $1 AND d.lease <= $2{skipping}) "
    "RETURNING client_id, kind, attempts"
)
# One notice of each service to which nobody is sending, the one that is due longest. By lot, where there are more
# services than we may send to at once: nobody waits for ever behind a service that has much to be told.
_CLAIM = (
    "UPDATE notices SET lease = $2, attempts = attempts + 1 WHERE id IN (SELECT d.id FROM notices d WHERE d.id IN ("
    "SELECT c.id FROM (SELECT ("
    "SELECT n.id FROM notices n WHERE n.client_id = s.client_id AND n.due <= $1 ORDER BY n.due, n.id LIMIT 1"
    ") AS id FROM services s WHERE NOT s.suspended AND (s.notice_uri IS NOT NULL OR s.logout_uri IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM notices o WHERE o.client_id = s.client_id AND o.lease > $1)"
    ") c WHERE c.id IS NOT NULL ORDER BY RANDOM() LIMIT $3){skipping}) "
    "RETURNING id, client_id, kind, subject, grant_id, revision, sid, queued, lease, attempts"
)
_DONE = "DELETE FROM notices WHERE id = $1 AND lease = $2"
_LATER = "UPDATE notices SET due = $3, lease = 0 WHERE id = $1 AND lease = $2"
_ALL_LATER = (
    "UPDATE notices SET due = $2 WHERE id IN "
    "(SELECT d.id FROM notices d WHERE d.client_id = $1 AND d.due < $2{skipping}) RETURNING id"
)
_GIVE_BACK = "UPDATE notices SET lease = 0, attempts = attempts - 1 WHERE id = $1 AND lease = $2"
_POSTGRES = {"skipping": " FOR UPDATE SKIP LOCKED", "sharing": " FOR KEY SHARE"}
_SQLITE = {"skipping": "", "sharing": ""}
_ONE_CLAIMER = 7_362_915_006


async def grant_ended(connection: Connection, grant_id: str, now: int) -> None:
    """Its service is to be told, and no longer that it changed. Inside the transaction that ends it, as all of these.

    Only a service that takes notices; a sign-in, which shares nothing, ends with its session and not by its grant.
    """
    await _run(connection, _FORGET_CHANGES, grant_id, GRANT_CHANGED, now)
    await _of_grant(connection, grant_id, GRANT_ENDED, None, now)


async def grant_changed(connection: Connection, grant_id: str, revision: int, now: int) -> None:
    """Its service is to be told that there is a new revision: once, where it has not been told of the last one yet."""
    if not await _run(connection, _RENEW, _new_id(), revision, grant_id, GRANT_CHANGED, now):
        await _of_grant(connection, grant_id, GRANT_CHANGED, revision, now)


async def signed_in(connection: Connection, session: str, client_id: str, subject: str) -> str:
    """Remember that this session signed in to a service; returns the `sid` of its ID tokens.

    Where the session has ended meanwhile the service is told at once, as if it had signed in before that.
    """
    sid = sid_of(session, client_id, subject)
    # So that it does not end between this look and our own end.
    rows = await _rows(connection, _SESSION, session)
    if rows:
        await _run(connection, _SIGN_IN, sid, session, client_id, subject, rows[0]["expires"])
    else:
        await _run(connection, _OF_SESSION, _new_id(), SESSION_ENDED, subject, sid, client_id)
    return sid


async def session_ended(connection: Connection, session: str) -> None:
    """Every service that this session signed in to is to be told. After the session's row was deleted."""
    for row in await _rows(connection, _SIGNED_IN, session):
        await _run(connection, _OF_SESSION, _new_id(), SESSION_ENDED, row["subject"], row["sid"], row["client_id"])
    await _run(connection, _SIGN_OUT, session)


async def verify(connection: Connection, client_id: str) -> bool:
    """Queue an event that only tries the way (SSF 1.0 section 8.1.4). False where this service takes no notices."""
    return bool(await _rows(connection, _VERIFY, _new_id(), VERIFICATION, client_id))


async def claim(connection: Connection, *, now: int, lease: int, most: int) -> list[dict[str, Any]]:
    """One notice of each service to which nobody is sending now, at most `most`: they are ours until `lease`."""
    if connection.capabilities.dialect == "postgres":
        # Two claimers at once would each see that nobody sends to a service. They wait for each other briefly.
        await connection.execute_query(f"SELECT pg_advisory_xact_lock({_ONE_CLAIMER})")
    await _run(connection, _DATE, now)
    return await _rows(connection, _CLAIM, now, lease, most)


async def drop_old(connection: Connection, *, now: int) -> list[dict[str, Any]]:
    """Forget what could not be told for too long; service, kind and attempts of each."""
    return await _rows(connection, _DROP, now - KEPT_SECONDS, now)


async def done(connection: Connection, id: str, lease: int) -> None:
    """It was taken, or never will be. Nothing where our lease ran out and somebody else has it."""
    await _run(connection, _DONE, id, lease)


async def later(connection: Connection, id: str, lease: int, due: int) -> None:
    """It was not taken: again at `due`."""
    await _run(connection, _LATER, id, lease, due)


async def all_later(connection: Connection, client_id: str, due: int) -> None:
    """Nothing to this service before `due`: it does not answer, and each attempt would take its time."""
    await _rows(connection, _ALL_LATER, client_id, due)


async def give_back(connection: Connection, id: str, lease: int) -> None:
    """We stop: somebody else sends it at once."""
    await _run(connection, _GIVE_BACK, id, lease)


async def _of_grant(connection: Connection, grant_id: str, kind: str, revision: int | None, now: int) -> None:
    due = now + by_lot(SPREAD_SECONDS[kind])
    await _run(connection, _OF_GRANT, _new_id(), kind, revision, now, due, grant_id, SIGN_IN)


def by_lot(seconds: int) -> int:
    """Some moment below, which nobody who is told can work out."""
    return secrets.randbelow(seconds)


def _new_id() -> str:
    """Random: nothing of one notice tells anything of another, their order not even."""
    return b64u(secrets.token_bytes(16))


async def _rows(connection: Connection, statement: str, *values: object) -> list[dict[str, Any]]:
    """Its rows, locked where it says so: SQLite has one writer, who is alone in any case."""
    locks = _POSTGRES if connection.capabilities.dialect == "postgres" else _SQLITE
    return await connection.execute_query_dict(on_engine(connection, statement.format(**locks)), list(values))


async def _run(connection: Connection, statement: str, *values: object) -> int:
    """The number of rows that it wrote."""
    written, _ = await connection.execute_query(on_engine(connection, statement), list(values))
    return written
