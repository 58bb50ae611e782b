"""Areas `encoding`, `derive`, `recovery`, `name` and `seal`."""

import hmac
import unicodedata
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pds.core.encoding import Json, b64u, jcs
from pds.core.recovery import format_code
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.keys import an_id, fixed

VAULT = an_id("vault")
ITEM = an_id("item")
METHOD = an_id("method")


def encoding() -> Iterator[Case]:
    """Strict JSON in, JCS out."""
    for comment, text, output in (
        (
            "members are sorted, white space is dropped",
            ' {"b" : [ 1 , true , null ] ,\n\t"a":"x"}\r',
            '{"a":"x","b":[1,true,null]}',
        ),
        (
            "names sort by UTF-16: an astral character before U+FB33",
            '{"\ufb33":1,"\U0001f600":2,"\u20ac":3}',
            '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}',
        ),
        (
            "escapes: the short ones, then \\u00xx in lower case, and nothing else",
            r'"\u0008\t\n\f\r\"\\\/\u001F\u007f\u2028é\u00e9"',
            '"\\b\\t\\n\\f\\r\\"\\\\/\\u001f\x7f\u2028éé"',
        ),
        ("a pair of escaped surrogates is one character", r'"\ud83d\ude00"', '"\U0001f600"'),
        ("nothing is normalised: two names that look the same", '{"e\u0301":1,"\u00e9":2}', '{"e\u0301":1,"\u00e9":2}'),
        (
            "names that mean something to JavaScript",
            '{"__proto__":{"a":1},"constructor":2,"toString":3}',
            '{"__proto__":{"a":1},"constructor":2,"toString":3}',
        ),
        ("names that look like numbers sort as strings", '{"2":1,"10":2,"":3}', '{"":3,"10":2,"2":1}'),
        (
            "the greatest and the smallest integer",
            "[9007199254740991,-9007199254740991,0]",
            "[9007199254740991,-9007199254740991,0]",
        ),
        ("32 levels", "[" * 32 + "]" * 32, "[" * 32 + "]" * 32),
        ("32 levels with a number in the innermost", "[" * 32 + "1" + "]" * 32, "[" * 32 + "1" + "]" * 32),
        ("brackets in a string are no levels", '"' + "[" * 40 + '\\"{"', '"' + "[" * 40 + '\\"{"'),
        ("a byte order mark inside a string is a character", '"\ufeff"', '"\ufeff"'),
        ("NUL, escaped", '"\\u0000"', '"\\u0000"'),
    ):
        yield valid("encoding.json", comment, {"text_b64u": b64u(text.encode())}, output)
    for comment, raw in (
        ("a name twice", b'{"a":1,"a":1}'),
        ("a name twice, once escaped", rb'{"a":1,"\u0061":2}'),
        ("a name twice, deep inside", b'[{"x":[{"a":1,"b":2,"a":3}]}]'),
        ("__proto__ twice", b'{"__proto__":1,"__proto__":1}'),
        ("a fraction", b"1.0"),
        ("an exponent", b"1e2"),
        ("2^53", b"9007199254740992"),
        ("below -(2^53 - 1)", b"-9007199254740992"),
        ("an integer too long for any machine", b"1" + b"0" * 400),
        ("-0", b"-0"),
        ("a leading zero", b"01"),
        ("a plus sign", b"+1"),
        ("NaN", b"NaN"),
        ("Infinity", b"[-Infinity]"),
        ("digits that are not ASCII", "\u0661".encode()),
        ("ASCII and other digits mixed", "1\u0662".encode()),
        ("33 levels", b"[" * 33 + b"]" * 33),
        ("33 levels of objects and arrays", b'{"a":[' * 16 + b"[1]" + b"]}" * 16),
        ("ten thousand levels", b"[" * 10000),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("UTF-16", "{}".encode("utf-16-le")),
        ("a byte that is not UTF-8", b'"\xff"'),
        ("an overlong form", b'"\xc0\xaf"'),
        ("a surrogate in UTF-8", b'"\xed\xa0\x80"'),
        ("an escaped high surrogate alone", rb'"\ud800"'),
        ("an escaped low surrogate alone, as a name", rb'{"\udc00":1}'),
        ("surrogates the wrong way round", rb'"\ude00\ud83d"'),
        ("a raw line feed in a string", b'"a\nb"'),
        ("an unknown escape", rb'"\x41"'),
        ("single quotes", b"{'a':1}"),
        ("a comma too many in an array", b"[1,]"),
        ("a comma too many in an object", b'{"a":1,}'),
        ("a comment", b"{}//"),
        ("two values", b"{}{}"),
        ("a NUL after the value", b"{}\x00"),
        ("a no-break space as white space", "{}\u00a0".encode()),
        ("nothing", b""),
        ("white space only", b" "),
        ("an object without its end", b'{"a":1'),
        ("True", b"True"),
    ):
        yield invalid("encoding.json", "encoding/json", comment, {"text_b64u": b64u(raw)})


def hkdf(secret: bytes, *info: str) -> str:
    """RFC 5869 in two lines: extract with an empty salt, expand to one block."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return b64u(hmac.digest(extracted, jcs(["pds/v1", *info]) + b"\x01", "sha256"))


def derive() -> Iterator[Case]:
    """The table of keys."""
    root, code, prf = fixed("root", 32), fixed("code", 20), fixed("prf", 32)
    at: Json = {"vault": VAULT}
    yield valid(
        "derive.item", "the key of an item", {"secret": b64u(root), **at, "id": ITEM}, hkdf(root, "item", VAULT, ITEM)
    )
    yield valid(
        "derive.item",
        "an item called like the manifest has another key",
        {"secret": b64u(root), **at, "id": "manifest"},
        hkdf(root, "item", VAULT, "manifest"),
    )
    yield valid(
        "derive.manifest", "the key of the manifests", {"secret": b64u(root), **at}, hkdf(root, "manifest", VAULT)
    )
    for kind, secret in (("passkey", prf), ("passphrase", prf), ("recovery", code)):
        given = {"secret": b64u(secret), **at, "kind": kind, "method": METHOD}
        yield valid("derive.unlock", f"the wrap key of a {kind}", given, hkdf(secret, "unlock", kind, VAULT, METHOD))
    for kind, secret in (("passphrase", prf), ("recovery", code)):
        yield valid(
            "derive.login",
            f"the login seed of a {kind}",
            {"secret": b64u(secret), **at, "kind": kind},
            hkdf(secret, "login", kind, VAULT),
        )
    yield valid(
        "derive.locator", "the locator of a recovery code", {"secret": b64u(code)}, hkdf(code, "locator", "recovery")
    )
    yield from _passphrase()


def _passphrase() -> Iterator[Case]:
    """Few, because each takes half a second and 64 MiB: that is what it is for."""
    salt = fixed("salt", 16)
    for comment, phrase in (
        ("seven words", "apple river lantern pebble orbit velvet canoe"),
        ("the same word decomposed is another spelling of the same passphrase", "Llanfair Mathafarn Eithaf cro\u0302g"),
    ):
        given = {"passphrase": phrase, "salt": b64u(salt), "suite": 1}
        yield valid("derive.passphrase", comment, given, b64u(_argon2id(phrase, salt)))
    for error, comment, changed in (
        ("unlock/suite", "suite 0, which would be a weaker one", {"suite": 0}),
        ("unlock/suite", "a suite of the future", {"suite": 2}),
        ("unlock/salt", "a salt of 15 bytes", {"salt": b64u(salt[:15])}),
    ):
        given = {"passphrase": "apple river", "salt": b64u(salt), "suite": 1, **changed}
        yield invalid("derive.passphrase", error, comment, given)


def _argon2id(phrase: str, salt: bytes) -> bytes:
    """RFC 9106 by OpenSSL, where the core uses libsodium."""
    made = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65536)
    return made.derive(unicodedata.normalize("NFC", phrase).encode())


def name() -> Iterator[Case]:
    """The name of a vault."""
    plain, printed = "K7QM2XHR9TZD", "K7QM-2XHR-9TZD"
    yield valid("name.format", "a name", {"name": plain}, printed)
    for comment, typed in (
        ("as printed", printed),
        ("lower case, no hyphens", plain.lower()),
        ("spaces and hyphens anywhere", " K7-QM2X H--R9TZD "),
    ):
        yield valid("name.parse", comment, {"name": typed}, plain)
    yield valid("name.parse", "O is 0; I and L are 1", {"name": "OoIi-LlAB-CDEF"}, "001111ABCDEF")
    for error, comment, typed in (
        ("name/length", "empty", ""),
        ("name/length", "one character short", plain[:-1]),
        ("name/length", "one character long", plain + "0"),
        ("name/length", "a no-break space is not dropped", plain + "\u00a0"),
        ("name/character", "U is not in the alphabet", "U" + plain[1:]),
        ("name/character", "a dotless i, whose upper case is I", "\u0131" + plain[1:]),
        ("name/character", "an astral character is one character", "\U0001f600" + plain[1:]),
    ):
        yield invalid("name.parse", error, comment, {"name": typed})


def recovery() -> Iterator[Case]:
    """The recovery code."""
    secret = fixed("code", 20)
    code = format_code(secret)
    for comment, each in (
        ("a code", secret),
        ("twenty zeros", bytes(20)),
        ("twenty times 255", b"\xff" * 20),
        ("the number 1", bytes(19) + b"\x01"),
    ):
        yield valid("recovery.format", comment, {"bytes": b64u(each)}, format_code(each))
    bare = code.replace("-", "")
    for comment, typed in (
        ("as printed", code),
        ("lower case, no hyphens", bare.lower()),
        ("spaces and hyphens anywhere", f" {bare[:5]}- -{bare[5:]} "),
    ):
        yield valid("recovery.parse", comment, {"code": typed}, b64u(secret))
    zeros, ones = format_code(bytes(20)), format_code(bytes.fromhex("0842108421" * 4))
    yield valid("recovery.parse", "O for 0", {"code": zeros.replace("0", "O")}, b64u(bytes(20)))
    yield valid("recovery.parse", "o for 0", {"code": zeros.replace("0", "o")}, b64u(bytes(20)))
    for letter in "IiLl":
        yield valid(
            "recovery.parse",
            f"{letter} for 1",
            {"code": ones.replace("1", letter)},
            b64u(bytes.fromhex("0842108421" * 4)),
        )
    other = "2" if bare[7] != "2" else "3"
    swap = next(at for at in range(30) if bare[at] != bare[at + 1])
    for error, comment, typed in (
        ("recovery/length", "one character short", bare[:-1]),
        ("recovery/length", "one character long", bare + "0"),
        ("recovery/length", "empty", ""),
        ("recovery/character", "U is not in the alphabet", "U" + bare[1:]),
        ("recovery/character", "an asterisk", "*" + bare[1:]),
        ("recovery/character", "a letter as a check digit", bare[:33] + "A"),
        ("recovery/character", "a fullwidth digit as a check digit", bare[:33] + "\uff11"),
        ("recovery/character", "a dotless i, whose upper case is I", "\u0131" + bare[1:]),
        ("recovery/character", "an astral character is one character", "\U0001f600" + bare[1:]),
        ("recovery/length", "a sharp s, whose upper case is two letters, too many", "\u00df" + bare),
        ("recovery/length", "a no-break space is not dropped", bare + "\u00a0"),
        ("recovery/check", "one wrong character", bare[:7] + other + bare[8:]),
        ("recovery/check", "two neighbours exchanged", bare[:swap] + bare[swap + 1] + bare[swap] + bare[swap + 2 :]),
        ("recovery/check", "the check less 97 in effect: 01 for 98", zeros[:-2] + "01"),
        ("recovery/check", "check digits 00", bare[:32] + "00"),
    ):
        yield invalid("recovery.parse", error, comment, {"code": typed})


def seal() -> Iterator[Case]:
    """Sealing and opening."""
    key, nonce = fixed("seal key", 32), fixed("seal nonce", 12)
    context = {"t": "item", "vault": VAULT, "id": ITEM, "rev": 3, "epoch": 1}

    def box(padded: bytes, **changes: object) -> str:
        aad = jcs({"v": 1, **context, **changes})
        return b64u(b"\x01" + nonce + AESGCM(key).encrypt(nonce, padded, aad))

    def padded(plaintext: bytes, size: int) -> bytes:
        return (plaintext + b"\x80").ljust(size, b"\x00")

    for length, size in ((0, 256), (255, 256), (256, 1024), (1023, 1024), (1024, 4096), (4096, 16384), (16384, 32768)):
        plaintext = fixed("plaintext", length)
        given = {"key": b64u(key), "context": context, "nonce": b64u(nonce), "plaintext": b64u(plaintext)}
        sealed = box(padded(plaintext, size))
        yield valid("seal.seal", f"{length} bytes fill {size}", given, sealed)
        if length in (0, 255, 1024):
            yield valid(
                "seal.open",
                f"{length} bytes in {size}",
                {"key": b64u(key), "context": context, "sealed": sealed},
                b64u(plaintext),
            )
    tricky = b"a\x80\x00\x80\x00\x00"
    yield valid(
        "seal.open",
        "a plaintext that ends like padding",
        {"key": b64u(key), "context": context, "sealed": box(padded(tricky, 256))},
        b64u(tricky),
    )
    good = b"\x01" + nonce + AESGCM(key).encrypt(nonce, padded(b"text", 256), jcs({"v": 1, **context}))

    def wrong(error: str, comment: str, sealed: bytes | str, **changes: object) -> Case:
        text = sealed if isinstance(sealed, str) else b64u(sealed)
        return invalid(
            "seal.open", error, comment, {"key": b64u(key), "context": {**context, **changes}, "sealed": text}
        )

    yield wrong("seal/version", "version 2", b"\x02" + good[1:])
    yield wrong("seal/version", "version 0, and short", b"\x00")
    yield wrong("seal/malformed", "empty", b"")
    yield wrong("seal/malformed", "the version alone", b"\x01")
    yield wrong("seal/malformed", "one byte short of the shortest", good[:-1])
    for name, other in (("t", "manifest"), ("vault", an_id("other")), ("id", an_id("other")), ("rev", 2), ("epoch", 2)):
        yield wrong("seal/open", f"sealed under another {name}", good, **{name: other})
    yield invalid(
        "seal.open",
        "seal/open",
        "another key",
        {"key": b64u(fixed("other", 32)), "context": context, "sealed": b64u(good)},
    )
    for comment, at in (("nonce", 1), ("ciphertext", 20), ("tag", len(good) - 1)):
        yield wrong(
            "seal/open", f"one bit of the {comment} changed", good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        )
    yield wrong("seal/open", "one byte too many", good + b"\x00")
    yield wrong("seal/open", "cut to a whole block", (good + bytes(1024))[: 13 + 256 + 16 + 16])
    yield wrong("seal/padding", "no mark", box(bytes(256)))
    yield wrong("seal/padding", "something after the mark", box(padded(b"text", 255) + b"\x01"))
    yield wrong("seal/padding", "not the smallest size", box(padded(b"text", 1024)))
    yield wrong("seal/padding", "a length that is no size", box(padded(b"text", 257)))
    yield wrong("seal/padding", "full, without room for the mark", box(b"x" * 256))
