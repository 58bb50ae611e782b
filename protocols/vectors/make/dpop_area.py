"""Area `dpop`."""

from collections.abc import Iterator
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, b64u, digest
from pds.core.login import login_jwk
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import all_attacks
from protocols.vectors.make.registry_area import malleated
from protocols.vectors.make.sign import Document, always, by_subject, ed25519, ps256
from protocols.vectors.make.world import ISSUER, NOW, SUB

OP = "dpop.verify"
URL = f"{ISSUER}/data"
TOKEN, NONCE = world.opaque("access token"), world.opaque("dpop nonce")
CLAIMS: Json = {"jti": keys.an_id("jti"), "htm": "GET", "htu": URL, "iat": NOW, "ath": digest(TOKEN), "nonce": NONCE}
GOOD = by_subject(jose.DPOP_PROOF, CLAIMS, world.subject)
# RFC 8032 section 5.1: p, the order of the base point, and the y of a point of order 8.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7


def given(proof: Document | str, **changes: Any) -> Json:
    compact = proof if isinstance(proof, str) else proof.compact
    return {"proof": compact, "method": "GET", "url": URL, "now": NOW, "token": TOKEN, "nonce": NONCE, **changes}


def output(jkt: str = SUB) -> Json:
    return {"jkt": jkt, "jti": CLAIMS["jti"]}


def dpop() -> Iterator[Case]:
    yield from good()
    yield from claims_wrong()
    yield from ed25519_keys()
    for error, comment, token in all_attacks(GOOD, 8192):
        supplier = ("jwk has a kid", "jwk is Ed25519", "alg is EdDSA")
        if comment not in supplier:
            yield invalid(OP, error, comment, given(token))


def good() -> Iterator[Case]:
    bare = GOOD.without("ath").without("nonce")
    seed = keys.fixed("dpop ed25519", 32)
    okp = login_jwk(seed)
    for comment, given_, jkt in (
        ("a proof", given(GOOD), SUB),
        ("no token, no nonce asked", given(bare, token=None, nonce=None), SUB),
        ("ath and nonce where none is asked", given(GOOD, token=None, nonce=None), SUB),
        ("60 s old", given(GOOD.claiming(iat=NOW - 60)), SUB),
        ("10 s ahead", given(GOOD.claiming(iat=NOW + 10)), SUB),
        ("other claims are ignored", given(GOOD.claiming(exp=0, x=[1])), SUB),
        (
            "jwk with members that say nothing new",
            given(GOOD.headed(jwk={**GOOD.header["jwk"], "kid": "1", "use": "sig", "alg": "ES256"})),
            SUB,
        ),
        ("the other s of ECDSA", given(malleated(GOOD)), SUB),
        ("EdDSA", given(GOOD.headed(alg="EdDSA", jwk=okp).signed(ed25519(seed))), jose.thumbprint(okp)),
        ("Ed25519", given(GOOD.headed(alg="Ed25519", jwk=okp).signed(ed25519(seed))), jose.thumbprint(okp)),
        ("PS256", given(GOOD.headed(alg="PS256", jwk=keys.rsa_jwk()).signed(ps256)), jose.thumbprint(keys.rsa_jwk())),
    ):
        yield valid(OP, comment, given_, output(jkt))
    for htu, url in (
        ("HTTPS://PDS.Anytown.EXAMPLE/data", URL),
        (f"{ISSUER}:443/data", URL),
        (URL, f"{ISSUER}/data?x=1#y"),
        (f"{ISSUER}/data?x=1", URL),
        (ISSUER, f"{ISSUER}/"),
        ("http://localhost:80/data", "http://localhost/data"),
        ("https://[2001:DB8::1]/data", "https://[2001:db8::1]:443/data"),
    ):
        yield valid(OP, f"{htu} is {url}", given(GOOD.claiming(htu=htu), url=url), output())


def claims_wrong() -> Iterator[Case]:
    for error, comment, changes in (
        ("dpop/jti", "jti is empty", {"jti": ""}),
        ("dpop/jti", "jti has 129 characters", {"jti": "x" * 129}),
        ("dpop/jti", "jti is a number", {"jti": 1}),
        ("dpop/method", "another method", {"htm": "POST"}),
        ("dpop/method", "the method in lower case", {"htm": "get"}),
        ("dpop/url", "another path", {"htu": f"{ISSUER}/token"}),
        ("dpop/url", "another path by case", {"htu": f"{ISSUER}/Data"}),
        ("dpop/url", "a slash more", {"htu": f"{URL}/"}),
        ("dpop/url", "another scheme", {"htu": URL.replace("https", "http")}),
        ("dpop/url", "another port", {"htu": f"{ISSUER}:8443/data"}),
        ("dpop/url", "another host", {"htu": "https://evil.example/data"}),
        ("dpop/url", "a user before the host", {"htu": "https://pds.anytown.example@evil.example/data"}),
        ("dpop/url", "our user before our host", {"htu": "https://me@pds.anytown.example/data"}),
        ("dpop/url", "dot segments", {"htu": f"{ISSUER}/x/../data"}),
        ("dpop/url", "percent-encoded", {"htu": f"{ISSUER}/%64ata"}),
        ("dpop/url", "a backslash", {"htu": f"{ISSUER}\\data"}),
        ("dpop/url", "a line feed", {"htu": URL + "\n"}),
        ("dpop/url", "a tab inside", {"htu": f"{ISSUER}/da\tta"}),
        ("dpop/url", "a relative address", {"htu": "/data"}),
        ("dpop/url", "a port that is none", {"htu": f"{ISSUER}:x/data"}),
        ("dpop/url", "a number", {"htu": 1}),
        ("dpop/time", "61 s old", {"iat": NOW - 61}),
        ("dpop/time", "11 s ahead", {"iat": NOW + 11}),
        ("dpop/time", "iat is a string", {"iat": str(NOW)}),
        ("dpop/time", "iat is true", {"iat": True}),
        ("dpop/token", "of another token", {"ath": digest("another")}),
        ("dpop/token", "the token itself", {"ath": TOKEN}),
        ("dpop/nonce", "another nonce", {"nonce": world.opaque("another nonce")}),
    ):
        yield invalid(OP, error, comment, given(GOOD.claiming(**changes)))
    for error, name in (
        ("dpop/jti", "jti"),
        ("dpop/method", "htm"),
        ("dpop/url", "htu"),
        ("dpop/time", "iat"),
        ("dpop/token", "ath"),
        ("dpop/nonce", "nonce"),
    ):
        yield invalid(OP, error, f"no {name}", given(GOOD.without(name)))


def ed25519_keys() -> Iterator[Case]:
    """Keys under which anybody can sign, and signatures that have a second form."""
    seed = keys.fixed("dpop ed25519", 32)
    okp = login_jwk(seed)
    good = GOOD.headed(alg="EdDSA", jwk=okp).signed(ed25519(seed))
    rsa = keys.rsa_jwk()
    identity = (1).to_bytes(32, "little")

    def by(y: int, sign: int = 0) -> Document:
        jwk = {**okp, "x": b64u((y | sign << 255).to_bytes(32, "little"))}
        return good.headed(jwk=jwk).signed(always(identity + bytes(32)))

    for comment, wrong in (
        ("Ed25519 key of order 1", by(1)),
        ("Ed25519 key of order 1, with the sign", by(1, 1)),
        ("Ed25519 key of order 2", by(P - 1)),
        ("Ed25519 key of order 4", by(0)),
        ("Ed25519 key of order 4, with the sign", by(0, 1)),
        ("Ed25519 key of order 8", by(ORDER_8)),
        ("Ed25519 key of order 8, with the sign", by(ORDER_8, 1)),
        ("Ed25519 key of order 8, the other", by(P - ORDER_8)),
        ("Ed25519 key of order 1, not canonical", by(P + 1)),
        ("Ed25519 key that is not canonical", by(P + 3)),
        ("Ed25519 key of 31 bytes", good.headed(jwk={**okp, "x": b64u(bytes(31))})),
        ("Ed25519 key with the private member", good.headed(jwk={**okp, "d": b64u(seed)})),
        ("X25519 key", good.headed(jwk={**okp, "crv": "X25519"})),
        ("alg of another kind of key", good.headed(alg="ES256")),
        ("RSA of 1024 bits", GOOD.headed(alg="PS256", jwk={**rsa, "n": b64u(b"\xff" * 128)}).signed(ps256)),
        (
            "RSA with a leading zero",
            GOOD.headed(alg="PS256", jwk={**rsa, "e": b64u(b"\x00\x01\x00\x01")}).signed(ps256),
        ),
        ("RSA with the private member", GOOD.headed(alg="PS256", jwk={**rsa, "d": "AA"}).signed(ps256)),
    ):
        yield invalid(OP, "jose/key", comment, given(wrong))

    def doubled(message: bytes) -> bytes:
        signature = ed25519(seed)(message)
        return signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")

    yield invalid(OP, "jose/signature", "Ed25519: S plus the order", given(good.signed(doubled)))
    yield invalid(
        OP, "jose/signature", "Ed25519: signed by another key", given(good.signed(ed25519(keys.fixed("other", 32))))
    )
    short = GOOD.headed(alg="PS256", jwk=rsa).signed(lambda message: ps256(message)[:-1])
    yield invalid(OP, "jose/signature", "PS256: one byte short", given(short))
