"""SOAP: Adam in the eigenbasis of Shampoo's preconditioner (Vyas et al. 2024), from the library pytorch-optimizer.

The preconditioner belongs to matrices, so theta is cut into the blocks it is made of (weight matrices, biases), for
every seed its own. The library's optimiser is made afresh at every step from the state, which is a flat dictionary like
that of every optimiser here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from holosym.optimise.adam import Schedule
from holosym.optimise.objective import Step, Weighted

_RETREAT = 0.3


@dataclass(frozen=True)
class Soap:
    """The optimiser.

    Attributes:
        blocks: shapes of the parts of theta in order.
        schedule: of the rate.
        refresh: steps from one eigenbasis to the next.
    """

    blocks: tuple[tuple[int, ...], ...]
    schedule: Schedule = Schedule(3e-3)  # noqa: RUF009  (frozen)
    refresh: int = 10

    def start(self, theta: Tensor) -> dict[str, Tensor]:
        """No moments, and preconditioners that the first step makes."""
        seeds = theta.shape[0]
        state = {"count": theta.new_zeros(seeds), "factor": theta.new_ones(seeds), "rate": theta.new_zeros(seeds)}
        for i, shape in enumerate(self.blocks):
            for name in ("exp_avg", "exp_avg_sq"):
                state[f"{i}.{name}"] = theta.new_zeros(seeds, *shape)
            if len(shape) > 1:
                for j, size in enumerate(shape):
                    for name in ("GG", "Q"):
                        state[f"{i}.{name}.{j}"] = theta.new_zeros(seeds, size, size)
        return state

    def step(self, theta: Tensor, state: dict[str, Tensor], problem: Weighted) -> Step:
        """One step of every seed; the very first one only measures."""
        loss, gradient = problem.gradient(theta)
        rate = self.schedule.at(state["count"]) * state["factor"]
        moved, states = [], []
        for seed in range(theta.shape[0]):
            new, own = self._one(theta[seed], gradient[seed], {n: v[seed] for n, v in state.items()}, float(rate[seed]))
            moved.append(new)
            states.append(own)
        found = {name: torch.stack([own[name] for own in states]) for name in states[0]}
        found.update(count=state["count"] + 1, factor=state["factor"], rate=rate)
        return Step(torch.stack(moved), found, loss, torch.ones_like(loss, dtype=torch.bool))

    def retreat(self, state: dict[str, Tensor], seeds: Tensor) -> dict[str, Tensor]:
        """A lower rate for the seeds (S,) whose step went wrong."""
        return {**state, "factor": torch.where(seeds, _RETREAT * state["factor"], state["factor"])}

    def _one(
        self, theta: Tensor, gradient: Tensor, state: dict[str, Tensor], rate: float
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """One step of one seed."""
        from pytorch_optimizer import SOAP

        sizes = [math.prod(shape) for shape in self.blocks]
        parts = [p.reshape(s).clone() for p, s in zip(torch.split(theta, sizes), self.blocks, strict=True)]
        slopes = [g.reshape(s).clone() for g, s in zip(torch.split(gradient, sizes), self.blocks, strict=True)]
        leaves = [torch.nn.Parameter(part) for part in parts]
        for leaf, slope in zip(leaves, slopes, strict=True):
            leaf.grad = slope
        rule = SOAP(leaves, lr=rate or 1e-300, weight_decay=0.0, precondition_frequency=self.refresh)
        count = int(state["count"])
        if count:
            rule.param_groups[0]["step"] = count
            for i, leaf in enumerate(leaves):
                rule.state[leaf] = self._unpacked(i, state, rule.param_groups[0]["betas"][1])
        with torch.no_grad():
            rule.step()
        new = torch.cat([leaf.detach().reshape(-1) for leaf in leaves])
        packed: dict[str, Tensor] = {}
        for i, leaf in enumerate(leaves):
            packed.update(self._packed(i, rule.state[leaf]))
        return new, packed

    def _unpacked(self, block: int, state: dict[str, Tensor], beta: float) -> dict[str, Any]:
        """The library's state of one block."""
        shape = self.blocks[block]
        found: dict[str, Any] = {n: state[f"{block}.{n}"].clone() for n in ("exp_avg", "exp_avg_sq")}
        for name in ("GG", "Q"):
            matrices = [state[key].clone() for j in range(len(shape)) if (key := f"{block}.{name}.{j}") in state]
            found[name] = matrices if len(shape) > 1 else [[]]  # the library's mark for no preconditioner
        return {**found, "precondition_frequency": self.refresh, "shampoo_beta": beta}

    def _packed(self, block: int, state: dict[str, Any]) -> dict[str, Tensor]:
        found = {f"{block}.{name}": state[name] for name in ("exp_avg", "exp_avg_sq")}
        if len(self.blocks[block]) > 1:
            for name in ("GG", "Q"):
                found.update({f"{block}.{name}.{j}": matrix for j, matrix in enumerate(state[name])})
        return found
