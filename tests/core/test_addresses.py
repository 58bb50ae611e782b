"""What the server may connect to: only the public internet, however an address is written."""

import pytest

from pds.core.addresses import NOTICE_URI, is_public

NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1
    100::1 2001::1 2001:0:5ef5:79fd::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12:3456::1
    fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 2606:4700::1111%eth0
    localhost 127.1 0x7f.0.0.1 2130706433 017700000001 1.2.3.4.5
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 11.2.3.4 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.254".split()
PUBLIC_6 = "2001:200::1 2600:: 2606:4700::1111 2a00:1450:4009::200e 2003::1 3ffe::1".split()


@pytest.mark.parametrize("address", [*NOT_PUBLIC, ""])
def test_what_is_not_on_the_public_internet_is_never_reached(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_6])
def test_what_is_public_may_be_reached(address: str) -> None:
    assert is_public(address)


def test_every_ipv4_address_inside_an_ipv6_address_is_refused_whatever_it_is() -> None:
    for four in ("8.8.8.8", "127.0.0.1"):
        for prefix in ("::ffff:", "::", "64:ff9b::", "64:ff9b:1::"):
            assert not is_public(prefix + four)


@pytest.mark.parametrize(
    "uri",
    [
        "https://parking.anytown.example",
        "https://parking.anytown.example/",
        "https://a.b/notices?of=parking",
        "https://xn--caf-dma.anytown.example:443/x",
        "https://notices.anytown.example:8443",
        "https://localhost.anytown.example/",
        "https://local.internal.example/",
        f"https://{'a' * 63}.example/",
        "https://10.0.0.1.example/",
    ],
)
def test_a_name_of_the_public_internet_is_a_notice_address(uri: str) -> None:
    assert NOTICE_URI.match(uri)


@pytest.mark.parametrize(
    "uri", [f"https://{'a' * 64}.example/", "https://a..example/", "HTTPS://a.example/", "a.example"]
)
def test_what_is_no_such_name_is_none(uri: str) -> None:
    assert not NOTICE_URI.match(uri)
