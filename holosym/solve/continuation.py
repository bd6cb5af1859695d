r"""Continuation: following a solution along a path of problems P(t), t from 0 to 1.

The start is a guess of a solution of P(0). Each step predicts along the secant of the last two solutions,

    u(t + dt) ~ u(t) + dt (u(t) - u(t')) / (t - t'),

and corrects with Newton. A step that fails is halved, one that converges quickly doubles the next. Small
first steps also decide between branches: a long jump may land on another solution of the same problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.newton import TOLERANCE, Report, newton
from holosym.solve.system import System

_QUICK = 5
_MAX_ITERATIONS = 12


@dataclass(frozen=True)
class Waypoint:
    """A solution on the path: where it is, its unknowns (..., N), and how Newton got there."""

    t: float
    unknowns: Tensor
    report: Report


def follow(
    problem: Callable[[float], System],
    start: Tensor,
    *,
    first_step: float = 0.25,
    smallest_step: float = 1e-3,
    tolerance: float = TOLERANCE,
) -> list[Waypoint]:
    """Solutions along the path, from t = 0 to t = 1, both ends included.

    Args:
        problem: t to the system to be solved there, with the same unknowns for every t.
        start: initial guess (..., N) for t = 0.
        first_step: the first dt tried.
        smallest_step: a dt below this ends the attempt.
        tolerance: as for Newton.

    Raises:
        SolveError: P(0) is not solved from `start`, or no step above the smallest one succeeds.
    """
    path = [Waypoint(0.0, *newton(problem(0.0), start, tolerance=tolerance))]
    step = first_step
    while path[-1].t < 1.0:
        t = min(1.0, path[-1].t + step)
        try:
            unknowns, report = newton(
                problem(t), _predict(path, t), tolerance=tolerance, max_iterations=_MAX_ITERATIONS
            )
        except SolveError as error:
            step /= 2
            if step < smallest_step:
                raise SolveError(
                    f"continuation stopped at t = {path[-1].t:.4g}: {error.message}", mend=error.mend
                ) from error
            continue
        path.append(Waypoint(t, unknowns, report))
        if int(report.iterations.max()) <= _QUICK:
            step *= 2
    return path


def _predict(path: list[Waypoint], t: float) -> Tensor:
    last = path[-1]
    if len(path) == 1:
        return last.unknowns
    before = path[-2]
    return last.unknowns + (t - last.t) / (last.t - before.t) * (last.unknowns - before.unknowns)
