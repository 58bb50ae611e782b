"""Who may work at a desk: by a link that works once and for an hour, and until they are removed."""

import json
import os
import stat
from pathlib import Path

import pytest

from pds.desk.staff import ENROLMENT_SECONDS, NotStaff, Staff

NOW = 1_795_000_000


@pytest.fixture
def staff(tmp_path: Path) -> Staff:
    return Staff(tmp_path / "staff.json", os.urandom)


def enrol(staff: Staff, token: str, *, now: int = NOW, credential: str = "key-1") -> str:
    return staff.enrol(token, credential=credential, public_key=b"public", sign_count=0, now=now).id


def test_an_invited_member_enrols_once(staff: Staff) -> None:
    token = staff.invite("  Alex   Example ", now=NOW)
    assert staff.invited(token, now=NOW).name == "Alex Example"
    member = staff.member(enrol(staff, token))
    assert (member.name, member.credential, member.public_key) == ("Alex Example", "key-1", b"public")
    with pytest.raises(NotStaff):
        enrol(staff, token, credential="key-2")
    assert staff.member(member.id).credential == "key-1"


def test_a_link_is_good_for_an_hour_and_for_nobody_else(staff: Staff) -> None:
    token = staff.invite("Alex", now=NOW)
    with pytest.raises(NotStaff):
        enrol(staff, token[:-1] + ("A" if token[-1] != "A" else "B"))
    with pytest.raises(NotStaff):
        enrol(staff, "")
    with pytest.raises(NotStaff):
        enrol(staff, token, now=NOW + ENROLMENT_SECONDS)
    assert enrol(staff, token, now=NOW + ENROLMENT_SECONDS - 1)


def test_a_new_link_replaces_the_passkey_of_the_same_person(staff: Staff) -> None:
    first = enrol(staff, staff.invite("Alex", now=NOW))
    again = staff.invite("Alex", now=NOW)
    assert staff.member(first).credential == "key-1", "the old one works until the new one is there"
    assert enrol(staff, again, credential="key-2") == first
    assert staff.member(first).credential == "key-2"
    with pytest.raises(NotStaff):
        staff.used(first, credential="key-1", sign_count=9)


def test_whoever_is_removed_is_nobody(staff: Staff) -> None:
    alex, robin = (enrol(staff, staff.invite(name, now=NOW)) for name in ("Alex", "Robin"))
    staff.remove("Alex")
    with pytest.raises(NotStaff):
        staff.member(alex)
    assert [one.name for one in staff.members()] == ["Robin"]
    assert staff.member(robin).name == "Robin"
    with pytest.raises(NotStaff):
        staff.remove("Alex")


def test_the_file_is_private_and_holds_no_token(staff: Staff, tmp_path: Path) -> None:
    token = staff.invite("Alex", now=NOW)
    path = tmp_path / "staff.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert token not in path.read_text()
    assert json.loads(path.read_text()).keys() == {"staff"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_is_a_name(staff: Staff, name: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        staff.invite(name, now=NOW)
    assert staff.members() == []
