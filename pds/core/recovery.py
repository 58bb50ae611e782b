"""The recovery code: 160 bits that a person can write down (protocols/specs/vault.md)."""

from pds.core.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# ASCII only: str.upper would make an I of a dotless ı, and SS of ß.
_SAME = str.maketrans("abcdefghjkmnpqrstvwxyzOIoiLl", "ABCDEFGHJKMNPQRSTVWXYZ010111", " -")


def as_typed(code: str) -> str:
    """The characters of a code that a person typed: capitals, look-alikes as Crockford reads them, no separators."""
    return code.translate(_SAME)


def format_code(secret: bytes) -> str:
    """20 bytes as 32 Crockford characters and two check digits (ISO/IEC 7064 MOD 97-10), in groups of four."""
    if len(secret) != 20:
        raise Invalid("recovery/length")
    number = int.from_bytes(secret)
    characters = "".join(ALPHABET[number >> shift & 31] for shift in range(155, -5, -5)) + f"{_check(number):02d}"
    return "-".join(characters[at : at + 4] for at in range(0, 34, 4))


def parse_code(code: str) -> bytes:
    """The 20 bytes, however the code was typed. Errors: `recovery/length`, `recovery/character`, `recovery/check`."""
    characters = as_typed(code)
    if len(characters) != 34:
        raise Invalid("recovery/length")
    body, check = characters[:32], characters[32:]
    if any(character not in ALPHABET for character in body) or not (check.isascii() and check.isdigit()):
        raise Invalid("recovery/character")
    number = 0
    for character in body:
        number = number << 5 | ALPHABET.index(character)
    if int(check) != _check(number):
        raise Invalid("recovery/check")
    return number.to_bytes(20)


def _check(number: int) -> int:
    return 98 - number * 100 % 97
