"""Named lies of a server, and how each is noticed: by which error in the SDK, by which words on a resident's screen."""

from dataclasses import dataclass
from typing import Any

from pds.core import jose
from pds.core.chain import head
from pds.core.encoding import Json, b64u, unb64u
from tests.hostile import scripts
from tests.hostile.proxy import Answer
from tests.hostile.scripts import Script, changed

OPERATOR = jose.new_key()
"""A key that the operator made; it has no other, and none of anybody else's."""

CHANGED = "Your vault was changed, but not by you"
MISSING = "Something is missing from your vault"
OLDER = "This vault is older than the one this device last saw"
FORKED = "This is not the same vault that this device last saw"
WHO = "We could not check who is asking"
NOT_ALLOWED = "This request is not allowed"
NOT_OPENED = "This does not open your vault"
WEAKENED = "The vault service asked for a weaker lock"


@dataclass(frozen=True)
class Attack:
    """A script, the error in which it ends, and the words that a resident reads."""

    name: str
    script: Script
    error: str
    words: str


def named(attack: Attack) -> str:
    return attack.name


# --- GET /api/vault ---


def older_format(vault: Json) -> Json:
    """The newest manifest said to be sealed in the format before the first."""
    *before, newest = vault["manifests"]
    sealed = b"\0" + unb64u(newest["sealed"])[1:]
    return changed(vault, manifests=[*before, {**newest, "sealed": b64u(sealed)}])


def older_format_of_wraps(vault: Json) -> Json:
    methods = [{**each, "wrap": b64u(b"\0" + unb64u(each["wrap"])[1:])} for each in vault["methods"]]
    return changed(vault, methods=methods)


def another_vault(vault: Json) -> Json:
    return changed(vault, vault=b64u(bytes(16)))


def old_revision(earlier: Json) -> Script:
    """One item as it was before, everything else as it is."""
    was = {item["id"]: item for item in earlier["items"]}

    def script(vault: Json) -> Json:
        at, item = next((at, item) for at, item in enumerate(vault["items"]) if _older(was.get(item["id"]), item))
        items = [*vault["items"]]
        items[at] = was[item["id"]]
        return changed(vault, items=items)

    return script


def old_bytes(earlier: Json) -> Script:
    """The same under the newest revision's number."""

    def script(vault: Json) -> Json:
        old = old_revision(earlier)(vault)
        revs = {item["id"]: item["rev"] for item in vault["items"]}
        return changed(old, items=[{**item, "rev": revs[item["id"]]} for item in old["items"]])

    return script


def wraps_of(other: Json) -> Script:
    """Another vault's wraps, under this vault's methods."""

    def script(vault: Json) -> Json:
        pairs = zip(vault["methods"], other["methods"], strict=False)
        return changed(vault, methods=[{**mine, "wrap": theirs["wrap"]} for mine, theirs in pairs])

    return script


def _older(was: Json | None, item: Json) -> bool:
    return was is not None and was["rev"] < item["rev"]


VAULT = [
    Attack("swap two items", scripts.swap_two_items, "manifest/item-changed", CHANGED),
    Attack("exchange the ids of two items", scripts.exchange_two_ids, "manifest/item-changed", CHANGED),
    Attack("drop an item", scripts.drop_an_item, "manifest/item-missing", MISSING),
    Attack("plant an item", scripts.plant_an_item, "manifest/item-unlisted", CHANGED),
    Attack("repeat an item", scripts.repeat_an_item, "manifest/item-unlisted", CHANGED),
    Attack("flip one bit", scripts.flip_a_bit, "manifest/item-changed", CHANGED),
    Attack("hide the newest manifest", scripts.hide_the_newest, "manifest/rolled-back", OLDER),
    Attack("serve nothing", scripts.serve_nothing, "manifest/rolled-back", OLDER),
    Attack("exchange a wrap", scripts.exchange_a_wrap, "manifest/wrap-changed", CHANGED),
    Attack("claim an older format", older_format, "seal/version", CHANGED),
]
# The browser's wallet goes by the epoch and the vault that it knows, whatever the answer says.
ONLY_HEADLESS = [
    Attack("claim another epoch", scripts.pretend_another_epoch, "seal/open", ""),
    Attack("serve another vault's name", another_vault, "manifest/vault", ""),
]

# --- GET /api/requests/{id} ---


def without(member: str) -> Script:
    return lambda asked: changed(asked, **{member: None})


REQUEST = [
    Attack("swap the service's key", scripts.swap_the_encryption_key(OPERATOR), "jose/signature", NOT_ALLOWED),
    Attack("… and sign it", scripts.swap_the_encryption_key_and_sign(OPERATOR), "registry/key-unknown", WHO),
    Attack("… and be the registrar", scripts.be_the_registrar(OPERATOR), "registry/key-unknown", WHO),
    Attack("widen the request", scripts.change_the_request, "jose/signature", NOT_ALLOWED),
    Attack("send the answer elsewhere", scripts.send_the_answer_elsewhere, "jose/signature", NOT_ALLOWED),
    Attack("make the request", scripts.make_the_request(OPERATOR), "jose/signature", NOT_ALLOWED),
]

# --- GET /api/grants/{id}/log ---


def rewrite_the_past(log: Json) -> Json:
    """The first read happened at another time, and the rest is linked anew."""
    entries = [dict(entry) for entry in log["entries"]]
    at = next(n for n, entry in enumerate(entries) if entry["kind"] == "read")
    entries[at]["at"] = entries[at - 1]["at"]
    entries[at]["revision"] += 1
    return relinked(log, entries)


def bend_an_entry(log: Json) -> Json:
    entries = [dict(entry) for entry in log["entries"]]
    entries[1]["revision"] += 1
    return changed(log, entries=entries)


def append(log: Json, kind: str, evidence: str = "", **others: Any) -> Json:
    """One more entry, made as the server makes them."""
    last = log["entries"][-1]
    entry = {"n": 0, "prev": "", "at": last["at"], "kind": kind, "revision": last["revision"], "evidence": evidence}
    return relinked(log, [*log["entries"], {**entry, **others}])


def appended(kind: str, evidence: str = "", **others: Any) -> Script:
    return lambda log: append(log, kind, evidence, **others)


def count_a_read_twice(log: Json) -> Json:
    """The service's own proof of one read, shown for another that never was."""
    return append(log, "read", _a_read(log)["evidence"])


def invent_a_read(log: Json) -> Json:
    """A read, proven by a key that the operator made."""
    return append(log, "read", scripts.signed_anew(_a_read(log)["evidence"], jose.DPOP_PROOF, OPERATOR))


def forge_a_stop(log: Json) -> Json:
    """The resident's revocation, by somebody who is not the resident."""
    claims = {"aud": "x", "sub": jose.thumbprint(OPERATOR), "grant_id": "x", "record_hash": "x", "iat": 0}
    return append(log, "revoked", jose.sign(claims, jose.REVOCATION, OPERATOR, jwk=jose.public_jwk(OPERATOR)))


def relinked(log: Json, entries: list[Json]) -> Json:
    """The chain of these entries, every number, link and head as an honest server would make them."""
    grant_id, prev, linked = jose.peek(entries[0]["evidence"])["jti"], "", []
    for n, entry in enumerate(entries, start=1):
        whole = {**entry, "n": n, "prev": prev}
        prev = head(grant_id, n, prev, *(whole[name] for name in ("at", "kind", "revision", "evidence")))
        linked.append(whole)
    return changed(log, entries=linked, n=len(linked), head=prev)


def cut(log: Json) -> Json:
    """The first two entries are all that there is."""
    return relinked(log, log["entries"][:2])


def _a_read(log: Json) -> Json:
    return next(entry for entry in log["entries"] if entry["kind"] == "read")


TAMPERED = "The record of who looked does not add up. Tell the council."
LOG = [
    Attack("truncate the chain", cut, "log/rolled-back", TAMPERED),
    Attack("leave out an entry", scripts.leave_out_an_entry, "log/gap", TAMPERED),
    Attack("bend an entry", bend_an_entry, "log/chain", TAMPERED),
    Attack("rewrite the past", rewrite_the_past, "log/head", TAMPERED),
    Attack("invent a read", invent_a_read, "log/key", TAMPERED),
    Attack("count a read twice", count_a_read_twice, "log/proof", TAMPERED),
    Attack("claim that the resident stopped it", appended("revoked"), "log/end", TAMPERED),
    Attack("forge the resident's stop", forge_a_stop, "log/end", TAMPERED),
    Attack("claim that its time is over", appended("expired"), "log/end", TAMPERED),
    Attack("claim that it was for one read", appended("finished"), "log/end", TAMPERED),
]


def moved(answer: Answer, n: int, head: str = "A" * 43) -> Answer:
    """A read that is said to stand elsewhere in the log."""
    return answer.headed(Log_Position=f"{n} {head}")
