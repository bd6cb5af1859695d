"""A fit: stages of optimisers, one after the other, over an ensemble of seeds.

Every `watch` steps the trainer looks: it evaluates all terms, keeps the best place of each seed, corrects balanced
weights, ends the seeds that have had enough, and saves. What it decides depends on steps and values alone, never on
the clock, so that a fit resumed from a checkpoint is to the last bit the fit that was never interrupted.
A stage begins at the best place of each seed so far.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from holosym import __version__
from holosym.errors import FitError
from holosym.fit.balance import Balance
from holosym.fit.guard import Guard, numbered
from holosym.fit.history import History
from holosym.fit.interruption import Interruption, interruptible
from holosym.fit.judging import judge, look_at
from holosym.fit.outcome import Outcome
from holosym.fit.progress import Progress, Silent
from holosym.fit.saving import Saver
from holosym.fit.seeds import choose, choose_all, copied
from holosym.fit.state import FINAL, Ended, State
from holosym.fit.stopping import Stage, Stagnation, Stop, check_terms
from holosym.optimise.objective import Objective, Step, Weighted, mean_square, total


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
    belongs = {
        **(identity or {}),
        "version of holosym": __version__,
        "precision": str(theta.dtype),
        "number of unknowns": str(theta.shape[1]),
        "number of seeds": str(theta.shape[0]),
        "list of stages": ", ".join(stage.name for stage in stages),
    }
    saver = Saver(None if folder is None else Path(folder), belongs, checkpoint_every, shown.say)
    balance = weights if isinstance(weights, Balance) else Balance(weights, every=0)
    try:
        state = saver.resume(theta.device) if resume else None
        if state is None:
            state = State.new(theta, objective.memory(), list(balance.weights))
            saver.begin(state)
        elif state.stage == len(stages):
            shown.say("this fit is complete: nothing is left to do")
        training = _Training(objective, list(stages), balance, stop or Stop(), state, saver, shown)
        with interruptible(shown.say) as interruption:
            interrupted = training.run(interruption)
    finally:
        shown.close()
    return training.outcome(interrupted)


class _Training:
    """The state of a fit, and the loop that moves it."""

    def __init__(
        self,
        objective: Objective,
        stages: list[Stage],
        balance: Balance,
        stop: Stop,
        state: State,
        saver: Saver,
        progress: Progress,
    ) -> None:
        self.objective, self.stages, self.balance, self.stop = objective, stages, balance, stop
        self.state, self.saver, self.progress = state, saver, progress
        self.begun = time.monotonic() - state.seconds
        if state.begun:
            objective.restore(state.here.memory)

    def run(self, interruption: Interruption) -> bool:
        """All stages that are left. Returns whether it was interrupted."""
        while self.state.stage < len(self.stages):
            stage = self.stages[self.state.stage]
            if not self.state.begun:
                self._begin(stage)
            if self._steps(stage, interruption):
                return True
            self._end(stage)
        return False

    def outcome(self, interrupted: bool) -> Outcome:
        """What has been reached."""
        state = self.state
        self.objective.restore(state.best.memory)
        return Outcome(
            best=state.best.theta,
            value=state.best_value,
            step=state.best_step,
            squares=state.best.squares,
            last=state.here.theta,
            weights=self._weights(),
            history=state.history,
            ended=tuple(state.ended),
            steps=state.total,
            messages=tuple(state.messages),
            interrupted=interrupted,
            checkpoint=self.saver.newest,
            seconds=state.seconds,
        )

    def _begin(self, stage: Stage) -> None:
        """The first look of a stage, at the best places so far."""
        state = self.state
        state.here = state.best.copy()
        state.reasons = self._ended_for_good()
        seeds = state.active
        self.objective.restore(state.here.memory)
        self._evaluate()
        if state.stage == 0:
            check_terms(state.here.squares, self.balance.weights, self.stop)
            state.history = History(tuple(state.here.squares))
            state.best.squares = dict(state.here.squares)
        bad = seeds & ~self._loss().isfinite()
        if bool(bad.any()):
            self._not_finite(bad, stage)
        state.optimiser = stage.optimiser.start(state.here.theta)
        state.rollbacks = torch.zeros_like(state.rollbacks)
        state.falling = Stagnation.new(len(seeds), state.here.theta)
        state.validating = Stagnation.new(len(seeds), state.here.theta)
        state.step, state.begun = 0, True
        state.history.begin(stage.name)
        self._judge(stage)

    def _steps(self, stage: Stage, interruption: Interruption) -> bool:
        """The steps of a stage that are left. Returns whether it was interrupted."""
        state = self.state
        guard = Guard.at(state)
        problem = Weighted(self.objective, self._weights())
        notes: set[str] = set()
        while not self._over(stage):
            step = stage.optimiser.step(state.here.theta, state.optimiser, problem)
            self._adopt(step)
            if step.note and step.note not in notes:
                notes.add(step.note)
                self._say(f"{stage.name}, step {state.step}: {step.note}")
            # One number tells of theta and loss: this is asked at every step.
            sound = (state.here.theta.sum(dim=-1) + step.loss).isfinite()
            if not bool(sound.all()) and bool((bad := state.active & ~sound).any()):
                guard.roll_back(bad, state, self.objective, stage, self._say)
            if state.step % stage.watch == 0 or self._over(stage):
                self._look(stage, guard)
                guard = Guard.at(state)
                problem = Weighted(self.objective, self._weights())
                if interruption.asked:
                    self._save()
                    return True
                if self.saver.due():
                    self._save()
        return False

    def _end(self, stage: Stage) -> None:
        state = self.state
        state.leave(state.active, "steps")
        state.ended.append(Ended(stage.name, state.step, list(state.reasons)))
        state.stage, state.begun = state.stage + 1, False
        self._save()

    def _look(self, stage: Stage, guard: Guard) -> None:
        """Evaluate all terms here; judge what they say."""
        state = self.state
        self._evaluate()
        bad = state.active & ~self._loss().isfinite()
        if bool(bad.any()):
            guard.roll_back(bad, state, self.objective, stage, self._say)
        self._judge(stage)
        if self.balance.every and state.total - state.balanced >= self.balance.every:
            state.factors = self.balance.corrected(state.factors, self.objective, state.here.theta)
            state.here.memory = copied(self.objective.memory())
            state.balanced = state.total

    def _judge(self, stage: Stage) -> None:
        """Judge what was seen, record it and show it."""
        state = self.state
        loss = self._loss()
        judge(state, stage, self.stop, loss)
        over = self._over(stage)
        state.seconds = time.monotonic() - self.begun
        state.history.record(state.total, state.here.squares, state.seconds, last=over)
        if over or state.step == 0 or self.progress.due():
            self.progress.show(look_at(state, stage, loss, over))

    def _adopt(self, step: Step) -> None:
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

    def _over(self, stage: Stage) -> bool:
        return self.state.step >= stage.steps or self.state.all_left

    def _evaluate(self) -> None:
        """All terms at the present place."""
        here = self.state.here
        with torch.no_grad():
            here.squares = {name: mean_square(rows) for name, rows in self.objective.residuals(here.theta).items()}
        here.memory = copied(self.objective.memory())

    def _loss(self) -> Tensor:
        """(S,), with the weights as they were given: those that are balanced cannot be compared over time."""
        return total(self.state.here.squares, self.balance.weights)

    def _weights(self) -> dict[str, Tensor]:
        return {name: weight * self.state.factors[name] for name, weight in self.balance.weights.items()}

    def _ended_for_good(self) -> list[str]:
        """By seed, a reason that ended it in an earlier stage for all of them."""
        state = self.state
        last = state.ended[-1].reasons if state.ended else state.reasons
        return [reason if reason in FINAL else "" for reason in last]

    def _not_finite(self, bad: Tensor, stage: Stage) -> None:
        """Seeds whose residuals are not finite before the first step of a stage."""
        squares = self.state.here.squares
        terms = [name for name in self.balance.weights if not bool(squares[name][bad].isfinite().all())]
        if self.state.stage == 0 and bool(bad.all()):
            why = getattr(self.objective, "message", "")  # of a solver in the loop
            raise FitError(
                f"the residuals of {', '.join(terms)} are not finite where the fit begins, for any seed"
                + (f": {why}" if why else ""),
                mend="begin at values for which the equations can be solved, or with a smaller spread",
            )
        self._say(f"{stage.name}: {numbered(bad)}: {', '.join(terms)} not finite at the start; left out")
        self.state.leave(bad, "start")

    def _save(self) -> None:
        self.state.seconds = time.monotonic() - self.begun
        self.saver.save(self.state)

    def _say(self, message: str) -> None:
        self.state.messages.append(message)
        self.progress.say(message)
