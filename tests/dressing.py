"""What a caller of each kind brings, put on requests that somebody else made up (tests/generated.py)."""

import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from schemathesis.core.parameters import ParameterLocation

from pds.core.encoding import Json, digest
from tests.faults.world import World
from tests.oauth.client import VERIFIER, Client, code_of
from tests.people import DETAILS, until

COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
AUTHENTICATION = {"client_id", "client_assertion_type", "client_assertion"}
LOGOUT = ("/api/logout", "/api/sessions/end")  # the session would end


@dataclass
class Dresser:
    """A resident's session, a service's keys and tokens. Only what has the right shape is dressed, and every other
    time only with what is no secret, so that requests with nothing but the right shape are tried too.
    """

    world: World
    client: Client
    request_uri: str
    access: str
    refresh: str
    turns: dict[str, int] = field(default_factory=dict)

    def __call__(self, case: Any) -> None:
        label = case.operation.label
        turn = self.turns[label] = self.turns.get(label, -1) + 1
        if (
            case.path.startswith(("/api/", "/oauth/authorize"))
            and case.path not in LOGOUT
            and self._right(case, "COOKIE")
        ):
            for pair in self.world.cookie.split("; "):
                name, _, value = pair.partition("=")
                case.cookies[name] = value
        if turn % 2 == 0 and self._right(case, "PATH"):
            self._ids(case)
        if self._right(case, "HEADER"):
            self._proof(case)
        if case.path == "/oauth/authorize" and self._right(case, "QUERY") and self._right(case, "BODY"):
            place = case.query if case.method == "GET" else case.body
            place |= {"client_id": self.client.service.client_id, "request_uri": self.request_uri}
        elif case.path.startswith("/oauth/") and isinstance(case.body, dict):
            self._form(case, case.body, turn)

    def _right(self, case: Any, location: str) -> bool:
        return case.meta is None or not case.meta.is_negative_at(getattr(ParameterLocation, location))

    def _ids(self, case: Any) -> None:
        ids = case.path_parameters
        if "id" in ids:
            ids["id"] = self.world.grant.grant_id if "/grants/" in case.path else self.world.question.id
        if "digest" in ids:
            ids["digest"] = digest(self.client.service.statement)

    def _proof(self, case: Any) -> None:
        if not COMPACT.match(str(case.headers.get("DPoP", ""))):
            return
        token = self.access if case.path in ("/data", "/oauth/userinfo") else None
        if token is not None:
            case.headers["Authorization"] = f"DPoP {token}"
        case.headers["DPoP"] = self.client.proof(case.path, method=case.method, token=token)

    def _form(self, case: Any, form: Json, turn: int) -> None:
        if COMPACT.match(str(form.get("client_assertion", ""))):
            form["client_assertion"] = self.client.assertion()
        if not self._right(case, "BODY"):
            return
        if case.path == "/oauth/token" and turn % 2 == 0:
            # Of the four kinds, the one that is there to be given: chance alone seldom picks it.
            for name in form.keys() - AUTHENTICATION:
                del form[name]
            form |= {"grant_type": "refresh_token", "refresh_token": self.refresh}
        own = {
            "client_id": self.client.service.client_id,
            "redirect_uri": self.client.service.redirect_uri,
            "request": self.client.request(),
            "refresh_token": self.refresh,
        }
        if case.path == "/oauth/introspect" and turn % 2 == 0:
            own["token"] = self.access
        form |= {name: value for name, value in own.items() if name in form}


async def dressed(world: World, session: aiohttp.ClientSession) -> Dresser:
    """With a standing grant and its tokens, and a request that waits."""
    client, resident = Client(world.pds, world.pds.parking, session), world.resident
    details = client.details(access=until(world.pds))
    _, pushed = await client.push(client.request(authorization_details=details))
    question = await resident.asked(await resident.follow(client.url(pushed)))
    code = code_of(await resident.approve(question, {"person.full_name": DETAILS["person.full_name"]}))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.service.redirect_uri}
    _, tokens = await client.token(form | {"code_verifier": VERIFIER})
    _, waiting = await client.push()
    return Dresser(world, client, waiting["request_uri"], tokens["access_token"], tokens["refresh_token"])
