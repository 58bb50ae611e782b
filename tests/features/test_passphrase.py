"""A vault that is opened by a passphrase: a full second way for who has no passkey."""

from pds.core import derive, login, seal
from pds.core.encoding import Json, b64u, unb64u
from tests.features.test_vault import Wallet, fresh, wallet

__all__ = ["wallet"]

NAME = "K7QM2XHR9TZD"
PHRASE = "correct horse battery staple Łódź zamek"


def described(wallet: Wallet, secret: bytes, salt: bytes) -> Json:
    method = b64u(fresh())
    key = derive.unlock_key(secret, "passphrase", wallet.vault, method)
    wrap = seal.seal(key, seal.Context("wrap", wallet.vault, method, 0, 1), bytes(range(32)), nonce=bytes(12))
    return {
        "id": method,
        "kind": "passphrase",
        "wrap": b64u(wrap),
        "suite": 1,
        "salt": b64u(salt),
        "login_jwk": login.login_jwk(derive.login_seed(secret, "passphrase", wallet.vault)),
        "locator": NAME,
    }


async def test_a_passphrase_signs_in_and_what_it_derives_opens_the_vault(wallet: Wallet) -> None:
    salt = fresh()
    secret = derive.passphrase_secret(PHRASE, salt, 1)
    body = {"commit": wallet.commit(), "method": described(wallet, secret, salt)}
    assert (await wallet.call("POST", "/vault/methods", body))[0] == 200
    wallet.cookie = ""
    _, told = await wallet.call("POST", "/challenges", {"for": "passphrase", "name": NAME})
    assert (told["vault"], told["suite"], told["salt"]) == (wallet.vault, 1, b64u(salt))
    again = derive.passphrase_secret(PHRASE, unb64u(told["salt"]), told["suite"])
    proof = login.make_proof(
        derive.login_seed(again, "passphrase", told["vault"]),
        origin=wallet.pds.issuer,
        vault=told["vault"],
        method=told["method"],
        nonce=told["nonce"],
        now=wallet.pds.clock(),
    )
    answer = {"challenge_id": told["challenge_id"], "proof": proof}
    assert await wallet.call("POST", "/login/proof", answer) == (200, {"vault": wallet.vault})
    _, vault = await wallet.call("GET", "/vault")
    method = next(each for each in vault["methods"] if each["kind"] == "passphrase")
    key = derive.unlock_key(again, "passphrase", wallet.vault, method["id"])
    context = seal.Context("wrap", wallet.vault, method["id"], 0, 1)
    assert seal.open_sealed(key, context, unb64u(method["wrap"])) == bytes(range(32))


async def test_a_vault_name_that_nobody_has_is_answered_like_one_that_somebody_has(wallet: Wallet) -> None:
    salt = fresh()
    method = described(wallet, fresh(32), salt)
    assert (await wallet.call("POST", "/vault/methods", {"commit": wallet.commit(), "method": method}))[0] == 200
    _, known = await wallet.call("POST", "/challenges", {"for": "passphrase", "name": NAME})
    _, first = await wallet.call("POST", "/challenges", {"for": "passphrase", "name": "0" * 12})
    _, again = await wallet.call("POST", "/challenges", {"for": "passphrase", "name": "0" * 12})
    assert [first[name] for name in ("vault", "method", "salt")] == [
        again[name] for name in ("vault", "method", "salt")
    ]
    assert {name: len(str(value)) for name, value in first.items()} == {
        name: len(str(value)) for name, value in known.items()
    }


async def test_a_weaker_suite_is_refused(wallet: Wallet) -> None:
    method = described(wallet, fresh(32), fresh()) | {"suite": 0}
    status, answer = await wallet.call("POST", "/vault/methods", {"commit": wallet.commit(), "method": method})
    assert (status, answer["code"]) == (400, "malformed")
