"""A JWS, right by default, wrong in exactly what a case says (README.md, "A token")."""

import json
from dataclasses import dataclass
from typing import Any

from pds.core.encoding import b64u, unb64u
from tests.hostile.oauth.keys import Key, hs256, new_key

MEMBERS = frozenset("claims drop header drop_header twice twice_header sign alg jwk edit after value".split())
# The point of order 1 on edwards25519 (RFC 8032).
_IDENTITY = b"\x01" + bytes(31)
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Signers:
    """Who might sign: the client, the other client; and whose public key is well known."""

    own: Key
    other: Key


def forge(spec: dict[str, Any], claims: dict[str, Any], header: dict[str, Any], signers: Signers) -> str:
    """The token; `claims` and `header` are what an honest client would send. Unknown words are a KeyError."""
    if "value" in spec:
        return str(spec["value"])
    how = spec.get("sign", "own")
    key, header = _key(how, signers), dict(header)
    header["alg"] = key.algorithm
    if "jwk" in header:
        header["jwk"] = key.jwk
    if "jwk" in spec:
        header["jwk"] = _jwk(spec["jwk"], key, signers)
    if how == "embedded":
        header["jwk"] = key.jwk
    if how in ("none", "unsigned"):
        header["alg"] = "none"
    if how == "small order":
        header |= {"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64u(_IDENTITY)}}
    if how.startswith("hs256"):
        header["alg"] = "HS256"
    header |= spec.get("header", {}) | ({"alg": spec["alg"]} if "alg" in spec else {})
    first = _json(header, spec.get("drop_header", ()), spec.get("twice_header", {}))
    honest = claims | spec.get("claims", {})
    second = _json(honest, spec.get("drop", ()), spec.get("twice", {}))
    message = f"{b64u(first)}.{b64u(second)}"
    signature = b64u(_signature(how, key, signers, message.encode()))
    if "after" in spec:
        message = f"{b64u(first)}.{b64u(_json(honest | spec['after'], spec.get('drop', ()), {}))}"
    return _edited(spec.get("edit", ""), message, signature)


def _key(how: str, signers: Signers) -> Key:
    if how in ("stranger", "embedded"):
        return new_key()
    kind, _, fresh = how.partition(" ")
    if kind == "fresh":
        return new_key(fresh)
    return signers.other if how == "other" else signers.own


def _signature(how: str, key: Key, signers: Signers, message: bytes) -> bytes:
    kind, _, form = how.partition(" ")
    match kind:
        case "own" | "other" | "stranger" | "embedded" | "fresh":
            return key.sign(message)
        case "hs256":
            return hs256(signers.own.secrets()[form], message)
        case "none" | "empty":
            return b""
        case "unsigned":
            return key.sign(message)
        case "der":
            return key.der(message)
        case "small":
            return _IDENTITY + bytes(32)  # holds for every message where the key may be the identity
        case "zero":
            return bytes(64)  # r = s = 0 verified everything in one runtime (CVE-2022-21449)
        case "flipped":
            signature = key.sign(message)
            return bytes([signature[0] ^ 1]) + signature[1:]
        case "short":
            return key.sign(message)[:-1]
        case "long":
            return key.sign(message) + b"\x00"
    raise KeyError(how)


def _jwk(name: str, key: Key, signers: Signers) -> Any:
    public = key.jwk
    match name:
        case "private":
            return key.private_jwk
        case "other":
            return signers.other.jwk if signers.other is not key else new_key().jwk
        case "off the curve":
            return public | {"y": public["x"]}
        case "symmetric":
            return {"kty": "oct", "k": b64u(bytes(32))}
        case "string":
            return json.dumps(public)
        case "null":
            return None
        case "array":
            return [public]
        case "without y":
            return {name: value for name, value in public.items() if name != "y"}
        case "other curve":
            return public | {"crv": "P-384"}
        case "padded":
            return public | {"x": public["x"] + "="}
        case "named":
            return public | {"kid": "mine", "use": "sig"}
    raise KeyError(name)


def _json(document: dict[str, Any], drop: Any, twice: dict[str, Any]) -> bytes:
    """The document with members dropped, and others standing twice: first as `twice` has them, then as they were."""
    kept = {name: value for name, value in document.items() if name not in drop}
    pairs = [*twice.items(), *kept.items()]
    return ("{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs) + "}").encode()


def _edited(edit: str, message: str, signature: str) -> str:
    head, _, body = message.partition(".")
    match edit:
        case "":
            return f"{message}.{signature}"
        case "padding":
            return f"{message}.{signature}=="
        case "newline":
            return f"{head}.{body}\n.{signature}"
        case "space":
            return f" {message}.{signature}"
        case "trailing bits":
            return f"{message}.{signature[:-1]}{_next(signature[-1])}"
        case "standard base64":
            return f"{message}.{signature}".replace("-", "+").replace("_", "/") + "+"
        case "two parts":
            return message
        case "four parts":
            return f"{message}.{signature}.{signature}"
        case "five parts":
            return f"{message}.{signature}.{head}.{body}"
        case "json":
            return json.dumps({"protected": head, "payload": body, "signature": signature})
        case "detached":
            return f"{head}..{signature}"
        case "twice":
            return f"{message}.{signature},{message}.{signature}"
        case "byte order mark":
            return f"{head}.{b64u(_MARK + unb64u(body))}.{signature}"
    raise KeyError(edit)


def _next(character: str) -> str:
    """Another spelling of the same last bits: 64 bytes leave four of them unused."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[letters.index(character) + 1]
