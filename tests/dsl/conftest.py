"""What the tests of the DSL share."""

import pytest

from holosym.report import progress


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no stage long enough to be named."""
    monkeypatch.setattr(progress, "PATIENCE", 3600.0)
