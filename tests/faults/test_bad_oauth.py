"""Wrong forms, assertions, proofs and request objects: in the words of OAuth, and nothing changes."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from pds.core import jose
from pds.core.encoding import b64u
from tests.conftest import Running
from tests.faults.endpoints import complaint, headers_always
from tests.faults.raw import Answer, message, send
from tests.faults.signed import header_of, sign, wrong_compacts, wrong_objects
from tests.faults.tables import FLEETING, changed, dump
from tests.oauth.client import VERIFIER, Client, fresh

FORM = ("Content-Type", "application/x-www-form-urlencoded")
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Where a wrong value is another right one: any text is a state, and a time may be left out.
FREE = {"state", "nonce", "jti", "iat", "scope"}


@pytest.fixture
async def client(pds: Running) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        made = Client(pds, pds.parking, session)
        before = await dump(without=FLEETING | {"requests"})
        yield made
        assert changed(before, await dump(without=FLEETING | {"requests"})) == [], "something changed"


def right(client: Client, path: str) -> dict[str, str]:
    """A form that this endpoint takes, as far as it can be taken without a resident."""
    more = {
        "/oauth/par": {"request": client.request(authorization_details=client.details())},
        "/oauth/token": {
            "grant_type": "authorization_code",
            "code": b64u(bytes(32)),
            "redirect_uri": client.service.redirect_uri,
            "code_verifier": VERIFIER,
        },
        "/oauth/deposits": {"sub": "A" * 43, "deposit": "a.b.c.d.e"},
    }.get(path, {"token": b64u(bytes(32))})
    assertion = {"client_assertion_type": TYPE, "client_assertion": client.assertion()}
    return {"client_id": client.service.client_id, **assertion, **more}


PATHS = ("/oauth/par", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/deposits")


async def post(client: Client, path: str, body: str | bytes, proof: str | None = None) -> Answer:
    """A form as it is."""
    proofs = [] if path != "/oauth/token" else [("DPoP", proof or client.proof(path))]
    data = body if isinstance(body, bytes) else body.encode("latin-1")
    return await send(client.pds.issuer, message("POST", path, [FORM, *proofs], data))


def wrong_forms(form: dict[str, str]) -> dict[str, str | bytes]:
    """Each parameter missing, empty, twice, overlong, and with what does not belong into any."""
    found: dict[str, str | bytes] = {
        "nothing": b"",
        "bytes": b"\xff\xfe=\xed\xa0\x80",
        "no pairs": b"&&&&",
        "a name only": b"client_id",
        "65 parameters": "&".join(f"a{n}=1" for n in range(65)),
        "JSON": json.dumps(form),
    }
    for name, value in form.items():
        others = {each: form[each] for each in form if each != name}
        found[f"{name} missing"] = urlencode(others)
        found[f"{name} empty"] = urlencode({**form, name: ""})
        found[f"{name} twice"] = urlencode([*form.items(), (name, value)])
        found[f"{name} overlong"] = urlencode({**form, name: value + "A" * 40_000})
        for tail in ("%00", "%0d%0aA:b", "%ff", "%ed%a0%80", "%zz", "%", "+", "%c3%a9", "%3d"):
            found[f"{name} with {tail}"] = f"{urlencode(others)}&{urlencode({name: value})}{tail}"
    return found


@pytest.mark.parametrize("path", PATHS)
async def test_a_wrong_form_is_refused(client: Client, path: str) -> None:
    always, wrong = await headers_always(), {}
    for name in wrong_forms(right(client, path)):
        # A fresh assertion each time: one that was used is refused for that.
        answer = await post(client, path, wrong_forms(right(client, path))[name])
        # An unknown token is no error (RFC 7009 section 2.2, RFC 7662 section 2.2), and no `client_id` is none.
        unknown = name.startswith("token ") and name not in ("token missing", "token empty")
        fine = answer.status in (200, 201) and (unknown or name in ("client_id missing", "client_id empty"))
        if said := "" if fine else complaint(answer, "oauth", always):
            wrong[name] = said
    assert wrong == {}


@pytest.mark.parametrize("path", PATHS)
async def test_an_assertion_that_is_used_expired_or_anothers_is_refused_without_a_reason(
    client: Client, path: str
) -> None:
    always, wrong, now = await headers_always(), {}, client.pds.clock()
    used = right(client, path)
    await post(client, path, urlencode(used))
    assertions = {
        "used": used["client_assertion"],
        "expired": client.assertion(exp=now - 60),
        "for ever": client.assertion(exp=now + 10**6),
        "of tomorrow": client.assertion(nbf=now + 86400),
        "for an endpoint": client.assertion(aud=client.pds.issuer + path),
        "for several": client.assertion(aud=[client.pds.issuer]),
        "by another key": client.assertion(key=jose.new_key()),
        "of another service": client.assertion(iss=client.pds.leisure.client_id),
        "of nobody": client.assertion(iss="https://nobody.example", sub="https://nobody.example"),
        "of a NUL": client.assertion(iss="\0", sub="\0"),
    } | wrong_compacts(client.assertion())
    for name, assertion in assertions.items():
        answer = await post(client, path, urlencode({**right(client, path), "client_assertion": assertion}))
        said = complaint(answer, "oauth", always, {401})
        if said or answer.json().keys() != {"error", "error_description"}:
            wrong[name] = said or f"{answer.json()}"
    assert wrong == {}


async def test_an_assertion_with_any_wrong_claim_or_header_is_refused(client: Client) -> None:
    always, wrong = await headers_always(), {}
    key = client.service.keys.sig

    async def attempt(name: str, header: bytes, payload: bytes, *, must: bool) -> None:
        form = {**right(client, "/oauth/introspect"), "client_assertion": sign(header, payload, key)}
        answer = await post(client, "/oauth/introspect", urlencode(form))
        if said := "" if answer.status == 200 and not must else complaint(answer, "oauth", always, {401}):
            wrong[name] = said

    model = client.assertion()
    claims, header = jose.peek(model), header_of(model)
    for where, name, text in wrong_objects(claims):
        fresh_text = text.replace(str(claims["jti"]).encode(), fresh().encode(), 1)
        await attempt(
            f"{where} {name}", json.dumps(header).encode(), fresh_text, must=where[:1] not in {("jti",), ("iat",)}
        )
    for where, name, text in wrong_objects(header):
        payload = json.dumps(claims | {"jti": fresh()}).encode()
        free = where == ("typ",) and name == "missing"
        await attempt(f"header {where} {name}", text, payload, must=not free)
    assert wrong == {}


@pytest.mark.parametrize(("verb", "path"), [("POST", "/oauth/token"), ("GET", "/oauth/userinfo"), ("GET", "/data")])
async def test_a_wrong_proof_is_refused(client: Client, verb: str, path: str) -> None:
    always, wrong = await headers_always(), {}
    dialect, status = ("data", 401) if path == "/data" else ("oauth", 400 if verb == "POST" else 401)
    token = b64u(bytes(32))

    async def attempt(name: str, *proofs: str) -> str:
        headers: list[tuple[str, str | bytes]] = [FORM if verb == "POST" else ("Authorization", f"DPoP {token}")]
        headers += [("DPoP", proof) for proof in proofs]
        body = urlencode(right(client, path)).encode() if verb == "POST" else b""
        answer = await send(client.pds.issuer, message(verb, path, headers, body))
        # A proof with something that no header can hold is no request.
        said = complaint(answer, dialect, always, {status}) and complaint(answer, "problem", always, {400, 431})  # type: ignore[arg-type]
        if said:
            wrong[name] = said
        return str(answer.json().get("error"))

    good = client.proof(path, method=verb, token=token if verb == "GET" else None)
    assert await attempt("right", good) in ("invalid_grant", "invalid_token")
    assert await attempt("used", good) in ("invalid_dpop_proof", "invalid_token")
    claims, header = jose.peek(good), header_of(good)
    errors = set()
    for where, name, text in wrong_objects(claims):
        payload = text.replace(str(claims["jti"]).encode(), fresh().encode(), 1)
        error = await attempt(f"{where} {name}", sign(json.dumps(header).encode(), payload, client.dpop_key))
        errors |= {error} if where and where[0] in ("htm", "htu", "iat", "ath", "nonce") else set()
    for where, name, text in wrong_objects(header):
        payload = json.dumps(claims | {"jti": fresh()}).encode()
        errors.add(await attempt(f"header {where} {name}", sign(text, payload, client.dpop_key)))
    for name, proof in wrong_compacts(good).items():
        await attempt(name, proof)
    await attempt("none")
    await attempt("two", *(client.proof(path, method=verb, token=token) for _ in range(2)))
    assert wrong == {}
    assert errors <= {"invalid_dpop_proof", "use_dpop_nonce"}, "something else than the proof was found wrong"


async def test_a_request_object_with_a_wrong_claim_is_refused(client: Client) -> None:
    always, wrong = await headers_always(), {}
    model = client.request(authorization_details=client.details())
    claims, header = jose.peek(model), header_of(model)

    async def attempt(name: str, compact: str, *, free: bool = False) -> None:
        answer = await post(client, "/oauth/par", urlencode({**right(client, "/oauth/par"), "request": compact}))
        if said := "" if free and answer.status == 201 else complaint(answer, "oauth", always, {400}):
            wrong[name] = said

    for where, name, text in wrong_objects(claims):
        free = _is_free(where, name)
        await attempt(f"{where} {name}", sign(json.dumps(header).encode(), text, client.service.keys.sig), free=free)
    for where, name, text in wrong_objects(header):
        compact = sign(text, json.dumps(claims).encode(), client.service.keys.sig)
        await attempt(f"header {where} {name}", compact, free=(where, name) == (("typ",), "missing"))
    for name, compact in wrong_compacts(model).items():
        await attempt(name, compact)
    assert wrong == {}


def _is_free(where: Any, name: str) -> bool:
    """`required` may be false or missing, an attribute's wish empty, and without details it is a sign-in."""
    if (where, name) == (("authorization_details",), "missing"):
        return True
    wish = where[:3] == ("authorization_details", 0, "attributes") and len(where) > 3
    return where[:1] in {(each,) for each in FREE} or (wish and name in ("missing", "as False", "as {}"))


async def test_an_unsigned_sign_in_with_a_wrong_parameter_is_refused(client: Client) -> None:
    always, wrong = await headers_always(), {}
    claims = jose.peek(client.request(drop=("iss", "aud", "iat", "nbf", "exp", "jti")))
    for name, value in {
        **{f"{each} with a NUL": {each: f"{claims[each]}\0"} for each in claims},
        **{
            f"{each} with a NUL": {each: "\0"}
            for each in ("login_hint", "ui_locales", "acr_values", "more", "id_token_hint")
        },
        "a NUL as a name": {"\0": "a"},
        "details": {"authorization_details": "[]"},
        "max_age": {"max_age": "-1"},
        "a long max_age": {"max_age": "9" * 400},
        "Arabic max_age": {"max_age": "٣"},
        "prompt": {"prompt": "none login"},
        "a long state": {"state": "s" * 1025},
        "request_uri": {"request_uri": "urn:a"},
    }.items():
        form = {name: part for name, part in right(client, "/oauth/par").items() if name != "request"} | claims | value
        # Another `client_id` beside an assertion is a client that is not authenticated.
        statuses = {400, 401} if name.startswith("client_id") else {400}
        if said := complaint(await post(client, "/oauth/par", urlencode(form)), "oauth", always, statuses):
            wrong[name] = said
    assert wrong == {}
