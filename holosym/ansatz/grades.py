r"""Grades of numbers with a remainder as plain tensors: Horner's rule, in the fewest operations.

A quantity of v >= 0 has the grades q_0, ..., q_M from x^0 on, the last with all that is of order x^M or more, and

    (p q)_k = sum_(i+j=k) p_i q_j   for k < M,      (p q)_M = sum_i S_i q_i,   S_i = sum_(j >= M-i) p_j.

Where p stays the same from step to step, as in a polynomial of p or in its exponential, its sums S are made once.
"""

from __future__ import annotations

import torch
from torch import Tensor


def padded(grades: Tensor, before: int, after: int) -> Tensor:
    """Zero grades put in front and behind. Not written in place: derivatives pass through here."""
    if not before and not after:
        return grades
    return torch.nn.functional.pad(grades, (0, 0) * (grades.ndim - 1) + (before, after))


def horner(grades: Tensor, lowest: int, window: int, constants: Tensor) -> Tensor:
    """((c_0 p + c_1) p + c_2) p + ..., all c plain numbers.

    Args:
        grades: of p (k, ...), from x^lowest on, lowest >= 0.
        window: M.
        constants: (steps, ...), of the shape of the answer's grades.

    Returns:
        The grades (M + 1, ...).
    """
    before = min(lowest, window)
    own = padded(grades, before, max(window + 1 - before - len(grades), 0))
    own = torch.cat([own[:window], own[window:].sum(dim=0, keepdim=True)])
    sums, factors = own.flip(0).cumsum(dim=0), own.unbind(0)
    total = padded(constants[:1], 0, window)
    for constant in constants[1:].unbind(0):
        product = torch.zeros_like(total)
        for k in range(before, window):
            product[k:window].addcmul_(factors[k], total[: window - k])
        product[0] += constant
        product[window] = (sums * total).sum(dim=0)
        total = product
    return total
