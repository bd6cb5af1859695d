r"""B-splines with clamped uniform knots: local functions with p - 1 continuous derivatives.

On each of the n intervals of [a, b], with s in [0, 1] from its left end, u is a polynomial of degree p,

    u(x) = sum_q s^q (C_j theta)_q,        x in [t_j, t_j + h],   h = (b - a)/n,

whose matrices C_j follow once from Cox and de Boor's recursion,

    B_{i,p} = (x - t_i)/(t_{i+p} - t_i) B_{i,p-1} + (t_{i+p+1} - x)/(t_{i+p+1} - t_{i+1}) B_{i+1,p-1},

0/0 being 0. Outside [a, b] the polynomials of the first and the last interval go on, so the function keeps all
its derivatives through the ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from holosym.ansatz.function import Blocks, Jet, common_leading, require_interval

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BSpline:
    """A spline on uniform intervals; theta are its coefficients (n + p,), from left to right.

    theta_0 = u(a) and theta_{-1} = u(b); if all are equal, so is u.

    Attributes:
        intervals: n.
        interval: (a, b).
        degree: p; the derivatives below order p are continuous, and those above it vanish between the knots.
        spread: standard deviation of the steps between neighbouring coefficients at the start, times sqrt(n).

    Raises:
        ValueError: no intervals, a degree below 1, an empty interval.
    """

    intervals: int
    interval: tuple[float, float] = (0.0, 1.0)
    degree: int = 5
    spread: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", require_interval(self.interval))
        if self.intervals < 1 or self.degree < 1:
            raise ValueError(f"no spline of degree {self.degree} on {self.intervals} intervals: both are 1 or more")

    @property
    def size(self) -> int:
        """The number of coefficients."""
        return self.intervals + self.degree

    @property
    def blocks(self) -> Blocks:
        """One block: all coefficients."""
        return ((self.size,),)

    @property
    def knots(self) -> Tensor:
        """The knots (n + 2 p + 1,), the ends p + 1 times each."""
        a, b = self.interval
        inner = torch.linspace(a, b, self.intervals + 1, dtype=torch.float64)
        return torch.cat([inner[:1].expand(self.degree), inner, inner[-1:].expand(self.degree)])

    def initial(self, generator: torch.Generator) -> Tensor:
        """Coefficients (P,): a random walk, which is a function of the same size however many intervals there are."""
        draw = torch.randn(self.size, generator=generator, dtype=torch.float64, device=generator.device)
        return self.spread / math.sqrt(self.intervals) * draw.cumsum(0)

    def jet(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. At a knot the p-th derivative is that of the interval to the right."""
        where, powers = self._local(x, order)
        leading = common_leading(theta, x)
        pieces = (theta @ self._pieces.to(theta).flatten(0, 1).mT).reshape(*theta.shape[:-1], self.intervals, -1)
        pieces = pieces.expand(*leading, *pieces.shape[-2:])
        where = where.expand(*leading, where.shape[-1]).unsqueeze(-1).expand(*leading, -1, self.degree + 1)
        local = pieces.gather(-2, where)
        return tuple((local * row).sum(dim=-1) for row in powers)

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. The rows are the basis and its derivatives, whatever theta is."""
        where, powers = self._local(x, order)
        leading = common_leading(theta, x)
        local = self._pieces.to(theta)[where]
        rows = ((row.unsqueeze(-2) @ local).squeeze(-2) for row in powers)
        return tuple(row.expand(*leading, *row.shape[-2:]) for row in rows)

    def _local(self, x: Tensor, order: int) -> tuple[Tensor, list[Tensor]]:
        """The interval of each point (..., m), and the derivatives of (1, s, ..., s^p) there, each (..., m, p + 1)."""
        a, b = self.interval
        scale = self.intervals / (b - a)
        place = (x - a) * scale
        where = place.detach().nan_to_num().floor().clamp(0, self.intervals - 1)
        s = (place - where).unsqueeze(-1)
        powers = [torch.ones_like(s)]
        for _ in range(self.degree):
            powers.append(powers[-1] * s)
        zero = torch.zeros_like(s)
        rows = []
        for k in range(order + 1):
            factors = [math.perm(q, k) * scale**k for q in range(self.degree + 1)]
            rows.append(torch.cat([powers[q - k] * f if q >= k else zero for q, f in enumerate(factors)], dim=-1))
        return where.long(), rows

    @cached_property
    def _pieces(self) -> Tensor:
        """C: (n, p + 1, P), from coefficients to the powers of s on each interval."""
        p, n = self.degree, self.intervals
        knots = np.concatenate([np.zeros(p), np.arange(n + 1), np.full(p, n)]).astype(float)
        pieces = np.zeros((n, p + 1, n + p))
        for j in range(n):
            basis = np.zeros((p + 2, p + 1))  # of B_j ... B_{j+p+1}: all that do not vanish here, and one more
            basis[p, 0] = 1.0
            for degree in range(1, p + 1):
                basis[:-1] = [_raised(basis, knots, i, degree, j) for i in range(p + 1)]
            pieces[j, :, j : j + p + 1] = basis[:-1].T
        return torch.from_numpy(pieces)


def _raised(basis: Rows, knots: Rows, i: int, degree: int, j: int) -> Rows:
    """B_{j+i} of `degree` on the interval [j, j + 1] as powers of s, from those of the degree below."""
    first, last = knots[j + i], knots[j + i + degree + 1]
    left, right = knots[j + i + degree] - first, last - knots[j + i + 1]
    total: Rows = np.zeros_like(basis[i])
    if left > 0:
        total += ((j - first) * basis[i] + np.roll(basis[i], 1)) / left
    if right > 0:
        total += ((last - j) * basis[i + 1] - np.roll(basis[i + 1], 1)) / right
    return total
