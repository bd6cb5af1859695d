"""How a stage begins: at the best place of each seed so far, without the seeds that ended for good or cannot begin."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from holosym.errors import FitError
from holosym.fit.guard import numbered
from holosym.fit.history import History
from holosym.fit.standing import Standing
from holosym.fit.state import FINAL, State
from holosym.fit.stopping import Stage, Stagnation, Stop, check_terms


def begin(stage: Stage, standing: Standing, stop: Stop, say: Callable[[str], None]) -> None:
    """Take the state to the start of a stage, up to the first judgement.

    Raises:
        FitError: for terms that do not exist, or where no seed has finite residuals at the start of the fit.
    """
    state, objective = standing.state, standing.objective
    state.here = state.best.copy()
    state.reasons = _ended_for_good(state)
    objective.restore(state.here.memory)
    standing.evaluate()
    if state.stage == 0:
        check_terms(state.here.squares, standing.balance.weights, stop)
        state.history = History(tuple(state.here.squares))
        state.best.squares = dict(state.here.squares)
    bad = standing.not_finite()
    if bool(bad.any()):
        _leave_out(bad, stage, standing, say)
    state.optimiser = stage.optimiser.start(state.here.theta)
    state.rollbacks = torch.zeros_like(state.rollbacks)
    state.falling = Stagnation.new(len(state.reasons), state.here.theta)
    state.validating = Stagnation.new(len(state.reasons), state.here.theta)
    state.step, state.begun = 0, True
    state.history.begin(stage.name)


def _ended_for_good(state: State) -> list[str]:
    """By seed, a reason that ended it in an earlier stage for all of them."""
    last = state.ended[-1].reasons if state.ended else state.reasons
    return [reason if reason in FINAL else "" for reason in last]


def _leave_out(bad: Tensor, stage: Stage, standing: Standing, say: Callable[[str], None]) -> None:
    """Seeds whose residuals are not finite before the first step of a stage."""
    state = standing.state
    terms = [name for name in standing.balance.weights if not bool(state.here.squares[name][bad].isfinite().all())]
    if state.stage == 0 and bool(bad.all()):
        why = getattr(standing.objective, "message", "")  # of a solver in the loop
        raise FitError(
            f"the residuals of {', '.join(terms)} are not finite where the fit begins, for any seed"
            + (f": {why}" if why else ""),
            mend="begin at values for which the equations can be solved, or with a smaller spread",
        )
    say(f"{stage.name}: {numbered(bad)}: {', '.join(terms)} not finite at the start; left out")
    state.leave(bad, "start")
