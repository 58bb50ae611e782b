"""The picture that a phone's camera reads: ISO/IEC 18004, error correction M, alphanumeric mode."""

import re
from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

# Section 6.3.8 of the standard: a quiet zone of four modules on every side.
QUIET_MODULES = 4
# Larger versions have modules too small for an old phone held at arm's length.
LARGEST_VERSION = 4
# The characters of alphanumeric mode that can stand in an address.
_ADDRESS = re.compile(r"[0-9A-Z$%*+./:-]{1,90}\Z")


class TooLong(ValueError):
    """The address does not fit into a picture that an old phone can read."""


@lru_cache(maxsize=256)
def qr_svg(address: str) -> str:
    """An SVG made of one path, its modules one unit wide; `address` in capitals.

    Making it takes some 10 ms and blocks the loop, so a picture is kept by its address.
    Errors: ValueError for characters outside alphanumeric mode, `TooLong` where version 4 does not suffice.
    """
    if not _ADDRESS.match(address):
        raise ValueError("only capitals, digits and $%*+-./: make a small picture")
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(QRData(address), optimize=0)
    code.make(fit=True)
    if code.version > LARGEST_VERSION:
        raise TooLong(f"{len(address)} characters need version {code.version}")
    modules = code.get_matrix()
    size = len(modules)
    # Each dark run of a row is a piece of one line, as wide as a module.
    path = "".join(f"M0 {y}.5{_runs(row)}" for y, row in enumerate(modules) if any(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" class="qr" role="img"'
        f' aria-labelledby="qr-says" shape-rendering="crispEdges"><path stroke="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool]) -> str:
    """One row as moves and strokes, from its left edge: `m4 0h7m1 0h2`."""
    found, start = "", 0
    while start < len(row):
        end = start
        while end < len(row) and row[end] == row[start]:
            end += 1
        if row[start]:
            found += f"h{end - start}"
        elif end < len(row):
            found += f"m{end - start} 0"
        start = end
    return found
