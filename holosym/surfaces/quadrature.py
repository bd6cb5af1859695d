r"""Nodes along a surface, from the boundary x = 0 to the turning point x*.

Near the boundary, x in (0, x*/2): x = (x*/2) v^2, which makes powers and logarithms of x smooth in v.

Near the turning point, x in (x*/2, x*): x = x* (1 - s^2) takes away the root 1/sqrt(x* - x). Where a horizon is near,
x_h = x* (1 + delta), the fields go like (delta + s^2)^(-1/2), and

    s = sqrt(delta) sinh(kappa t),      kappa = arsinh(1/sqrt(2 delta)),      0 < t < 1,

takes that away too, for any delta > 0. In v and t: Gauss and Legendre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from numpy.polynomial.legendre import leggauss
from torch import Tensor

FAR = 1e6
"""A horizon that is farther than this many x* is as good as none."""


@cache
def gauss(count: int) -> tuple[Tensor, Tensor]:
    """Gauss-Legendre nodes and weights on (0, 1)."""
    nodes, weights = leggauss(count)
    return torch.from_numpy((1 + nodes) / 2), torch.from_numpy(weights / 2)


@dataclass(frozen=True)
class Nodes:
    """Points and weights for turning points of any shape (...).

    Attributes:
        turning: (..., 1), x*.
        x: (..., n).
        weights: (..., n); of the measure dx.
        gap: (..., n), x* - x, right relative to itself.
    """

    turning: Tensor
    x: Tensor
    weights: Tensor
    gap: Tensor


def boundary_nodes(turning: Tensor, count: int) -> Nodes:
    """Nodes on (0, x*/2)."""
    v, weights = gauss(count)
    turning = turning[..., None]
    half = turning / 2
    x = half * v**2
    return Nodes(turning, x, half * (2 * v * weights), turning - x)


def turning_nodes(turning: Tensor, end: float, count: int, start: Tensor | None = None) -> Nodes:
    """Nodes on (start, x*), start = x*/2 if not said; `end` is where the horizon is, infinite where there is none."""
    t, weights = gauss(count)
    turning = turning[..., None]
    share = 0.5 if start is None else 1 - start[..., None] / turning
    delta = torch.clamp((end - turning) / turning, max=FAR) if math.isfinite(end) else torch.full_like(turning, FAR)
    root = torch.sqrt(delta)
    kappa = torch.asinh(share**0.5 / root)
    sine = torch.sinh(kappa * t)
    s = root * sine
    gap = turning * s.square()
    slope = root * kappa * torch.sqrt(1 + sine.square())  # of s along t: cosh
    return Nodes(turning, turning - gap, 2 * turning * s * slope * weights, gap)
