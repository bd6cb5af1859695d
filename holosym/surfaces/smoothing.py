r"""A measured S(l) as a smooth function with its first two derivatives.

What AdS has is taken away, and what is left is smooth down to l = 0:

    A(l) = A_AdS(l) + D(l),     A_AdS = -a l^(2-d)  (2 log l in d = 2),     P = dA/dl = k^M l^(-M) + D',   M = d - 1.

D is a spline of degree 7 through the points; below the first one  D' = l^(2-M) (polynomial in l). Noisy points are for
`concave`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, make_interp_spline

from holosym.errors import DataError

Array = NDArray[np.float64]
LEAST = 12
DEGREE = 7
START = 4
"""Unknown coefficients of the polynomial below the first point."""


def turning_ratio(power: float) -> float:
    """k = l/x* of a strip in AdS, with C = x^(-2M)."""
    return 2 * math.sqrt(math.pi) * math.gamma((power + 1) / (2 * power)) / math.gamma(1 / (2 * power))


def vacuum(lengths: Array, power: float) -> Array:
    """A_AdS."""
    k = turning_ratio(power)
    return np.asarray(k * np.log(lengths) if power == 1 else -(k**power) * lengths ** (1 - power) / (power - 1))


@dataclass(frozen=True)
class Smooth:
    """P(l) and P'(l) for l between 0 and the longest length.

    Attributes:
        power: M.
        spline: D(l) between the first and the last point.
        start: coefficients c_j of D' = sum c_j l^(2 - M + j) below the first point.
        ends: the first and the last length.
    """

    power: float
    spline: BSpline
    start: Array
    ends: tuple[float, float]

    def momentum(self, lengths: Array) -> tuple[Array, Array]:
        """P and dP/dl."""
        k, m = turning_ratio(self.power), self.power
        inside = np.maximum(lengths, self.ends[0])
        powers = 2 - m + np.arange(len(self.start))
        low = np.asarray((self.start * lengths[..., None] ** powers).sum(axis=-1))
        low_slope = np.asarray((self.start * powers * lengths[..., None] ** (powers - 1)).sum(axis=-1))
        below = lengths < self.ends[0]
        first = np.where(below, low, self.spline(inside, 1))
        second = np.where(below, low_slope, self.spline(inside, 2))
        return k**m * lengths**-m + first, -m * k**m * lengths ** (-m - 1) + second

    def area(self, lengths: Array) -> Array:
        """A between the first and the last point."""
        return np.asarray(vacuum(lengths, self.power) + self.spline(lengths))


def smooth(lengths: Array, area: Array, power: float) -> Smooth:
    """The smooth function through clean areas.

    Args:
        lengths: l, (n,), ascending.
        area: the finite part of A, (n,).
        power: M, d - 1 for a strip, 2 for a Wilson loop.
    """
    spline = make_interp_spline(lengths, area - vacuum(lengths, power), k=DEGREE)
    return Smooth(power, spline, _start(spline, lengths, power), (float(lengths[0]), float(lengths[-1])))


def _start(spline: BSpline, lengths: Array, power: float) -> Array:
    """D' = sum c_j l^(2 - M + j), from D' and D'' near the first point."""
    near = lengths[0] * np.linspace(1.0, 2.0, 4 * START)
    near = near[near <= lengths[-1]]
    powers = 2 - power + np.arange(START)
    rows = np.concatenate([near[:, None] ** powers, lengths[0] * powers * near[:, None] ** (powers - 1)])
    values = np.concatenate([spline(near, 1), lengths[0] * spline(near, 2)])
    scale = np.abs(rows).max(axis=0)
    found, *_ = np.linalg.lstsq(rows / scale, values, rcond=None)
    return np.asarray(found / scale)


def require_data(lengths: Array, area: Array, errors: Array | None) -> None:
    """Refuse what is no S(l).

    Raises:
        DataError: for too few points, and values that are no data.
    """
    columns = {"lengths": lengths, "areas": area} | ({} if errors is None else {"errors": errors})
    for name, values in columns.items():
        if values.ndim != 1 or len(values) != len(lengths):
            raise DataError(f"there are {len(lengths)} lengths and {values.size} {name}", mend="give one for each")
        if not np.isfinite(values).all():
            raise DataError(
                f"{name[:-1]} {int(np.argmin(np.isfinite(values))) + 1} is not a number", mend="leave it out"
            )
    if len(lengths) < LEAST:
        raise DataError(f"{len(lengths)} points are too few to differentiate twice", mend=f"give {LEAST} or more")
    if lengths[0] <= 0 or (np.diff(lengths) <= 0).any():
        at = int(np.argmax(np.diff(lengths) <= 0)) if lengths[0] > 0 else 0
        raise DataError(
            f"lengths are positive and ascending; not so at l = {lengths[at]:.6g}", mend="sort the rows by l"
        )
    if errors is not None and (errors <= 0).any():
        raise DataError("errors are positive", mend="leave the column out if there are none")
