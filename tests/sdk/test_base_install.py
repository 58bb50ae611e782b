"""What a supplier installs is the core and the SDK: nothing of the server comes with it."""

import subprocess
import sys

_WITHOUT = """
import sys
for name in ("tortoise", "asyncpg", "aiosqlite", "uvloop", "webauthn", "qrcode", "markdown_it"):
    sys.modules[name] = None
import pds.sdk
print(pds.sdk.Service.__name__, pds.sdk.Resident.__name__)
"""


def test_the_sdk_runs_where_the_server_is_not_installed() -> None:
    run = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["Service", "Resident"]
