"""The one exception of the core: something is not what it claims to be."""


class Invalid(Exception):
    """A document, key or value failed a check.

    `code` is the stable name from the specs (`seal/open`, `record/access`, …), the same in both languages.
    `detail` is for a developer's eyes and never holds a resident's value.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
