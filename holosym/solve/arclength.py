r"""Pseudo-arclength continuation: a path followed by its length, which passes turning points.

With v = (u, x) and the tangent (J, R_x) t = 0, |t| = 1, a step of length h solves

    R(u, x) = 0,        <t, v - v_0> = h,        <v, w> = sum u_i w_i/N + x y/X^2,

where X is the size of x on this path. At a turning point t_x changes sign; its place is the root of t_x(h) by
Brent's method, and because x is stationary there, an error of h enters x squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.advance import Halted, Unresolved, settled
from holosym.solve.controlled import Controlled
from holosym.solve.least_squares import LeastSquares
from holosym.solve.path import Path, Step
from holosym.solve.system import Linearised

_MAX_ITERATIONS = 8
_QUICK = 4
_SMALLEST = 1e-4
_COARSE = 3


@dataclass(frozen=True)
class Arc:
    """The rows of a path with x among the unknowns, and one row for the length."""

    path: Path
    origin: Tensor
    tangent: Tensor
    length: float
    size: float

    def _system(self, unknowns: Tensor) -> Controlled:
        return self.path.system(float(unknowns[-1]))

    def _metric(self) -> Tensor:
        count = self.tangent.shape[-1] - 1
        metric = torch.full_like(self.tangent, 1 / count)
        metric[-1] = self.size**-2
        return metric

    def _along(self, unknowns: Tensor) -> Tensor:
        return (self._metric() * self.tangent * (unknowns - self.origin)).sum(dim=-1, keepdim=True) - self.length

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows, the length last."""
        return torch.cat([self._system(unknowns).residual(unknowns[:-1]), self._along(unknowns)])

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows with their Jacobian."""
        here = self._system(unknowns).linearise(unknowns[:-1])
        column = self.path.slope(unknowns[:-1], float(unknowns[-1]), here.residual.shape[-1])
        row = self._metric() * self.tangent
        along = self._along(unknowns)
        one = torch.ones_like(along)
        jacobian = torch.cat([torch.cat([here.jacobian, column[:, None]], dim=1), row[None]])
        scale = torch.cat([here.scale + column.abs(), one * row.abs().sum()])
        return Linearised(torch.cat([here.residual, along]), jacobian, scale, torch.cat([here.weight, one]))

    def row_name(self, index: int) -> str:
        """What row `index` is."""
        system = self._system(self.origin)
        count = system.residual(self.origin[:-1]).shape[-1]
        return system.row_name(index) if index < count else "length along the branch"

    def unknown_name(self, index: int) -> str:
        """What unknown `index` is."""
        last = self.origin.shape[-1] - 1
        return self._system(self.origin).unknown_name(index) if index < last else "position on the path"

    def turned(self, at: Tensor) -> Tensor:
        """The unit tangent at a solution, on the same side as this one's."""
        here = self.linearise(at)
        count = here.jacobian.shape[0]
        right = torch.zeros(count, dtype=at.dtype)
        right[-1] = -1.0
        found = LeastSquares(self, here).step(right)
        return found / torch.sqrt((self._metric() * found * found).sum())


@dataclass(frozen=True)
class Fold:
    """A turning point: where, the state there."""

    x: float
    unknowns: Tensor


@dataclass(frozen=True)
class Arrival:
    """A step by length: the solution and its tangent."""

    step: Step
    tangent: Tensor


def begin(path: Path, before: Step, last: Step, size: float) -> tuple[Arc, float]:
    """The arc through two solved steps, with the distance between them."""
    origin, earlier = join(last), join(before)
    arc = Arc(path, origin, origin - earlier, 0.0, size)
    distance = torch.sqrt((arc._metric() * (origin - earlier) ** 2).sum())
    tangent = arc.turned(origin)
    return Arc(path, origin, tangent, 0.0, size), float(distance)


def join(step: Step) -> Tensor:
    """(u, x)."""
    return torch.cat([step.unknowns, step.unknowns.new_tensor([step.x])])


def at_length(arc: Arc, length: float, iterations: int = _MAX_ITERATIONS) -> tuple[Arrival, int]:
    """The solution at this length along the arc, and Newton's iterations."""
    target = Arc(arc.path, arc.origin, arc.tangent, length, arc.size)
    guess = arc.origin + length * arc.tangent
    unknowns, residual, taken = settled(target, guess, arc.path.tolerance, iterations)
    return Arrival(Step(float(unknowns[-1]), unknowns[:-1], residual), arc.turned(unknowns)), taken


def step_on(arc: Arc, length: float, bend: float = 0.9) -> tuple[Arc, Arrival, float]:
    """One step of at most this length, halved until it succeeds and turns by little; and the next length to try.

    Raises:
        Unresolved: shorter steps end as near to a solution, and no nearer: the grid is too coarse.
        Halted: no step succeeds.
    """
    tried, unresolved = length, 0
    while True:
        try:
            arrival, iterations = at_length(arc, tried)
            if float((arc._metric() * arc.tangent * arrival.tangent).sum()) < bend:
                raise SolveError("the branch bends too much for this step")
        except SolveError as error:
            unresolved = unresolved + 1 if isinstance(error, Unresolved) else 0
            if unresolved == _COARSE:
                raise
            tried /= 2
            if tried < _SMALLEST * length:
                raise Halted(error.message, [], error.mend) from error
            continue
        following = Arc(arc.path, join(arrival.step), arrival.tangent, 0.0, arc.size)
        return following, arrival, tried * (1.5 if iterations <= _QUICK else 1.0)


def turning_point(arc: Arc, length: float) -> Fold:
    """Where t_x vanishes, between the arc's origin and this length along it."""

    def slope(h: float) -> float:
        return float(arc.tangent[-1] if h == 0 else at_length(arc, h)[0].tangent[-1])

    root = float(brentq(slope, 0.0, length, xtol=1e-9 * length, rtol=1e-12, maxiter=60))
    step = at_length(arc, root)[0].step
    return Fold(step.x, step.unknowns)


def next_turning_point(path: Path, before: Step, last: Step, steps: int = 15) -> Fold | None:
    """The first turning point beyond two solutions; None if there is none within so many steps.

    Raises:
        SolveError: a step fails.
    """
    arc, length = begin(path, before, last, 1.0)
    for _ in range(steps):
        following, arrival, longer = step_on(arc, length)
        if float(arc.tangent[-1]) * float(arrival.tangent[-1]) < 0:
            taken = float((arc._metric() * arc.tangent * (following.origin - arc.origin)).sum())
            return turning_point(arc, taken)
        arc, length = following, longer
    return None
