"""Everything that a database holds, to say that nothing changed."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from tortoise.models import Model

from pds.store.database import MODELS

# What a refused request may leave behind: that a proof was used, a challenge made or used up, a session begun or ended.
# Codes are there for a minute, and then cleaned away.
FLEETING = {"seen", "challenges", "sessions", "codes", "attempts"}


def models() -> Iterator[type[Model]]:
    """Every table."""
    for name in MODELS:
        for found in vars(import_module(name)).values():
            if isinstance(found, type) and issubclass(found, Model) and found.__module__ == name:
                yield found


async def dump(*, without: set[str] | frozenset[str] = frozenset(FLEETING)) -> dict[str, list[Any]]:
    """All rows of all tables but these, in a fixed order."""
    found = {}
    for model in models():
        table = model._meta.db_table
        if table not in without:
            rows = [tuple(sorted(row.items())) for row in await model.all().values()]
            found[table] = sorted(rows, key=repr)
    assert found
    return found


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    """The tables that differ."""
    return [table for table in before if before[table] != after[table]]
