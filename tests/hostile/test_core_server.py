"""A malicious server against the core: each attack ends in an error of its own, and the honest answer passes."""

from dataclasses import dataclass
from typing import Any

import pytest

from pds.core import chain, disclosure, jose, manifest, record, registry, request
from pds.core.encoding import Json, digest, unb64u
from pds.core.errors import Invalid
from protocols.vectors.make import chain_area, keys, vault_area, world
from tests.hostile import scripts
from tests.hostile.scripts import Script

OPERATOR = keys.p256("operator")


@dataclass(frozen=True)
class Attack:
    """A script, and the error that it must end in."""

    name: str
    script: Script
    error: str


def named(attack: Attack) -> str:
    return attack.name


def refused(reader: Any, answer: Json) -> str:
    with pytest.raises(Invalid) as refusal:
        reader(answer)
    return refusal.value.code


# --- the vault ---

FOURTH = vault_area.sealed(vault_area.plain(4, vault_area.mark(vault_area.THIRD)), 4)
FORK = vault_area.sealed(vault_area.plain(4, vault_area.mark(vault_area.THIRD), recovery_confirmed=True), 4)
VAULT: Json = {
    "vault": vault_area.VAULT,
    "epoch": 1,
    "seq": 4,
    "manifests": [vault_area.SECOND, vault_area.THIRD, FOURTH],
    "methods": vault_area.given([])["methods"],
    "items": vault_area.ITEMS,
}
YESTERDAY = {**VAULT, "seq": 3, "manifests": [vault_area.SECOND, vault_area.THIRD]}


def open_vault(answer: Json) -> manifest.Opened:
    """A wallet that saw manifest 4 before it was closed."""
    return manifest.open_vault(
        vault_area.ROOT,
        vault_area.VAULT,
        answer["epoch"],
        manifest.Known(4, vault_area.mark(FOURTH)),
        [(each["seq"], unb64u(each["sealed"])) for each in answer["manifests"]],
        [manifest.SealedItem(each["id"], each["rev"], unb64u(each["sealed"])) for each in answer["items"]],
        [(each["id"], unb64u(each["wrap"])) for each in answer["methods"]],
    )


VAULT_ATTACKS = [
    Attack("swap two items", scripts.swap_two_items, "manifest/item-changed"),
    Attack("exchange the ids of two items", scripts.exchange_two_ids, "manifest/item-changed"),
    Attack("drop an item", scripts.drop_an_item, "manifest/item-missing"),
    Attack("plant an item", scripts.plant_an_item, "manifest/item-unlisted"),
    Attack("repeat an item", scripts.repeat_an_item, "manifest/item-unlisted"),
    Attack("flip one bit", scripts.flip_a_bit, "manifest/item-changed"),
    Attack("roll the vault back", scripts.serve(YESTERDAY), "manifest/rolled-back"),
    Attack("hide the newest manifest", scripts.hide_the_newest, "manifest/rolled-back"),
    Attack("skip a manifest", scripts.skip_one, "manifest/chain"),
    Attack("fork the vault", scripts.serve({**VAULT, "manifests": [*VAULT["manifests"][:2], FORK]}), "manifest/forked"),
    Attack("serve nothing", scripts.serve_nothing, "manifest/malformed"),
    Attack("exchange a wrap", scripts.exchange_a_wrap, "manifest/wrap-changed"),
    Attack("pretend another epoch", scripts.pretend_another_epoch, "seal/open"),
]


def test_the_honest_vault_opens() -> None:
    opened = open_vault(VAULT)
    assert opened.known.seq == 4
    assert opened.items[vault_area.NAME] == vault_area.NAME_ITEM


@pytest.mark.parametrize("attack", VAULT_ATTACKS, ids=named)
def test_a_vault_that_the_server_changed_does_not_open(attack: Attack) -> None:
    assert refused(open_vault, attack.script(VAULT)) == attack.error


# --- the request ---

ASKED: Json = {
    "request": world.permit.compact,
    "statement": world.parking.compact,
    "index": world.the_index.compact,
}
RETIRED = world.statement(world.PARKING, "library", [world.purpose("resident-permit")])
OLD_INDEX = world.index(RETIRED, seq=11)


def accept_request(answer: Json) -> request.Request:
    """A wallet that has pinned the registrar's key and index 12."""
    index = registry.verify_index(
        answer["index"],
        keys=[keys.jwk(world.registrar)],
        pinned=[jose.thumbprint(world.registrar)],
        seq=12,
        now=world.NOW,
    )
    service = registry.verify_statement(answer["statement"], index, now=world.NOW)
    return request.verify_request(answer["request"], service, issuer=world.ISSUER, now=world.NOW)


REQUEST_ATTACKS = [
    Attack("swap the service's encryption key", scripts.swap_the_encryption_key(OPERATOR), "jose/signature"),
    Attack("… and sign the statement", scripts.swap_the_encryption_key_and_sign(OPERATOR), "registry/key-unknown"),
    Attack("… and be the registrar", scripts.be_the_registrar(OPERATOR), "registry/key-unknown"),
    Attack(
        "serve a statement with a key that was given up",
        lambda asked: scripts.changed(asked, statement=RETIRED.compact),
        "registry/statement-changed",
    ),
    Attack(
        "serve it with the index of its time",
        lambda asked: scripts.changed(asked, statement=RETIRED.compact, index=OLD_INDEX.compact),
        "registry/index-old",
    ),
    Attack(
        "serve another service's statement",
        lambda asked: scripts.changed(asked, statement=world.library.compact),
        "jose/key",
    ),
    Attack("change the request after signing", scripts.change_the_request, "jose/signature"),
    Attack("send the answer elsewhere", scripts.send_the_answer_elsewhere, "jose/signature"),
    Attack("make the request", scripts.make_the_request(OPERATOR), "jose/signature"),
]


def test_the_honest_request_is_accepted() -> None:
    assert accept_request(ASKED).request_hash == digest(world.permit.compact)


@pytest.mark.parametrize("attack", REQUEST_ATTACKS, ids=named)
def test_a_request_that_the_server_changed_is_not_shown(attack: Attack) -> None:
    assert refused(accept_request, attack.script(ASKED)) == attack.error


# --- the grant, as the service takes it ---

TAKEN: Json = {
    "subject_proof": world.subject_proof.compact,
    "sharing_record": world.approval.record.compact,
    "inner": world.approval.disclosure.compact,
    "disclosure": world.approval.message(),
}


def take_grant(answer: Json) -> disclosure.Disclosure:
    """A service that has its own request, and the subject proof that came through the resident's browser."""
    asked = accept_request(ASKED)
    proof = record.verify_subject_proof(
        answer["subject_proof"], client_id=world.PARKING, request_hash=asked.request_hash
    )
    granted, _ = record.read_record(answer["sharing_record"])
    for error, mine, theirs in (
        ("subject/mismatch", proof.sub, granted.sub),
        ("proof/grant", proof.grant_id, granted.grant_id),
        ("proof/record", proof.record_hash, granted.hash),
    ):
        if mine != theirs:
            raise Invalid(error)
    return disclosure.open_disclosure(
        answer["disclosure"],
        world.sealing,
        granted,
        request_hash=asked.request_hash,
        client_id=world.PARKING,
        now=world.NOW,
        n=3,
        last=disclosure.Seen(1, 3),
    )


def disclosed(recipient: Any = world.sealing, **claims: Any) -> Script:
    """Another disclosure that the resident's key signed: an old one, or one for somebody else."""
    inner = world.approval.disclosure.claiming(**claims).compact
    message = jose.encrypt(inner.encode(), jose.DISCLOSURE_JWE, recipient)
    return lambda taken: scripts.changed(taken, disclosure=message)


GRANT_ATTACKS = [
    Attack("widen the grant", scripts.widen_the_grant, "jose/signature"),
    Attack("forge a record in the resident's name", scripts.forge_a_record(OPERATOR), "subject/mismatch"),
    Attack("be the resident", scripts.be_the_resident(OPERATOR), "subject/mismatch"),
    Attack("sign under the resident's key", scripts.copy_the_key(OPERATOR), "jose/signature"),
    Attack("invent the values", scripts.disclose_by_oneself(OPERATOR, world.sealing), "subject/mismatch"),
    Attack("serve what was encrypted to another key", disclosed(OPERATOR), "jose/key"),
    Attack("serve the disclosure of another grant", disclosed(grant_id=keys.an_id("other")), "disclosure/grant"),
    Attack("serve the answer to another request", disclosed(request_hash=digest("other")), "disclosure/request"),
    Attack("serve another service's disclosure", disclosed(aud=world.LIBRARY), "disclosure/audience"),
    Attack(
        "serve the record of another approval of hers",
        lambda taken: scripts.changed(
            taken, sharing_record=world.approval.record.claiming(jti=keys.an_id("other")).compact
        ),
        "proof/grant",
    ),
    Attack(
        "serve another record of the same grant",
        lambda taken: scripts.changed(taken, sharing_record=world.approval.record.claiming(iat=0).compact),
        "proof/record",
    ),
]


def test_the_honest_grant_is_taken() -> None:
    assert take_grant(TAKEN).claims == world.VALUES


@pytest.mark.parametrize("attack", GRANT_ATTACKS, ids=named)
def test_a_grant_that_the_server_made_or_changed_is_not_taken(attack: Attack) -> None:
    assert refused(take_grant, attack.script(TAKEN)) == attack.error


def test_an_older_disclosure_is_not_taken_after_a_newer_one() -> None:
    granted, _ = record.read_record(TAKEN["sharing_record"])

    def read(revision: int, n: int, last: disclosure.Seen | None) -> disclosure.Disclosure:
        answer = disclosed(revision=revision)(TAKEN)
        request_hash = digest(world.permit.compact)
        return disclosure.open_disclosure(
            answer["disclosure"],
            world.sealing,
            granted,
            request_hash=request_hash,
            client_id=world.PARKING,
            now=world.NOW,
            n=n,
            last=last,
        )

    assert read(2, 5, disclosure.Seen(1, 3)).revision == 2
    for revision, n in ((1, 6), (2, 4)):
        assert (
            refused(lambda _, r=revision, at=n: read(r, at, disclosure.Seen(2, 5)), TAKEN) == "disclosure/rolled-back"
        )


def test_a_record_that_is_wider_than_the_request_is_not_kept_by_an_honest_server() -> None:
    service = registry.verify_statement(
        ASKED["statement"],
        registry.verify_index(
            ASKED["index"],
            keys=[keys.jwk(world.registrar)],
            pinned=[jose.thumbprint(world.registrar)],
            seq=0,
            now=world.NOW,
        ),
        now=world.NOW,
    )
    asked, good = accept_request(ASKED), world.approval.record
    assert record.verify_record(good.compact, asked, service, now=world.NOW).grant_id == world.GRANT
    for error, wider in (
        ("record/access", good.claiming(access={"until": "2027-11-24"}, exp=world.ENDS + 86400)),
        ("record/attributes", good.claiming(attributes=[*good.claims["attributes"], "vehicle.registration"])),
        ("record/time", good.claiming(exp=world.ENDS + 86400)),
        ("record/retention", good.claiming(retention_days=3650)),
        ("record/audience", good.claiming(aud=world.LIBRARY)),
    ):
        compact = wider.compact
        assert refused(lambda _, c=compact: record.verify_record(c, asked, service, now=world.NOW), {}) == error


# --- the log ---

ENTRIES = chain_area.WHOLE[:3]
LOG: Json = {"entries": ENTRIES, **chain_area.at_end(ENTRIES), "head_of": chain_area.head}


def check_log(answer: Json, seen: int = 0) -> chain.Position:
    """A wallet that has pinned the first `seen` entries."""
    pin = chain_area.at_end(ENTRIES[:seen]) if seen else {"n": 0, "head": ""}
    return chain.verify_chain(
        world.GRANT,
        [entry for entry in answer["entries"] if entry["n"] > seen],
        pin=chain.Position(**pin),
        stated=chain.Position(answer["n"], answer["head"]),
        record=chain_area.RECORD,
        issuer=world.ISSUER,
        dpop_jkt=chain_area.JKT,
    )


def test_the_honest_log_is_believed() -> None:
    assert check_log(LOG).n == check_log(LOG, seen=2).n == 3


def test_a_read_that_the_wallet_has_seen_cannot_be_hidden_again() -> None:
    assert refused(lambda answer: check_log(answer, seen=3), scripts.hide_a_read(LOG)) == "log/rolled-back"


def test_an_entry_cannot_be_left_out() -> None:
    assert refused(check_log, scripts.leave_out_an_entry(LOG)) == "log/gap"


def test_a_read_cannot_be_invented_against_a_service() -> None:
    assert refused(check_log, scripts.invent_a_read(OPERATOR)(LOG)) == "log/key"
