"""Values that are not finite: the seed that met them goes back to its last good place, with smaller steps.

A Newton solve that fails gives NaN, as does a step too far. The other seeds go on as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from holosym.fit.seeds import choose_all, copied
from holosym.fit.state import Place, State
from holosym.fit.stopping import Stage
from holosym.optimise.objective import Objective

MOST = 10
"""Rollbacks of a seed in one stage."""


@dataclass
class Guard:
    """The last place where all active seeds were finite.

    Attributes:
        place: there.
        optimiser: its state there, with the smaller steps of all rollbacks since.
    """

    place: Place
    optimiser: dict[str, Tensor]

    @classmethod
    def at(cls, state: State) -> Guard:
        """Take the present place for good."""
        return cls(state.here.copy(), copied(state.optimiser))

    def roll_back(
        self, bad: Tensor, state: State, objective: Objective, stage: Stage, say: Callable[[str], None]
    ) -> None:
        """Take the seeds `bad` (S,) back.

        The smaller steps are noted at the good place too, so that a second failure from there makes them smaller again.
        """
        first = int(state.rollbacks.sum()) == 0
        met, state.here = state.here, self.place.copy()
        met.memory = objective.memory()
        state.here.take(~bad, met)
        objective.restore(state.here.memory)
        self.optimiser = stage.optimiser.retreat(self.optimiser, bad)
        state.optimiser = choose_all(~bad, state.optimiser, self.optimiser)
        state.rollbacks = state.rollbacks + bad
        if first:
            say(
                f"{stage.name}, step {state.step}: {numbered(bad)} met values that are not finite; "
                "taken back to the last good state, with smaller steps (said once a stage)"
            )
        spent = bad & (state.rollbacks >= MOST)
        if bool(spent.any()):
            say(f"{stage.name}, step {state.step}: {numbered(spent)} taken back {MOST} times: out of this stage")
            state.leave(spent, "rollbacks")


def numbered(seeds: Tensor) -> str:
    """Such as "seeds 0, 3"."""
    numbers: list[int] = seeds.nonzero().flatten().tolist()
    return f"seed{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
