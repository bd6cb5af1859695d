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
from holosym.ansatz.remainder import Remainder

_NODES = 12


def compose(jet: Callable[[Tensor, Sequence[int]], Jet], q: Remainder, orders: Sequence[int]) -> tuple[Remainder, ...]:
    """The derivatives of a function of the given orders at q.

    Args:
        jet: from points and orders to the derivatives of these orders; entries have the points' shape.
        q: the argument, finite at x = 0.
        orders: of the derivatives asked for.

    Raises:
        TypeError: q is singular at x = 0, or the function has not the M more derivatives that this takes.
    """
    if q.lowest < 0:
        raise TypeError("a fitted function of a quantity that is singular at x = 0")
    window, centre = q.window, q.part(0)
    p = q - centre
    roots, weights = (each.to(centre) for each in _quadrature(window))
    between = centre.unsqueeze(-2) + ((roots + 1) / 2).unsqueeze(-1) * p.value.unsqueeze(-2)
    try:
        here = jet(centre, range(window + max(orders)))
        there = dict(zip(orders, jet(between, [window + order for order in orders]), strict=True))
    except ValueError as error:
        raise TypeError(str(error)) from error
    powers = [q * 0.0 + 1.0]
    for _ in range(window):
        powers.append(powers[-1] * p)
    found = []
    for order in orders:
        rest = (weights.unsqueeze(-1) * there[order]).sum(dim=-2)
        total = powers[window] * rest
        for k in range(window):
            total = total + powers[k] * (here[order + k] / math.factorial(k))
        found.append(total)
    return tuple(found)


@cache
def _quadrature(window: int) -> tuple[Tensor, Tensor]:
    """Roots and weights of R."""
    roots, weights = roots_jacobi(_NODES, window - 1, 0.0)
    return torch.as_tensor(roots), torch.as_tensor(weights / (2.0**window * math.factorial(window - 1)))
