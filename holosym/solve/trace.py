r"""One branch along a path: solutions at the values asked for, and by length past turning points.

Between two turning points a branch is single-valued; each such stretch is a segment, numbered from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from holosym.errors import SolveError
from holosym.solve.advance import Halted, Unresolved, advance, solve_at
from holosym.solve.arclength import Arc, Fold, begin, step_on, turning_point
from holosym.solve.path import Path, Step
from holosym.solve.sanity import require_sane

_ARC_STEPS = 80
_MOST_FOLDS = 3
_BEYOND = 0.25


@dataclass
class Traced:
    """A branch so far.

    Attributes:
        segments: solutions at the values asked for, by segment.
        trail: all solutions by the path's own parameter.
        folds: turning points.
        low, high: the range of x that was seen.
        failure: why it stops before its end.
    """

    segments: list[list[Step]] = field(default_factory=lambda: [[]])
    trail: list[Step] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    low: float = 0.0
    high: float = 0.0
    failure: SolveError | None = None

    def saw(self, x: float) -> None:
        """Widens the range."""
        self.low, self.high = min(self.low, x), max(self.high, x)


Told = Callable[[Step], None]


def begun(start: list[Step]) -> Traced:
    """A branch that begins with these steps."""
    return Traced(trail=start, low=start[-1].x, high=start[-1].x)


def trace(path: Path, found: Traced, goals: list[float], told: Told) -> None:
    """Follows a branch through `goals`, in their order; a failure is noted in it, with all that came before."""
    try:
        for goal in goals:
            if goal != found.trail[-1].x:
                advance(path, found.trail, goal)
            _keep(path, found, found.trail[-1], told)
    except Halted as error:
        found.saw(found.trail[-1].x)
        _by_length(path, found, goals, told, error)
    except SolveError as error:
        found.failure = error


def _keep(path: Path, found: Traced, step: Step, told: Told) -> None:
    require_sane(path, step)
    found.segments[-1].append(step)
    found.saw(step.x)
    told(step)


def _by_length(path: Path, found: Traced, goals: list[float], told: Told, halted: SolveError) -> None:
    if len(found.trail) < 2:
        found.failure = halted
        return
    before, last = found.trail[-2:]
    size = abs(goals[-1] - goals[0]) or abs(last.x - before.x)
    try:
        arc, distance = begin(path, before, last, size)
    except SolveError as error:
        found.failure = error
        return
    follow_arc(path, found, arc, distance, goals, told)
    if not found.folds and found.failure is None and len(found.segments[0]) < len(goals):
        found.failure = halted


def follow_arc(path: Path, found: Traced, arc: Arc, length: float, goals: list[float], told: Told) -> None:
    """Continues by length: keeps what lies at the goals, notes turning points, stops out of the range of goals."""
    low, high = min(goals), max(goals)
    margin = _BEYOND * (high - low)
    known = {step.x for step in found.segments[-1]}
    try:
        for _ in range(_ARC_STEPS):
            following, arrival, longer = step_on(arc, length)
            before, after = float(arc.origin[-1]), arrival.step.x
            folds = float(arc.tangent[-1]) * float(arrival.tangent[-1]) < 0
            middle = before
            if folds:
                taken = float((arc._metric() * arc.tangent * (following.origin - arc.origin)).sum())
                fold = turning_point(arc, taken)
                middle = fold.x
                _between(path, found, arc, following, (before, middle), goals, known, told)
                found.folds.append(fold)
                found.saw(fold.x)
                found.segments.append([])
                known = set()
            require_sane(path, arrival.step)
            _between(path, found, arc, following, (middle, after), goals, known, told)
            found.saw(after)
            arc, length = following, longer
            outward = (after - (low + high) / 2) * float(arrival.tangent[-1]) > 0
            if len(found.folds) > _MOST_FOLDS or (outward and not low - margin <= after <= high + margin):
                return
            seen = {step.x for steps in found.segments for step in steps}
            if outward and not low <= after <= high and found.folds and seen.issuperset(goals):
                return
    except SolveError as error:
        known_end = found.folds and not isinstance(error, Unresolved)
        found.failure = found.failure or (None if known_end else error)


def _between(
    path: Path,
    found: Traced,
    arc: Arc,
    following: Arc,
    ends: tuple[float, float],
    goals: list[float],
    known: set[float],
    told: Told,
) -> None:
    """Solutions at the goals between two places on the branch, guessed from the nearer one."""
    first, last = ends
    here = sorted((x for x in goals if min(ends) <= x <= max(ends) and x not in known), reverse=last < first)
    for x in here:
        near = arc if abs(x - first) < abs(x - last) and first == float(arc.origin[-1]) else following
        slope = near.tangent[:-1] / near.tangent[-1]
        guess = near.origin[:-1] + (x - near.origin[-1]) * slope
        try:
            step = solve_at(path, x, guess)
        except SolveError:
            continue  # too near a turning point to be told from its mirror image
        known.add(x)
        _keep(path, found, step, told)
