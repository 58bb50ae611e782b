"""`pds service new`: a service of one's own in the demo town, from nothing to the first decrypted value in minutes."""

import asyncio
import json
import re
import shutil
import socket
import time
from pathlib import Path

from pds import store
from pds.core import jose, registrar
from pds.core.encoding import Json
from pds.demo import registration
from pds.demo.town import kept_in, registrar_key
from pds.registry import actions as registry
from pds.sdk import ServiceKeys

PURPOSE = "first-look"
_NAME = re.compile(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?")


class NoTown(OSError):
    """The folder is not that of a demo that has run."""


def service_name(text: str) -> str:
    """A name that can be a host below `localhost` (RFC 1123 section 2.1). ValueError for any other."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"not a name for a host: {text!r}")
    return text


def new_service(name: str, town: Path, folder: Path) -> str:
    """Make `folder` with keys, description, statement and code, and put the service in force in the town.

    The town may be running: its server looks into its registry at each request. Gives the address of the service.
    Errors: `NoTown`; `FileExistsError`: nothing is ever overwritten, a lost key cannot be made again.
    """
    if not all((town / needed).exists() for needed in ("registrar.json", "ports.json", "index.json", "pds.sqlite")):
        raise NoTown(f"{town} has no demo: run `make demo` once, or name its folder with --registrar")
    issuer = f"http://localhost:{json.loads((town / 'ports.json').read_text())['vault']}"
    port = _free_port()
    home = f"http://{name}.localhost:{port}"
    keys, description = ServiceKeys.generate(), describe(name, home)
    statement = registrar.sign_statement(
        registrar_key(town),
        registrar=registration.REGISTRAR,
        service=description,
        jwks=keys.public_jwks(),
        now=int(time.time()),
    )
    lasting = kept_in(town) / f"{name}.jwt"
    if lasting.exists():
        raise FileExistsError(f"the demo has a service {name} already ({lasting})")
    folder.mkdir()
    try:
        keys.save(folder / "keys.json")
        (folder / "service.json").write_text(json.dumps(description, indent=1, ensure_ascii=False) + "\n", "utf-8")
        (folder / "statement.jwt").write_text(statement + "\n", "ascii")
        (folder / "service.py").write_text(_code(issuer, home, port), "utf-8")
        asyncio.run(_put_in_force(town, home, statement))
    except BaseException:
        shutil.rmtree(folder)
        raise
    lasting.write_text(statement, "ascii")  # so that the town has it again when it opens the next time
    return home


def describe(name: str, home: str) -> Json:
    """What a supplier changes first: who asks, why, and for what (protocols/specs/registry.md)."""
    title = name.replace("-", " ").capitalize()
    return {
        "client_id": home,
        "redirect_uris": [f"{home}{registration.BACK}"],
        "name": {"en": title, "cy": title},
        "authority": {"id": "https://sandbox.example", "name": {"en": "Sandbox", "cy": "Blwch tywod"}},
        "home": f"{home}/",
        "sector": home,
        "tier": "sandbox",
        "counters": [],
        "subject_proof": True,
        "signed_sign_in": False,
        "notice_uri": None,
        "purposes": [
            {
                "id": PURPOSE,
                "text": {"en": "To greet you by your name", "cy": "I’ch cyfarch wrth eich enw"},
                "fallback": {"en": "You are greeted without it.", "cy": "Cewch eich cyfarch hebddo."},
                "lawful_basis": "consent",
                "statute": None,
                "attributes": {
                    "person.full_name": {"required": True, "why": {"en": "To greet you", "cy": "I’ch cyfarch"}},
                    "contact.email": {"required": False, "why": {"en": "To try it", "cy": "I roi cynnig arno"}},
                },
                "zones": {},
                "access": ["once", "until"],
                "shortest_days": 1,
                "longest_days": 366,
                "retention_days": 1,
                "dpia": None,
            }
        ],
    }


async def _put_in_force(town: Path, home: str, statement: str) -> None:
    """The next index, over what is in force now and this."""
    key, counted = registrar_key(town), town / "index.json"
    await store.open_database(f"sqlite://{(town / 'pds.sqlite').resolve()}")
    try:
        before = jose.peek(await registry.index())
        statements = {sub: await registry.statement(hashed) for sub, hashed in before["statements"].items()}
        statements[home] = statement
        seq, now = max(before["seq"], json.loads(counted.read_text())["seq"]) + 1, int(time.time())
        index = registrar.sign_index(key, registrar=registration.REGISTRAR, statements=statements, seq=seq, now=now)
        await registry.install(index, statements.values(), registrar_keys=[jose.public_jwk(key)], now=now)
        counted.write_text(json.dumps({"seq": seq}), "ascii")
    finally:
        await store.close_database()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _code(issuer: str, home: str, port: int) -> str:
    return _SERVICE.replace("ISSUER", issuer).replace("ADDRESS", home).replace("PORT", str(port))


_SERVICE = '''"""Greets a resident by the name in their vault. See docs/integrate.md."""
import secrets
from pathlib import Path

from aiohttp import web
from pds.sdk import Declined, Service, ServiceKeys

HOME, KEYS = "ADDRESS", ServiceKeys.load(Path(__file__).with_name("keys.json"))
vault = Service(issuer="ISSUER", client_id=HOME, redirect_uri=HOME + "/back", keys=KEYS)
asking = {}  # in yours: the browser's session

async def start(request):
    asked = await vault.ask("first-look", {"person.full_name": {"required": True}})
    answer, session = web.HTTPSeeOther(asked.url), secrets.token_urlsafe()
    asking[session] = asked.pending
    answer.set_cookie("session", session, httponly=True, samesite="Lax")
    raise answer

async def back(request):
    try:
        grant = await vault.finish(request.query, asking.pop(request.cookies["session"]))
    except Declined:
        return web.Response(text="Hello, stranger")
    return web.Response(text=f"Hello {(await vault.read(grant)).value('person.full_name')}")

app = web.Application()
app.add_routes([web.get("/", start), web.get("/back", back)])
web.run_app(app, host="127.0.0.1", port=PORT)
'''
