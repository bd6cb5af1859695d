"""The mean square of every term along a fit, thinned out where it gets long.

Each stage keeps at most `LIMIT` records and its last one: where there are more, every second is dropped, and from then
on only every second is taken. The clock is kept apart, since all else is the same in every run of one experiment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

LIMIT = 1000


@dataclass
class Segment:
    """The records of one stage.

    Attributes:
        stage: its name.
        stride: looks from one record to the next.
        offered: looks so far.
        steps: of the whole fit, at each record.
        values: per record (T, S): mean squares of the terms, by seed.
        clock: seconds since the fit began; differs from run to run.
    """

    stage: str
    stride: int = 1
    offered: int = 0
    steps: list[int] = field(default_factory=list)
    values: list[Tensor] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)

    def _thin(self) -> None:
        self.steps, self.values, self.clock = self.steps[::2], self.values[::2], self.clock[::2]
        self.stride *= 2


@dataclass
class History:
    """All stages.

    Attributes:
        terms: their names, in the order of the values.
        segments: by stage.
        limit: the most records of a stage.
    """

    terms: tuple[str, ...]
    segments: list[Segment] = field(default_factory=list)
    limit: int = LIMIT

    def begin(self, stage: str) -> None:
        """The records that follow are of this stage."""
        self.segments.append(Segment(stage))

    def record(self, step: int, squares: Mapping[str, Tensor], seconds: float, last: bool = False) -> None:
        """Offer a look; it is kept if the stride says so, or if it is the last one of its stage."""
        segment = self.segments[-1]
        due = segment.offered % segment.stride == 0
        segment.offered += 1
        if not (due or last):
            return
        segment.steps.append(step)
        segment.values.append(torch.stack([squares[name].detach().cpu() for name in self.terms]))
        segment.clock.append(seconds)
        if len(segment.steps) > self.limit and not last:
            segment._thin()

    @property
    def steps(self) -> Tensor:
        """(n,)."""
        return torch.tensor([step for segment in self.segments for step in segment.steps], dtype=torch.int64)

    @property
    def values(self) -> Tensor:
        """(n, T, S)."""
        return torch.stack([value for segment in self.segments for value in segment.values])

    @property
    def clock(self) -> Tensor:
        """(n,), seconds."""
        return torch.tensor([second for one in self.segments for second in one.clock], dtype=torch.float64)

    def term(self, name: str) -> Tensor:
        """(n, S) of one term."""
        return self.values[:, self.terms.index(name)]

    def stored(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """As tensors and as what JSON can hold."""
        tensors = {"values": self.values, "steps": self.steps, "clock": self.clock} if self.segments else {}
        segments = [
            {"stage": one.stage, "stride": one.stride, "offered": one.offered, "records": len(one.steps)}
            for one in self.segments
        ]
        return tensors, {"terms": list(self.terms), "segments": segments, "limit": self.limit}

    @classmethod
    def restored(cls, tensors: Mapping[str, Tensor], described: Mapping[str, Any]) -> History:
        """What `stored` gave."""
        terms, segments, limit = described["terms"], described["segments"], described["limit"]
        history, at = cls(tuple(terms), limit=limit), 0
        for one in segments:
            part = slice(at, at + one["records"])
            at = part.stop
            history.segments.append(
                Segment(
                    one["stage"],
                    one["stride"],
                    one["offered"],
                    tensors["steps"][part].tolist(),
                    list(tensors["values"][part].unbind()),
                    tensors["clock"][part].tolist(),
                )
            )
        return history
