"""`pds demo`: the town on this machine, to click through or to be told."""

import asyncio
import secrets
import signal
import sys
import tempfile
from pathlib import Path

from pds.core import jose
from pds.demo.headless import Story, StoryBroke
from pds.demo.localhost import LocalhostResolver
from pds.demo.town import open_town, registrar_key
from pds.demo.wallet import NoWallet, build_wallet
from pds.desk.staff import Staff
from pds.sdk import Invalid, SdkError, wire

FOLDER = Path(".demo")
CLERK = "Alex Example"


def run_demo(*, headless: bool) -> int:
    """Run it; 0 when all went well. It leaves nothing running, and headless nothing behind."""
    try:
        if headless:
            with tempfile.TemporaryDirectory(prefix="pds-demo-") as folder:
                asyncio.run(_tell(Path(folder)))
        else:
            asyncio.run(_open(FOLDER))
    except KeyboardInterrupt:
        _say("Stopped.")
    except (StoryBroke, SdkError, Invalid, NoWallet, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


async def _tell(folder: Path) -> None:
    async with open_town(folder) as town, wire.new_session(LocalhostResolver()) as session:
        await Story(town, session, _say).tell()
    _say("\nEvery step was checked. Run `make demo` to click through it yourself.")


async def _open(folder: Path) -> None:
    _say("Building the wallet for this town's registrar (once, some seconds) …")
    public = jose.public_jwk(registrar_key(folder))
    wallet = await asyncio.to_thread(build_wallet, [public], folder / "wallet")
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_town(folder, wallet=wallet) as town:
        _say(f"\n  Parking permit  {town.parking}\n  Leisure card    {town.leisure}\n  Your vault      {town.issuer}\n")
        _say("Start at the parking permit and choose “Fill in from my vault”.\n")
        _say(f"  Council desk    {town.desk}\n\nTo stand behind it, register a passkey first (the link works once):")
        token = Staff(town.counter.staff, secrets.token_bytes).invite(CLERK, now=town.clock())
        _say(f"  {town.desk}/enrol#{token}\n")
        _say("Open the desk in one browser window, and the picture's address or the typed code in another: that is the")
        _say(f"resident. Ctrl-C stops everything; what you entered stays in {folder}/ until you delete it.")
        await stopped.wait()
    _say("\nStopped.")


def _say(text: str) -> None:
    print(text, flush=True)
