"""A form of a council as a site: it asks the vault, reads what was shared, and shows its boxes filled in."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from bench.score.forms import Form
from bench.score.people import authority_of
from pds.core import derived, jose
from pds.core.encoding import Json
from pds.demo.pages import box, button, h, join, notice
from pds.demo.registration import BACK
from pds.demo.site import SESSION, Site, fill
from pds.sdk import Asked, Refused, Service

FILL = "Fill in from my vault"
_OUTSIDE = "invalid_authorization_details"


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that came back to a form from one request: the claims that it read, and everything around them."""

    claims: str = ""
    rest: str = ""


@dataclass(slots=True)
class Pushed:
    """What a form pushed so far, and what it learnt, by the `state` of its request."""

    requests: int = 0
    over_asking: int = 0
    learnt: dict[str, Learnt] = field(default_factory=dict)


def describe(form: Form, address: str) -> Json:
    """The form's service at this address, as it describes itself to the registrar (protocols/specs/registry.md)."""
    return {
        "client_id": address,
        "redirect_uris": [address + BACK],
        "name": _both(form.name),
        "authority": {"id": authority_of(form), "name": _both(form.owner)},
        "home": address + "/",
        "sector": address,
        "tier": "council",
        "counters": [],
        "subject_proof": True,
        "signed_sign_in": True,
        "notice_uri": None,
        "purposes": [form.purpose],
    }


def create_form(form: Form, service: Service, pushed: Pushed, clock: Callable[[], int]) -> web.Application:
    """The site of one form."""
    site = Site(service, name=form.name, authority=form.owner, style="parking.css")
    takes: dict[str, dict[str, str]] = defaultdict(dict)
    for one in form.boxes:
        if one.attribute is not None and one.part is not None:
            takes[one.attribute][one.name] = one.part

    async def show(request: web.Request) -> web.Response:
        session = request[SESSION]
        boxes = (box(one.name, f"{one.label} ({one.name})", session.values.get(one.name, "")) for one in form.boxes)
        heading = h("<h1>{}</h1>", form.name)
        body = [notice(session.take_notice()), heading, button("/vault", FILL, plain=True), h("<form>"), *boxes]
        return site.page(form.name, join([*body, h("</form>")]))

    async def vault(request: web.Request) -> web.StreamResponse:
        return await site.to_vault(request, _ask(form, service, pushed, _day(clock)))

    async def back(request: web.Request) -> web.StreamResponse:
        session, found = request[SESSION], await site.from_vault(request)
        claims: Json = {}
        rest: list[Any] = [dict(request.query)]
        if found is not None:
            _, grant = found
            read = await service.read(grant)
            claims = dict(read.claims)
            rest += [jose.peek(request.query["subject_proof"]), jose.peek(grant.record), read.deposit_jwk, read.sub]
            fill(session, read, takes, today=_day(clock))
        pushed.learnt[request.query["state"]] = Learnt(_text(claims), _text(rest))
        raise web.HTTPSeeOther("/")

    return site.app({"GET /": show, "POST /vault": vault, f"GET {BACK}": back})


async def _ask(form: Form, service: Service, pushed: Pushed, today: date) -> Asked:
    """Ask for all that the form has boxes for; where that is more than its purpose has, the vault's door says no."""
    longest = today + timedelta(form.purpose["longest_days"])
    access: str | Mapping[str, date] = "once" if "once" in form.purpose["access"] else {"until": longest}
    try:
        pushed.requests += 1
        return await service.ask(form.purpose["id"], form.asks, access)
    except Refused as refused:
        if refused.error != _OUTSIDE:
            raise
        pushed.over_asking += 1
        if not form.within:
            raise
    pushed.requests += 1
    return await service.ask(form.purpose["id"], form.within, access)


def _day(clock: Callable[[], int]) -> date:
    return derived.london_day(clock())


def _text(learnt: Any) -> str:
    return json.dumps(learnt, ensure_ascii=False)


def _both(text: str) -> Json:
    return {"en": text, "cy": text}
