"""One exchange at a time: choosing what it is for, the live screen, the four digits, and the end."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from pds.core.errors import Invalid
from pds.desk import pages
from pds.desk.context import COUNTER, SETUP, answer, at_desk, here, sent, text_of
from pds.desk.markup import Html
from pds.desk.qr import qr_svg
from pds.sdk import Refused, Stopped, Unreachable

routes = web.RouteTableDef()
# Proxies close what is silent.
HEARTBEAT_SECONDS = 15


@routes.get("/")
async def home(request: web.Request) -> web.StreamResponse:
    session, place = at_desk(request)
    if session.task is not None and not session.task.over:
        raise web.HTTPSeeOther("/task")
    body = pages.errands(
        place.errands,
        notice=session.take_notice(),
        alarms=request.app[COUNTER].alarms(place),
        several=len(request.app[SETUP].places) > 1,
    )
    return answer(request, "What is it for?", body)


@routes.post("/tasks")
async def start(request: web.Request) -> web.StreamResponse:
    session, place = at_desk(request)
    wanted = text_of(await request.post(), "errand")
    found = [each for each in place.errands if each.id == wanted]
    if not found:
        raise web.HTTPBadRequest(text="not a registered errand")
    if session.task is not None:
        session.task.close()
        session.task = None
    try:
        session.task = await request.app[COUNTER].begin(found[0], place)
    except Stopped:
        raise web.HTTPSeeOther("/") from None  # the alarm says why
    except Unreachable:
        session.notice = "The vault cannot be reached. Try again in a few minutes, or serve the resident without it."
        raise web.HTTPSeeOther("/") from None
    except (Refused, Invalid):
        session.notice = "The vault did not take this. Tell your supervisor, and serve the resident without it."
        raise web.HTTPSeeOther("/") from None
    raise web.HTTPSeeOther("/task")


@routes.get("/task")
async def task_page(request: web.Request) -> web.StreamResponse:
    session, place = at_desk(request)
    task = session.task
    if task is None:
        raise web.HTTPSeeOther("/")
    picture = Html(qr_svg(task.exchange.address))
    vault = request.app[SETUP].issuer.partition("//")[2]
    body = pages.live(task.errand, place, picture=picture, code=task.exchange.typed, vault=vault)
    return answer(request, "At the desk", body)


@routes.get("/task/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: the whole state at each change. `Last-Event-ID` says what the browser has seen."""
    task = here(request).task
    if task is None:
        return web.Response(status=204)  # tells the browser to stop asking
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    seen = request.headers.get("Last-Event-ID", "")
    with suppress(ConnectionError):
        while not task.closed:
            if seen != task.version:
                seen = task.version
                data = json.dumps(task.snapshot(), ensure_ascii=False)
                await response.write(f"id: {seen}\ndata: {data}\n\n".encode())
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await task.beyond(seen)
            except TimeoutError:
                await response.write(b": still here\n\n")
    return response


@routes.post("/task/digits")
async def digits(request: web.Request) -> web.StreamResponse:
    """The four digits as the clerk typed them. The vault's server compares them; we learn how many tries are left."""
    task = here(request).task
    if task is None:
        raise web.HTTPConflict(text="nothing is under way")
    typed = "".join(text_of(await sent(request), "digits").split())
    return web.json_response({"problem": await task.try_digits(typed)})


@routes.post("/task/done")
async def done(request: web.Request) -> web.StreamResponse:
    session = here(request)
    if session.task is not None:
        session.task.close()
        session.task = None
    raise web.HTTPSeeOther("/")
