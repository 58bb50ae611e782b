"""An internet of invented names: a resolver that knows them, and a connector that finds their servers on loopback.

The rules for outgoing requests stand between the two and are the server's own: what they refuse is never dialled.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SOCK_STREAM
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PUBLIC = "11.22.33.44"


@dataclass
class Internet:
    """`addresses` are what each name has, `ports` where the server of an address really listens.

    `asked` and `dialled` are every name that was looked up, and every address that a connection was tried to.
    """

    ca: Path
    addresses: dict[str, Sequence[str]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)

    async def resolve(self, host: str) -> Sequence[str]:
        """The resolver that `create_app` takes."""
        self.asked.append(host)
        if host not in self.addresses:
            raise OSError("no such name")
        return self.addresses[host]

    def connect(self, resolver: AbstractResolver) -> aiohttp.BaseConnector:
        """The connector that `create_app` takes: TLS as ever, by the tests' own authority."""
        context = ssl.create_default_context(cafile=str(self.ca))
        return _Loopback(self, resolver=resolver, ssl=context, use_dns_cache=False, force_close=True)


class _Loopback(aiohttp.TCPConnector):
    """Dials loopback in place of the addresses that the resolver gave; those are written down."""

    def __init__(self, internet: Internet, **given: Any) -> None:
        super().__init__(**given)
        self._internet = internet

    async def _wrap_create_connection(self, *args: Any, addr_infos: list[Any], **given: Any) -> Any:
        addresses = [info[4][0] for info in addr_infos]
        self._internet.dialled += addresses
        # Port 1 of loopback: nobody listens there.
        here = ("127.0.0.1", self._internet.ports.get(addresses[0], 1))
        return await super()._wrap_create_connection(
            *args, addr_infos=[(AF_INET, SOCK_STREAM, IPPROTO_TCP, "", here)], **given
        )


@dataclass(frozen=True)
class Post:
    """What a service received."""

    path: str
    headers: dict[str, str]
    body: bytes


Answer = web.Response | Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """A service's server. It answers with `answers` in their order, then 202 to notices and 200 to logout tokens."""

    posts: list[Post] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    under_way: int = 0
    most_at_once: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            async with self.news:
                self.posts.append(Post(request.path_qs, dict(request.headers), await request.read()))
                self.news.notify_all()
            if self.answers:
                answer = self.answers.popleft()
                return answer if isinstance(answer, web.Response) else await answer(request)
            notice = request.content_type == "application/secevent+jwt"
            return web.Response(status=202 if notice else 200)
        finally:
            self.under_way -= 1

    async def received(self, number: int) -> list[Post]:
        """The posts, once there are so many."""
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(lambda: len(self.posts) >= number)
        return self.posts


@asynccontextmanager
async def listening(internet: Internet, *hosts: str, address: str = PUBLIC) -> AsyncIterator[Receiver]:
    """A server for these names, at a public address, with a certificate of the tests' authority."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(internet.ca, *hosts))
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        internet.ports[address] = runner.addresses[0][1]
        for host in hosts:
            internet.addresses[host] = [address]
        yield receiver
    finally:
        await runner.cleanup()


def new_authority(folder: Path) -> Path:
    """A certificate authority: its certificate, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    made = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    path = folder / "authority.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(_private(key))
    return path


def certificate(authority: Path, *hosts: str) -> Path:
    """A certificate for these names with its key, in one file."""
    issuer = x509.load_pem_x509_certificate(authority.read_bytes())
    signer = serialization.load_pem_private_key(authority.with_suffix(".key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    made = _builder(name, issuer.subject, key).add_extension(names, critical=False)
    path = authority.with_name(f"{hosts[0]}.pem")
    path.write_bytes(made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + _private(key))
    return path


def _builder(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
