"""The name of a vault: twelve characters by which a passphrase login finds it (protocols/specs/vault.md)."""

from pds.core.errors import Invalid

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 12
# ASCII only, as in a recovery code: str.upper would make an I of a dotless ı.
_SAME = str.maketrans("abcdefghjkmnpqrstvwxyzOIoiLl", "ABCDEFGHJKMNPQRSTVWXYZ010111", " -")


def format_name(name: str) -> str:
    """A name as it is shown and printed: XXXX-XXXX-XXXX. Errors: those of `parse_name`."""
    return "-".join(parse_name(name)[at : at + 4] for at in range(0, _CHARACTERS, 4))


def parse_name(typed: str) -> str:
    """The twelve characters, however they were typed. Errors: `name/length`, `name/character`."""
    name = typed.translate(_SAME)
    if len(name) != _CHARACTERS:
        raise Invalid("name/length")
    if any(character not in _ALPHABET for character in name):
        raise Invalid("name/character")
    return name
