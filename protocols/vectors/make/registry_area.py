"""Area `registry`."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, digest
from protocols.vectors.make import keys, world
from protocols.vectors.make.addresses import NOT_FOR_NOTICES
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import some_attacks
from protocols.vectors.make.sign import Document, by_kid, es256
from protocols.vectors.make.world import DAY, NOW, PARKING

NEXT = keys.p256("next registrar")
AFTER = "post_logout_redirect_uris"
PINNED = jose.thumbprint(world.registrar)


def registry() -> Iterator[Case]:
    yield from index_good()
    yield from index_wrong()
    yield from statement_good()
    yield from statement_wrong()
    yield from purposes_wrong()


def given_index(index: str, **changes: Any) -> Json:
    release = [keys.jwk(world.registrar)]
    return {"index": index, "keys": [PINNED], "release_keys": release, "seq": 11, "now": NOW, **changes}


def index_good() -> Iterator[Case]:
    good = world.the_index
    pinned: Json = {"seq": 12, "keys": [PINNED]}
    both = [keys.jwk(world.registrar), keys.jwk(NEXT)]
    rolled = good.claiming(jwks={"keys": both})
    thumbprints = [PINNED, jose.thumbprint(NEXT)]
    by_next = by_kid(jose.INDEX, rolled.claims, NEXT)
    for comment, given, output in (
        ("an index", given_index(good.compact), pinned),
        ("the one already pinned", given_index(good.compact, seq=12), pinned),
        ("the first that a device sees", given_index(good.compact, seq=0), pinned),
        ("a new key, which the old one signed", given_index(rolled.compact), {"seq": 12, "keys": thumbprints}),
        (
            "signed by a pinned key that only the index holds",
            given_index(by_next.compact, keys=[jose.thumbprint(NEXT)], release_keys=[]),
            {"seq": 12, "keys": thumbprints},
        ),
        ("9 s after its end", given_index(good.compact, now=good.claims["exp"] + 9), pinned),
        ("10 s ahead", given_index(good.compact, now=good.claims["iat"] - 10), pinned),
        ("7 days long", given_index(good.claiming(exp=NOW + 6 * DAY).compact), pinned),
        ("30 days long", given_index(good.claiming(exp=NOW + 29 * DAY).compact), pinned),
        ("no services", given_index(good.claiming(statements={}).compact), pinned),
    ):
        yield valid("registry.index", comment, given, output)


def index_wrong() -> Iterator[Case]:
    good = world.the_index
    op = "registry.index"
    planted = good.claiming(jwks={"keys": [keys.jwk(world.registrar), keys.jwk(world.stranger)]})
    for comment, given in (
        ("signed by a stranger", given_index(by_kid(jose.INDEX, good.claims, world.stranger).compact)),
        ("signed by a stranger who is in it", given_index(by_kid(jose.INDEX, planted.claims, world.stranger).compact)),
        ("a key of the release that is no longer pinned", given_index(good.compact, keys=[jose.thumbprint(NEXT)])),
        ("no key pinned", given_index(good.compact, keys=[])),
        ("no kid", given_index(good.headless("kid").compact)),
    ):
        yield invalid(op, "registry/key-unknown", comment, given)
    for error, comment, given in (
        ("registry/index-expired", "10 s after its end", given_index(good.compact, now=good.claims["exp"] + 10)),
        ("registry/time", "11 s ahead", given_index(good.compact, now=good.claims["iat"] - 11)),
        ("registry/time", "less than 7 days long", given_index(good.claiming(exp=NOW + 6 * DAY - 1).compact)),
        ("registry/time", "more than 30 days long", given_index(good.claiming(exp=NOW + 29 * DAY + 1).compact)),
        ("registry/index-old", "older than the pinned one", given_index(good.compact, seq=13)),
    ):
        yield invalid(op, error, comment, given)
    for comment, wrong in (
        ("an unknown member", good.claiming(more=1)),
        ("no statements", good.without("statements")),
        ("a statement that is no digest", good.claiming(statements={PARKING: "x"})),
        ("no keys", good.claiming(jwks={"keys": []})),
        ("a private key", good.claiming(jwks={"keys": [world.private_jwk("registrar")]})),
        ("a key with a kid", good.claiming(jwks={"keys": [{**keys.jwk(world.registrar), "kid": "1"}]})),
        ("seq is a string", good.claiming(seq="12")),
        ("seq is 0", good.claiming(seq=0)),
        ("iat is null", good.claiming(iat=None)),
    ):
        yield invalid(op, "registry/members", comment, given_index(wrong.compact))
    for error, comment, token in some_attacks(good):
        yield invalid(op, error, comment, given_index(token))
    jwk = {**keys.jwk(world.registrar)}
    yield invalid(op, "jose/header", "a key in the header", given_index(good.headed(jwk=jwk).compact))


def given_statement(statement: Document, index: Document | None = None, now: int = NOW) -> Json:
    listing = index or world.index(statement)
    return {"statement": statement.compact, "index": listing.compact, "now": now}


def edited(edit: Callable[[Json], Any], base: Document = world.parking) -> Document:
    """The statement after `edit` of its claims."""
    claims = deepcopy(base.claims)
    edit(claims)
    return by_kid(jose.STATEMENT, claims, world.registrar)


def data(claims: Json) -> Json:
    found: Json = claims["metadata"]["resident_data_service"]
    return found


def client(claims: Json) -> Json:
    found: Json = claims["metadata"]["openid_relying_party"]
    return found


def to_notices(claims: Json, uri: Any) -> None:
    data(claims).update(notice_uri=uri)


def to_logout(claims: Json, uri: Any) -> None:
    client(claims).update(backchannel_logout_uri=uri)


def statement_good() -> Iterator[Case]:
    good = world.parking
    output = {"client_id": PARKING, "enc_jkt": jose.thumbprint(world.sealing), "name": "Anytown parking"}
    old = keys.p256("parking decrypted")
    retired = {"use": "enc", "retired": True, "kid": jose.thumbprint(old), **keys.jwk(old)}
    ed25519 = {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "kid": "2",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    for comment, statement, now in (
        ("a statement", good, NOW),
        ("9 s after its end", good, good.claims["exp"] + 9),
        ("an area purpose", world.zoned, NOW),
        ("a retired encryption key", edited(lambda c: c["jwks"]["keys"].insert(0, retired)), NOW),
        (
            "an Ed25519 and an RSA signature key",
            edited(lambda c: c["jwks"]["keys"].extend([ed25519, {"use": "sig", "kid": "3", **keys.rsa_jwk()}])),
            NOW,
        ),
        ("a demo on this machine", edited(lambda c: data(c).update(home="http://parking.localhost:8080/")), NOW),
        (
            "notices on the other port",
            edited(lambda c: data(c).update(notice_uri="https://notices.anytown.example:8443/?of=parking")),
            NOW,
        ),
        (
            "logout tokens, each with a session",
            edited(
                lambda c: client(c).update(
                    backchannel_logout_uri=PARKING + "/logout", backchannel_logout_session_required=True
                )
            ),
            NOW,
        ),
        ("logout tokens", edited(lambda c: client(c).update(backchannel_logout_uri=PARKING + "/logout")), NOW),
        ("an address for after a sign-out", edited(lambda c: client(c).update({AFTER: [PARKING + "/bye?x=1"]})), NOW),
        ("no address for after a sign-out", edited(lambda c: client(c).update({AFTER: []})), NOW),
        ("no notice, no purposes", edited(lambda c: data(c).update(notice_uri=None, purposes=[], counters=[])), NOW),
    ):
        index = world.the_index if statement is good else None
        yield valid("registry.statement", comment, given_statement(statement, index, now), output)


def statement_wrong() -> Iterator[Case]:
    op, good = "registry.statement", world.parking
    listed = world.the_index
    enc = deepcopy(good.claims["jwks"]["keys"][1])
    for error, comment, given in (
        (
            "registry/key-unknown",
            "signed by a stranger",
            given_statement(by_kid(jose.STATEMENT, good.claims, world.stranger)),
        ),
        ("registry/key-unknown", "no kid", given_statement(good.headless("kid"))),
        ("jose/signature", "a stranger under the registrar's kid", given_statement(good.signed(es256(world.stranger)))),
        ("registry/statement-unlisted", "a suspended service", given_statement(good, world.index(world.library))),
        (
            "registry/statement-unlisted",
            "listed under another service",
            given_statement(good, listed.claiming(statements={world.LIBRARY: digest(good.compact)})),
        ),
        (
            "registry/statement-changed",
            "a newer one, not listed yet",
            given_statement(good.claiming(exp=NOW + 91 * DAY), listed),
        ),
        (
            "registry/statement-changed",
            "the same claims under another signature",
            given_statement(malleated(good), listed),
        ),
        ("registry/issuer", "another issuer", given_statement(good.claiming(iss="https://evil.example"))),
        ("registry/time", "10 s after its end", given_statement(good, listed, good.claims["exp"] + 10)),
        ("registry/time", "11 s ahead", given_statement(good.claiming(iat=NOW + 11))),
    ):
        yield invalid(op, error, comment, given)
    for comment, edit in (
        ("an unknown member", lambda c: c.update(more=1)),
        ("an unknown member of the service", lambda c: data(c).update(more=1)),
        ("no Welsh name", lambda c: data(c).update(name={"en": "Parking"})),
        ("an empty name", lambda c: data(c).update(name=world.words("", "x"))),
        ("another tier", lambda c: data(c).update(tier="friend")),
        ("another way to authenticate", lambda c: client(c).update(token_endpoint_auth_method="none")),
        ("no redirect address", lambda c: client(c).update(redirect_uris=[])),
        (
            "a redirect address without TLS",
            lambda c: client(c).update(redirect_uris=["http://parking.anytown.example/back"]),
        ),
        ("a redirect address that is a script", lambda c: client(c).update(redirect_uris=["javascript:alert(1)"])),
        (
            "a redirect address with a user",
            lambda c: client(c).update(redirect_uris=["https://parking.anytown.example@evil.example/"]),
        ),
        ("a redirect address with a fragment", lambda c: client(c).update(redirect_uris=[PARKING + "/#x"])),
        ("a redirect address with a line feed", lambda c: client(c).update(redirect_uris=[PARKING + "/\nx"])),
        ("an address for after a sign-out without TLS", lambda c: client(c).update({AFTER: ["http://evil.example/"]})),
        ("an address for after a sign-out with a fragment", lambda c: client(c).update({AFTER: [PARKING + "/#x"]})),
        ("an address for after a sign-out that is no list", lambda c: client(c).update({AFTER: PARKING + "/bye"})),
        ("no list of addresses for after a sign-out", lambda c: client(c).update({AFTER: None})),
        ("a home that is no address", lambda c: data(c).update(home="https://[::1")),
        ("a host that only looks like localhost", lambda c: data(c).update(home="http://localhost.evil.example/")),
        *(
            (f"{what} {where}", lambda c, change=change, uri=uri: change(c, uri))
            for what, change in (("notices to", to_notices), ("logout tokens to", to_logout))
            for where, uri in NOT_FOR_NOTICES.items()
        ),
        (
            "a session required and no logout address",
            lambda c: client(c).update(backchannel_logout_session_required=True),
        ),
        (
            "a session required as text",
            lambda c: client(c).update(
                backchannel_logout_uri=PARKING + "/logout", backchannel_logout_session_required="true"
            ),
        ),
        ("subject_proof is a string", lambda c: data(c).update(subject_proof="yes")),
        ("exp is a fraction of a day as text", lambda c: c.update(exp="1d")),
    ):
        yield invalid(op, "registry/members", comment, given_statement(edited(edit)))
    for comment, edit in (
        ("no encryption key", lambda c: c["jwks"]["keys"].pop()),
        ("two current encryption keys", lambda c: c["jwks"]["keys"].append(world.service_keys("library")[1])),
        ("no signature key", lambda c: c["jwks"]["keys"].pop(0)),
        ("the kid of the encryption key is not its thumbprint", lambda c: c["jwks"]["keys"][1].update(kid="1")),
        ("a key for nothing", lambda c: c["jwks"]["keys"][0].update(use="any")),
        ("a private key", lambda c: c["jwks"]["keys"][0].update(world.private_jwk("parking signs"))),
        ("a shared secret", lambda c: c["jwks"]["keys"].append({"kty": "oct", "use": "sig", "kid": "x", "k": "AAAA"})),
        ("the encryption key is off the curve", lambda c: c["jwks"]["keys"][1].update(y=enc["x"])),
        (
            "a signature key of small order",
            lambda c: c["jwks"]["keys"].append(
                {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "x", "x": "AQ" + "A" * 41}
            ),
        ),
        ("jwks has another member", lambda c: c["jwks"].update(more=1)),
    ):
        yield invalid(op, "registry/keys", comment, given_statement(edited(edit)))
    for error, comment, token in some_attacks(good):
        yield invalid(op, error, comment, {"statement": token, "index": listed.compact, "now": NOW})


def malleated(document: Document) -> Document:
    """ECDSA: −s signs the same."""

    def sign(message: bytes) -> bytes:
        whole = document.signer(message)
        return whole[:32] + (keys.P256_ORDER - int.from_bytes(whole[32:])).to_bytes(32)

    return document.signed(sign)


def purposes_wrong() -> Iterator[Case]:
    for comment, changes in (
        ("an attribute that the catalogue lacks", {"attributes": {"person.shoe_size": world.asked(True)}}),
        ("an attribute of a later release", {"attributes": {"person.title": world.asked(True)}}),
        ("no why", {"attributes": {"contact.email": {"required": True}}}),
        ("required is a string", {"attributes": {"contact.email": {**world.asked(True), "required": "true"}}}),
        ("shortest over longest", {"shortest_days": 367}),
        ("a hundred years and more", {"longest_days": 36501}),
        ("no access", {"access": []}),
        ("another access", {"access": ["for ever"]}),
        ("access is not a kind", {"access": [{}]}),
        ("another lawful basis", {"lawful_basis": "because"}),
        ("an id in capitals", {"id": "Permit"}),
        ("an id with a line feed", {"id": "permit\n"}),
        ("negative retention", {"retention_days": -1}),
        ("a zone of 49 postcodes", {"zones": {"z": world.zone(49)}}),
        (
            "a zone of 50 with one twice",
            {"zones": {"z": {**world.zone(49), "postcodes": [*world.zone(49)["postcodes"], "AN1 0AA"]}}},
        ),
        ("a zone of numbers", {"zones": {"z": {**world.zone(0), "postcodes": list(range(50))}}}),
        ("no fallback", {"fallback": None}),
        ("an unknown member", {"more": 1}),
    ):
        statement = world.statement(PARKING, "parking", [{**world.purpose("permit"), **changes}])
        yield invalid("registry.statement", "registry/purpose", comment, given_statement(statement))
    twice = world.statement(PARKING, "parking", [world.purpose("permit"), world.purpose("permit")])
    yield invalid("registry.statement", "registry/purpose", "two purposes of one id", given_statement(twice))
