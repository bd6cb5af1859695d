r"""Roughness: how much a function bends, as rows of least squares.

    r_q(theta) = sqrt(w_q) u^(k)(x_q),        sum_q r_q^2 = integral over [a, b] of (u^(k))^2 dx,

with Gauss and Legendre's points x_q and weights w_q. As a term of a fit it prefers smooth functions among those
that the data allow; k = 3 leaves parabolas free. For functions that are linear in theta the rows are linear.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from holosym.ansatz.function import Function


def roughness(function: Function, theta: Tensor, order: int = 3, points: int = 64) -> Tensor:
    """The rows (..., points) of the derivative of `order`, for coefficients (..., P)."""
    x, root = _quadrature(function, theta, points)
    return root * function.jet(theta, x, order)[order]


def roughness_sensitivity(function: Function, theta: Tensor, order: int = 3, points: int = 64) -> Tensor:
    """The derivative of the rows by theta: (..., points, P)."""
    x, root = _quadrature(function, theta, points)
    return root[:, None] * function.sensitivity(theta, x, order)[order]


def _quadrature(function: Function, like: Tensor, points: int) -> tuple[Tensor, Tensor]:
    """The points and the square roots of their weights on the function's interval, (points,) each."""
    a, b = function.interval
    nodes, weights = np.polynomial.legendre.leggauss(points)
    x = (a + b) / 2 + (b - a) / 2 * nodes
    return like.new_tensor(x), like.new_tensor(np.sqrt((b - a) / 2 * weights))
