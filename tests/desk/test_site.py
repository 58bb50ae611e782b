"""The desk's pages: for staff who are signed in, from the desk's own pages, and nothing of a resident anywhere else."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from pds.core import jose, registrar
from pds.core.encoding import Json
from pds.demo import registration
from pds.desk.context import SESSIONS, STAFF
from pds.desk.counter import open_counter
from pds.desk.folder import BadFolder, Setup, setup
from pds.desk.sessions import IDLE_SECONDS, MOST_SECONDS
from pds.desk.site import create_desk
from pds.sdk import ServiceKeys
from tests.ports import unused_port

HTML = {"Accept": "text/html"}


@dataclass
class Desk:
    """A desk whose vault cannot be reached: nothing here asks it."""

    client: "TestClient[web.Request, web.Application]"
    app: web.Application
    setup: Setup
    time: list[int]

    @property
    def cookie(self) -> str:
        return "__Host-desk" if self.setup.secure else "desk"

    def signed_in(self) -> dict[str, str]:
        """The cookie of a member of staff."""
        staff = self.app[STAFF]
        token = staff.invite("Alex", now=self.time[0])
        member = staff.enrol(token, credential="key", public_key=b"", sign_count=0, now=self.time[0])
        return {"Cookie": f"{self.cookie}={self.app[SESSIONS].open(member.id, member.name, now=self.time[0])}"}

    async def get(self, path: str, headers: dict[str, str]) -> ClientResponse:
        return await self.client.get(path, headers=HTML | headers, allow_redirects=False)

    async def post(self, path: str, headers: dict[str, str], **form: str) -> ClientResponse:
        return await self.client.post(
            path, data=form, headers={"Origin": self.setup.origin} | headers, allow_redirects=False
        )


def statement_of(description: Json, keys: ServiceKeys) -> Json:
    signed = registrar.sign_statement(
        jose.new_key(), registrar=registration.REGISTRAR, service=description, jwks=keys.public_jwks(), now=1
    )
    return jose.peek(signed)


def a_setup(folder: Path, origin: str, description: Json | None = None) -> Setup:
    keys = ServiceKeys.generate()
    return setup(
        statement_of(description or registration.counter("https://desk.example"), keys),
        issuer=f"http://localhost:{unused_port()}",
        origin=origin,
        listen=("127.0.0.1", 0),
        keys=keys,
        registrar_keys=(),
        staff=folder / "staff.json",
    )


@pytest.fixture(params=["http://desk.localhost:8000", "https://desk.example"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    made, time = a_setup(tmp_path, request.param), [1_795_000_000]
    app = create_desk(made, open_counter(made, clock=lambda: time[0]), clock=lambda: time[0], random=os.urandom)
    async with TestClient(TestServer(app)) as client:
        yield Desk(client, app, made, time)


@pytest.mark.parametrize("path", ["/", "/place", "/task"])
async def test_nobody_sees_a_page_without_signing_in(desk: Desk, path: str) -> None:
    answer = await desk.get(path, {})
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert (await desk.get(path, desk.signed_in())).headers.get("Location") != "/sign-in"


@pytest.mark.parametrize("path", ["/place", "/tasks", "/task/digits", "/task/done"])
async def test_nobody_acts_without_signing_in(desk: Desk, path: str) -> None:
    assert (await desk.post(path, {})).status == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
async def test_another_sites_form_does_not_act_here(desk: Desk, headers: dict[str, str]) -> None:
    cookie = desk.signed_in()
    assert (await desk.post("/place", cookie | headers, place="central-library-1")).status == 403
    assert (await desk.get("/", cookie)).headers["Location"] == "/place", "nothing was chosen"
    assert (await desk.post("/place", cookie, place="central-library-1")).status == 303
    assert (await desk.get("/", cookie)).status == 200


async def test_every_answer_carries_the_policy_and_is_kept_nowhere(desk: Desk) -> None:
    answers = [
        await desk.get("/sign-in", {}),
        await desk.get("/nowhere", {}),
        await desk.post("/tasks", {}),
        await desk.post("/place", {"Origin": "null"}),
        await desk.client.get("/script/desk.js"),
    ]
    assert [answer.status for answer in answers] == [200, 404, 401, 403, 200]
    for answer in answers:
        assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "pds"
        assert ("Strict-Transport-Security" in answer.headers) == desk.setup.secure


async def test_a_desk_and_an_errand_are_chosen_from_the_register_alone(desk: Desk) -> None:
    cookie = desk.signed_in()
    assert (await desk.post("/place", cookie, place="elsewhere")).status == 400
    await desk.post("/place", cookie, place="civic-centre-2")
    page = await (await desk.get("/", cookie)).text()
    assert 'Civic Centre, desk 2 <span lang="cy">/ Y Ganolfan Ddinesig, desg 2</span>' in page
    assert page.count('name="errand"') == 2
    assert (await desk.post("/tasks", cookie, errand="anything")).status == 400


async def test_a_vault_that_cannot_be_reached_is_said(desk: Desk) -> None:
    cookie = desk.signed_in()
    await desk.post("/place", cookie, place="civic-centre-2")
    assert (await desk.post("/tasks", cookie, errand="library-card")).headers["Location"] == "/"
    assert "The vault cannot be reached." in await (await desk.get("/", cookie)).text()
    assert "The vault cannot be reached." not in await (await desk.get("/", cookie)).text()


async def test_whoever_is_removed_is_out_at_the_next_step(desk: Desk) -> None:
    cookie = desk.signed_in()
    assert (await desk.get("/place", cookie)).status == 200
    desk.app[STAFF].remove("Alex")
    assert (await desk.get("/place", cookie)).headers["Location"] == "/sign-in"


@pytest.mark.parametrize(("steps", "ends"), [((IDLE_SECONDS,), True), ((IDLE_SECONDS - 1, 1), False)])
async def test_a_desk_that_nobody_uses_signs_out(desk: Desk, steps: tuple[int, ...], ends: bool) -> None:
    cookie = desk.signed_in()
    statuses = []
    for seconds in steps:
        desk.time[0] += seconds
        statuses.append((await desk.get("/place", cookie)).status)
    assert statuses == [303 if ends else 200] * len(steps)


async def test_a_working_day_ends(desk: Desk) -> None:
    cookie = desk.signed_in()
    for _ in range(MOST_SECONDS // (IDLE_SECONDS - 1)):
        desk.time[0] += IDLE_SECONDS - 1
        assert (await desk.get("/place", cookie)).status == 200
    desk.time[0] += IDLE_SECONDS - 1
    assert (await desk.get("/place", cookie)).status == 303


async def test_signing_out_ends_the_session_and_its_cookie(desk: Desk) -> None:
    cookie = desk.signed_in()
    answer = await desk.post("/sign-out", cookie)
    assert answer.headers["Location"] == "/sign-in"
    assert desk.cookie in answer.headers["Set-Cookie"]
    assert (await desk.get("/place", cookie)).status == 303


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id":1}', b'{"a":1,"a":2}', b"\xff", b"{" * 5000])
@pytest.mark.parametrize("path", ["/sign-in", "/enrol", "/enrol/options"])
async def test_what_is_no_passkey_is_refused(desk: Desk, path: str, body: bytes) -> None:
    headers = {"Origin": desk.setup.origin, "Content-Type": "application/json"}
    answer = await desk.client.post(path, data=body, headers=headers)
    assert answer.status in (400, 403)
    assert "Set-Cookie" not in answer.headers


def test_a_service_without_a_desk_has_nothing_to_open(tmp_path: Path) -> None:
    description = registration.counter("https://desk.example")
    assert len(a_setup(tmp_path, "https://desk.example", description).places) == 2
    with pytest.raises(BadFolder, match="no desk"):
        a_setup(tmp_path, "https://desk.example", description | {"counters": []})


def test_the_setup_names_the_host_of_its_passkeys(tmp_path: Path) -> None:
    made = a_setup(tmp_path, "https://desk.example")
    assert (made.host_name, made.secure) == ("desk.example", True)
    assert not replace(made, origin="http://desk.localhost:1").secure
