"""Who is signed in at the desk, on which desk, and what they have open: in memory only, gone when the process ends."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pds.core.encoding import b64u
from pds.desk.folder import Place
from pds.desk.task import Task

# A working day, and a break for which nobody locked the screen.
MOST_SECONDS = 10 * 3600
IDLE_SECONDS = 30 * 60
MOST_SESSIONS = 1000
CHALLENGE_SECONDS = 300
MOST_CHALLENGES = 1000


@dataclass(slots=True)
class Session:
    """One browser of one member of staff."""

    member: str
    name: str
    started: int
    used: int
    place: Place | None = None
    task: Task | None = None
    notice: str = ""

    def take_notice(self) -> str:
        """The message for the next page, once."""
        text, self.notice = self.notice, ""
        return text

    def over(self, now: int) -> bool:
        """A task that is under way is use: the resident may take their time."""
        busy = self.task is not None and not self.task.over
        return now >= self.started + MOST_SECONDS or (not busy and now >= self.used + IDLE_SECONDS)


class Sessions:
    """All of them, by the hash of their cookie. `random` gives that many random bytes."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._all: dict[str, Session] = {}
        self._challenges: dict[bytes, int] = {}

    def open(self, member: str, name: str, *, now: int) -> str:
        """A new session; its cookie."""
        token = b64u(self._random(32))
        while len(self._all) >= MOST_SESSIONS:
            self._end(next(iter(self._all)))
        self._all[_hash(token)] = Session(member, name, now, now)
        return token

    def find(self, token: str, *, now: int) -> Session | None:
        """The session of a cookie, if it is not over."""
        session = self._all.get(_hash(token))
        if session is None or session.over(now):
            return None
        session.used = now
        return session

    def end(self, token: str) -> None:
        """Sign out; what was open is forgotten."""
        self._end(_hash(token))

    def challenge(self, *, now: int) -> bytes:
        """For one passkey ceremony."""
        challenge = self._random(32)
        while len(self._challenges) >= MOST_CHALLENGES:
            del self._challenges[next(iter(self._challenges))]
        self._challenges[challenge] = now + CHALLENGE_SECONDS
        return challenge

    def take_challenge(self, challenge: bytes, *, now: int) -> bool:
        """Whether we made it, lately, and it was not used before."""
        return self._challenges.pop(challenge, 0) > now

    def tasks(self) -> Iterator[Task]:
        """Every task that somebody has open."""
        for session in self._all.values():
            if session.task is not None:
                yield session.task

    def sweep(self, *, now: int) -> None:
        """What is over goes: sessions, and the values that were shown long enough."""
        for hashed in [hashed for hashed, session in self._all.items() if session.over(now)]:
            self._end(hashed)
        for task in self.tasks():
            task.sweep(now=now)

    def _end(self, hashed: str) -> None:
        session = self._all.pop(hashed, None)
        if session is not None and session.task is not None:
            session.task.close()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
