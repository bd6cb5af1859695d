"""A known solution as jets of numbers: what the demo compares the generated equations with.

The closed form q(z) is differentiated by SymPy and evaluated by mpmath with 30 digits, so that each number of a jet
(q, q', q'', ...) is right to the last bit of a float64.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import mpmath
import torch
from sympy import Expr, lambdify
from torch import Tensor

from holosym import pipeline
from holosym.codegen.output import MANIFEST
from holosym.dsl.theory import KnownSolution
from holosym.errors import HolosymError

DIGITS = 30
DEMONSTRATED = "gubser_rocha"

SolutionJets = Callable[[Tensor, Mapping[str, float]], dict[str, tuple[Tensor, ...]]]
"""From points (m,) and values of the parameters to the jets, each (m,) in float64, by profile."""


def prepare(name: str, out: Path, progress: pipeline.Progress = pipeline.silent) -> tuple[Path, SolutionJets]:
    """Compile the model of the demo, and make its exact solution ready to be evaluated.

    Args:
        name: the model; so far the demo knows the boundary conditions of gubser_rocha only.
        out: the demo's folder; the package goes to `generated/` in it.
        progress: told of every stage.

    Raises:
        HolosymError: for another model, or a folder that cannot be written.
    """
    if name != DEMONSTRATED:
        raise HolosymError(
            f"there is no demo of {name!r}", mend=f"run `holosym demo {DEMONSTRATED}`; `holosym list` shows the gallery"
        )
    (package,) = pipeline.compile_models([name], out / "generated", progress).folders
    (model,) = pipeline.load(name, progress)
    profiles = json.loads((package / MANIFEST).read_text(encoding="utf-8"))["profiles"]
    orders = {profile: [order for (order,) in found] for profile, found in profiles.items()}
    return package, jets(model.known_solutions[0], orders)


def jets(solution: KnownSolution, orders: Mapping[str, Sequence[int]]) -> SolutionJets:
    """The jets of a solution in one coordinate.

    Args:
        solution: closed forms of all profiles.
        orders: the derivatives of each profile that make its jet.
    """
    forms = {profile.func.name: (profile.args[0], form) for profile, form in solution.profiles.items()}

    def evaluate(points: Tensor, parameters: Mapping[str, float]) -> dict[str, tuple[Tensor, ...]]:
        found = {}
        for name, (coordinate, form) in forms.items():
            values = {s: parameters[s.name] for s in form.free_symbols if s != coordinate}
            derivatives = (form.diff(coordinate, order) for order in orders.get(name, ()))
            found[name] = tuple(_sampled(d, coordinate, values, points) for d in derivatives)
        return found

    return evaluate


def _sampled(expression: Expr, coordinate: Expr, values: Mapping[Expr, float], points: Tensor) -> Tensor:
    function = lambdify([coordinate, *values], expression, modules="mpmath")
    with mpmath.workdps(DIGITS):
        constants = [mpmath.mpf(value) for value in values.values()]
        numbers = [float(function(mpmath.mpf(float(point)), *constants)) for point in points.flatten()]
    return torch.tensor(numbers, dtype=torch.float64).reshape(points.shape)
