"""Nothing that a resident keeps or decides is ever in a notice: everything that services were told is searched."""

import json

from pds.core import jose
from pds.core.notice import EVENTS, GRANT_CHANGED, GRANT_ENDED, LOGOUT_EVENT
from tests.browser.canary import Evidence
from tests.conftest import Running
from tests.features.telling import both_telling, deliver, services
from tests.internet import Internet
from tests.people import ADDRESS, DETAILS, NAME, PERMIT, resident_of, share, until

VALUES = {
    value: value
    for value in (
        *NAME.split(" "),
        *("10 Example Street", "AN1 2AB", "AN12AB", "AB51ABC", "2 New Road"),
        # What was asked, and why it ended.
        *("person.full_name", "full_name", "address", "resident-permit", "leisure-card"),
        *("revoked", "replaced", "expired", "withheld", "withhold"),
    )
}


async def test_no_value_no_purpose_and_no_reason_is_ever_in_a_notice(pds: Running, internet: Internet) -> None:
    async with (
        both_telling(pds, internet) as (at_parking, at_leisure),
        resident_of(pds) as resident,
        services(pds) as (parking, leisure),
    ):
        code = await resident.create()
        await resident.confirm_recovery(code)
        await share(resident, parking, access=until(pds))
        replacing = await share(resident, parking, access=until(pds))
        name = {"person.full_name": {"required": True}}
        other = await share(
            resident, leisure, attributes=name, values={"person.full_name": NAME}, purpose="leisure-card"
        )
        await resident.change("address.current", ADDRESS | {"lines": ["2 New Road"]})
        pds.clock.ahead += 3600
        await deliver(pds, internet)
        await resident.revoke(replacing.grant_id)
        await resident.revoke(other.grant_id)
        await resident.logout()
        pds.clock.ahead += 3600
        await deliver(pds, internet)
        evidence, events, ids = Evidence(), set[str](), list[str]()
        for receiver in (at_parking, at_leisure):
            for post in receiver.posts:
                token = post.body.decode().removeprefix("logout_token=")
                claims = jose.peek(token)
                evidence.add(f"body {len(ids)}", post.body)
                evidence.add(f"claims {len(ids)}", json.dumps(claims))
                evidence.add(f"headers {len(ids)}", json.dumps(post.headers))
                evidence.add(f"address {len(ids)}", post.path)
                events |= claims["events"].keys()
                ids.append(claims["jti"])
        assert events == {EVENTS[GRANT_CHANGED], EVENTS[GRANT_ENDED], LOGOUT_EVENT}
        assert len(ids) == len(set(ids)) >= 6
        assert PERMIT.keys() <= {*DETAILS, "contact.email", "contact.mobile"}
        # The search finds what is there.
        assert {name for name, _, _ in evidence.finds({"id": replacing.grant_id, "host": "notices.parking"})} == {
            "id",
            "host",
        }
        assert evidence.finds(VALUES) == []
