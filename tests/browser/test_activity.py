"""What happened: in plain words, checked as it is shown, to keep as a file; and what to do where it was not her."""

import json
import re
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey
from playwright.async_api import Route, expect

from pds.core.chain import Position, verify_chain
from pds.sdk import Grant, Stopped
from tests.browser.canary import Evidence
from tests.browser.library import AREA, LIBRARY, a_library
from tests.browser.phone import Phone
from tests.browser.story import (
    CAR,
    CARD,
    DETAILS,
    EMAIL,
    LINE1,
    NAME,
    NEW_LINE1,
    PERMIT,
    PLACE,
    POSTCODE,
    Resident,
)
from tests.browser.test_choices import protect
from tests.browser.test_moved import ELSEWHERE, WHO, at_home_address, move_to
from tests.browser.town import Town
from tests.core.schemas import complaints
from tests.people import until

ACTIVITY = "What has happened with your details"
EVERY = "all services"
VALUES = {text: text for text in (NAME, LINE1, PLACE, POSTCODE, POSTCODE.replace(" ", ""), CAR.replace(" ", ""), EMAIL)}


async def look_at_activity(sian: Resident, name: str = "") -> None:
    await sian.open_vault()
    await sian.phone.button(ACTIVITY).click()
    await sian.phone.look(ACTIVITY, name)


async def events(phone: Phone) -> list[str]:
    """What the page lists, the newest first: each sentence without its notes."""
    values = phone.page.locator("main .govuk-summary-list__value")
    return [text.strip().split("\n")[0].strip() for text in await values.all_inner_texts()]


async def saved(phone: Phone, only: str, *, just_proved: bool = False) -> str:
    """The copy of one service, or of `all services`, for which she shows again who she is, unless she just did."""
    every = only == EVERY
    used = phone.passkey_uses
    async with phone.page.expect_download() as download:
        await phone.button(f"Save a file of {only}" if every else f"Save a file of {only} only").click()
    file = await download.value
    assert file.suggested_filename == "activity.json"
    assert just_proved or phone.passkey_uses == used + 1, "it is made after fresh authentication"
    shows = "which services know you, and as whom" if every else f"what has happened between you and {only}"
    await phone.says(f"Saved. Anyone who has the file can see {shows}.")
    return (await file.path()).read_text("utf-8")


def checked(content: str) -> Any:
    """The copy, read by the contract, and its proofs checked by a library that knows nothing of ours."""
    file = json.loads(content)
    assert complaints("activity.json", file) == []
    for grant in file["grants"]:
        log = grant["log"]
        assert log["fault"] is None
        verify_chain(
            grant["grant_id"],
            log["entries"],
            pin=Position(0, ""),
            stated=Position(log["n"], log["head"]),
            record=grant["record"],
            issuer=file["issuer"],
            dpop_jkt=grant["dpop_jkt"],
        )
        for entry in log["entries"]:
            if entry["kind"] in ("read", "read_unchanged"):
                header = jws.extract_compact(entry["evidence"].encode()).headers()
                key = ECKey.import_key(header["jwk"])
                claims = json.loads(jws.deserialize_compact(entry["evidence"], key, ["ES256"]).payload)
                assert key.thumbprint() == grant["dpop_jkt"]
                assert (claims["htm"], claims["htu"]) == ("GET", f"{file['issuer']}/data")
                assert abs(claims["iat"] - entry["at"]) <= 300
    return file


async def test_everything_that_happened_is_told_and_can_be_kept_without_a_value(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await sian.sign_in_for_card()
    await sian.check_permit()
    await sian.stop()
    await look_at_activity(sian, "activity")
    await phone.says("This device has checked the records of 2 answers that you gave to services, from the beginning.")
    told = await events(phone)
    # What two services do within one second has no order.
    assert [sentence for sentence in told if CARD in sentence] == [f"You signed in to {CARD}"]
    of_permit = [sentence for sentence in told if PERMIT in sentence]
    assert (of_permit[0], of_permit[-1]) == (f"You stopped sharing with {PERMIT}", f"You shared details with {PERMIT}")
    assert {*of_permit[1:-1]} <= {
        f"{PERMIT} looked at your details",
        f"{PERMIT} looked for changes. There were none",
    }
    assert len(of_permit) > 3
    await phone.says("Full name, Email address, Home address, Vehicle registration number")
    page = Evidence()
    page.add("page", await phone.page.content())
    assert page.finds(VALUES) == []
    assert page.finds({"what a service is called": PERMIT}), "and the search finds what is there"

    await phone.page.get_by_label("Which service?").select_option(CARD)
    await phone.button("Show").click()
    await phone.says("1 of 1 shown.")
    assert await events(phone) == [f"You signed in to {CARD}"]
    await phone.look(ACTIVITY, "activity-of-one")

    of_one = await saved(phone, CARD)
    await phone.look(ACTIVITY, "activity-saved")
    assert {grant["service"] for grant in checked(of_one)["grants"]} == {town.leisure}
    alone = Evidence()
    alone.add("file", of_one)
    assert alone.finds({"what the other is called": PERMIT, "its address": town.parking}) == []

    await phone.page.get_by_label("Which service?").select_option("All services")
    await phone.button("Show").click()
    await phone.says("Whoever reads it can see which services know you, and as whom")
    content = await saved(phone, EVERY, just_proved=True)
    await phone.look(ACTIVITY, "activity-saved-all")
    file = checked(content)
    kinds = [event["kind"] for event in file["events"]]
    assert {"signedIn", "read", "revoked", "shared"} <= set(kinds)
    copy = Evidence()
    copy.add("file", content)
    for number, grant in enumerate(file["grants"]):
        for entry in grant["log"]["entries"]:
            copy.add(f"evidence {number} {entry['n']}", decoded(entry["evidence"]))
    assert copy.finds(VALUES) == []
    assert copy.finds({"what a service is called": PERMIT})


def decoded(evidence: str) -> bytes:
    """What a proof says, out of its base64url."""
    return jws.extract_compact(evidence.encode()).payload if evidence else b""


async def test_a_protected_address_is_in_no_event_and_in_no_copy(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await protect(sian, "Keep sharing, without these details")
    await look_at_activity(sian, "activity-protected")
    await expect(phone.page.get_by_text("Home address")).to_have_count(0)
    content = await saved(phone, PERMIT)
    file = checked(content)
    assert all("address.current" not in event["attributes"] for event in file["events"])
    evidence = Evidence()
    evidence.add("page", await phone.page.content())
    evidence.add("file", content)
    for grant in file["grants"]:
        for entry in grant["log"]["entries"]:
            evidence.add(f"evidence {entry['n']}", decoded(entry["evidence"]))
    assert evidence.finds(VALUES) == []
    assert b"protect" not in evidence.places["file"].lower()
    assert evidence.finds({"what a service is called": PERMIT}), "and the search finds what is there"


async def test_what_was_not_her_is_stopped_and_leads_to_where_she_is_signed_in(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await look_at_activity(sian)
    await phone.button(re.compile("^This was not me You shared details with")).click()
    await phone.look(f"You did not share with {PERMIT}?", "not-me")
    await phone.button("It was not me. Stop this").click()
    await phone.look(f"{PERMIT} can no longer see your details", "not-me-done")
    await phone.button("See where you are signed in, and end what you do not know").click()
    await phone.look("Where you are signed in")
    await sian.check_permit()
    await phone.says("You stopped sharing with us. We can no longer see your details.")
    await look_at_activity(sian)
    assert (await events(phone))[0] == f"You stopped sharing with {PERMIT}"


async def test_a_newer_answer_that_took_its_place_is_shown_and_can_be_stopped_too(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    async with a_library(town, phone, AREA) as library:

        async def answer() -> Grant:
            asked = await library.ask({AREA: {"required": True, "zone": "town"}}, until(town.pds))
            await phone.look(f"{LIBRARY} asks for your details")
            await sian.share(1, LIBRARY)
            return await library.finish(asked)

        await answer()
        grant = await answer()
        assert (await library.claims(grant))[AREA]["value"] is True
        await look_at_activity(sian)
        await phone.button(re.compile(f"^This was not me You shared details with {LIBRARY}")).last.click()
        await phone.look(f"You did not share with {LIBRARY}?", "not-me-replaced")
        await phone.says("A newer answer has taken the place of this one")
        await phone.button("It was not me").click()
        await phone.look("This has ended", "not-me-still")
        await phone.says(f"{LIBRARY} can still see")
        await expect(phone.page.get_by_text("can no longer see")).to_have_count(0)
        await phone.button(re.compile("^Stop this too")).click()
        await phone.look(f"Stop sharing with {LIBRARY}?")
        await phone.button("Stop sharing").click()
        await phone.look(f"{LIBRARY} can no longer see your details")
        with pytest.raises(Stopped):
            await library.claims(grant)


async def test_a_look_that_the_server_leaves_out_is_a_loud_problem_and_no_blank_list(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.send_application()
    await sian.check_permit()
    await look_at_activity(sian)

    async def without_the_first_read(route: Route) -> None:
        log = await (await route.fetch()).json()
        reads = [entry for entry in log["entries"] if entry["kind"] == "read"]
        await route.fulfill(json={**log, "entries": [entry for entry in log["entries"] if entry not in reads[:1]]})

    await phone.page.route(re.compile("/api/grants/[^/]+/log"), without_the_first_read)
    await sian.go("Home")
    await phone.button(ACTIVITY).click()
    await phone.look(ACTIVITY, "activity-fault")
    await phone.says("A record does not add up")
    await phone.says(f"{PERMIT}: entries are missing (log/gap)")
    assert await events(phone) == [f"You shared details with {PERMIT}"]
    await phone.page.unroute(re.compile("/api/grants/[^/]+/log"))
    await sian.go("Home")
    await phone.button(ACTIVITY).click()
    await phone.look(ACTIVITY)
    await expect(phone.page.get_by_text("A record does not add up")).to_have_count(0)


async def test_who_was_left_out_of_a_move_is_told_later_by_one_act(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    async with a_library(town, phone, AREA) as library:
        asked = await library.ask({AREA: {"required": True, "zone": "town"}}, until(town.pds))
        await phone.look(f"{LIBRARY} asks for your details")
        await sian.share(1, LIBRARY)
        grant = await library.finish(asked)
        assert (await library.claims(grant))[AREA]["value"] is True
        await at_home_address(sian)
        await phone.tick(LIBRARY).check()
        await move_to(sian, NEW_LINE1, ELSEWHERE)
        assert (await library.claims(grant))[AREA]["value"] is True

        # On the page of the detail, and on the one of who can see it.
        await phone.button("Change home address").click()
        await phone.look("Home address", "left-out")
        await phone.says(f"{LIBRARY} keeps the old one of: Lives in the permit zone or catchment.")
        await sian.go(WHO)
        await phone.look(WHO, "who-left-out")
        await phone.button(re.compile(f"^Send them the new one of .* to {LIBRARY}$")).click()
        await phone.look(f"Send {LIBRARY} your new details?", "send-late")
        await phone.button("Send the new one").click()
        await phone.look(WHO, "who-sent")
        await phone.says(f"{LIBRARY} will see the new one.")
        await expect(phone.page.get_by_text("They keep the old one of")).to_have_count(0)
        assert (await library.claims(grant))[AREA]["value"] is False
        await look_at_activity(sian, "activity-late")
        told = [sentence for sentence in await events(phone) if LIBRARY in sentence]
        assert told[:2] == [f"{LIBRARY} looked at your details", f"Your vault gave {LIBRARY} newer details"]
        await expect(phone.page.get_by_text("They picked it up on").first).to_be_visible()
        await expect(phone.page.get_by_text("They have not looked since then.").first).to_be_visible()
        await sian.go(DETAILS)
        await phone.button("Change home address").click()
        await phone.look("Home address")
        await expect(phone.page.get_by_text("keeps the old one of")).to_have_count(0)


async def test_in_quiet_mode_nothing_of_it_shows_by_itself(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.open_vault()
    await sian.go("Your choices")
    await phone.button("Change for Quiet mode").click()
    await phone.page.get_by_role("radio", name="On", exact=True).check()
    await phone.button("Save").click()
    await expect(phone.heading("Your choices")).to_be_visible()
    await sian.go(WHO)
    await expect(phone.heading(WHO)).to_be_visible()
    await phone.button(ACTIVITY).click()
    await expect(phone.heading(ACTIVITY)).to_be_visible()
    assert await phone.page.title() == "Home"
    assert await phone.violations() == []
    await expect(phone.page.get_by_text(PERMIT).first).to_be_hidden()
    await phone.page.get_by_text("Show what has happened").click()
    await phone.says(f"You shared details with {PERMIT}")
    await phone._photograph("activity-quiet")
