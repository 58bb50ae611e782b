"""A call of the core as the vectors speak of it."""

from collections.abc import Callable
from typing import Any

from pds.core.errors import Invalid


def outcome(call: Callable[[], Any]) -> tuple[str, Any]:
    """`valid` and what it gave, or `invalid` and the error's code. Any other exception is a bug, and passes."""
    try:
        return "valid", call()
    except Invalid as refused:
        return "invalid", refused.code
