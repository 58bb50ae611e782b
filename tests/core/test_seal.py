"""What a wallet seals comes back whole, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pds.core import seal
from pds.core.errors import Invalid

KEY, NONCE = bytes(range(32)), bytes(12)
CONTEXT = seal.Context("item", "vault", "item", 3, 1)
plaintexts = st.one_of(st.binary(max_size=600), st.integers(0, 70000).map(lambda size: b"\x80" * size))


@given(plaintexts, st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12))
def test_whatever_is_sealed_opens_as_it_was(plaintext: bytes, key: bytes, nonce: bytes) -> None:
    assert seal.open_sealed(key, CONTEXT, seal.seal(key, CONTEXT, plaintext, nonce=nonce)) == plaintext


def test_a_change_of_any_bit_is_noticed() -> None:
    sealed = seal.seal(KEY, CONTEXT, b"10 Example Street", nonce=NONCE)
    for at in range(len(sealed)):
        for bit in range(8):
            changed = sealed[:at] + bytes([sealed[at] ^ 1 << bit]) + sealed[at + 1 :]
            with pytest.raises(Invalid) as refused:
                seal.open_sealed(KEY, CONTEXT, changed)
            assert refused.value.code == ("seal/open" if at else "seal/version")


@given(st.binary(max_size=400), st.integers(0, 400))
def test_a_cut_or_lengthened_seal_does_not_open(plaintext: bytes, cut: int) -> None:
    sealed = seal.seal(KEY, CONTEXT, plaintext, nonce=NONCE)
    for changed in (sealed[: len(sealed) - 1 - cut], sealed + bytes(1 + cut), sealed[1 + cut :]):
        with pytest.raises(Invalid):
            seal.open_sealed(KEY, CONTEXT, changed)


@given(st.binary(max_size=2000))
def test_no_bytes_of_a_stranger_make_the_wallet_crash(blob: bytes) -> None:
    with pytest.raises(Invalid):
        seal.open_sealed(KEY, CONTEXT, blob)


@pytest.mark.parametrize(
    "other",
    [
        seal.Context("manifest", "vault", "item", 3, 1),
        seal.Context("wrap", "vault", "item", 3, 1),
        seal.Context("item", "other", "item", 3, 1),
        seal.Context("item", "vault", "other", 3, 1),
        seal.Context("item", "vault", "item", 2, 1),
        seal.Context("item", "vault", "item", 3, 2),
        seal.Context("item", 'vault","id":"item', "", 3, 1),
    ],
)
def test_a_seal_opens_only_as_what_it_is(other: seal.Context) -> None:
    sealed = seal.seal(KEY, CONTEXT, b"text", nonce=NONCE)
    with pytest.raises(Invalid, match="seal/open"):
        seal.open_sealed(KEY, other, sealed)


@given(st.integers(0, 300000))
def test_the_size_is_the_smallest_of_a_few_that_holds_the_text(length: int) -> None:
    sizes = [256, 1024, 4096, *(16384 << step for step in range(6))]
    assert seal.padded_size(length) == next(size for size in sizes if size >= length)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_texts_that_fill_one_size_cannot_be_told_apart_by_length(one: int, other: int) -> None:
    lengths = [len(seal.seal(KEY, CONTEXT, bytes(length), nonce=NONCE)) for length in (one, other)]
    assert (lengths[0] == lengths[1]) == (seal.padded_size(one + 1) == seal.padded_size(other + 1))
