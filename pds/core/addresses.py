"""Where the server may send something: what an address looks like, and which networks it never reaches.

protocols/specs/notices.md. The first is judged by the registrar and by the wallet too, the second when we connect.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# A host name whose last label begins with a letter: no IP address in any of its spellings. The three names are for
# one machine or one network (RFC 6761, RFC 6762, and `internal` as ICANN reserves it).
NOTICE_URI = re.compile(
    r"https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!(?:localhost|local|internal)(?:[:/?]|\Z))"
    r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?::(?:443|8443))?(?:[/?][!-\"$-~]*)?\Z"
)

# IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771) and what is reserved.
_NOT_V4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared by a carrier's customers (RFC 6598)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, the metadata services of clouds among it
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, given up
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# Of IPv6 only global unicast (RFC 4291 section 2.4): so no loopback, ULA, link-local, multicast, no mapped address and
# no NAT64 prefix, which all stand outside it. Of that, without what is special or has an IPv4 address inside.
_V6 = IPv6Network("2000::/3")
_NOT_V6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address is inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet. Anything that is no address is not."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_V4)
    # A zone (`%eth0`) names a link of this machine.
    return found.scope_id is None and found in _V6 and not any(found in network for network in _NOT_V6)
