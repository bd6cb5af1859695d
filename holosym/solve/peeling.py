"""Which power of the boundary series the unknown function of a profile stands behind: p = S_p + x^n u."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from holosym.errors import SolveError
from holosym.solve.expansion import BoundaryModule


def peeling_power(boundary: BoundaryModule, profile: str) -> float:
    """The power of the profile's last source or response; else its first power above the leading one."""
    own = [entry for entry in boundary.DATA.values() if entry["profile"] == profile]
    powers = [float(entry["power"]) for entry in own if entry["kind"] in ("source", "response")]
    terms = boundary.TERMS[profile]
    leading = min((e for e, _ in terms), default=0.0)
    above = [e for e, _ in terms if e > leading]
    return max(powers) if powers else min(above, default=leading)


def require_complete(terms: Sequence[tuple[float, int]], profile: str, power: float) -> None:
    """A tower of powers that are not whole numbers apart must reach the response, or u would be singular.

    Args:
        terms: (power, log) of the series.
        profile: for the message.
        power: of the response.

    Raises:
        SolveError: it does not.
    """
    tower = sorted({e for e, _ in terms if e < power})
    steps = [b - a for a, b in itertools.pairwise(tower)]
    uneven = [step for step in steps if abs(step - round(step)) > 1e-9]
    if uneven and tower[-1] + min(uneven) < power - 1e-9:
        raise SolveError(
            f"the boundary series of {profile} ends at x^{tower[-1]:.4g} before its response at x^{power:.4g}: the "
            "powers of its source are too close for this ansatz",
            mend="compile with an expansion of higher order, or choose a potential with another dimension",
        )
