"""The leisure card of a partner of the council: an example of a sign-in, and of a question that is asked once."""

from collections.abc import Mapping
from datetime import date

from aiohttp import web

from pds.core.errors import Invalid
from pds.core.registry import SIGN_IN
from pds.demo.pages import Html, box, button, date_boxes, error_summary, h, join, notice
from pds.demo.site import SESSION, Application, Session, Site, fill, reference, unread
from pds.sdk import Paused, Refused, Service, Stopped, Unreachable

PURPOSE = "leisure-card"
ATTRIBUTES: Mapping[str, Mapping[str, object]] = {
    "person.full_name": {"required": True},
    "contact.email": {},
    "person.date_of_birth": {},
}
_TAKES = {
    "person.full_name": {"name": "value"},
    "contact.email": {"email": "value"},
    "person.date_of_birth": {part: part for part in ("day", "month", "year")},
}
_NAMES = tuple(name for boxes in _TAKES.values() for name in boxes)


def create_leisure(service: Service) -> web.Application:
    """The site."""
    site = Site(service, name="Leisure card", authority="Anytown Leisure Trust", style="leisure.css")

    async def home(request: web.Request) -> web.Response:
        session = request[SESSION]
        if session.sub is None:
            return site.page("Leisure card", _welcome(session))
        return site.page("Your leisure card", _form(session, {}))

    async def sign_in(request: web.Request) -> web.StreamResponse:
        return await site.to_vault(request, service.sign_in())

    async def vault(request: web.Request) -> web.StreamResponse:
        return await site.to_vault(request, service.ask(PURPOSE, ATTRIBUTES, "once"))

    async def back(request: web.Request) -> web.StreamResponse:
        session, found = request[SESSION], await site.from_vault(request)
        if found is not None:
            pending, grant = found
            if session.sub not in (None, grant.sub):
                session.notice = "You came back with another vault than the one you signed in with. Nothing was used."
            elif pending.purpose == SIGN_IN:
                session.sub, session.notice = grant.sub, "You are signed in."
            else:
                session.sub = grant.sub
                try:
                    fill(session, await service.read(grant), _TAKES)
                    session.notice = "We filled in what you shared. We read it once and cannot read it again."
                except (Paused, Stopped, Unreachable, Refused, Invalid) as error:
                    session.notice = unread(error)
        raise web.HTTPSeeOther("/")

    async def apply(request: web.Request) -> web.StreamResponse:
        session, sent = request[SESSION], await request.post()
        session.take_form(sent, _NAMES)
        errors = _errors(session.values)
        if errors:
            return site.page("Your leisure card", _form(session, errors), error=True)
        session.application = Application(reference(), dict(session.values), None)
        raise web.HTTPSeeOther("/received")

    async def received(request: web.Request) -> web.Response:
        application = request[SESSION].application
        if application is None:
            raise web.HTTPSeeOther("/")
        panel = h('<div class="panel"><h1>Card ordered</h1><p>Card number <strong>{}</strong></p></div>',
                  application.reference)  # fmt: skip
        return site.page("Card ordered", panel)

    async def sign_out(request: web.Request) -> web.StreamResponse:
        session = request[SESSION]
        session.forget_form()
        session.sub, session.application = None, None
        session.notice = "You are signed out."
        raise web.HTTPSeeOther("/")

    return site.app(
        {
            "GET /": home,
            "POST /sign-in": sign_in,
            "POST /vault": vault,
            "GET /back": back,
            "POST /apply": apply,
            "GET /received": received,
            "POST /sign-out": sign_out,
        }
    )


def _errors(values: Mapping[str, str]) -> dict[str, str]:
    errors = {} if values["name"] else {"name": "Enter your full name"}
    parts = [values[name] for name in ("year", "month", "day")]
    if any(parts):
        try:
            date(*map(int, parts))
        except ValueError:
            errors["day"] = "Enter a date of birth that exists, or leave it empty"
    return errors


def _welcome(session: Session) -> Html:
    return join(
        [
            notice(session.take_notice()),
            h("<h1>Leisure card</h1>"),
            h("<p>Swim, play and train for less. Sign in with your vault: we learn a number that only we know you by,"),
            h(" and nothing else about you.</p>"),
            button("/sign-in", "Sign in with my vault"),
            h("<h2>Without a vault</h2><p>Ask at the front desk of any leisure centre.</p>"),
        ]
    )


def _form(session: Session, errors: dict[str, str]) -> Html:
    def one(name: str, label: str, **more: str) -> Html:
        vault = session.since.get(name, "") if session.values.get(name) else ""
        return box(name, label, session.values.get(name, ""), error=errors.get(name, ""), from_vault=vault, **more)

    return join(
        [
            error_summary(errors),
            notice(session.take_notice()),
            h("<h1>Your leisure card</h1><p>You are signed in. We will know that it is you again next time, and we do"),
            h(" not know your name unless you tell us.</p>"),
            button("/vault", "Fill in from my vault", plain=True),
            h('<form method="post" action="/apply" novalidate>'),
            one("name", "Full name", autocomplete="name"),
            one("email", "Email address (optional)", kind="email", autocomplete="email"),
            date_boxes(
                "Date of birth (optional)",
                {name: session.values.get(name, "") for name in ("day", "month", "year")},
                error=errors.get("day", ""),
                from_vault=session.since.get("day", "") if session.values.get("day") else "",
            ),
            h("<button>Order my card</button></form>"),
            button("/sign-out", "Sign out", plain=True),
        ]
    )
