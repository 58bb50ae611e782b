"""What is made before anything is measured: grants, tokens and signed requests."""

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.dpop import make_proof
from pds.core.encoding import b64u, digest

ISSUER = "https://vault.example"
NOW = int(time.time()) // 86400 * 86400  # the same in every process of a run; no proof grows old while we measure
GRANTS = 256
KEYS = 16
DISCLOSURE_BYTES = 5900  # a JWE of the smallest size: 4096 bytes, encoded twice, come to about 7900 characters


@dataclass(frozen=True, slots=True)
class BenchGrant:
    """One grant to be read, as the server keeps it."""

    id: str
    token: str
    jkt: str
    disclosure: str

    @property
    def token_digest(self) -> str:
        return digest(self.token)


@dataclass(frozen=True, slots=True)
class Material:
    """The grants, which the server's process finds in a file."""

    grants: tuple[BenchGrant, ...]

    def save(self, folder: Path) -> None:
        (folder / "grants.json").write_text(json.dumps([asdict(grant) for grant in self.grants]))

    @classmethod
    def load(cls, folder: Path) -> "Material":
        return cls(tuple(BenchGrant(**grant) for grant in json.loads((folder / "grants.json").read_text())))


def grants(keys: Sequence[ECKey]) -> Material:
    """Grants of services that hold these keys."""
    thumbprints = [jose.thumbprint(key) for key in keys]
    return Material(
        tuple(
            BenchGrant(b64u(os.urandom(16)), b64u(os.urandom(32)), jkt, b64u(os.urandom(DISCLOSURE_BYTES)))
            for jkt in thumbprints * (GRANTS // len(thumbprints))
        )
    )


def keys() -> list[ECKey]:
    """Those of the services."""
    return [jose.new_key() for _ in range(KEYS)]


def signed(requests: int, material: Material, keys: Sequence[ECKey], nonce: str | None) -> list[bytes]:
    """So many requests, each with a proof of its own, spread over the grants. `nonce` is the server's."""
    made = []
    for number in range(requests):
        grant = material.grants[number % GRANTS]
        proof = make_proof(
            keys[number % GRANTS % len(keys)],
            method="GET",
            url=f"{ISSUER}/data",
            now=NOW,
            jti=f"request {number}",
            token=grant.token,
            nonce=nonce,
        )
        made.append(_request(f"Authorization: DPoP {grant.token}\r\nDPoP: {proof}\r\n"))
    return made


def plain(requests: int) -> list[bytes]:
    """Requests that say nothing."""
    return [_request("")] * requests


def _request(headers: str) -> bytes:
    return f"GET /data HTTP/1.1\r\nHost: vault.example\r\n{headers}\r\n".encode("ascii")
