"""The pieces of the example services' pages."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from pds.core.encoding import Json
from pds.desk.markup import Html, h, join

__all__ = ["Html", "h", "join", "page", "box", "error_summary", "notice", "button", "summary_list", "address_lines"]


def page(title: str, body: Html, *, service: str, authority: str, style: str, error: bool = False) -> Html:
    """A whole page of a service."""
    return h(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{}{} - {} - {}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/style/common.css"><link rel="stylesheet" href="/style/{}"></head>'
        '<body><a class="skip" href="#main">Skip to main content</a>'
        '<header><p class="authority">{}</p><p class="service"><a href="/">{}</a></p></header>'
        '<main id="main" tabindex="-1">{}</main>'
        "<footer><p>A demonstration: nothing here reaches a real council.</p></footer></body></html>\n",
        "Error: " if error else "",
        title,
        service,
        authority,
        style,
        authority,
        service,
        body,
    )


def box(
    name: str,
    label: str,
    value: str,
    *,
    hint: str = "",
    error: str = "",
    kind: str = "text",
    autocomplete: str = "",
    width: str = "",
    from_vault: str = "",
) -> Html:
    """One labelled text box. `from_vault` says since when the vault has its value; it is empty for a typed one."""
    described = [f"{name}-{part}" for part, text in (("hint", hint), ("vault", from_vault), ("error", error)) if text]
    return join(
        [
            h('<div class="field{}"><label for="{}">{}</label>', " field-error" if error else "", name, label),
            h('<p class="hint" id="{}-hint">{}</p>', name, hint) if hint else Html(),
            h('<p class="vault" id="{}-vault">From your vault, {}</p>', name, from_vault) if from_vault else Html(),
            h('<p class="error" id="{}-error"><strong>Error:</strong> {}</p>', name, error) if error else Html(),
            h('<input id="{}" name="{}" type="{}" value="{}" class="{}"', name, name, kind, value, width),
            h(' autocomplete="{}"', autocomplete) if autocomplete else Html(),
            h(' aria-describedby="{}"', " ".join(described)) if described else Html(),
            h(' aria-invalid="true"') if error else Html(),
            h("></div>"),
        ]
    )


def boxes_of(text: str) -> dict[str, str]:
    """What the text boxes of a page hold, by name: what its form would send now."""
    found = re.finditer(r'<input id="[^"]*" name="([^"]*)" type="[^"]*" value="([^"]*)"', text)
    return {match[1]: unescape(match[2]) for match in found}


def date_boxes(legend: str, values: Mapping[str, str], *, error: str = "", from_vault: str = "") -> Html:
    """A date of birth as three boxes in a row, named `day`, `month`, `year`; hint and error are said once for all."""
    described = [f"date-{part}" for part, text in (("hint", "-"), ("vault", from_vault), ("error", error)) if text]
    boxes = [
        h(
            '<div><label for="{}">{}</label><input id="{}" name="{}" value="{}" inputmode="numeric"'
            ' autocomplete="bday-{}"{}></div>',
            *(name, name.capitalize(), name, name, value, name, Html(' aria-invalid="true"' if error else "")),
        )
        for name, value in values.items()
    ]
    return join(
        [
            h('<fieldset class="field{}"', " field-error" if error else ""),
            h(' aria-describedby="{}"><legend>{}</legend>', " ".join(described), legend),
            h('<p class="hint" id="date-hint">For example, 31 3 1980</p>'),
            h('<p class="vault" id="date-vault">From your vault, {}</p>', from_vault) if from_vault else Html(),
            h('<p class="error" id="date-error"><strong>Error:</strong> {}</p>', error) if error else Html(),
            h('<div class="date">{}</div></fieldset>', join(boxes)),
        ]
    )


def error_summary(errors: dict[str, str]) -> Html:
    """What to put right, first on the page, each a link to its box."""
    if not errors:
        return Html()
    links = join(h('<li><a href="#{}">{}</a></li>', name, text) for name, text in errors.items())
    return h('<div class="summary" role="alert" tabindex="-1"><h2>There is a problem</h2><ul>{}</ul></div>', links)


def notice(text: str) -> Html:
    """What just happened, in plain words."""
    return h('<div class="notice" role="status"><p>{}</p></div>', text) if text else Html()


def button(action: str, text: str, *, plain: bool = False) -> Html:
    """A form that is only a button."""
    return h('<form method="post" action="{}"><button{}>{}</button></form>', action, _second(plain), text)


def summary_list(rows: Iterable[tuple[str, str]]) -> Html:
    """Names and values."""
    return h("<dl>{}</dl>", join(h("<div><dt>{}</dt><dd>{}</dd></div>", name, value) for name, value in rows))


def address_lines(value: Json | None) -> list[str]:
    """An address of the catalogue as lines."""
    if value is None:
        return []
    return [*value["lines"], *(value[name] for name in ("town", "postcode") if name in value)]


def _second(plain: bool) -> Html:
    return Html(' class="second"') if plain else Html()
