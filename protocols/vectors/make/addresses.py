"""Addresses to which the server would never send a notice (protocols/specs/encoding.md, notice address)."""

from typing import Any

from protocols.vectors.make.world import PARKING

NOT_FOR_NOTICES: dict[str, Any] = {
    "an address without TLS": "http://parking.anytown.example/notices",
    "this machine": "http://localhost:8080/notices",
    "this machine, with TLS": "https://localhost/notices",
    "a name of this machine": "https://parking.localhost/notices",
    "a name of this network": "https://parking.local",
    "a name inside": "https://parking.anytown.internal:443/",
    "a name without a dot": "https://parking/notices",
    "loopback": "https://127.0.0.1/notices",
    "a private address": "https://10.0.0.1/notices",
    "loopback as one number": "https://2130706433/notices",
    "loopback in hexadecimal": "https://0x7f.0.0.0x1/notices",
    "loopback in IPv6": "https://[::1]/notices",
    "the metadata service, mapped": "https://[::ffff:169.254.169.254]/",
    "a public address": "https://11.22.33.44/notices",
    "an address with a user": "https://parking.anytown.example@evil.example/",
    "an address with a fragment": PARKING + "/notices#x",
    "an address with a line feed": PARKING + "/notices\nx",
    "an address that ends in a line feed": PARKING + "\n",
    "another port": PARKING + ":22/",
    "a name in capitals": "https://Parking.anytown.example/",
    "a name that ends in a dot": "https://parking.anytown.example./",
    "a label that ends in a hyphen": "https://parking-.anytown.example/",
    "an address with a backslash before its path": PARKING + "\\notices",
    "a number": 443,
}
