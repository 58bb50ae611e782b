"""The code on paper: what its check notices, stated exactly (protocols/specs/vault.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pds.core.errors import Invalid
from pds.core.recovery import format_code, parse_code
from tests.core.outcomes import outcome

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
secrets = st.binary(min_size=20, max_size=20)


def bare(secret: bytes) -> str:
    return format_code(secret).replace("-", "")


def noticed(code: str) -> str:
    """The error of a code that must not be accepted."""
    with pytest.raises(Invalid) as refused:
        parse_code(code)
    return refused.value.code


@given(secrets)
def test_a_code_comes_back_however_it_was_typed(secret: bytes) -> None:
    code = format_code(secret)
    assert code.count("-") == 8
    typed = (code, code.lower(), code.replace("-", " "), bare(secret).replace("0", "o").replace("1", "l"))
    assert {parse_code(each) for each in typed} == {secret}


@given(secrets)
def test_every_single_wrong_character_is_noticed(secret: bytes) -> None:
    code = bare(secret)
    for at, right in enumerate(code):
        for wrong in set(ALPHABET if at < 32 else "0123456789") - {right}:
            assert noticed(code[:at] + wrong + code[at + 1 :]) == "recovery/check"


@given(secrets)
def test_every_exchange_of_two_characters_is_noticed(secret: bytes) -> None:
    code = bare(secret)
    for first in range(32):
        for second in range(first + 1, 32):
            if code[first] != code[second]:
                swapped = list(code)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                assert noticed("".join(swapped)) == "recovery/check"


@given(secrets)
def test_every_exchange_of_neighbours_is_noticed_at_the_check_digits_too(secret: bytes) -> None:
    code = bare(secret)
    for at in (31, 32):
        if code[at] != code[at + 1]:
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            assert noticed(swapped) in ("recovery/check", "recovery/character")


def test_the_arithmetic_behind_it_holds() -> None:
    """A wrong character adds d·32^i, an exchange (a − b)(32^i − 32^j): neither is 0 modulo 97 for a code this short."""
    assert all(difference * pow(32, at, 97) % 97 for difference in range(1, 32) for at in range(32))
    assert all((pow(32, one, 97) - pow(32, other, 97)) % 97 for one in range(32) for other in range(one))
    assert all(
        (100 * pow(32, 0, 97) - 10) % 97 * d % 97 for d in range(1, 10)
    )  # the last character and the first digit
    assert all(9 * d % 97 for d in range(1, 10))  # the two digits


@given(secrets, st.integers(0, 33))
def test_a_character_left_out_or_doubled_is_noticed(secret: bytes, at: int) -> None:
    code = bare(secret)
    assert noticed(code[:at] + code[at + 1 :]) == "recovery/length"
    assert noticed(code[:at] + code[at] + code[at:]) == "recovery/length"


@given(st.text(max_size=60))
def test_no_text_makes_the_wallet_crash(text: str) -> None:
    result, secret = outcome(lambda: parse_code(text))
    if result == "valid":
        assert parse_code(format_code(secret)) == secret
    else:
        assert secret.startswith("recovery/")


@pytest.mark.parametrize("size", [0, 19, 21])
def test_a_code_is_made_of_twenty_bytes_only(size: int) -> None:
    with pytest.raises(Invalid, match="recovery/length"):
        format_code(bytes(size))
