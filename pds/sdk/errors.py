"""What a service or a headless wallet has to tell apart. A failed check is `pds.core.errors.Invalid`."""

from pds.core.errors import Invalid

__all__ = [
    "AnotherDevice",
    "Declined",
    "Invalid",
    "KeptBack",
    "Paused",
    "Problem",
    "RecoveryUnconfirmed",
    "Refused",
    "SdkError",
    "Stopped",
    "Unreachable",
]


class SdkError(Exception):
    """The base of everything here; its text is in plain English and holds no resident's value."""


class Unreachable(SdkError):
    """The vault gave no usable answer: try again later. `retry_after` is in seconds, where it said so."""

    def __init__(self, text: str, *, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Refused(SdkError):
    """The vault's OAuth side said no: `error` and `description` as in RFC 6749 section 5.2, `rule` as in our specs."""

    def __init__(self, error: str, description: str = "", *, rule: str = "") -> None:
        super().__init__(f"{error}: {description}" if description else error)
        self.error = error
        self.description = description
        self.rule = rule


class Declined(SdkError):
    """The resident decided not to share (`access_denied`, RFC 6749 section 4.1.2.1): offer the other way."""


class Stopped(SdkError):
    """The grant has ended: the resident stopped it, its time is over, or it was for one read and that was made."""


class Paused(SdkError):
    """The resident has paused sharing: nothing is read now, and the grant goes on. Keep it, and try again later."""


class Problem(SdkError):
    """The wallet API said no (RFC 9457). `code` is from protocols/specs/wallet-api.md, `rule` from the other specs."""

    def __init__(self, status: int, code: str, detail: str = "", *, rule: str = "") -> None:
        super().__init__(" ".join(part for part in (f"{status}", code, rule, detail) if part))
        self.status = status
        self.code = code
        self.rule = rule


class AnotherDevice(SdkError):
    """Another device changed the same `attributes`: the resident decides which value stays, and changes it again."""

    def __init__(self, attributes: frozenset[str]) -> None:
        super().__init__("another device changed the same details")
        self.attributes = attributes


class RecoveryUnconfirmed(SdkError):
    """A standing grant needs a recovery code that the resident has confirmed: a lost device would strand it."""

    def __init__(self) -> None:
        super().__init__("confirm the recovery code before you share something that stays shared")


class KeptBack(SdkError):
    """The resident's own preferences keep this back: `because` names the rule (preferences.md).

    `attribute` is `""` where the rule refuses the whole request.
    """

    def __init__(self, attribute: str, because: str) -> None:
        super().__init__(f"{attribute or 'the request'} is kept back: {because}")
        self.attribute = attribute
        self.because = because
