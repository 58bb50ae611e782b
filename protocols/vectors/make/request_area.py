"""Area `request`."""

from collections.abc import Iterator
from typing import Any

from pds.core import jose
from pds.core.encoding import Json, digest
from pds.core.login import login_jwk
from protocols.vectors.make import keys, world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.jose_cases import some_attacks
from protocols.vectors.make.sign import Document, by_kid, ed25519, es256, ps256
from protocols.vectors.make.world import ISSUER, NOW, PARKING, detail

OP = "request.verify"


def given(
    request: Document | str, statement: Document = world.parking, index: Document | None = None, **changes: Any
) -> Json:
    compact = request if isinstance(request, str) else request.compact
    listing = index or (world.the_index if statement in (world.parking, world.library) else world.index(statement))
    return {
        "request": compact,
        "statement": statement.compact,
        "index": listing.compact,
        "issuer": ISSUER,
        "now": NOW,
        **changes,
    }


def output(request: Document, purpose: str = "resident-permit") -> Json:
    details = request.claims.get("authorization_details") or [{"attributes": {}}]
    return {
        "request_hash": digest(request.compact),
        "purpose": purpose,
        "attributes": sorted(details[0]["attributes"]),
    }


def request() -> Iterator[Case]:
    yield from good()
    yield from claims_wrong()
    yield from details_wrong()
    yield from zones()
    yield from signatures()


def good() -> Iterator[Case]:
    permit = world.permit
    for comment, each in (
        ("a request", permit),
        ("no typ, as RFC 9101 allows", permit.headless("typ")),
        ("typ JWT", permit.headed(typ="JWT")),
        ("no kid: each key is tried", permit.headless("kid")),
        ("audience in an array", permit.claiming(aud=[ISSUER])),
        ("one of two audiences", permit.claiming(aud=[ISSUER, "https://other.example"])),
        ("no scope", permit.without("scope")),
        ("claims that only the client knows", permit.claiming(resource=ISSUER, nonce="n", x={"y": [1]})),
        ("long over: the server judged its times", permit.claiming(nbf=NOW - 9000, iat=NOW - 9000, exp=NOW - 8000)),
        ("once", world.request([detail(access="once")])),
        ("the shortest time", world.request([detail(access={"until": "2026-12-23"})])),
        ("the longest time and a day", world.request([detail(access={"until": "2027-11-25"})])),
    ):
        yield valid(OP, comment, given(each), output(each))
    yield valid(OP, "a sign-in", given(world.sign_in), output(world.sign_in, "sign-in"))
    library = world.request(None, "library", world.LIBRARY)
    yield valid(
        OP, "a sign-in of a service without purposes", given(library, world.library), output(library, "sign-in")
    )


def claims_wrong() -> Iterator[Case]:
    permit = world.permit
    for error, comment, wrong in (
        ("request/client", "iss is another service", permit.claiming(iss=world.LIBRARY)),
        ("request/client", "client_id is another service", permit.claiming(client_id=world.LIBRARY)),
        ("request/client", "no iss", permit.without("iss")),
        ("request/audience", "another issuer", permit.claiming(aud="https://other.example")),
        ("request/audience", "a slash too many", permit.claiming(aud=ISSUER + "/")),
        (
            "request/audience",
            "two other audiences",
            permit.claiming(aud=["https://a.example", "https://other.example"]),
        ),
        ("request/audience", "no audience", permit.without("aud")),
        ("request/response-type", "a token from the front", permit.claiming(response_type="code id_token")),
        ("request/redirect", "another address", permit.claiming(redirect_uri="https://evil.example/back")),
        ("request/redirect", "a query too many", permit.claiming(redirect_uri=PARKING + "/back?x=1")),
        ("request/redirect", "another case", permit.claiming(redirect_uri="https://PARKING.anytown.example/back")),
        ("request/redirect", "no address", permit.without("redirect_uri")),
        ("request/scope", "a scope more", permit.claiming(scope="openid profile")),
        ("request/scope", "an empty scope", permit.claiming(scope="")),
        ("request/scope", "neither data nor openid", world.sign_in.without("scope")),
        ("request/pkce", "no challenge", permit.without("code_challenge")),
        ("request/pkce", "plain", permit.claiming(code_challenge_method="plain")),
        ("request/pkce", "no method, which would be plain", permit.without("code_challenge_method")),
        ("request/pkce", "42 characters", permit.claiming(code_challenge="A" * 42)),
        ("request/pkce", "a line feed at the end", permit.claiming(code_challenge="A" * 43 + "\n")),
        ("request/members", "state is a number", permit.claiming(state=1)),
        ("request/members", "two details", permit.claiming(authorization_details=[detail(), detail()])),
        ("request/members", "no details in the array", permit.claiming(authorization_details=[])),
        ("request/members", "details that are an object", permit.claiming(authorization_details=detail())),
        ("request/members", "details as text", permit.claiming(authorization_details="[]")),
    ):
        yield invalid(OP, error, comment, given(wrong))


def details_wrong() -> Iterator[Case]:
    name, mail = {"person.full_name": {"required": True}}, {"contact.email": {"required": True}}
    for error, comment, changes in (
        ("request/members", "another type", {"type": "payment"}),
        ("request/members", "an unknown member", {"more": 1}),
        ("request/members", "no attributes", {"attributes": {}}),
        ("request/members", "attributes in an array", {"attributes": ["person.full_name"]}),
        ("request/members", "65 attributes", {"attributes": {f"x.{n}": {} for n in range(65)}}),
        ("request/members", "an unknown member of an attribute", {"attributes": {"contact.email": {"why": "so"}}}),
        ("request/members", "required is a string", {"attributes": {"person.full_name": {"required": "true"}}}),
        ("request/location", "another place", {"locations": ["https://evil.example/data"]}),
        ("request/location", "two places", {"locations": [f"{ISSUER}/data", "https://evil.example/data"]}),
        ("request/location", "no place", {"locations": []}),
        ("request/purpose", "an unknown purpose", {"purpose": "marketing"}),
        ("request/purpose", "the reserved id", {"purpose": "sign-in"}),
        ("request/purpose", "a name that every object has", {"purpose": "__proto__"}),
        ("request/attribute", "outside the purpose", {"attributes": {**name, "person.date_of_birth": {}}}),
        ("request/attribute", "not in the catalogue", {"attributes": {"person.shoe_size": {}}}),
        ("request/attribute", "a name that every object has", {"attributes": {"constructor": {}}}),
        ("request/required", "required, which the purpose has optional", {"attributes": mail}),
        ("request/zone", "a zone where none belongs", {"attributes": {"contact.email": {"zone": "zone-a"}}}),
        ("request/access", "an unknown kind", {"access": "always"}),
        ("request/access", "no end", {"access": {}}),
        ("request/access", "a time as well", {"access": {"until": world.UNTIL, "from": "2026-11-23"}}),
        ("request/access", "no such day", {"access": {"until": "2027-02-29"}}),
        ("request/access", "a day without zeros", {"access": {"until": "2027-3-1"}}),
        ("request/access", "a week", {"access": {"until": "2027-W10-1"}}),
        ("request/access", "a time", {"access": {"until": "2027-11-23T00:00:00Z"}}),
        ("request/access", "a number", {"access": {"until": 20271123}}),
        ("request/duration", "a day too short", {"access": {"until": "2026-12-22"}}),
        ("request/duration", "a day too long", {"access": {"until": "2027-11-26"}}),
        ("request/duration", "in the past", {"access": {"until": "2025-11-23"}}),
        ("request/duration", "the last day of the calendar", {"access": {"until": "9999-12-31"}}),
        ("request/encryption-key", "a key of somebody else", {"enc_jkt": jose.thumbprint(world.stranger)}),
        ("request/encryption-key", "the signature key", {"enc_jkt": jose.thumbprint(world.signing)}),
        ("request/encryption-key", "no key", {"enc_jkt": None}),
    ):
        yield invalid(OP, error, comment, given(world.request([detail(**changes)])))
    missing = {key: value for key, value in detail().items() if key != "enc_jkt"}
    yield invalid(OP, "request/members", "no enc_jkt", given(world.request([missing])))
    standing = world.statement(PARKING, "parking", [world.purpose("resident-permit", access=["until"])])
    yield invalid(
        OP, "request/access", "once, which the purpose has not", given(world.request([detail(access="once")]), standing)
    )
    single = world.statement(PARKING, "parking", [world.purpose("resident-permit", access=["once"])])
    yield invalid(OP, "request/access", "until, which the purpose has not", given(world.permit, single))


def zones() -> Iterator[Case]:
    def asks(wish: Json) -> Document:
        attributes = {"address.lives_in_area": wish}
        return world.request([detail(purpose="zone-check", attributes=attributes, access="once")])

    good = asks({"required": True, "zone": "zone-a"})
    yield valid(OP, "an area answer", given(good, world.zoned), output(good, "zone-check"))
    for comment, wish in (
        ("no zone", {}),
        ("an unknown zone", {"zone": "zone-b"}),
        ("a name that every object has", {"zone": "toString"}),
        ("a zone of our own making", {"zone": {"postcodes": ["AN1 2AB"]}}),
    ):
        yield invalid(OP, "request/zone", comment, given(asks(wish), world.zoned))


def signatures() -> Iterator[Case]:
    permit, subject = world.permit, keys.fixed("parking ed25519", 32)
    from_key = {"use": "sig", "kid": "ed", **login_jwk(subject)}
    rsa = {"use": "sig", "kid": "rsa", "alg": "PS256", **keys.rsa_jwk()}
    claims = {**world.parking.claims, "jwks": {"keys": [*world.service_keys("parking"), from_key, rsa]}}
    statement = by_kid(jose.STATEMENT, claims, world.registrar)
    for algorithm, kid, signer in (
        ("EdDSA", "ed", ed25519(subject)),
        ("Ed25519", "ed", ed25519(subject)),
        ("PS256", "rsa", ps256),
    ):
        each = permit.headed(alg=algorithm, kid=kid).signed(signer)
        yield valid(OP, f"signed by {algorithm}", given(each, statement), output(each))
        none = each.headless("kid")
        yield valid(OP, f"signed by {algorithm}, no kid", given(none, statement), output(none))
    yield invalid(OP, "jose/key", "ES256 by a kid that is Ed25519", given(permit.headed(kid="ed"), statement))
    yield invalid(
        OP, "jose/key", "PS256, of which the service has no key", given(permit.headed(alg="PS256").signed(ps256))
    )
    yield invalid(OP, "jose/key", "an unknown kid", given(permit.headed(kid="other")))
    decrypts = permit.headed(kid=jose.thumbprint(world.sealing)).signed(es256(world.sealing))
    yield invalid(OP, "jose/key", "signed by the encryption key", given(decrypts))
    yield invalid(OP, "jose/header", "a key in the header", given(permit.headed(jwk=keys.jwk(world.signing))))
    yield invalid(
        OP, "registry/statement-unlisted", "a suspended service", given(permit, index=world.index(world.library))
    )
    yield invalid(
        OP, "request/client", "a request of another service", given(world.request(None, "parking", world.LIBRARY))
    )
    for error, comment, token in some_attacks(permit):
        yield invalid(OP, error, comment, given(token))
    long = permit.claiming(nonce="n" * 32768)
    yield invalid(OP, "jose/too-long", "longer than 32768 bytes", given(long))
