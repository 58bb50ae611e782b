"""What comes before any endpoint: requests that are no HTTP, too long for it, or expect what nobody can give, and
mistakes that no dialect caught.

aiohttp by itself answers them without our headers, with its version, and with the bytes at fault, a token among them,
which it writes to the log too. Here they get a problem document that says what was wrong and repeats nothing.
"""

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from pds.http.headers import Handler, secure
from pds.http.keys import SETTINGS
from pds.http.problems import document, problem, status_of

logger = logging.getLogger("pds.http")

# The address line, and each header: a proof of 8 KiB fits, with its name.
MAX_LINE_BYTES = 12 * 1024


class Runner(web.AppRunner):
    """`web.AppRunner` with our answers to what is no request."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        # Nothing that we read may be compressed: it would be unpacked before anybody could refuse it.
        limits = {"max_line_size": MAX_LINE_BYTES, "max_field_size": MAX_LINE_BYTES, "auto_decompress": False}
        return _Server(
            self.app[SETTINGS].issuer,
            _expecting_nothing(server.request_handler),
            request_factory=server.request_factory,
            **{**server._kwargs, **limits},
        )


def _expecting_nothing(handler: Handler) -> Handler:
    """`Expect` (RFC 9110 section 10.1.1) is judged before any middleware of ours: here, in our words."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPExpectationFailed as error:
            return problem(request, *status_of(error), "the only expectation that is met here is 100-continue")

    return answer


class _Server(web.Server):
    def __init__(self, issuer: str, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.issuer = issuer

    def __call__(self) -> RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    __slots__ = ("_issuer",)

    def __init__(self, manager: _Server, **given: Any) -> None:
        super().__init__(manager, **given)
        self._issuer = manager.issuer

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A refusal in place of aiohttp's; the connection closes after it."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        if isinstance(exc, HttpProcessingError):
            status, code = status_of(exc)
            text = f"not a request as HTTP has it, or an address or header of more than {MAX_LINE_BYTES} bytes"
        else:
            logger.error("unforeseen, in %s %s", request.method, request.path, exc_info=exc)
            code, text = "unforeseen", "something went wrong here"
        response = web.Response(
            status=status,
            body=document(self._issuer, status, code, text),
            content_type="application/problem+json",
            # Not without one: aiohttp would add its own, which names versions.
            headers={"Server": "pds"},
        )
        secure(response)
        response.force_close()
        return response
