"""The preferences of a vault, as a resident sets them on one device."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pds.core.encoding import Json
from pds.core.manifest import Opened
from pds.core.preferences import Evaluation, Replayed, replay
from pds.core.preferences_item import Preferences, merge
from pds.sdk import deciding, preferring
from pds.sdk.commit import Change, Random
from pds.sdk.deciding import Question
from pds.sdk.device import Act, Device
from pds.sdk.directory import Directory
from pds.sdk.errors import SdkError, Unreachable
from pds.sdk.items import ends, pinned, preferences_of
from pds.sdk.publishing import publish

# How much another device may share with a service while what it sees ends.
_MORE = 5

Build = Callable[[str, Json, Change], Act]


class Control:
    """What a resident has decided beforehand. Made by `Resident`, which holds the device."""

    def __init__(
        self, device: Device, directory: Directory, *, act: Build, now: Callable[[], int], random: Random
    ) -> None:
        self._device = device
        self._directory = directory
        self._act = act
        self._now = now
        self._random = random

    @property
    def preferences(self) -> Preferences:
        """As they are sealed in the vault; those of a new vault where it has none. Errors: `preferences/…`."""
        return preferences_of(self._device.opened.items)

    async def prefer(self, change: Callable[[Preferences], Preferences]) -> None:
        """Change them, e.g. `prefer(lambda now: replace(now, quiet=True))`.

        What another device changed meanwhile is merged. A persona's new values reach the live grants that follow them,
        as `Resident.change` does with the vault's own. Errors: `preferences/…`, `Problem`, `Unreachable`.
        """
        base = self.preferences
        mine = change(base)

        async def build(opened: Opened) -> Act:
            put = preferring.with_preferences(opened.items, self._merged(base, mine, opened), self._random)
            changed, disclosures = await publish(opened, put, self._directory, now=self._now())
            if not disclosures:
                return self._act("/api/vault/commits", {}, changed)
            return self._act("/api/publications", {"disclosures": disclosures}, changed)

        await self._device.save(build)

    async def pause(self) -> None:
        """Pause all sharing, in one act: no service reads anything from when this returns, until `resume`.

        Errors: `preferences/…`, `Problem`, `Unreachable`.
        """
        await self._pause(paused=True)

    async def resume(self) -> None:
        """Every service that may read may read again. Errors: as `pause`."""
        await self._pause(paused=False)

    async def _pause(self, *, paused: bool) -> None:
        async def build(opened: Opened) -> Act:
            after = replace(preferences_of(opened.items), paused=paused)
            put = preferring.with_preferences(opened.items, after, self._random)
            words = deciding.pauses(opened, paused=paused, now=self._now())
            return self._act("/api/pause", {"paused": paused, "words": words}, Change(put=put))

        await self._device.save(build)

    async def know_as(self, client_id: str, persona: str) -> None:
        """A service that knows the resident is to meet another persona (`""`: none).

        Each live grant that it holds under another subject ends, by that subject's word; the commit of the last one
        changes the preferences, so that nothing is shared under the other before. What another device shares meanwhile
        ends too. Errors: `SdkError` where there is no such persona, `preferences/…`, `Problem`, `Unreachable`.
        """
        left: list[str] = []

        async def build(opened: Opened) -> Act:
            ending = preferring.otherwise_known(opened, client_id, persona, now=self._now())
            after = preferring.remembering(preferences_of(opened.items), client_id, persona)
            left[:] = ending[1:]
            put = {} if left else preferring.with_preferences(opened.items, after, self._random)
            if not ending:
                return self._act("/api/vault/commits", {}, Change(put=put))
            id = ending[0]
            item, word = deciding.revocation(opened.items[id], opened.items, now=self._now())
            change = Change(put={**put, id: item}, grants={id: None})
            return self._act(f"/api/grants/{id}/revocation", {"revocation": word}, change)

        found = preferring.otherwise_known(self._device.opened, client_id, persona, now=self._now())
        for _ in range(len(found) + _MORE):
            await self._device.save(build)
            if not left:
                return
        raise Unreachable("another device shared something every time")

    def propose(self, question: Question) -> Evaluation:
        """What the preferences say of a request. It shares nothing. Errors: `preferences/…`."""
        items = self._device.opened.items
        return preferring.proposal(question.request, question.service, items, now=self._now())

    def try_out(self, preferences: Preferences) -> tuple[Replayed, ...]:
        """What these would have said of the requests of the last 90 days."""
        return replay(preferences, preferring.answered(self._device.opened.items), self._now())

    def exposed(self) -> Mapping[str, tuple[str, ...]]:
        """The live grants through which somebody sees a protected value, each with the attributes that show it."""
        return preferring.exposed(self._device.opened)

    async def protect_address(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """Switch address protection on, and decide each grant of `exposed`: `cut`, `replace` or `keep`.

        One commit protects, publishes without the protected values to those to replace, and keeps from those to keep
        every later value; then the ones to cut are named, for `revoke`. Errors: `SdkError` where a grant has no answer.
        """
        base = self.preferences
        told: list[str] = []

        async def build(opened: Opened) -> Act:
            found = preferring.exposed(opened)
            if found.keys() - answers.keys() or set(answers.values()) - {"cut", "replace", "keep"}:
                raise SdkError("decide each grant that shows a protected value: cut, replace or keep")
            protected = replace(base, address_protection=True)
            put = preferring.with_preferences(opened.items, self._merged(base, protected, opened), self._random)
            for id, shown in found.items():
                if answers[id] == "keep":
                    put[id] = pinned(opened.items[id], shown, opened.items, now=self._now())
            disclosures = await self._without(opened, {id: found[id] for id in found if answers[id] == "replace"}, put)
            told[:] = [id for id in found if answers[id] == "cut"]
            if not disclosures:
                return self._act("/api/vault/commits", {}, Change(put=put))
            return self._act("/api/publications", {"disclosures": disclosures}, Change(put=put))

        await self._device.save(build)
        return tuple(told)

    async def _without(self, opened: Opened, shown: Mapping[str, tuple[str, ...]], put: dict[str, Json]) -> list[Json]:
        """The next revision of each of these grants, without the attributes named; into `put`, and for the server."""
        live = [id for id in shown if ends(opened.items[id]) > self._now()]
        if not live:
            return []
        index, disclosures = await self._directory.current(), []
        for id in live:
            service = await self._directory.find(opened.items[id]["service"], index)
            if service is None:
                raise SdkError("this service is not registered any more: its grant can only be cut")
            item = preferring.without(opened.items[id], shown[id])
            put[id], made = deciding.publication(item, opened.items, service, now=self._now())
            disclosures.append({"grant_id": id, "revision": put[id]["revision"], "disclosure": made})
        return disclosures

    def _merged(self, base: Preferences, mine: Preferences, opened: Opened) -> Preferences:
        return merge(base, mine, preferences_of(opened.items))
