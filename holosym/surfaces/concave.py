r"""A noisy S(l) as a smooth function that grows and is concave, as smooth as its errors allow.

    A'' = A_AdS'' r(l),   r >= 0,   r(0) = 1,         P(l) = P_0 + int_l^L |A_AdS''| r,   P_0 >= 0,

so that P falls and is positive whatever the noise. r is a cubic spline with coefficients that are not negative, P_0
and a constant beside it. The second differences of its coefficients are a priori normal with variance 1/weight, the
weight that makes the data most probable (MacKay 1992). Samples of the posterior: the data with their noise once more,
the prior's zeros with theirs, and the fit of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, CubicHermiteSpline
from scipy.optimize import lsq_linear

from holosym.surfaces.smoothing import turning_ratio, vacuum

Array = NDArray[np.float64]
PIECES, DEGREE = 24, 3
FINE = 4000
WEIGHTS = np.geomspace(1e6, 1e-8, 29)


@dataclass(frozen=True)
class Concave:
    """P(l) and P'(l), positive and negative, for l between 0 and the longest length.

    Attributes:
        power: M.
        excess: P - P_AdS over l.
        primitive: the integral of the excess, with the constant of the data.
        ends: the first and the last length.
    """

    power: float
    excess: CubicHermiteSpline
    primitive: CubicHermiteSpline
    ends: tuple[float, float]

    def momentum(self, lengths: Array) -> tuple[Array, Array]:
        """P and dP/dl."""
        k, m = turning_ratio(self.power), self.power
        first = k**m * lengths**-m + self.excess(lengths)
        return first, -m * k**m * lengths ** (-m - 1) + self.excess(lengths, 1)

    def area(self, lengths: Array) -> Array:
        """A."""
        return np.asarray(vacuum(lengths, self.power) + self.primitive(lengths))


class ConcaveFamily:
    """Everything that does not depend on the areas: one factorisation serves many samples of noise.

    Args:
        lengths: l, (n,), ascending.
        errors: standard deviations of the areas.
        power: M.
    """

    def __init__(self, lengths: Array, errors: Array, power: float) -> None:
        self.lengths, self.errors, self.power = lengths, errors, power
        top = float(lengths[-1])
        inner = np.linspace(0.0, top, PIECES + 1)
        knots = np.concatenate([[0.0] * DEGREE, inner, [top] * DEGREE])
        self.grid = top * np.linspace(0.0, 1.0, FINE + 1)[1:] ** 2
        kernel = power * turning_ratio(power) ** power * self.grid ** (-power - 1)
        # r = 1 + sum u_j B_j with u_0 = u_1 = 0: r(0) = 1, r'(0) = 0
        basis = BSpline.design_matrix(self.grid, knots, DEGREE).toarray()[:, 2:]
        self.slopes = -kernel[:, None] * basis
        self.momenta = _inwards(self.slopes, self.grid)
        self.areas = _inwards(self.momenta, self.grid)
        at = np.searchsorted(self.grid, lengths).clip(1, FINE - 1)
        share = ((lengths - self.grid[at - 1]) / (self.grid[at] - self.grid[at - 1]))[:, None]
        rows = self.areas[at - 1] * (1 - share) + self.areas[at] * share
        self.rows = np.concatenate([rows, (lengths - top)[:, None], np.ones((len(lengths), 1))], axis=1)
        rough = np.diff(np.eye(basis.shape[1] + 2), n=2, axis=0)[:, 2:]
        self.rough = np.concatenate([rough, np.zeros((len(rough), 2))], axis=1)
        # u >= -1, P_0 >= 0 counted from P_AdS(L), and any constant
        self.least = np.concatenate([np.full(basis.shape[1], -1.0), [-kernel[-1] * top / power], [-np.inf]])

    def weight(self, area: Array) -> float:
        """The weight of the prior under which the data are most probable, bounds left aside."""
        rows, data = self._scaled(area)
        found = []
        for weight in WEIGHTS:
            curvature = rows.T @ rows + weight * self.rough.T @ self.rough
            best = np.linalg.solve(curvature, rows.T @ data)
            misfit = ((rows @ best - data) ** 2).sum() + weight * ((self.rough @ best) ** 2).sum()
            found.append(len(self.rough) * np.log(weight) - misfit - np.linalg.slogdet(curvature)[1])
        return float(WEIGHTS[int(np.argmax(found))])

    def fit(self, area: Array, weight: float, generator: np.random.Generator | None = None) -> Concave:
        """The most probable function; with a generator, a sample of all that are probable."""
        rows, data = self._scaled(area)
        prior = np.zeros(len(self.rough))
        if generator is not None:
            data = data + generator.standard_normal(len(data))
            prior = generator.standard_normal(len(prior))
        every = np.concatenate([rows, np.sqrt(weight) * self.rough])
        bounds = (self.least, np.full(len(self.least), np.inf))
        return self._made(lsq_linear(every, np.concatenate([data, prior]), bounds=bounds, method="bvls").x)

    def _scaled(self, area: Array) -> tuple[Array, Array]:
        """Rows and data in units of the errors."""
        return self.rows / self.errors[:, None], (area - vacuum(self.lengths, self.power)) / self.errors

    def _made(self, found: Array) -> Concave:
        spline, edge, constant = found[:-2], found[-2], found[-1]
        slopes, momenta = self.slopes @ spline, self.momenta @ spline + edge
        areas = self.areas @ spline + edge * (self.grid - self.grid[-1]) + constant
        return Concave(
            self.power,
            CubicHermiteSpline(self.grid, momenta, slopes),
            CubicHermiteSpline(self.grid, areas, momenta),
            (float(self.lengths[0]), float(self.lengths[-1])),
        )


def _inwards(values: Array, grid: Array) -> Array:
    """-int_l^L values dl at the grid, by the trapezoidal rule."""
    steps = (values[1:] + values[:-1]) / 2 * np.diff(grid)[:, None]
    total = np.zeros_like(values)
    total[:-1] = -steps[::-1].cumsum(axis=0)[::-1]
    return total
