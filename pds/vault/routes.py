"""The vault over HTTP: ciphertext in, ciphertext out."""

from aiohttp import web

from pds.core.encoding import Json, b64u
from pds.core.members import ID, exactly, text
from pds.errors import Malformed
from pds.http.body import KIB, query_number, read_json
from pds.http.caller import device, set_session, signed_in
from pds.http.keys import SETTINGS, now, random
from pds.residents import actions as residents
from pds.vault import actions

MAX_COMMIT_BYTES = 1024 * KIB

routes = web.RouteTableDef()


@routes.post("/vaults")
async def post_vault(request: web.Request) -> web.Response:
    """Create a vault and sign in to it."""
    names = ("challenge_id", "vault", "method", "commit")
    body = exactly(await read_json(request, MAX_COMMIT_BYTES), names, "malformed", optional=("credential",))
    vault = text(body, "vault", "malformed", pattern=ID)
    method, commit = residents.read_method(body["method"]), actions.read_commit(body["commit"])
    time = now(request)
    credential = await _credential(request, body, vault)
    session = await actions.create(
        vault, commit, method, credential, device=device(request), now=time, random=random(request)
    )
    response = web.json_response({"vault": vault}, status=201)
    set_session(response, session.token, seconds=residents.SESSION_SECONDS)
    return response


@routes.get("/vault")
async def get_vault(request: web.Request) -> web.Response:
    """Everything sealed, with the manifests after `since`; with the newest alone where a wallet knows none."""
    caller = await signed_in(request)
    since = query_number(request, "since") if "since" in request.query else None
    found = await actions.contents(caller.resident, since=since)
    return web.json_response(
        {
            "vault": caller.resident,
            "epoch": found.epoch,
            "seq": found.seq,
            "manifests": [{"seq": seq, "sealed": b64u(sealed)} for seq, sealed in found.manifests],
            "methods": [_method(*each) for each in found.methods],
            "items": [{"id": item.id, "rev": item.rev, "sealed": b64u(item.sealed)} for item in found.items],
        }
    )


@routes.post("/vault/commits")
async def post_commit(request: web.Request) -> web.Response:
    """One commit."""
    caller = await signed_in(request)
    body = exactly(await read_json(request, MAX_COMMIT_BYTES), ("commit",), "malformed")
    seq = await actions.commit(caller.resident, actions.read_commit(body["commit"]))
    return web.json_response({"seq": seq})


@routes.post("/vault/methods")
async def post_method(request: web.Request) -> web.Response:
    """A further way to sign in and unlock."""
    caller = await signed_in(request)
    body = exactly(
        await read_json(request, MAX_COMMIT_BYTES),
        ("commit", "method"),
        "malformed",
        optional=("challenge_id", "credential"),
    )
    commit, method = actions.read_commit(body["commit"]), residents.read_method(body["method"])
    credential = await _credential(request, body, caller.resident)
    seq = await actions.add_method(caller.resident, commit, method, credential)
    return web.json_response({"seq": seq})


async def _credential(request: web.Request, body: Json, vault: str) -> residents.Credential | None:
    if "challenge_id" not in body:
        if "credential" in body:
            raise Malformed("a credential comes with its challenge", member="challenge_id")
        return None
    settings = request.config_dict[SETTINGS]
    where = residents.Origin(settings.issuer, settings.host_name, settings.secret)
    id = text(body, "challenge_id", "malformed", pattern=ID)
    return await residents.registered_passkey(id, vault, body.get("credential"), where, now=now(request))


def _method(id: str, kind: str, wrap: bytes, credential_id: str | None) -> Json:
    method = {"id": id, "kind": kind, "wrap": b64u(wrap)}
    return method if credential_id is None else method | {"credential_id": credential_id}
