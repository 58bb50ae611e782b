"""The resident's side for clients that are not ours: they open an address, and get the one that it leads back to."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey, RSAKey

from pds.core import jose, registrar
from pds.core.encoding import Json
from pds.sdk import Resident, ServiceKeys
from tests.conftest import Registered, Running
from tests.examples import PARKING, REGISTRAR
from tests.people import NAME, until

NODE = Path(__file__).parent / "node"
SECONDS = 60
ASKED: Json = {"person.full_name": {"required": True}, "contact.email": {}}


@dataclass
class Person:
    """A resident with a vault. A request whose state is `no` is declined; of all others the name is shared."""

    resident: Resident

    async def open(self, url: str) -> str:
        """Follow a client's link, decide, and give the address to which the browser goes back."""
        question = await self.resident.asked(await self.resident.follow(url))
        if question.request.state == "no":
            return await self.resident.decline(question)
        share = {"person.full_name": NAME} if question.request.attributes else {}
        return await self.resident.approve(question, share)

    async def answer(self, question: Json) -> Any:
        """What a script of another language asks of the test."""
        if "open" in question:
            return await self.open(question["open"])
        if "leave" in question:
            wish = await self.resident.leave(question["leave"])
            return {"asks": wish.asks, "back": wish.back}
        await self.resident.revoke(question["revoke"])
        return None


def details(pds: Running, enc_jkt: str) -> list[Json]:
    """What the clients ask for: two details of the parking purpose, for some months."""
    return [
        {
            "type": "resident_data",
            "locations": [f"{pds.issuer}/data"],
            "purpose": "resident-permit",
            "attributes": ASKED,
            "access": until(pds),
            "enc_jkt": enc_jkt,
        }
    ]


async def register(pds: Running, name: str, key: OKPKey | RSAKey, algorithm: str) -> Registered:
    """A parking service that signs with another kind of key than ours; it decrypts with P-256 as all do."""
    keys, home = ServiceKeys.generate(), f"http://{name}.localhost:9"
    description = {**PARKING, "client_id": home, "sector": home, "redirect_uris": [f"{home}/back"]}
    sig = {**key.as_dict(private=False), "use": "sig", "alg": algorithm, "kid": jose.thumbprint(key)}
    jwks = {"keys": [sig, *(each for each in keys.public_jwks()["keys"] if each["use"] == "enc")]}
    statement = registrar.sign_statement(
        pds.registrar, registrar=REGISTRAR, service=description, jwks=jwks, now=pds.clock()
    )
    made = Registered(home, f"{home}/back", keys, statement)
    pds.services[home] = made
    await pds.publish_registry()
    return made


def given(pds: Running, service: Registered, sig: Json | None = None) -> Json:
    """What a service's developer would have in a settings file."""
    own, enc = service.keys.sig, service.keys.enc
    return {
        "issuer": pds.issuer,
        "client_id": service.client_id,
        "redirect_uri": service.redirect_uri,
        "post_logout_redirect_uri": service.redirect_uri.replace("/back", "/bye"),
        "sig": sig or {**jose.private_jwk(own), "kid": jose.thumbprint(own)},
        "enc": {**jose.private_jwk(enc), "kid": jose.thumbprint(enc)},
        "details": details(pds, jose.thumbprint(enc)),
    }


def find_node() -> str:
    """The machine's Node, or that of the virtual environment; its libraries are installed beside the scripts."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert node is not None, "Node is missing: `make clients-setup` brings it"
    assert (NODE / "node_modules/openid-client").is_dir(), "not installed: run `make clients-setup`"
    return node


async def run_node(script: Path, first: Json, answer: Callable[[Json], Awaitable[Any]]) -> Any:
    """Run a script beside the test: it asks in JSON lines, the test answers; what it says at the end."""
    process = await asyncio.create_subprocess_exec(
        find_node(),
        str(script),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    saying: Any = first
    try:
        async with asyncio.timeout(SECONDS):
            while True:
                process.stdin.write(json.dumps(saying).encode() + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
                assert line, (await process.stderr.read()).decode()
                said = json.loads(line)
                if "done" in said:
                    return said["done"]
                saying = await answer(said)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
