"""Every endpoint of the application, and what a bad request may expect of it. A new route fails until it is here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.http.headers import add_headers
from tests.faults.raw import Answer

KIB = 1024
ID = "A" * 22

# `problem` is RFC 9457, `oauth` RFC 6749 section 5.2, `data` that and a challenge; `page` is for a person where
# no service can be told, and in the words of OAuth where the request was no navigation.
Dialect = Literal["problem", "oauth", "data", "page"]


@dataclass(frozen=True)
class Endpoint:
    """`body` is what it reads, of at most `most` bytes; `schema` the file that describes it."""

    verb: str
    path: str
    dialect: Dialect
    body: Literal["", "json", "form"] = ""
    schema: str = ""
    most: int = 64 * KIB

    @property
    def target(self) -> str:
        """An address of this path."""
        return (
            self.path.replace("{id}", ID)
            .replace("{digest}", "A" * 43)
            .replace("{path}", "nothing")
            .replace("{code}", "none")
        )

    @property
    def kind(self) -> str:
        """The Content-Type that it reads."""
        return {"json": "application/json", "form": "application/x-www-form-urlencoded", "": ""}[self.body]

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


def _wallet(path: str, schema: str, most: int = 64 * KIB) -> Endpoint:
    return Endpoint("POST", f"/api{path}", "problem", "json", f"wallet-api/{schema}.json", most)


MIB = 1024 * KIB
ENDPOINTS = (
    Endpoint("GET", "/api/session", "problem"),
    _wallet("/challenges", "challenge"),
    _wallet("/vaults", "vault", MIB),
    _wallet("/login/passkey", "login_passkey"),
    _wallet("/login/proof", "login_proof"),
    _wallet("/logout", "empty"),
    Endpoint("GET", "/api/sessions", "problem"),
    _wallet("/sessions/end", "empty"),
    _wallet("/sessions/{digest}/end", "empty"),
    _wallet("/leaving", "leaving"),
    Endpoint("GET", "/api/vault", "problem"),
    _wallet("/vault/commits", "commit", MIB),
    _wallet("/vault/methods", "method", MIB),
    Endpoint("GET", "/api/requests/{id}", "problem"),
    _wallet("/requests/{id}/extension", "empty"),
    _wallet("/requests/{id}/refusal", "refusal"),
    _wallet("/requests/{id}/approval", "approval", MIB),
    Endpoint("GET", "/api/grants", "problem"),
    Endpoint("GET", "/api/grants/{id}/log", "problem"),
    _wallet("/grants/{id}/revocation", "revocation", MIB),
    _wallet("/grants/{id}/report", "counter_report", MIB),
    _wallet("/counters", "counter_claim"),
    Endpoint("GET", "/api/counters/{id}", "problem"),
    _wallet("/counters/{id}/approval", "counter_approval", MIB),
    _wallet("/counters/{id}/refusal", "empty"),
    _wallet("/counters/{id}/departure", "counter_departure"),
    _wallet("/pause", "pause", 4 * MIB),
    _wallet("/publications", "publication", 4 * MIB),
    Endpoint("GET", "/api/deposits", "problem"),
    _wallet("/deposits/{id}/answer", "deposit_answer", 4 * MIB),
    Endpoint("POST", "/oauth/par", "oauth", "form"),
    Endpoint("POST", "/oauth/device_authorization", "oauth", "form"),
    Endpoint("POST", "/oauth/device/digits", "oauth", "form"),
    Endpoint("POST", "/oauth/device/cancel", "oauth", "form"),
    Endpoint("GET", "/oauth/device/events", "oauth"),
    Endpoint("GET", "/oauth/authorize", "page"),
    Endpoint("POST", "/oauth/authorize", "page", "form"),
    Endpoint("POST", "/oauth/token", "oauth", "form"),
    Endpoint("POST", "/oauth/revoke", "oauth", "form"),
    Endpoint("POST", "/oauth/introspect", "oauth", "form"),
    Endpoint("POST", "/oauth/deposits", "oauth", "form"),
    Endpoint("GET", "/oauth/logout", "page"),
    Endpoint("POST", "/oauth/logout", "page", "form"),
    Endpoint("GET", "/oauth/grants/{id}", "oauth"),
    Endpoint("DELETE", "/oauth/grants/{id}", "oauth"),
    Endpoint("GET", "/oauth/userinfo", "oauth"),
    Endpoint("POST", "/oauth/userinfo", "oauth"),
    Endpoint("GET", "/oauth/jwks", "oauth"),
    Endpoint("GET", "/data", "data"),
    Endpoint("GET", "/registry/index", "problem"),
    Endpoint("GET", "/registry/statements/{digest}", "problem"),
    Endpoint("GET", "/.well-known/openid-configuration", "problem"),
    Endpoint("GET", "/.well-known/oauth-authorization-server", "problem"),
    Endpoint("GET", "/.well-known/oauth-protected-resource/data", "problem"),
    Endpoint("GET", "/.well-known/ssf-configuration", "problem"),
    Endpoint("GET", "/docs/errors", "problem"),
    Endpoint("GET", "/Q", "problem"),
    Endpoint("GET", "/Q/{code}", "problem"),
    Endpoint("GET", "/", "problem"),
    Endpoint("GET", "/{path}", "problem"),
)
# A HEAD would be a call that its proof does not name.
WITHOUT_HEAD = {"/data", "/oauth/grants/{id}"}


def verbs_of(path: str) -> set[str]:
    """What this path takes."""
    verbs = {each.verb for each in ENDPOINTS if each.path == path}
    return verbs | ({"HEAD"} if "GET" in verbs and path not in WITHOUT_HEAD else set())


async def headers_always() -> dict[str, str]:
    """What stands on every answer, by asking the one place that puts it there."""
    response = web.Response()
    await add_headers(None, response)  # type: ignore[arg-type]
    return {name: value for name, value in response.headers.items() if name not in ("Content-Type", "Cache-Control")}


def complaint(answer: Answer, dialect: Dialect, always: dict[str, str], statuses: set[int] | None = None) -> str:
    """What is wrong with a refusal; empty where it is as it should be."""
    wanted = set(range(400, 500)) if statuses is None else statuses
    if answer.status not in wanted:
        return f"status {answer.status} {answer.body[:120]!r}"
    if lacking := unguarded(answer.headers, always):
        return f"{answer.status} {lacking}"
    if answer.headers.get("Cache-Control") != "no-store":
        return f"{answer.status} with {answer.headers.get('Cache-Control')}"
    return _dialect_complaint(answer, dialect)


def unguarded(headers: Mapping[str, str], always: dict[str, str]) -> str:
    """What is missing of the headers that stand on every answer, and what stands on none; empty where all is well."""
    missing = [
        name
        for name, value in always.items()
        if name not in ("Content-Security-Policy", "Content-Length") and headers.get(name) != value
    ]
    if missing or "default-src 'none'" not in headers.get("Content-Security-Policy", ""):
        return f"without {missing or 'a policy'}"
    if "Cache-Control" not in headers or headers.get("Server", "pds") != "pds":
        return f"with {headers.get('Cache-Control')}, {headers.get('Server')}"
    return ""


def _dialect_complaint(answer: Answer, dialect: Dialect) -> str:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if dialect == "page" and kind == "text/html":
        return ""
    wanted = "application/problem+json" if dialect == "problem" else "application/json"
    if kind != wanted:
        return f"{answer.status} as {kind}"
    if not answer.body:  # a HEAD
        return ""
    try:
        document = answer.json()
    except Invalid:
        return f"no strict JSON: {answer.body[:120]!r}"
    return _member_complaint(answer, document, dialect)


def _member_complaint(answer: Answer, document: Json, dialect: Dialect) -> str:
    if dialect == "problem":
        good = document.get("status") == answer.status and document.get("type", "").endswith(
            f"/docs/errors#{document.get('code')}"
        )
        return "" if good and document.get("detail") else f"not a problem document: {document}"
    wanted = {"error", "error_description"} | ({"rule"} if dialect == "data" else set())
    if not wanted <= document.keys():
        return f"without {wanted - document.keys()}: {document}"
    challenged = dialect == "data" or document["error"] != "invalid_client"
    if answer.status == 401 and challenged and "WWW-Authenticate" not in answer.headers:
        return f"401 without a challenge: {document}"
    return ""
