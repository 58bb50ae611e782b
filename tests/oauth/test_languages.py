"""English and Welsh: what the server says it speaks, and the pages that a resident sees without the wallet."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from pds.http.language import best_of, language_of
from tests.conftest import Running
from tests.oauth.client import Client
from tests.oauth.test_token import Scene
from tests.people import a_vault

OVER = {"en": "This link has been used or is too old", "cy": "Mae’r ddolen hon wedi’i defnyddio neu’n rhy hen"}
NO_SIGN_OUT = {"en": "This link to sign out does not work", "cy": "Nid yw’r ddolen hon i allgofnodi yn gweithio"}


@pytest.fixture
async def scene(pds: Running) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as session, a_vault(pds) as resident:
        yield Scene(Client(pds, pds.parking, session), resident)


def link(scene: Scene, **parameters: str) -> str:
    return f"{scene.client.pds.issuer}/oauth/logout?{urlencode(parameters)}"


async def test_the_metadata_names_both_languages(scene: Scene) -> None:
    url = f"{scene.client.pds.issuer}/.well-known/openid-configuration"
    async with scene.client.session.get(url) as answer:
        assert (await answer.json())["ui_locales_supported"] == ["en", "cy"]


@pytest.mark.parametrize(
    ("tags", "best"),
    [
        (["cy"], "cy"),
        (["cy-GB", "en"], "cy"),
        (["CY"], "cy"),
        (["fr", "en-GB", "cy"], "en"),
        (["fr", "x-cy", "cyx", "*"], None),
        ([""], None),
        ([], None),
    ],
)
def test_the_first_tag_that_we_speak_is_taken(tags: list[str], best: str | None) -> None:
    assert best_of(tags) == best


@pytest.mark.parametrize(
    ("accepts", "wished", "language"),
    [
        ("cy", "", "cy"),
        ("en-GB,en;q=0.9,cy;q=0.8", "", "en"),
        ("en;q=0.5, cy;q=0.9", "", "cy"),
        ("cy;q=0, en;q=0.1", "", "en"),
        ("fr, *;q=0.5", "", "en"),
        ("cy; Q=1.000", "", "cy"),
        ("cy;q=.9", "", "cy"),
        ("cy;q=x, en;q=0.1", "", "en"),
        ("cy;q=²", "", "en"),
        (",;,;=;q", "", "en"),
        ("", "", "en"),
        ("en", "cy", "cy"),
        ("cy", "de en-GB cy", "en"),
        ("cy", "de", "cy"),
    ],
)
def test_a_wish_comes_before_the_browser_and_nonsense_is_english(accepts: str, wished: str, language: str) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept-Language": accepts})
    assert language_of(request, wished) == language


async def page(session: aiohttp.ClientSession, url: str, language: str = "") -> str:
    async with session.get(url, headers={"Accept-Language": language}, allow_redirects=False) as answer:
        assert answer.status == 400
        assert "Accept-Language" in answer.headers["Vary"]
        return await answer.text()


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_a_used_up_link_is_explained_in_the_language_of_the_browser(scene: Scene, language: str) -> None:
    url = f"{scene.client.pds.issuer}/oauth/authorize?client_id=x&request_uri=y"
    found = await page(scene.client.session, url, language)
    assert f'<html lang="{language}">' in found
    assert OVER[language] in found


async def test_a_broken_link_to_sign_out_is_explained_in_the_language_that_it_names(scene: Scene) -> None:
    for wish, language in (("cy en", "cy"), ("fr", "en"), ("cy" * 200, "en")):
        found = await page(scene.client.session, link(scene, client_id="https://nobody.example", ui_locales=wish), "en")
        assert f'<html lang="{language}">' in found
        assert NO_SIGN_OUT[language] in found


async def test_the_wallet_learns_in_which_language_to_ask_about_signing_out(scene: Scene) -> None:
    for wishes in ({"ui_locales": "cy en"}, {}):
        async with scene.client.session.get(link(scene, **wishes), allow_redirects=False) as answer:
            ticket = answer.headers["Location"].partition("#logout=")[2]
        told = await scene.resident._api.post("/api/leaving", {"ticket": ticket})
        assert told["ui_locales"] == wishes.get("ui_locales")
