r"""The radial line in a coordinate t that a surface can follow along a horizon.

A disk of radius R much larger than a horizon's x_h lies along it, at x_h - x of order e^(-2 k R). With

    x = x_h (1 - e^(-t/x_h)),      g = dx/dt = e^(-t/x_h),

t is x near the boundary and grows like R there. a = 1/b vanishes at the horizon: a = g A, and A and c are smooth in g.
Where g is small they are polynomials in g through points at a distance, so that no digits are lost however deep a
surface hangs. Without a horizon t = x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.polynomial.chebyshev import chebder
from torch import Tensor

from holosym.surfaces.functional import Functional

CLOSE = 0.2
"""g up to which polynomials stand for A and c."""
POINTS = 20


@dataclass(frozen=True)
class Metric:
    """B and C along a curve, of the shape of t.

    Attributes:
        x, g: the boundary variable and dx/dt.
        a, a1: A = a/g, and da/dx.
        c, c1: c and dc/dx.
    """

    x: Tensor
    g: Tensor
    a: Tensor
    a1: Tensor
    c: Tensor
    c1: Tensor


@dataclass(frozen=True)
class Chart:
    """t beside x for one functional."""

    functional: Functional

    @property
    def rate(self) -> float:
        """1/x_h; 0 without a horizon."""
        return 1 / self.functional.end if self.functional.ends_at == "horizon" else 0.0

    @property
    def deepest(self) -> float:
        """The largest t there is."""
        return math.inf if self.rate else self.functional.end

    def metric(self, t: Tensor) -> Metric:
        """B and C at t > 0, differentiable once along t: values and slopes are known, no gradient runs through them."""
        if not self.rate:
            x, g = t, torch.ones_like(t)
        else:
            x, g = -torch.expm1(-self.rate * t) / self.rate, torch.exp(-self.rate * t)
        at, near = x.detach(), g.detach() < CLOSE if self.rate else torch.zeros_like(t, dtype=torch.bool)
        with torch.no_grad():
            far = torch.where(near, torch.full_like(at, (1 - CLOSE) * self.functional.end), at) if self.rate else at
            b, c = self.functional.pieces(far)
            inverse = 1 / b[0]
            slope = -b[1] * inverse**2
            bend = (2 * b[1] ** 2 * inverse - b[2]) * inverse**2
            here = g.detach()
            ratio = inverse / here
            jets = [ratio, (slope + self.rate * ratio) / here, slope, bend, *c]
            if bool(near.any()):
                jets = [torch.where(near, close, value) for close, value in zip(self._close(here), jets, strict=True)]
            a, by_x, a1, a2, c0, c1, c2 = jets
        more = x - at
        return Metric(x, g, a + by_x * more, a1 + a2 * more, c0 + c1 * more, c1 + c2 * more)

    @cached_property
    def _series(self) -> Tensor:
        """A and c with two derivatives by g as Chebyshev series on (0, CLOSE): (6, POINTS)."""
        angles = (torch.arange(POINTS, dtype=torch.float64) + 0.5) * (math.pi / POINTS)
        s = torch.cos(angles / 2) ** 2
        b, c = self.functional.pieces((1 - CLOSE * s) * self.functional.end)
        values = torch.stack([1 / (b[0] * CLOSE * s), c[0]])
        weights = torch.full((POINTS,), 2 / POINTS, dtype=torch.float64)
        weights[0] /= 2
        found = (values @ torch.cos(torch.arange(POINTS) * angles[:, None]) * weights).numpy()
        rows = [np.pad(chebder(row, k, scl=2 / CLOSE), (0, k)) for row in found for k in range(3)]
        return torch.from_numpy(np.stack(rows))

    def _close(self, g: Tensor) -> list[Tensor]:
        """What `metric` needs, of the polynomials: d/dx = -(1/x_h) d/dg."""
        y = torch.clamp(2 * g / CLOSE - 1, max=1.0)
        basis = [torch.ones_like(y), y]
        for _ in range(POINTS - 2):
            basis.append(2 * y * basis[-1] - basis[-2])
        a, a1, a2, c, c1, c2 = torch.tensordot(self._series, torch.stack(basis), dims=1)
        end = self.functional.end
        # a = g A
        first, second = a + g * a1, 2 * a1 + g * a2
        return [a, -a1 / end, -first / end, second / end**2, c, -c1 / end, c2 / end**2]
