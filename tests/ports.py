"""Ports for servers that start later than their address is known."""

import secrets
import socket

# Below the range from which the kernel takes the ports of outgoing connections (32768 and up): one of those could
# otherwise take the port between its choice and its use, and a suite makes thousands of connections.
_LOWEST, _HIGHEST = 15_000, 31_999


def unused_port() -> int:
    """A port of the loopback address on which nobody listens now."""
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
