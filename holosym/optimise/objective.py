"""What is lowered, and what lowers it.

For every seed s of an ensemble, with terms t of m_t residuals r_ti, each divided by its error or its scale,

    loss_s = sum_t w_ts (1/m_t) sum_i r_tsi^2 = |rows_s|^2,        rows_ti = sqrt(w_t / m_t) r_ti.

Unknowns are a tensor theta (S, P), and everything is batched over the S seeds, which know nothing of each other.
An optimiser keeps nothing in itself: its state is a flat dictionary of tensors, every one of them with the leading axis
of seeds, so that it can be stored, restored, and taken back for one seed alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor


class Objective(Protocol):
    """Residuals by term, and what they depend on.

    Attributes:
        size: the number P of unknowns of a seed.
    """

    @property
    def size(self) -> int: ...

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """From theta (S, P): term to (S, m). A row that cannot be computed is NaN, not an exception."""
        ...

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """From theta (S, P): term to residuals (S, m) and their derivatives (S, m, P)."""
        ...

    def memory(self) -> dict[str, Tensor]:
        """What the next evaluation begins from, such as the last solution of a solver; may be empty."""
        ...

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Take over what `memory` gave; tensors with the leading axis of seeds may come with rows of several times."""
        ...


@dataclass(frozen=True)
class Weighted:
    """An objective with the weights of its terms; a term without a weight is held out of the loss.

    Attributes:
        objective: the residuals.
        weights: term to a number or to (S,).
    """

    objective: Objective
    weights: Mapping[str, float | Tensor]

    def loss(self, theta: Tensor) -> Tensor:
        """(S,)."""
        residuals = self.objective.residuals(theta)
        return total({name: mean_square(residuals[name]) for name in self.weights}, self.weights)

    def residual(self, theta: Tensor) -> Tensor:
        """The weighted rows (S, M), whose sum of squares is the loss."""
        residuals = self.objective.residuals(theta)
        return torch.cat([residuals[name] * self._factor(name, residuals[name]) for name in self.weights], dim=-1)

    def rows(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """The weighted rows (S, M) and their Jacobian (S, M, P)."""
        parts = self.objective.jacobian(theta)
        factors = {name: self._factor(name, parts[name][0]) for name in self.weights}
        residual = torch.cat([parts[name][0] * factors[name] for name in self.weights], dim=-1)
        jacobian = torch.cat([parts[name][1] * factors[name][..., None] for name in self.weights], dim=-2)
        return residual, jacobian

    def gradient(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """The loss (S,) and its gradient (S, P).

        One backward pass serves all seeds: the gradient of the sum of their losses. Where the residuals carry no graph
        the gradient is 2 J^T r.
        """
        with torch.enable_grad():
            point = theta.detach().requires_grad_(True)
            loss = self.loss(point)
            if loss.requires_grad:
                (gradient,) = torch.autograd.grad(loss.sum(), point)
                return loss.detach(), gradient
        residual, jacobian = self.rows(theta)
        return residual.square().sum(dim=-1), 2 * (residual[..., None, :] @ jacobian)[..., 0, :]

    def _factor(self, name: str, residual: Tensor) -> Tensor:
        """sqrt(w/m), (S, 1) or (1,)."""
        weight = torch.as_tensor(self.weights[name], dtype=residual.dtype, device=residual.device)
        return (weight / residual.shape[-1]).sqrt()[..., None]


@dataclass(frozen=True)
class Step:
    """What one step of an optimiser gives.

    Attributes:
        theta: (S, P), the unknowns after the step.
        state: the optimiser's, after the step.
        loss: (S,), the last one that the optimiser knows: of theta before the step (Adam) or after it.
        accepted: (S,) bool, whether the seed moved.
        note: anything a user should read; empty as a rule.
    """

    theta: Tensor
    state: dict[str, Tensor]
    loss: Tensor
    accepted: Tensor
    note: str = ""


@runtime_checkable
class Optimiser(Protocol):
    """A rule that takes theta a step down. Entries "rate" and "damping" of a state, each (S,), are shown to a user."""

    def start(self, theta: Tensor) -> dict[str, Tensor]:
        """The state before the first step."""
        ...

    def step(self, theta: Tensor, state: dict[str, Tensor], problem: Weighted) -> Step:
        """One step of all seeds. Neither theta nor the state is changed in place."""
        ...

    def retreat(self, state: dict[str, Tensor], seeds: Tensor) -> dict[str, Tensor]:
        """The state with smaller steps for the seeds (S,) bool, whose last step led nowhere."""
        ...


def mean_square(residual: Tensor) -> Tensor:
    """(S, m) -> (S,)."""
    return residual.square().mean(dim=-1)


def total(squares: Mapping[str, Tensor], weights: Mapping[str, float | Tensor]) -> Tensor:
    """The loss (S,) from the mean squares of the terms, each (S,)."""
    parts = [weights[name] * squares[name] for name in weights]
    return torch.stack(parts).sum(dim=0)
