"""`pds keys rotate` and `pds registrar rotate`: new keys beside the old ones, written so that no reader sees a half."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from joserfc.jwk import ECKey

from pds.core import jose, keyring, registrar
from pds.core.encoding import Json


def server_keys(path: Path, *, leaked: bool, now: int) -> tuple[keyring.SigningKey, ...]:
    """A new signing key in the server's file: after a while beside the old one, or at once in its place.

    Running workers see the change by themselves. Errors: ValueError, OSError; FileExistsError where another rotation
    is at work.
    """

    def turn(text: str) -> str:
        keys = keyring.read_keyring(json.loads(text)["keys"])
        new = jose.new_key()
        kept = keyring.replace(new, now=now) if leaked else keyring.rotate(keys, new, now=now)
        return json.dumps({"keys": keyring.write_keyring(kept)}) + "\n"

    _rewrite(path, turn)
    return keyring.read_keyring(json.loads(path.read_text("utf-8"))["keys"])


def registrar_key(folder: Path) -> str:
    """One step of the registrar's change of keys; what was done, and what comes next.

    First the new key is announced: the next indexes list it, still signed by the old one, and wallets that see one of
    them take it (registry.md). Then, called again, it signs, and every statement is signed by it anew.
    Errors: ValueError where the announcement has not been signed yet.
    """
    path = folder / "registrar.json"
    document: Json = json.loads(path.read_text("utf-8"))
    if "next" not in document:
        _rewrite(path, lambda text: json.dumps(json.loads(text) | {"next": jose.private_jwk(jose.new_key())}) + "\n")
        _publish(folder)
        return (
            "A new key is announced: sign an index and put it in force. Wallets take the key when they see that index."
        )
    new = jose.p256_private(document["next"])
    index = folder / "index.jwt"
    listed = jose.peek(index.read_text("ascii"))["jwks"]["keys"] if index.exists() else []
    if jose.public_jwk(new) not in listed:
        raise ValueError(
            "the new key stands in no index yet: sign one, put it in force, and give wallets time to see it"
        )
    for statement in sorted((folder / "statements").glob("*.jwt")):
        _rewrite(statement, lambda text: registrar.sign_again(new, text))
    turned = {"registrar": document["registrar"], "key": document["next"]}
    _rewrite(path, lambda _text: json.dumps(turned) + "\n")
    _publish(folder)
    return (
        "The new key signs from here on: sign an index and put it in force with the statements, which are signed anew."
    )


def announced(document: Json) -> list[Json]:
    """The keys that the next index lists beside the one that signs it: the one to come."""
    return [jose.public_jwk(jose.p256_private(document["next"]))] if "next" in document else []


def _key(document: Json) -> ECKey:
    return jose.p256_private(document["key"])


def _publish(folder: Path) -> None:
    """What new releases of the wallet and new servers are given: the key that signs, and the one to come."""
    document = json.loads((folder / "registrar.json").read_text("utf-8"))
    keys = [jose.public_jwk(_key(document)), *announced(document)]
    _rewrite(folder / "registrar_keys.json", lambda _text: json.dumps({"keys": keys}) + "\n")


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a file whole or not at all, with the mode that it has; one at a time."""
    path = path.resolve()
    new = path.with_name(path.name + ".new")
    mode = path.stat().st_mode & 0o777
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        try:
            # Read only now: whoever was first has the file to itself until it is in place.
            file.write(change(path.read_text("utf-8")))
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            new.unlink()
            raise
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
