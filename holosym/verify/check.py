"""The outcome of one check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DIGITS = 50
POINTS = 6

EXACT = "exact"
NUMERICAL = f"{DIGITS} digits at {POINTS} points"


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        kind: `derivation`, `solution` or `published`.
        name: what was checked.
        passed: whether it holds.
        method: `exact`, or `50 digits at 6 points`.
        detail: what else is worth knowing; for a failure the equation, a point and the value there.
    """

    kind: str
    name: str
    passed: bool
    method: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kind": self.kind,
            "name": self.name,
            "passed": self.passed,
            "method": self.method,
            "detail": self.detail,
        }
