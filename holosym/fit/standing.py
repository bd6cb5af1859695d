"""Where a fit stands: the terms at the present place, their loss and their weights, and the next place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from holosym.fit.balance import Balance
from holosym.fit.seeds import choose, choose_all, copied
from holosym.fit.state import State
from holosym.optimise.objective import Objective, Step, Weighted, mean_square, total


@dataclass
class Standing:
    """A fit between two steps, with what it lowers.

    Attributes:
        objective: the residuals.
        balance: the weights as they were given, and how they are corrected.
        state: with the present place.
    """

    objective: Objective
    balance: Balance
    state: State

    def evaluate(self) -> None:
        """All terms at the present place."""
        here = self.state.here
        with torch.no_grad():
            here.squares = {name: mean_square(rows) for name, rows in self.objective.residuals(here.theta).items()}
        here.memory = copied(self.objective.memory())

    def loss(self) -> Tensor:
        """(S,), with the weights as they were given: those that are balanced cannot be compared over time."""
        return total(self.state.here.squares, self.balance.weights)

    def not_finite(self) -> Tensor:
        """(S,): the active seeds whose loss is not finite."""
        return self.state.active & ~self.loss().isfinite()

    def weights(self) -> dict[str, Tensor]:
        """Term to its weight (S,) at present."""
        return {name: weight * self.state.factors[name] for name, weight in self.balance.weights.items()}

    def weighted(self) -> Weighted:
        """What the optimiser lowers at present."""
        return Weighted(self.objective, self.weights())

    def adopt(self, step: Step) -> None:
        """The step of the active seeds; the others stay as they are."""
        state = self.state
        if any(state.reasons):
            active = state.active
            step = replace(
                step,
                theta=choose(active, step.theta, state.here.theta),
                state=choose_all(active, step.state, state.optimiser),
            )
        state.here.theta, state.optimiser = step.theta, step.state
        state.step, state.total = state.step + 1, state.total + 1

    def correct_weights(self) -> None:
        """Balance the weights anew, where it is time."""
        state = self.state
        if self.balance.every and state.total - state.balanced >= self.balance.every:
            state.factors = self.balance.corrected(state.factors, self.objective, state.here.theta)
            state.here.memory = copied(self.objective.memory())
            state.balanced = state.total
