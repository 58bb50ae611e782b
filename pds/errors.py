"""What can go wrong, in the words of the domain. Nothing here knows HTTP."""


class PdsError(Exception):
    """The base of every refusal; its text is safe to show to the caller."""


class NotSignedIn(PdsError):
    """There is no session, or it has ended."""


class NotFound(PdsError):
    """No such thing, or it is somebody else's: a caller cannot tell."""


class Gone(PdsError):
    """It was there, and its time is over."""


class Conflict(PdsError):
    """It was decided already, or somebody else was first. `rule` is the stable name, where it has one."""

    def __init__(self, text: str, *, rule: str = "") -> None:
        super().__init__(text)
        self.rule = rule


class AnotherDeviceWasFirst(PdsError):
    """The vault moved on since the sequence number that the commit names."""


class TooMany(PdsError):
    """Slower, please. `retry_after` is in seconds."""

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Malformed(PdsError):
    """The message is not what the schema says. `member` names the place."""

    def __init__(self, text: str, *, member: str = "") -> None:
        super().__init__(text)
        self.member = member


class Refused(PdsError):
    """A rule of the protocol says no. `rule` is the stable name, `member` the place in the message."""

    def __init__(self, rule: str, text: str, *, member: str = "") -> None:
        super().__init__(text)
        self.rule = rule
        self.member = member


class Unavailable(PdsError):
    """The store could not answer now; nothing was done, and trying again is right."""
