"""A signature holds, or the document does not exist: the edges that JOSE libraries have fallen over."""

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from nacl.signing import SigningKey

from pds.core import jose
from pds.core.encoding import Json, b64u, jcs, unb64u
from pds.core.errors import Invalid
from pds.core.login import login_jwk
from protocols.vectors.make import keys, world
from protocols.vectors.make.dpop_area import ORDER, ORDER_8, P
from protocols.vectors.make.jose_cases import all_attacks
from protocols.vectors.make.sign import Document, always, by_kid, ed25519, es256, part
from tests.core.signing import GOOD, KEY, refusal, refusal_by_header

N = keys.P256_ORDER
SEED = keys.fixed("test ed25519", 32)
OKP = login_jwk(SEED)
SIGNED = Document({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": OKP}, {"hello": "world"}, ed25519(SEED))


def test_a_signed_document_is_read() -> None:
    assert jose.verify(GOOD.compact, jose.RECORD, [KEY]).claims == {"hello": "world", "iat": 1}
    assert jose.verify_by_header_key(GOOD.compact, jose.RECORD)[1] == keys.jwk(world.subject)
    assert jose.verify_by_header_key(SIGNED.compact, jose.DPOP_PROOF)[1] == OKP


@pytest.mark.parametrize(("error", "comment", "token"), [*all_attacks(GOOD, 16384)], ids=lambda value: str(value)[:60])
def test_a_document_that_is_wrong_in_one_thing_is_refused_for_it(error: str, comment: str, token: str) -> None:
    assert refusal_by_header(token) == error, comment


@given(st.data())
def test_no_changed_character_goes_unnoticed(data: st.DataObject) -> None:
    token = GOOD.compact
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8"))
    if other != token[at]:
        assert refusal(token[:at] + other + token[at + 1 :]).startswith("jose/")


@given(st.binary(max_size=130))
def test_no_bytes_but_the_keys_own_are_a_signature(signature: bytes) -> None:
    assert refusal(GOOD.signed(always(signature))) == "jose/signature"


numbers = st.sampled_from([0, 1, 2, N - 1, N, N + 1, 2 * N - 1, 2**256 - 1, (N - 1) // 2]) | st.integers(0, 2**256 - 1)


@given(numbers.filter(lambda r: r < 2**256), numbers.filter(lambda s: s < 2**256))
def test_es256_numbers_at_the_edges_are_refused(r: int, s: int) -> None:
    assert refusal(GOOD.signed(always(r.to_bytes(32) + s.to_bytes(32)))) == "jose/signature"


@pytest.mark.parametrize(
    ("s", "length"), [(lambda s: s + N, 33), (lambda s: s, 33), (lambda s: s, 64)], ids=["s+n", "a zero more", "wide"]
)
def test_es256_numbers_have_one_length(s: Any, length: int) -> None:
    whole = GOOD.signer(f"{part(GOOD.header)}.{part(jcs(GOOD.claims))}".encode())
    wide = int.from_bytes(whole[:32]).to_bytes(length) + s(int.from_bytes(whole[32:])).to_bytes(length)
    assert refusal(GOOD.signed(always(wide))) == "jose/signature"


@pytest.mark.parametrize("y", [0, 1, P - 1, ORDER_8, P - ORDER_8, P, P + 1, P + 18], ids=hex)
@pytest.mark.parametrize("sign", [0, 1])
def test_an_ed25519_key_under_which_anybody_signs_is_refused(y: int, sign: int) -> None:
    x = b64u((y | sign << 255).to_bytes(32, "little"))
    forged = SIGNED.headed(jwk={**OKP, "x": x}).signed(always((1).to_bytes(32, "little") + bytes(32)))
    assert refusal_by_header(forged, jose.DPOP_PROOF) == "jose/key"
    with pytest.raises(Invalid, match="jose/key"):
        jose.public_key({**OKP, "x": x})


def test_the_points_of_small_order_are_all_of_them() -> None:
    """Doubling three times ends at the neutral element exactly for them (RFC 8032 section 5.1)."""
    d = -121665 * pow(121666, -1, P) % P

    def double(x: int, y: int) -> tuple[int, int]:
        k = d * x * x * y * y % P
        return 2 * x * y * pow(1 + k, -1, P) % P, (y * y + x * x) * pow(1 - k, -1, P) % P

    def x_of(y: int) -> int:
        square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        return x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P

    for y in (0, 1, P - 1, ORDER_8, P - ORDER_8):
        point = (x_of(y), y)
        assert (point[1] ** 2 - point[0] ** 2 - 1 - d * point[0] ** 2 * point[1] ** 2) % P == 0
        for _ in range(3):
            point = double(*point)
        assert point == (0, 1)


def test_an_ed25519_signature_has_one_form() -> None:
    signature = SIGNED.signer(f"{part(SIGNED.header)}.{part(jcs(SIGNED.claims))}".encode())
    s = int.from_bytes(signature[32:], "little")
    for other in (s + ORDER, (s + ORDER * 8) % 2**256, 0, ORDER):
        wrong = signature[:32] + other.to_bytes(32, "little")
        assert refusal_by_header(SIGNED.signed(always(wrong)), jose.DPOP_PROOF) == "jose/signature"


def test_ed25519_agrees_with_rfc_8037() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    token = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    form = jose.Form((None,), frozenset({"alg"}), 8192, ("EdDSA",))
    # The signature holds; the payload is a sentence and no JSON object.
    assert refusal(token, form, [jose.public_key(jwk)]) == "jose/payload"
    assert refusal(token[:-1] + "w", form, [jose.public_key(jwk)]) == "jose/signature"
    assert jose.thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_es256_agrees_with_rfc_7515_appendix_a_3() -> None:
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    token = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    form = jose.Form((None,), frozenset({"alg"}), 8192, jose.OURS)
    claims = jose.verify(token, form, [jose.public_key(jwk)]).claims
    assert claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


def test_an_algorithm_is_only_used_with_its_own_kind_of_key() -> None:
    okp, rsa = jose.public_key(OKP), jose.public_key(keys.rsa_jwk())
    form = jose.REQUEST_OBJECT
    bare = Document({"alg": "ES256"}, {}, es256(world.subject))
    assert jose.verify(bare.compact, form, [okp, rsa, KEY]).claims == {}
    assert refusal(bare, form, [okp, rsa]) == "jose/key"
    assert refusal(bare, form, []) == "jose/key"
    secret = jcs(keys.jwk(world.subject))
    confused = bare.headed(alg="HS256").signed(lambda message: hmac.digest(secret, message, hashlib.sha256))
    assert refusal(confused, form) == "jose/algorithm"


def test_a_key_in_the_header_counts_only_where_the_document_has_one() -> None:
    for form in (jose.STATEMENT, jose.INDEX, jose.REQUEST_OBJECT, jose.LOGIN):
        document = by_kid(form, {}, world.stranger).headed(jwk=keys.jwk(world.stranger))
        assert refusal(document, form) == "jose/header"


@pytest.mark.parametrize("form", [jose.STATEMENT, jose.RECORD, jose.DISCLOSURE, jose.LOGIN, jose.DPOP_PROOF])
def test_a_document_is_not_taken_for_another(form: jose.Form) -> None:
    for other in (jose.INDEX, jose.SUBJECT_PROOF, jose.REVOCATION):
        assert refusal(GOOD.headed(typ=other.type, alg=form.algorithms[0]).headless("jwk"), form) == "jose/type"


private_members: list[Json] = [{"d": "AA"}, {"k": "AA"}, {"p": "AA"}, {"oth": []}]


@pytest.mark.parametrize("more", private_members, ids=str)
def test_a_private_key_is_never_taken_as_a_public_one(more: Json) -> None:
    for good in (keys.jwk(world.subject), OKP, keys.rsa_jwk()):
        with pytest.raises(Invalid, match="jose/key"):
            jose.public_key({**good, **more})


@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "n", "e"]), st.text(max_size=50) | st.none() | st.integers()
    )
)
def test_no_jwk_makes_the_reader_crash(jwk: Json) -> None:
    for reader in (jose.public_key, jose.p256_public, jose.p256_private):
        with pytest.raises(Invalid, match="jose/key"):
            reader({"kty": "EC", "crv": "P-256", **jwk})


def test_a_private_key_must_belong_to_its_public_half() -> None:
    mine, other = world.private_jwk("subject"), world.private_jwk("stranger")
    assert jose.public_jwk(jose.p256_private(mine)) == keys.jwk(world.subject)
    for wrong in ({**mine, "d": other["d"]}, {**mine, "d": b64u(bytes(32))}, {**mine, "d": b64u(N.to_bytes(32))}):
        with pytest.raises(Invalid, match="jose/key"):
            jose.p256_private(wrong)


def test_what_the_core_signs_the_core_reads() -> None:
    for key, algorithm in ((jose.new_key(), "ES256"), (OKPKey.generate_key("Ed25519"), "Ed25519")):
        token = jose.sign({"a": "é"}, jose.REQUEST_OBJECT, key, algorithm=algorithm, kid="1")
        assert jose.verify(token, jose.REQUEST_OBJECT, [key]).claims == {"a": "é"}
    assert SigningKey(SEED).verify_key.verify(b"x", SigningKey(SEED).sign(b"x").signature) == b"x"
    assert len(unb64u(GOOD.compact.split(".")[2])) == 64


def test_a_supplier_who_writes_eddsa_causes_no_warning() -> None:
    program = "import sys; from pds.core import jose; jose.verify_by_header_key(sys.argv[1], jose.DPOP_PROOF)"
    command = [sys.executable, "-W", "error", "-c", program, SIGNED.compact]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(root)}, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
