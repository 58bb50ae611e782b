"""The resident's side of a counter, for a wallet without a screen (protocols/specs/counter.md)."""

from pds.core import counter, request
from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.core.members import number, text
from pds.core.registry import Service
from pds.sdk.api import Api
from pds.sdk.deciding import Question
from pds.sdk.directory import Directory
from pds.sdk.errors import Stopped

_ANSWER = "wallet-api/answer"


async def claim(api: Api, directory: Directory, code: str, *, now: int) -> "Meeting":
    """The session of a code: the picture's address, or the eight characters.

    Errors: `counter/origin`, `counter/code`, `counter/typed`, `registry/…`, `Problem`, `Unreachable`.
    """
    picture = ":" in code
    body = {"code": counter.parse_address(code, api.issuer)} if picture else {"typed": counter.parse_typed(code)}
    return Meeting(api, directory, await api.post("/api/counters", body), now=now)


class Meeting:
    """A session that this resident has claimed: `service` and `desk` say, by the registry, who and where.

    Show them, ask "Are you there now?", and only then show `digits`. `question()` brings what is asked.
    """

    def __init__(self, api: Api, directory: Directory, answer: Json, *, now: int) -> None:
        self._api = api
        self._now = now
        self.id = text(answer, "id", _ANSWER)
        self.digits = counter.parse_digits(text(answer, "digits", _ANSWER))
        index = directory.index(text(answer, "index", _ANSWER, longest=1048576))
        self.service: Service = directory.service(text(answer, "statement", _ANSWER, longest=65536), index)
        desk = self.service.desks.get(text(answer, "desk", _ANSWER))
        if desk is None:
            raise Invalid("counter/desk", "a desk that the registry does not list")
        self.desk = desk
        self._answer = answer

    async def question(self) -> Question:
        """What is asked, as soon as staff have typed the digits, if the service signed it for the desk shown here.

        It leaves where that is not so. Errors: `counter/desk`, `registry/…`, `request/…`, `jose/…`; `Stopped`.
        """
        while self._answer["state"] in (counter.WAITING, counter.OPENED):
            self._answer = await self.look(number(self._answer, "n", _ANSWER))
        if self._answer["state"] == counter.VOID:
            raise Stopped(f"the exchange is over: {self._answer.get('reason')}")
        compact = text(self._answer, "request", _ANSWER, longest=32768)
        try:
            asked = request.verify_counter_request(compact, self.service, issuer=self._api.issuer, now=self._now)
            if asked.desk is None:
                raise Invalid("request/desk")
            counter.check_desk(asked.desk, self.desk)
        except Invalid:
            await self.leave("other-desk")
            raise
        expires = number(self._answer, "expires", _ANSWER)
        outcome = self._answer.get("outcome")
        return Question(self.id, asked, self.service, compact, None, outcome, expires)

    async def look(self, seen: int = 0) -> Json:
        """The session as the server has it; with `seen`, once there is something newer. Errors: `Problem`."""
        return await self._api.get(f"/api/counters/{self.id}" + (f"?seen={seen}" if seen else ""))

    async def leave(self, why: str = "changed-mind") -> None:
        """Not this desk: the exchange is void. Errors: `Problem`."""
        await self._api.post(f"/api/counters/{self.id}/departure", {"why": why})
