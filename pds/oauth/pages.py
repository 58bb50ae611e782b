"""Pages for a person whom no service can be told about: there is no address that is safe to send them to."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from aiohttp import web

from pds.http.language import language_of


@dataclass(frozen=True, slots=True)
class Advice:
    """What a page says in one language; `link` is what the way onward is called."""

    title: str
    text: str
    link: str = ""


LINK_OVER: Mapping[str, Advice] = {
    "en": Advice("This link has been used or is too old", "Go back to the service and start again."),
    "cy": Advice("Mae’r ddolen hon wedi’i defnyddio neu’n rhy hen", "Ewch yn ôl i’r gwasanaeth a dechreuwch eto."),
}
MOVED: Mapping[str, Advice] = {
    "en": Advice("This service has moved", "Go back to the service and start again."),
    "cy": Advice("Mae’r gwasanaeth hwn wedi symud", "Ewch yn ôl i’r gwasanaeth a dechreuwch eto."),
}
NO_SIGN_OUT: Mapping[str, Advice] = {
    "en": Advice(
        "This link to sign out does not work",
        "You have not been signed out. Open your vault, and lock it there.",
        "Open your vault",
    ),
    "cy": Advice(
        "Nid yw’r ddolen hon i allgofnodi yn gweithio",
        "Nid ydych wedi allgofnodi. Agorwch eich storfa, a’i chloi yno.",
        "Agor eich storfa",
    ),
}


def page(request: web.Request, words: Mapping[str, Advice], *, wished: str = "", link: str = "") -> web.Response:
    """Status 400, in plain words. `wished` are the languages that came with the link; `link` is an address of ours."""
    language = language_of(request, wished)
    said = words[language]
    title = escape(said.title)
    onward = f'<p><a href="{escape(link)}">{escape(said.link)}</a></p>' if link else ""
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{title}</h1><p>{escape(said.text)}</p>{onward}</main></body></html>"
    )
    return web.Response(status=400, text=text, content_type="text/html", headers={"Vary": "Accept-Language"})
