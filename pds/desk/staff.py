"""Who may stand behind the desk: a small private file of the desk's own, changed whole or not at all.

It holds names, public keys and hashes; nothing about any resident ever stands in it. The command that adds a member of
staff and the running desk both write it, so each change happens under a lock and starts from what is there.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pds.core.encoding import Json, b64u, parse_object, unb64u

ENROLMENT_SECONDS = 3600
MOST_STAFF = 10_000
MAX_NAME = 100


class NotStaff(Exception):
    """Nobody of this desk; deliberately without a reason."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of staff. `id` is the user handle of the passkey; without a `credential` they have not enrolled."""

    id: str
    name: str
    credential: str | None
    public_key: bytes
    sign_count: int


class Staff:
    """The file. Times in seconds since 1970; `random` gives that many random bytes."""

    def __init__(self, path: Path, random: Callable[[int], bytes]) -> None:
        self._path = path
        self._random = random

    def invite(self, name: str, *, now: int) -> str:
        """A one-time token with which `name` registers a passkey within the hour. Of a known name: a new passkey.

        Errors: ValueError where the name is empty or too long, or the file is full.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= MAX_NAME:
            raise ValueError(f"a name of 1 to {MAX_NAME} characters")
        token = b64u(self._random(32))
        with self._changing() as members:
            id = next((id for id, one in members.items() if one["name"] == name), b64u(self._random(16)))
            if id not in members and len(members) >= MOST_STAFF:
                raise ValueError(f"{MOST_STAFF} members of staff are the most")
            members[id] = {
                **members.get(id, {"name": name, "credential": None}),
                "invited": {"token": _hash(token), "expires": now + ENROLMENT_SECONDS},
            }
        return token

    def invited(self, token: str, *, now: int) -> Member:
        """Who holds this token. Errors: `NotStaff`."""
        return _invited(self._read(), token, now)

    def enrol(self, token: str, *, credential: str, public_key: bytes, sign_count: int, now: int) -> Member:
        """Spend the token: from now on this passkey, and no other, is theirs. Errors: `NotStaff`."""
        with self._changing() as members:
            found = _invited(members, token, now)
            members[found.id] = {
                "name": found.name,
                "credential": {"id": credential, "public_key": b64u(public_key), "sign_count": sign_count},
            }
        return self.member(found.id)

    def member(self, id: str) -> Member:
        """Errors: `NotStaff`."""
        found = self._read().get(id)
        if found is None:
            raise NotStaff
        return _member(id, found)

    def members(self) -> list[Member]:
        """Everybody, by name."""
        return sorted((_member(id, one) for id, one in self._read().items()), key=lambda one: one.name)

    def used(self, id: str, *, credential: str, sign_count: int) -> None:
        """Note the counter of a passkey that has just signed. Errors: `NotStaff` where it is theirs no longer."""
        with self._changing() as members:
            kept = members.get(id, {}).get("credential")
            if kept is None or kept["id"] != credential:
                raise NotStaff
            kept["sign_count"] = sign_count

    def remove(self, name: str) -> None:
        """From the next request on they are nobody here. Errors: `NotStaff`."""
        with self._changing() as members:
            found = [id for id, one in members.items() if one["name"] == " ".join(name.split())]
            if not found:
                raise NotStaff
            for id in found:
                del members[id]

    def _read(self) -> dict[str, Json]:
        if not self._path.exists():
            return {}
        kept: dict[str, Json] = parse_object(self._path.read_bytes())["staff"]
        return kept

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Json]]:
        """What is there, to be changed in place; written when the block ends well."""
        lock = self._path.with_name(self._path.name + ".lock")
        with os.fdopen(os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600), "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            members = self._read()
            yield members
            beside = self._path.with_name(self._path.name + ".new")
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump({"staff": members}, file, indent=1, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)


def _invited(members: Mapping[str, Json], token: str, now: int) -> Member:
    hashed = _hash(token)
    for id, one in members.items():
        invited = one.get("invited")
        if invited is not None and hmac.compare_digest(invited["token"], hashed) and now < invited["expires"]:
            return _member(id, one)
    raise NotStaff


def _member(id: str, kept: Json) -> Member:
    credential = kept["credential"]
    if credential is None:
        return Member(id, kept["name"], None, b"", 0)
    return Member(id, kept["name"], credential["id"], unb64u(credential["public_key"]), credential["sign_count"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
