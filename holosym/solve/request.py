"""What a caller wants solved: physical settings, one sweep, relations between sources and responses, units.

A setting is the value of a name, or of a product of names such as T/mu, in the caller's units. A theory with n
sources and dimensionful parameters has n + 1 of them to give, one of which is the scale; n if all are ratios.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from holosym.errors import SolveError
from holosym.solve.newton import TOLERANCE

_FORM = "write it as NAME=START:STOP:COUNT or NAME=START:STOP:COUNT:log, such as T/mu=0.05:2:40:log"
BRANCHES = ("all", "normal", "condensed")


@dataclass(frozen=True)
class Sweep:
    """One setting that takes many values.

    Attributes:
        name: what is swept, such as "T/mu".
        start, stop: the first and the last value.
        count: the number of values.
        log: whether they are evenly spaced in the logarithm.
    """

    name: str
    start: float
    stop: float
    count: int
    log: bool = False

    @classmethod
    def parse(cls, text: str) -> Sweep:
        """Reads "T/mu=0.05:2:40" or "T/mu=0.05:2:40:log".

        Raises:
            SolveError: for a text of another form, with the form to use.
        """
        name, equals, rest = text.partition("=")
        parts = [part.strip() for part in rest.split(":")]
        if not equals or not name.strip() or len(parts) not in (3, 4) or parts[3:] not in ([], ["log"], ["lin"]):
            raise SolveError(f"the sweep {text!r} cannot be read", mend=_FORM)
        try:
            start, stop, count = float(parts[0]), float(parts[1]), int(parts[2])
        except ValueError as error:
            raise SolveError(f"the sweep {text!r} cannot be read: {error}", mend=_FORM) from None
        sweep = cls(name.strip(), start, stop, count, parts[3:] == ["log"])
        sweep.check()
        return sweep

    def check(self) -> None:
        """Refuses a sweep without values.

        Raises:
            SolveError: fewer than two values, no range, or a logarithm of zero.
        """
        if not (math.isfinite(self.start) and math.isfinite(self.stop)):
            raise SolveError(f"the sweep of {self.name} has an end that is not finite", mend="give finite ends")
        if self.count < 2 or self.start == self.stop:
            raise SolveError(f"the sweep of {self.name} has fewer than two values", mend=_FORM)
        if self.log and self.start * self.stop <= 0:
            raise SolveError(
                f"the sweep of {self.name} from {self.start:g} to {self.stop:g} cannot be spaced in the logarithm",
                mend="give two ends of the same sign and not zero, or leave out `:log`",
            )

    def values(self) -> list[float]:
        """All values, both ends exact."""
        steps = self.count - 1
        if self.log:
            ratio = math.log(self.stop / self.start)
            inner = [self.start * math.exp(ratio * i / steps) for i in range(1, steps)]
        else:
            inner = [self.start + (self.stop - self.start) * i / steps for i in range(1, steps)]
        return [self.start, *inner, self.stop]


@dataclass(frozen=True)
class Request:
    """Everything a family is determined by.

    Attributes:
        settings: name or product of names to its value.
        sweep: a setting that takes many values; None for one state.
        relations: name to a formula in other names, in the caller's units, such as phi.response: 0.5*phi.source.
        units: the name that is one in the results, "mu=1", "T=1" or "z_h=1"; empty for the settings' own units.
        branch: which branches to follow where a scalar condenses: all, normal, condensed.
        nodes: Chebyshev nodes of a panel; 0 for the solver's choice.
        tolerance: the relative error that every equation must reach.
    """

    settings: Mapping[str, float] = field(default_factory=dict)
    sweep: Sweep | None = None
    relations: Mapping[str, str] = field(default_factory=dict)
    units: str = ""
    branch: str = "all"
    nodes: int = 0
    tolerance: float = TOLERANCE

    def __post_init__(self) -> None:
        if self.branch not in BRANCHES:
            raise SolveError(f"there is no branch {self.branch!r}", mend=f"choose one of {', '.join(BRANCHES)}")
        for name, value in self.settings.items():
            if not math.isfinite(value):
                raise SolveError(f"the value of {name} is not finite", mend=f"give a finite {name}")
