"""HTML that cannot forget to escape: what goes into a template is text unless it is `Html` already."""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Markup that is safe as it is."""

    __slots__ = ()


def h(template: str, *values: object) -> Html:
    """The template with each `{}` filled in, escaped."""
    return Html(template.format(*(value if isinstance(value, Html) else escape(str(value)) for value in values)))


def join(parts: Iterable[Html]) -> Html:
    """Markup after markup."""
    return Html("".join(parts))
