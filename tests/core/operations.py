"""The operations of the test vectors (protocols/vectors/README.md), each as a call of the core."""

from collections.abc import Callable
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from pds.core import (
    catalogue,
    chain,
    counter,
    deposit,
    derive,
    derived,
    disclosure,
    dpop,
    encoding,
    guarded,
    jose,
    login,
    manifest,
    names,
    pause,
    preferences,
    preferences_item,
    record,
    recovery,
    registry,
    request,
    seal,
)
from pds.core.encoding import Json, b64u, unb64u

Operation = Callable[[Json], Any]


def accepted_index(compact: str) -> registry.Index:
    """An index that the wallet accepted when it was new."""
    claims = jose.peek(compact)
    keys = claims["jwks"]["keys"]
    pinned = [jose.thumbprint(key) for key in keys]
    return registry.verify_index(compact, keys=keys, pinned=pinned, seq=0, now=claims["iat"])


def service_of(given: Json) -> registry.Service:
    return registry.verify_statement(given["statement"], accepted_index(given["index"]), now=given["now"])


def request_of(given: Json) -> request.Request:
    return request.verify_request(given["request"], service_of(given), issuer=given["issuer"], now=given["now"])


def context_of(given: Json) -> seal.Context:
    context = given["context"]
    return seal.Context(context["t"], context["vault"], context["id"], context["rev"], context["epoch"])


def secret_of(given: Json) -> tuple[bytes, str, str]:
    return unb64u(given["secret"]), given.get("kind", ""), given.get("vault", "")


def derive_unlock(given: Json) -> str:
    secret, kind, vault = secret_of(given)
    return b64u(derive.unlock_key(secret, kind, vault, given["method"]))


def derive_login(given: Json) -> str:
    return b64u(derive.login_seed(*secret_of(given)))


def seal_seal(given: Json) -> str:
    plaintext, nonce = unb64u(given["plaintext"]), unb64u(given["nonce"])
    return b64u(seal.seal(unb64u(given["key"]), context_of(given), plaintext, nonce=nonce))


def seal_open(given: Json) -> str:
    return b64u(seal.open_sealed(unb64u(given["key"]), context_of(given), unb64u(given["sealed"])))


def manifest_open(given: Json) -> Json:
    known = manifest.Known(given["known"]["seq"], given["known"]["digest"]) if given["known"] else None
    opened = manifest.open_vault(
        unb64u(given["root"]),
        given["vault"],
        given["epoch"],
        known,
        [(each["seq"], unb64u(each["sealed"])) for each in given["manifests"]],
        [manifest.SealedItem(each["id"], each["rev"], unb64u(each["sealed"])) for each in given["items"]],
        [(each["id"], unb64u(each["wrap"])) for each in given["methods"]],
    )
    return {"seq": opened.manifest.seq, "items": dict(opened.items)}


def login_verify(given: Json) -> Json:
    return {"iat": login.verify_proof(**given)}


def registry_index(given: Json) -> Json:
    index = registry.verify_index(
        given["index"], keys=given["release_keys"], pinned=given["keys"], seq=given["seq"], now=given["now"]
    )
    return {"seq": index.seq, "keys": list(index.thumbprints)}


def registry_statement(given: Json) -> Json:
    service = service_of(given)
    return {"client_id": service.client_id, "enc_jkt": service.enc_jkt, "name": service.name["en"]}


def request_verify(given: Json) -> Json:
    asked = request_of(given)
    return {
        "request_hash": asked.request_hash,
        "purpose": asked.purpose_id,
        "attributes": sorted(asked.attributes),
    }


def record_verify(given: Json) -> Json:
    verified = record.verify_record(given["record"], request_of(given), service_of(given), now=given["now"])
    return {"sub": verified.sub, "grant_id": verified.grant_id, "record_hash": verified.hash}


def proof_verify(given: Json) -> Json:
    proof = record.verify_subject_proof(
        given["subject_proof"], client_id=given["client_id"], request_hash=given["request_hash"]
    )
    return {"sub": proof.sub, "grant_id": proof.grant_id, "record_hash": proof.record_hash}


def revocation_verify(given: Json) -> Json:
    expected = {name: given[name] for name in ("client_id", "sub", "grant_id", "record_hash")}
    return {"iat": record.verify_revocation(given["revocation"], **expected)}


def pause_verify(given: Json) -> Json:
    expected = {name: given[name] for name in ("client_id", "sub", "grant_id", "record_hash", "paused")}
    return {"seq": pause.verify_pause(given["word"], **expected)}


def disclosure_open(given: Json) -> Json:
    opened = disclosure.open_disclosure(
        given["disclosure"],
        jose.p256_private(given["key"]),
        record.read_record(given["record"])[0],
        request_hash=given["request_hash"],
        client_id=given["client_id"],
        now=given["now"],
        n=given["n"],
        last=disclosure.Seen(**given["last"]) if given["last"] else None,
    )
    return {"revision": opened.revision, "claims": dict(opened.claims)}


def deposit_open(given: Json) -> Json:
    key = jose.p256_private(given["key"])
    opened = deposit.open_deposit(given["deposit"], key, service_of(given), sub=given["sub"], now=given["now"])
    values = {id: {"value": offer.value, "as_of": offer.as_of} for id, offer in opened.values.items()}
    return {"id": opened.id, "why": opened.why, "values": values}


def dpop_verify(given: Json) -> Json:
    proof = dpop.verify_proof(**given)
    return {"jkt": proof.jkt, "jti": proof.jti}


def chain_verify(given: Json) -> Json:
    position = chain.verify_chain(
        given["grant_id"],
        given["entries"],
        pin=chain.Position(**given["pin"]),
        stated=chain.Position(given["n"], given["head"]),
        record=given["record"],
        issuer=given["issuer"],
        dpop_jkt=given["dpop_jkt"],
    )
    return {"n": position.n, "head": position.head}


def chain_ends(given: Json) -> Json:
    chain.verify_ends(given["entries"], record.read_record(given["record"])[0])
    return {}


def counter_request(given: Json) -> Json:
    service = service_of(given)
    asked = request.verify_counter_request(given["request"], service, issuer=given["issuer"], now=given["now"])
    assert asked.desk is not None
    counter.check_desk(asked.desk, service.desks[given["shown"]])
    return {
        "request_hash": asked.request_hash,
        "purpose": asked.purpose_id,
        "attributes": sorted(asked.attributes),
        "desk": asked.desk.id,
    }


def chain_pauses(given: Json) -> Json:
    vault = chain.Paused(**given["vault"]) if given["vault"] else None
    chain.verify_pauses(given["entries"], record.read_record(given["record"])[0], vault)
    return {}


def purpose_of(given: Json) -> Any:
    """Of a purpose, what `evaluate` looks at."""
    return None if given["purpose"] is None else SimpleNamespace(**given["purpose"])


def preferences_evaluate(given: Json) -> Json:
    asked = given["request"]
    found = preferences.evaluate(
        SimpleNamespace(**{**asked, "purpose": purpose_of(asked)}),
        preferences_item.read(given["preferences"]),
        SimpleNamespace(**given["service"]),
        given["now"],
        given["agreed"],
    )
    return asdict(found)


def preferences_replay(given: Json) -> list[Json]:
    log = [
        preferences.Answered(**{**one, "purpose": purpose_of(one), "shared": tuple(one["shared"])})
        for one in given["log"]
    ]
    return [
        {
            "at": each.answered.at,
            "refused": each.evaluation.refused,
            "one_tap": each.evaluation.one_tap,
            "kept_back": list(each.kept_back),
        }
        for each in preferences.replay(preferences_item.read(given["preferences"]), log, given["now"])
    ]


def preferences_merge(given: Json) -> Json:
    three = [preferences_item.read(given[name]) for name in ("base", "mine", "theirs")]
    return preferences_item.merge(*three).document()


def derived_persona(given: Json) -> Json | None:
    return derived.of_persona(**given)


def derived_answer(given: Json) -> Json | None:
    held = {id: derived.Fact(fact["value"], fact["as_of"]) for id, fact in given["held"].items()}
    if derived.not_applicable(given["attribute"], held):
        return {"absent": "not_applicable"}
    fact = derived.derive(given["attribute"], held, now=given["now"], zone=given["zone"], zones=given["zones"])
    return None if fact is None else {"value": fact.value, "as_of": fact.as_of}


OPERATIONS: dict[str, Operation] = {
    "encoding.json": lambda given: encoding.jcs(encoding.parse_json(unb64u(given["text_b64u"]))).decode(),
    "derive.item": lambda given: b64u(derive.item_key(unb64u(given["secret"]), given["vault"], given["id"])),
    "derive.manifest": lambda given: b64u(derive.manifest_key(unb64u(given["secret"]), given["vault"])),
    "derive.unlock": derive_unlock,
    "derive.login": derive_login,
    "derive.locator": lambda given: derive.locator(unb64u(given["secret"])),
    "derive.passphrase": lambda given: b64u(
        derive.passphrase_secret(given["passphrase"], unb64u(given["salt"]), given["suite"])
    ),
    "name.parse": lambda given: names.parse_name(given["name"]),
    "name.format": lambda given: names.format_name(given["name"]),
    "recovery.parse": lambda given: b64u(recovery.parse_code(given["code"])),
    "recovery.format": lambda given: recovery.format_code(unb64u(given["bytes"])),
    "seal.seal": seal_seal,
    "seal.open": seal_open,
    "manifest.open": manifest_open,
    "login.verify": login_verify,
    "registry.index": registry_index,
    "registry.statement": registry_statement,
    "request.verify": request_verify,
    "record.verify": record_verify,
    "decisions.hash": lambda given: record.decisions_hash(given["salt"], given["decisions"]),
    "proof.verify": proof_verify,
    "revocation.verify": revocation_verify,
    "pause.verify": pause_verify,
    "disclosure.open": disclosure_open,
    "disclosure.capacity": lambda given: disclosure.capacity(given["attributes"]),
    "deposit.open": deposit_open,
    "dpop.verify": dpop_verify,
    "chain.verify": chain_verify,
    "chain.ends": chain_ends,
    "counter.format": lambda given: counter.format_code(unb64u(given["bytes"])),
    "counter.address": lambda given: counter.parse_address(given["address"], given["issuer"]),
    "counter.typed": lambda given: counter.parse_typed(given["typed"]),
    "counter.digits": lambda given: counter.parse_digits(given["typed"]),
    "counter.follow": lambda given: counter.follow(given["state"], given["act"]),
    "counter.request": counter_request,
    "chain.pauses": chain_pauses,
    "preferences.read": lambda given: preferences_item.read(given["preferences"]).document(),
    "preferences.evaluate": preferences_evaluate,
    "preferences.replay": preferences_replay,
    "preferences.merge": preferences_merge,
    "guarded.told": lambda given: guarded.told(given["attribute"], given["value"]),
    "guarded.reveals": lambda given: guarded.reveals(given["value"], guarded.marks(map(tuple, given["held"]))),
    "derived.answer": derived_answer,
    "derived.persona": derived_persona,
    "catalogue.check": lambda given: catalogue.check(given["attribute"], given["value"]),
}
