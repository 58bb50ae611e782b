"""The composition root: the only file that knows every feature."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from aiohttp import web
from aiohttp.typedefs import Middleware

from pds import store
from pds.counter import routes as counter
from pds.deposits import routes as deposits
from pds.errors import Unavailable
from pds.grants import routes as grants
from pds.http import docs, static
from pds.http.caller import FIND_CALLER
from pds.http.headers import add_headers
from pds.http.keys import CLOCK, RANDOM, SETTINGS
from pds.http.limits import limited
from pds.http.nonces import add_nonce
from pds.http.problems import problems, same_origin
from pds.http.signing import KEYRING, Keyring, sign_as
from pds.http.streams import STREAMS, Streams
from pds.notices.reaching import Connector, Resolver, system_resolver, tls_connector
from pds.notices.sender import Sender
from pds.oauth import device, granted, leaving, metadata, userinfo
from pds.oauth import routes as oauth
from pds.oauth.errors import oauth_errors
from pds.reads import routes as reads
from pds.registry import routes as registry
from pds.requests import routes as requests
from pds.residents import routes as residents
from pds.settings import Settings
from pds.vault import routes as vault

PURGE_SECONDS = 60
MAX_BODY_BYTES = 4 * 1024 * 1024


logger = logging.getLogger("pds")

SENDER = web.AppKey("sender", Sender)


def system_clock() -> int:
    """Seconds since 1970, UTC."""
    return int(time.time())


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], int] = system_clock,
    random: Callable[[int], bytes] = secrets.token_bytes,
    resolver: Resolver = system_resolver,
    connector: Connector = tls_connector,
) -> web.Application:
    """The whole server. `clock` gives seconds, `random` that many random bytes: tests bring their own.

    So they do with `resolver`, which knows the addresses of a host name, and `connector`, which connects to those that
    the rules for outgoing requests let through.
    """
    # Whatever no sub-application answers, an address that is none among it, is a problem document.
    app = web.Application(middlewares=[problems], client_max_size=MAX_BODY_BYTES)
    app[SETTINGS], app[CLOCK], app[RANDOM] = settings, clock, random
    app[KEYRING] = Keyring(settings.signing_keys, settings.signing_keys_file)
    app[FIND_CALLER] = lambda hashed: residents.find(hashed, now=clock())
    app.on_response_prepare.append(add_headers)
    app[SENDER] = Sender(
        issuer=settings.issuer,
        sign=lambda claims, form: sign_as(form, claims, app),
        clock=clock,
        random=random,
        resolver=resolver,
        connector=connector,
    )
    app[STREAMS] = Streams()
    app.on_shutdown.append(app[STREAMS].stop)
    app.cleanup_ctx.append(_database)
    app.cleanup_ctx.append(_notices)
    # One kind of caller, one sub-application, one dialect of errors.
    app.add_subapp(
        "/api",
        _sub_app(
            [problems, limited(), same_origin],
            residents.routes,
            vault.routes,
            requests.routes,
            grants.routes,
            counter.routes,
            deposits.routes,
            leaving.api,
        ),
    )
    authorization = _sub_app(
        [oauth_errors, limited()],
        oauth.routes,
        device.routes,
        granted.routes,
        leaving.routes,
        userinfo.routes,
        metadata.keys,
    )
    authorization.on_response_prepare.append(add_nonce)
    app.add_subapp("/oauth", authorization)
    app.add_subapp("/data", reads.create_app(limited()))
    app.add_subapp("/registry", _sub_app([problems, limited()], registry.routes))
    app.add_routes(metadata.routes)
    app.add_routes(docs.routes)
    app.add_routes(counter.pages)
    static.add_wallet(app, settings.wallet)
    return app


def _sub_app(middlewares: Sequence[Middleware], *features: web.RouteTableDef) -> web.Application:
    app = web.Application(middlewares=middlewares)
    for routes in features:
        app.add_routes(routes)
    return app


async def _database(app: web.Application) -> AsyncIterator[None]:
    await store.open_database(app[SETTINGS].database)
    cleaning = asyncio.create_task(_clean(app[CLOCK]))
    yield
    cleaning.cancel()
    with suppress(asyncio.CancelledError):
        await cleaning
    await store.close_database()


async def _notices(app: web.Application) -> AsyncIterator[None]:
    """In every worker; each notice is one worker's at a time."""
    sending = asyncio.create_task(app[SENDER].run())
    yield
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending


async def _clean(clock: Callable[[], int]) -> None:
    """Every minute, in every worker: what is over goes, and grants past their end are ended and logged."""
    while True:
        await asyncio.sleep(PURGE_SECONDS)
        try:
            await store.purge(clock())
        except Unavailable:
            logger.warning("the database did not answer while cleaning; again in a minute")
