r"""Derivatives along all neighbouring states at once: the first law, and the speed of sound.

With p_i the change of a state for which one row changes, J p_i = e_i, and the change of scale, the tangent space of
all states in physical units is spanned. Where sources J (or relations between falloffs) and parameters are kept,

    d epsilon = T ds + sum mu d rho,        c_s^2 = (s dT + sum rho d mu)/(T s + sum mu rho) / d ln s   at fixed s/rho.

Without charge c_s^2 = d ln T/d ln s; in a conformal theory only the scale changes, and it is 1/(d - 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.least_squares import LeastSquares
from holosym.solve.names import Name, catalogue, gauge_fields
from holosym.solve.path import Path, Step
from holosym.solve.scalars import Scalars
from holosym.solve.state import State
from holosym.solve.units import rescaled


@dataclass(frozen=True)
class Neighbours:
    """A state's quantities and their derivatives.

    Attributes:
        values: by name, z_h = 1, or in the units of a relation's numbers.
        slopes: by name, (directions,).
    """

    values: dict[str, Tensor]
    slopes: dict[str, Tensor]


def neighbours(path: Path, step: Step) -> Neighbours:
    """The derivatives of T, s, epsilon, mu, rho, sources, responses and parameters.

    Raises:
        SolveError: a state with a zero mode, which has no unique neighbours.
    """
    system = path.system(step.x)
    here = system.linearise(step.unknowns)
    solver, rows = LeastSquares(system, here), here.residual.shape[-1]
    count = len(path.conditions)
    changes = []
    for i in range(count):
        right = step.unknowns.new_zeros(rows)
        right[rows - count + i] = -1.0
        changes.append(torch.cat([solver.step(right), step.unknowns.new_zeros(1)]))
    changes.append(torch.cat([torch.zeros_like(step.unknowns), step.unknowns.new_ones(1)]))
    directions = torch.stack(changes)
    names = _wanted(path)
    at = torch.cat([step.unknowns, step.unknowns.new_ones(1)]).requires_grad_()
    with torch.enable_grad():
        scalars = State(path.problem.fields, at[:-1]).scalars
        view = rescaled(scalars, at[-1] * _scale(path, scalars))
        found = {name: names[name].function(view) + 0 * at[-1] for name in names}
        found |= {one.name: one.related.term.function(view) for one in path.conditions if one.related is not None}
        slopes = {
            name: directions @ torch.autograd.grad(value, at, retain_graph=True)[0] for name, value in found.items()
        }
    return Neighbours({name: value.detach() for name, value in found.items()}, slopes)


def first_law(path: Path, near: Neighbours) -> float:
    """|d epsilon - T ds - sum mu d rho| against the sum of its terms, the largest of all directions; nan if unknown."""
    if not {"T", "s", "epsilon"} <= set(near.values):
        return math.nan
    related = {f"{one.field}.source": one.name for one in path.conditions if one.related is not None}
    kept = [related.get(n, n) for n in near.slopes if n.endswith(".source") or n in path.problem.free]
    space = _null_space(near, [near.slopes[name] for name in kept])
    terms = [near.slopes["epsilon"], -near.values["T"] * near.slopes["s"]]
    terms += [-near.values[mu] * near.slopes[rho] for mu, rho in gauge_fields(path.problem.package)]
    changes = torch.stack(terms) @ space.mT
    size = changes.abs().sum(dim=0)
    defect = changes.sum(dim=0).abs() / torch.where(size == 0, 1.0, size)
    return float(defect.max()) if defect.numel() else math.nan


def sound(path: Path, near: Neighbours) -> float:
    """c_s^2 at fixed s/rho, sources (responses or relations, where those are set) and parameters; nan without value."""
    if not {"T", "s"} <= set(near.values):
        return math.nan
    v, d = near.values, near.slopes
    said = {one.name for one in path.conditions}
    related = {f"{one.field}.source": one.name for one in path.conditions if one.related is not None}
    kept = list(path.problem.free)
    for name in d:
        if name.endswith(".source"):
            response = name.replace(".source", ".response")
            chosen = response if response in said and response in d else name
            kept.append(related.get(name, chosen))
    gauge = gauge_fields(path.problem.package)
    fixed = [d[name] for name in kept] + [v["s"] * d[rho] - v[rho] * d["s"] for _, rho in gauge]
    space = _null_space(near, fixed)
    if space.shape[0] != 1:
        return math.nan
    work = v["s"] * d["T"] + sum((v[rho] * d[mu] for mu, rho in gauge), torch.zeros_like(d["T"]))
    enthalpy = v["T"] * v["s"] + sum((v[mu] * v[rho] for mu, rho in gauge), torch.zeros_like(v["T"]))
    return float((space @ work)[0] / enthalpy * v["s"] / (space @ d["s"])[0])


def _scale(path: Path, scalars: Scalars) -> float:
    """The horizon's distance in the units in which a relation has its numbers; 1 without relations."""
    units = [one.related.units for one in path.conditions if one.related is not None]
    return float(torch.as_tensor(units[0].of(scalars)).detach()) if units else 1.0


def _wanted(path: Path) -> dict[str, Name]:
    names = catalogue(path.problem.package)
    gauge = [name for pair in gauge_fields(path.problem.package) for name in pair]
    kinds = [name for name, entry in names.items() if entry.kind in ("source", "response")]
    return {n: names[n] for n in ["T", "s", "epsilon", *gauge, *kinds, *path.problem.free] if n in names}


def _null_space(near: Neighbours, fixed: list[Tensor]) -> Tensor:
    """Directions (k, directions) along which nothing in `fixed` changes."""
    size = torch.stack(list(near.slopes.values())).abs().amax(dim=0)
    size = torch.where(size == 0, 1.0, size)
    if not fixed:
        return torch.diag(1 / size)
    matrix = torch.stack(fixed) / size
    length = torch.linalg.vector_norm(matrix, dim=1, keepdim=True)
    _, values, right = torch.linalg.svd(matrix / torch.where(length == 0, 1.0, length), full_matrices=True)
    rank = int((values > 1e-10).sum())
    directions: Tensor = right[rank:] / size
    return directions


def sound_and_law(path: Path, step: Step) -> tuple[float, float]:
    """c_s^2 and the first law's defect; nan at a zero mode."""
    try:
        near = neighbours(path, step)
    except SolveError:
        return math.nan, math.nan
    return sound(path, near), first_law(path, near)
