"""Where a resident is signed in: all of it seen, one ended or all, and never somebody else's."""

from typing import Any

import aiohttp
import pytest

from pds.core.encoding import digest
from pds.http.caller import device
from pds.sdk import Problem, Resident
from tests.conftest import Running
from tests.people import a_vault, resident_of


async def sessions(resident: Resident) -> list[dict[str, Any]]:
    answer = await resident._api.get("/api/sessions")
    return list(answer["sessions"])


async def end(resident: Resident, id: str) -> None:
    await resident._api.post(f"/api/sessions/{id}/end", {})


async def signed_in(resident: Resident) -> bool:
    return bool((await resident._api.get("/api/session"))["signed_in"])


async def test_one_is_ended_and_the_others_go_on(pds: Running) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as library:
        code = await phone.create()
        await phone.confirm_recovery(code)
        pds.clock.ahead += 60
        await library.login(code)
        found = await sessions(phone)
        assert [(each["this"], each["since"] - found[1]["since"] >= 60) for each in found] == [
            (False, True),
            (True, False),
        ]
        assert set(found[0]) == {"id", "since", "amr", "device", "expires", "this"}
        await end(phone, found[0]["id"])
        assert not await signed_in(library)
        assert await signed_in(phone)
        with pytest.raises(Problem) as again:
            await end(phone, found[0]["id"])
        assert again.value.status == 404


async def test_all_are_ended_at_once_and_here_too(pds: Running) -> None:
    async with resident_of(pds) as phone, resident_of(pds) as library, a_vault(pds) as stranger:
        code = await phone.create()
        await phone.confirm_recovery(code)
        await library.login(code)
        await phone._api.post("/api/sessions/end", {})
        assert [await signed_in(one) for one in (phone, library, stranger)] == [False, False, True]


async def test_a_strangers_session_is_not_to_be_found(pds: Running) -> None:
    async with a_vault(pds) as resident, a_vault(pds) as stranger:
        (theirs,) = await sessions(stranger)
        assert theirs["id"] not in {each["id"] for each in await sessions(resident)}
        for id in (theirs["id"], digest("nothing")):
            with pytest.raises(Problem) as refused:
                await end(resident, id)
            assert refused.value.status == 404
        assert await signed_in(stranger)


async def test_the_id_of_a_session_signs_nobody_in(pds: Running) -> None:
    async with a_vault(pds) as resident, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        (own,) = await sessions(resident)
        headers = {"Cookie": f"__Host-pds={own['id']}"}
        async with session.get(f"{pds.issuer}/api/session", headers=headers) as answer:
            assert await answer.json() == {"signed_in": False}


async def test_a_session_that_is_over_is_not_listed(pds: Running) -> None:
    async with resident_of(pds) as resident:
        code = await resident.create()
        pds.clock.ahead += 12 * 3600
        await resident.login(code)
        assert len(await sessions(resident)) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_our_words_and_never_by_its_own(agent: str, words: str) -> None:
    from aiohttp.test_utils import make_mocked_request

    assert device(make_mocked_request("GET", "/", headers={"User-Agent": agent})) == words
