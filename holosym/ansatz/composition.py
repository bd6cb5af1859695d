r"""A smooth function of a number with a remainder: what a fitted coupling is near the boundary.

With q = q_0 + p, where p begins at x^1, and numbers that keep M parts, Taylor's formula with its remainder,

    V(q) = sum_{k<M} V^(k)(q_0)/k! p^k + p^M R,      R = 1/(M-1)! int_0^1 (1 - t)^(M-1) V^(M)(q_0 + t p) dt,

is exact: p^M has no part below x^M, so R may be a plain number. Its integral is Gauss and Jacobi's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import torch
from scipy.special import roots_jacobi
from torch import Tensor

from holosym.ansatz.function import Jet
from holosym.ansatz.grades import horner
from holosym.ansatz.remainder import Remainder

_NODES = 12


def compose(
    jet: Callable[[Tensor, Sequence[int]], Jet], q: Remainder, orders: Sequence[int], degree: int | None = None
) -> tuple[Remainder, ...]:
    """The derivatives of a function of the given orders at q.

    Args:
        jet: from points and orders to the derivatives of these orders; entries have the points' shape.
        q: the argument, finite at x = 0.
        orders: of the derivatives asked for.
        degree: that of the function, if it is a polynomial: R is then exact with fewer nodes.

    Raises:
        TypeError: q is singular at x = 0, or the function has not the M more derivatives that this takes.
    """
    if q.lowest < 0:
        raise TypeError("a fitted function of a quantity that is singular at x = 0")
    window, rise = q.window, q.rise
    # Where q begins above x^0, q_0 is the same for all points.
    centre = q.grades.new_zeros((1,) * (q.grades.ndim - 1)) if q.lowest > 0 else q.part(0)
    roots, weights = (each.to(centre) for each in _quadrature(window, _nodes(degree, window)))
    between = centre.unsqueeze(-2) + ((roots + 1) / 2).unsqueeze(-1) * rise.value.unsqueeze(-2)
    try:
        here = jet(centre, range(window + max(orders)))
        there = jet(between, [window + order for order in orders])
    except ValueError as error:
        raise TypeError(str(error)) from error
    parts = [torch.stack([here[order + k] for order in orders]) / math.factorial(k) for k in range(window)]
    rest = (weights.unsqueeze(-1) * torch.stack(there)).sum(dim=-2)
    # All orders at once, on an axis behind that of the grades: ((R p + V_(M-1)) p + V_(M-2)) p + ...
    constants = torch.stack([rest, *(part.expand(rest.shape) for part in reversed(parts))])
    total = horner(rise.grades.unsqueeze(1), rise.lowest, window, constants)
    return tuple(Remainder(q.x, window, 0, grades) for grades in total.unbind(1))


def _nodes(degree: int | None, window: int) -> int:
    """How many nodes R takes: n of them are exact up to degree 2n - 1."""
    return _NODES if degree is None else min(_NODES, max(degree - window, 0) // 2 + 1)


@cache
def _quadrature(window: int, nodes: int) -> tuple[Tensor, Tensor]:
    """Roots and weights of R."""
    roots, weights = roots_jacobi(nodes, window - 1, 0.0)
    return torch.as_tensor(roots), torch.as_tensor(weights / (2.0**window * math.factorial(window - 1)))
