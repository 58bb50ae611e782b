"""The wallet's files: read once, served with their policy; nothing else on disk can be reached."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from pds.core.encoding import digest
from pds.http.headers import WALLET_POLICY, WORKER_POLICY


@dataclass(frozen=True, slots=True)
class File:
    """One file of the wallet's release."""

    body: bytes
    type: str
    tag: str
    policy: str


def add_wallet(app: web.Application, folder: Path) -> None:
    """Serve the built wallet at `/` and its assets below it; a folder without one serves nothing there."""
    files = _read(folder)

    async def serve(request: web.Request) -> web.Response:
        file = files.get(request.match_info.get("path") or "index.html")
        if file is None:
            raise web.HTTPNotFound
        # Assets carry their hash in their name; the page is asked for each time, so that a release arrives.
        fresh = "public, max-age=31536000, immutable" if request.path.startswith("/assets/") else "no-cache"
        headers = {"Cache-Control": fresh, "ETag": f'"{file.tag}"', "Content-Security-Policy": file.policy}
        if f'"{file.tag}"' in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        response = web.Response(body=file.body, headers=headers, content_type=file.type, charset=_charset(file.type))
        response.enable_compression()
        return response

    app.router.add_get("/", serve)
    app.router.add_get("/{path:[A-Za-z0-9_./-]+}", serve)


def _read(folder: Path) -> Mapping[str, File]:
    return {
        path.relative_to(folder).as_posix(): File(
            path.read_bytes(),
            mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            digest(path.read_bytes()),
            WORKER_POLICY if ".worker-" in path.name else WALLET_POLICY,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _charset(kind: str) -> str | None:
    return "utf-8" if kind.startswith("text/") else None
