"""What is no HTTP, or HTTP that nobody sends: refused with our headers, in our words, and nothing of it repeated."""

import logging
from typing import Any

import pytest

from tests.conftest import Running
from tests.faults.endpoints import ID, complaint, headers_always
from tests.faults.raw import message, send
from tests.faults.tables import changed, dump

SECRET = "c2VjcmV0LW9mLXRoZS1jYWxsZXI"
AUTHORIZATION = ("Authorization", f"DPoP {SECRET}")
JSON = ("Content-Type", "application/json")
SESSION = "/api/session"
CHALLENGES = "/api/challenges"


def getting(target: str | bytes, *headers: tuple[str, str | bytes]) -> bytes:
    return message("GET", target, [AUTHORIZATION, *headers])


def posting(*headers: tuple[str, str | bytes], body: bytes = b"{}") -> bytes:
    return message("POST", CHALLENGES, [AUTHORIZATION, JSON, *headers], body)


NO_REQUEST = {
    "an address of 20 KB": getting(f"/{SECRET}" + "a" * 20_000),
    "a query of 1 MB": getting(f"{SESSION}?a={SECRET}" + "a" * 2**20),
    "a header of 20 KB": getting(SESSION, ("X-A", SECRET * 1000)),
    "a header of 1 MB": getting(SESSION, ("Cookie", SECRET * 40_000)),
    "a header's name of 20 KB": getting(SESSION, ("X" * 20_000, SECRET)),
    "500 headers": getting(SESSION, *((f"X-{n}", SECRET) for n in range(500))),
    "a verb nobody knows": message("BREW", f"/{SECRET}"),
    "a verb in small letters": message("get", f"/{SECRET}"),
    "a verb of two words": message("GE T", f"/{SECRET}"),
    "a verb of 20 KB": message("G" * 20_000, SESSION),
    "no address": b"GET HTTP/1.1\r\nHost: a\r\n\r\n",
    "an address without a slash": getting(SECRET),
    "an address with a NUL": getting(f"/{SECRET}\0"),
    "an address of bytes": getting(b"/" + SECRET.encode() + b"\xff\xed\xa0\x80"),
    "a query of bytes": getting(b"/oauth/authorize?client_id=\xff\xed\xa0\x80"),
    "an address with a blank": getting(f"/a {SECRET}"),
    "an absolute address that is none": getting(f"http://[::1/{SECRET}"),
    "an absolute address without a host": getting(f"http:///{SECRET}"),
    "an absolute address with a wrong port": getting(f"http://a:99999/{SECRET}"),
    "no Host": b"GET /api/session HTTP/1.1\r\nX-A: " + SECRET.encode() + b"\r\n\r\n",
    "two Hosts": getting(SESSION, ("Host", "a"), ("Host", SECRET)),
    "two Content-Types": posting(("Content-Type", "text/plain")),
    "a negative length": posting(("Content-Length", "-1")),
    "a length with a sign": posting(("Content-Length", "+2")),
    "a length in hex": posting(("Content-Length", "0x2")),
    "a length in Arabic digits": posting(("Content-Length", "٢".encode())),
    "a length beyond all": posting(("Content-Length", "9" * 40)),
    "two lengths": posting(("Content-Length", "2"), ("Content-Length", "3")),
    "two lengths in one": posting(("Content-Length", "2, 3")),
    "a length and chunks": posting(("Content-Length", "2"), ("Transfer-Encoding", "chunked")),
    "chunks twice": posting(("Transfer-Encoding", "chunked, chunked"), body=b"0\r\n\r\n"),
    "chunks, then gzip": posting(("Transfer-Encoding", "chunked, gzip"), body=b"0\r\n\r\n"),
    "a coding of its own": posting(("Transfer-Encoding", "xchunked"), body=b"0\r\n\r\n"),
    "a NUL in a header": getting(SESSION, ("X-A", f"{SECRET}\0")),
    "a CR in a header": getting(SESSION, ("X-A", f"{SECRET}\rSet-Cookie: a=b")),
    "a LF in a header": getting(SESSION, ("X-A", f"{SECRET}\n : b")),
    "a folded header": getting(SESSION, ("X-A", f"{SECRET}\r\n more")),
    "a blank in a header's name": getting(SESSION, ("X A", SECRET)),
    "a header without a name": getting(SESSION, ("", SECRET)),
    "bytes in a header's name": message("GET", SESSION, [("X-é", SECRET)]),
    "a version nobody knows": b"GET /api/session HTTP/3.7\r\nX-A: " + SECRET.encode() + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SECRET.encode() * 9 + b"\r\n\r\n",
    "noise": bytes(range(256)) + b"\r\n\r\n",
}
# Requests, if strange ones: the status that each gets.
STRANGE = {
    "an absolute address of another host": (message("GET", f"http://evil.example{SESSION}"), {200}),
    "another Host": (message("GET", SESSION, [("Host", "evil.example")]), {200}),
    "a Host that is none": (message("GET", SESSION, [("Host", "a b/\\:99999")]), {200}),
    "two slashes": (message("GET", f"//evil.example{SESSION}"), {404}),
    "dots": (message("GET", "/api/../../../etc/passwd"), {404}),
    "dots in code": (message("GET", "/%2e%2e/%2e%2e/etc/passwd"), {404}),
    "everything": (message("OPTIONS", "*"), {404}),
    "a tunnel": (message("CONNECT", "evil.example:443"), {404}),
    "an upgrade": (message("GET", SESSION, [("Connection", "Upgrade, close"), ("Upgrade", "websocket")]), {200}),
    "an expectation": (posting(("Expect", "a-miracle")), {417}),
    "percent garbage": (message("GET", "/oauth/authorize?client_id=%ff%zz%&request_uri=%00%0d%0a"), {400}),
    "a parameter twice": (message("GET", "/oauth/authorize?client_id=a&client_id=a&request_uri=b"), {400}),
    "a parameter twice in the vault": (message("GET", "/api/vault?since=0&since=1"), {401}),
    "10,000 parameters": (message("GET", "/oauth/authorize?" + "a&" * 5000), {400}),
    "a session of bytes": (message("GET", "/api/grants", [("Cookie", b"__Host-pds=\xff\xfe\xed\xa0\x80")]), {401}),
    "a session of no shape": (message("GET", "/api/grants", [("Cookie", "__Host-pds=" + "'; --" * 9)]), {401}),
    "a browser of bytes": (
        message("GET", f"/api/requests/{ID}", [("Cookie", b"__Host-pds-browser=\xff")]),
        {404},
    ),
    "a token of bytes": (
        message("GET", "/data", [("Authorization", b"DPoP \xff\xed\xa0\x80"), ("DPoP", b"\xff")]),
        {400},
    ),
    "a sign-in's token of bytes": (
        message("GET", "/oauth/userinfo", [("Authorization", b"DPoP \xff\xed\xa0\x80"), ("DPoP", b"\xff.\xff.\xff")]),
        {401},
    ),
    "a tag of bytes": (message("GET", "/data", [("If-None-Match", b'"\xff"')]), {401}),
    "an origin of bytes": (posting(("Origin", b"\xff"), body=b'{"for":"passkey"}'), {403}),
}


async def test_what_is_no_request_is_refused_and_nothing_of_it_is_repeated_or_logged(
    pds: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    always, before, wrong = await headers_always(), await dump(), {}
    for name, data in NO_REQUEST.items():
        answer = await send(pds.issuer, data)
        said = complaint(answer, "problem", always, {400, 431})
        if SECRET.encode() in answer.body or SECRET in str(answer.headers):
            said += "; it repeats what it got"
        if said:
            wrong[name] = said
    assert wrong == {}
    assert changed(before, await dump()) == []
    assert not [record for record in caplog.records if _tells(record)], "a log tells what somebody sent"


def _tells(record: logging.LogRecord) -> bool:
    texts: list[Any] = [record.getMessage(), record.exc_text, record.exc_info and record.exc_info[1]]
    return any(SECRET in str(text) for text in texts)


async def test_a_strange_request_gets_a_clear_answer_and_the_next_one_its_own(pds: Running) -> None:
    always, before, wrong = await headers_always(), await dump(), {}
    for name, (data, statuses) in STRANGE.items():
        answer = await send(pds.issuer, data)
        missing = [header for header in always if header not in answer.headers]
        if statuses == {417} or statuses == {404}:
            missing += [said] if (said := complaint(answer, "problem", always, statuses)) else []
        if answer.status not in statuses or missing or b"evil" in answer.body:
            wrong[name] = f"{answer.status} {answer.body[:100]!r} {missing}"
    assert wrong == {}
    assert changed(before, await dump()) == []
    assert (await send(pds.issuer, message("GET", SESSION))).status == 200
