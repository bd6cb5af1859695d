r"""Steps along a path by its own parameter, from solution to solution.

A step predicts along the parabola with the tangent J t = -R_x at the last solution and through the one before,
and corrects with Newton. It is taken when the correction is short beside the step itself,
|u - u_predicted| <= |u_predicted - u_last|/2 + 1e-6: a longer one lands on another solution of the same problem.
A step that fails is cut to a quarter; one that succeeds doubles the next.
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.least_squares import LeastSquares
from holosym.solve.newton import Stalled, newton
from holosym.solve.path import Path, Step
from holosym.solve.system import System

_MAX_ITERATIONS = 10
_NEAR = 1e-6
_FAR = 2.0
SLACK = 10.0
_RESOLVED = 1e-5
_MORE = "take more nodes, such as --nodes 64: the fields vary fast"


class Halted(SolveError):
    """A path that its own parameter does not follow further; `steps` are good."""

    def __init__(self, message: str, steps: list[Step], mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.steps = steps


class Unresolved(SolveError):
    """A solution of which the grid has too few nodes to reach the tolerance."""


def settled(system: System, guess: Tensor, tolerance: float, iterations: int) -> tuple[Tensor, float, int]:
    """Newton's solution, residual and number of steps; where rounding holds it up, within SLACK times the tolerance.

    Raises:
        Unresolved: it stands still so near to a solution that only the grid can be at fault.
        SolveError: Newton fails.
    """
    try:
        unknowns, report = newton(system, guess, tolerance=tolerance, max_iterations=iterations)
    except Stalled as error:
        if error.residual <= SLACK * tolerance:
            return error.unknowns, error.residual, error.iterations
        if error.still and error.residual <= _RESOLVED:
            raise Unresolved(error.message, mend=_MORE) from error
        raise
    return unknowns, float(report.residual), int(report.iterations)


def solve_at(path: Path, x: float, guess: Tensor, iterations: int = _MAX_ITERATIONS) -> Step:
    """The solution at x.

    Raises:
        SolveError: as `settled`.
    """
    unknowns, residual, _ = settled(path.system(x), guess, path.tolerance, iterations)
    return Step(x, unknowns, residual)


def advance(path: Path, trail: list[Step], goal: float, first: float | None = None, smallest: float = 2e-3) -> None:
    """Appends steps to the trail until its last is at `goal`.

    Args:
        path: what to follow.
        trail: solved steps; the last two give the direction.
        goal: the last x.
        first: the first step's length; all of the way if None.
        smallest: the part of the way below which a step is given up.

    Raises:
        Halted: the smallest step fails; the steps so far are on the trail.
    """
    way = goal - trail[-1].x
    part = 1.0 if first is None else min(1.0, abs(first / way)) if way else 1.0
    slope = None
    while trail[-1].x != goal:
        left = goal - trail[-1].x
        x = goal if abs(part * way) >= abs(left) * (1 - 1e-12) else trail[-1].x + part * way
        try:
            slope = tangent(path, trail[-1]) if slope is None else slope
            guess = predict(trail, slope, x)
            step = solve_at(path, x, guess)
            if not _short(trail, guess, step.unknowns):
                raise SolveError(f"another solution than the one before at {path.describe(x)}")
        except SolveError as error:
            part /= 4
            if part < smallest:
                raise Halted(error.message, trail, error.mend) from error
            continue
        trail.append(step)
        slope = None
        part *= 2


def tangent(path: Path, step: Step) -> Tensor:
    """du/dx at a solution.

    Raises:
        SolveError: there is none, as at a turning point.
    """
    system = path.system(step.x)
    here = system.linearise(step.unknowns)
    return LeastSquares(system, here).step(path.slope(step.unknowns, step.x, here.residual.shape[-1]))


def predict(trail: list[Step], slope: Tensor, x: float) -> Tensor:
    """Along the tangent; not far beyond two steps along their parabola, which further out turns back."""
    last = trail[-1]
    guess = last.unknowns + (x - last.x) * slope
    if len(trail) > 1 and abs(x - last.x) <= _FAR * abs(last.x - trail[-2].x):
        before = trail[-2]
        distance = last.x - before.x
        bend = (before.unknowns - last.unknowns + distance * slope) / distance**2
        guess = guess + (x - last.x) ** 2 * bend
    return guess


def _short(trail: list[Step], guess: Tensor, found: Tensor) -> bool:
    largest = torch.linalg.vector_norm
    correction = float(largest(found - guess, ord=torch.inf))
    step = float(largest(guess - trail[-1].unknowns, ord=torch.inf))
    return correction <= step / 2 + _NEAR
