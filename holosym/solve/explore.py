"""How a family is found: the first state, its sweep, the branches that leave on the way."""

from __future__ import annotations

import math
from dataclasses import replace

from holosym.errors import SolveError
from holosym.solve.arclength import begin
from holosym.solve.bifurcation import Mode, leave, modes, pinned, symmetric
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.family import Branch, Family, Point, Progress, Special, swept_value
from holosym.solve.names import catalogue, gauge_fields
from holosym.solve.path import Path, Step, sweep
from holosym.solve.request import Request
from holosym.solve.sanity import require_sane
from holosym.solve.seed import first
from holosym.solve.settings import Settings
from holosym.solve.sound import sound_and_law
from holosym.solve.state import State
from holosym.solve.trace import Traced, follow_arc, trace
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
        self.family, self.progress = family, progress
        self.names = catalogue(settings.package)
        self.total = 1 if request.sweep is None else request.sweep.count
        self.asked: dict[float, float] = {}
        self.done = 0
        self.label = "normal"

    # ---- the plan -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Everything."""
        tolerance = self.request.tolerance
        able = any(one.field and one.value == 0 for one in self.settings.conditions)
        settings, values = self._start()
        longest = _FINE if able and self.request.branch != "normal" else _COARSE
        home, trail = first(self.problem, settings, tolerance, longest)
        require_sane(home, trail[-1])
        kept = symmetric(home, trail[-1])
        original = replace(home, conditions=settings.conditions)
        early = modes(original, trail) if kept and self.request.branch != "normal" else []
        if values is None:
            self._told(home, trail[-1], self._branch("normal"))
            for mode in early:
                self._bifurcation(original, mode)
            for mode in early[:1]:
                self._condensed(original, mode, [1.0])
            return
        path = sweep(self.problem, settings.conditions, bool(self.request.sweep and self.request.sweep.log), tolerance)
        goals = [math.log(abs(v)) if self.request.sweep and self.request.sweep.log else v for v in values]
        self.asked = dict(zip(goals, values, strict=True))
        normal = pinned(path, trail[-1]) if kept else path
        start = [Step(goals[0], trail[-1].unknowns, trail[-1].residual)]
        found = self._traced("normal", normal, start, goals)
        late = modes(path, found.trail) if kept and self.request.branch != "normal" else []
        for mode in early:
            self._bifurcation(original, mode)
        for mode in late:
            self._bifurcation(path, mode)
        if early:
            reached = self._condensed(original, early[0], [1.0], keep=False)
            if reached is not None:
                begin = [Step(goals[0], reached.unknowns, reached.residual)]
                self._traced(f"condensed {early[0].field}", path, begin, goals)
        elif late:
            self._condensed(path, late[0], goals)

    def _start(self) -> tuple[Settings, list[float] | None]:
        """The settings of the first state, and the swept values in the order in which they are visited."""
        asked = self.request.sweep
        if asked is None:
            return self.settings, None
        values = asked.values()
        first_condition = self.settings.conditions[0]
        if self._far_first(values):
            values = values[::-1]
        conditions = (replace(first_condition, value=values[0]), *self.settings.conditions[1:])
        return replace(self.settings, conditions=conditions), values

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

    def _branch(self, label: str) -> Branch:
        branch = Branch(label)
        self.family.branches.append(branch)
        return branch

    def _traced(self, label: str, path: Path, start: list[Step], goals: list[float]) -> Traced:
        self.label = label
        found = trace(path, start, goals, self._count)
        self._keep(label, path, found, goals)
        return found

    def _keep(self, label: str, path: Path, found: Traced, goals: list[float]) -> None:
        for i, steps in enumerate(found.segments):
            branch = self._branch(label if i == 0 else f"{label} {i + 1}")
            for step in sorted(steps, key=lambda step: goals.index(step.x)):
                self._told(path, step, branch)
        for fold in found.folds:
            value = swept_value(path, Step(fold.x, fold.unknowns, 0.0))
            name = path.conditions[0].name
            text = f"turning point of the {label} branch at {name} = {value:.10g}"
            self.family.special.append(Special("fold", name, value, text))
        missing = [goal for goal in goals if goal not in {step.x for steps in found.segments for step in steps}]
        if missing and label == "normal":
            self.family.failure = self._absent(path, found, missing[0])
        elif found.failure is not None:
            self._stopped(path, found)
            self.family.failure = self.family.failure or found.failure

    def _absent(self, path: Path, found: Traced, goal: float) -> SolveError:
        """Why a value of the sweep has no state, and which values have."""
        asked, name = path.describe(goal), path.conditions[0].name
        low, high = sorted(swept_value(path, Step(x, found.trail[-1].unknowns, 0.0)) for x in (found.low, found.high))
        if found.folds:
            turns = ", ".join(path.describe(fold.x) for fold in found.folds)
            return SolveError(
                f"{asked} is not on this branch: it exists for {low:.6g} <= {name} <= {high:.6g}, "
                f"with a turning point at {turns}",
                mend="sweep within this range; the points on both sides of the turning point are kept",
            )
        reason = found.failure.message if found.failure else "the branch ends"
        self._stopped(path, found)
        return SolveError(
            f"{asked} was not reached: the branch was followed for {low:.6g} <= {name} <= {high:.6g}; {reason}",
            mend=found.failure.mend if found.failure else "take smaller steps",
        )

    def _stopped(self, path: Path, found: Traced) -> None:
        last = found.trail[-1]
        reason = found.failure.message if found.failure else "the branch ends"
        name = path.conditions[0].name
        text = f"stopped at {path.describe(last.x)}: {reason}"
        self.family.special.append(Special("stopped", name, swept_value(path, last), text))

    def _bifurcation(self, path: Path, mode: Mode) -> None:
        state = path.state(mode.step)
        ratio = [name for name in ("T", *(mu for mu, _ in gauge_fields(self.settings.package))) if name in self.names]
        values = [float(self.names[name].function(state.scalars)) for name in ratio[:2]]
        text = f"zero mode of {mode.field} at {path.describe(mode.step.x)}"
        if len(values) == 2 and values[1]:
            text += f" (T/{ratio[1]} = {values[0] / values[1]:.10g})"
        name = path.conditions[0].name
        self.family.special.append(Special("bifurcation", name, swept_value(path, mode.step), text))

    def _condensed(self, path: Path, mode: Mode, goals: list[float], keep: bool = True) -> Step | None:
        """The branch that leaves at a mode, through the goals on it; the last step, if it has one."""
        label = f"condensed {mode.field}"
        size = max(abs(goals[-1] - goals[0]), 1e-2 * abs(mode.step.x)) or 1.0
        try:
            (_, near), (_, far) = leave(path, mode, size)
        except SolveError as error:
            self.family.failure = self.family.failure or error
            return None
        ahead = far.step.x - mode.step.x
        wanted = sorted((x for x in goals if (x - far.step.x) * ahead > 0), reverse=ahead < 0)
        found = Traced(trail=[near.step, far.step], low=mode.step.x, high=mode.step.x)
        if wanted:
            found = trace(path, [near.step, far.step], wanted, self._count)
        else:
            arc, distance = begin(path, near.step, far.step, size)
            follow_arc(path, found, arc, distance, goals, self._count)
        if keep:
            self._keep(label, path, found, goals)
        steps = [step for steps in found.segments for step in steps]
        if not keep and not steps and found.failure is not None:
            self._stopped(path, found)
        return steps[-1] if steps else None

    # ---- points -------------------------------------------------------------------------------------------------

    def _count(self, step: Step) -> None:
        self.done += 1
        self.progress(self.label, min(self.done, self.total), self.total)

    def _told(self, path: Path, step: Step, branch: Branch) -> None:
        state = path.state(step)
        view = self.settings.output.view(state.scalars)
        scale = float(self.settings.output.of(state.scalars))
        values = {name: float(one.function(view)) for name, one in self.names.items()}
        sound, law = sound_and_law(path, step)
        swept = math.nan
        if self.request.sweep is not None:
            swept = self.asked.get(step.x, swept_value(path, step))
        branch.points.append(Point(state, scale, values, sound, None, step.residual, swept, law))

    def finish(self) -> None:
        """Order, free energies, the first law's number."""
        family = self.family
        if self.request.branch == "condensed":
            family.branches = [one for one in family.branches if one.label.startswith("condensed")]
        family.branches = [branch for branch in family.branches if branch.points]
        points = [point for branch in family.branches for point in branch.points]
        laws = [point.first_law for point in points if math.isfinite(point.first_law)]
        family.first_law = max(laws, default=math.nan)
        asked = self.request.sweep
        if asked is not None:
            for branch in family.branches:
                branch.points.sort(key=lambda point: point.swept, reverse=asked.stop < asked.start)
        by_value: dict[str, list[Point]] = {}
        for point in points:
            by_value.setdefault(f"{point.swept:.12g}", []).append(point)
        for group in by_value.values():
            energies = [self._free_energy(point) for point in group]
            for point, energy in zip(group, energies, strict=True):
                if len(group) > 1 and all(math.isfinite(e) for e in energies):
                    point.dominant = energy == min(energies)

    def _free_energy(self, point: Point) -> float:
        said = " ".join([*self.request.settings, *self.request.relations])
        value = point.values.get("omega", math.nan)
        for mu, rho in gauge_fields(self.settings.package):
            if rho in said and mu not in said:
                value += point.values[mu] * point.values[rho]
        return value
