"""The schemas say of a document's shape what the core says: a stranger who has only them is not misled."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pds.core import derive, jose, seal
from pds.core.encoding import Json, b64u, unb64u
from pds.core.errors import Invalid
from pds.core.login import login_jwk
from pds.core.preferences_item import Preferences
from protocols.vectors.make import vault_area, world
from protocols.vectors.make.grant_item import GRANT_ITEM
from protocols.vectors.make.keys import an_id
from tests.core.counter_bodies import at_counter
from tests.core.schemas import FOLDER, complaints
from tests.core.test_vectors import VECTORS

Documents = Iterator[tuple[str, Any]]
BODIES = "wallet-api"


def registered(given: Json) -> Documents:
    yield "statement.json", jose.peek(given["statement"])
    yield "index.json", jose.peek(given["index"])


def requested(given: Json) -> Documents:
    yield from registered(given)
    claims = jose.peek(given["request"])
    yield "request_object.json", claims
    if "authorization_details" in claims:
        yield "authorization_details.json", claims["authorization_details"]


def asked_at_a_desk(given: Json) -> Documents:
    yield from registered(given)
    yield "counter_request.json", jose.peek(given["request"])


def recorded(given: Json) -> Documents:
    yield from requested(given)
    yield "sharing_record.json", jose.peek(given["record"])


def disclosed(given: Json) -> Documents:
    yield "sharing_record.json", jose.peek(given["record"])
    inner = jose.decrypt(given["disclosure"], jose.DISCLOSURE_JWE, jose.p256_private(given["key"]))
    yield "disclosure.json", jose.peek(inner.decode("ascii"))


def offered(given: Json) -> Documents:
    yield from registered(given)
    inner = jose.decrypt(given["deposit"], jose.DEPOSIT_JWE, jose.p256_private(given["key"]))
    yield "deposit.json", jose.peek(inner.decode("ascii"))


EVIDENCE = {"revoked": "revocation.json", "paused": "pause.json", "resumed": "pause.json", "read": "dpop_proof.json"}


def logged(given: Json) -> Documents:
    for entry in given["entries"]:
        yield "log_entry.json", entry
        if entry["evidence"] and entry["kind"].removesuffix("_unchanged") in EVIDENCE:
            yield EVIDENCE[entry["kind"].removesuffix("_unchanged")], jose.peek(entry["evidence"])


def opened(given: Json) -> Documents:
    root, vault, epoch = unb64u(given["root"]), given["vault"], given["epoch"]
    for each in given["manifests"]:
        context = seal.Context("manifest", vault, "manifest", each["seq"], epoch)
        plaintext = seal.open_sealed(derive.manifest_key(root, vault), context, unb64u(each["sealed"]))
        yield "manifest.json", json.loads(plaintext)
    for each in given["items"]:
        context = seal.Context("item", vault, each["id"], each["rev"], epoch)
        key = derive.item_key(root, vault, each["id"])
        yield "item.json", json.loads(seal.open_sealed(key, context, unb64u(each["sealed"])))


def preferred(given: Json) -> Documents:
    for name in ("preferences", "base", "mine", "theirs"):
        if name in given:
            yield "preferences.json", given[name]
            yield "item.json", given[name]


DOCUMENTS: dict[str, Callable[[Json], Documents]] = {
    "registry.index": lambda given: iter([("index.json", jose.peek(given["index"]))]),
    "registry.statement": registered,
    "request.verify": requested,
    "counter.request": asked_at_a_desk,
    "record.verify": recorded,
    "proof.verify": lambda given: iter([("subject_proof.json", jose.peek(given["subject_proof"]))]),
    "revocation.verify": lambda given: iter([("revocation.json", jose.peek(given["revocation"]))]),
    "pause.verify": lambda given: iter([("pause.json", jose.peek(given["word"]))]),
    "login.verify": lambda given: iter([("login_proof.json", jose.peek(given["proof"]))]),
    "dpop.verify": lambda given: iter([("dpop_proof.json", jose.peek(given["proof"]))]),
    "disclosure.open": disclosed,
    "deposit.open": offered,
    "chain.verify": logged,
    "manifest.open": opened,
    "preferences.read": preferred,
    "preferences.evaluate": preferred,
    "preferences.replay": preferred,
    "preferences.merge": preferred,
}
VALID = [vector for vector in VECTORS if vector.case["op"] in DOCUMENTS and vector.case["result"] == "valid"]

# Errors of shape, and the vectors of shape that a schema cannot judge: it knows no other document and no curve.
SHAPE = {
    "registry/members": ("statement.json", "index.json"),
    "registry/purpose": ("statement.json",),
    "registry/keys": ("statement.json",),
    "request/members": ("request_object.json", "counter_request.json"),
    "record/members": ("sharing_record.json",),
    "proof/members": ("subject_proof.json",),
    "revocation/members": ("revocation.json",),
    "pause/members": ("pause.json",),
    "login/members": ("login_proof.json",),
    "disclosure/members": ("disclosure.json",),
    "disclosure/claim": ("disclosure.json",),
    "log/malformed": ("log_entry.json",),
    "manifest/malformed": ("manifest.json",),
    "preferences/members": ("preferences.json",),
    "preferences/version": ("preferences.json",),
}
BEYOND = {
    "an attribute that the catalogue lacks",
    "an attribute of a later release",
    "shortest over longest",
    "a zone of 50 with one twice",
    "two purposes of one id",
    "a desk in a request online",
    "no encryption key",
    "two current encryption keys",
    "no signature key",
    "the kid of the encryption key is not its thumbprint",
    "the encryption key is off the curve",
    "a signature key of small order",
    "deposit_jwk is off the curve",
    "another number in it",
    "no manifest",
    "no manifest, where one is known",
    "not JSON",
    "a persona that is not there",
    "a persona's value that the catalogue refuses",
    "a member twice",
    "an id with a line feed",  # ECMA's $ refuses it; this validator runs patterns by Python, whose $ does not
    *(f"{what} to an address that ends in a line feed" for what in ("notices", "logout tokens")),
}
SHAPELESS = [
    vector
    for vector in VECTORS
    if vector.maker == "python" and vector.case.get("error") in SHAPE and vector.case["comment"] not in BEYOND
]


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.json")), ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_every_schema_is_one_and_knows_its_own_name(path: Any) -> None:
    document = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(document)
    assert document["$id"] == f"https://pds.example/schemas/{path.relative_to(FOLDER).as_posix()}"
    assert document["title"]


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: f"{vector.maker}:{vector.case['id']}")
def test_every_valid_document_fits_its_schema(vector: Any) -> None:
    for name, document in DOCUMENTS[vector.case["op"]](vector.case["input"]):
        assert complaints(name, document) == [], vector.case["comment"]


@pytest.mark.parametrize("vector", SHAPELESS, ids=lambda vector: vector.case["id"])
def test_a_document_of_the_wrong_shape_does_not_fit(vector: Any) -> None:
    case = vector.case
    found = [
        complaint
        for name, document in DOCUMENTS[case["op"]](case["input"])
        if name in SHAPE[case["error"]]
        for complaint in complaints(name, document)
    ]
    assert found, case["comment"]


def test_most_errors_of_shape_are_caught_by_a_schema() -> None:
    assert len(SHAPELESS) >= 100
    assert {vector.case["error"] for vector in SHAPELESS} == SHAPE.keys()


NAME, VAULT = "0123456789AB", vault_area.VAULT


def method(kind: str) -> Json:
    """An unlock method of this kind."""
    bare: Json = {"id": vault_area.METHOD, "kind": kind, "wrap": b64u(vault_area.WRAP)}
    if kind == "passkey":
        return bare
    own = {"login_jwk": login_jwk(bytes(32))}
    more: Json = {"locator": "A" * 43}
    if kind == "passphrase":
        more = {"locator": NAME, "suite": 1, "salt": an_id("salt")}
    return {**bare, **own, **more}


COMMIT: Json = {
    "seq": 2,
    "prev": vault_area.mark(vault_area.FIRST),
    "manifest": vault_area.SECOND["sealed"],
    "epoch": 1,
    "put": vault_area.ITEMS,
    "delete": [an_id("old item")],
}
CREDENTIAL: Json = dict.fromkeys(("id", "attestation_object", "client_data_json"), "AAAA") | {"transports": ["usb"]}
ASSERTION: Json = dict.fromkeys(("id", "authenticator_data", "client_data_json", "signature", "user_handle"), "AAAA")
CHALLENGE = an_id("challenge")
PUBLICATION: Json = {"grant_id": world.GRANT, "revision": 2, "disclosure": world.approval.message()}
WORD: Json = {"grant_id": world.GRANT, "word": world.pause.compact}
BODY_EXAMPLES: list[tuple[str, Json]] = [
    ("challenge.json", {"for": "register", "vault": VAULT}),
    ("challenge.json", {"for": "passkey"}),
    ("challenge.json", {"for": "recovery", "locator": "A" * 43}),
    ("challenge.json", {"for": "passphrase", "name": NAME}),
    ("vault.json", {"challenge_id": CHALLENGE, "vault": VAULT, "method": method("recovery"), "commit": COMMIT}),
    (
        "vault.json",
        {
            "challenge_id": CHALLENGE,
            "vault": vault_area.VAULT,
            "method": method("passkey"),
            "credential": CREDENTIAL,
            "commit": COMMIT,
        },
    ),
    ("login_passkey.json", {"challenge_id": CHALLENGE, "credential": ASSERTION}),
    ("login_proof.json", {"challenge_id": CHALLENGE, "proof": world.revocation.compact}),
    ("commit.json", {"commit": COMMIT}),
    ("commit.json", {"commit": {**COMMIT, "seq": 1, "prev": "", "delete": []}}),
    ("method.json", {"commit": COMMIT, "method": method("passphrase")}),
    (
        "approval.json",
        {
            "commit": COMMIT,
            "record": world.approval.record.compact,
            "disclosure": world.approval.message(),
            "replaces": [world.GRANT],
        },
    ),
    (
        "approval.json",
        {"commit": COMMIT, "record": world.signed_in.record.compact, "disclosure": None, "replaces": []},
    ),
    ("revocation.json", {"commit": COMMIT, "revocation": world.revocation.compact}),
    ("pause.json", {"commit": COMMIT, "paused": True, "words": [WORD]}),
    ("publication.json", {"commit": COMMIT, "disclosures": [PUBLICATION]}),
    ("deposit_answer.json", {"commit": COMMIT, "disclosures": []}),
    ("empty.json", {}),
    ("leaving.json", {"ticket": "AAAA.AAAA"}),
    ("refusal.json", {}),
    ("refusal.json", {"because": "timed_out"}),
    *at_counter(COMMIT),
]


@pytest.mark.parametrize(("name", "body"), BODY_EXAMPLES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wallets_message_fits_and_an_unknown_or_missing_member_does_not(name: str, body: Json) -> None:
    assert complaints(f"{BODIES}/{name}", body) == []
    assert complaints(f"{BODIES}/{name}", {**body, "prf": {"results": {"first": "AAAA"}}})
    for member in body:
        missing = {key: value for key, value in body.items() if key != member}
        if member not in {"credential", "because"}:
            assert complaints(f"{BODIES}/{name}", missing), member


def test_a_passkeys_secret_output_does_not_fit_into_any_message() -> None:
    leaky = deepcopy(dict(BODY_EXAMPLES)["vault.json"])
    leaky["credential"]["client_extension_results"] = {"prf": {"results": {"first": "AAAA"}}}
    assert complaints(f"{BODIES}/vault.json", leaky)


def test_a_method_has_exactly_the_members_of_its_kind() -> None:
    for kind, more in (("passkey", {"locator": "A" * 43}), ("recovery", {"suite": 1}), ("passphrase", {"suite": 0})):
        body = {"commit": COMMIT, "method": {**method(kind), **more}}
        assert complaints(f"{BODIES}/method.json", body), kind
    lost = {name: value for name, value in method("recovery").items() if name != "locator"}
    assert complaints(f"{BODIES}/method.json", {"commit": COMMIT, "method": lost})


def test_every_message_has_an_example() -> None:
    assert {name for name, _ in BODY_EXAMPLES} == {path.name for path in (FOLDER / BODIES).glob("*.json")}


ITEM_EXAMPLES: list[Json] = [
    GRANT_ITEM,
    {**GRANT_ITEM, "statement": world.parking.compact},
    {"kind": "statement", "statement": world.parking.compact},
    {
        "kind": "relationship",
        "sector": world.PARKING,
        "persona": "",
        "sign": world.private_jwk("subject"),
        "deposit": world.private_jwk("deposit"),
    },
    {"kind": "decisions", "refusals": [{"service": world.PARKING, "purpose": "resident-permit", "at": world.NOW}]},
    vault_area.NAME_ITEM,
    Preferences().document(),
]


@pytest.mark.parametrize("item", ITEM_EXAMPLES, ids=lambda item: item["kind"])
def test_an_item_fits_and_one_with_another_member_does_not(item: Json) -> None:
    assert complaints("item.json", item) == []
    assert complaints("item.json", {**item, "more": 1})
    for member in item:
        if member != "kind":
            assert complaints("item.json", {key: value for key, value in item.items() if key != member}), member


def test_a_private_key_fits_nowhere_but_in_a_relationship() -> None:
    claims = {**world.subject_proof.claims, "deposit_jwk": world.private_jwk("deposit")}
    assert complaints("subject_proof.json", claims)
    with pytest.raises(Invalid, match="jose/key"):
        jose.p256_public(claims["deposit_jwk"])
