"""The page that every refusal points to, at `/docs/errors`: docs/errors.md, rendered once."""

from importlib.resources import files
from itertools import pairwise

from aiohttp import web
from markdown_it import MarkdownIt

routes = web.RouteTableDef()


@routes.get("/docs/errors")
async def get_errors(_request: web.Request) -> web.Response:
    """What each code means and what to do; a heading's anchor is its code, a slash in it a hyphen."""
    return web.Response(text=_PAGE, content_type="text/html", headers={"Cache-Control": "public, max-age=3600"})


def _render(text: str) -> str:
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(text)
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", inside.content.replace("/", "-").replace("`", ""))
    body = markdown.renderer.render(tokens, markdown.options, {})
    return _FRAME.format(body=body)


_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors</title>
</head>
<body><main>{body}</main></body>
</html>
"""
_PAGE = _render((files("pds") / "docs/errors.md").read_text("utf-8"))
