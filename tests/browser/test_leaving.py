"""Signing out at a service's wish, seeing and ending sign-ins, and what a service does with its keys and grants."""

from urllib.parse import urlencode

from playwright.async_api import expect

from pds import store
from pds.core import dpop, jose
from pds.core.encoding import digest
from pds.core.notice import sid_of
from pds.demo import registration
from pds.grants.models import GrantRow
from pds.http.signing import KEYRING
from pds.residents.models import SessionRow
from tests.browser.phone import Phone, watch
from tests.browser.story import CARD, HOME, PERMIT, UNLOCK, Resident
from tests.browser.town import Town

ASKED, DONE, WHERE = "Do you want to sign out?", "You are signed out", "Where you are signed in"


def link(town: Town, **parameters: str) -> str:
    """Where a service sends a browser to sign out."""
    return f"{town.issuer}/oauth/logout?{urlencode(parameters)}"


async def id_token(town: Town) -> str:
    """The ID token that the leisure card got in the session of now."""
    assert town.pds.app is not None
    (grant,) = town.grants[town.leisure]
    session, now = await SessionRow.get(), town.pds.clock()
    key = town.pds.app[KEYRING].keys()[0].key
    claims = {"iss": town.issuer, "sub": grant.sub, "aud": town.leisure, "iat": now, "exp": now + 300}
    claims |= {"auth_time": session.auth_time, "sid": sid_of(session.digest, town.leisure, grant.sub)}
    return jose.sign(claims, jose.ISSUED, key, kid=jose.thumbprint(key))


async def test_a_resident_who_is_asked_may_stay_or_sign_out_of_every_tab_and_service(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.sign_in_for_card()
    other = await phone.context.new_page()
    watch(phone, other)
    await other.goto(town.issuer)
    await expect(other.get_by_role("heading", level=1, name=HOME)).to_be_visible()
    await phone.page.goto(link(town, client_id=town.leisure))
    await phone.look(ASKED, "leaving")
    await phone.says(f"{CARD} asks you to sign out.")
    await phone.button("Stay signed in").click()
    await phone.look(HOME)
    await phone.page.goto(link(town))
    await phone.look(ASKED)
    await phone.says("A page that you came from asks you to sign out.")
    await phone.button("Sign out").click()
    await phone.look(DONE, "left")
    await expect(other.get_by_role("heading", level=1, name=UNLOCK)).to_be_visible()
    assert await SessionRow.all().count() == 0
    await sian.open_permit_form()
    await sian.fill_in_from_vault()
    await phone.look(UNLOCK)


async def test_the_id_token_of_this_session_signs_out_without_asking_and_leads_back(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    await sian.sign_in_for_card()
    back = f"{town.leisure}/"
    hint = await id_token(town)
    await phone.page.goto(link(town, id_token_hint=hint, post_logout_redirect_uri=back, state="1"))
    await phone.page.wait_for_url(f"{back}?state=1")
    assert await SessionRow.all().count() == 0
    await phone.page.goto(town.issuer)
    await phone.look(UNLOCK)
    phone.foresee("status of 400")
    await phone.page.goto(link(town, id_token_hint=hint, post_logout_redirect_uri="https://evil.example"))
    await expect(phone.heading("This link to sign out does not work")).to_be_visible()


async def test_sign_ins_are_seen_and_ended_one_or_all(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    await phone.look(HOME)
    session = await SessionRow.get()
    for name in ("Firefox, Windows", ""):
        await SessionRow.create(
            digest=digest(name),
            resident_id=session.resident_id,
            auth_time=session.auth_time - 3600,
            amr="pwd",
            device=name,
            expires=session.expires,
        )
    await phone.button("Passkeys, passphrase and recovery code").click()
    await phone.look("Ways to unlock")
    await phone.button(WHERE).click()
    await phone.look(WHERE, "sessions")
    await phone.says("This browser")
    await phone.page.get_by_role("button", name="End the sign-in by Firefox, Windows").click()
    await expect(phone.page.get_by_text("Firefox, Windows")).to_have_count(0)
    assert await SessionRow.all().count() == 2
    await phone.button("Sign out everywhere").click()
    await phone.look(UNLOCK)
    assert await SessionRow.all().count() == 0


async def test_a_service_with_a_new_key_gets_the_same_values_anew_at_the_next_unlock(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    parking = town.pds.services[town.parking]
    keys = parking.keys.with_new_encryption_key()
    await town.pds.register(registration.parking(town.parking), keys)
    async with phone.page.expect_response(f"{town.issuer}/api/publications") as published:
        await phone.page.goto(town.issuer)
    assert (await published.value).status == 200
    grant = await GrantRow.get(client_id=town.parking, state="active")
    header = jose.read_header(str(grant.disclosure), jose.DISCLOSURE_JWE, parts=5)
    assert (header["kid"], grant.revision) == (jose.thumbprint(keys.enc), 2)
    await phone.look(HOME)


async def test_a_grant_that_its_service_gave_back_is_told_so_and_stays_so(town: Town, phone: Phone) -> None:
    sian = Resident(town, phone)
    await sian.with_a_permit()
    grant, now = await GrantRow.get(client_id=town.parking, state="active"), town.pds.clock()
    url = f"{town.issuer}/oauth/grants/{grant.id}"
    key = town.pds.services[town.parking].keys.dpop
    proof = dpop.make_proof(key, method="DELETE", url=url, now=now, jti="given back", token="t", nonce="n")
    async with store.write() as connection:
        await store.end_grant(connection, grant.id, "relinquished", proof, now=now)
    await sian.open_vault()
    await sian.go("Who can see my details")
    await phone.look("Who can see my details", "who-given-back")
    await phone.says("They stopped this themselves on")
    await sian.go("Your details")
    await phone.button("Change vehicle registration number").click()
    await phone.type(Vehicle_registration_number="AB51 ABC")
    await phone.button("Save").click()
    await phone.says("Saved.")
    await phone.page.goto(town.issuer)
    await phone.look(HOME)
    await sian.go("Who can see my details")
    await phone.says("They stopped this themselves on")
    assert PERMIT in await phone.page.get_by_role("main").inner_text()
