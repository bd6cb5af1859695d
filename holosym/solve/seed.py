r"""The first state: by homotopy from the neutral brane, or from a charged one where that has no value for a condition.

At z_h = 1 the neutral brane has sources and dimensionful parameters zero. A condition such as T = 0.2 in units
where mu = 1 has no value there, for mu/T = 0 is where its scale is lost; then the seed has mu = 1 in units of z_h.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.advance import Halted, Unresolved, advance, solve_at
from holosym.solve.arclength import next_turning_point
from holosym.solve.bifurcation import pinned
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.demands import words
from holosym.solve.formula import Term, ones
from holosym.solve.newton import newton
from holosym.solve.path import Path, Step, homotopy
from holosym.solve.settings import Condition, Settings
from holosym.solve.state import State

_SEEDS = (0.0, 1.0, 0.3, 2.0)
_FIRST = 0.5
_FIRST_LOOK = 0.1
_TINY = 1e-8


Leg = tuple[Path, list[Step]]


class Turned(SolveError):
    """A way that ends at a turning point, which says more than a way on which Newton fails."""


def first(problem: BoundaryValueProblem, settings: Settings, tolerance: float, longest: float = _FIRST) -> list[Leg]:
    """The way to the state that meets all conditions at their (first) values, which is the last step.

    A leg is a path with the solutions on it; the first begins at the neutral brane.

    Raises:
        SolveError: no seed leads there; the message says how far the first came.
    """
    failure: SolveError | None = None
    neutral = _neutral(problem, settings, tolerance)
    for size in _SEEDS if settings.conditions else _SEEDS[:1]:
        try:
            legs = [_grown(problem, settings, neutral, size, tolerance, longest)] if size else []
            seed = legs[-1][1][-1].unknowns if legs else neutral
            path = _onward(problem, settings, seed, tolerance)
            if path is not None:
                return [*legs, follow(path, seed, longest)]
        except Turned as error:
            failure = error if not isinstance(failure, Turned) else failure
        except SolveError as error:
            failure = failure or error
    raise failure or SolveError("no brane to start from has values for all settings", mend="set T among others")


def _onward(problem: BoundaryValueProblem, settings: Settings, seed: Tensor, tolerance: float) -> Path | None:
    """From a solved state to the settings; None if it has no values for them."""
    scalars, scale = State(problem.fields, seed).scalars, settings.scale.name
    if scale is not None and abs(float(scale.function(scalars))) < _TINY:
        return None
    return homotopy(problem, settings.conditions, scalars, tolerance, float(settings.scale.of(scalars)))


def onward(problem: BoundaryValueProblem, settings: Settings, seed: Tensor, tolerance: float) -> Step:
    """The state with the settings that continues a given one.

    Raises:
        SolveError: it does not continue as far.
    """
    path = _onward(problem, settings, seed, tolerance)
    if path is None:
        raise SolveError("this state has no values for all settings")
    return follow(path, seed, _FIRST)[1][-1]


def follow(path: Path, seed: Tensor, longest: float) -> Leg:
    """Along a homotopy, by steps of at most `longest`; where a scalar vanishes, its zero modes do no harm."""
    trail = [solve_at(path, 0.0, seed)]
    count = math.ceil(1 / longest)
    try:
        advance(path, trail, min(_FIRST_LOOK, 1 / count))
        path = pinned(path, trail[-1])
        for i in range(count):
            advance(path, trail, (i + 1) / count)
    except Halted as error:
        raise _unreached(path, trail, error) from error
    return path, trail


def _unreached(path: Path, trail: list[Step], halted: Halted) -> SolveError:
    """Why a homotopy ends: a turning point, which is looked for by length, or Newton's own words."""
    mend = "ask for a state nearer to the neutral brane, or sweep towards this one to see where the branch turns"
    fold = None
    if len(trail) > 1:
        try:
            fold = next_turning_point(path, trail[-2], trail[-1])
        except Unresolved:
            raise
        except SolveError:
            fold = None
    if fold is not None:
        return Turned(
            f"{path.describe(1.0)} is not on the branch of the neutral brane: on the way it exists "
            f"up to a turning point at {path.describe(fold.x)}",
            mend=mend,
        )
    return SolveError(
        f"from the neutral brane the branch was followed to {path.describe(trail[-1].x)}, "
        f"not to {path.describe(1.0)}: {halted.message}",
        mend=mend,
    )


def _neutral(problem: BoundaryValueProblem, settings: Settings, tolerance: float) -> Tensor:
    """The brane without sources; parameters without dimension have their values."""
    boundary, free = problem.boundary, problem.free
    sources = [name for name, entry in boundary.DATA.items() if entry["kind"] == "source"]
    values = [_numbers(problem, settings).get(name, 0.0) for name in free]
    controls = [datum(name, 0.0) for name in sources]
    controls += [_parameter(name, value) for name, value in zip(free, values, strict=True)]
    start = problem.initial()
    if free:
        start[..., -len(free) :] = torch.tensor(values, dtype=start.dtype)
    return newton(problem.with_controls(controls), start, tolerance=tolerance)[0]


def _numbers(problem: BoundaryValueProblem, settings: Settings) -> dict[str, float]:
    dimensions = getattr(problem.boundary, "PARAMETER_DIMENSIONS", {})
    return {one.name: one.value for one in settings.conditions if one.name in problem.free and not dimensions[one.name]}


def _grown(
    problem: BoundaryValueProblem, settings: Settings, neutral: Tensor, size: float, tolerance: float, longest: float
) -> Leg:
    """To the brane with sources and parameters of one size in units of z_h; of scalars only where they are wanted."""
    boundary, numbers = problem.boundary, _numbers(problem, settings)
    fields = getattr(boundary, "OPERATORS", {})
    conditions = []
    for name, entry in boundary.DATA.items():
        if entry["kind"] == "source":
            profile = str(entry["profile"])
            own = [one for one in settings.conditions if one.field == profile and one.value == 0]
            term = Term(datum(name, 0.0).function, ones, None, True)
            made = Condition(name, term, size)
            if profile in fields:
                made = own[0] if own else replace(made, value=size * _wanted(settings, profile), field=profile)
            conditions.append(made if made.plain is None else replace(made, term=made.plain))
    for name in problem.free:
        term = Term(_parameter(name, 0.0).function, ones, None, True)
        conditions.append(Condition(name, term, numbers.get(name, size)))
    path = homotopy(problem, conditions, State(problem.fields, neutral).scalars, tolerance)
    if path is None:
        raise SolveError("the neutral brane has no boundary data")
    return follow(path, neutral, longest)


def _wanted(settings: Settings, profile: str) -> float:
    """1 or -1 for a scalar of which the settings want a source, 0 for one they do not."""
    said = [(one.name, one.value) for one in settings.conditions]
    if settings.scale.name is not None:
        said.append((settings.scale.name.name, settings.scale.value))
    values = [value for name, value in said if value and f"{profile}.source" in words(name)]
    return math.copysign(1.0, values[0]) if values else 0.0


def _parameter(name: str, value: float) -> Control:
    return Control(name, lambda scalars: torch.as_tensor(scalars.parameters[name]), value)
