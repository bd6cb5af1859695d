"""Everything that the next step of a fit depends on, and its form on disk.

A seed is active in a stage until it has a reason to leave it; a few reasons end it for the whole fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from holosym.fit.history import History
from holosym.fit.seeds import below, choose, choose_all, copied, prefixed
from holosym.fit.stopping import Stagnation

REASONS = {
    "steps": "all its steps are done",
    "tolerance": "the loss is below the tolerance",
    "gain": "the loss falls no more",
    "noise": "the data are fitted to their errors",
    "validation": "the held-out points are fitted no better",
    "rollbacks": "it was taken back too often from values that are not finite",
    "start": "its residuals are not finite at the start",
}
FINAL = ("noise", "start")
"""Reasons that end a seed for all stages."""


@dataclass
class Place:
    """Where the seeds stand, with all that goes with it.

    Attributes:
        theta: (S, P).
        memory: of the objective.
        squares: term to mean square (S,).
    """

    theta: Tensor
    memory: dict[str, Tensor]
    squares: dict[str, Tensor]

    def copy(self) -> Place:
        """Shares nothing with this one."""
        return Place(self.theta.detach().clone(), copied(self.memory), copied(self.squares))

    def take(self, seeds: Tensor, other: Place) -> None:
        """The place of `other` for some seeds, and all that is not by seed."""
        self.theta = choose(seeds, other.theta, self.theta)
        self.memory = choose_all(seeds, other.memory, self.memory)
        self.squares = choose_all(seeds, other.squares, self.squares)

    def stored(self, prefix: str) -> dict[str, Tensor]:
        """As tensors with flat names."""
        parts = prefixed("memory", self.memory) | prefixed("squares", self.squares) | {"theta": self.theta}
        return prefixed(prefix, parts)

    @classmethod
    def restored(cls, tensors: Mapping[str, Tensor], device: torch.device) -> Place:
        """What `stored` gave, below its prefix."""
        return cls(tensors["theta"].to(device), below("memory", tensors, device), below("squares", tensors, device))


@dataclass
class Ended:
    """How a stage ended.

    Attributes:
        stage: its name.
        steps: done.
        reasons: by seed, keys of REASONS.
    """

    stage: str
    steps: int
    reasons: list[str]


@dataclass
class State:
    """The whole of a fit between two steps.

    Attributes:
        here: the present place.
        best: the best one of each seed, with `best_value` and `best_step` (S,).
        factors: term to the factor (S,) of its weight.
        history: of the terms.
        optimiser: the state of the present one.
        stage, step, total: index of the stage, steps in it, steps of the fit.
        begun: whether the stage has begun.
        reasons: by seed, why it left the stage; empty while active.
        rollbacks: (S,), of this stage.
        falling, validating: progress of the loss and of the held-out term.
        balanced: the step of the last correction of the weights.
        ended: the stages that are done.
        messages: everything said so far.
        seconds: on the clock; apart from all else, since it differs from run to run.
    """

    here: Place
    best: Place
    best_value: Tensor
    best_step: Tensor
    factors: dict[str, Tensor]
    history: History
    rollbacks: Tensor
    falling: Stagnation
    validating: Stagnation
    reasons: list[str]
    optimiser: dict[str, Tensor] = field(default_factory=dict)
    stage: int = 0
    step: int = 0
    total: int = 0
    balanced: int = 0
    begun: bool = False
    ended: list[Ended] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @classmethod
    def new(cls, theta: Tensor, memory: Mapping[str, Tensor], weights: Sequence[str]) -> State:
        """Before the first look."""
        seeds = theta.shape[0]
        here = Place(theta.detach().clone(), copied(memory), {})
        zero = torch.zeros(seeds, dtype=torch.int64, device=theta.device)
        return cls(
            here=here,
            best=here.copy(),
            best_value=theta.new_full((seeds,), torch.inf),
            best_step=zero,
            factors={name: theta.new_ones(seeds) for name in weights},
            history=History(()),
            rollbacks=zero,
            falling=Stagnation.new(seeds, theta),
            validating=Stagnation.new(seeds, theta),
            reasons=[""] * seeds,
        )

    @property
    def active(self) -> Tensor:
        """(S,)."""
        return torch.tensor([not reason for reason in self.reasons], device=self.here.theta.device)

    @property
    def all_left(self) -> bool:
        """Whether no seed is active."""
        return all(self.reasons)

    def leave(self, seeds: Tensor, reason: str) -> None:
        """The active ones among some seeds leave the stage."""
        for seed in seeds.nonzero().flatten().tolist():
            self.reasons[seed] = self.reasons[seed] or reason

    def reopen(self, steps: Sequence[int]) -> bool:
        """Goes back into the stage that is over, where only its steps had come to an end and now there are more.

        Args:
            steps: of every stage, at most.
        """
        if self.begun or not self.ended or "steps" not in self.reasons:
            return False
        if self.ended[-1].steps >= steps[self.stage - 1]:
            return False
        self.ended.pop()
        self.stage, self.begun = self.stage - 1, True
        self.reasons = ["" if reason == "steps" else reason for reason in self.reasons]
        return True

    def stored(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """As tensors and as what JSON can hold."""
        records, described = self.history.stored()
        tensors = (
            self.here.stored("here")
            | self.best.stored("best")
            | prefixed("optimiser", self.optimiser)
            | prefixed("factors", self.factors)
            | prefixed("history", records)
            | {"best_value": self.best_value, "best_step": self.best_step, "rollbacks": self.rollbacks}
        )
        for name in _STAGNATIONS:
            stagnation = getattr(self, name)
            tensors |= {f"{name}/mark": stagnation.mark, f"{name}/since": stagnation.since}
        rest = {name: getattr(self, name) for name in _PLAIN}
        return tensors, rest | {"history": described, "ended": [vars(one) for one in self.ended]}

    @classmethod
    def restored(cls, tensors: Mapping[str, Tensor], rest: Mapping[str, Any], device: torch.device) -> State:
        """What `stored` gave."""
        marks = {name: below(name, tensors, device) for name in _STAGNATIONS}
        return cls(
            here=Place.restored(below("here", tensors, device), device),
            best=Place.restored(below("best", tensors, device), device),
            optimiser=below("optimiser", tensors, device),
            factors=below("factors", tensors, device),
            history=History.restored(below("history", tensors, torch.device("cpu")), rest["history"]),
            ended=[Ended(**one) for one in rest["ended"]],
            falling=Stagnation(**marks["falling"]),
            validating=Stagnation(**marks["validating"]),
            best_value=tensors["best_value"].to(device),
            best_step=tensors["best_step"].to(device),
            rollbacks=tensors["rollbacks"].to(device),
            **{name: rest[name] for name in _PLAIN},
        )


_STAGNATIONS = ("falling", "validating")
_PLAIN = ("stage", "step", "total", "balanced", "begun", "reasons", "messages", "seconds")
