r"""The first state: by homotopy from the neutral brane, or from a charged one where that has no value for a condition.

At z_h = 1 the neutral brane has sources and dimensionful parameters zero. A condition such as T = 0.2 in units
where mu = 1 has no value there, for mu/T = 0 is where its scale is lost; then the seed has mu = 1 in units of z_h.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.advance import Halted, advance, solve_at
from holosym.solve.bifurcation import pinned
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.newton import newton
from holosym.solve.path import Path, Step, homotopy
from holosym.solve.settings import Settings
from holosym.solve.state import State

_SEEDS = (0.0, 1.0, 0.3, 2.0)
_FIRST = 0.5
_FIRST_LOOK = 0.1
_TINY = 1e-8


def first(
    problem: BoundaryValueProblem, settings: Settings, tolerance: float, longest: float = _FIRST
) -> tuple[Path, list[Step]]:
    """The path to the state that meets all conditions at their (first) values, which is the last step.

    Raises:
        SolveError: no seed leads there; the message says how far the last one came.
    """
    failure: SolveError | None = None
    for size in _SEEDS if settings.conditions else _SEEDS[:1]:
        try:
            seed = _seed(problem, settings, size, tolerance)
        except SolveError as error:
            failure = failure or error
            continue
        scale = settings.scale.name
        if scale is not None and abs(float(scale.function(State(problem.fields, seed).scalars))) < _TINY:
            continue
        path = homotopy(problem, settings.conditions, State(problem.fields, seed).scalars, tolerance)
        if path is None:
            continue
        try:
            return path, _follow(path, seed, longest)
        except SolveError as error:
            failure = failure or error
    raise failure or SolveError("no brane to start from has values for all settings", mend="set T among others")


def _follow(path: Path, seed: Tensor, longest: float) -> list[Step]:
    trail = [solve_at(path, 0.0, seed)]
    count = math.ceil(1 / longest)
    try:
        advance(path, trail, min(_FIRST_LOOK, 1 / count))
        path = pinned(path, trail[-1])
        for i in range(count):
            advance(path, trail, (i + 1) / count)
    except Halted as error:
        raise SolveError(
            f"from the neutral brane the branch was followed to {path.describe(trail[-1].x)}, "
            f"not to {path.describe(1.0)}: {error.message}",
            mend="ask for a state nearer to the neutral brane, or sweep towards this one to see where the branch turns",
        ) from error
    return trail


def _seed(problem: BoundaryValueProblem, settings: Settings, size: float, tolerance: float) -> Tensor:
    """The brane with sources of gauge fields and parameters of this size in units of z_h, without scalar sources."""
    boundary = problem.boundary
    scalars = getattr(boundary, "OPERATORS", {})
    swept = {one.name: one.value for one in settings.conditions if one.name in problem.free}
    dimensions = getattr(boundary, "PARAMETER_DIMENSIONS", {})
    controls = []
    for name, entry in boundary.DATA.items():
        if entry["kind"] == "source":
            controls.append(datum(name, 0.0 if entry["profile"] in scalars else size))
    for name in problem.free:
        value = size if dimensions.get(name, 0.0) else swept.get(name, 0.0)
        controls.append(_parameter(name, value))
    start = _with_parameters(problem, [control.target for control in controls[-len(problem.free) :]])
    return newton(problem.with_controls(controls), start, tolerance=tolerance)[0]


def _parameter(name: str, value: float) -> Control:
    return Control(name, lambda scalars: torch.as_tensor(scalars.parameters[name]), value)


def _with_parameters(problem: BoundaryValueProblem, values: list[Tensor | float]) -> Tensor:
    start = problem.initial()
    if problem.free:
        start[..., -len(problem.free) :] = torch.tensor([float(value) for value in values], dtype=start.dtype)
    return start
