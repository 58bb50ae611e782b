"""Areas `manifest` and `login`."""

from collections.abc import Iterator
from typing import Any

from pds.core import derive, jose, seal
from pds.core.encoding import Json, b64u, digest, jcs, unb64u
from pds.core.login import login_jwk
from protocols.vectors.make import world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.grant_item import GRANT_ITEM, SAID
from protocols.vectors.make.jose_cases import form_attacks, header_attacks
from protocols.vectors.make.keys import an_id, fixed
from protocols.vectors.make.sign import Document, always, ed25519

ROOT = fixed("root", 32)
VAULT, OTHER = an_id("vault"), an_id("another vault")
NAME, MAIL, METHOD = an_id("item name"), an_id("item mail"), an_id("method")
NAME_ITEM: Json = {
    "kind": "attribute",
    "attribute": "person.full_name",
    "value": "Siân O’Connor",
    "source": "self_asserted",
    "as_of": "2026-11-02",
    "history": [],
}
MAIL_ITEM: Json = {**NAME_ITEM, "attribute": "contact.email", "value": "sian@example.org"}
WRAP = fixed("wrap", 285)


def item(id: str, document: Any, rev: int = 1, epoch: int = 1) -> Json:
    """An item as the server gives it."""
    context = seal.Context("item", VAULT, id, rev, epoch)
    plaintext = document if isinstance(document, bytes) else jcs(document)
    key, nonce = derive.item_key(ROOT, VAULT, id), fixed(f"nonce {id} {rev}", 12)
    return {"id": id, "rev": rev, "sealed": b64u(seal.seal(key, context, plaintext, nonce=nonce))}


ITEMS = [item(NAME, NAME_ITEM), item(MAIL, MAIL_ITEM)]


def listed(items: list[Json], kind: str = "attribute") -> Json:
    return {each["id"]: {"rev": each["rev"], "kind": kind, "digest": digest(unb64u(each["sealed"]))} for each in items}


def plain(seq: int, prev: str, **changes: Any) -> Json:
    """A manifest's plaintext."""
    return {
        "v": 1,
        "vault": VAULT,
        "seq": seq,
        "epoch": 1,
        "prev": prev,
        "items": listed(ITEMS),
        "methods": {METHOD: {"kind": "recovery", "digest": digest(WRAP)}},
        "recovery_confirmed": False,
        "grants": {world.GRANT: {"n": 0, "head": ""}},
        "registry": {"keys": [jose.thumbprint(world.registrar)], "seq": 12},
        **changes,
    }


def sealed(document: Any, seq: int, *, epoch: int = 1) -> Json:
    """A manifest as the server gives it, sealed at `seq` whatever is in it."""
    plaintext = document if isinstance(document, bytes) else jcs(document)
    context = seal.Context("manifest", VAULT, "manifest", seq, epoch)
    key, nonce = derive.manifest_key(ROOT, VAULT), fixed(f"nonce manifest {seq}", 12)
    return {"seq": seq, "sealed": b64u(seal.seal(key, context, plaintext, nonce=nonce))}


def mark(manifest: Json) -> str:
    return digest(unb64u(manifest["sealed"]))


FIRST = sealed(plain(1, "", items={}, grants={}), 1)
SECOND = sealed(plain(2, mark(FIRST)), 2)
THIRD = sealed(plain(3, mark(SECOND), recovery_confirmed=True), 3)


def given(manifests: list[Json], **changes: Any) -> Json:
    """The input of `manifest.open`."""
    return {
        "root": b64u(ROOT),
        "vault": VAULT,
        "epoch": 1,
        "known": None,
        "manifests": manifests,
        "items": ITEMS,
        "methods": [{"id": METHOD, "wrap": b64u(WRAP)}],
        **changes,
    }


def known(manifest: Json) -> Json:
    return {"seq": manifest["seq"], "digest": mark(manifest)}


def opening() -> Iterator[Case]:
    """What opens, by what the device knows."""
    output = {"seq": 3, "items": {NAME: NAME_ITEM, MAIL: MAIL_ITEM}}
    for comment, manifests, at in (
        ("a new device takes the newest", [THIRD], None),
        ("a new device takes a chain", [FIRST, SECOND, THIRD], None),
        ("from the known one on", [SECOND, THIRD], known(SECOND)),
        ("from the one after the known one", [THIRD], known(SECOND)),
        ("from before the known one", [FIRST, SECOND, THIRD], known(SECOND)),
        ("nothing new", [THIRD], known(THIRD)),
    ):
        yield valid("manifest.open", comment, given(manifests, known=at), output)
    one = sealed(plain(1, "", items={}, methods={}, grants={}), 1)
    yield valid("manifest.open", "an empty vault", given([one], items=[], methods=[]), {"seq": 1, "items": {}})
    strange = item(NAME, {"kind": "from the future", "x": [1]})
    note = sealed(plain(3, mark(SECOND), items=listed([strange], "from the future")), 3)
    future = given([note], items=[strange])
    yield valid(
        "manifest.open",
        "an unknown kind is kept",
        future,
        {"seq": 3, "items": {NAME: {"kind": "from the future", "x": [1]}}},
    )


def chain_attacks() -> Iterator[Case]:
    """A server that serves another history."""
    fork = sealed(plain(3, mark(SECOND)), 3)
    loose = sealed(plain(3, mark(FIRST)), 3)
    fourth = sealed(plain(4, mark(THIRD)), 4)
    for error, comment, manifests, at in (
        ("manifest/malformed", "no manifest", [], None),
        ("manifest/malformed", "no manifest, where one is known", [], known(THIRD)),
        ("manifest/chain", "prev is not the one before", [SECOND, loose], None),
        ("manifest/chain", "prev is not the known one", [loose], known(SECOND)),
        ("manifest/chain", "a gap", [SECOND, fourth], None),
        ("manifest/chain", "a gap after the known one", [fourth], known(SECOND)),
        ("manifest/chain", "one of them twice", [SECOND, THIRD, THIRD], None),
        ("manifest/chain", "in the wrong order", [THIRD, SECOND], None),
        ("manifest/chain", "the first has a prev", [sealed(plain(1, mark(SECOND)), 1)], None),
        ("manifest/rolled-back", "older than the known one", [SECOND], known(THIRD)),
        ("manifest/rolled-back", "a chain that ends before the known one", [FIRST, SECOND], known(THIRD)),
        ("manifest/forked", "another at the known number", [fork], known(THIRD)),
        (
            "manifest/forked",
            "another at the known number, and one on top of it",
            [fork, sealed(plain(4, mark(fork)), 4)],
            known(THIRD),
        ),
        ("seal/open", "another's number", [{**SECOND, "seq": 3}], None),
        ("seal/open", "a changed byte", [{**THIRD, "sealed": THIRD["sealed"][:-2] + "AA"}], None),
        ("seal/open", "sealed under another epoch", [sealed(plain(3, mark(SECOND)), 3, epoch=2)], None),
    ):
        yield invalid("manifest.open", error, comment, given(manifests, known=at))
    for name, other in (("root", b64u(fixed("another root", 32))), ("vault", OTHER), ("epoch", 2)):
        yield invalid("manifest.open", "seal/open", f"another {name}", given([THIRD], **{name: other}))
    item_blob = {"seq": 3, "sealed": ITEMS[0]["sealed"]}
    yield invalid("manifest.open", "seal/open", "an item in place of the manifest", given([item_blob]))


def content_attacks() -> Iterator[Case]:
    """A manifest that only a broken wallet seals: the next one must not build on it."""
    good = plain(3, mark(SECOND))
    ref = good["items"][NAME]
    for comment, document in (
        ("not JSON", b"{"),
        ("not an object", b"[]"),
        ("a member twice", jcs(good)[:-1] + b',"v":1}'),
        ("an unknown member", {**good, "more": 1}),
        ("a missing member", {name: value for name, value in good.items() if name != "grants"}),
        ("version 2", {**good, "v": 2}),
        ("version true", {**good, "v": True}),
        ("another number in it", {**good, "seq": 4}),
        ("seq is a string", {**good, "seq": "3"}),
        ("prev is no digest", {**good, "prev": "x"}),
        ("an item without rev", {**good, "items": {NAME: {"kind": "attribute", "digest": ref["digest"]}}}),
        ("rev 0", {**good, "items": {NAME: {**ref, "rev": 0}}}),
        ("an item id that is none", {**good, "items": {"__proto__": ref}}),
        ("an unknown kind of method", {**good, "methods": {METHOD: {"kind": "magic", "digest": digest(WRAP)}}}),
        ("recovery_confirmed is a number", {**good, "recovery_confirmed": 1}),
        ("a head where n is 0 is missing", {**good, "grants": {world.GRANT: {"n": 1, "head": ""}}}),
        ("a registrar key that is no thumbprint", {**good, "registry": {"keys": ["x"], "seq": 1}}),
    ):
        yield invalid("manifest.open", "manifest/malformed", comment, given([sealed(document, 3)]))
    yield invalid(
        "manifest.open", "manifest/vault", "another vault in it", given([sealed({**good, "vault": OTHER}, 3)])
    )
    yield invalid("manifest.open", "manifest/epoch", "another epoch in it", given([sealed({**good, "epoch": 2}, 3)]))


def statements() -> Iterator[Case]:
    """Grants get the statements that their items name."""
    other = an_id("other statement")
    statement: Json = {"kind": "statement", "statement": world.parking.compact}

    def opened(**documents: Json) -> Json:
        ids = {"one": NAME, "two": MAIL, "said": SAID, "other": other}
        items = [item(ids[name], document) for name, document in documents.items()]
        kinds = {each["id"]: document["kind"] for each, document in zip(items, documents.values(), strict=True)}
        refs = {id: {**ref, "kind": kinds[id]} for id, ref in listed(items).items()}
        return given([sealed(plain(3, mark(SECOND), items=refs), 3)], items=items)

    named, whole = GRANT_ITEM, {**GRANT_ITEM, "statement": world.parking.compact}
    vault = {"seq": 3, "items": {NAME: whole, MAIL: whole, SAID: statement}}
    two = opened(one=named, two=named, said=statement)
    yield valid("manifest.open", "two grants by one statement", two, vault)
    before = opened(one=whole, two=named, said=statement)
    yield valid("manifest.open", "a grant from before has its statement itself", before, vault)
    for comment, items in (
        ("a grant by a statement that is not there", {"one": named}),
        ("a grant by a statement that is something else", {"one": named, "said": NAME_ITEM}),
        ("a grant by another statement's id", {"one": named, "other": statement}),
    ):
        yield invalid("manifest.open", "manifest/item-missing", comment, opened(**items))


def item_attacks() -> Iterator[Case]:
    """Items and wraps that are not those listed."""
    name, mail = ITEMS
    second = item(NAME, NAME_ITEM, rev=2)
    for error, comment, items in (
        ("manifest/item-missing", "an item is missing", [name]),
        ("manifest/item-unlisted", "an item is unlisted", [*ITEMS, item(an_id("third"), NAME_ITEM)]),
        ("manifest/item-unlisted", "an item is given twice", [*ITEMS, name]),
        (
            "manifest/item-changed",
            "two items are swapped",
            [{**name, "sealed": mail["sealed"]}, {**mail, "sealed": name["sealed"]}],
        ),
        ("manifest/item-changed", "a changed byte", [{**name, "sealed": name["sealed"][:-2] + "AA"}, mail]),
        ("manifest/item-changed", "another revision", [second, mail]),
        ("manifest/item-changed", "the same bytes as another revision", [{**name, "rev": 2}, mail]),
    ):
        yield invalid("manifest.open", error, comment, given([THIRD], items=items))
    wrap, method = b64u(WRAP), an_id("another method")
    for comment, methods in (
        ("a wrap is missing", []),
        ("a wrap is unlisted", [{"id": METHOD, "wrap": wrap}, {"id": method, "wrap": wrap}]),
        ("a wrap is given twice", [{"id": METHOD, "wrap": wrap}] * 2),
        ("a wrap of another method", [{"id": method, "wrap": wrap}]),
        ("a changed byte in a wrap", [{"id": METHOD, "wrap": b64u(WRAP[:-1] + bytes([WRAP[-1] ^ 1]))}]),
    ):
        yield invalid("manifest.open", "manifest/wrap-changed", comment, given([THIRD], methods=methods))
    for error, comment, items, listing in (
        ("item/kind", "the item is of another kind", ITEMS, listed(ITEMS, "grant")),
        ("item/kind", "the item is no object", [item(NAME, b"[]")], None),
        ("item/kind", "the item has no kind", [item(NAME, {"attribute": "x"})], None),
        ("seal/open", "listed, and sealed under another revision", [{**second, "rev": 1}], None),
        ("seal/open", "listed, and sealed under another epoch", [item(NAME, NAME_ITEM, epoch=2)], None),
    ):
        document = plain(3, mark(SECOND), items=listing or listed(items))
        yield invalid("manifest.open", error, comment, given([sealed(document, 3)], items=items))


def manifest() -> Iterator[Case]:
    yield from opening()
    yield from statements()
    yield from chain_attacks()
    yield from content_attacks()
    yield from item_attacks()


def login() -> Iterator[Case]:
    """Login proofs."""
    seed, now = fixed("login seed", 32), world.NOW
    nonce = world.opaque("login nonce")
    claims = {"aud": world.ISSUER, "vault": VAULT, "method": METHOD, "nonce": nonce, "iat": now}
    good = Document({"alg": "EdDSA", "typ": "login+jwt"}, claims, ed25519(seed))
    expected: Json = {
        "public": login_jwk(seed)["x"],
        "origin": world.ISSUER,
        "vault": VAULT,
        "method": METHOD,
        "nonce": nonce,
        "now": now,
    }

    def given(proof: str, **changes: Any) -> Json:
        return {"proof": proof, **expected, **changes}

    yield valid("login.verify", "a proof", given(good.compact), {"iat": now})
    for seconds in (60, -60):
        at = good.claiming(iat=now - seconds)
        yield valid("login.verify", f"{seconds} s old", given(at.compact), {"iat": now - seconds})
        late = good.claiming(iat=now - seconds - (1 if seconds > 0 else -1))
        yield invalid("login.verify", "login/time", f"more than {seconds} s old", given(late.compact))
    for error, name, value in (
        ("login/audience", "aud", "https://pds.anytown.example.evil.example"),
        ("login/audience", "aud", world.ISSUER + "/"),
        ("login/vault", "vault", OTHER),
        ("login/vault", "method", an_id("another method")),
        ("login/nonce", "nonce", world.opaque("another nonce")),
        ("login/members", "aud", [world.ISSUER]),
        ("login/members", "iat", str(now)),
        ("login/members", "iat", True),
        ("login/members", "vault", None),
        ("login/members", "more", 1),
    ):
        yield invalid("login.verify", error, f"{name} is {value!r}", given(good.claiming(**{name: value}).compact))
    for name in claims:
        yield invalid("login.verify", "login/members", f"no {name}", given(good.without(name).compact))
    for error, comment, token in (*form_attacks(good, 8192), *header_attacks(good)):
        yield invalid("login.verify", error, comment, given(token))
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": expected["public"]}
    yield invalid("login.verify", "jose/header", "a key in the header", given(good.headed(jwk=jwk).compact))
    yield invalid(
        "login.verify", "jose/algorithm", "Ed25519 instead of EdDSA", given(good.headed(alg="Ed25519").compact)
    )
    yield invalid("login.verify", "jose/algorithm", "ES256", given(good.headed(alg="ES256").compact))
    whole = unb64u(good.compact.split(".")[2])
    scalar = int.from_bytes(whole[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    for comment, bad in (
        ("a changed byte", bytes([whole[0] ^ 1]) + whole[1:]),
        ("S plus the order (RFC 8032 section 5.1.7)", whole[:32] + scalar.to_bytes(32, "little")),
        ("zeros", bytes(64)),
        ("one byte short", whole[:-1]),
        ("one byte long", whole + b"\x00"),
        ("empty", b""),
    ):
        wrong = good.signed(always(bad))
        yield invalid("login.verify", "jose/signature", f"signature: {comment}", given(wrong.compact))
    other = login_jwk(fixed("another seed", 32))["x"]
    yield invalid("login.verify", "jose/signature", "the key of another vault", given(good.compact, public=other))
    identity = b64u((1).to_bytes(32, "little"))
    forged = good.signed(always((1).to_bytes(32, "little") + bytes(32)))
    comment = "a key of small order, under which anybody's signature of zeros holds"
    yield invalid("login.verify", "jose/key", comment, given(forged.compact, public=identity))
    yield invalid("login.verify", "jose/payload", "a payload that is an array", given(good.raw(claims=b"[]").compact))
