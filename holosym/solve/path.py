r"""A path of problems: conditions above_i b_i(x) - below_i a_i(x) = 0 whose values a_i : b_i move with one parameter.

A homotopy moves all of them at once, from the values of a solved state to those asked for,

    (a : b)(t) = (1 - t) (a0 : b0) + t w (c : 1),

where w is small for large values: a/b then grows as quickly as b/a falls. A sweep moves the first, with x = c or
x = log c.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.scalars import Scalars
from holosym.solve.settings import Condition
from holosym.solve.state import State

_NOTHING = 1e-12
_LARGE = 10.0

Pair = tuple[float, float]


@dataclass(frozen=True)
class Step:
    """A solution on a path."""

    x: float
    unknowns: Tensor
    residual: float


@dataclass(frozen=True)
class Path:
    """Problems with one parameter x.

    Attributes:
        pairs: from x to (a, b) of every condition.
        slopes: their derivatives by x.
        describe: from x to how messages call the place.
        released: the path with the user's own conditions, where this one has others with the same solutions.
    """

    problem: BoundaryValueProblem
    conditions: Sequence[Condition]
    pairs: Callable[[float], list[Pair]]
    slopes: Callable[[float], list[Pair]]
    describe: Callable[[float], str]
    tolerance: float
    released: Path | None = None

    def system(self, x: float) -> Controlled:
        """The rows at x."""
        return self.problem.with_controls(
            [control(one, pair) for one, pair in zip(self.conditions, self.pairs(x), strict=True)]
        )

    def slope(self, unknowns: Tensor, x: float, count: int) -> Tensor:
        """Derivatives of all `count` rows by x."""
        scalars = State(self.problem.fields, unknowns).scalars
        triples = zip(self.conditions, self.slopes(x), self.pairs(x), strict=True)
        rows = [control(one, slope, _size(pair)).row(scalars) for one, slope, pair in triples]
        return torch.cat([unknowns.new_zeros(count - len(rows)), *(row.reshape(1) for row in rows)])

    def state(self, step: Step) -> State:
        """The state of a step."""
        return State(self.problem.fields, step.unknowns)


def control(condition: Condition, pair: Pair, size: float | None = None) -> Control:
    """The row (above b - below a)/size, by default of size one."""
    a, b = pair
    size = _size(pair) if size is None else size

    def row(scalars: Scalars) -> Tensor:
        if not b:
            return condition.term.below(scalars) * (-a / size)
        above = condition.term.above(scalars) * (b / size)
        return above - condition.term.below(scalars) * (a / size) if a else above

    return Control(condition.name, row)


def homotopy(
    problem: BoundaryValueProblem,
    conditions: Sequence[Condition],
    start: Scalars,
    tolerance: float,
    length: float = 1.0,
) -> Path | None:
    """From a solved state to the values of all conditions; None if one of them has no value there.

    `length` is the horizon's distance at the start, in the units of the values: it says which of them are large.
    """
    ends: list[tuple[Pair, Pair]] = []
    for one in conditions:
        above, below = float(one.term.above(start)), float(one.term.below(start))
        above, below = (0.0 if abs(part) < _NOTHING else part for part in (above, below))
        if not (math.isfinite(above) and math.isfinite(below)) or above == below == 0:
            return None
        weight = abs(below) or abs(above / (one.value or 1.0))
        weight /= max(1.0, abs(one.value) * length ** (one.term.dimension or 0.0) / _LARGE)
        ends.append(((above, below), (one.value * weight, weight)))

    def pairs(t: float) -> list[Pair]:
        return [((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]) for a, b in ends]

    def slopes(t: float) -> list[Pair]:
        return [(b[0] - a[0], b[1] - a[1]) for a, b in ends]

    def describe(t: float) -> str:
        return ", ".join(
            f"{one.name} = {a / b if b else math.inf:.6g}" for one, (a, b) in zip(conditions, pairs(t), strict=True)
        )

    return Path(problem, conditions, pairs, slopes, describe, tolerance)


def sweep(problem: BoundaryValueProblem, conditions: Sequence[Condition], log: bool, tolerance: float) -> Path:
    """The first condition's value is x, or exp(x) with its sign kept."""
    sign = -1.0 if log and conditions[0].value < 0 else 1.0
    rest: list[Pair] = [(one.value, 1.0) for one in conditions[1:]]

    def pairs(x: float) -> list[Pair]:
        return [(sign * math.exp(x) if log else x, 1.0), *rest]

    def slopes(x: float) -> list[Pair]:
        return [(sign * math.exp(x) if log else 1.0, 0.0), *((0.0, 0.0) for _ in rest)]

    def describe(x: float) -> str:
        return f"{conditions[0].name} = {pairs(x)[0][0]:.6g}"

    return Path(problem, conditions, pairs, slopes, describe, tolerance)


def _size(pair: Pair) -> float:
    return max(abs(pair[0]), abs(pair[1])) or 1.0
