"""What a resident's decision is made of: record, disclosure, sealed grant item (protocols/specs/grant.md). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import ECKey

from pds.core import catalogue, disclosure, jose, pause, record
from pds.core.chain import Position
from pds.core.encoding import Json, b64u
from pds.core.errors import Invalid
from pds.core.manifest import Opened
from pds.core.members import text
from pds.core.record import Record
from pds.core.registry import Service
from pds.core.request import Access, Request
from pds.sdk import preferring
from pds.sdk.commit import Change, Random
from pds.sdk.items import (
    Items,
    answers,
    asked_of,
    attribute_item,
    claim,
    ended,
    ends,
    held,
    preferences_of,
    subject_keys,
)
from pds.sdk.items import relationship as relationship_of


@dataclass(frozen=True, slots=True)
class Question:
    """A request that brought this browser, verified: who asks (`service`), what (`request`), and the proof of both."""

    id: str
    request: Request
    service: Service
    compact: str | None
    parameters: Json | None
    decided: str | None
    expires: int

    def path(self, act: str) -> str:
        """Where the wallet answers: what a desk asked is answered at the counter."""
        return f"/api/{'requests' if self.request.desk is None else 'counters'}/{self.id}/{act}"


@dataclass(frozen=True, slots=True)
class Approval:
    """Everything of one approval. `replaces` are the grants that it ends."""

    record: Record
    disclosure: str | None
    subject_proof: str
    replaces: tuple[str, ...]
    change: Change


def decide(
    question: Question,
    opened: Opened,
    share: Mapping[str, Any] | Iterable[str],
    withhold: Collection[str],
    until: str | None,
    *,
    active: Collection[str],
    keep: bool,
    now: int,
    random: Random,
    persona: str | None = None,
) -> Approval:
    """An approval of exactly what is asked. `active` are the grants that the server has not ended.

    `persona` is the one by which this service is to know the resident from now on; None: as before, or none.
    Errors: `KeptBack`, `catalogue/value`, `record/…`, `disclosure/too-large`.
    """
    request, service = question.request, question.service
    given = dict(share) if isinstance(share, Mapping) else dict.fromkeys(share)
    asked = set(request.attributes)
    if not set(given) | set(withhold) <= asked or set(given) & set(withhold):
        raise Invalid("record/attributes", "shared and withheld are among what is asked, and not both")
    chosen, remembered = preferences_of(opened.items), {}
    if persona is not None:
        chosen = preferring.remembering(chosen, service.client_id, persona)
        remembered = preferring.with_preferences(opened.items, chosen, random)
    proposed = preferring.proposal(request, service, {**opened.items, **remembered}, now=now)
    asked_in = asked_of({"request": question.compact or "", "statement": service.statement})
    theirs = preferring.in_persona(given, chosen, proposed, asked_in, now=now)
    # What a persona says is absent tells nothing of the vault's own.
    going = given | {id: choice.get("value", "") for id, choice in theirs.items()}
    preferring.check_allowed(proposed, chosen, going, opened.items)
    apart = proposed.persona != ""
    choices, put = _choices(request, given, opened, keep=keep and not apart, apart=apart, now=now, random=random)
    # Access that lasts tells what the persona is, also when that changes.
    lasts = request.access != "once" and not proposed.one_off
    choices |= {id: {"choice": "share", "persona": True} for id in theirs} if lasts else theirs
    put |= remembered
    decisions = {
        id: "share" if preferring.looks_not_held(proposed, chosen, id) else str(choice["choice"])
        for id, choice in choices.items()
    }
    # A one-off subject is a persona that nobody has a second time.
    known_as = b64u(random(16)) if proposed.one_off else proposed.persona
    relationship_id, relationship = relationship_of(opened.items, service.sector, known_as, random)
    sign, deposit = jose.p256_private(relationship["sign"]), jose.p256_private(relationship["deposit"])
    salt = b64u(random(16)) if request.purpose else ""
    access: Access = request.access if until is None or isinstance(request.access, str) else {"until": until}
    compact = record.make_record(
        sign,
        request,
        service,
        grant_id=b64u(random(16)),
        access=access,
        salt=salt,
        decisions=decisions,
        now=now,
    )
    # The server makes the same check: a mistake of ours is found here, before anything is sent.
    checked = record.verify_record(compact, request, service, now=now)
    item: Json = {
        "kind": "grant",
        "grant_id": checked.grant_id,
        "service": service.client_id,
        "authority": service.authority,
        "sub": checked.sub,
        "sector": service.sector,
        "persona": known_as,
        "relationship": relationship_id,
        "request": question.compact or "",
        "parameters": question.parameters,
        "request_hash": request.request_hash,
        "statement": service.statement,
        "record": compact,
        "salt": salt,
        "decisions": decisions,
        "choices": choices,
        "access": access if isinstance(access, str) else dict(access),
        "revision": 1,
        "created": now,
        "ended": None,
    }
    replaces = tuple(id for id in sorted(active) if _same(opened.items.get(id, {}), item, checked.purpose))
    over = [id for id in replaces if id in opened.manifest.grants]
    item |= _told(item, {**opened.items, **put}, now=now)
    put |= {checked.grant_id: item, **{id: ended(opened.items[id], "replaced", opened.items, now=now) for id in over}}
    if relationship_id not in opened.items:
        put[relationship_id] = relationship
    change = Change(put=put, grants={checked.grant_id: Position(0, ""), **dict.fromkeys(over)})
    after = {**opened.items, **put}
    made = None
    if request.purpose:
        made = _disclosure(item, checked, after, service, sign, deposit, revision=1, now=now)
    proof = record.make_subject_proof(sign, checked, deposit=deposit, now=now)
    return Approval(checked, made, proof, replaces, change)


def approval_body(question: Question, approval: Approval) -> Json:
    """What is posted beside the commit. At a counter the server carries the subject proof, for nobody is sent back."""
    body: Json = {
        "record": approval.record.compact,
        "disclosure": approval.disclosure,
        "replaces": list(approval.replaces),
    }
    if question.request.desk is not None:
        body["subject_proof"] = approval.subject_proof if question.service.subject_proof else None
    return body


def publication(item: Json, all_items: Items, service: Service, *, now: int) -> tuple[Json, str]:
    """The grant item with its next revision, and that revision as the service reads it. Errors: as `decide`."""
    sign, deposit = subject_keys(item, all_items)
    following = {**item, "revision": item["revision"] + 1}
    following |= _told(following, all_items, now=now)
    checked, _claims = record.read_record(item["record"])
    made = _disclosure(following, checked, all_items, service, sign, deposit, revision=following["revision"], now=now)
    return following, made


def revocation(item: Json, all_items: Items, *, now: int) -> tuple[Json, str]:
    """The grant item as ended, and the resident's signed word for it."""
    sign, _deposit = subject_keys(item, all_items)
    checked, _claims = record.read_record(item["record"])
    word = record.make_revocation(
        sign, client_id=item["service"], grant_id=item["grant_id"], record_hash=checked.hash, now=now
    )
    return ended(item, "revoked", all_items, now=now), word


def refuse(question: Question, opened: Opened, *, now: int, random: Random) -> Change:
    """That nothing was shared, for the vault to remember."""
    found = [(id, item) for id, item in opened.items.items() if item["kind"] == "decisions"]
    id, item = found[0] if found else (b64u(random(16)), {"kind": "decisions", "refusals": []})
    refusal = {
        "service": question.service.client_id,
        "purpose": question.request.purpose_id,
        "at": now,
        "name": {language: question.service.name[language] for language in ("en", "cy")},
    }
    return Change(put={id: {**item, "refusals": [*item["refusals"], refusal]}})


def pauses(opened: Opened, *, paused: bool, now: int) -> list[Json]:
    """The resident's signed word for each live grant, that it is paused or goes on; for the commit after `opened`."""
    words = []
    for id in opened.manifest.grants:
        sign, _deposit = subject_keys(opened.items[id], opened.items)
        granted, _claims = record.read_record(opened.items[id]["record"])
        word = pause.make_pause(sign, granted, paused=paused, seq=opened.manifest.seq + 1, now=now)
        words.append({"grant_id": id, "word": word})
    return words


def way_back(
    question: Question, answer: Json, member: str, *, issuer: str, more: Mapping[str, str] | None = None
) -> str:
    """The address to which the browser goes back: of the request that was verified, never one that the server says.

    With `member` of the server's answer, or all of it signed, and `more` of the wallet's. `""` at a counter.
    """
    if question.request.desk is not None:
        return ""
    # Of a signed response (JARM) the state is a part; what the server signs is for the client to check.
    if "response" in answer:
        members = {"response": text(answer, "response", "answer/members", longest=8192)}
    else:
        members = {member: text(answer, member, "answer/members"), "iss": issuer}
        if question.request.state is not None:
            members["state"] = question.request.state
    address = question.request.redirect_uri
    return f"{address}{'&' if '?' in address else '?'}{urlencode({**members, **(more or {})})}"


def settle(opened: Opened, *, now: int) -> Change:
    """Grants whose time is over, as ended. The server's word ends none: what it calls over it could go on serving."""
    over = [id for id in opened.manifest.grants if ends(opened.items[id]) <= now]
    put = {id: ended(opened.items[id], "expired", opened.items, now=now) for id in over}
    return Change(put=put, grants=dict.fromkeys(over))


def _choices(
    request: Request, given: Mapping[str, Any], opened: Opened, *, keep: bool, apart: bool, now: int, random: Random
) -> tuple[dict[str, Json], dict[str, Json]]:
    """The choice per attribute, and the items of values typed here for the first time, which are kept.

    `apart`: a persona's values are never taken for the vault's own, also where they are the same.
    """
    choices: dict[str, Json] = {}
    put: dict[str, Json] = {}
    for id in request.attributes:
        if id not in given:
            choices[id] = {"choice": "withhold"}
            continue
        choices[id] = {"choice": "share"}
        mine = held(opened.items, id)
        if given[id] is not None:
            value = catalogue.check(id, given[id])
            if mine is None and keep:
                mine = b64u(random(16)), attribute_item(None, id, value, now=now)
                put[mine[0]] = mine[1]
            elif apart or mine is None or mine[1]["value"] != value:
                choices[id]["value"] = value
                continue
        if mine is not None and catalogue.ATTRIBUTES[id].several:
            choices[id]["item"] = mine[0]
    return choices, put


def _disclosure(
    item: Json,
    checked: Record,
    all_items: Items,
    service: Service,
    sign: ECKey,
    deposit: ECKey,
    *,
    revision: int,
    now: int,
) -> str:
    return disclosure.make_disclosure(
        sign,
        jose.p256_public(service.encryption_key),
        checked,
        revision=revision,
        claims={id: claim(item, all_items, id, now=now) for id in checked.attributes},
        decisions=item["decisions"],
        salt=item["salt"],
        deposit=deposit,
        now=now,
    )


def _told(item: Json, all_items: Items, *, now: int) -> Json:
    """What the grant keeps of answers that the date alone may change."""
    found = answers(item, all_items, now=now)
    return {"derived": found} if found else {}


def _same(item: Json, other: Json, purpose: str) -> bool:
    same = all(item.get(name) == other[name] for name in ("kind", "service", "sub"))
    return same and record.read_record(item["record"])[0].purpose == purpose
