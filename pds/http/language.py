"""In which of its languages a page of ours speaks to a resident."""

from collections.abc import Iterable

from aiohttp import web

LANGUAGES = ("en", "cy")


def best_of(tags: Iterable[str]) -> str | None:
    """The first of these that we speak (RFC 4647 section 3.4, lookup over tags of RFC 5646). None for none."""
    primary = (tag.lower().partition("-")[0] for tag in tags)
    return next((tag for tag in primary if tag in LANGUAGES), None)


def language_of(request: web.Request, wished: str = "") -> str:
    """`en` or `cy`. `wished` is what a service names (`ui_locales`, tags with spaces between); then the browser's own.

    Nothing that is sent is an error: an unknown language is no wish (OpenID Connect Core 3.1.2.1).
    """
    return best_of(wished.split()) or best_of(_preferred(request.headers.get("Accept-Language", ""))) or LANGUAGES[0]


def _preferred(header: str) -> list[str]:
    """RFC 9110 section 12.5.4: the dearest first; a weight of 0 is a no."""
    weighed = [(_weight(more), tag.strip()) for tag, _, more in (one.partition(";") for one in header.split(","))]
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if not parameter.strip():
        return 1
    whole = value.strip()[:5].replace(".", "", 1)
    return float(value.strip()[:5]) if name.strip().lower() == "q" and whole.isascii() and whole.isdigit() else 0
