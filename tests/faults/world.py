"""A resident, a service and a grant between them, and acts that a wallet made but did not send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from pds.core.encoding import Json, parse_object
from pds.sdk import Grant, Resident, Unreachable
from pds.sdk.deciding import Question
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, PERMIT, desk_of, pair, service_of, share, until


@dataclass
class Held:
    """A middleware of a wallet's session: what the wallet would post is kept, and its connection breaks."""

    holding: bool = False
    acts: dict[str, Json] = field(default_factory=dict)

    async def __call__(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        if not self.holding or request.method != "POST" or request.url.path == "/api/challenges":
            return await send(request)
        assert not isinstance(request.body, bytes)
        self.acts[request.url.path] = parse_object(await request.body.as_bytes())
        raise aiohttp.ClientConnectionError("kept")


@dataclass
class World:
    """`acts` are right bodies by address, none of them sent; `cookie` is the wallet's, signed in, with a request."""

    pds: Running
    resident: Resident
    grant: Grant
    question: Question
    cookie: str
    acts: dict[str, Json]

    def body(self, path: str) -> tuple[str, Json]:
        """The address and the right body for a path of the router's."""
        start, _, rest = path.partition("{")
        end = rest.partition("}")[2]
        return next((at, body) for at, body in self.acts.items() if at.startswith(start) and at.endswith(end or start))


@asynccontextmanager
async def a_world(pds: Running) -> AsyncIterator[World]:
    """A vault with a standing grant, a second request that waits for its answer, and one act of each kind, held."""
    held = Held()
    async with (
        aiohttp.ClientSession(middlewares=(held,), cookie_jar=aiohttp.DummyCookieJar()) as session,
        service_of(pds, pds.parking) as parking,
        desk_of(pds, pds.parking) as desk,
        desk_of(pds, pds.leisure, "pool") as pool,
    ):
        keys = pds.settings.registrar_keys
        resident = Resident(pds.issuer, registrar_keys=keys, session=session, clock=pds.clock)
        code = await resident.create()
        await resident.confirm_recovery(code)
        grant = await share(resident, parking, access=until(pds))
        asked = await parking.ask("resident-permit", PERMIT, "once")
        question = await resident.asked(await resident.follow(asked.url))
        await parking.offer(grant, {"contact.mobile": "07700 900123"})
        (offered,) = await resident.inbox()
        swim = await pool.begin("leisure-card")
        await resident.approve(await (await pair(resident, swim)).question(), {"person.full_name": "Siân"})
        met = (await swim.collect()).grant
        meeting = await pair(resident, await desk.begin("resident-permit"))
        at_desk, waiting = await meeting.question(), await desk.begin("resident-permit")
        held.holding = True
        newcomer = Resident(pds.issuer, registrar_keys=keys, session=session, clock=pds.clock)
        with suppress(Unreachable):
            await newcomer.create()
        with suppress(Unreachable):
            await newcomer.login(code)
        for act in (
            resident.change("contact.email", "a@example.org"),
            resident.change("address.current", ADDRESS | {"town": "Othertown"}),
            resident.approve(question, DETAILS),
            resident.revoke(grant.grant_id),
            resident.control.pause(),
            resident.decline(question),
            resident.answer(offered),
            resident.approve(at_desk, DETAILS),
            resident.decline(at_desk),
            resident.claim(waiting.address),
            resident.report(met.grant_id),
            meeting.leave(),
        ):
            with suppress(Unreachable):
                await act
        held.holding = False
        _by_hand(held.acts, question.id)
        (here,) = (await resident._api.get("/api/sessions"))["sessions"]
        held.acts |= {f"/api/sessions/{here['id']}/end": {}, "/api/sessions/end": {}}
        wish = f"{pds.issuer}/oauth/logout?client_id={pds.parking.client_id}"
        held.acts["/api/leaving"] = {"ticket": (await resident._api.location(wish)).partition("#logout=")[2]}
        cookies = resident.browser._cookies["localhost"]
        yield World(
            pds, resident, grant, question, "; ".join(f"{name}={value}" for name, value in cookies.items()), held.acts
        )


def variants(path: str, right: Json) -> list[Json]:
    """Bodies of the other shapes that the same address takes; right in shape, if in nothing else."""
    if path == "/api/challenges":
        by_name = {"for": "passphrase", "name": "0123456789AB"}
        return [right, {"for": "passkey"}, {"for": "recovery", "locator": "A" * 43}, by_name]
    if path == "/api/counters":
        return [right, {"typed": "ABCDEFGH"}]
    if path == "/api/grants/{id}/report":
        return [right, {"commit": None, "revocation": None}]
    if path not in ("/api/vaults", "/api/vault/methods"):
        return [right]
    words = {"kind": "passphrase", "suite": 1, "salt": "A" * 22, "locator": "0123456789AB"}
    passkey = {name: right["method"][name] for name in ("id", "wrap")} | {"kind": "passkey"}
    credential = {"id": "AAAA", "attestation_object": "AAAA", "client_data_json": "AAAA", "transports": ["internal"]}
    return [
        right,
        {**right, "method": {**right["method"], **words}},
        # A challenge that never was: the credential's shape is looked at when that is used up.
        {**right, "method": passkey, "challenge_id": "A" * 22, "credential": credential},
    ]


def _by_hand(acts: dict[str, Json], request_id: str) -> None:
    """Those that this wallet never makes."""
    vault = acts["/api/vaults"]
    acts["/api/challenges"] = {"for": "register", "vault": vault["vault"]}
    acts["/api/logout"] = {}
    acts[f"/api/requests/{request_id}/extension"] = {}
    acts["/api/vault/methods"] = {"commit": acts["/api/vault/commits"]["commit"], "method": vault["method"]}
    names = "id authenticator_data client_data_json signature user_handle".split()
    acts["/api/login/passkey"] = {"challenge_id": "A" * 22, "credential": dict.fromkeys(names, "AAAA")}
