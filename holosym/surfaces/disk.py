r"""The surface over a disk (a ball, an interval) of radius R: no first integral, a boundary value problem.

    A = Omega int rho^(d-2) sqrt(B x'^2 + C rho'^2) ds,       Omega = 2 pi^((d-1)/2)/Gamma((d-1)/2).

With t along the radial line, dx = g dt, B = x^(-2P)/(g A) and C = x^(-2P) c (`disk_chart`), its Euler-Lagrange equation
times what makes it regular at the boundary and at a horizon is, along any parameter and with a = g A,

    x A c (rho'' t' - rho' t'' + rho' t'^2/x_h) + x rho' [g A c' t'^2 + A^2 c c' rho'^2/2 + c a' t'^2/2]
        - (P A c rho' + (d-2) x t'/rho) (g t'^2 + A c rho'^2) = 0,       c' = dc/dx, a' = da/dx.

It is solved in polar coordinates (`disk_shape`) by Chebyshev nodes and Newton, in steps from small R, where the surface
is a hemisphere, to large R, where it lies along the horizon; then for all radii at once with more and more nodes. An
interval, d = 2, is a strip of l = 2R.

What is found is the surface that hangs together with those of small R; where several end at one sphere, it need not be
the one of least area.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import SolveError, SurfaceError
from holosym.surfaces.disk_area import finite_area
from holosym.surfaces.disk_chart import Chart
from holosym.surfaces.disk_newton import SETTLED, Problem, newton
from holosym.surfaces.disk_shape import at_points, resolved
from holosym.surfaces.family import surfaces
from holosym.surfaces.functional import Functional, at_boundary
from holosym.surfaces.profile import strip_profile

NODES = (32, 44, 60, 84, 120, 168, 240, 340, 480)
CLOSE = 1e-12
"""Where the area changes by less with more nodes, relative to it, these were enough."""
COARSE = 1e-6
"""What changes by more with the largest numbers of nodes is not found."""
STEP, LEAST = 1.5, 1.02
"""The ratio of neighbouring radii on the way to a large one; the least that is tried before giving up."""
POINTS = 201
"""Of a curve."""
MANY = 3
"""Radii named in a message."""
UNSETTLED = "its area does not settle with more nodes"
LARGEST = 3
"""P, to which the divergences are known."""


@dataclass(frozen=True)
class Disk:
    """One surface.

    Attributes:
        radius: R.
        area: the finite part of A for a cutoff at x = epsilon; where there is a logarithm, log(1/epsilon) is left out.
        depth: x at the axis.
        error: of the area, from two numbers of nodes.
        curve: (rho, x) from the axis to the boundary.
        slope: dA/dR.
    """

    radius: float
    area: float
    depth: float
    error: float
    curve: tuple[Tensor, Tensor]
    slope: float


def disks(functional: Functional, radii: Tensor) -> list[Disk]:
    """Surfaces over disks of given radii.

    Args:
        functional: of a strip in an isotropic slice.
        radii: (n,), positive.

    Raises:
        SurfaceError: where directions differ, and for boundaries of more than four dimensions.
        Unreached: for radii without a surface, with the others.
    """
    _require(functional, radii)
    radii = radii.detach().to(torch.float64)
    order = torch.argsort(radii)
    found, why = (_intervals if functional.dimension == 2 else _surfaces)(functional, radii[order])
    made = {n: one for n, one in zip(order.tolist(), found, strict=False) if one is not None}
    if len(made) < len(radii):
        missing = [float(radii[n]) for n in order.tolist() if n not in made]
        raise Unreached(missing, why, [made[n] for n in sorted(made)])
    return [made[n] for n in range(len(radii))]


class Unreached(SolveError):
    """Radii without a surface; `found` are those of the others."""

    def __init__(self, radii: list[float], why: str, found: list[Disk]) -> None:
        shown = ", ".join(f"{radius:.6g}" for radius in radii[:MANY]) + (", ..." if len(radii) > MANY else "")
        super().__init__(f"no surface was found over a disk of radius {shown}: {why}", mend="ask for smaller radii")
        self.found = found


def _require(functional: Functional, radii: Tensor) -> None:
    power, other = functional.powers
    if functional.kind != "strip" or not functional.isotropic or power != other:
        raise SurfaceError(
            f"{functional.name}: the directions along the boundary differ, and a disk has no axis",
            mend="ask for strips, --shape strip --along",
        )
    if power > LARGEST or power != functional.dimension - 1:
        raise SurfaceError(
            f"disks are made for AdS boundaries of dimension 2 to 4; here sqrt(B) ~ x^-{power:g} in dimension "
            f"{functional.dimension}",
            mend="ask for strips",
        )
    if not len(radii) or not bool(((radii > 0) & torch.isfinite(radii)).all()):
        raise SurfaceError("radii are positive, finite numbers", mend="give --l 0.05:5:60:log, say")


def _ends(functional: Functional) -> tuple[float, float]:
    """b and c at the boundary."""
    b, c = (float(at_boundary(functional.pieces, which)[0]) for which in (0, 1))
    if not (b > 0 and c > 0):
        raise SurfaceError(
            "a disk needs B and C at the boundary, and they have no limit there",
            mend="the metric is not that of AdS near the boundary",
        )
    return b, c


def _surfaces(functional: Functional, radii: Tensor) -> tuple[list[Disk | None], str]:
    """Over ascending radii, None (or no entry) where there is none, and why."""
    with torch.no_grad():
        problem = Problem(Chart(functional), _ends(functional))
        guesses, why = _guesses(problem, radii)
        return _refined(problem, radii[: len(guesses)], guesses), why


def _intervals(functional: Functional, radii: Tensor) -> tuple[list[Disk | None], str]:
    """Strips of l = 2R, for ascending radii."""
    lengths = 2 * radii
    found = surfaces(functional, lengths).dominant
    assert found.error is not None
    made: list[Disk | None] = []
    for n in range(len(lengths)):
        along, x = strip_profile(functional, found.turning[n], POINTS)
        values = (lengths[n] / 2, found.area[n], found.turning[n], found.error[n])
        radius, area, depth, error = (float(value) for value in values)
        made.append(Disk(radius, area, depth, error, (along, x), 2 * float(found.momentum[n])))
    return made, ""


def _guesses(problem: Problem, radii: Tensor) -> tuple[Tensor, str]:
    """u for ascending radii, one after the other, with steps between distant ones; more nodes when it takes them.

    As far as they can be had, and why not farther.
    """
    levels = list(NODES[:-1])
    u = torch.zeros(1, levels.pop(0), dtype=torch.float64)
    slope, reached, ratio = u, 0.0, STEP
    found: list[Tensor] = []
    for radius in radii.tolist():
        while reached < radius:
            start = min(radius, problem.chart.functional.end / 5)
            trial = min(radius, reached * ratio) if reached else start
            guess = u + slope * (trial - reached)
            solved, change = newton(problem, torch.tensor([trial], dtype=torch.float64), guess)
            if bool(change[0] < SETTLED):
                slope, u, reached = (solved - u) / (trial - reached), solved, trial
            elif levels:
                u, slope = (resolved(one, levels[0]) for one in (u, slope))
                levels.pop(0)
            else:
                ratio = math.sqrt(ratio)
                if not reached or ratio < LEAST:
                    return torch.cat([resolved(one, u.shape[-1]) for one in found] or [u[:0]]), _why(problem, trial)
        found.append(u)
    return torch.cat([resolved(one, u.shape[-1]) for one in found]), UNSETTLED


def _why(problem: Problem, trial: float) -> str:
    functional = problem.chart.functional
    if functional.ends_at == "wall":
        return f"it meets the wall at {functional.end:.6g}, and surfaces that end there are not looked for"
    return f"Newton's iteration does not converge from radius {trial:.6g} on"


def _refined(problem: Problem, radii: Tensor, u: Tensor) -> list[Disk | None]:
    """With as many nodes as it takes for the area not to change; all radii at once. None where it does not settle."""
    if not len(radii):
        return []
    best: dict[int, Disk] = {}
    before = torch.full_like(radii, math.inf)
    left = torch.arange(len(radii))
    for nodes in NODES[NODES.index(u.shape[-1]) :]:
        u, change = newton(problem, radii[left], resolved(u, nodes))
        area, slope = finite_area(problem.chart, problem.ends, radii[left], u)
        errors = (area - before).abs()
        for i, n in enumerate(left.tolist()):
            error = float(errors[i])
            good = float(change[i]) < SETTLED and math.isfinite(float(area[i]))
            if good and (n not in best or error < best[n].error):
                best[n] = _disk(problem, float(radii[n]), u[i], (float(area[i]), float(slope[i])), error)
        going = ~(errors < CLOSE * (1 + area.abs()))
        u, left, before = u[going], left[going], area[going]
        if not len(left):
            break
    settled = {n: one for n, one in best.items() if one.error < COARSE * (1 + abs(one.area))}
    return [settled.get(n) for n in range(len(radii))]


def _disk(problem: Problem, radius: float, u: Tensor, area: tuple[float, float], error: float) -> Disk:
    """With its curve."""
    v = torch.linspace(1.0, 0.0, POINTS, dtype=torch.float64)[:-1]
    edge = torch.tensor([[radius]], dtype=torch.float64)
    curve = at_points(len(u), v).curve(edge, u[None])
    rho = torch.cat([curve.rho[0], edge[0]])
    x = torch.cat([problem.chart.metric(curve.t[0]).x, torch.zeros(1, dtype=torch.float64)])
    return Disk(radius, area[0], float(x[0]), error, (rho, x), area[1])
