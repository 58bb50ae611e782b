"""Wrong requests to every endpoint: verb, type, encoding, size, address. Refused in its dialect, nothing changed."""

import gzip
import json
from collections.abc import AsyncIterator, Iterator

import pytest

from pds.core.encoding import Json
from tests.conftest import Running
from tests.faults.endpoints import ENDPOINTS, ID, MIB, Dialect, Endpoint, complaint, headers_always, verbs_of
from tests.faults.raw import Answer, message, send
from tests.faults.tables import changed, dump
from tests.faults.world import World, a_world

VERBS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND QUERY LINK".split()
NO_CHUNKS = {"no size": b"zz\r\n{}\r\n", "a longer one": b"1\r\n{}}}}\r\n", "a huge one": b"f" * 40}
# Acts that are a commit of the vault too.
COMMITS = ("/commit.json", "/method.json", "/approval.json", "/revocation.json", "/publication.json")
READING = [each for each in ENDPOINTS if each.body]


@pytest.fixture
async def world(pds: Running) -> AsyncIterator[World]:
    async with a_world(pds) as made:
        before = await dump()
        yield made
        assert changed(before, await dump()) == [], "something changed"


async def asked(world: World, each: Endpoint, *, verb: str = "", **given: object) -> Answer:
    """One request to an endpoint, with the wallet's cookie; `headers` and `body` as given."""
    headers = [("Cookie", world.cookie), *given.get("headers", [("Content-Type", each.kind)])]  # type: ignore[misc]
    body = given.get("body", b"")
    assert isinstance(body, bytes)
    return await send(world.pds.issuer, message(verb or each.verb, each.target, headers, body))


def wrong(found: dict[str, str]) -> dict[str, str]:
    return {name: said for name, said in found.items() if said}


def test_every_route_is_listed_here(pds_routes: set[tuple[str, str]]) -> None:
    listed = {(verb, each.path) for each in ENDPOINTS for verb in verbs_of(each.path)}
    assert pds_routes == listed, "a route is new or gone: list it in tests/faults/endpoints.py"


@pytest.fixture
async def pds_routes(pds: Running) -> set[tuple[str, str]]:
    assert pds.app is not None
    routes = pds.app.router.routes()
    return {(route.method, route.resource.canonical) for route in routes if route.resource is not None}


async def test_no_endpoint_takes_another_verb(world: World) -> None:
    always, found = await headers_always(), {}
    for each in ENDPOINTS:
        for verb in set(VERBS) - verbs_of(each.path):
            answer = await asked(world, each, verb=verb)
            dialect = "oauth" if each.dialect == "page" else each.dialect
            said = complaint(answer, dialect, always, {405})
            allowed = set(answer.headers.get("Allow", "").replace(" ", "").split(","))
            if not said and allowed != verbs_of(each.path):
                said = f"Allow: {allowed}"
            found[f"{verb} {each.path}"] = said
    assert wrong(found) == {}


async def test_no_endpoint_reads_another_type_or_an_encoded_body(world: World) -> None:
    always, found = await headers_always(), {}
    for each in READING:
        for name, headers in _types(each):
            dialect = "oauth" if each.dialect == "page" else each.dialect
            answer = await asked(world, each, headers=headers, body=gzip.compress(b"{}") if "gzip" in name else b"{}")
            found[f"{each} {name}"] = complaint(answer, dialect, always, {415})
    assert wrong(found) == {}


def _types(each: Endpoint) -> Iterator[tuple[str, list[tuple[str, str | bytes]]]]:
    right = ("Content-Type", each.kind)
    other = "application/json" if each.body == "form" else "application/x-www-form-urlencoded"
    for kind in (other, "text/plain", "multipart/form-data; boundary=a", "application/xml", "", "a", "*/*", "/"):
        yield f"as {kind!r}", [("Content-Type", kind)]
    yield "as nothing", []
    yield "as bytes", [("Content-Type", b"\xff\xfe")]
    for charset in ("utf-16", "utf-7", "iso-8859-1", "idna", "rot13", "x" * 999):
        yield f"in {charset:.9}", [("Content-Type", f"{each.kind}; charset={charset}")]
    for coding in ("gzip", "deflate", "br", "zstd", "identity, gzip", "x" * 999):
        yield f"coded {coding:.9}", [right, ("Content-Encoding", coding)]


async def test_a_body_beyond_the_limit_is_refused_however_it_is_sent(world: World) -> None:
    always, found = await headers_always(), {}
    for each in READING:
        dialect = "oauth" if each.dialect == "page" else each.dialect
        big = b"a" * (max(each.most, MIB) + 16)
        kind = [("Cookie", world.cookie), ("Content-Type", each.kind)]
        found[f"{each} told"] = complaint(await asked(world, each, body=big), dialect, always, {413})
        chunks = [b"%x\r\n%s\r\n" % (len(big) // 8, big[: len(big) // 8])] * 9
        head = message(each.verb, each.target, [*kind, ("Transfer-Encoding", "chunked")])
        answer = await send(world.pds.issuer, head, *chunks, b"0\r\n\r\n")
        found[f"{each} in chunks"] = complaint(answer, dialect, always, {413})
        endless = await send(world.pds.issuer, head, *chunks)
        found[f"{each} without end"] = complaint(endless, dialect, always, {413})
        # A length that is a lie: the first two bytes are the body, the rest would be another request.
        lie = message(each.verb, each.target, [*kind, ("Content-Length", "2")], big)
        answer = await send(world.pds.issuer, lie)
        # Whether the first is answered before the second is found to be none, is a matter of luck.
        found[f"{each} said to be small"] = complaint(answer, dialect, always) and complaint(answer, "problem", always)
    assert wrong(found) == {}


async def test_a_body_that_breaks_off_or_is_no_chunk_is_refused(world: World) -> None:
    always, found = await headers_always(), {}
    for each in READING:
        head = [("Cookie", world.cookie), ("Content-Type", each.kind), ("Transfer-Encoding", "chunked")]
        for name, chunk in NO_CHUNKS.items():
            parts = message(each.verb, each.target, head), b"2\r\n{}\r\n", chunk
            answer = await send(world.pds.issuer, *parts)
            # It depends on how the bytes arrive whether the endpoint has begun to read them.
            dialects: tuple[Dialect, ...] = ("problem", "oauth")
            found[f"{each} {name}"] = min(complaint(answer, dialect, always, {400}) for dialect in dialects)
    assert wrong(found) == {}


async def test_a_body_where_none_belongs_is_not_looked_at(world: World) -> None:
    found = {}
    for each in ENDPOINTS:
        if not each.body:
            bare = await asked(world, each, headers=[])
            answer = await asked(world, each, headers=[("Content-Encoding", "gzip")], body=b"[" * MIB)
            found[str(each)] = "" if bare.status == answer.status < 500 else f"{bare.status} and {answer.status}"
    assert wrong(found) == {}


async def test_an_id_that_is_none_or_somebody_elses_is_not_there(world: World) -> None:
    always, found = await headers_always(), {}
    ids = (ID, "%00" * 22, "..%2f..%2fdata", "%ff%fe", "A" * 5000, "%0d%0aSet-Cookie:a", "%", "%zz", "'", "{id}", "*")
    for each in ENDPOINTS:
        if "{" not in each.path or each.dialect != "problem":
            continue
        for id in ids:
            address = each.path.replace("{id}", id).replace("{digest}", id)
            headers = [("Cookie", world.cookie), ("Content-Type", each.kind)]
            body = json.dumps(world.body(each.path)[1]).encode() if each.body else b""
            answer = await send(world.pds.issuer, message(each.verb, address, headers, body))
            found[f"{each} {id}"] = complaint(answer, "problem", always, {404})
    assert wrong(found) == {}


async def test_what_is_somebody_elses_is_answered_as_what_is_not_there(pds: Running) -> None:
    always, found = await headers_always(), {}
    async with a_world(pds) as mine, a_world(pds) as theirs:
        before = await dump()
        _, publication = mine.body("/api/publications")
        publication["disclosures"][0]["grant_id"] = theirs.grant.grant_id
        asked_for: list[tuple[str, str, Json | None]] = [
            ("GET", f"/api/grants/{theirs.grant.grant_id}/log", None),
            ("GET", f"/api/requests/{theirs.question.id}", None),
            ("POST", "/api/publications", publication),
        ]
        paths = "/api/grants/{id}/revocation", "/api/requests/{id}/approval", "/api/requests/{id}/refusal"
        asked_for += [("POST", *theirs.body(path)) for path in paths]
        for verb, target, document in asked_for:
            body = b"" if document is None else json.dumps(document).encode()
            headers = [("Cookie", mine.cookie), ("Content-Type", "application/json")]
            answer = await send(pds.issuer, message(verb, target, headers, body))
            found[f"{verb} {target}"] = complaint(answer, "problem", always, {404})
        assert changed(before, await dump()) == []
    assert wrong(found) == {}


async def test_what_another_device_has_overtaken_is_told_so_and_changes_nothing(pds: Running) -> None:
    always, found = await headers_always(), {}
    async with a_world(pds) as world:
        stale = [world.body(each.path) for each in READING if each.schema.endswith(COMMITS)]
        await world.resident.change("contact.mobile", "07700 900123")
        before = await dump()
        for target, body in stale:
            headers = [("Cookie", world.cookie), ("Content-Type", "application/json")]
            answer = await send(pds.issuer, message("POST", target, headers, json.dumps(body).encode()))
            found[target] = complaint(answer, "problem", always, {412})
        assert changed(before, await dump()) == []
    assert len(found) == len(COMMITS)
    assert wrong(found) == {}
