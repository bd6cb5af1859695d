"""Newton for surfaces over disks of many radii at once: the equation of `disk`, in the unknown of `disk_shape`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.surfaces.disk_area import boundary_value
from holosym.surfaces.disk_chart import Chart
from holosym.surfaces.disk_shape import Curve, at_nodes, grid_of

TOLERANCE, SETTLED = 1e-13, 1e-8
"""Relative steps: below the first Newton has converged; below the second only rounding may stop it."""
ROUNDS, HALVINGS = 30, 10


@dataclass(frozen=True)
class Problem:
    """What is solved.

    Attributes:
        chart: of the functional.
        ends: b and c at the boundary.
    """

    chart: Chart
    ends: tuple[float, float]


def newton(problem: Problem, radii: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """u (n, nodes) that solves the equation, and the last relative step (n,), infinite where it left the geometry.

    Args:
        problem: B and C.
        radii: (n,).
        u: the guess, (n, nodes).
    """
    radius = radii[:, None]
    change = torch.full_like(radii, math.inf)
    rows, jacobian = _linearised(problem, radius, u)
    for _ in range(ROUNDS):
        step, _ = torch.linalg.solve_ex(jacobian, rows[..., None])
        step = step[..., 0]
        change = step.abs().amax(dim=-1) / (radii + u.abs().amax(dim=-1))
        change = torch.where(torch.isfinite(change), change, torch.inf)
        u, held = _descended(problem, radius, u, step, rows, change)
        if held or bool(((change < TOLERANCE) | torch.isinf(change)).all()):
            break
        rows, jacobian = _linearised(problem, radius, u)
    return u, torch.where(_inside(problem, radius, u), change, torch.inf)


def _descended(
    problem: Problem, radius: Tensor, u: Tensor, step: Tensor, rows: Tensor, change: Tensor
) -> tuple[Tensor, bool]:
    """u after a step, halved until the surface is inside and the residual falls; and whether none could be taken."""
    size = rows.abs().amax(dim=-1)
    share = torch.ones_like(size)
    for _ in range(HALVINGS):
        trial = u - share[:, None] * step
        found = _rows(problem, radius, trial).abs().amax(dim=-1)
        good = _inside(problem, radius, trial) & ((found < (1 - share / 4) * size) | (change < SETTLED))
        if bool(good.all()):
            break
        share = torch.where(good, share, share / 2)
    taken = good & torch.isfinite(found)
    return torch.where(taken[:, None], trial, u), not bool(taken.any())


def _inside(problem: Problem, radius: Tensor, u: Tensor) -> Tensor:
    """Whether a surface (n,) is above the end of the geometry everywhere."""
    tip = (radius + u[..., -1:])[..., 0]
    curve = at_nodes(u.shape[-1]).curve(radius, u)
    shallow = (curve.t > 0).all(dim=-1) & (curve.t.amax(dim=-1) < problem.chart.deepest)
    return shallow & (tip > 0) & (tip < problem.chart.deepest)


def _rows(problem: Problem, radius: Tensor, u: Tensor) -> Tensor:
    """The equation at the nodes between, u itself at the boundary, u' = 0 on the axis."""
    inner = _equation(problem, radius, at_nodes(u.shape[-1]).curve(radius, u))
    return _bordered(problem, radius, u, inner / at_nodes(u.shape[-1]).cosine)


def _bordered(problem: Problem, radius: Tensor, u: Tensor, inner: Tensor) -> Tensor:
    first = u[..., :1] / radius - boundary_value(problem.ends, radius) / radius
    last = (u / radius) @ grid_of(u.shape[-1]).derivatives[1][-1:].mT
    return torch.cat([first, inner, last], dim=-1)


def _linearised(problem: Problem, radius: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """Rows (n, nodes) with their derivatives by u (n, nodes, nodes)."""
    nodes = at_nodes(u.shape[-1])
    with torch.enable_grad():
        jets = [(u @ matrix.mT).detach().requires_grad_() for matrix in nodes.matrices]
        value = _equation(problem, radius, nodes.placed(radius, *jets)) / nodes.cosine
        slopes = torch.autograd.grad(value.sum(), jets)
    inner = sum(slope[..., None] * matrix for slope, matrix in zip(slopes, nodes.matrices, strict=True))
    assert isinstance(inner, Tensor)
    first, last = torch.zeros_like(inner[:, :1]), torch.zeros_like(inner[:, :1])
    first[..., 0] = 1
    last[:] = grid_of(u.shape[-1]).derivatives[1][-1]
    border = radius[..., None]
    return _bordered(problem, radius, u, value.detach()), torch.cat([first / border, inner, last / border], dim=1)


def _equation(problem: Problem, radius: Tensor, curve: Curve) -> Tensor:
    """The Euler-Lagrange equation, relative to the size of its terms."""
    functional = problem.chart.functional
    power, transverse, rate = functional.powers[0], functional.dimension - 2, problem.chart.rate
    m, t1, rho1 = problem.chart.metric(curve.t), curve.t1, curve.rho1
    speed = m.g * t1**2 + m.a * m.c * rho1**2
    bending = m.x * m.a * m.c * (curve.rho2 * t1 - rho1 * curve.t2 + rate * rho1 * t1**2)
    forces = m.g * m.a * m.c1 * t1**2 + m.a**2 * m.c * m.c1 * rho1**2 / 2 + m.c * m.a1 * t1**2 / 2
    pull = (power * m.a * m.c * rho1 + transverse * m.x * t1 / curve.rho) * speed
    scale = (t1**2 + rho1**2) * radius
    return (bending + m.x * rho1 * forces - pull) / scale.detach()
