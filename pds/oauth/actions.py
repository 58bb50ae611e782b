"""What the authorization server itself remembers: that a proof or an assertion was used."""

from pds import store
from pds.errors import Conflict


async def use_once(kind: str, key: str, jti: str, *, expires: int, now: int) -> None:
    """Use a proof or an assertion up, for all workers. Errors: `Conflict`."""
    try:
        await store.mark(store.mark_of(kind, key, jti), expires, now)
    except store.Replayed as error:
        raise Conflict("used before") from error
