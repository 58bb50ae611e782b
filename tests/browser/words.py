"""The two languages of the wallet: the switch between them, and the English that must not stand on a Welsh page."""

import re
from pathlib import Path

CYMRAEG, SAESNEG = "Cymraeg", "English"

_TEXT = Path(__file__).parents[2] / "wallet_web/src/text"
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


def _sentences(pattern: str) -> set[str]:
    """What stands in the word files between quotes, in pieces without gaps."""
    sources = [path.read_text("utf-8") for path in sorted(_TEXT.glob(pattern)) if not path.name.startswith("words_")]
    found = {
        one
        for source in sources
        for match in _LITERAL.findall(source)
        for one in re.split(r"\$\{.*?\}", "".join(match))
    }
    return {one.strip() for one in found if len(one.strip()) > 12}


ENGLISH = _sentences("en*.ts") - _sentences("cy*.ts")
