r"""Powers with logarithms and their derivatives: what a boundary series is made of.

With L = log x and a polynomial P,

    d/dx [x^e P(L)] = x^(e-1) [e P(L) + P'(L)],

so the k-th derivative of x^e L^l is x^(e-k) times a polynomial of degree l in L, known exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

Power = tuple[float, int]


def log_power_jet(points: Tensor, power: Power, order: int) -> Tensor:
    """Derivatives of x^e (log x)^l of order 0 to `order` at points x >= 0: (order + 1, n).

    At x = 0 an entry is its limit: zero, one, or infinite where the function has no limit.
    """
    exponent, logs = power
    polynomial = [0.0] * logs + [1.0]
    rows = []
    for _ in range(order + 1):
        rows.append(_evaluate(points, exponent, polynomial))
        derivative = [exponent * c for c in polynomial]
        for i, c in enumerate(polynomial[1:]):
            derivative[i] += (i + 1) * c
        exponent, polynomial = exponent - 1, derivative
    return torch.stack(rows)


def log_power_jets(points: Tensor, powers: Sequence[Power], order: int) -> Tensor:
    """The jets of several powers: (order + 1, terms, n)."""
    if not powers:
        return points.new_zeros(order + 1, 0, points.shape[0])
    return torch.stack([log_power_jet(points, power, order) for power in powers], dim=1)


def _evaluate(points: Tensor, exponent: float, polynomial: Sequence[float]) -> Tensor:
    """x^e sum_i c_i (log x)^i, with 0 log 0 = 0."""
    if not any(polynomial):
        return torch.zeros_like(points)
    inside = points > 0
    safe = torch.where(inside, points, torch.ones_like(points))
    logarithm = torch.log(safe)
    total = torch.zeros_like(points)
    for c in reversed(polynomial):
        total = total * logarithm + c
    return torch.where(inside, safe**exponent * total, _limit(exponent, polynomial))


def _limit(exponent: float, polynomial: Sequence[float]) -> float:
    if exponent > 0:
        return 0.0
    if exponent == 0 and not any(polynomial[1:]):
        return polynomial[0]
    return float("inf")
