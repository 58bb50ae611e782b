"""Guessing at a way to sign in: slow, the same for who exists and who does not, and no harm to the resident."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from pds.core import derive, login
from pds.core.encoding import Json, b64u, unb64u
from pds.residents.attempts import MOST_BY_ACCOUNT, MOST_BY_ADDRESS, WINDOW_SECONDS
from pds.residents.models import AttemptRow
from tests.faults import test_bad_passkeys as passkeys
from tests.features.test_passphrase import NAME, described
from tests.features.test_vault import Wallet, fresh, wallet
from tests.watching import LIBRARIES, watched

__all__ = ["wallet"]


async def guess(wallet: Wallet, locator: str) -> tuple[int, Json]:
    """Sign in by a recovery code with this locator and a key that is not its own."""
    told = await challenged(wallet, locator)
    return await wallet.call("POST", "/login/proof", answered(wallet, told))


async def challenged(wallet: Wallet, locator: str) -> Json:
    status, told = await wallet.call("POST", "/challenges", {"for": "recovery", "locator": locator})
    assert status == 200
    return told


def answered(wallet: Wallet, told: Json) -> Json:
    claims = {name: told[name] for name in ("vault", "method", "nonce")}
    proof = login.make_proof(fresh(32), origin=wallet.pds.issuer, now=wallet.pds.clock(), **claims)
    return {"challenge_id": told["challenge_id"], "proof": proof}


def mine(wallet: Wallet) -> str:
    return derive.locator(wallet.code)


def nobodys() -> str:
    return derive.locator(fresh(20))


@pytest.mark.parametrize("whose", [mine, lambda _: nobodys()], ids=["somebody", "nobody"])
async def test_an_account_can_be_guessed_at_a_few_times_and_then_not_for_a_while(
    wallet: Wallet, whose: Callable[[Wallet], str]
) -> None:
    locator = whose(wallet)
    wallet.cookie = ""
    for _ in range(MOST_BY_ACCOUNT):
        assert (await guess(wallet, locator))[0] == 422
    status, answer = await guess(wallet, locator)
    assert (status, answer["code"]) == (429, "too-many")
    wallet.pds.clock.ahead += WINDOW_SECONDS + 1
    assert (await guess(wallet, locator))[0] == 422


async def test_who_has_to_wait_is_told_how_long(wallet: Wallet) -> None:
    for _ in range(MOST_BY_ACCOUNT):
        await guess(wallet, mine(wallet))
    body = answered(wallet, await challenged(wallet, mine(wallet)))
    async with wallet.session.post(f"{wallet.pds.issuer}/api/login/proof", json=body) as response:
        assert response.status == 429
        assert response.content_type == "application/problem+json"
        assert WINDOW_SECONDS - 60 <= int(response.headers["Retry-After"]) <= WINDOW_SECONDS


async def test_guesses_sent_at_once_are_no_way_around(wallet: Wallet) -> None:
    locator = mine(wallet)
    told = [await challenged(wallet, locator) for _ in range(3 * MOST_BY_ACCOUNT)]
    sent = [wallet.call("POST", "/login/proof", answered(wallet, each)) for each in told]
    statuses = [status for status, _ in await asyncio.gather(*sent)]
    assert statuses.count(422) == MOST_BY_ACCOUNT
    assert statuses.count(429) == 2 * MOST_BY_ACCOUNT


async def test_guesses_at_many_accounts_from_one_address_end_too(wallet: Wallet) -> None:
    wallet.cookie = ""
    statuses = [(await guess(wallet, nobodys()))[0] for _ in range(MOST_BY_ADDRESS + 2)]
    assert statuses == [422] * MOST_BY_ADDRESS + [429] * 2


async def test_a_resident_who_signs_in_starts_anew(wallet: Wallet) -> None:
    for _ in range(3):
        for _ in range(MOST_BY_ACCOUNT - 1):
            assert (await guess(wallet, mine(wallet)))[0] == 422
        assert (await wallet.prove())[0] == 200
    assert (await guess(wallet, mine(wallet)))[0] == 422


async def test_guesses_at_one_account_keep_nobody_else_out(wallet: Wallet) -> None:
    other = nobodys()
    for _ in range(MOST_BY_ACCOUNT + 1):
        await guess(wallet, other)
    assert (await wallet.prove())[0] == 200


async def test_passkeys_are_counted_too(wallet: Wallet) -> None:
    statuses = []
    for _ in range(MOST_BY_ACCOUNT + 1):
        _, told = await wallet.call("POST", "/challenges", {"for": "passkey"})
        names = "id authenticator_data client_data_json signature user_handle".split()
        body = {"challenge_id": told["challenge_id"], "credential": dict.fromkeys(names, "AAAA")}
        statuses.append((await wallet.call("POST", "/login/passkey", body))[0])
    assert statuses == [422] * MOST_BY_ACCOUNT + [429]


async def test_what_is_counted_names_no_account_and_no_address(wallet: Wallet) -> None:
    await guess(wallet, mine(wallet))
    rows = [row.key async for row in AttemptRow.all()]
    assert len(rows) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", key) for key in rows)
    assert not {mine(wallet), wallet.method, wallet.vault, b64u(b"127.0.0.1")} & set(rows)


async def test_a_guess_refused_for_its_number_is_not_judged_and_its_challenge_stays_good(wallet: Wallet) -> None:
    told = await challenged(wallet, mine(wallet))
    claims = {name: told[name] for name in ("vault", "method", "nonce")}
    for _ in range(MOST_BY_ACCOUNT):
        await guess(wallet, mine(wallet))
    proof = login.make_proof(wallet.seed(), origin=wallet.pds.issuer, now=wallet.pds.clock(), **claims)
    body = {"challenge_id": told["challenge_id"], "proof": proof}
    assert (await wallet.call("POST", "/login/proof", body))[0] == 429, "even the right one waits"
    await AttemptRow.all().update(expires=wallet.pds.clock())
    assert (await wallet.call("POST", "/login/proof", body))[0] == 200


@dataclass
class Door:
    """A way to sign in: which account a guess is at, what it asks for first, and what it then sends."""

    mine: str
    nobodys: str
    challenge: Callable[[str], Json]
    answer: Callable[[str, Json], Json]
    path: str = "/login/proof"


async def by_recovery_code(wallet: Wallet) -> Door:
    asks: Callable[[str], Json] = lambda locator: {"for": "recovery", "locator": locator}  # noqa: E731
    return Door(mine(wallet), nobodys(), asks, lambda _, told: answered(wallet, told))


async def by_passphrase(wallet: Wallet) -> Door:
    method = described(wallet, fresh(32), fresh())
    status, _ = await wallet.call("POST", "/vault/methods", {"commit": wallet.commit(), "method": method})
    assert status == 200
    asks: Callable[[str], Json] = lambda name: {"for": "passphrase", "name": name}  # noqa: E731
    return Door(NAME, "0" * 12, asks, lambda _, told: answered(wallet, told))


async def by_passkey(wallet: Wallet) -> Door:
    """The guesser knows the id of a passkey and its owner's handle, and signs by a key of their own."""
    _, told = await wallet.call("POST", "/challenges", {"for": "register", "vault": wallet.vault})
    made = passkeys.registration(
        passkeys.attestation(), passkeys.client_data("webauthn.create", wallet.pds.issuer, unb64u(challenge_of(told)))
    )
    method = {"id": b64u(fresh()), "kind": "passkey", "wrap": b64u(wallet.wrap())}
    body = {"commit": wallet.commit(), "method": method, "challenge_id": told["challenge_id"], "credential": made}
    assert (await wallet.call("POST", "/vault/methods", body))[0] == 200
    stranger = ec.generate_private_key(ec.SECP256R1())

    def answer(id: str, told: Json) -> Json:
        said = passkeys.client_data("webauthn.get", wallet.pds.issuer, unb64u(challenge_of(told)))
        data = passkeys.authenticator_data(0x05, 8)
        signature = stranger.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        fields = passkeys.assertion(data, said, signature) | {"id": id, "user_handle": wallet.vault}
        return {"challenge_id": told["challenge_id"], "credential": fields}

    return Door(made["id"], b64u(fresh(32)), lambda _: {"for": "passkey"}, answer, "/login/passkey")


def challenge_of(told: Json) -> str:
    return str(told["options"]["challenge"])


@pytest.mark.parametrize("door", [by_recovery_code, by_passphrase, by_passkey], ids=lambda door: door.__name__)
async def test_somebody_and_nobody_cost_the_same_statements_operations_and_bytes(
    wallet: Wallet, door: Callable[[Wallet], Awaitable[Door]]
) -> None:
    way = await door(wallet)
    wallet.cookie = ""
    seen = []
    # The first of each warms caches up.
    for account in (way.mine, way.nobodys, way.mine, way.nobodys):
        with watched() as (statements, functions):
            status, told = await wallet.call("POST", "/challenges", way.challenge(account))
            assert status == 200
            body = way.answer(account, told)
            async with wallet.session.post(f"{wallet.pds.issuer}/api{way.path}", json=body) as response:
                headers = {name: value for name, value in response.headers.items() if name != "Date"}
                answer = (response.status, headers, await response.read())
        lengths = {name: len(str(value)) for name, value in told.items()}
        seen.append((statements, functions, answer, lengths))
    known, unknown = seen[2:]
    assert known[2][0] == 422
    assert len(known[0]) > 3, "statements were seen"
    assert any("verify_proof" in name or "verify_assertion" in name for name in known[1]), "operations were seen"
    assert any(name.startswith(LIBRARIES) for name in known[1]), "the library was asked"
    assert known[0] == unknown[0]
    assert known[1] == unknown[1]
    assert known[2:] == unknown[2:]


async def test_the_passkey_that_stands_in_for_nobodys_signs_nobody_in(wallet: Wallet) -> None:
    """Its private key is known to everybody."""
    await by_passkey(wallet)
    wallet.cookie = ""
    _, told = await wallet.call("POST", "/challenges", {"for": "passkey"})
    said = passkeys.client_data("webauthn.get", wallet.pds.issuer, unb64u(challenge_of(told)))
    data = passkeys.authenticator_data(0x05, 8)
    base = ec.derive_private_key(1, ec.SECP256R1())
    fields = passkeys.assertion(data, said, base.sign(data + sha256(said).digest(), ec.ECDSA(SHA256())))
    body = {"challenge_id": told["challenge_id"], "credential": fields | {"id": "AAAA", "user_handle": wallet.vault}}
    status, answer = await wallet.call("POST", "/login/passkey", body)
    assert (status, answer["rule"]) == (422, "login/failed")
