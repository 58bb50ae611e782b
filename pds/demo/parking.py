"""The resident parking permit of Anytown Borough Council: a service that keeps reading what was granted."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from pds.core import catalogue
from pds.core.errors import Invalid
from pds.demo.pages import Html, address_lines, box, button, error_summary, h, join, notice, summary_list
from pds.demo.site import SESSION, Application, Session, Site, day, fill, reference, unread
from pds.sdk import Disclosure, Paused, Refused, Service, Stopped, Unreachable

PURPOSE = "resident-permit"
ATTRIBUTES: Mapping[str, Mapping[str, object]] = {
    "person.full_name": {"required": True},
    "address.current": {"required": True},
    "vehicle.registration": {"required": True},
    "contact.email": {},
    "contact.mobile": {},
}
DAYS = 365
_EMPTY = {
    "name": "Enter your full name",
    "line1": "Enter the first line of your address",
    "postcode": "Enter your postcode",
    "registration": "Enter your vehicle’s registration number",
}


def create_parking(service: Service, *, today: Callable[[], date]) -> web.Application:
    """The site. `today` is where its clock comes in."""
    site = Site(service, name="Resident parking permit", authority="Anytown Borough Council", style="parking.css")

    async def form(request: web.Request) -> web.Response:
        return site.page("Apply for a resident parking permit", _form(request[SESSION], {}))

    async def vault(request: web.Request) -> web.StreamResponse:
        until = today() + timedelta(days=DAYS)
        return await site.to_vault(request, service.ask(PURPOSE, ATTRIBUTES, {"until": until}))

    async def back(request: web.Request) -> web.StreamResponse:
        session, found = request[SESSION], await site.from_vault(request)
        if found is not None:
            _, session.grant = found
            try:
                fill(session, await service.read(session.grant), _TAKES)
                session.notice = "We filled in what you shared. Check it, then send your application."
            except (Paused, Stopped, Unreachable, Refused, Invalid) as error:
                session.notice = unread(error)
        raise web.HTTPSeeOther("/")

    async def apply(request: web.Request) -> web.StreamResponse:
        session, sent = request[SESSION], await request.post()
        session.take_form(sent, _NAMES)
        errors = {name: text for name, text in _EMPTY.items() if not session.values.get(name)}
        if errors:
            return site.page("Apply for a resident parking permit", _form(session, errors), error=True)
        session.application = Application(reference(), dict(session.values), session.grant)
        session.application.offered = await _offer(service, session)
        raise web.HTTPSeeOther("/received")

    async def received(request: web.Request) -> web.Response:
        application = _application(request)
        return site.page("Application received", _received(application))

    async def permit(request: web.Request) -> web.Response:
        session = request[SESSION]
        return site.page("Your permit", join([notice(session.take_notice()), _permit(_application(request))]))

    async def check(request: web.Request) -> web.StreamResponse:
        application, session = _application(request), request[SESSION]
        if application.grant is not None:
            session.notice = await _check(service, application)
        if application.stopped:
            session.forget_form()
        raise web.HTTPSeeOther("/permit")

    return site.app(
        {
            "GET /": form,
            "POST /vault": vault,
            "GET /back": back,
            "POST /apply": apply,
            "GET /received": received,
            "GET /permit": permit,
            "POST /permit": check,
        }
    )


_TAKES = {
    "person.full_name": {"name": "value"},
    "address.current": {part: part for part in ("line1", "line2", "town", "postcode")},
    "vehicle.registration": {"registration": "value"},
    "contact.email": {"email": "value"},
    "contact.mobile": {"mobile": "value"},
}
_NAMES = tuple(name for boxes in _TAKES.values() for name in boxes)


async def _offer(service: Service, session: Session) -> bool:
    """Offer back to the vault what was typed here by hand, so that it is typed nowhere again. The resident decides."""
    typed = {
        attribute: value
        for attribute, boxes in _TAKES.items()
        if any(session.values.get(name) and name not in session.since for name in boxes)
        and (value := _value(attribute, session.values)) is not None
    }
    if session.grant is None or not typed:
        return False
    try:
        await service.offer(session.grant, typed)
    except (Unreachable, Refused, Invalid):
        # The application is none the worse for it.
        return False
    return True


def _value(attribute: str, values: Mapping[str, str]) -> Any:
    """What the boxes hold, as the catalogue wants it, or None where it wants it otherwise."""
    if attribute == "address.current":
        parts = {name: values.get(name, "") for name in ("town", "postcode")}
        lines = [values[name] for name in ("line1", "line2") if values.get(name)]
        found: Any = {"lines": lines, **{name: text for name, text in parts.items() if text}}
    else:
        found = values.get(next(iter(_TAKES[attribute])), "")
    try:
        return catalogue.check(attribute, found)
    except Invalid:
        return None


async def _check(service: Service, application: Application) -> str:
    """Read what the vault has now; what to tell the resident."""
    if application.grant is None:
        return ""
    async with application.lock:
        try:
            application.checked = await service.read(application.grant)
        except Stopped:
            # What the grant brought is no longer ours to show; the permit itself stays.
            application.stopped, application.checked = True, None
            return "You stopped sharing with us. We can no longer see your details."
        except Paused:
            return "You have paused sharing, so we cannot see your details now. Your permit stays as it is."
        except Unreachable:
            return "We could not reach your vault just now. Try again later."
        except (Refused, Invalid):
            return "What came back was not as it should be, so we did not use it. We are looking into it."
    return "Your details are up to date."


def _form(session: Session, errors: dict[str, str]) -> Html:
    def one(name: str, label: str, **more: str) -> Html:
        vault = session.since.get(name, "") if session.values.get(name) else ""
        return box(name, label, session.values.get(name, ""), error=errors.get(name, ""), from_vault=vault, **more)

    return join(
        [
            error_summary(errors),
            notice(session.take_notice()),
            h("<h1>Apply for a resident parking permit</h1>"),
            h("<p>You can let your vault fill in this form, or type your details yourself. It makes no difference"),
            h(" to your application.</p>"),
            button("/vault", "Fill in from my vault", plain=True),
            h('<form method="post" action="/apply" novalidate>'),
            one("name", "Full name", autocomplete="name"),
            h("<fieldset><legend>Home address</legend>"),
            one("line1", "Address line 1", autocomplete="address-line1"),
            one("line2", "Address line 2 (optional)", autocomplete="address-line2"),
            one("town", "Town or city", autocomplete="address-level2", width="short"),
            one("postcode", "Postcode", autocomplete="postal-code", width="short"),
            h("</fieldset>"),
            one("registration", "Vehicle registration number", width="short", hint="For example, AB51 ABC"),
            one("email", "Email address (optional)", kind="email", autocomplete="email"),
            one("mobile", "Mobile phone number (optional)", kind="tel", autocomplete="tel", width="short"),
            h("<button>Send application</button></form>"),
        ]
    )


def _received(application: Application) -> Html:
    return join(
        [
            h('<div class="panel"><h1>Application received</h1><p>Your reference is <strong>{}</strong></p></div>',
              application.reference),
            h("<p>We will write to you within 5 working days.</p>"),
            h("<p>When your details change in your vault, we see it here. You do not have to tell us.</p>")
            if application.grant is not None
            else h("<p>If your details change, tell us.</p>"),
            h("<p>What you typed here yourself, we offered to your vault. You decide there whether to keep it.</p>")
            if application.offered
            else h(""),
            h('<p><a href="/permit">Your permit</a></p>'),
        ]
    )  # fmt: skip


def _permit(application: Application) -> Html:
    parts = [h("<h1>Your permit</h1>"), h("<p>Reference {}</p>", application.reference)]
    if application.grant is None:
        return join([*parts, h("<p>You typed your details yourself, so there is nothing to check in a vault.</p>")])
    if application.stopped:
        parts.append(h("<p>You stopped sharing with us, so we no longer see your details. Your permit stays valid."))
        parts.append(h(' If something changes, tell us, or <a href="/">share again</a>.</p>'))
        return join(parts)
    access = application.grant.sharing_record().access
    if not isinstance(access, str):
        parts.append(h("<p>We can see the details that you shared until {}. ", day(access["until"])))
        parts.append(h("You can stop this in your vault at any time.</p>"))
    if application.checked is not None:
        parts.append(_details(application.checked))
    return join([*parts, button("/permit", "Check details now")])


def _details(read: Disclosure) -> Html:
    rows = []
    for attribute in ATTRIBUTES:
        value, claim = read.value(attribute), read.claims[attribute]
        text = "\n".join(address_lines(value)) if attribute == "address.current" else str(value)
        shown = f"{text}\nFrom your vault, as of {day(claim['as_of'])}" if "value" in claim else "Not shared"
        rows.append((catalogue.ATTRIBUTES[attribute].label, shown))
    return summary_list(rows)


def _application(request: web.Request) -> Application:
    application = request[SESSION].application
    if application is None:
        raise web.HTTPSeeOther("/")
    return application
