"""Doing a case: each step right by default, changed as the case says, its answer kept for the steps after it."""

import asyncio
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from multidict import CIMultiDict
from yarl import URL

from pds.core.encoding import b64u
from tests.hostile.oauth.cases import Case, Step
from tests.hostile.oauth.forging import Signers, forge
from tests.hostile.oauth.keys import Key, new_key
from tests.hostile.oauth.target import Client, NotApproved, Target

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_SECONDS = 60
# Steps that show a token, and those in which the client does not authenticate.
_SHOWN = ("read", "userinfo", "look_up", "give_back")
_UNAUTHENTICATED = (*_SHOWN, "visit", "leave")
_VERBS = {"give_back": "DELETE"} | dict.fromkeys(("read", "userinfo", "visit", "leave", "look_up"), "GET")
_PLACE = re.compile(r"\$\{([a-z_0-9.]+)\}")


@dataclass(frozen=True)
class Answer:
    """What came back; `error` is the code, wherever it stands."""

    status: int
    document: dict[str, Any]
    text: str
    location: str
    headers: tuple[tuple[str, str], ...]

    @property
    def error(self) -> str:
        """From the body, the challenge, or the address that the browser is sent to."""
        challenged = re.search(r'error="([a-z_]+)"', dict(self.headers).get("www-authenticate", ""))
        back = dict(parse_qsl(urlsplit(self.location).query)).get("error", "")
        return str(self.document.get("error") or (challenged[1] if challenged else back))

    @property
    def accepted(self) -> bool:
        """A 2xx or a redirection without an error."""
        return 200 <= self.status < 400 and not self.error


@dataclass(frozen=True)
class Call:
    """One HTTP request, ready to be sent, and what is worth remembering of it."""

    method: str
    url: str
    headers: CIMultiDict[str]
    body: bytes | None
    sent: dict[str, Any]


@dataclass
class Run:
    """One case against one server."""

    target: Target
    case: Case
    scope: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    async def do(self, step: Step) -> list[Answer]:
        """The step, once or at once as often as it says. Errors: KeyError where a case names what is not there."""
        changes = {"as": "a", **step.changes}
        if step.do == "approve":
            return [await self._approve(changes)]
        if step.do in self.target.acts:
            await self.target.acts[step.do](self._filled(changes), self._scope(changes))
            return [Answer(200, {}, "", "", ())]
        times = changes.get("times", 1)
        if changes.get("same"):
            calls = [self._call(step.do, changes)] * times
        else:
            calls = [self._call(step.do, changes) for _ in range(times)]
        answers = list(await asyncio.gather(*(self._send(call, changes) for call in calls)))
        if times == 1 and answers[0].error == "use_dpop_nonce" and self._honest_nonce(changes):
            calls = [self._call(step.do, changes)]
            answers = [await self._send(calls[0], changes)]
        kept = {**answers[0].document, "sent": calls[0].sent, "location": answers[0].location}
        self.scope[changes.get("save", step.do)] = kept
        return answers

    async def _approve(self, changes: dict[str, Any]) -> Answer:
        assert self.target.approve is not None
        client = self.target.clients[changes["as"]]
        place = self.target.endpoints["visit"]
        uri = self._fill(changes.get("what", "${push.request_uri}"), self._scope(changes))
        try:
            back = await self.target.approve(f"{place}?client_id={quote(client.id, safe='')}&request_uri={quote(uri)}")
        except NotApproved as error:
            return Answer(400, {}, str(error), "", ())
        self.scope[changes.get("save", "approve")] = dict(parse_qsl(urlsplit(back).query)) | {"location": back}
        return Answer(302, {}, "", back, ())

    def _call(self, do: str, changes: dict[str, Any]) -> Call:
        url = self.target.endpoints[do]
        sent: dict[str, Any] = {}
        scope = self._scope(changes)
        headers: dict[str, str] = {}
        form: dict[str, Any] = {}
        query: dict[str, Any] = {}
        method = changes.get("method", _VERBS.get(do, "POST"))
        client = self.target.clients[changes["as"]]
        if do == "push":
            form, sent = self._asked(changes, client, scope)
        elif do in ("look_up", "give_back"):
            url += "/" + str(self._fill(changes.get("what", "${token.grant_id}"), scope))
        form |= _form(do, client)
        query |= _query(do, client)
        if do in _SHOWN:
            headers["Authorization"] = f"DPoP ${{{'token' if do in ('read', 'userinfo') else 'manage'}.access_token}}"
        if do == "visit":
            headers["Cookie"] = self.cookies.get(changes.get("browser", "one"), "")
        if do not in _UNAUTHENTICATED:
            form = {"client_id": client.id, **form}
            if changes.get("assertion") is not False:
                sent["assertion"] = self._assertion(changes, client, scope)
                form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": sent["assertion"]}
        dropped = changes.get("drop_form", ())
        form = {name: value for name, value in {**form, **changes.get("form", {})}.items() if name not in dropped}
        headers |= changes.get("headers", {})
        for name in changes.get("drop_headers", ()):
            headers.pop(name, None)
        headers = {name: str(self._fill(value, scope)) for name, value in headers.items()}
        token = headers.get("Authorization", "").partition(" ")[2]
        if changes.get("proof", do in ("token", "refresh", "manage", *_SHOWN)) is not False:
            sent["proof"] = headers["DPoP"] = self._proof(changes, method, url, token, scope)
        scope = {**scope, "this": sent}
        query |= changes.get("query", {})
        if query:
            url += "?" + urlencode(self._fill(query, scope))
        if changes.get("query_twice"):
            url += "&" + urlencode(self._fill(changes["query_twice"], scope))
        body = None
        if form or method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            pairs = [*self._fill(form, scope).items(), *self._fill(changes.get("form_twice", {}), scope).items()]
            body = str(self._fill(changes["body"], scope) if "body" in changes else urlencode(pairs)).encode()
        sending = CIMultiDict(headers)
        for name, value in changes.get("headers_twice", {}).items():
            sending.add(name, str(self._fill(value, scope)))
        return Call(method, url, sending, body, sent)

    def _asked(self, changes: dict[str, Any], client: Client, scope: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        verifier = b64u(secrets.token_bytes(32))
        now = self.target.clock()
        parameters = {
            "client_id": client.id,
            "response_type": "code",
            "redirect_uri": client.redirect_uri,
            "state": b64u(secrets.token_bytes(12)),
            "nonce": b64u(secrets.token_bytes(12)),
            "code_challenge": b64u(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **client.asks[changes.get("asks", "sign-in")],
        }
        sent = {"verifier": verifier, "challenge": parameters["code_challenge"]}
        if changes.get("unsigned"):
            return parameters, sent
        claims = parameters | {"iss": client.id, "aud": self.target.issuer, "jti": b64u(secrets.token_bytes(12))}
        claims |= {"iat": now, "nbf": now, "exp": now + LIFETIME_SECONDS}
        made = self._token("request", changes, claims, _header(client), Signers(client.key, self._other(client)), scope)
        return {"request": made}, {**sent, "request": made}

    def _assertion(self, changes: dict[str, Any], client: Client, scope: dict[str, Any]) -> str:
        now = self.target.clock()
        claims = {"iss": client.id, "sub": client.id, "aud": self.target.issuer, "jti": b64u(secrets.token_bytes(12))}
        times = {"iat": now, "exp": now + LIFETIME_SECONDS}
        signers = Signers(client.key, self._other(client))
        return self._token("assertion", changes, claims | times, _header(client), signers, scope)

    def _proof(self, changes: dict[str, Any], method: str, url: str, token: str, scope: dict[str, Any]) -> str:
        claims: dict[str, Any] = {"jti": b64u(secrets.token_bytes(12)), "htm": method, "htu": url}
        claims["iat"] = self.target.clock()
        if token:
            claims["ath"] = b64u(hashlib.sha256(token.encode()).digest())
        if self.target.nonce is not None:
            claims["nonce"] = self.target.nonce
        signers = Signers(self._dpop(changes.get("key", "one")), self._dpop("other"))
        return self._token("proof", changes, claims, {"typ": "dpop+jwt", "jwk": {}}, signers, scope)

    def _token(
        self, name: str, changes: dict[str, Any], claims: Any, header: Any, signers: Signers, scope: dict[str, Any]
    ) -> str:
        spec = changes.get(name, {})
        return forge({} if spec is True else self._fill(spec, scope), claims, header, signers)

    async def _send(self, call: Call, changes: dict[str, Any]) -> Answer:
        url = URL(call.url, encoded=True)
        async with self.target.session.request(
            call.method, url, data=call.body, headers=call.headers, allow_redirects=False
        ) as response:
            text = await response.text()
            self.target.nonce = response.headers.get("DPoP-Nonce", self.target.nonce)
            if response.cookies:
                pairs = [f"{name}={morsel.coded_value}" for name, morsel in response.cookies.items()]
                self.cookies[changes.get("browser", "one")] = "; ".join(pairs)
            headers = tuple((name.lower(), value) for name, value in response.headers.items())
            return Answer(response.status, _object(text), text, response.headers.get("Location", ""), headers)

    def _honest_nonce(self, changes: dict[str, Any]) -> bool:
        spec = changes.get("proof", {})
        touched = spec if isinstance(spec, dict) else {}
        return "value" not in touched and not any(
            "nonce" in touched.get(part, ()) for part in ("claims", "drop", "twice", "after")
        )

    def _dpop(self, name: str) -> Key:
        return self.keys.setdefault(name, new_key())

    def _other(self, client: Client) -> Key:
        return next(other.key for other in self.target.clients.values() if other.id != client.id)

    def _scope(self, changes: dict[str, Any]) -> dict[str, Any]:
        named = {
            name: {"id": client.id, "redirect_uri": client.redirect_uri, "asks": client.asks, "after": client.after}
            for name, client in self.target.clients.items()
        }
        keys = {name: {"thumbprint": key.thumbprint} for name, key in self.keys.items()}
        me = named[changes["as"]]
        fixed = {"issuer": self.target.issuer, "endpoint": self.target.endpoints, "me": me, "key": keys}
        return {**named, **fixed, "key_one": {"thumbprint": self._dpop("one").thumbprint}, **self.scope}

    def _filled(self, changes: dict[str, Any]) -> dict[str, Any]:
        scope = self._scope(changes)
        return {name: self._fill(value, scope) for name, value in changes.items()}

    def _fill(self, value: Any, scope: dict[str, Any]) -> Any:
        """The value with `${…}` looked up, `{"$now": n}` as a time and `{"$repeat": [text, n]}` as a long text."""
        if isinstance(value, str):
            whole = _PLACE.fullmatch(value)
            return _found(whole[1], scope) if whole else _PLACE.sub(lambda found: str(_found(found[1], scope)), value)
        if isinstance(value, list):
            return [self._fill(each, scope) for each in value]
        if isinstance(value, dict):
            if value.keys() == {"$now"}:
                return self.target.clock() + value["$now"]
            if value.keys() == {"$repeat"}:
                return value["$repeat"][0] * value["$repeat"][1]
            return {name: self._fill(each, scope) for name, each in value.items()}
        return value


def _form(do: str, client: Client) -> dict[str, Any]:
    """What an honest client posts, besides saying who it is."""
    match do:
        case "token":
            form = {"grant_type": "authorization_code", "code": "${approve.code}"}
            return form | {"redirect_uri": client.redirect_uri, "code_verifier": "${push.sent.verifier}"}
        case "refresh":
            return {"grant_type": "refresh_token", "refresh_token": "${token.refresh_token}"}
        case "manage":
            return {"grant_type": "client_credentials", "scope": "grant_management_query grant_management_revoke"}
        case "introspect" | "revoke":
            return {"token": "${token.access_token}"}
    return {}


def _query(do: str, client: Client) -> dict[str, Any]:
    """Where an honest client sends a browser."""
    match do:
        case "visit":
            return {"client_id": client.id, "request_uri": "${push.request_uri}"}
        case "leave":
            after = {"post_logout_redirect_uri": client.after} if client.after else {}
            return {"id_token_hint": "${token.id_token}", **after}
    return {}


def _found(path: str, scope: dict[str, Any]) -> Any:
    value: Any = scope
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def _header(client: Client) -> dict[str, Any]:
    return {} if client.kid is None else {"kid": client.kid}


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
