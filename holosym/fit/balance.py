"""Weights that let no term of the loss drown out another.

With n_t the norm of the gradient of w_t |r_t|^2 (or its value), the factor of the weight w_t moves, every N steps, by

    f_t <- keep f_t + (1 - keep) mean_u(n_u) / n_t,

as Wang, Teng and Perdikaris 2021 do with gradients. A factor stays between 1/LIMIT and LIMIT: a term that is already
fitted has no gradient, and shall not get all the weight for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from holosym.optimise.objective import Objective, Weighted, mean_square

LIMIT = 1e3


@dataclass(frozen=True)
class Balance:
    """Weights that follow the sizes of the terms.

    Attributes:
        weights: term to its weight in the beginning.
        every: steps from one correction to the next.
        by: the size of a term: the norm of its gradient, or its mean square ("residual").
        keep: the part of the old factor that stays.
    """

    weights: Mapping[str, float]
    every: int = 100
    by: Literal["gradient", "residual"] = "gradient"
    keep: float = 0.9

    def corrected(self, factors: Mapping[str, Tensor], objective: Objective, theta: Tensor) -> dict[str, Tensor]:
        """The next factors (S,) of the terms; a seed where a size is not finite keeps its own."""
        sizes = {name: weight * self._size(name, objective, theta) for name, weight in self.weights.items()}
        mean = torch.stack(list(sizes.values())).mean(dim=0)
        new = {}
        for name, size in sizes.items():
            target = (mean / size).clamp(1 / LIMIT, LIMIT)
            moved = self.keep * factors[name] + (1 - self.keep) * target
            new[name] = torch.where(moved.isfinite(), moved, factors[name])
        return new

    def _size(self, name: str, objective: Objective, theta: Tensor) -> Tensor:
        if self.by == "residual":
            with torch.no_grad():
                return mean_square(objective.residuals(theta)[name])
        _, gradient = Weighted(objective, {name: 1.0}).gradient(theta)
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=-1)
        return norm
