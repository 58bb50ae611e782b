"""Pages for a person whom no service can be told about: there is no address that is safe to send them to."""

from html import escape

from aiohttp import web


def page(title: str, advice: str, *, link: tuple[str, str] | None = None) -> web.Response:
    """Status 400, in plain words; `link` is an address of our own and what it is called."""
    onward = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(advice)}</p>{onward}</main></body></html>"
    )
    return web.Response(status=400, text=text, content_type="text/html")
