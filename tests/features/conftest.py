"""What chance decides, decided."""

import pytest

from pds.store import outbox


@pytest.fixture(autouse=True)
def latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices are due as late as chance allows: so none goes out before a test has pushed the clock."""
    monkeypatch.setattr(outbox, "by_lot", lambda seconds: seconds - 1)
