"""Rows that are few and see everything (observables, controls): their Jacobian by automatic differentiation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor


def rows_by_state(
    rows: Callable[[Mapping[str, Tensor]], Tensor], parts: Mapping[str, Tensor], states: int
) -> tuple[Tensor, dict[str, Tensor]]:
    """Rows of n states, each of which sees its own copy of the unknowns, or the one that all share.

    One pass backwards for each of a state's rows, however many states there are.

    Args:
        rows: parts (S, n, size) to rows (S, n, m); row j of state i may see no other state's parts.
        parts: by name, (S, n, size) or (S, 1, size).
        states: n.

    Returns:
        The rows, and their derivatives by each part, (S, n, m, size).
    """
    with torch.enable_grad():
        own = {name: part.detach().expand(-1, states, -1).clone().requires_grad_() for name, part in parts.items()}
        values = rows(own) + sum(0 * part.sum(dim=-1, keepdim=True) for part in own.values())
        passes = [
            torch.autograd.grad(values[..., j].sum(), list(own.values()), retain_graph=True)
            for j in range(values.shape[-1])
        ]
    slopes = [torch.stack(one, dim=-2) for one in zip(*passes, strict=True)]
    return values.detach(), dict(zip(own, slopes, strict=True))
