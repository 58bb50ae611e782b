"""What a malicious server answers: each script takes an honest answer and gives the dishonest one.

The answers are those of the wallet API and of the token and data endpoints, as JSON, so that the same scripts can stand
between a real wallet and a real server. A script has what an operator has: every stored byte, every old answer, keys
that it makes for itself. It does not have the keys of the resident, the service or the registrar.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from joserfc.jwk import ECKey

from pds.core import jose
from pds.core.encoding import Json, b64u, digest, jcs, unb64u

Script = Callable[[Json], Json]


def changed(answer: Json, **members: Any) -> Json:
    """A copy with other members."""
    return {**deepcopy(answer), **members}


def tampered(compact: str, **claims: Any) -> str:
    """A JWS with other claims under the old signature."""
    header, _, signature = compact.split(".")
    return f"{header}.{b64u(jcs({**jose.peek(compact), **claims}))}.{signature}"


def signed_anew(compact: str, form: jose.Form, key: ECKey, **claims: Any) -> str:
    """The same document with other claims, signed by a key that the operator made, which the header names honestly."""
    header: Json = {"jwk": jose.public_jwk(key)} if "jwk" in form.members else {"kid": jose.thumbprint(key)}
    return jose.sign({**jose.peek(compact), **claims}, form, key, **header)


# --- GET /api/vault ---


def swap_two_items(vault: Json) -> Json:
    """Each item's ciphertext under the other's id."""
    one, other, *rest = vault["items"]
    swapped = [{**one, "sealed": other["sealed"]}, {**other, "sealed": one["sealed"]}]
    return changed(vault, items=[*swapped, *rest])


def exchange_two_ids(vault: Json) -> Json:
    """Each whole item called like the other."""
    one, other, *rest = vault["items"]
    return changed(vault, items=[{**one, "id": other["id"]}, {**other, "id": one["id"]}, *rest])


def drop_an_item(vault: Json) -> Json:
    return changed(vault, items=vault["items"][1:])


def plant_an_item(vault: Json) -> Json:
    """A copy of an item under a new id."""
    return changed(vault, items=[*vault["items"], {**vault["items"][0], "id": b64u(bytes(16))}])


def repeat_an_item(vault: Json) -> Json:
    return changed(vault, items=[*vault["items"], vault["items"][0]])


def flip_a_bit(vault: Json) -> Json:
    first, *rest = vault["items"]
    raw = unb64u(first["sealed"])
    return changed(vault, items=[{**first, "sealed": b64u(raw[:-1] + bytes([raw[-1] ^ 1]))}, *rest])


def hide_the_newest(vault: Json) -> Json:
    """Only the manifests before the last one."""
    return changed(vault, manifests=vault["manifests"][:-1])


def skip_one(vault: Json) -> Json:
    """A manifest in the middle is left out."""
    return changed(vault, manifests=[vault["manifests"][0], *vault["manifests"][2:]])


def serve_nothing(vault: Json) -> Json:
    return changed(vault, manifests=[], items=[], methods=[])


def exchange_a_wrap(vault: Json) -> Json:
    """The wrap of one method replaced by bytes of the operator's."""
    first, *rest = vault["methods"]
    return changed(vault, methods=[{**first, "wrap": b64u(bytes(285))}, *rest])


def pretend_another_epoch(vault: Json) -> Json:
    return changed(vault, epoch=vault["epoch"] + 1)


def serve(older: Json) -> Script:
    """An answer that was honest once."""
    return lambda _today: deepcopy(older)


# --- GET /api/requests/{id} ---


def swap_the_encryption_key(operator: ECKey) -> Script:
    """The operator's key for the service's in the statement, so that disclosures go to the operator."""
    return lambda asked: changed(asked, statement=tampered(asked["statement"], jwks=_with_key(asked, operator)))


def swap_the_encryption_key_and_sign(operator: ECKey) -> Script:
    """The same, signed by a registrar of the operator's own."""

    def script(asked: Json) -> Json:
        statement = signed_anew(asked["statement"], jose.STATEMENT, operator, jwks=_with_key(asked, operator))
        return changed(asked, statement=statement)

    return script


def be_the_registrar(operator: ECKey) -> Script:
    """The same, with an index over it that names the operator as the registrar."""

    def script(asked: Json) -> Json:
        forged = swap_the_encryption_key_and_sign(operator)(asked)
        listed = {jose.peek(forged["statement"])["sub"]: digest(forged["statement"])}
        keys = {"keys": [jose.public_jwk(operator)]}
        index = signed_anew(asked["index"], jose.INDEX, operator, statements=listed, jwks=keys)
        return changed(forged, index=index)

    return script


def change_the_request(asked: Json) -> Json:
    """The request asks for another attribute under the service's old signature."""
    details = deepcopy(jose.peek(asked["request"])["authorization_details"])
    details[0]["attributes"]["address.current"] = {}
    return changed(asked, request=tampered(asked["request"], authorization_details=details))


def send_the_answer_elsewhere(asked: Json) -> Json:
    return changed(asked, request=tampered(asked["request"], redirect_uri="https://operator.example/back"))


def make_the_request(operator: ECKey) -> Script:
    """A request of the operator's, in the service's name."""

    def script(asked: Json) -> Json:
        kid = jose.read_header(asked["request"], jose.REQUEST_OBJECT)["kid"]
        return changed(asked, request=jose.sign(jose.peek(asked["request"]), jose.REQUEST_OBJECT, operator, kid=kid))

    return script


def _with_key(asked: Json, operator: ECKey) -> Json:
    keys = deepcopy(jose.peek(asked["statement"])["jwks"]["keys"])
    mine = {**jose.public_jwk(operator), "use": "enc", "alg": "ECDH-ES+A256KW", "kid": jose.thumbprint(operator)}
    return {"keys": [mine if key["use"] == "enc" else key for key in keys]}


# --- the answer at the redirect_uri, POST /oauth/token, GET /data ---


def widen_the_grant(taken: Json) -> Json:
    """The sharing record lasts longer, under the resident's old signature."""
    return changed(taken, sharing_record=tampered(taken["sharing_record"], access={"until": "2099-01-01"}))


def forge_a_record(operator: ECKey) -> Script:
    """A record by the operator's key in the resident's name."""
    return lambda taken: changed(taken, sharing_record=signed_anew(taken["sharing_record"], jose.RECORD, operator))


def be_the_resident(operator: ECKey) -> Script:
    """A record in which everything is in order, but of a subject that the operator made."""

    def script(taken: Json) -> Json:
        sub = jose.thumbprint(operator)
        return changed(
            taken, sharing_record=signed_anew(taken["sharing_record"], jose.RECORD, operator, iss=sub, sub=sub)
        )

    return script


def copy_the_key(operator: ECKey) -> Script:
    """The operator's signature under the resident's `jwk`."""

    def script(taken: Json) -> Json:
        compact = taken["sharing_record"]
        jwk = jose.read_header(compact, jose.RECORD)["jwk"]
        return changed(taken, sharing_record=jose.sign(jose.peek(compact), jose.RECORD, operator, jwk=jwk))

    return script


def disclose_by_oneself(operator: ECKey, recipient: ECKey) -> Script:
    """Values of the operator's invention, encrypted to the service, whose public key everybody has."""

    def script(taken: Json) -> Json:
        inner = signed_anew(taken["inner"], jose.DISCLOSURE, operator)
        return changed(taken, disclosure=jose.encrypt(inner.encode(), jose.DISCLOSURE_JWE, recipient))

    return script


# --- GET /api/grants/{id}/log ---


def hide_a_read(log: Json) -> Json:
    """The last read is left out of the entries and of the position."""
    kept = log["entries"][:-1]
    return changed(log, entries=kept, n=log["n"] - 1, head=log["entries"][-1]["prev"])


def leave_out_an_entry(log: Json) -> Json:
    return changed(log, entries=[log["entries"][0], *log["entries"][2:]])


def invent_a_read(operator: ECKey) -> Script:
    """The proof of a read by a key of the operator's, in a chain that is otherwise in order."""

    def script(log: Json) -> Json:
        last = log["entries"][-1]
        proof = signed_anew(last["evidence"], jose.DPOP_PROOF, operator)
        return relinked(log, {**last, "evidence": proof})

    return script


def relinked(log: Json, last: Json) -> Json:
    """The log with another last entry, and the head that goes with it."""
    return changed(log, entries=[*log["entries"][:-1], last], head=log["head_of"](last))
