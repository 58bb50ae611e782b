"""One frozen Settings, read from the environment once; everything missing or wrong is reported together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pds.core import jose
from pds.core.encoding import Json, unb64u
from pds.core.errors import Invalid
from pds.core.keyring import read_keyring


class BadSettings(Exception):
    """Some names are missing or wrong; the text lists them all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides.

    `issuer` is the public origin, `database` a URL, `secret` 32 bytes for what must be stable but unguessable,
    `signing_keys` private P-256 JWKs with the times of `core/keyring.py`, and `signing_keys_file` where they are read
    anew when that changes, `registrar_keys` the public JWKs of the registrar,
    `wallet` the folder that `make build` made, `rate` the requests a minute that one address may send, `proxied`
    whether our own proxy stands in front and says who that is.
    """

    issuer: str
    database: str
    secret: bytes
    signing_keys: tuple[Json, ...]
    registrar_keys: tuple[Json, ...]
    wallet: Path
    host: str = "127.0.0.1"
    port: int = 8080
    rate: int = 6000
    proxied: bool = False
    signing_keys_file: Path | None = None

    @property
    def host_name(self) -> str:
        """The relying party id of passkeys: the issuer's host."""
        return urlsplit(self.issuer).hostname or ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """From `PDS_…` names. Secrets come as files, so that they stand in no process list. Errors: `BadSettings`."""
    wrong: list[str] = []

    def value(name: str, default: str | None = None) -> str:
        found = environment.get(name, default)
        if not found:
            wrong.append(f"{name} is missing")
        return found or ""

    def document(name: str) -> Json:
        path = value(name)
        if not path:
            return {}
        try:
            read: Json = json.loads(Path(path).read_text("utf-8"))
            return read
        except (OSError, ValueError) as error:
            wrong.append(f"{name}: {error}")
            return {}

    def keys(name: str, *, private: bool) -> tuple[Json, ...]:
        found = document(name).get("keys", [])
        try:
            if private:
                read_keyring(found)
            for key in found if not private else ():
                jose.p256_public(key)
        except Invalid:
            wrong.append(f"{name}: not a set of {'private' if private else 'public'} P-256 keys")
        if not found and not any(name in line for line in wrong):
            wrong.append(f"{name}: holds no key")
        return tuple(found)

    issuer = value("PDS_ISSUER")
    parts = urlsplit(issuer)
    local = parts.hostname == "localhost"
    if issuer and ((parts.scheme != "https" and not local) or parts.path or parts.query or parts.fragment):
        wrong.append("PDS_ISSUER: an https origin without a path (http only for localhost)")
    settings = Settings(
        issuer=issuer,
        database=value("PDS_DATABASE"),
        secret=_secret(value("PDS_SECRET_FILE"), wrong),
        signing_keys=keys("PDS_SIGNING_KEYS", private=True),
        registrar_keys=keys("PDS_REGISTRAR_KEYS", private=False),
        wallet=Path(value("PDS_WALLET")),
        host=value("PDS_HOST", "127.0.0.1"),
        port=_number(value("PDS_PORT", "8080"), "PDS_PORT", 65535, wrong),
        rate=_number(value("PDS_RATE", "6000"), "PDS_RATE", 10_000_000, wrong),
        proxied=value("PDS_PROXIED", "no") == "yes",
        signing_keys_file=Path(environment.get("PDS_SIGNING_KEYS", "")),
    )
    if wrong:
        raise BadSettings("\n".join(wrong))
    return settings


def _secret(path: str, wrong: list[str]) -> bytes:
    if not path:
        return b""
    try:
        return unb64u(Path(path).read_text("ascii").strip(), size=32)
    except (OSError, ValueError, Invalid):
        wrong.append("PDS_SECRET_FILE: not a file of 32 bytes in base64url")
        return b""


def _number(text: str, name: str, most: int, wrong: list[str]) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= most:
        wrong.append(f"{name}: a whole number from 1 to {most}")
        return 0
    return int(text)
