"""Rows that are few and see everything (observables, controls): their Jacobian by automatic differentiation."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def rows_jacobian(rows: Callable[[Tensor], Tensor], theta: Tensor) -> tuple[Tensor, Tensor]:
    """Rows (S, w) at theta (S, P), and their derivatives (S, w, P).

    The seeds must be independent: row j of seed s may see no other seed. One pass backwards for each j.
    """
    with torch.enable_grad():
        point = theta.detach().requires_grad_()
        values = rows(point) + 0 * point[:, :1]
        slopes = [torch.autograd.grad(values[:, j].sum(), point, retain_graph=True)[0] for j in range(values.shape[1])]
    empty = theta.new_zeros(theta.shape[0], 0, theta.shape[1])
    return values.detach(), torch.stack(slopes, dim=1) if slopes else empty
