"""The loop of a fit: stage after stage, step after step, with a look every `watch` steps.

A look evaluates all terms, keeps the best place of each seed, corrects balanced weights, ends the seeds that have had
enough, and saves. What it decides depends on steps and values alone, never on the clock, so that a fit resumed from a
checkpoint is to the last bit the fit that was never interrupted.
"""

from __future__ import annotations

import time

from holosym.fit.guard import Guard
from holosym.fit.interruption import Interruption
from holosym.fit.judging import judge, look_at
from holosym.fit.outcome import Outcome
from holosym.fit.progress import Progress
from holosym.fit.saving import Saver
from holosym.fit.stage_start import begin
from holosym.fit.standing import Standing
from holosym.fit.state import Ended
from holosym.fit.stopping import Stage, Stop


class Training:
    """The loop.

    Args:
        standing: where the fit stands; moved by the loop.
        stages: the optimisers, in order.
        stop: what ends a seed.
        saver: of its checkpoints.
        progress: where to report to.
    """

    def __init__(self, standing: Standing, stages: list[Stage], stop: Stop, saver: Saver, progress: Progress) -> None:
        self.standing, self.stages, self.stop = standing, stages, stop
        self.state, self.saver, self.progress = standing.state, saver, progress
        self._begun = time.monotonic() - self.state.seconds
        if self.state.begun:
            standing.objective.restore(self.state.here.memory)

    def run(self, interruption: Interruption) -> bool:
        """All stages that are left. Returns whether it was interrupted."""
        while self.state.stage < len(self.stages):
            stage = self.stages[self.state.stage]
            if not self.state.begun:
                begin(stage, self.standing, self.stop, self._say)
                self._judge(stage)
            if self._steps(stage, interruption):
                return True
            self._end(stage)
        return False

    def outcome(self, interrupted: bool) -> Outcome:
        """What has been reached."""
        state = self.state
        self.standing.objective.restore(state.best.memory)
        return Outcome(
            best=state.best.theta,
            value=state.best_value,
            step=state.best_step,
            squares=state.best.squares,
            last=state.here.theta,
            weights=self.standing.weights(),
            history=state.history,
            ended=tuple(state.ended),
            steps=state.total,
            messages=tuple(state.messages),
            interrupted=interrupted,
            checkpoint=self.saver.newest,
            seconds=state.seconds,
        )

    def _steps(self, stage: Stage, interruption: Interruption) -> bool:
        """The steps of a stage that are left. Returns whether it was interrupted."""
        state = self.state
        guard = Guard.at(state)
        problem = self.standing.weighted()
        notes: set[str] = set()
        while not self._over(stage):
            step = stage.optimiser.step(state.here.theta, state.optimiser, problem)
            self.standing.adopt(step)
            if step.note and step.note not in notes:
                notes.add(step.note)
                self._say(f"{stage.name}, step {state.step}: {step.note}")
            # One number tells of theta and loss: this is asked at every step.
            sound = (state.here.theta.sum(dim=-1) + step.loss).isfinite()
            if not bool(sound.all()) and bool((bad := state.active & ~sound).any()):
                guard.roll_back(bad, state, self.standing.objective, stage, self._say)
            if state.step % stage.watch == 0 or self._over(stage):
                self._look(stage, guard)
                guard = Guard.at(state)
                problem = self.standing.weighted()
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
        self.standing.evaluate()
        bad = self.standing.not_finite()
        if bool(bad.any()):
            guard.roll_back(bad, self.state, self.standing.objective, stage, self._say)
        self._judge(stage)
        self.standing.correct_weights()

    def _judge(self, stage: Stage) -> None:
        """Judge what was seen, record it and show it."""
        state = self.state
        loss = self.standing.loss()
        judge(state, stage, self.stop, loss)
        over = self._over(stage)
        state.seconds = time.monotonic() - self._begun
        state.history.record(state.total, state.here.squares, state.seconds, last=over)
        if over or state.step == 0 or self.progress.due():
            self.progress.show(look_at(state, stage, loss, over))

    def _over(self, stage: Stage) -> bool:
        return self.state.step >= stage.steps or self.state.all_left

    def _save(self) -> None:
        self.state.seconds = time.monotonic() - self._begun
        self.saver.save(self.state)

    def _say(self, message: str) -> None:
        self.state.messages.append(message)
        self.progress.say(message)
