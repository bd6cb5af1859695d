r"""Adam, of many seeds at once, with a rate that falls over the run.

With g the gradient of a seed's loss (Kingma and Ba 2014),

    m <- b1 m + (1 - b1) g,    v <- b2 v + (1 - b2) g^2,
    theta <- theta - rate_k  m/(1 - b1^k) / ( sqrt(v/(1 - b2^k)) + floor ).

The rate rises linearly over the first `warmup` steps; then, with t in [0, 1] the part of the other steps that is done,
it is rate (final/rate)^t, or final + (rate - final)(1 + cos pi t)/2, or stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from holosym.optimise.objective import Step, Weighted

Shape = Literal["constant", "exponential", "cosine"]
_RETREAT = 0.3


@dataclass(frozen=True)
class Schedule:
    """The rate of a step.

    Attributes:
        rate: after the warm-up.
        final: at the end.
        steps: until it is reached; it stays afterwards.
        shape: of the way from one to the other; "constant" ignores `final` and `steps`.
        warmup: steps until the rate is reached.
    """

    rate: float = 1e-3
    final: float = 1e-5
    steps: int = 1
    shape: Shape = "constant"
    warmup: int = 0

    def at(self, count: Tensor) -> Tensor:
        """The rates after `count` steps, of the same shape."""
        rise = ((count + 1) / self.warmup).clamp(max=1.0) if self.warmup else torch.ones_like(count)
        if self.shape == "constant":
            return rise * self.rate
        done = ((count - self.warmup) / max(self.steps - self.warmup, 1)).clamp(0.0, 1.0)
        if self.shape == "exponential":
            return rise * self.rate * torch.exp(done * math.log(self.final / self.rate))
        return rise * (self.final + (self.rate - self.final) * (1 + torch.cos(math.pi * done)) / 2)


@dataclass(frozen=True)
class Adam:
    """The optimiser. Its state, by seed: both means, the count of steps, the factor left after retreats, the last rate.

    Attributes:
        schedule: of the rate.
        momentum: b1.
        memory: b2.
        floor: keeps a vanishing gradient from dividing zero by zero; far below the usual 1e-8, since gradients are
            that small near the end of a fit in double precision.
        name: as reports say it.
    """

    schedule: Schedule = Schedule()
    momentum: float = 0.9
    memory: float = 0.999
    floor: float = 1e-15
    name: str = "adam"

    def start(self, theta: Tensor) -> dict[str, Tensor]:
        """No gradient seen yet."""
        none = theta.new_zeros(theta.shape[0])
        first = self.schedule.at(none)
        return {
            "mean": torch.zeros_like(theta),
            "square": torch.zeros_like(theta),
            "count": none,
            "factor": none + 1.0,
            "rate": first,
        }

    def step(self, theta: Tensor, state: dict[str, Tensor], problem: Weighted) -> Step:
        """One step; `loss` is that of the theta given."""
        loss, gradient = problem.gradient(theta)
        rate = self.schedule.at(state["count"]) * state["factor"]
        count = state["count"] + 1
        mean = torch.lerp(state["mean"], gradient, 1 - self.momentum)
        square = torch.addcmul(self.memory * state["square"], gradient, gradient, value=1 - self.memory)
        along = mean * (rate / (1 - self.momentum**count))[:, None]
        scale = square.sqrt() * (1 - self.memory**count).rsqrt()[:, None] + self.floor
        moved = torch.addcdiv(theta, along, scale, value=-1.0)
        new = {"mean": mean, "square": square, "count": count, "factor": state["factor"], "rate": rate}
        return Step(moved, new, loss, torch.ones_like(loss, dtype=torch.bool))

    def retreat(self, state: dict[str, Tensor], seeds: Tensor) -> dict[str, Tensor]:
        """A third of the rate from now on, and the direction that led astray forgotten."""
        factor = torch.where(seeds, _RETREAT * state["factor"], state["factor"])
        mean = torch.where(seeds[:, None], torch.zeros_like(state["mean"]), state["mean"])
        return {**state, "factor": factor, "mean": mean}
