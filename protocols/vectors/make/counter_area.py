"""Area `counter`."""

from collections.abc import Iterator
from typing import Any

from pds.core import counter, jose
from pds.core.encoding import Json, b64u, digest
from protocols.vectors.make import world
from protocols.vectors.make.case import Case, invalid, valid
from protocols.vectors.make.request_area import given
from protocols.vectors.make.sign import Document
from protocols.vectors.make.world import ISSUER, PARKING, detail

SECRET = bytes(range(240, 256))
CODE = counter.format_code(SECRET)
PREFIX = f"{ISSUER.upper()}/Q/"
ACTS = "open claim miss lock pair leave approve decline collect cancel lapse".split()
STATES = (*counter.LIVE, counter.COLLECTED, counter.VOID)
OP = "counter.request"
HALL, LIBRARY = world.words("Town hall", "Neuadd y dref"), world.words("Central Library", "Y Llyfrgell Ganolog")
_DESKS = [
    world.desk("desk-1", ["resident-permit"]),
    world.desk("desk-2", ["resident-permit"], LIBRARY),
    world.desk("desk-3", ["other"], LIBRARY),
]
SERVICE = world.statement(
    PARKING, "parking", [world.purpose("resident-permit"), world.purpose("other")], counters=_DESKS
)
NOT_AT_A_COUNTER = ("redirect_uri", "code_challenge", "code_challenge_method", "response_type", "state")


def cases() -> Iterator[Case]:
    yield from codes()
    yield from typed()
    yield from states()
    yield from requests()
    yield from desks()


def codes() -> Iterator[Case]:
    for secret in (SECRET, bytes(16), b"\xff" * 16):
        yield valid("counter.format", "a code", {"bytes": b64u(secret)}, counter.format_code(secret))
    yield invalid("counter.format", "counter/code", "17 bytes", {"bytes": b64u(bytes(17))})
    yield valid("counter.address", "a picture of ours", {"address": PREFIX + CODE, "issuer": ISSUER}, CODE)
    local = {"address": "HTTP://LOCALHOST:8080/Q/" + CODE, "issuer": "http://localhost:8080"}
    yield valid("counter.address", "on this machine", local, CODE)
    for error, comment, address in (
        ("counter/origin", "another host", f"HTTPS://EVIL.EXAMPLE/Q/{CODE}"),
        ("counter/origin", "our host as a part of another", f"{ISSUER.upper()}.EVIL.EXAMPLE/Q/{CODE}"),
        ("counter/origin", "our host as a name", f"{ISSUER.upper()}@EVIL.EXAMPLE/Q/{CODE}"),
        ("counter/origin", "a port", f"{ISSUER.upper()}:8443/Q/{CODE}"),
        ("counter/origin", "plain http", PREFIX.replace("HTTPS", "HTTP") + CODE),
        ("counter/origin", "small letters", PREFIX.lower() + CODE),
        ("counter/origin", "another path", f"{ISSUER.upper()}/R/{CODE}"),
        ("counter/origin", "a small q", f"{ISSUER.upper()}/q/{CODE}"),
        ("counter/origin", "a blank before it", f" {PREFIX}{CODE}"),
        ("counter/origin", "the code alone", CODE),
        ("counter/origin", "a long s, whose capital is S", PREFIX.replace("S", "\u017f", 1) + CODE),
        ("counter/origin", "a Cyrillic letter", PREFIX.replace("A", "\u0410", 1) + CODE),
        ("counter/origin", "a fullwidth digit in the code", f"{PREFIX}{CODE[:-1]}\uff10"),
        ("counter/origin", "a mark that nobody sees", f"{PREFIX}{CODE}\u200b"),
        ("counter/code", "25 characters", PREFIX + CODE[:-1]),
        ("counter/code", "27 characters", PREFIX + CODE + "0"),
        ("counter/code", "none", PREFIX),
        ("counter/code", "small letters in the code", PREFIX + CODE.lower()),
        ("counter/code", "a U", f"{PREFIX}U{CODE[1:]}"),
        ("counter/code", "an O is no 0 here", f"{PREFIX}O{CODE[1:]}"),
        ("counter/code", "a bit too many at the end", f"{PREFIX}{CODE[:-1]}1"),
        ("counter/code", "a query", f"{PREFIX}{CODE}?X=1"),
        ("counter/code", "a blank behind it", f"{PREFIX}{CODE} "),
        ("counter/origin", "a line feed behind it", f"{PREFIX}{CODE}\n"),
    ):
        yield invalid("counter.address", error, comment, {"address": address, "issuer": ISSUER})


def typed() -> Iterator[Case]:
    for comment, text, output in (
        ("as it is shown", "ABCD-EFGH", "ABCDEFGH"),
        ("small letters", "abcd-efgh", "ABCDEFGH"),
        ("no hyphen", "abcdefgh", "ABCDEFGH"),
        ("blanks and hyphens anywhere", " a-b c d--efg h ", "ABCDEFGH"),
        ("O for 0, I and L for 1", "OoIi-LlZ9", "001111Z9"),
    ):
        yield valid("counter.typed", comment, {"typed": text}, output)
    for comment, text in (
        ("seven", "ABCD-EFG"),
        ("nine", "ABCD-EFGHJ"),
        ("nothing", ""),
        ("a U", "ABCD-EFGU"),
        ("an asterisk", "ABCD-EFG*"),
        ("a no-break space", "ABCD\u00a0EFGH"),
        ("an en dash", "ABCD\u2013EFGH"),
        ("a dotless i, whose capital is I", "ABCD-EFG\u0131"),
        ("a Cyrillic letter", "\u0410BCD-EFGH"),
        ("fullwidth letters", "\uff21BCD-EFGH"),
        ("a line feed", "ABCD-EFGH\n"),
    ):
        yield invalid("counter.typed", "counter/typed", comment, {"typed": text})
    for text, output in (("0429", "0429"), (" 04 29 ", "0429")):
        yield valid("counter.digits", "four digits", {"typed": text}, output)
    for comment, text in (
        ("three", "042"),
        ("five", "04290"),
        ("Arabic-Indic digits", "\u0660\u0664\u0662\u0669"),
        ("fullwidth digits", "\uff10\uff14\uff12\uff19"),
        ("a letter", "O429"),
        ("a sign", "+429"),
        ("a line feed", "0429\n"),
        ("nothing", ""),
    ):
        yield invalid("counter.digits", "counter/digits", comment, {"typed": text})


def states() -> Iterator[Case]:
    for state in STATES:
        for act in ACTS:
            after, move = counter.TABLE.get((state, act)), {"state": state, "act": act}
            if after is not None:
                yield valid("counter.follow", f"{act} in {state}", move, after)
            else:
                yield invalid("counter.follow", "counter/state", f"{act} in {state}", move)


def asks(desk: Any, claims: Json | None = None, **changes: Any) -> Document:
    """A request at a counter. A claim that is None is left out."""
    made = world.request([detail(**{"desk": desk, **changes})], dpop_jkt=jose.thumbprint(world.stranger), nonce="n")
    for name, value in {**dict.fromkeys(NOT_AT_A_COUNTER), **(claims or {})}.items():
        made = made.without(name) if value is None else made.claiming(**{name: value})
    return made


def at(request: Document | str, shown: str = "desk-1", statement: Document = SERVICE, **changes: Any) -> Json:
    """The case's input: `shown` is the desk of the statement that the resident saw before pairing."""
    return given(request, statement, world.index(statement), shown=shown, **changes)


DESK: Json = {"id": "desk-1", "place": HALL}


def requests() -> Iterator[Case]:
    for comment, each in (
        ("a request at a desk", asks(DESK)),
        ("a response type, which libraries add", asks(DESK, {"response_type": "code"})),
        ("no openid", asks(DESK, {"scope": None})),
        ("once", asks(DESK, access="once")),
    ):
        output = {
            "request_hash": digest(each.compact),
            "purpose": "resident-permit",
            "attributes": sorted(detail()["attributes"]),
            "desk": "desk-1",
        }
        yield valid(OP, comment, at(each), output)
    for error, comment, wrong in (
        ("request/members", "a request online", world.permit),
        ("request/members", "a redirect_uri", asks(DESK, {"redirect_uri": PARKING + "/back"})),
        ("request/members", "a challenge", asks(DESK, {"code_challenge": "A" * 43})),
        ("request/members", "a state", asks(DESK, {"state": "s"})),
        ("request/members", "a response mode", asks(DESK, {"response_mode": "query"})),
        (
            "request/members",
            "no details: there is no signing in at a counter",
            asks(DESK, {"authorization_details": None}),
        ),
        ("request/response-type", "a token from the front", asks(DESK, {"response_type": "token"})),
        ("request/scope", "a scope more", asks(DESK, {"scope": "openid profile"})),
        ("request/desk-key", "no key of the desk", asks(DESK, {"dpop_jkt": None})),
        ("request/desk-key", "no thumbprint", asks(DESK, {"dpop_jkt": "A" * 42})),
        ("request/desk", "an unknown desk", asks({**DESK, "id": "desk-9"})),
        ("request/desk", "a name that every object has", asks({**DESK, "id": "constructor"})),
        ("request/desk", "another desk's place", asks({**DESK, "place": LIBRARY})),
        ("request/desk", "a place in one language", asks({**DESK, "place": {"en": HALL["en"]}})),
        ("request/desk", "a place in a third language", asks({**DESK, "place": {**HALL, "fr": "Mairie"}})),
        ("request/desk", "a place in other letters", asks({**DESK, "place": {**HALL, "en": "T\u043ewn hall"}})),
        ("request/desk", "no place", asks({"id": "desk-1"})),
        ("request/desk", "a member more", asks({**DESK, "more": 1})),
        ("request/desk", "an id alone", asks("desk-1")),
        ("request/desk", "a purpose that this desk does not ask", asks(DESK, purpose="other")),
        ("request/purpose", "a purpose that nobody registered", asks(DESK, purpose="marketing")),
        ("request/client", "of another service", asks(DESK, {"iss": world.LIBRARY})),
        ("request/audience", "for another server", asks(DESK, {"aud": "https://other.example"})),
    ):
        yield invalid(OP, error, comment, at(wrong))
    yield invalid(OP, "counter/desk", "another desk than the one that was shown", at(asks(DESK), "desk-2"))
    here = {"id": "desk-2", "place": LIBRARY}
    yield invalid(OP, "counter/desk", "a request of the desk next to it", at(asks(here), "desk-1"))
    yield invalid(
        "request.verify", "request/members", "a desk in a request online", given(world.request([detail(desk=DESK)]))
    )


def desks() -> Iterator[Case]:
    op, permit = "registry.statement", [world.purpose("resident-permit")]

    def listed(*counters: Json) -> Json:
        statement = world.statement(PARKING, "parking", permit, counters=list(counters))
        return {"statement": statement.compact, "index": world.index(statement).compact, "now": world.NOW}

    good = world.desk("desk-1", ["resident-permit"])
    output = {"client_id": PARKING, "enc_jkt": jose.thumbprint(world.sealing), "name": "Anytown parking"}
    yield valid(op, "two desks", listed(good, {**good, "id": "a" * 64}), output)
    for error, comment, counters in (
        ("registry/counter", "a desk twice", [good, good]),
        ("registry/counter", "a purpose that the service has not", [{**good, "purposes": ["library-card"]}]),
        ("registry/counter", "a purpose twice", [{**good, "purposes": ["resident-permit"] * 2}]),
        ("registry/members", "a desk without purposes", [{**good, "purposes": []}]),
        ("registry/members", "a desk of long ago", [{"id": "desk-1", "place": HALL}]),
        ("registry/members", "capitals in a desk's id", [{**good, "id": "Desk-1"}]),
        ("registry/members", "an id of 65", [{**good, "id": "a" * 65}]),
        ("registry/members", "purposes that are numbers", [{**good, "purposes": [1]}]),
        ("registry/members", "a place without Welsh", [{**good, "place": {"en": "Town hall"}}]),
    ):
        yield invalid(op, error, comment, listed(*counters))
