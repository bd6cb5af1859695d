r"""Where a scalar that vanishes begins to condense: zero modes along a branch, and the branch that leaves there.

On a branch where a field p is zero and its condition homogeneous (no source), the linear problem without that
condition has one solution with p = 1 at the horizon; its source

    g(x) = source of p / p at the horizon

is smooth in x and vanishes where p has a mode by itself. The root x_c of g is T_c in the variable of the path. The
second branch leaves along the mode v: the first step on it has the length h along v, which p = 0 has not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.advance import advance
from holosym.solve.arclength import Arc, Arrival, at_length, join
from holosym.solve.controls import Control
from holosym.solve.formula import Term, ones
from holosym.solve.least_squares import LeastSquares
from holosym.solve.path import Path, Step, control
from holosym.solve.scalars import Scalars
from holosym.solve.state import State

_ZERO = 1e-6
_VISIBLE = 1e-5
_LENGTHS = (0.02, 0.05)
_PRECISION = 1e-12
_STRAIGHT = 0.15
_SHORTEST = 1e-4
_HALVINGS = 40


@dataclass(frozen=True)
class Mode:
    """A zero mode.

    Attributes:
        field: the scalar.
        step: the state on the symmetric branch.
        mode: the change of the unknowns, 1 at the horizon.
    """

    field: str
    step: Step
    mode: Tensor


def symmetric(path: Path, step: Step) -> list[tuple[str, int]]:
    """Scalars that vanish on a state although nothing but their own condition makes them, with that condition."""
    rest = path.problem.fields.split(step.unknowns)[0]
    found = []
    for i, one in enumerate(path.conditions):
        if one.field in rest and one.value == 0 and float(rest[one.field].abs().max()) < _ZERO:
            found.append((one.field, i))
    return found


def pinned(path: Path, step: Step) -> Path:
    """The path with p = 0 at the horizon instead of the conditions of scalars that vanish.

    It has the same solutions where these vanish, but no zero modes.
    """
    conditions, found = list(path.conditions), symmetric(path, step)
    for field, i in found:
        conditions[i] = replace(
            conditions[i], name=f"{field} at the horizon", term=Term(_value(field), ones, 0.0, True)
        )
    return replace(path, conditions=conditions, released=path.released or path) if found else path


def _value(field: str) -> Callable[[Scalars], Tensor]:
    return lambda scalars: scalars.horizon[field][0]


def source_of_mode(path: Path, step: Step, field: str, index: int) -> tuple[float, Tensor]:
    """g, and the change of the unknowns that goes with it."""
    controls = [control(one, pair) for one, pair in zip(path.conditions, path.pairs(step.x), strict=True)]
    own = controls[index]
    controls[index] = Control(f"{field} at the horizon", _value(field), 1.0)
    system = path.problem.with_controls(controls)
    here = system.linearise(step.unknowns)
    right = torch.zeros_like(here.residual)
    right[len(right) - len(controls) + index] = -1.0
    mode = LeastSquares(system, here).step(right)
    at = step.unknowns.clone().requires_grad_()
    with torch.enable_grad():
        row = own.row(State(path.problem.fields, at).scalars)
        gradient = torch.autograd.grad(row, at)[0]
    return float(gradient @ mode), mode


def modes(path: Path, trail: list[Step]) -> list[Mode]:
    """Zero modes that a symmetric branch meets between the steps of a trail, in its order.

    The first is not missed: up to it, steps are halved until g is nearly straight between them.
    """
    found = []
    for field, index in symmetric(path, trail[-1]):
        seen = _resolved(path, trail, field, index)
        for (left, g), (right, h) in pairwise(seen):
            if g * h < 0:
                mode = _root(path, left, right, field, index, max(abs(g), abs(h)))
                found += [] if mode is None else [mode]
    return found


def _resolved(path: Path, trail: list[Step], field: str, index: int) -> list[tuple[Step, float]]:
    """Steps with g, as many as it takes to see the first sign change."""
    pins = pinned(path, trail[-1])
    ahead = [(step, source_of_mode(path, step, field, index)[0]) for step in trail]
    done, spent, shortest = [ahead.pop(0)], 0, _SHORTEST * abs(trail[-1].x - trail[0].x)
    while ahead:
        (left, g), (right, h) = done[-1], ahead[0]
        if spent < _HALVINGS and abs(right.x - left.x) > shortest:
            walk = [left]
            advance(pins, walk, (left.x + right.x) / 2)
            middle = source_of_mode(path, walk[-1], field, index)[0]
            spent += 1
            if abs(middle - (g + h) / 2) > _STRAIGHT * (abs(g) + abs(h)):
                ahead.insert(0, (walk[-1], middle))
                continue
        done.append(ahead.pop(0))
        if g * h < 0:
            break
    return done + ahead


def _root(path: Path, left: Step, right: Step, field: str, index: int, size: float) -> Mode | None:
    """The zero of g between two steps; None at a pole."""
    known = {left.x: left, right.x: right}
    symmetric_path = pinned(path, left)

    def state(x: float) -> Step:
        if x not in known:
            near = min(known.values(), key=lambda step: abs(step.x - x))
            trail = [near]
            advance(symmetric_path, trail, x)
            known[x] = trail[-1]
        return known[x]

    try:
        x = float(
            brentq(
                lambda x: source_of_mode(path, state(float(x)), field, index)[0],
                left.x,
                right.x,
                xtol=_PRECISION * max(abs(left.x), abs(right.x)),
                rtol=4 * torch.finfo(torch.float64).eps,
                maxiter=60,
            )
        )
        g, mode = source_of_mode(path, state(x), field, index)
    except SolveError:
        return None
    return Mode(field, state(x), mode) if abs(g) < 1e-3 * size else None


def leave(path: Path, mode: Mode, size: float) -> list[tuple[Arc, Arrival]]:
    """The first steps on the branch along the mode, with p positive at the horizon.

    Raises:
        SolveError: Newton fails, or falls back to the symmetric branch.
    """
    along = torch.cat([mode.mode, mode.mode.new_zeros(1)])
    arc = Arc(path, join(mode.step), along, 0.0, size)
    along = along / torch.sqrt((arc._metric() * along * along).sum())
    arc = Arc(path, arc.origin, along, 0.0, size)
    steps = []
    for length in _LENGTHS:
        arrival, _ = at_length(arc, length, iterations=20)
        require_condensed(path, mode, arrival.step)
        steps.append((arc, arrival))
    return steps


def require_condensed(path: Path, mode: Mode, step: Step) -> None:
    """Refuses a step that fell back to the symmetric branch.

    Raises:
        SolveError: the field vanishes.
    """
    rest = path.problem.fields.split(step.unknowns)[0][mode.field]
    if not float(rest.abs().max()) > _VISIBLE:
        raise SolveError(
            f"the branch with {mode.field} cannot be told from the one without at {path.describe(step.x)}",
            mend="ask for a state further away from where it begins",
        )
