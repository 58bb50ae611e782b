"""At a counter, everybody does what is not their turn: in every state every wrong act is refused, and changes nothing.

The table is the file beside this one, `counter.md`: a row for each act, a column for each state.
`PDS_WRITE_COUNTER=1 pytest tests/hostile/test_counter.py` writes it anew; read the difference before you commit it.
"""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from pds.core.encoding import Json
from pds.sdk import Meeting, Problem, Resident
from tests.conftest import Running
from tests.oauth.client import LIBRARY, VERIFIER, Client
from tests.people import DETAILS, a_vault

TABLE = Path(__file__).with_name("counter.md")
ROW = re.compile(r"^\| ([a-z].*?) \|(.*)\|$", re.MULTILINE)
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
EMPTY: Json = {"seq": 1, "prev": "", "epoch": 1, "manifest": "AA", "put": [], "delete": []}


@dataclass
class Scene:
    """A session in one state. `desk` began it; the resident may have claimed it, the stranger never did."""

    pds: Running
    desk: Client
    thief: Client
    other_service: Client
    resident: Resident
    stranger: Resident
    begun: Json
    request: str
    meeting: Meeting | None = None
    body: Json | None = None

    @property
    def device_code(self) -> str:
        return str(self.begun["device_code"])

    @property
    def code(self) -> str:
        return str(self.begun["verification_uri_complete"])[-26:]

    @property
    def digits(self) -> str:
        return self.meeting.digits if self.meeting else "0000"

    @property
    def id(self) -> str:
        return self.meeting.id if self.meeting else "A" * 22

    async def at_desk(self, what: str, client: Client | None = None, **more: str) -> str:
        """A POST of a desk's, and the rule or error in its answer."""
        client = client or self.desk
        form = {"device_code": self.device_code, **more}
        path = f"/oauth/{what}"
        status, said = await client.post(path, form, DPoP=client.proof(path))
        return str(said.get("rule") or said.get("error") or status)

    async def poll(self, client: Client | None = None) -> str:
        return await self.at_desk("token", client, grant_type=GRANT_TYPE)

    async def by(self, who: Resident, path: str, body: Json | None = None) -> str:
        """A wallet's request, and the rule or status of its answer."""
        try:
            if body is None:
                await who._api.get(path)
            else:
                await who._api.post(path, body)
        except Problem as refused:
            return refused.rule or str(refused.status)
        return "200"

    async def n(self) -> int:
        """How many events there were."""
        from pds.counter import desk

        session = await desk.find(self.device_code, self.desk.service.client_id, now=self.pds.clock())
        return session.n


Act = Callable[[Scene], Awaitable[str]]


async def old_proof(scene: Scene) -> str:
    path = "/oauth/device/digits"
    proof = scene.desk.proof(path)
    form = {"device_code": "A" * 43, "digits": "0000"}
    await scene.desk.post(path, form, DPoP=proof)
    _, said = await scene.desk.post(path, {"device_code": scene.device_code, "digits": scene.digits}, DPoP=proof)
    return str(said.get("rule"))


async def no_proof(scene: Scene) -> str:
    form = {"device_code": scene.device_code, "digits": scene.digits}
    _, said = await scene.desk.post("/oauth/device/digits", form)
    return str(said.get("rule"))


GONE = ("code/gone", "code/redirect")


async def as_a_code(scene: Scene) -> str:
    more = {
        "grant_type": "authorization_code",
        "redirect_uri": scene.desk.service.redirect_uri,
        "code_verifier": VERIFIER,
    }
    # As it is kept, too: that has no address that anybody could send, so it never fits.
    inside = f"device_code {scene.device_code}"
    assert await scene.at_desk("token", None, code=inside, **more) in GONE
    return await scene.at_desk("token", None, code=scene.device_code, **more)


async def as_a_refresh_token(scene: Scene) -> str:
    return await scene.at_desk("token", grant_type="refresh_token", refresh_token=scene.device_code)


async def to_read(scene: Scene) -> str:
    proof = scene.desk.proof("/data", method="GET", token=scene.device_code)
    headers = {"Authorization": f"DPoP {scene.device_code}", "DPoP": proof}
    async with scene.desk.session.get(scene.pds.issuer + "/data", headers=headers) as response:
        return str((await response.json())["error"])


async def listens(scene: Scene, client: Client, **more: object) -> str:
    proof = client.proof("/oauth/device/events", method="GET", **({"token": scene.device_code} | more))
    headers = {"Authorization": f"DPoP {scene.device_code}", "DPoP": proof}
    async with client.session.get(scene.pds.issuer + "/oauth/device/events", headers=headers) as response:
        return str((await response.json(content_type=None))["error"])


async def opens_page(scene: Scene) -> str:
    async with scene.desk.session.get(f"{scene.pds.issuer}/Q/{scene.code}", allow_redirects=False) as response:
        return f"{response.status}{' to the wallet' * response.headers['Location'].endswith('#counter=' + scene.code)}"


async def previews(scene: Scene) -> str:
    async with scene.desk.session.head(f"{scene.pds.issuer}/Q/{scene.code}", allow_redirects=False) as response:
        return str(response.status)


async def from_another_site(scene: Scene) -> str:
    url, headers = scene.pds.issuer + "/api/counters", {"Origin": "https://evil.example"}
    async with scene.desk.session.post(url, json={"code": scene.code}, headers=headers) as response:
        return str((await response.json())["code"])


async def pushed_online(scene: Scene) -> str:
    _, said = await scene.desk.push(scene.request)
    return str(said.get("rule"))


async def online_at_desk(scene: Scene) -> str:
    request = scene.desk.request(authorization_details=scene.desk.details())
    _, said = await scene.desk.post("/oauth/device_authorization", {"request": request})
    return str(said.get("rule"))


async def of_another_desk(scene: Scene) -> str:
    request = scene.other_service.request_at("library-1", LIBRARY)
    _, said = await scene.other_service.post("/oauth/device_authorization", {"request": request})
    return str(said.get("rule"))


def answers(scene: Scene) -> Json:
    """What an approval looks like; a right one where there is one to repeat."""
    return scene.body or {
        "commit": EMPTY,
        "record": "a.b.c",
        "disclosure": None,
        "replaces": [],
        "subject_proof": "a.b.c",
    }


ACTS: dict[str, Act] = {
    "a link preview opens the address": opens_page,
    "a link preview asks for its headers": previews,
    "another site's form claims": from_another_site,
    "a stranger looks": lambda s: s.by(s.stranger, f"/api/counters/{s.id}"),
    "a stranger approves": lambda s: s.by(s.stranger, f"/api/counters/{s.id}/approval", answers(s)),
    "a stranger declines": lambda s: s.by(s.stranger, f"/api/counters/{s.id}/refusal", {}),
    "a stranger ends it": lambda s: s.by(s.stranger, f"/api/counters/{s.id}/departure", {"why": "not-here"}),
    "the wallet asks for the request online": lambda s: s.by(s.resident, f"/api/requests/{s.id}"),
    "the wallet approves online": lambda s: s.by(
        s.resident,
        f"/api/requests/{s.id}/approval",
        {name: value for name, value in answers(s).items() if name != "subject_proof"},
    ),
    "the wallet declines online": lambda s: s.by(s.resident, f"/api/requests/{s.id}/refusal", {}),
    "the wallet extends the time": lambda s: s.by(s.resident, f"/api/requests/{s.id}/extension", {}),
    "the wallet approves with nothing": lambda s: s.by(
        s.resident, f"/api/counters/{s.id}/approval", {**answers(s), "record": "a.b.c", "commit": EMPTY}
    ),
    "a thief with the service's keys compares digits": lambda s: s.at_desk("device/digits", s.thief, digits=s.digits),
    "another service compares digits": lambda s: s.at_desk("device/digits", s.other_service, digits=s.digits),
    "the desk sends letters for digits": lambda s: s.at_desk("device/digits", digits="abcd"),
    "the desk sends no digits": lambda s: s.at_desk("device/digits"),
    "the desk sends digits with a proof used before": old_proof,
    "the desk sends digits without a proof": no_proof,
    "a thief with the service's keys collects": lambda s: s.poll(s.thief),
    "another service collects": lambda s: s.poll(s.other_service),
    "another service cancels": lambda s: s.at_desk("device/cancel", s.other_service),
    "a thief with the service's keys cancels": lambda s: s.at_desk("device/cancel", s.thief),
    "the device code is used as a code": as_a_code,
    "the device code is used as a refresh token": as_a_refresh_token,
    "the device code is used to read": to_read,
    "another key listens": lambda s: listens(s, s.thief),
    "the desk listens with a proof of no token": lambda s: listens(s, s.desk, token=None),
    "the desk listens with a proof of another address": lambda s: listens(s, s.desk, url=s.pds.issuer + "/data"),
    "the desk's request is pushed online": pushed_online,
    "a request online is made at the desk": online_at_desk,
    "another service asks at this desk": of_another_desk,
}
LATE: dict[str, Act] = {
    "a second phone opens it": lambda s: s.by(s.stranger, "/api/counters", {"code": s.code}),
    "a second phone types it": lambda s: s.by(
        s.stranger, "/api/counters", {"typed": s.begun["user_code"].replace("-", "")}
    ),
}
STATES = ("waiting", "held", "claimed", "missed", "paired", "approved", "declined", "collected", "void", "expired")


@asynccontextmanager
async def a_scene(pds: Running, state: str) -> AsyncIterator[Scene]:
    """Everybody, and one session that has come so far."""
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        a_vault(pds) as resident,
        a_vault(pds) as stranger,
    ):
        desk, thief = Client(pds, pds.parking, session), Client(pds, pds.parking, session)
        other = Client(pds, pds.leisure, session)
        request = desk.request_at("library-1", LIBRARY)
        status, begun = await desk.post("/oauth/device_authorization", {"request": request})
        assert status == 200, begun
        scene = Scene(pds, desk, thief, other, resident, stranger, begun, request)
        await come_to(scene, state)
        yield scene


async def come_to(scene: Scene, state: str) -> None:
    if state == "held":
        await scene.resident.logout()
        await scene.resident._api.post("/api/counters", {"code": scene.code})
    if state in ("waiting", "held"):
        return
    scene.meeting = await scene.resident.claim(scene.begun["verification_uri_complete"])
    wrong = f"{(int(scene.digits) + 1) % 10000:04d}"
    tries = {"missed": [wrong], "void": [wrong] * 3, "claimed": [], "expired": []}.get(state, [scene.digits])
    for digits in tries:
        assert await scene.at_desk("device/digits", digits=digits) == "200"
    if state in ("approved", "collected"):
        question = await scene.meeting.question()
        await scene.resident.approve(question, {"person.full_name": DETAILS["person.full_name"]})
    if state == "declined":
        await scene.resident._api.post(f"/api/counters/{scene.id}/refusal", {})
    if state == "collected":
        assert await scene.poll() == "200"
    if state == "expired":
        scene.pds.clock.ahead += 1801
        await scene.poll()


async def goes_on(scene: Scene, state: str) -> str:
    """After all that was refused, what is right in this state still happens."""
    if state == "waiting":
        return (await scene.resident.claim(scene.begun["verification_uri_complete"])).desk.id
    if state == "held":
        return await scene.at_desk("device/cancel")
    if state in ("claimed", "missed"):
        return await scene.at_desk("device/digits", digits=scene.digits)
    if state == "paired":
        assert scene.meeting is not None
        await scene.resident.approve(await scene.meeting.question(), {"person.full_name": "Siân"})
        return await scene.poll()
    if state in ("approved", "declined", "collected"):
        return await scene.poll()
    return await scene.at_desk("device/cancel")


RIGHT = {
    "waiting": "library-1",
    "declined": "counter/declined",
    "collected": "code/gone",  # a second time: and what the first one brought ends with it
}


def expected() -> dict[str, dict[str, str]]:
    text = TABLE.read_text("utf-8") if TABLE.exists() else ""
    rows = {act: [cell.strip() for cell in cells.split("|")] for act, cells in ROW.findall(text) if act != "act"}
    return {state: {act: cells[at] for act, cells in rows.items()} for at, state in enumerate(STATES)}


FOUND: dict[str, dict[str, str]] = {}


@pytest.mark.parametrize("state", STATES)
async def test_what_is_not_their_turn_is_refused_and_changes_nothing(pds: Running, state: str) -> None:
    async with a_scene(pds, state) as scene:
        before = await scene.n()
        found = {}
        for name, act in ACTS.items():
            found[name] = await act(scene)
            assert await scene.n() == before, name
        found |= {name: await act(scene) for name, act in LATE.items() if state != "waiting"}
        assert await goes_on(scene, state) == RIGHT.get(state, "200")
    FOUND[state] = found
    if os.environ.get("PDS_WRITE_COUNTER") and FOUND.keys() == set(STATES):
        write()
    known = expected()[state]
    assert found == {act: answer for act, answer in known.items() if answer != "-"}


def write() -> None:
    text = TABLE.read_text("utf-8")
    before = text.partition("| act |")[0]
    lines = [f"| act | {' | '.join(STATES)} |", "|---" * (len(STATES) + 1) + "|"]
    lines += [f"| {act} | {' | '.join(FOUND[state].get(act, '-') for state in STATES)} |" for act in (*ACTS, *LATE)]
    TABLE.write_text(before + "\n".join(lines) + "\n", "utf-8")
