"""What the server does while something happens: so that two things that must look alike can be compared."""

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
def watched() -> Iterator[tuple[list[str], list[str]]]:
    """The SQL statements, and the functions of ours and of the cryptography, that run meanwhile, in their order."""
    statements: list[str] = []
    functions: list[str] = []

    class Listen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            statements.append(re.sub(r": .*|'[^']*'|\d+", "", record.getMessage().partition("\n")[0]))

    def called(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(WATCHED):
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
