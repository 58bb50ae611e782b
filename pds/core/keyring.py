"""The server's own signing keys, and from when to when each of them counts (docs/operate.md, Keys)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid

# A new key is published for so long before it signs: three times what `/oauth/jwks` may be cached, so that whoever
# verifies has it before it is needed.
AHEAD_SECONDS = 900
# An old key is published for so long after it has signed last. ID tokens and authorization responses last 300 s, but an
# ID token is also a hint of who is signed in, and a session lasts 12 hours.
KEPT_SECONDS = 86400
_TIMES = ("begins", "ends")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One private key. It signs from `begins` until a newer one does, and is published until `ends`, in seconds."""

    key: ECKey
    begins: int
    ends: int | None


def read_keyring(documents: Sequence[object]) -> tuple[SigningKey, ...]:
    """Private P-256 JWKs, each with `begins` and `ends` where it has them. Errors: `jose/key`."""
    return tuple(map(_read, documents))


def write_keyring(keys: Sequence[SigningKey]) -> list[Json]:
    """The same, for the file."""
    return [jose.private_jwk(each.key) | _times(each) for each in keys]


def signer(keys: Sequence[SigningKey], *, now: int) -> ECKey:
    """The newest key that has begun; where several began at once, the one that stands first."""
    begun = [each for each in keys if each.begins <= now] or list(keys)
    return max(begun, key=lambda each: each.begins).key


def published(keys: Sequence[SigningKey], *, now: int) -> list[ECKey]:
    """What others verify with: the key that signs, those that will, and those that did and are still believed."""
    return [each.key for each in keys if each.ends is None or each.ends > now]


def rotate(keys: Sequence[SigningKey], new: ECKey, *, now: int) -> tuple[SigningKey, ...]:
    """With a new key, which signs after `AHEAD_SECONDS`; those before end `KEPT_SECONDS` later, what is over goes.

    Errors: ValueError where a key is waiting to sign already.
    """
    waiting = max(each.begins for each in keys)
    if waiting > now:
        raise ValueError(f"a new key signs in {waiting - now} seconds already")
    begins = now + AHEAD_SECONDS
    ends = begins + KEPT_SECONDS
    kept = [each for each in keys if each.ends is None or each.ends > now]
    older = [SigningKey(each.key, each.begins, ends if each.ends is None else each.ends) for each in kept]
    return (SigningKey(new, begins, None), *older)


def replace(new: ECKey, *, now: int) -> tuple[SigningKey, ...]:
    """The new key alone, at once: the old one leaked, and nothing that it signed is to be believed."""
    return (SigningKey(new, now, None),)


def _read(document: object) -> SigningKey:
    if not isinstance(document, dict):
        raise Invalid("jose/key")
    times: dict[str, Any] = {name: document.get(name) for name in _TIMES}
    if any(not isinstance(time, int) or isinstance(time, bool) for time in times.values() if time is not None):
        raise Invalid("jose/key", "begins, ends")
    key = jose.p256_private({name: value for name, value in document.items() if name not in _TIMES})
    return SigningKey(key, times["begins"] or 0, times["ends"])


def _times(key: SigningKey) -> Json:
    found = {"begins": key.begins or None, "ends": key.ends}
    return {name: time for name, time in found.items() if time is not None}
