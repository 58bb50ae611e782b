"""A PostgreSQL of our own: started for a test run in a temporary folder, stopped and deleted at its end.

`initdb` refuses to run as root, so root steps down to the user `postgres`, or `nobody` where there is none.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0

# A throw-away cluster need not survive a power cut; tests of crashes ask for `durable=True`.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresMissingError(RuntimeError):
    """There is no `initdb` on this machine: `.ci/need postgres` installs it."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    programs: Path
    folder: Path
    port: int
    uid: int
    gid: int

    def start(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs as the cluster's owner; what it says goes to the log."""
        step_down = os.geteuid() == 0
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / program), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self.uid if step_down else None,
                group=self.gid if step_down else None,
                extra_groups=[] if step_down else None,
            )

    def run(self, program: str, *words: str) -> None:
        if self.start(program, *words).wait() != 0:
            raise RuntimeError(f"{program} failed:\n{self.said()}")

    def answers(self) -> bool:
        """Asked over the socket in our own folder, so that no other server can answer in its place."""
        asked = self.start("pg_isready", "--quiet", f"--host={self.folder}", f"--port={self.port}", "--dbname=postgres")
        return asked.wait() == 0

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def log(self) -> Path:
        return self.folder / "log"


@contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server on a free loopback port and yield the URL of an empty database.

    The server listens on 127.0.0.1 alone and trusts whoever connects: it holds nothing but test data.
    """
    programs = _programs()
    uid, gid = _owner()
    folder = Path(tempfile.mkdtemp(prefix="pds-postgres-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
        cluster = _Cluster(programs, folder, _free_port(), uid, gid)
        cluster.run(
            *("initdb", "--pgdata=data", "--username=pds", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        )
        with _running(cluster, durable=durable):
            cluster.run("createdb", f"--host={folder}", f"--port={cluster.port}", "--username=pds", "pds")
            yield f"postgres://pds@127.0.0.1:{cluster.port}/pds"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(cluster: _Cluster, *, durable: bool) -> Iterator[None]:
    """Run the server for as long as the block lasts. Only the process started here is stopped."""
    settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={cluster.folder}", "max_connections=200"]
    settings += () if durable else _FAST
    words = [word for setting in settings for word in ("-c", setting)]
    server = cluster.start("postgres", "-D", "data", "-p", str(cluster.port), *words)
    try:
        _wait_for(cluster, server)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": sessions are ended, then it stops
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(_STOP_SECONDS)


def _wait_for(cluster: _Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with {server.returncode}:\n{cluster.said()}")
        if cluster.answers():
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer within {_START_SECONDS:.0f} s:\n{cluster.said()}")


def _programs() -> Path:
    """The folder of the newest server here. Debian keeps one for each major version, off the PATH."""
    installed = [path.parent for path in _DEBIAN.glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise PostgresMissingError("initdb was not found: install PostgreSQL (on Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


def _owner() -> tuple[int, int]:
    """User and group who run the server: ourselves, or whom root steps down to."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise RuntimeError("root cannot run PostgreSQL, and this machine has neither the user postgres nor nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
