"""A fit: stages of optimisers, one after the other, over an ensemble of seeds.

A stage begins at the best place of each seed so far. A fit goes on from its last checkpoint, where that is asked for,
and is then to the last bit the fit that was never interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor

from holosym import __version__
from holosym.errors import FitError
from holosym.fit.balance import Balance
from holosym.fit.interruption import interruptible
from holosym.fit.outcome import Outcome
from holosym.fit.progress import Progress, Silent
from holosym.fit.saving import Saver
from holosym.fit.standing import Standing
from holosym.fit.state import State
from holosym.fit.stopping import Stage, Stop
from holosym.fit.training import Training
from holosym.optimise.objective import Objective


def train(
    objective: Objective,
    stages: Sequence[Stage],
    *,
    weights: Mapping[str, float] | Balance,
    theta: Tensor,
    folder: str | Path | None,
    resume: bool = False,
    identity: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    checkpoint_every: float = 60.0,
    stop: Stop | None = None,
) -> Outcome:
    """Fit the unknowns of all seeds.

    Args:
        objective: the residuals.
        stages: the optimisers, in order.
        weights: term to weight; a term without one is held out of the loss.
        theta: (S, P), where the seeds begin; when a fit is resumed only its shape, precision and device count.
        folder: of the run; checkpoints go below it. None: no checkpoints.
        resume: go on from the last checkpoint, or begin where there is none.
        identity: what a checkpoint must agree in, such as hashes of the model and the experiment.
        progress: where to report to.
        checkpoint_every: seconds; 0: at every look.
        stop: what ends a seed.

    Returns:
        The best unknowns by seed, and how it went. The objective is left with what it remembers of them.

    Raises:
        FitError: for terms that do not exist, or where no seed has finite residuals at the start.
        CheckpointError: for a checkpoint of something else, or none that is whole.
        OutputError: for a folder that cannot be written, a full disk.
    """
    if not stages:
        raise FitError("the fit has no stage", mend="name at least one optimiser")
    shown = progress or Silent()
    belongs = {**(identity or {}), **_identity(stages, theta)}
    saver = Saver(None if folder is None else Path(folder), belongs, checkpoint_every, shown.say)
    balance = weights if isinstance(weights, Balance) else Balance(weights, every=0)
    try:
        state = saver.resume(theta.device) if resume else None
        if state is None:
            state = State.new(theta, objective.memory(), list(balance.weights))
            saver.begin(state)
        else:
            _go_on(state, stages, shown)
        training = Training(Standing(objective, balance, state), list(stages), stop or Stop(), saver, shown)
        with interruptible(shown.say) as interruption:
            interrupted = training.run(interruption)
    finally:
        shown.close()
    return training.outcome(interrupted)


def _go_on(state: State, stages: Sequence[Stage], shown: Progress) -> None:
    """Where stages may take more steps than when the checkpoint was written, the one that is over last takes them."""
    if state.reopen([stage.steps for stage in stages]):
        shown.say(f"{stages[state.stage].name} goes on after its {state.step} steps")
    for stage, ended in zip(stages, state.ended, strict=False):
        if "steps" in ended.reasons and ended.steps != stage.steps:
            shown.say(
                f"{stage.name} was over after {ended.steps} steps: that it may take {stage.steps} changes nothing"
            )
    if state.stage == len(stages):
        shown.say("this fit is complete: nothing is left to do")


def _identity(stages: Sequence[Stage], theta: Tensor) -> dict[str, str]:
    """What every checkpoint must agree in."""
    return {
        "version of holosym": __version__,
        "precision": str(theta.dtype),
        "number of unknowns": str(theta.shape[1]),
        "number of seeds": str(theta.shape[0]),
        "list of stages": ", ".join(stage.name for stage in stages),
    }
