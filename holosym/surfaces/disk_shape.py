r"""The shape of a surface over a disk: polar coordinates, with what is known at the boundary written out.

With t along the radial line (`disk_chart`) and rho the radius along the boundary,

    t = r cos(theta),      rho = r sin(theta),      r = R + cos^2(theta) u(theta),

u is the unknown: 0 for a hemisphere, smooth for a cone along a horizon as well. Then

    R - rho = cos^2(theta) [R/(1 + sin(theta)) - u sin(theta)]

has no cancellation, and near the boundary, where rho = R - b_0 x^2/(2 c_0 R) + ..., u = R/2 (1 - b_0/c_0).
Nodes lie in v, theta = pi/2 (1 - v^2), in which logarithms and powers of x are smooth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid, chebyshev_grid


@dataclass(frozen=True)
class Angles:
    """Angles with what takes u to r and its derivatives there.

    Attributes:
        v, sine, cosine: (m,).
        matrices: three of (m, n): cos^2 u, and its first and second derivative by theta, from u at the n nodes.
    """

    v: Tensor
    sine: Tensor
    cosine: Tensor
    matrices: tuple[Tensor, Tensor, Tensor]

    def curve(self, radius: Tensor, u: Tensor) -> Curve:
        """The curve of u (..., n) with R (..., 1)."""
        more, r1, r2 = (u @ matrix.mT for matrix in self.matrices)
        return self.placed(radius, more, r1, r2)

    def placed(self, radius: Tensor, more: Tensor, r1: Tensor, r2: Tensor) -> Curve:
        """The curve of r - R and its derivatives."""
        sine, cosine, r = self.sine, self.cosine, radius + more
        along, across = r * sine, r1 * sine + r * cosine
        bend = r2 * sine + 2 * r1 * cosine - along
        return Curve(
            t=r * cosine,
            t1=r1 * cosine - along,
            t2=r2 * cosine - 2 * r1 * sine - r * cosine,
            rho=along,
            rho1=across,
            rho2=bend,
            short=radius * cosine**2 / (1 + sine) - more * sine,
        )


@dataclass(frozen=True)
class Curve:
    """t and rho with two derivatives by theta, and R - rho; all (..., m)."""

    t: Tensor
    t1: Tensor
    t2: Tensor
    rho: Tensor
    rho1: Tensor
    rho2: Tensor
    short: Tensor


@cache
def grid_of(nodes: int) -> ChebyshevGrid:
    """Nodes v, from the boundary to the axis."""
    return chebyshev_grid(nodes, 0.0, 1.0, order=2)


def resolved(u: Tensor, nodes: int) -> Tensor:
    """u (..., n) at another number of nodes."""
    return u if u.shape[-1] == nodes else grid_of(u.shape[-1]).interpolate(u, grid_of(nodes).nodes)


@cache
def at_nodes(nodes: int) -> Angles:
    """The nodes between boundary and axis."""
    grid = grid_of(nodes)
    return _angles(grid.nodes[1:-1], tuple(matrix[1:-1] for matrix in grid.derivatives))


def at_points(nodes: int, v: Tensor) -> Angles:
    """Any other points between boundary and axis, by interpolation."""
    grid = grid_of(nodes)
    rows = grid.interpolate(torch.eye(nodes, dtype=torch.float64), v).mT
    return _angles(v, tuple(rows @ matrix for matrix in grid.derivatives))


def _angles(v: Tensor, matrices: tuple[Tensor, ...]) -> Angles:
    """u, u_v and u_vv by matrices, to cos^2(theta) u and its derivatives by theta: d(theta) = -pi v dv."""
    # cos(theta) right relative to itself at the boundary
    sine, cosine = torch.cos(math.pi / 2 * v**2), torch.sin(math.pi / 2 * v**2)
    u, slope, bend = matrices
    at, s, c = v[:, None], sine[:, None], cosine[:, None]
    u1 = -slope / (math.pi * at)
    u2 = (bend - slope / at) / (math.pi * at) ** 2
    first = c**2 * u1 - 2 * s * c * u
    second = c**2 * u2 - 4 * s * c * u1 + 2 * (s**2 - c**2) * u
    return Angles(v, sine, cosine, (c**2 * u, first, second))
