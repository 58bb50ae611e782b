"""The hot path on SQLite: one queue, each batch one transaction in a thread of its own."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from pds.core.chain import head
from pds.store.batches import Batches
from pds.store.interface import REPEAT_SECONDS, Connection, Denied, Mark, NotModified, Ok, Read, ReadResult, tag
from pds.store.turns import Turns
from pds.store.writing import Writing, refuse_nesting

BUSY_SECONDS = 5.0

_READ = """
    SELECT t.jkt, t.expires, g.id, g.once, g.ends, g.state, g.revision, g.n, g.head, g.last_at, g.first_read,
           g.first_read_jkt, g.paused, s.suspended, g.disclosure
    FROM access_tokens t JOIN grants g ON g.id = t.grant_id LEFT JOIN services s ON s.client_id = g.client_id
    WHERE t.digest = ?"""
_MARK = "INSERT OR IGNORE INTO seen (mark, expires) VALUES (?, ?)"
_APPEND = "INSERT INTO log_entries (grant_id, n, prev, at, kind, revision, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)"
_MOVE = "UPDATE grants SET n = ?, head = ?, last_at = ?, last_read = ? WHERE id = ?"
_FINISH = "UPDATE grants SET state = 'ended', first_read = ?, first_read_jkt = ? WHERE id = ?"

# Tortoise begins a transaction DEFERRED. A first statement that writes nothing claims the right to write, so that
# somebody who knows nothing of our turns (a backup, a prompt) keeps it from beginning and not from going on.
_CLAIM = "UPDATE seen SET expires = expires WHERE mark IS NULL"

Job = Read | Mark


class SqliteStore:
    """A `Store`. Reads and marks go through a connection of their own, every other write through the ORM's."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self._thread = ThreadPoolExecutor(1, "pds-store")
        self._turns = Turns(Path(f"{path}.lock"), self._thread)
        self._sql = _connect(path)
        self._batches: Batches[Job, Any] = Batches(self._commit, self._turns.in_process)
        self._writing = Writing(connection, self._turns.everywhere, _CLAIM)

    async def read(self, attempt: Read) -> ReadResult:
        refuse_nesting()
        result: ReadResult = await self._batches.do(attempt)
        return result

    async def mark(self, mark: Mark) -> bool:
        refuse_nesting()
        first: bool = await self._batches.do(mark)
        return first

    def write(self) -> AbstractAsyncContextManager[Connection]:
        return self._writing.transaction()

    async def close(self) -> None:
        await self._batches.close()
        await self._writing.close()
        self._sql.close()
        self._turns.close()
        self._thread.shutdown()

    async def _commit(self, jobs: Sequence[Job]) -> Sequence[object]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, jobs)

    def _transaction(self, jobs: Sequence[Job]) -> list[object]:
        """All of these or none. IMMEDIATE: the grants are locked before the first of them is looked at."""
        with self._turns.on_machine():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                answers: list[object] = [self._one(job) for job in jobs]
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise
        return answers

    def _one(self, job: Job) -> object:
        if isinstance(job, Mark):
            return self._first_use(job.mark, job.expires)
        return self._read(job)

    def _first_use(self, mark: str, expires: int) -> bool:
        return self._sql.execute(_MARK, (mark, expires)).rowcount == 1

    def _read(self, job: Read) -> ReadResult:
        """The twin of `read_batch` in plpgsql.py: the same questions in the same order."""
        found = self._sql.execute(_READ, (job.token_digest,)).fetchone()
        if found is None or found["expires"] <= job.now:
            return Denied.NO_TOKEN
        if found["jkt"] != job.jkt:
            return Denied.WRONG_KEY
        if not self._first_use(job.mark, job.mark_expires):
            return Denied.REPLAYED
        grant_id, revision = found["id"], found["revision"]
        at = max(job.now, found["last_at"])  # the workers' clocks may differ; the time of a chain never goes back
        active = found["state"] == "active"
        repeated = (
            found["first_read"] is not None
            and at < found["first_read"] + REPEAT_SECONDS
            and found["first_read_jkt"] == job.jkt
        )
        # A service that the registry no longer lists (null) is as good as suspended.
        if found["suspended"] != 0 or job.now >= found["ends"] or not (active or repeated):
            return Denied.ENDED
        if found["disclosure"] is None:
            return Denied.NO_DATA
        if found["paused"]:
            return Denied.PAUSED
        unchanged = not job.tags.isdisjoint(("*", tag(grant_id, revision)))
        kind = "read_unchanged" if unchanged else "read"
        n, link = self._append(grant_id, found["n"], found["head"], at, kind, revision, job.proof)
        if found["once"] and active and not unchanged:
            n, link = self._append(grant_id, n, link, at, "finished", revision, "")
            self._sql.execute(_FINISH, (at, job.jkt, grant_id))
        self._sql.execute(_MOVE, (n, link, at, at, grant_id))
        if unchanged:
            return NotModified(grant_id, revision, n, link)
        return Ok(grant_id, revision, n, link, found["disclosure"])

    def _append(
        self, grant_id: str, n: int, prev: str, at: int, kind: str, revision: int, evidence: str
    ) -> tuple[int, str]:
        self._sql.execute(_APPEND, (grant_id, n + 1, prev, at, kind, revision, evidence))
        return n + 1, head(grant_id, n + 1, prev, at, kind, revision, evidence)


def _connect(path: Path) -> sqlite3.Connection:
    """Used by one thread at a time, though not always the same. No implicit transactions."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection
