"""What the desk's screen says of each state, in words that the clerk and the resident can both read."""

from collections.abc import Mapping

# By state: the heading, and what to do next.
STATES: Mapping[str, tuple[str, str]] = {
    "waiting": (
        "Waiting for a phone",
        "Ask the resident to point their phone’s camera at the picture, or to type the code.",
    ),
    "opened": ("A phone has opened it", "The resident is unlocking their vault and checking where they are."),
    "claimed": (
        "A phone has opened it",
        "Ask the resident for the four digits on their phone, and type them here.",
    ),
    "asked": ("Asked for {asked}; nothing seen yet", "The resident is deciding on their phone. They may say no."),
    "reading": ("Shared; fetching it", "This takes a moment."),
    "shared": ("Shared", "Copy what you need. It clears after 10 minutes, or when you choose Done."),
    "cleared": ("Finished", "The details have been cleared from this desk."),
    "declined": ("Declined", "The resident chose not to share, and need not say why. Nothing was seen. {fallback}"),
    "expired": ("Timed out", "Nothing was seen. You can show a new code. {fallback}"),
    "digits": (
        "Stopped: wrong digits three times",
        "Nothing was seen. Check that the phone is the one in front of you, then show a new code.",
    ),
    "left": ("Stopped on the phone", "Nothing was seen. You can show a new code. {fallback}"),
    "cancelled": ("Stopped", "Nothing was seen."),
    "suspended": ("This service has been stopped", "Nothing more can be asked with it. Tell your supervisor."),
    "removed": ("This desk is no longer registered", "Nothing more can be asked here. Tell your supervisor."),
    "frozen": ("This desk has a report", "Nothing more can be asked here. Tell your supervisor."),
    "stopped": (
        "The resident stopped sharing",
        "What they shared is no longer there to be read, and nothing is shown. {fallback}",
    ),
    "unreachable": ("The vault cannot be reached", "Nothing was seen. Try again in a few minutes. {fallback}"),
    "failed": (
        "Something did not fit together",
        "What came was not used, and nothing is shown. Tell your supervisor. {fallback}",
    ),
}
UNDER_WAY = ("waiting", "opened", "claimed", "asked", "reading", "shared")
# What a clerk can do about it is to show a new code.
AGAIN = ("expired", "digits", "left", "cancelled", "unreachable", "cleared", "stopped")
SECOND_PHONE = "A second phone tried to open this. Make sure that only the resident in front of you can see the screen."
# What a supervisor has to know.
ALARMS: Mapping[str, str] = {
    "frozen": "This desk has a report: two residents said “this was not me”. It asks nothing more until the vault’s "
    "operator lets it go on.",
    "suspended": "This service has been suspended in the register, so this desk asks nothing.",
    "removed": "The register no longer lists this desk, or lists it differently.",
}


FOUR_DIGITS = "Enter the four digits on the resident’s phone"
NOT_NOW = "No phone waits for digits now"
NO_ANSWER = "The vault cannot be reached. Wait a moment, then try again"


def asked(count: int) -> str:
    """How many details."""
    return "1 detail" if count == 1 else f"{count} details"


def wrong_digits(left: int) -> str:
    """What a clerk reads after wrong digits."""
    tries = "1 try" if left == 1 else f"{left} tries"
    return f"These are not the digits on the resident’s phone. You have {tries} left"
