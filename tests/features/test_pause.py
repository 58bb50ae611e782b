"""Pause all sharing: one act, after which nobody reads anything, and one by which everybody reads again."""

from dataclasses import replace
from typing import Any

import pytest

from pds.core.encoding import Json
from pds.core.errors import Invalid
from pds.sdk import Grant, KeptBack, Paused, Problem, Resident, Stopped, deciding, preferring
from pds.sdk.commit import Change
from pds.sdk.device import Act
from tests.conftest import Running
from tests.people import ADDRESS, DETAILS, PERMIT, a_vault, resident_of, service_of, share, until


async def kinds(resident: Resident, grant: Grant) -> list[str]:
    return [entry["kind"] for entry in await resident.log(grant.grant_id)]


async def test_nobody_reads_while_sharing_is_paused_and_everybody_after(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking, service_of(pds, pds.leisure) as club:
        permit = await share(resident, parking, access=until(pds))
        name: dict[str, Json] = {"person.full_name": {"required": True}}
        card = await share(
            resident, club, attributes=name, values=dict.fromkeys(name), purpose="leisure-card", access="once"
        )
        before = await parking.read(permit)
        await resident.control.pause()
        for service, grant in ((parking, permit), (club, card)):
            with pytest.raises(Paused):
                await service.read(grant)
        await resident.control.resume()
        assert (await parking.read(permit)).claims == before.claims
        assert (await club.read(card)).claims
        assert await kinds(resident, permit) == ["approved", "collected", "read", "paused", "resumed", "read_unchanged"]


async def test_a_paused_resident_is_asked_and_shares_nothing(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        await resident.control.pause()
        asked = await parking.ask("resident-permit", PERMIT, "once")
        question = await resident.asked(await resident.follow(asked.url))
        with pytest.raises(KeptBack) as kept:
            await resident.approve(question, DETAILS)
        assert kept.value.because == "paused"
        await resident.control.resume()
        await resident.approve(question, DETAILS)


async def test_the_repeat_of_a_read_waits_too(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking)
        await parking.read(grant)
        await resident.control.pause()
        with pytest.raises(Paused):
            await parking.read(grant)
        await resident.control.resume()
        assert (await parking.read(grant)).value("address.current") == ADDRESS


async def test_what_changes_meanwhile_is_read_after_and_not_before(pds: Running) -> None:
    moved = ADDRESS | {"lines": ["2 New Road"]}
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await resident.control.pause()
        assert await resident.change("address.current", moved) == (grant.grant_id,)
        with pytest.raises(Paused):
            await parking.read(grant)
        await resident.control.resume()
        assert (await parking.read(grant)).value("address.current") == moved
        assert (await kinds(resident, grant))[-4:] == ["paused", "published", "resumed", "read"]


async def test_a_grant_can_be_stopped_while_it_is_paused(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await resident.control.pause()
        await resident.revoke(grant.grant_id)
        with pytest.raises(Stopped):
            await parking.read(grant)
        await resident.control.resume()
        with pytest.raises(Stopped):
            await parking.read(grant)
        assert (await kinds(resident, grant))[-2:] == ["paused", "revoked"]


async def test_to_pause_twice_is_to_pause(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        await resident.control.resume()
        await resident.control.pause()
        await resident.control.pause()
        assert await kinds(resident, grant) == ["approved", "collected", "paused"]
        await resident.control.resume()
        assert (await parking.read(grant)).claims


async def test_another_device_that_was_first_is_paused_with_the_rest(pds: Running) -> None:
    async with resident_of(pds) as here, resident_of(pds) as there, service_of(pds, pds.parking) as parking:
        code = await here.create()
        await here.confirm_recovery(code)
        await there.login(code)
        grant = await share(there, parking, access=until(pds))
        await here.control.pause()
        with pytest.raises(Paused):
            await parking.read(grant)
        await there.open()
        assert there.control.preferences.paused


async def test_a_pause_that_leaves_one_out_pauses_nobody(pds: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking, service_of(pds, pds.leisure) as club:
        grant = await share(resident, parking, access=until(pds))
        name: dict[str, Json] = {"person.full_name": {"required": True}}
        await share(resident, club, attributes=name, values=dict.fromkeys(name), purpose="leisure-card", access="once")
        with monkeypatch.context() as patch:
            whole = deciding.pauses
            patch.setattr(deciding, "pauses", lambda *given, **more: whole(*given, **more)[:1])
            with pytest.raises(Problem) as problem:
                await resident.control.pause()
        assert problem.value.code == "conflict"
        assert (await parking.read(grant)).claims
        await resident.control.pause()
        with pytest.raises(Paused):
            await parking.read(grant)


async def _send(resident: Resident, words: list[Json], *, paused: bool = True) -> None:
    """A pause with these words."""
    await resident._save("/api/pause", {"paused": paused, "words": words}, Change())


async def test_only_the_subjects_own_word_pauses_or_resumes_a_grant(pds: Running) -> None:
    async with a_vault(pds) as resident, a_vault(pds) as stranger, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))
        other = await share(stranger, parking, access=until(pds))
        opened, now = resident._device.opened, int(pds.clock())
        (right,) = deciding.pauses(opened, paused=True, now=now)
        (theirs,) = deciding.pauses(stranger._device.opened, paused=True, now=now)
        late = replace(opened, manifest=replace(opened.manifest, seq=opened.manifest.seq + 7))
        wrong: list[tuple[str, Any]] = [
            ("subject/mismatch", {**right, "word": theirs["word"]}),
            ("pause/seq", deciding.pauses(late, paused=True, now=now)[0]),
            ("pause/paused", deciding.pauses(opened, paused=False, now=now)[0]),
            ("jose/malformed", {**right, "word": "none"}),
        ]
        for rule, word in wrong:
            with pytest.raises(Problem) as problem:
                await _send(resident, [word])
            assert problem.value.rule == rule
        with pytest.raises(Problem) as problem:
            await _send(resident, [right, theirs])
        assert problem.value.status == 404
        with pytest.raises(Problem) as problem:
            await _send(resident, [right, right])
        assert problem.value.status == 400
        assert (await parking.read(grant)).claims
        await _send(resident, [right])
        with pytest.raises(Paused):
            await parking.read(grant)
        assert (await parking.read(other)).claims


async def test_a_wallet_notices_a_pause_that_was_not_made_and_one_that_was_lifted(pds: Running) -> None:
    async with a_vault(pds) as resident, service_of(pds, pds.parking) as parking:
        grant = await share(resident, parking, access=until(pds))

        async def only_said(opened: Any) -> Act:
            """The vault says that sharing is paused, and the server was told nothing of it."""
            said = replace(resident.control.preferences, paused=True)
            put = preferring.with_preferences(opened.items, said, resident._random)
            return resident._act("/api/vault/commits", {}, Change(put=put))

        await resident._device.save(only_said)
        with pytest.raises(Invalid, match="log/pause"):
            await resident.log(grant.grant_id)
        await resident.control.pause()
        await resident.log(grant.grant_id)
