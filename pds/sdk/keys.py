"""The keys of a service: one to sign, one to receive, one to hold its tokens."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, parse_object
from pds.core.errors import Invalid


@dataclass(frozen=True, slots=True, repr=False)
class ServiceKeys:
    """P-256 keys. `retired` are encryption keys of before, kept while disclosures to them may still be read; `before`
    are signature keys of before, registered until no process of the service signs with them.

    The DPoP key is never registered: the request object names its thumbprint (`dpop_jkt`, RFC 9449 section 10).
    """

    sig: ECKey
    enc: ECKey
    dpop: ECKey
    retired: tuple[ECKey, ...] = ()
    before: tuple[ECKey, ...] = ()

    @classmethod
    def generate(cls) -> "ServiceKeys":
        """Fresh keys from the system's randomness."""
        return cls(jose.new_key(), jose.new_key(), jose.new_key())

    @classmethod
    def load(cls, path: Path | str) -> "ServiceKeys":
        """Keys from a private JWKS file that `save` wrote. Errors: OSError, `encoding/json`, `jose/key`."""
        keys = parse_object(Path(path).read_bytes()).get("keys")
        if not isinstance(keys, list) or not all(isinstance(jwk, dict) for jwk in keys):
            raise Invalid("jose/key", "not a JWKS")
        found: dict[str, list[ECKey]] = {"sig": [], "enc": [], "dpop": [], "retired": [], "before": []}
        for jwk in keys:
            use = str(jwk.get("use"))
            if jwk.get("retired") is True:
                use = "before" if use == "sig" else "retired"
            if use not in found:
                raise Invalid("jose/key", "use")
            found[use].append(_private(jwk))
        if any(len(found[use]) != 1 for use in ("sig", "enc", "dpop")):
            raise Invalid("jose/key", "one key each of use sig, enc and dpop")
        sig, enc, dpop = (found[use][0] for use in ("sig", "enc", "dpop"))
        return cls(sig, enc, dpop, tuple(found["retired"]), tuple(found["before"]))

    def save(self, path: Path | str) -> None:
        """Write a private JWKS file that only its owner may read (mode 0600), whole or not at all. Errors: OSError."""
        target = Path(path)
        rows = [("sig", self.sig), ("enc", self.enc), ("dpop", self.dpop)]
        keys: list[Json] = [{**jose.private_jwk(key), "use": use, "kid": jose.thumbprint(key)} for use, key in rows]
        keys += [
            {**jose.private_jwk(key), "use": use, "kid": jose.thumbprint(key), "retired": True}
            for use, old in (("enc", self.retired), ("sig", self.before))
            for key in old
        ]
        beside = target.with_name(target.name + ".new")
        beside.unlink(missing_ok=True)
        # Created closed (O_EXCL, 0600), never opened up and closed afterwards.
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"keys": keys}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)

    def public_jwks(self) -> Json:
        """What the registrar puts in the statement (protocols/specs/registry.md): no private member, no DPoP key."""
        keys = [_public(key, "sig", "ES256") for key in (self.sig, *self.before)]
        keys.append(_public(self.enc, "enc", "ECDH-ES+A256KW"))
        return {"keys": keys + [{**_public(key, "enc", "ECDH-ES+A256KW"), "retired": True} for key in self.retired]}

    def with_new_encryption_key(self) -> "ServiceKeys":
        """A fresh encryption key; the present one still opens what was encrypted to it. Register the new JWKS."""
        return replace(self, enc=jose.new_key(), retired=(self.enc, *self.retired))

    def with_new_signature_key(self) -> "ServiceKeys":
        """A fresh signature key beside the present one: register both, use the new one once they are in force."""
        return replace(self, sig=jose.new_key(), before=(self.sig, *self.before))

    def without_old_keys(self) -> "ServiceKeys":
        """Without the keys of before: register this when no process signs with them and no disclosure needs them."""
        return replace(self, retired=(), before=())

    def decryption_keys(self) -> Sequence[ECKey]:
        """Every key that a disclosure may be encrypted to, the current one first."""
        return (self.enc, *self.retired)


def _private(jwk: Json) -> ECKey:
    return jose.p256_private({name: jwk[name] for name in ("crv", "d", "kty", "x", "y") if name in jwk})


def _public(key: ECKey, use: str, algorithm: str) -> Json:
    return {**jose.public_jwk(key), "use": use, "alg": algorithm, "kid": jose.thumbprint(key)}
