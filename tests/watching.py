"""What the server does while something happens: so that two things that must look alike can be compared."""

import asyncio
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import nacl
import webauthn

from pds.core import login

# Our own package, and the libraries that check what a caller signed.
LIBRARIES = tuple(str(Path(str(module.__file__)).parent) for module in (nacl, webauthn))
WATCHED = (str(Path(login.__file__).parents[1]), *LIBRARIES)


@contextmanager
def watched(*, own: bool = True) -> Iterator[tuple[list[str], list[str]]]:
    """The SQL statements, and the functions of ours and of the cryptography, that run meanwhile, in their order.

    Without `own` what the caller's own task does is left out: then it is the server's part alone.
    """
    mine = None if own else asyncio.current_task()
    statements: list[str] = []
    functions: list[str] = []

    class Listen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not _by_the_clock():
                statements.append(re.sub(r": .*|'[^']*'|\d+", "", record.getMessage().partition("\n")[0]))

    def called(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(WATCHED) or _goes_on(frame):
            return
        if not _by_the_clock() and (mine is None or asyncio.current_task() is not mine):
            functions.append(f"{frame.f_code.co_filename}:{frame.f_code.co_qualname}")

    logger, handler = logging.getLogger("tortoise.db_client"), Listen()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    sys.setprofile(called)
    try:
        yield statements, functions
    finally:
        sys.setprofile(None)
        logger.setLevel(before)
        logger.removeHandler(handler)


def _goes_on(frame: FrameType) -> bool:
    """Whether a coroutine goes on after a wait: how often it waits is the network's, not ours.

    The argument of `RESUME` (documentation of `dis`): 0 is the start of a function.
    """
    return frame.f_code.co_code[frame.f_lasti + 1] & 3 != 0


def _by_the_clock() -> bool:
    """Whether this is one of the server's own rounds, which come when they come."""
    task = asyncio.current_task()
    return task is not None and getattr(task.get_coro(), "__qualname__", "") in ("Sender.run", "_clean")
