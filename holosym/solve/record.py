"""What is kept of a search: states in the user's units, special places, sentences about what was not reached."""

from __future__ import annotations

import math
import re

from holosym.errors import SolveError
from holosym.solve.advance import Unresolved
from holosym.solve.bifurcation import Mode
from holosym.solve.family import Branch, Family, Point, Progress, Special, swept_value
from holosym.solve.names import catalogue, gauge_fields
from holosym.solve.path import Path, Step
from holosym.solve.request import Request
from holosym.solve.settings import Settings
from holosym.solve.sound import sound_and_law
from holosym.solve.trace import Traced

_SAME = 1e-8


class Recorder:
    """Fills a family.

    Args:
        settings, request: what is asked.
        family: where results go.
        progress: told about every state.
    """

    def __init__(self, settings: Settings, request: Request, family: Family, progress: Progress) -> None:
        self.settings, self.request, self.family, self.progress = settings, request, family, progress
        self.names = catalogue(settings.package)
        self.total = 1 if request.sweep is None else request.sweep.count
        self.asked: dict[float, float] = {}
        self.done = 0
        self.label = "normal"

    def count(self, step: Step) -> None:
        self.done += 1
        self.progress(self.label, min(self.done, self.total), self.total)

    def branch(self, label: str) -> Branch:
        branch = Branch(label)
        self.family.branches.append(branch)
        return branch

    def keep(self, label: str, path: Path, found: Traced, goals: list[float], *, whole: bool = True) -> None:
        """A branch that was followed; not the whole of it if the user stopped."""
        for i, steps in enumerate(found.segments):
            branch = self.branch(label if i == 0 else f"{label} {i + 1}")
            for step in sorted(steps, key=lambda step: goals.index(step.x)):
                self.told(path, step, branch)
        for fold in found.folds:
            value = swept_value(path, Step(fold.x, fold.unknowns, 0.0))
            name = path.conditions[0].name
            text = f"turning point of the {label} branch at {name} = {value:.10g}"
            self.family.special.append(Special("fold", name, value, text))
        if not whole:
            return
        missing = [goal for goal in goals if goal not in {step.x for steps in found.segments for step in steps}]
        if isinstance(found.failure, Unresolved):
            self.stopped(path, found)
            self.family.failure = self.family.failure or found.failure
        elif missing and label == "normal":
            self.family.failure = self._absent(path, found, missing[0])
        elif found.failure is not None:
            self.stopped(path, found)
            self.family.failure = self.family.failure or found.failure

    def told(self, path: Path, step: Step, branch: Branch) -> None:
        state = path.state(step)
        view = self.settings.output.view(state.scalars)
        scale = float(self.settings.output.of(state.scalars))
        values = {name: float(one.function(view)) for name, one in self.names.items()}
        sound, law = sound_and_law(path, step)
        swept = math.nan
        if self.request.sweep is not None:
            swept = self.asked.get(step.x, swept_value(path, step))
        branch.points.append(Point(state, scale, values, sound, None, step.residual, swept, law))

    def bifurcation(self, path: Path, mode: Mode) -> None:
        state = path.state(mode.step)
        ratio = [name for name in ("T", *(mu for mu, _ in gauge_fields(self.settings.package))) if name in self.names]
        values = [float(self.names[name].function(state.scalars)) for name in ratio[:2]]
        text = f"zero mode of {mode.field} at {path.describe(mode.step.x)}"
        if len(values) == 2 and values[1]:
            text += f" (T/{ratio[1]} = {values[0] / values[1]:.10g})"
        name = path.conditions[0].name
        self.family.special.append(Special("bifurcation", name, swept_value(path, mode.step), text))

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
        self.stopped(path, found)
        return SolveError(
            f"{asked} was not reached: the branch was followed for {low:.6g} <= {name} <= {high:.6g}; {reason}",
            mend=found.failure.mend if found.failure else "take smaller steps",
        )

    def stopped(self, path: Path, found: Traced) -> None:
        last = found.trail[-1]
        reason = found.failure.message if found.failure else "the branch ends"
        name = path.conditions[0].name
        text = f"stopped at {path.describe(last.x)}: {reason}"
        self.family.special.append(Special("stopped", name, swept_value(path, last), text))

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
            self._compare(group)

    def _compare(self, group: list[Point]) -> None:
        """Which of several states dominates, if all have the same temperature and potentials (or charges)."""
        energies = [self._free_energy(point) for point in group]
        if len(group) < 2 or not all(math.isfinite(energy) for energy in energies):
            return
        for name in ["T", *(rho if self._given(rho, mu) else mu for mu, rho in gauge_fields(self.settings.package))]:
            values = [point.values[name] for point in group]
            if max(values) - min(values) > _SAME * max(abs(value) for value in values):
                return
        least = min(energies)
        for point, energy in zip(group, energies, strict=True):
            point.dominant = energy <= least + _SAME * abs(least)

    def _given(self, rho: str, mu: str) -> bool:
        """Whether the charge is what was set."""
        names = {*self.request.settings, *self.request.relations}
        said = re.findall(r"[A-Za-z_][\w.]*", " ".join(names | {self.request.sweep.name if self.request.sweep else ""}))
        return rho in said and mu not in said

    def _free_energy(self, point: Point) -> float:
        value = point.values.get("omega", math.nan)
        for mu, rho in gauge_fields(self.settings.package):
            if self._given(rho, mu):
                value += point.values[mu] * point.values[rho]
        return value
