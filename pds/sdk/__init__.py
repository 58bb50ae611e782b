"""What a service installs (`Service`), and a wallet without a screen (`Resident`) for tests, demos and scripts."""

from pds.core.disclosure import Disclosure
from pds.core.notice import Logout, Notice
from pds.sdk.desk import Collected, Desk, Exchange
from pds.sdk.errors import (
    AnotherDevice,
    Declined,
    Invalid,
    KeptBack,
    Paused,
    Problem,
    RecoveryUnconfirmed,
    Refused,
    SdkError,
    Stopped,
    Unreachable,
)
from pds.sdk.events import News
from pds.sdk.grant import Asked, Grant, Pending
from pds.sdk.keys import ServiceKeys
from pds.sdk.listing import Difference, Listing, Shared
from pds.sdk.meeting import Meeting
from pds.sdk.resident import Resident
from pds.sdk.service import Service

__all__ = [
    "Service",
    "ServiceKeys",
    "Asked",
    "Pending",
    "Grant",
    "Disclosure",
    "Notice",
    "Logout",
    "Declined",
    "Stopped",
    "Paused",
    "Unreachable",
    "Refused",
    "Invalid",
    "SdkError",
    "Resident",
    "Listing",
    "Shared",
    "Difference",
    "AnotherDevice",
    "KeptBack",
    "RecoveryUnconfirmed",
    "Problem",
    "Desk",
    "Exchange",
    "Collected",
    "News",
    "Meeting",
]
