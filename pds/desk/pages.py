"""The desk's pages. What changes by itself is filled in by script/desk.js, with text alone."""

from collections.abc import Iterable, Mapping

from pds.desk.folder import Errand, Place, Setup
from pds.desk.markup import Html, h, join


def page(setup: Setup, title: str, body: Html, *, signed_in: str = "", place: Place | None = None) -> str:
    """A whole page. `signed_in` is who works here."""
    return h(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{} - {} - {}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="stylesheet" href="/style/desk.css"><script type="module" src="/script/desk.js"></script></head>'
        '<body><a class="skip" href="#main">Skip to main content</a>'
        '<header><div class="width"><p class="authority">{}</p><p class="service"><a href="/">{}</a></p>{}</div>'
        "</header>"
        '<main id="main" class="width" tabindex="-1">{}</main>'
        '<footer><div class="width"><p>Ask only for what the errand needs. '
        "A resident who has no phone, or says no, is served all the same.</p></div></footer></body></html>\n",
        title,
        setup.service["en"],
        setup.authority["en"],
        setup.authority["en"],
        setup.service["en"],
        _worker(signed_in, place) if signed_in else Html(),
        body,
    )


def _worker(name: str, place: Place | None) -> Html:
    where = h("{} · ", both(place.place)) if place is not None else Html()
    return h(
        '<form method="post" action="/sign-out" class="worker"><p>{}{}</p>'
        '<button class="plain">Sign out</button></form>',
        where,
        name,
    )


def both(words: Mapping[str, str]) -> Html:
    """A text of the register in both languages."""
    en, cy = words["en"], words["cy"]
    return h("{}", en) if en == cy else h('{} <span lang="cy">/ {}</span>', en, cy)


def sign_in() -> Html:
    """For whoever has a passkey of this desk."""
    return join(
        [
            _trouble(),
            h("<h1>Sign in to the desk</h1>"),
            h("<p>Use the passkey that you made for this desk: your fingerprint, face, PIN or security key.</p>"),
            h('<button type="button" id="sign-in">Sign in with a passkey</button>'),
            h("<p>New here, or lost your passkey? Ask your supervisor for a link.</p>"),
            _needs_script(),
        ]
    )


def enrol() -> Html:
    """For whoever was sent a link. The token stands in its fragment, which reaches no log."""
    return join(
        [
            _trouble(),
            h("<h1>Set up your passkey</h1>"),
            h("<p>You sign in to this desk with a passkey: your fingerprint, face, PIN or security key. "),
            h("It is for you alone: what you do here is done in your name.</p>"),
            h('<button type="button" id="enrol">Create a passkey</button>'),
            h("<p>The link works once, and for an hour.</p>"),
            _needs_script(),
        ]
    )


def choose_place(places: Iterable[Place]) -> Html:
    """Which of the registered desks this is: what the resident is asked to confirm."""
    return join(
        [
            h("<h1>Which desk are you at?</h1>"),
            h("<p>Residents are asked whether they stand there, so choose the one that you are at now.</p>"),
            h(
                '<ul class="choices">{}</ul>',
                join(_choice("/place", "place", each.id, both(each.place)) for each in places),
            ),
        ]
    )


def errands(known: Iterable[Errand], *, notice: str, alarms: Iterable[str], several: bool) -> Html:
    """What a resident can have come for: registered purposes only, nothing to fill in."""
    return join(
        [
            *map(_alarm, alarms),
            h('<div class="notice" role="status"><p>{}</p></div>', notice) if notice else Html(),
            h("<h1>What is the resident here for?</h1>"),
            h("<p>The details that each may ask for are registered. Nothing is seen until the resident shares it.</p>"),
            h(
                '<ul class="choices">{}</ul>',
                join(_choice("/tasks", "errand", each.id, both(each.text), _asks(each)) for each in known),
            ),
            h('<p><a href="/place">Change desk</a></p>') if several else Html(),
        ]
    )


def _asks(errand: Errand) -> str:
    count = len(errand.attributes)
    return "Asks for 1 detail" if count == 1 else f"Asks for {count} details"


def _choice(action: str, name: str, value: str, label: Html, more: str = "") -> Html:
    return h(
        '<li><form method="post" action="{}"><input type="hidden" name="{}" value="{}">'
        '<button class="choice">{}</button>{}</form></li>',
        action,
        name,
        value,
        label,
        h('<p class="hint">{}</p>', more) if more else Html(),
    )


def _alarm(text: str) -> Html:
    """What a supervisor must know, until it is dealt with."""
    return h('<div class="alarm" role="alert"><h2>Tell your supervisor</h2><p>{}</p></div>', text)


def live(errand: Errand, place: Place, *, picture: Html, code: str, vault: str) -> Html:
    """The screen of one exchange. Every part is here from the start; the script shows what the state calls for."""
    return join(
        [
            h('<div id="alarm" class="alarm" role="alert" hidden><h2>Tell your supervisor</h2><p></p></div>'),
            h('<div class="status" role="status"><h1 id="says" tabindex="-1">Waiting for a phone</h1>'),
            h('<p id="next"></p><p id="note" class="warning" hidden></p></div>'),
            _trouble(),
            h('<p class="hint">{}<br>{}</p>', both(errand.text), both(place.place)),
            _invitation(picture, code, vault),
            _digits(),
            _values(),
            h('<div class="buttons"><form method="post" action="/task/done">'),
            h('<button id="done" class="second">Stop</button></form>'),
            h('<form id="again" method="post" action="/tasks" hidden>'),
            h('<input type="hidden" name="errand" value="{}"><button>Show a new code</button></form></div>', errand.id),
            _needs_script(),
        ]
    )


def _invitation(picture: Html, code: str, vault: str) -> Html:
    return join(
        [
            h('<section id="invite" aria-labelledby="invite-says"><h2 id="invite-says">For the resident’s phone</h2>'),
            h(
                '<div class="invite"><div><p id="qr-says" class="unseen">QR code that opens the vault</p>{}</div>',
                picture,
            ),
            h("<div><p>Point the phone’s camera at the picture.</p>"),
            h("<p>No camera? Open the vault at {}, choose <strong>Use a code that a desk shows you</strong> ", vault),
            h('and type:</p><p class="code" id="code">{}</p></div></div></section>', code),
        ]
    )


def _digits() -> Html:
    return join(
        [
            h('<form id="digits-form" hidden novalidate><label for="digits">Four digits on the phone</label>'),
            h('<p class="hint" id="digits-hint">The resident reads them out to you.</p>'),
            h('<p class="error" id="digits-error" role="alert"></p><div class="row">'),
            h('<input id="digits" name="digits" inputmode="numeric" autocomplete="off"'),
            h(' aria-describedby="digits-hint digits-error"><button>Check digits</button></div></form>'),
        ]
    )


def _values() -> Html:
    return join(
        [
            h('<section id="values" aria-labelledby="values-says" hidden><h2 id="values-says">What was shared</h2>'),
            h('<p class="hint">For this task only. Enter copies a detail, the arrow keys go to the next.</p>'),
            h('<dl id="lines"></dl><p id="copied" role="status"></p></section>'),
        ]
    )


def _trouble() -> Html:
    return h('<div id="trouble" class="summary" role="alert" hidden><p></p></div>')


def _needs_script() -> Html:
    return h("<noscript><p>The desk needs JavaScript. Turn it on in this browser.</p></noscript>")
