"""Pause all sharing, and go on: every live grant of a vault in one act (protocols/specs/grant.md, Pause)."""

from collections.abc import Mapping

from tortoise.expressions import Q

from pds import store
from pds.core import jose
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import ID, exactly, items, text
from pds.core.pause import verify_pause
from pds.errors import Conflict, Malformed, NotFound
from pds.grants.models import GrantRow
from pds.vault import actions as vault

# As many as a vault can hold: whoever has many grants pauses them in one act too.
MAX_WORDS = vault.MAX_ITEMS


async def pause(resident: str, commit: vault.Commit, words: Mapping[str, str], *, paused: bool, now: int) -> None:
    """Pause each live grant by its subject's word, or resume each. No read that begins after a pause returns succeeds.

    `words` has one for each live grant; of grants that are over none is needed, and only its form is looked at.
    Errors: `NotFound`, `Conflict` where a live grant has none, `Invalid` by rule, `AnotherDeviceWasFirst`.
    """
    async with store.write() as connection:
        # The vault's row first: no grant comes to it from here on.
        await vault.apply(resident, commit, stops=paused)
        known = {row.id for row in await GrantRow.filter(resident_id=resident, id__in=list(words)).only("id")}
        if known != set(words):
            raise NotFound("no such grant in this vault")
        readable = GrantRow.filter(Q(state="active") | Q(first_read__isnull=False), resident_id=resident)
        await store.lock_grants(connection, [row.id for row in await readable.only("id")])
        for row in await readable.order_by("id"):
            if row.paused is paused or (row.state == "active" and row.ends <= now):
                continue
            word = words.get(row.id, "")
            if row.state == "active":
                _check(word, row, commit, paused=paused)
            elif word:  # its form alone: nobody reads it, and nothing that is no word is kept
                jose.read_header(word, jose.PAUSE)
            await (store.pause if paused else store.resume)(connection, row.id, word, now=now)


def read_words(body: Json) -> dict[str, str]:
    """The `words` of a message from the wallet, by grant. Errors: `Malformed`."""
    try:
        found = [_word(each) for each in items(body, "words", "malformed", most=MAX_WORDS)]
    except Invalid as error:
        raise Malformed("not a word for a grant", member=error.detail) from error
    if len(dict(found)) != len(found):
        raise Malformed("a grant stands twice", member="words")
    return dict(found)


def _word(value: object) -> tuple[str, str]:
    fields = exactly(value, ("grant_id", "word"), "malformed")
    return text(fields, "grant_id", "malformed", pattern=ID), text(fields, "word", "malformed", longest=8192)


def _check(word: str, row: GrantRow, commit: vault.Commit, *, paused: bool) -> None:
    if not word:
        raise Conflict("a live grant has no word")
    expected = {"client_id": row.client_id, "sub": row.subject, "grant_id": row.id, "record_hash": row.record_hash}
    if verify_pause(word, **expected, paused=paused) != commit.seq:
        raise Invalid("pause/seq")
