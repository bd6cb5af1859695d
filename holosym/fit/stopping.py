"""When a seed has had enough.

Data with errors are fitted as well as they can be where chi^2 per point is one: below it noise is fitted (Morozov's
discrepancy principle). A term held out of the loss says the same by its own best value, which stops getting better.
And an optimiser that gains less than a part `gain` of the loss in `window` steps will not gain in the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.errors import FitError
from holosym.optimise.objective import Optimiser


@dataclass(frozen=True)
class Stage:
    """One optimiser for some steps.

    Attributes:
        optimiser: the rule.
        steps: at most.
        tolerance: a seed is done with the stage where its loss is at most this.
        gain: a seed is done where its loss fell by less than this part of itself over `window` steps.
        window: of `gain`; 0: do not ask.
        name: as reports say it.
        watch: steps from one look at all terms to the next; a look costs one evaluation of the residuals.
    """

    optimiser: Optimiser
    steps: int
    tolerance: float = 0.0
    gain: float = 0.0
    window: int = 0
    name: str = "stage"
    watch: int = 1


@dataclass(frozen=True)
class Stop:
    """What ends the fit of a seed, whatever the stage.

    Attributes:
        noise: term to the mean square that is good enough: 1 for data with errors. A seed is fitted where all of them
            are reached; terms that must hold as well, such as equations, are named with a level of their own.
        validation: a term held out of the loss, by which the best state is chosen; None: by the loss.
        beside: terms of the loss that are measured as it is; the worst of all counts, because few points that were held
            out may be met by chance.
        patience: steps of a stage without a better value of it before the seed leaves the stage; 0: stay.
    """

    noise: Mapping[str, float] = field(default_factory=dict)
    validation: str | None = None
    patience: int = 0
    beside: tuple[str, ...] = ()


class Stagnation:
    """For each seed, the value that was last worth the name of progress, and the step it was seen at.

    Attributes:
        mark: (S,), in the beginning infinite.
        since: (S,) integer steps.
    """

    def __init__(self, mark: Tensor, since: Tensor) -> None:
        self.mark = mark
        self.since = since

    @classmethod
    def new(cls, seeds: int, like: Tensor) -> Stagnation:
        """Nothing seen yet."""
        return cls(like.new_full((seeds,), torch.inf), torch.zeros(seeds, dtype=torch.int64, device=like.device))

    def see(self, value: Tensor, step: int, gain: float = 0.0) -> None:
        """Move the marks of the seeds whose value (S,) is below (1 - gain) of theirs."""
        better = value < (1 - gain) * self.mark
        self.mark = torch.where(better, value, self.mark)
        self.since = torch.where(better, torch.full_like(self.since, step), self.since)

    def stuck(self, step: int, window: int) -> Tensor:
        """(S,): whether the mark is `window` steps old; never for a window of 0."""
        return (step - self.since >= window) & (window > 0)


def fitted(squares: Mapping[str, Tensor], stop: Stop) -> Tensor | None:
    """(S,): where all terms with a level are at or below it; None without such terms."""
    if not stop.noise:
        return None
    return torch.stack([squares[name] <= level for name, level in stop.noise.items()]).all(dim=0)


def check_terms(known: Mapping[str, Tensor], weights: Mapping[str, float], stop: Stop) -> None:
    """Names of terms that the objective does not have, or that cannot be.

    Raises:
        FitError: one message for the first of them.
    """
    asked = {"weights": list(weights), "the stop at the noise": list(stop.noise)}
    if stop.validation is not None:
        asked["validation"] = [stop.validation]
    for where, names in asked.items():
        for name in names:
            if name not in known:
                raise FitError(f"{where}: this fit has no term {name!r}", mend=f"use {_listed(known)}")
    if not weights:
        raise FitError("no term has a weight: there is nothing to lower", mend=f"give a weight to {_listed(known)}")
    if stop.validation in weights:
        raise FitError(
            f"the term {stop.validation!r} is in the loss and cannot validate it",
            mend="hold it out: take away its weight",
        )
    for name, weight in weights.items():
        if not weight > 0 or weight == float("inf"):
            mend = "weights are positive numbers; a term that shall not count has none"
            raise FitError(f"the weight of {name!r} is {weight}", mend=mend)


def _listed(names: Mapping[str, Tensor]) -> str:
    return "one of " + ", ".join(sorted(names))
