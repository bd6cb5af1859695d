"""What a fit gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from holosym.fit.history import History
from holosym.fit.state import REASONS, Ended


@dataclass(frozen=True)
class Outcome:
    """The end of a fit, or where it was interrupted.

    Attributes:
        best: (S, P), the best unknowns of each seed by the criterion: the held-out term where there is one, else the
            loss; of a seed that reached the noise level without a held-out term, those it stopped at.
        value: (S,), the criterion there; infinite for a seed that was finite nowhere.
        step: (S,), of the whole fit, where it was found.
        squares: term to its mean square (S,) there.
        last: (S, P), the last unknowns.
        weights: term to its last weight (S,).
        history: of all terms, by seed.
        ended: the stages that are done, each with the reasons of the seeds.
        steps: of all stages.
        messages: what was said on the way.
        interrupted: whether someone stopped it; then it may be resumed.
        checkpoint: the last one; None without a folder.
        seconds: on the clock, over all resumed parts.
    """

    best: Tensor
    value: Tensor
    step: Tensor
    squares: dict[str, Tensor]
    last: Tensor
    weights: dict[str, Tensor]
    history: History
    ended: tuple[Ended, ...]
    steps: int
    messages: tuple[str, ...]
    interrupted: bool
    checkpoint: Path | None
    seconds: float

    @property
    def champion(self) -> int:
        """The seed with the least criterion, among those that reached the noise level where there are any."""
        at_noise = [any(stage.reasons[seed] == "noise" for stage in self.ended) for seed in range(len(self.value))]
        if not any(at_noise):
            return int(self.value.argmin())
        return int(torch.where(torch.tensor(at_noise, device=self.value.device), self.value, torch.inf).argmin())

    def sentences(self) -> list[str]:
        """How each stage ended, for people."""
        found = []
        for one in self.ended:
            counts = {reason: one.reasons.count(reason) for reason in dict.fromkeys(one.reasons)}
            several = len(one.reasons) > 1
            causes = [
                f"{REASONS[key]} ({n} of {len(one.reasons)} seeds)" if several else REASONS[key]
                for key, n in counts.items()
            ]
            found.append(f"{one.stage}, {one.steps} steps: {'; '.join(causes)}")
        return found
