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
    return tuple(Remainder(q.x, window, 0, grades) for grades in _horner(rise, torch.stack(parts), rest))


def _horner(rise: Remainder, taylor: Tensor, rest: Tensor) -> Tensor:
    """((R p + c_(M-1)) p + c_(M-2)) p + ..., for several functions at once.

    A product with p is a matrix on the grades, the same in every step.

    Args:
        rise: p.
        taylor: c, (M, functions, ..., m), or with axes of length one.
        rest: R, (functions, ..., m).

    Returns:
        The grades of every function, (functions, M + 1, ..., m), from x^0 on.
    """
    shape = rest.shape[1:]
    factor = _multiplication(rise).expand(-1, -1, *shape).flatten(start_dim=2).unsqueeze(2)
    steps = torch.cat([taylor.expand(-1, *rest.shape), rest[None]]).flatten(start_dim=2).flip(0)
    total = _from_value(steps[0], rise.window)
    for constant in steps[1:].unbind(0):
        total = (factor * total).sum(dim=1) + _from_value(constant, rise.window)
    return total.movedim(1, 0).reshape(*rest.shape[:1], rise.window + 1, *shape)


def _multiplication(number: Remainder) -> Tensor:
    """The product with a number of v >= 0 as a matrix on grades from x^0 on, (M + 1, M + 1, ..., m).

    Rows above the last are shifted copies of its grades; the last has their sums, all that is of grade M or more.
    """
    window, before = number.window, min(number.lowest, number.window)
    grades = _padded(number.grades, before, max(window + 1 - before - len(number.grades), 0))
    grades = torch.cat([grades[:window], grades[window:].sum(dim=0, keepdim=True)])
    places = torch.arange(window, device=grades.device)[:, None] - torch.arange(window + 1, device=grades.device)
    shifted = _padded(grades, 0, 1)[torch.where(places < 0, window + 1, places)]
    return torch.cat([shifted, grades.flip(0).cumsum(dim=0)[None]])


def _from_value(value: Tensor, window: int) -> Tensor:
    """The grades (M + 1, ...) of a number without powers of x."""
    return _padded(value[None], 0, window)


def _padded(grades: Tensor, before: int, after: int) -> Tensor:
    """Zero grades put in front and behind."""
    return torch.nn.functional.pad(grades, (0, 0) * (grades.ndim - 1) + (before, after))


def _nodes(degree: int | None, window: int) -> int:
    """How many nodes R takes: n of them are exact up to degree 2n - 1."""
    return _NODES if degree is None else min(_NODES, max(degree - window, 0) // 2 + 1)


@cache
def _quadrature(window: int, nodes: int) -> tuple[Tensor, Tensor]:
    """Roots and weights of R."""
    roots, weights = roots_jacobi(nodes, window - 1, 0.0)
    return torch.as_tensor(roots), torch.as_tensor(weights / (2.0**window * math.factorial(window - 1)))
