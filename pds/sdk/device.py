"""One device of a resident: it signs in, opens the vault with every check, and commits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pds.core import derive, login, manifest, recovery, seal
from pds.core.encoding import Json, b64u, digest, unb64u
from pds.core.errors import Invalid
from pds.core.manifest import Known, MethodRef, Opened, SealedItem
from pds.core.members import items, number, text
from pds.sdk.api import Api
from pds.sdk.commit import Change, Committed, Random, first_commit, next_commit
from pds.sdk.errors import AnotherDevice, Problem, SdkError, Unreachable
from pds.sdk.items import held

_TRIES = 5
_KIND = "recovery"
_ANSWER = "wallet-api/answer"


@dataclass(frozen=True, slots=True)
class Act:
    """One call that carries a commit. `edits` are the attributes that the resident changed with it."""

    path: str
    body: Json
    change: Change
    edits: frozenset[str] = frozenset()


class Device:
    """A vault on one device. Nothing but `known` outlives it; keep that to recognise an older vault."""

    def __init__(self, api: Api, *, now: Callable[[], int], random: Random, known: Known | None) -> None:
        self.api = api
        self.known = known
        self._now = now
        self._random = random
        self._root = b""
        self._vault = ""
        self._opened: Opened | None = None

    @property
    def opened(self) -> Opened:
        """The vault as it was last seen. Errors: `SdkError` while it is locked."""
        if self._opened is None:
            raise SdkError("the vault is locked: create it or sign in")
        return self._opened

    @property
    def is_open(self) -> bool:
        """Whether this device holds the root key now."""
        return self._opened is not None

    def lock(self) -> None:
        """Forget everything but `known`."""
        self._root, self._vault, self._opened = b"", "", None

    async def create(self, change: Change) -> str:
        """A new vault with one unlock method, and its recovery code. Errors: `Problem`, `Unreachable`."""
        secret, root = self._random(20), self._random(32)
        vault, method = b64u(self._random(16)), b64u(self._random(16))
        wrap_context = seal.Context("wrap", vault, method, 0, 1)
        wrap = seal.seal(
            derive.unlock_key(secret, _KIND, vault, method), wrap_context, root, nonce=self._random(seal.NONCE_BYTES)
        )
        challenge = await self.api.post("/api/challenges", {"for": "register", "vault": vault})
        with_method = change | Change(methods={method: MethodRef(_KIND, digest(wrap))})
        committed = first_commit(root, vault, with_method, self._random)
        await self.api.post(
            "/api/vaults",
            {
                "challenge_id": text(challenge, "challenge_id", _ANSWER),
                "vault": vault,
                "method": {
                    "id": method,
                    "kind": _KIND,
                    "wrap": b64u(wrap),
                    "login_jwk": login.login_jwk(derive.login_seed(secret, _KIND, vault)),
                    "locator": derive.locator(secret),
                },
                "commit": committed.body,
            },
        )
        self._root, self._vault = root, vault
        self._take(committed.opened)
        return recovery.format_code(secret)

    async def login(self, code: str) -> None:
        """Sign in with a recovery code and open the vault. Errors: `recovery/…`, as `open`, `Problem`."""
        secret = recovery.parse_code(code)
        challenge = await self.api.post("/api/challenges", {"for": _KIND, "locator": derive.locator(secret)})
        vault, method = text(challenge, "vault", _ANSWER), text(challenge, "method", _ANSWER)
        proof = login.make_proof(
            derive.login_seed(secret, _KIND, vault),
            origin=self.api.origin,
            vault=vault,
            method=method,
            nonce=text(challenge, "nonce", _ANSWER),
            now=self._now(),
        )
        challenge_id = text(challenge, "challenge_id", _ANSWER)
        await self.api.post("/api/login/proof", {"challenge_id": challenge_id, "proof": proof})
        given = await self._fetch()
        wraps = _wraps(given)
        if given.get("vault") != vault or method not in wraps:
            raise Invalid("manifest/wrap-changed")
        context = seal.Context("wrap", vault, method, 0, number(given, "epoch", _ANSWER, least=1))
        root = seal.open_sealed(derive.unlock_key(secret, _KIND, vault, method), context, wraps[method])
        self._root, self._vault = root, vault
        self._open(given)

    async def check_code(self, code: str) -> None:
        """That this recovery code opens this vault. Errors: `recovery/…`, `seal/open`, `manifest/wrap-changed`."""
        secret, opened = recovery.parse_code(code), self.opened
        given = await self._fetch()
        for method, wrap in _wraps(given).items():
            ref = opened.manifest.methods.get(method)
            if ref is None or ref.digest != digest(wrap):
                raise Invalid("manifest/wrap-changed")
            if ref.kind == _KIND:
                context = seal.Context("wrap", self._vault, method, 0, opened.manifest.epoch)
                seal.open_sealed(derive.unlock_key(secret, _KIND, self._vault, method), context, wrap)
                return
        raise Invalid("manifest/wrap-changed", "no recovery code")

    async def open(self) -> Opened:
        """Fetch the vault and check every link, item and wrap (vault.md). Errors: `manifest/…`, `seal/…`."""
        _ = self.opened
        return self._open(await self._fetch())

    async def save(self, build: Callable[[Opened], Awaitable[Act]]) -> Json:
        """Do what `build` says, built anew on the newest state when another device was first. Gives the answer.

        Errors: `AnotherDevice` when that device changed one of the same details; `Problem`, `Unreachable`.
        """
        for _ in range(_TRIES):
            base = self.opened
            act = await build(base)
            committed = next_commit(self._root, base, act.change, self._random)
            try:
                answer = await self._send(act, committed)
            except Problem as problem:
                if problem.code != "another-device-was-first":
                    raise
                theirs = await self.open()
                if theirs.known == committed.opened.known:
                    return {}  # it was ours: only the answer was lost
                clash = {id for id in act.edits if held(base.items, id) != held(theirs.items, id)}
                if clash:
                    raise AnotherDevice(frozenset(clash)) from problem
                continue
            self._take(committed.opened)
            return answer
        raise Unreachable("other devices were first every time")

    async def _send(self, act: Act, committed: Committed) -> Json:
        body = {**act.body, "commit": committed.body}
        try:
            return await self.api.post(act.path, body)
        except Unreachable:
            # The same bytes get the same answer (wallet-api.md), so a lost answer costs nothing.
            return await self.api.post(act.path, body)

    async def _fetch(self) -> Json:
        return await self.api.get(f"/api/vault?since={self.known.seq - 1}" if self.known else "/api/vault")

    def _open(self, given: Json) -> Opened:
        if given.get("vault") != self._vault:
            raise Invalid("manifest/vault")
        sealed = [
            (number(entry, "seq", _ANSWER, least=1), _bytes(entry, "sealed"))
            for entry in items(given, "manifests", _ANSWER, most=1_000_000)
        ]
        if self.known and not sealed:
            # We ask from the one on that we know: the server's newest is older than that.
            raise Invalid("manifest/rolled-back")
        entries = items(given, "items", _ANSWER, most=100_000)
        opened = manifest.open_vault(
            self._root,
            self._vault,
            number(given, "epoch", _ANSWER, least=1),
            self.known,
            sealed,
            [
                SealedItem(text(entry, "id", _ANSWER), number(entry, "rev", _ANSWER, least=1), _bytes(entry, "sealed"))
                for entry in entries
            ],
            _wraps(given),
        )
        self._take(opened)
        return opened

    def _take(self, opened: Opened) -> None:
        self._opened, self.known = opened, opened.known


def _wraps(given: Json) -> dict[str, bytes]:
    methods = items(given, "methods", _ANSWER)
    wraps = {text(method, "id", _ANSWER): _bytes(method, "wrap") for method in methods}
    if len(wraps) != len(methods):
        raise Invalid("manifest/wrap-changed")
    return wraps


def _bytes(entry: Json, name: str) -> bytes:
    value = entry.get(name)
    if not isinstance(value, str):
        raise Invalid(_ANSWER, name)
    return unb64u(value)
