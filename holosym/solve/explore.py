"""How a family is found: the first state, its sweep, the branches that leave on the way."""

from __future__ import annotations

import math
from dataclasses import replace

from holosym.errors import SolveError
from holosym.solve.advance import solve_at
from holosym.solve.arclength import begin
from holosym.solve.bifurcation import Mode, leave, modes, pinned, require_condensed, symmetric
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.family import Family, Progress
from holosym.solve.path import Path, Step, sweep
from holosym.solve.record import Recorder
from holosym.solve.request import Request
from holosym.solve.sanity import require_sane
from holosym.solve.seed import Leg, first, onward
from holosym.solve.settings import Settings
from holosym.solve.state import State
from holosym.solve.trace import Traced, begun, follow_arc, trace
from holosym.solve.units import rescaled

_FINE, _COARSE = 0.1, 0.5


class Explorer:
    """Fills a family.

    Args:
        problem, settings, request: what is asked.
        family: where results go.
        progress: told about every state.
    """

    def __init__(
        self,
        problem: BoundaryValueProblem,
        settings: Settings,
        request: Request,
        family: Family,
        progress: Progress,
    ) -> None:
        self.problem, self.settings, self.request = problem, settings, request
        self.record = Recorder(settings, request, family, progress)

    # ---- the plan -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Everything."""
        tolerance = self.request.tolerance
        able = any(one.field and one.value == 0 for one in self.settings.conditions)
        longest = _FINE if able and self.request.branch != "normal" else _COARSE
        settings, values, legs = self._begin(tolerance, longest)
        home, trail = legs[-1]
        require_sane(home, trail[-1])
        look = self.request.branch != "normal" and bool(symmetric(home, trail[-1]))
        early = self._modes_on(legs) if look else []
        if values is None:
            self.record.told(home, trail[-1], self.record.branch("normal"))
            for path, mode in early:
                self.record.bifurcation(path, mode)
            if early:
                self._single(settings, *early[0], last=early[0][0] is home.released)
            return
        path = sweep(self.problem, settings.conditions, bool(self.request.sweep and self.request.sweep.log), tolerance)
        goals = [math.log(abs(v)) if self.request.sweep and self.request.sweep.log else v for v in values]
        self.record.asked = dict(zip(goals, values, strict=True))
        normal = pinned(path, trail[-1]) if look else path
        start = [Step(goals[0], trail[-1].unknowns, trail[-1].residual)]
        found = self._traced("normal", normal, start, goals)
        late = modes(path, found.trail) if look else []
        for place, mode in [*early, *((path, mode) for mode in late)]:
            self.record.bifurcation(place, mode)
        if early:
            reached = self._condensed(*early[0], [1.0], keep=False)
            if reached is not None:
                if early[0][0] is not home.released:
                    reached = onward(self.problem, settings, reached.unknowns, tolerance)
                begin_at = [Step(goals[0], reached.unknowns, reached.residual)]
                self._traced(f"condensed {early[0][1].field}", path, begin_at, goals)
        elif late:
            self._condensed(path, late[0], goals)

    def _modes_on(self, legs: list[Leg]) -> list[tuple[Path, Mode]]:
        """Zero modes on the way from the neutral brane, each with the path that has it."""
        found = []
        for path, trail in legs:
            released = path.released or path
            found += [(released, mode) for mode in modes(released, trail)]
        return found

    def _single(self, settings: Settings, path: Path, mode: Mode, *, last: bool) -> None:
        """The condensed state of a request without a sweep."""
        if last:
            self._condensed(path, mode, [1.0])
            return
        reached = self._condensed(path, mode, [1.0], keep=False)
        if reached is not None:
            step = onward(self.problem, settings, reached.unknowns, self.request.tolerance)
            end = sweep(self.problem, settings.conditions, False, self.request.tolerance)
            placed = Step(settings.conditions[0].value, step.unknowns, step.residual)
            require_sane(end, placed)
            self.record.told(end, placed, self.record.branch(f"condensed {mode.field}"))

    def _begin(self, tolerance: float, longest: float) -> tuple[Settings, list[float] | None, list[Leg]]:
        """The way to the first state, with the swept values in the order in which they are visited.

        A sweep begins at the end that is nearer to the neutral brane, or else at the other one.
        """
        asked = self.request.sweep
        if asked is None:
            return self.settings, None, first(self.problem, self.settings, tolerance, longest)
        values = asked.values()
        if self._far_first(values):
            values = values[::-1]
        failure: SolveError | None = None
        for order in (values, values[::-1]):
            one = replace(self.settings.conditions[0], value=order[0])
            settings = replace(self.settings, conditions=(one, *self.settings.conditions[1:]))
            try:
                return settings, order, first(self.problem, settings, tolerance, longest)
            except SolveError as error:
                failure = failure or error
        raise failure or SolveError("the sweep has no values")

    def _far_first(self, values: list[float]) -> bool:
        """Whether the sweep's last value is nearer to the neutral brane than its first."""
        fields = self.problem.fields
        scalars = State(fields, self.problem.initial()).scalars
        term = self.settings.conditions[0].term
        above, below = (float(part(rescaled(scalars, 1.0))) for part in (term.above, term.below))
        if not (math.isfinite(above) and math.isfinite(below)) or abs(below) < 1e-12 * abs(above):
            return abs(values[-1]) > abs(values[0])
        return abs(values[-1] - above / below) < abs(values[0] - above / below)

    # ---- branches -----------------------------------------------------------------------------------------------

    def _traced(self, label: str, path: Path, start: list[Step], goals: list[float]) -> Traced:
        self.record.label = label
        found = begun(start)
        whole = False
        try:
            trace(path, found, goals, self.record.count)
            whole = True
        finally:
            self.record.keep(label, path, found, goals, whole=whole)
        return found

    def _condensed(self, path: Path, mode: Mode, goals: list[float], keep: bool = True) -> Step | None:
        """The branch that leaves at a mode, through the goals on it; the last step, if it has one."""
        label = f"condensed {mode.field}"
        size = max(abs(goals[-1] - goals[0]), 1e-2 * abs(mode.step.x)) or 1.0
        try:
            (_, near), (_, far) = leave(path, mode, size)
        except SolveError as error:
            self.record.family.failure = self.record.family.failure or error
            return None
        self.record.label = label
        found = begun([near.step, far.step])
        found.saw(mode.step.x)
        whole = False
        try:
            self._away(path, mode, found, goals, size)
            whole = True
        finally:
            if keep:
                self.record.keep(label, path, found, goals, whole=whole)
        steps = [step for steps in found.segments for step in steps]
        if not keep and not steps:
            self.record.stopped(path, found)
            self.record.family.failure = self.record.family.failure or found.failure
        return steps[-1] if steps else None

    def _away(self, path: Path, mode: Mode, found: Traced, goals: list[float], size: float) -> None:
        """From a mode through the goals: first those where the field still grows like a root."""
        near, far = found.trail
        ahead = far.x - mode.step.x
        before = [x for x in goals if 0 < (x - mode.step.x) / ahead <= 1]
        for x in sorted(before, reverse=ahead < 0):
            part = math.sqrt((x - mode.step.x) / ahead)
            guess = mode.step.unknowns + part * (far.unknowns - mode.step.unknowns)
            step = solve_at(path, x, guess)
            require_condensed(path, mode, step)
            found.segments[-1].append(step)
            self.record.count(step)
        wanted = sorted((x for x in goals if (x - far.x) * ahead > 0), reverse=ahead < 0)
        if wanted:
            trace(path, found, wanted, self.record.count)
        elif not before:
            arc, distance = begin(path, near, far, size)
            follow_arc(path, found, arc, distance, goals, self.record.count)
