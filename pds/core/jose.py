"""JWS and JWE of ours: our strictness first, then joserfc (protocols/specs/encoding.md).

The order of checks is that of the spec, so that both languages name the same error.
"""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from joserfc import jwe, jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from pds.core.encoding import Json, digest, jcs, parse_object, unb64u
from pds.core.errors import Invalid

# `EdDSA` is listed for suppliers whose libraries write that name; joserfc warns at each use and knows why, so do we.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)

PublicKey = ECKey | OKPKey | RSAKey
OURS = ("ES256",)
SUPPLIERS = ("ES256", "EdDSA", "Ed25519", "PS256")


@dataclass(frozen=True, slots=True)
class Form:
    """One row of the table in encoding.md: what a document of this kind may look like before its claims are read."""

    types: tuple[str | None, ...]
    members: frozenset[str]
    longest: int
    algorithms: tuple[str, ...]

    @property
    def type(self) -> str:
        """The `typ` that we write."""
        return next(kind for kind in self.types if kind is not None)


def _form(types: tuple[str | None, ...], members: str, longest: int, algorithms: tuple[str, ...] = OURS) -> Form:
    return Form(types, frozenset(members.split()), longest, algorithms)


CLIENT_ASSERTION = _form((None, "client-authentication+jwt", "JWT"), "alg typ kid", 8192, SUPPLIERS)
DPOP_PROOF = _form(("dpop+jwt",), "alg typ jwk", 8192, SUPPLIERS)
REQUEST_OBJECT = _form((None, "oauth-authz-req+jwt", "JWT"), "alg typ kid", 32768, SUPPLIERS)
STATEMENT = _form(("entity-statement+jwt",), "alg typ kid", 65536)
INDEX = _form(("registry-index+jwt",), "alg typ kid", 1048576)
RECORD = _form(("sharing-record+jwt",), "alg typ jwk", 16384)
SUBJECT_PROOF = _form(("subject-proof+jwt",), "alg typ jwk", 8192)
REVOCATION = _form(("revocation+jwt",), "alg typ jwk", 8192)
PAUSE = _form(("pause+jwt",), "alg typ jwk", 8192)
DISCLOSURE = _form(("disclosure+jwt",), "alg typ jwk", 65536)
DISCLOSURE_JWE = _form(("disclosure+jwt",), "alg enc typ kid epk", 65536, ("ECDH-ES+A256KW",))
DEPOSIT = _form(("deposit+jwt",), "alg typ kid", 16384, SUPPLIERS)
DEPOSIT_JWE = _form(("deposit+jwt",), "alg enc typ kid epk", 32768, ("ECDH-ES+A256KW",))
ISSUED = _form(("JWT",), "alg typ kid", 8192)
NOTICE = _form(("secevent+jwt",), "alg typ kid", 8192)
LOGOUT_TOKEN = _form(("logout+jwt",), "alg typ kid", 8192)
LOGIN = _form(("login+jwt",), "alg typ", 8192, ("EdDSA",))


_UNOPENED = {"disclosure+jwt": "disclosure/decrypt", "deposit+jwt": "deposit/decrypt"}


class _Registry(jws.JWSRegistry):
    # Our own caps are tighter for all but the index, and were checked before.
    max_header_length = 4096
    max_payload_length = 1048576


_ALGORITHMS = _Registry(algorithms=list(SUPPLIERS))


@dataclass(frozen=True, slots=True)
class Signed:
    """A JWS whose signature holds."""

    header: Json
    claims: Json
    compact: str


def read_header(token: str, form: Form, *, parts: int = 3) -> Json:
    """The header of a compact JWS or JWE, checked but not yet trusted. Errors: `jose/…` in the order of the spec."""
    if len(token) > form.longest:
        raise Invalid("jose/too-long")
    pieces = token.split(".")
    if len(pieces) != parts:
        raise Invalid("jose/malformed")
    try:
        decoded = [unb64u(piece) for piece in pieces]
        header = parse_object(decoded[0])
    except Invalid as error:
        raise Invalid("jose/malformed") from error
    if not header.keys() <= form.members or not all(isinstance(header.get(name, ""), str) for name in ("typ", "kid")):
        raise Invalid("jose/header")
    if header.get("alg") not in form.algorithms or (parts == 5 and header.get("enc") != "A256GCM"):
        raise Invalid("jose/algorithm")
    if header.get("typ") not in form.types:
        raise Invalid("jose/type")
    return header


def verify(token: str, form: Form, keys: Iterable[PublicKey]) -> Signed:
    """The claims, if one of `keys` signed them. Errors: `jose/…`."""
    return _verify(token, read_header(token, form), keys)


def _verify(token: str, header: Json, keys: Iterable[PublicKey]) -> Signed:
    usable = [key for key in keys if _fits(key, header["alg"])]
    if not usable:
        raise Invalid("jose/key")
    # The form was checked by us, more strictly than joserfc would: of the library only what verifies signatures.
    signed, _, signature = token.rpartition(".")
    algorithm = _ALGORITHMS.get_alg(header["alg"])
    for key in usable:
        try:
            algorithm.check_key(key)
            if algorithm.verify(signed.encode("ascii"), unb64u(signature), key):
                return Signed(header, peek(token), token)
        except (JoseError, ValueError):
            continue
    raise Invalid("jose/signature")


def verify_by_header_key(token: str, form: Form) -> tuple[Signed, Json]:
    """The claims and the key in the header: only for DPoP proofs and documents whose `sub` is that key's thumbprint."""
    header = read_header(token, form)
    jwk: Json = header.get("jwk", {})
    key = public_key(jwk) if form is DPOP_PROOF else p256_public(jwk)
    if not _fits(key, header["alg"]):
        raise Invalid("jose/key")
    return _verify(token, header, [key]), jwk


def sign(
    claims: Mapping[str, object], form: Form, key: PublicKey, *, algorithm: str = "ES256", **header: object
) -> str:
    """A compact JWS over the JCS of the claims, `typ` as the form says."""
    protected = {"alg": algorithm, "typ": form.type, **header}
    return jws.serialize_compact(protected, jcs(dict(claims)), key, registry=_ALGORITHMS)


def encrypt(plaintext: bytes, form: Form, recipient: ECKey) -> str:
    """A compact JWE, ECDH-ES+A256KW and A256GCM, to a P-256 key named by its thumbprint."""
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": thumbprint(recipient), "typ": form.type}
    return jwe.encrypt_compact(header, plaintext, recipient, algorithms=["ECDH-ES+A256KW", "A256GCM"])


def decrypt(token: str, form: Form, key: ECKey) -> bytes:
    """The plaintext. Errors: `jose/…` for the form, `disclosure/decrypt` or `deposit/decrypt` for the cryptography."""
    header = read_header(token, form, parts=5)
    p256_public(header.get("epk"))
    if header.get("kid") != thumbprint(key):
        raise Invalid("jose/key")
    try:
        opened = jwe.decrypt_compact(token, key, algorithms=["ECDH-ES+A256KW", "A256GCM"])
    except (JoseError, ValueError) as error:
        raise Invalid(_UNOPENED[form.type]) from error
    if opened.plaintext is None:
        raise Invalid(_UNOPENED[form.type])
    return opened.plaintext


def p256_public(jwk: object) -> ECKey:
    """A public P-256 key with exactly `crv, kty, x, y`. Errors: `jose/key`."""
    if (
        not isinstance(jwk, dict)
        or jwk.keys() != {"crv", "kty", "x", "y"}
        or (jwk["kty"], jwk["crv"]) != ("EC", "P-256")
    ):
        raise Invalid("jose/key")
    try:
        return _p256(jwk["x"], jwk["y"])
    except (JoseError, Invalid, ValueError, TypeError) as error:
        raise Invalid("jose/key") from error


@lru_cache(1024)
def _p256(x: str, y: str) -> ECKey:
    for coordinate in (x, y):
        unb64u(coordinate, size=32)
    key = ECKey.import_key({"crv": "P-256", "kty": "EC", "x": x, "y": y})
    key.public_key  # noqa: B018  the point is checked to be on the curve when it is first used
    return key


def p256_private(jwk: object) -> ECKey:
    """A private P-256 key with exactly `crv, d, kty, x, y`. Errors: `jose/key`."""
    if not isinstance(jwk, dict) or jwk.keys() != {"crv", "d", "kty", "x", "y"}:
        raise Invalid("jose/key")
    public = p256_public({name: jwk[name] for name in ("crv", "kty", "x", "y")})
    try:
        unb64u(jwk["d"], size=32)
        key = ECKey.import_key(jwk)
        derived = key.private_key
        matches = derived is not None and derived.public_key().public_numbers() == public.public_key.public_numbers()
    except (JoseError, Invalid, ValueError, TypeError) as error:
        raise Invalid("jose/key") from error
    if not matches:
        raise Invalid("jose/key")
    return key


def public_key(jwk: object) -> PublicKey:
    """A public key of a supplier: P-256, Ed25519 or RSA of 2048 to 4096 bits. Errors: `jose/key`."""
    if not isinstance(jwk, dict) or any(name in jwk for name in ("d", "p", "q", "dp", "dq", "qi", "oth", "k")):
        raise Invalid("jose/key")
    plain = {name: jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in jwk}
    try:
        if plain.get("kty") == "EC":
            return p256_public(plain)
        if plain.get("kty") == "OKP" and plain.get("crv") == "Ed25519":
            _check_ed25519(unb64u(plain["x"], size=32))
            return OKPKey.import_key(plain)
        if plain.get("kty") == "RSA":
            modulus, exponent = unb64u(plain["n"]), unb64u(plain["e"])
            canonical = modulus[:1] != b"\x00" and exponent[:1] != b"\x00"
            if canonical and 2048 <= int.from_bytes(modulus).bit_length() <= 4096 and len(exponent) <= 6:
                return RSAKey.import_key(plain)
    except (JoseError, Invalid, ValueError, TypeError, KeyError) as error:
        raise Invalid("jose/key") from error
    raise Invalid("jose/key")


# RFC 8032: the field, and the y of the eight points whose order divides 8. Such a key verifies forged signatures.
_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


def _check_ed25519(point: bytes) -> None:
    y = int.from_bytes(point, "little") % 2**255
    if y >= _P or y in _SMALL:
        raise Invalid("jose/key", "not canonical, or of small order")


def new_key() -> ECKey:
    """A fresh P-256 key from the system's randomness."""
    return ECKey.generate_key("P-256", private=True)


def public_jwk(key: ECKey) -> Json:
    """Exactly the required public members."""
    members = key.as_dict(private=False)
    return {name: members[name] for name in ("crv", "kty", "x", "y")}


def private_jwk(key: ECKey) -> Json:
    """The private key as an object for a sealed item or a key file."""
    members = key.as_dict(private=True)
    return {name: members[name] for name in ("crv", "d", "kty", "x", "y")}


_REQUIRED = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}


def thumbprint(key: PublicKey | Mapping[str, object]) -> str:
    """RFC 7638, SHA-256, over exactly the required members."""
    members = key.as_dict(private=False) if isinstance(key, PublicKey) else key
    return _thumbprint(*((name, members[name]) for name in _REQUIRED[str(members["kty"])]))


@lru_cache(1024)
def _thumbprint(*members: tuple[str, object]) -> str:
    return digest(jcs(dict(members)))


def _fits(key: PublicKey, algorithm: str) -> bool:
    return {"ES256": ECKey, "PS256": RSAKey, "EdDSA": OKPKey, "Ed25519": OKPKey}[algorithm] is type(key)


def peek(token: str) -> Json:
    """The payload of a JWS whose signature has not been checked: to choose a key or a time, never to decide."""
    try:
        return parse_object(unb64u(token.split(".")[1]))
    except Invalid as error:
        raise Invalid("jose/payload") from error
