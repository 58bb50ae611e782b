"""`pds`: what an operator, a registrar and a newcomer type."""

import argparse
import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar

from joserfc.jwk import ECKey

from pds import rotate
from pds.core import jose, registrar
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.errors import PdsError
from pds.settings import BadSettings, Settings, read_settings

Result = TypeVar("Result")
Parser = argparse.ArgumentParser
Group: TypeAlias = "argparse._SubParsersAction[Parser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says."""
    options = _parser().parse_args(arguments)
    try:
        result: int | None = options.run(options)
    except (BadSettings, PdsError, Invalid, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return result or 0


def _serve(options: argparse.Namespace) -> None:
    from pds import serve

    settings = read_settings(os.environ)
    if options.workers == 1:
        serve.serve_one(settings)
    else:
        serve.serve_many(options.workers)


def _migrate(_options: argparse.Namespace) -> None:
    from pds import store

    url = os.environ.get("PDS_DATABASE")
    if not url:
        raise BadSettings("PDS_DATABASE is missing")
    for name in asyncio.run(store.migrate(url)):
        print(name)


def _demo(options: argparse.Namespace) -> int:
    from pds.demo.run import run_demo

    return run_demo(headless=options.headless)


def _init(options: argparse.Namespace) -> None:
    """What a new deployment needs beside a database: its secret and its signing key."""
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_new(folder / "secret", b64u(secrets.token_bytes(32)))
    _write_new(folder / "signing.jwks.json", json.dumps({"keys": [jose.private_jwk(jose.new_key())]}))


def _registrar_init(options: argparse.Namespace) -> None:
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = jose.new_key()
    _write_new(folder / "registrar.json", json.dumps({"registrar": options.name, "key": jose.private_jwk(key)}))
    _write_new(folder / "registrar_keys.json", json.dumps({"keys": [jose.public_jwk(key)]}), mode=0o644)


def _registrar_sign(options: argparse.Namespace) -> None:
    name, key = _registrar(options.folder)
    service, jwks = _read(options.service), _read(options.keys)
    statement = registrar.sign_statement(key, registrar=name, service=service, jwks=jwks, now=int(time.time()))
    folder = Path(options.folder) / "statements"
    folder.mkdir(exist_ok=True)
    path = folder / f"{b64u(service['client_id'].encode())}.jwt"
    path.write_text(statement, "ascii")
    print(path)


def _registrar_index(options: argparse.Namespace) -> None:
    name, key = _registrar(options.folder)
    folder = Path(options.folder)
    also = rotate.announced(_read(folder / "registrar.json"))
    statements = {}
    for path in sorted((folder / "statements").glob("*.jwt")):
        compact = path.read_text("ascii")
        statements[jose.peek(compact)["sub"]] = compact
    before = folder / "index.jwt"
    seq = jose.peek(before.read_text("ascii"))["seq"] + 1 if before.exists() else 1
    index = registrar.sign_index(key, registrar=name, statements=statements, seq=seq, now=int(time.time()), also=also)
    before.write_text(index, "ascii")
    print(f"{before}: {len(statements)} services, sequence number {seq}")


def _registrar_rotate(options: argparse.Namespace) -> None:
    print(rotate.registrar_key(Path(options.folder)))


def _keys_rotate(options: argparse.Namespace) -> None:
    now = int(time.time())
    for each in rotate.server_keys(Path(options.file), leaked=options.leaked, now=now):
        signs = "signs" if each.begins <= now else f"signs in {each.begins - now} s"
        until = "" if each.ends is None else f", published for {each.ends - now} s more"
        print(f"{jose.thumbprint(each.key)}  {signs if each.ends is None else 'the one before'}{until}")


def _doctor(_options: argparse.Namespace) -> int:
    from pds.doctor import examine

    found = examine(os.environ, now=int(time.time()))
    for line in found or ["nothing is wrong"]:
        print(line)
    return 1 if found else 0


def _service_new(options: argparse.Namespace) -> None:
    from pds.demo.new_service import new_service

    folder = Path(options.name)
    home = new_service(options.name, Path(options.registrar), folder)
    for path in sorted(folder.iterdir()):
        print(path)
    print(f"In force in the demo. Run `python {folder}/service.py` while it runs, and open {home}/")


def _service_name(text: str) -> str:
    from pds.demo.new_service import service_name

    return service_name(text)


def _service_add(options: argparse.Namespace) -> None:
    from pds.registry import actions

    folder, settings = Path(options.folder), read_settings(os.environ)

    async def run() -> int:
        statements = [path.read_text("ascii") for path in sorted((folder / "statements").glob("*.jwt"))]
        index = (folder / "index.jwt").read_text("ascii")
        listed = jose.peek(index)["statements"]
        chosen = [each for each in statements if jose.peek(each)["sub"] in listed]
        keys = settings.registrar_keys
        return len(await actions.install(index, chosen, registrar_keys=keys, now=int(time.time())))

    print(f"{_with_database(settings, run)} services in force")


def _service_list(_options: argparse.Namespace) -> None:
    from pds.registry import actions

    for service, suspended in _with_database(read_settings(os.environ), actions.services):
        print(f"{service.client_id}  {service.name['en']}, {service.authority_name['en']}{'  suspended' * suspended}")


def _service_suspend(options: argparse.Namespace) -> None:
    from pds.registry import actions

    _with_database(read_settings(os.environ), lambda: actions.suspend(options.client_id, suspended=not options.resume))


def _notices_list(_options: argparse.Namespace) -> None:
    from pds.notices import actions

    now = int(time.time())
    for each in _with_database(read_settings(os.environ), actions.waiting):
        hours = "not tried yet" if each.oldest is None else f"the oldest for {max(0, now - each.oldest) // 3600} hours"
        print(f"{each.client_id}  {each.notices} waiting, {hours}, up to {each.attempts} attempts")


def _notices_verify(options: argparse.Namespace) -> None:
    from pds.notices import actions

    _with_database(read_settings(os.environ), lambda: actions.verify(options.client_id))


def _counter_alerts(_options: argparse.Namespace) -> None:
    from pds.counter import reports

    settings = read_settings(os.environ)
    for client_id, desk in _with_database(settings, reports.frozen):
        print(f"frozen  {client_id}  {desk}")
    for at, kind, client_id, desk in _with_database(settings, reports.alerts):
        print(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}  {kind}  {client_id}  {desk}")


def _counter_unfreeze(options: argparse.Namespace) -> None:
    from pds.counter import reports

    _with_database(read_settings(os.environ), lambda: reports.unfreeze(options.client_id, options.desk))


def _desk_serve(options: argparse.Namespace) -> None:
    from pds.desk.serve import serve

    asyncio.run(serve(Path(options.folder)))


def _desk_invite(options: argparse.Namespace) -> None:
    from pds.desk.folder import read_folder
    from pds.desk.staff import ENROLMENT_SECONDS, Staff

    setup = read_folder(Path(options.folder))
    token = Staff(setup.staff, secrets.token_bytes).invite(options.name, now=int(time.time()))
    print(f"For {options.name} alone, once, within {ENROLMENT_SECONDS // 60} minutes:\n{setup.origin}/enrol#{token}")


def _desk_staff(options: argparse.Namespace) -> None:
    from pds.desk.staff import Staff

    for member in Staff(Path(options.folder) / "staff.json", secrets.token_bytes).members():
        print(f"{member.name}{'' if member.credential else '  (invited)'}")


def _desk_remove(options: argparse.Namespace) -> None:
    from pds.desk.staff import NotStaff, Staff

    try:
        Staff(Path(options.folder) / "staff.json", secrets.token_bytes).remove(options.name)
    except NotStaff:
        raise ValueError(f"nobody of this desk is called {options.name}") from None


def _with_database(settings: Settings, act: Callable[[], Awaitable[Result]]) -> Result:
    from pds import store

    async def run() -> Result:
        await store.open_database(settings.database)
        try:
            return await act()
        finally:
            await store.close_database()

    return asyncio.run(run())


def _registrar(folder: str) -> tuple[str, ECKey]:
    document = _read(Path(folder) / "registrar.json")
    return document["registrar"], jose.p256_private(document["key"])


def _read(path: str | Path) -> Json:
    document: Json = json.loads(Path(path).read_text("utf-8"))
    return document


def _write_new(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Never over an old key: it cannot be made again."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text + "\n")
    print(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pds", description="A personal data store for councils and their residents.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(group: Group, name: str, run: Callable[[argparse.Namespace], object], says: str) -> Parser:
        made = group.add_parser(name, help=says)
        made.set_defaults(run=run)
        return made

    demo = command(commands, "demo", _demo, "everything on this machine, to click through")
    demo.add_argument("--headless", action="store_true", help="tell the story without a screen, check it, and leave")
    serve = command(commands, "serve", _serve, "the server; settings come from PDS_… names (docs/run.md)")
    serve.add_argument("--workers", type=int, default=1, choices=range(1, 65), metavar="N", help="processes, 1 to 64")
    command(commands, "migrate", _migrate, "bring the database up to date")
    command(commands, "init", _init, "make a deployment's secret and signing key").add_argument("folder")
    command(commands, "doctor", _doctor, "what needs doing: index, keys, files, database, clock")
    group = commands.add_parser("keys", help="on the server: its signing keys").add_subparsers(required=True)
    made = command(group, "rotate", _keys_rotate, "a new signing key; running workers take it up by themselves")
    made.add_argument("file", help="the file of PDS_SIGNING_KEYS")
    made.add_argument("--leaked", action="store_true", help="at once, and nothing that the old one signed is believed")
    group = commands.add_parser("registrar", help="offline: keys, statements, the index").add_subparsers(required=True)
    made = command(group, "init", _registrar_init, "a new registrar")
    made.add_argument("folder")
    made.add_argument("name", help="its address, such as https://registrar.anytown.example")
    made = command(group, "sign", _registrar_sign, "sign the statement of one service")
    made.add_argument("folder")
    made.add_argument("service", help="its description, a JSON file")
    made.add_argument("keys", help="its public keys, a JWKS file")
    command(group, "index", _registrar_index, "sign the index over all statements").add_argument("folder")
    command(group, "rotate", _registrar_rotate, "a new key, announced by the old one; again: it signs").add_argument(
        "folder"
    )
    group = commands.add_parser("service", help="on the server: the services in force").add_subparsers(required=True)
    made = command(group, "new", _service_new, "a service of your own in the demo: keys, statement, code that runs")
    made.add_argument("name", type=_service_name, help="a folder of this name is made: small letters, digits, hyphens")
    made.add_argument("--registrar", default=".demo", metavar="FOLDER", help="the demo's folder (default: .demo)")
    command(group, "add", _service_add, "put an index and its statements in force").add_argument("folder")
    command(group, "list", _service_list, "who is registered")
    made = command(group, "suspend", _service_suspend, "stop a service at once")
    made.add_argument("client_id")
    made.add_argument("--resume", action="store_true", help="let it go on")
    group = commands.add_parser("notices", help="on the server: what services are told").add_subparsers(required=True)
    command(group, "list", _notices_list, "what waits, by service")
    made = command(group, "verify", _notices_verify, "send a service an event that only tries the way")
    made.add_argument("client_id")
    group = commands.add_parser("counter", help="on the server: desks that residents reported").add_subparsers(
        required=True
    )
    command(group, "alerts", _counter_alerts, "the desks that are frozen, and the newest alerts")
    made = command(group, "unfreeze", _counter_unfreeze, "let a desk go on that two residents reported")
    made.add_argument("client_id")
    made.add_argument("desk")
    group = commands.add_parser("desk", help="at a counter: the service's own process").add_subparsers(required=True)
    folder = "with desk.json, statement.jwt and keys.json (docs/run.md)"
    command(group, "serve", _desk_serve, "the desk's pages").add_argument("folder", help=folder)
    made = command(group, "invite", _desk_invite, "a link with which somebody registers a passkey, once")
    made.add_argument("folder", help=folder)
    made.add_argument("name", help="of the member of staff")
    command(group, "staff", _desk_staff, "who may sign in").add_argument("folder", help=folder)
    made = command(group, "remove", _desk_remove, "from now on they may not")
    made.add_argument("folder", help=folder)
    made.add_argument("name", help="of the member of staff")
    return parser


if __name__ == "__main__":
    sys.exit(main())
