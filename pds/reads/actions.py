"""What a service may do with a grant: read it, and nothing else."""

import re
from dataclasses import dataclass

from pds import store
from pds.core.dpop import AHEAD_SECONDS, OLDEST_SECONDS, verify_proof
from pds.core.encoding import digest
from pds.core.nonce import check_nonce
from pds.errors import Refused

# A used proof is remembered for as long as some worker, whose clock may be behind, could still accept it.
_MARK_SECONDS = OLDEST_SECONDS + AHEAD_SECONDS + 60

# One entity tag (RFC 9110 section 8.8.3). Of more than these nobody means one of ours.
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e]*")')
_MOST_TAGS = 16

# Why nothing was read: the rule, and what a developer should know. A caller learns nothing that the token did not say.
_DENIED = {
    store.Denied.NO_TOKEN: ("token/unknown", "this access token is unknown or its time is over"),
    store.Denied.WRONG_KEY: ("token/key", "this access token is bound to another key"),
    store.Denied.REPLAYED: ("dpop/replayed", "this proof was used before: make one for each request"),
    store.Denied.ENDED: ("grant/ended", "the grant has ended"),
    store.Denied.PAUSED: (
        "grant/paused",
        "the resident has paused sharing: the grant goes on, and nothing is read now",
    ),
    store.Denied.NO_DATA: ("token/scope", "this access token is for a sign-in and reads no data"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one read brought. `disclosure` is None where the caller holds this revision already.

    `n` and `head` are the grant's log position, this read included. `tag` is the entity tag, quotes included.
    """

    tag: str
    n: int
    head: str
    disclosure: str | None


async def read(token: str, proof: str, *, url: str, now: int, secret: bytes, if_none_match: str = "") -> Reading:
    """The disclosure of the grant that `token` stands for, read by the key that `proof` shows; logged, once per proof.

    `url` is the address of the endpoint as the caller knows it, `secret` what its nonces are made from,
    `if_none_match` that header's value.
    Errors: `Invalid` (`jose/…`, `dpop/…`), `Refused` (`token/…`, `grant/…`, `dpop/replayed`), `Unavailable`.
    """
    shown = verify_proof(proof, method="GET", url=url, now=now, token=token)
    check_nonce(secret, shown.nonce, now=now)
    result = await store.read(
        store.Read(
            token_digest=digest(token),
            jkt=shown.jkt,
            mark=store.mark_of("proof", shown.jkt, shown.jti),
            mark_expires=shown.iat + _MARK_SECONDS,
            proof=proof,
            now=now,
            tags=_tags(if_none_match),
        )
    )
    if isinstance(result, store.Denied):
        raise Refused(*_DENIED[result])
    disclosure = result.disclosure if isinstance(result, store.Ok) else None
    return Reading(store.tag(result.grant_id, result.revision), result.n, result.head, disclosure)


def _tags(header: str) -> frozenset[str]:
    """RFC 9110 section 13.1.2, compared weakly. What is not a list of tags matches nothing."""
    header = header.strip()
    return frozenset(("*",)) if header == "*" else frozenset(_TAG.findall(header)[:_MOST_TAGS])
