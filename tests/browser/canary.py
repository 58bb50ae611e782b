"""Looking for what the operator's server must never see: a recorder in front of it, and a search in all it wrote.

The recorder passes bytes on as they are, so the server under test is the server as it is.
"""

import asyncio
import base64
import json
import re
import sqlite3
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import asyncpg

Secret = str | bytes
_SHORTEST = 5
_PAGE, _STAMP = 8192, 10  # of PostgreSQL, in bytes


# --- what a secret can look like --------------------------------------------------------------------------------------


def forms(secret: Secret) -> dict[str, bytes]:
    """Every form in which a secret could stand in what the server saw, by name."""
    plain = secret.encode() if isinstance(secret, str) else secret
    assert len(plain) >= _SHORTEST, "so short a secret is found anywhere by chance"
    found = {
        "raw": plain,
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "numbers": ",".join(map(str, plain)).encode(),
        **_base64(plain),
    }
    return found | _text_forms(secret) if isinstance(secret, str) else found


def _text_forms(text: str) -> dict[str, bytes]:
    percent, escaped = quote(text, safe=""), json.dumps(text)[1:-1]
    return {
        "lower": text.lower().encode(),
        "upper": text.upper().encode(),
        "percent": percent.encode(),
        "percent lower": re.sub("%..", lambda match: match[0].lower(), percent).encode(),
        "form": quote_plus(text).encode(),
        "json": escaped.encode(),
        "JSON": re.sub(r"\\u(....)", lambda match: f"\\u{match[1].upper()}", escaped).encode(),
        "utf-16le": text.encode("utf-16-le"),
        "utf-16be": text.encode("utf-16-be"),
    }


def _base64(plain: bytes) -> dict[str, bytes]:
    """In both alphabets, wherever it begins within a group of three bytes; only characters that are all its own."""
    found = {}
    for offset in range(3):
        all_of_it = base64.b64encode(bytes(offset) + plain)
        own = all_of_it[-(-offset * 8 // 6) : (offset + len(plain)) * 8 // 6]
        found[f"base64+{offset}"] = own
        found[f"base64url+{offset}"] = own.translate(bytes.maketrans(b"+/", b"-_"))
    return found


# --- where it is looked for -------------------------------------------------------------------------------------------


@dataclass
class Evidence:
    """Bytes by the place where they were found."""

    places: dict[str, bytes] = field(default_factory=dict)

    def add(self, place: str, content: bytes | str) -> None:
        self.places[place] = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content

    def finds(self, secrets: Mapping[str, Secret]) -> list[tuple[str, str, str]]:
        """Secret, form and place of everything that was found."""
        return [
            (name, form, place)
            for name, secret in secrets.items()
            for form, needle in forms(secret).items()
            for place, content in self.places.items()
            if needle in content
        ]


@dataclass
class Recorder:
    """Stands between the server and everybody else. `port` is where it listens."""

    port: int
    server: int
    asked: list[bytearray] = field(default_factory=list)
    answered: list[bytearray] = field(default_factory=list)
    _passing: set[asyncio.Task[None]] = field(default_factory=set)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection, both ways, until one side has nothing more to say."""
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        ahead_reader, ahead_writer = await asyncio.open_connection("127.0.0.1", self.server)
        self.asked.append(bytearray())
        self.answered.append(bytearray())
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, ahead_writer, self.asked[-1]))
                both.create_task(_pass_on(ahead_reader, writer, self.answered[-1]))
        finally:
            writer.close()
            ahead_writer.close()
            self._passing.discard(task)

    async def stop(self) -> None:
        """Hang up whoever is still connected."""
        passing = list(self._passing)
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    def testify(self, evidence: Evidence) -> None:
        """Every byte that went to the server and came from it, compressed answers opened."""
        evidence.add("requests", b"\n".join(self.asked))
        evidence.add("answers", b"\n".join(self.answered))
        evidence.add("compressed answers", b"\n".join(part for stream in self.answered for part in _opened(stream)))


@asynccontextmanager
async def recorder(port: int, server: int) -> AsyncIterator[Recorder]:
    """Record everything that reaches `port` and pass it on to `server`."""
    made = Recorder(port, server)
    listening = await asyncio.start_server(made.connected, "127.0.0.1", port)
    try:
        yield made
    finally:
        listening.close()
        await made.stop()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: bytearray) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            seen += data
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _opened(stream: bytearray) -> Iterator[bytes]:
    """What compressed answers of a connection say."""
    for match in re.finditer(rb"(?i)content-encoding: (?:gzip|deflate)\r\n", stream):
        body = stream.index(b"\r\n\r\n", match.start()) + 4
        yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(bytes(stream[body:]))


# --- what the server wrote --------------------------------------------------------------------------------------------


async def read_database(url: str, evidence: Evidence) -> None:
    """The database as files, byte for byte, and as rows, in case that a file holds them compressed."""
    if url.startswith("sqlite://"):
        path = Path(url.removeprefix("sqlite://"))
        for file in sorted(path.parent.glob(f"{path.name}*")):
            evidence.add(f"database file {file.name}", file.read_bytes())
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            evidence.add("database rows", "\n".join(connection.iterdump()))
    else:
        await _read_cluster(url, evidence)


async def _read_cluster(url: str, evidence: Evidence) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
        folder = Path(await connection.fetchval("SHOW data_directory"))
        oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
        tables = await connection.fetch(
            "SELECT oid::regclass::text AS name FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        rows = [await connection.fetch(f"SELECT t::text FROM {table['name']} AS t") for table in tables]  # noqa: S608
    finally:
        await connection.close()
    evidence.add("database rows", "\n".join(str(row[0]) for table in rows for row in table))
    evidence.add("database log", (folder.parent / "log").read_bytes())
    own, template = folder / "base" / str(oid), folder / "base" / "1"
    evidence.add("database file", b"".join(_pages(own) - _pages(template)))
    # The cluster serves many tests: only what was written since this one's database was made.
    made = (own / "PG_VERSION").stat().st_mtime - 1
    segments = (path for path in sorted((folder / "pg_wal").iterdir()) if path.is_file())
    evidence.add(
        "database WAL", b"".join(path.read_bytes().rstrip(b"\0") for path in segments if path.stat().st_mtime >= made)
    )


def _pages(folder: Path) -> set[bytes]:
    """The different pages of a database's files, without where in the WAL each was last written."""
    contents = (path.read_bytes() for path in folder.iterdir() if path.is_file())
    return {content[at + _STAMP : at + _PAGE] for content in contents for at in range(0, len(content), _PAGE)}


def read_folder(folder: Path, evidence: Evidence) -> None:
    """Every file below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            evidence.add(path.relative_to(folder).as_posix(), path.read_bytes())


# --- what a browser's wallet holds ------------------------------------------------------------------------------------

# Runs in every page before its own scripts; `tellTest` brings each secret to the test as hexadecimal digits.
WATCH_SECRETS = """(() => {
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const view = (data) => ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  const fromB64u = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const tell = (kind, data) => { void tellTest(kind, hex(view(data))); };
  const after = (object, name, look) => {
    const original = object[name];
    object[name] = async function (...given) {
      const result = await original.apply(this, given);
      look(result, ...given);
      return result;
    };
  };
  const before = (object, name, look) => {
    const original = object[name];
    object[name] = function (...given) {
      look(...given);
      return original.apply(this, given);
    };
  };
  const name = (algorithm) => typeof algorithm === "string" ? algorithm : algorithm.name;
  const asJwk = (jwk, algorithm) => { if (jwk.d !== undefined) tell(`${name(algorithm)} private`, fromB64u(jwk.d)); };
  for (const verb of ["create", "get"]) after(CredentialsContainer.prototype, verb, (credential) => {
    const first = credential?.getClientExtensionResults().prf?.results?.first;
    if (first !== undefined) tell("PRF output", first);
  });
  // Before, because the wallet wipes what it imported.
  before(SubtleCrypto.prototype, "importKey", (format, data, algorithm, _extractable, uses) => {
    if (uses.length === 0 || uses.join() === "verify") return;
    if (format === "jwk") asJwk(data, algorithm);
    else if (format === "pkcs8") tell(`${name(algorithm)} private`, view(data).slice(-32));
    else tell(name(algorithm), data);
  });
  after(SubtleCrypto.prototype, "exportKey", (data, format, key) => {
    if (key.type === "public") return;
    if (format === "jwk") asJwk(data, key.algorithm);
    else tell(`${name(key.algorithm)} exported`, format === "pkcs8" ? view(data).slice(-32) : data);
  });
})();"""
# What the wallet keeps in the browser between page loads; a key that cannot be read out says only that it is one.
KEPT_IN_BROWSER = """async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => { done(request.result); };
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((done) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => { done(request.result); };
      });
      kept.push(JSON.stringify(rows));
    }
    database.close();
  }
  return kept.join("\\n");
}"""
