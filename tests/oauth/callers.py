"""Everybody who might call, what is theirs, and for each route a request with nothing wrong but its caller."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp

from pds.core import jose
from pds.core.encoding import Json, digest
from pds.grants import managing
from pds.sdk import Resident
from tests import openapi
from tests.conftest import Running
from tests.faults.endpoints import headers_always, unguarded
from tests.oauth.client import LIBRARY, VERIFIER, Client, code_of
from tests.people import DETAILS, a_vault, until

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOTHING = "A" * 22
DEPOSIT = jose.encrypt(b"a.b.c", jose.DEPOSIT_JWE, jose.new_key())
COMMIT: Json = {"seq": 1, "prev": "", "epoch": 1, "manifest": "AA", "put": [], "delete": []}


@dataclass
class Things:
    """What a route is asked about: somebody's request, grant and tokens."""

    request: str = NOTHING
    request_uri: str = "urn:ietf:params:oauth:request_uri:none"
    client_id: str = ""
    grant: str = NOTHING
    access: str = "none"
    refresh: str = "none"
    code: str = "none"
    statement: str = "A" * 43
    session: str = "A" * 43
    ticket: str = "none"
    counter: str = NOTHING
    device_code: str = "none"
    qr: str = "0" * 26
    deposit: str = NOTHING
    subject: str = "A" * 43


@dataclass
class Caller:
    """Credentials, and the things that are asked for with them."""

    name: str
    things: Things
    cookies: dict[str, str] = field(default_factory=dict)
    client: Client | None = None
    dpop: Client | None = None
    token: str | None = None
    before: Callable[[], Awaitable[None]] | None = None
    after: Callable[[], Awaitable[None]] | None = None


@dataclass
class World:
    """A resident, a stranger, two services, and what they have with each other."""

    pds: Running
    session: aiohttp.ClientSession
    resident: Resident
    stranger: Resident
    a: Client
    b: Client
    managing: dict[str, str] = field(default_factory=dict)

    def cookie(self, whose: Resident, *names: str) -> dict[str, str]:
        kept = whose.browser._cookies["localhost"]
        return {name: kept[name] for name in names if name in kept}

    async def pending(self, client: Client, whose: Resident) -> tuple[str, str]:
        """A request that this resident's browser brought: its id and its request_uri."""
        _, pushed = await client.push(client.request())
        return await whose.follow(client.url(pushed)), pushed["request_uri"]

    async def granted(self, *, redeem: bool = True) -> Things:
        """A standing grant of the resident's to service `a`; it replaces the one before."""
        details = self.a.details(access=until(self.pds))
        _, pushed = await self.a.push(self.a.request(authorization_details=details))
        question = await self.resident.asked(await self.resident.follow(self.a.url(pushed)))
        code = code_of(await self.resident.approve(question, {"person.full_name": DETAILS["person.full_name"]}))
        if not redeem:
            return Things(code=code)
        _, answer = await self.a.token(self.form(code))
        subject = jose.peek(answer["sharing_record"])["sub"]
        return Things(
            grant=answer["grant_id"], access=answer["access_token"], refresh=answer["refresh_token"], subject=subject
        )

    async def begun(self) -> Json:
        """A session at a desk of service `a`, which nobody has opened. The whole table is more than a desk's pace."""
        self.pds.clock.ahead += 11
        request = self.a.request_at("library-1", LIBRARY)
        _, begun = await self.a.post("/oauth/device_authorization", {"request": request})
        return begun

    def form(self, code: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.a.service.redirect_uri,
            "code_verifier": VERIFIER,
        }


@asynccontextmanager
async def a_world(pds: Running) -> AsyncIterator[World]:
    """Everybody, anew."""
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        a_vault(pds) as resident,
        a_vault(pds) as stranger,
    ):
        a, b = Client(pds, pds.parking, session), Client(pds, pds.leisure, session)
        yield World(pds, session, resident, stranger, a, b)


async def callers(world: World) -> AsyncIterator[Caller]:
    """Every kind of caller, those who may least first: what they do must leave the rest as it was."""
    from pds.registry import actions as registry

    async def suspend() -> None:
        await registry.suspend(world.a.service.client_id, suspended=True)

    async def resume() -> None:
        await registry.suspend(world.a.service.client_id, suspended=False)

    ended = await world.granted()
    live = await world.granted()
    ended_code = await world.granted(redeem=False)  # replaces `live`, and is replaced
    live = await world.granted()
    own = replace(live, client_id=world.a.service.client_id, statement=digest(world.a.service.statement))
    own.request, own.request_uri = await world.pending(world.a, world.resident)
    await world.a.post("/oauth/deposits", {"sub": own.subject, "deposit": DEPOSIT})
    (waiting,) = await world.resident.inbox()
    own.deposit = waiting.id
    over = replace(ended, client_id=own.client_id, statement=own.statement, code=ended_code.code)
    over.request, over.request_uri = own.request, own.request_uri
    begun = await world.begun()
    own.counter = (await world.resident.claim(begun["verification_uri_complete"])).id
    own.device_code = over.device_code = begun["device_code"]
    own.qr = (await world.begun())["verification_uri_complete"][-26:]
    over.counter, over.qr = own.counter, own.qr
    session, browser = "__Host-pds", "__Host-pds-browser"
    other = Client(world.pds, world.pds.parking, world.session, jose.new_key())
    await world.pending(world.b, world.stranger)
    theirs = world.cookie(world.stranger, session, browser)

    own.session = (await world.resident._api.get("/api/sessions"))["sessions"][0]["id"]
    link = f"{world.pds.issuer}/oauth/logout?client_id={own.client_id}"
    own.ticket = over.ticket = (await world.resident._api.location(link)).partition("#logout=")[2]
    for client in (world.a, world.b):
        _, answer = await client.token({"grant_type": "client_credentials", "scope": " ".join(managing.SCOPES)})
        world.managing[client.service.client_id] = answer["access_token"]

    yield Caller("nobody", own)
    yield Caller("browser, foreign", own, {browser: theirs[browser]})
    yield Caller("resident, foreign", own, theirs)
    async with a_vault(world.pds) as leaver:
        gone = world.cookie(leaver, session)
        await leaver.logout()
    yield Caller("resident, signed out", own, gone | world.cookie(world.resident, browser))
    yield Caller("service, suspended", own, client=world.a, before=suspend, after=resume)
    yield Caller("service, foreign", own, client=world.b)
    yield Caller("service, revoked", over, client=world.a)
    yield Caller("token, suspended", own, dpop=world.a, token=own.access, before=suspend, after=resume)
    yield Caller("token, another key", own, dpop=other, token=own.access)
    yield Caller("token, revoked", over, dpop=world.a, token=over.access)
    own.qr = (await world.begun())["verification_uri_complete"][-26:]
    begun = await world.begun()
    own.counter = (await world.resident.claim(begun["verification_uri_complete"])).id
    own.device_code = begun["device_code"]
    yield Caller("browser, own", own, world.cookie(world.resident, browser))
    own.request, own.request_uri = await world.pending(world.a, world.resident)
    yield Caller("resident, own", own, world.cookie(world.resident, session, browser))
    yield Caller("token, own", own, dpop=world.a, token=own.access)
    yield Caller("service, own", own, client=world.a)


BODIES: dict[str, Callable[[Things], Json]] = {
    "POST /api/challenges": lambda _: {"for": "passkey"},
    "POST /api/vaults": lambda _: {
        "challenge_id": NOTHING,
        "vault": NOTHING,
        "method": {"id": NOTHING, "kind": "passkey", "wrap": "AA"},
        "commit": COMMIT,
    },
    "POST /api/login/passkey": lambda _: {
        "challenge_id": NOTHING,
        "credential": dict.fromkeys("id authenticator_data client_data_json signature user_handle".split(), "AA"),
    },
    "POST /api/login/proof": lambda _: {"challenge_id": NOTHING, "proof": "a.b.c"},
    "POST /api/vault/commits": lambda _: {"commit": COMMIT},
    "POST /api/vault/methods": lambda _: {
        "commit": COMMIT,
        "method": {"id": NOTHING, "kind": "passkey", "wrap": "AA"},
        "challenge_id": NOTHING,
        "credential": {},
    },
    "POST /api/requests/{id}/approval": lambda _: {
        "commit": COMMIT,
        "record": "a.b.c",
        "disclosure": None,
        "replaces": [],
    },
    "POST /api/counters": lambda things: {"code": things.qr},
    "POST /api/counters/{id}/approval": lambda _: {
        "commit": COMMIT,
        "record": "a.b.c",
        "disclosure": None,
        "replaces": [],
        "subject_proof": "a.b.c",
    },
    "POST /api/counters/{id}/departure": lambda _: {"why": "changed-mind"},
    "POST /api/grants/{id}/report": lambda _: {"commit": None, "revocation": None},
    "POST /api/grants/{id}/revocation": lambda _: {"commit": COMMIT, "revocation": "a.b.c"},
    "POST /api/deposits/{id}/answer": lambda _: {"commit": COMMIT, "disclosures": []},
    "POST /api/leaving": lambda things: {"ticket": things.ticket},
    "POST /api/pause": lambda things: {
        "commit": COMMIT,
        "paused": True,
        "words": [{"grant_id": things.grant, "word": "a.b.c"}],
    },
    "POST /api/publications": lambda things: {
        "commit": COMMIT,
        "disclosures": [{"grant_id": things.grant, "revision": 2, "disclosure": "a.b.c.d.e"}],
    },
}


async def call(world: World, route: str, caller: Caller) -> str:
    """The status, and the error where there is one, of this caller's request to this route."""
    method, _, path = route.partition(" ")
    things = caller.things
    kinds = {"/grants/": things.grant, "/deposits/": things.deposit, "/counters/": things.counter}
    id = next((id for part, id in kinds.items() if part in path), things.request)
    ids = {
        "{id}": id,
        "{digest}": things.session if "/sessions/" in path else things.statement,
        "{code}": things.qr,
    }
    for name, value in ids.items():
        path = path.replace(name, value)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in caller.cookies.items())}
    if caller.dpop is not None and caller.token is not None:
        headers["Authorization"] = f"DPoP {caller.token}"
        headers["DPoP"] = caller.dpop.proof(path, method=method, token=caller.token)
    elif path.startswith("/oauth/grants/") and caller.client is not None:
        token = world.managing[caller.client.service.client_id]
        headers["Authorization"] = f"DPoP {token}"
        headers["DPoP"] = caller.client.proof(path, method=method, token=token)
    elif path in ("/oauth/token", "/oauth/device/digits", "/oauth/device/cancel"):
        headers["DPoP"] = (caller.client or world.a).proof(path)
    body: dict[str, object] = {}
    if path.startswith("/oauth/") and method == "POST":
        body["data"] = _form(path, things, caller)
    elif method == "POST":
        body["json"] = BODIES[route](things) if route in BODIES else {}
    if path == "/oauth/authorize" and method == "GET":
        body["params"] = {"client_id": things.client_id, "request_uri": things.request_uri}
    if path == "/oauth/logout" and method == "GET":
        body["params"] = {"client_id": things.client_id}
    url = world.pds.issuer + path.replace("{path}", "nothing.js")
    async with world.session.request(method, url, headers=headers, allow_redirects=False, **body) as response:  # type: ignore[arg-type]
        assert unguarded(response.headers, await headers_always()) == "", f"{response.status} to {route}"
        if route in openapi.known():
            assert openapi.lacking(route, response.status, response.headers) == [], f"{response.status} to {route}"
        document = await response.json(content_type=None) if response.content_type.endswith("json") else {}
        said = document.get("error", document.get("code", ""))
        for name in ("active", "signed_in"):
            if name in document:
                said = name.replace("_", " ") if document[name] else f"not {name}".replace("_", " ")
        return f"{response.status} {said}".strip()


def _form(path: str, things: Things, caller: Caller) -> dict[str, str]:
    if path == "/oauth/authorize":
        return {"client_id": things.client_id, "request_uri": things.request_uri}
    if path == "/oauth/logout":
        return {"client_id": things.client_id}
    form = {"token": things.refresh, "grant_type": "refresh_token", "refresh_token": things.refresh}
    if path == "/oauth/device_authorization" and caller.client is not None:
        form = {"request": caller.client.request_at("library-1", LIBRARY)}
    elif path in ("/oauth/par", "/oauth/device_authorization"):
        form = {"request": caller.client.request()} if caller.client else {"request": "a.b.c"}
    if path == "/oauth/deposits":
        form = {"sub": things.subject, "deposit": DEPOSIT}
    if path == "/oauth/userinfo":
        return {}
    if path.startswith("/oauth/device/"):
        form = {"device_code": things.device_code, "digits": "0000"}
    if caller.client is not None:
        form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": caller.client.assertion()}
    return form
