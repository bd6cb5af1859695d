r"""The surface over a disk (a ball, an interval) of radius R: no first integral, a boundary value problem.

    A = Omega int rho^(d-2) sqrt(B x'^2 + C rho'^2) ds,       Omega = 2 pi^((d-1)/2)/Gamma((d-1)/2).

Along any parameter its Euler-Lagrange equation, times what makes it regular at the boundary and at a horizon, is, with
a = 1/b and B = x^(-2P)/a, C = x^(-2P) c,

    x a c (rho'' x' - rho' x'') + x rho' [a c' x'^2 + a^2 c c' rho'^2/2 + c a' x'^2/2]
        - (P a c rho' + (d-2) x x'/rho) (x'^2 + a c rho'^2) = 0.

In polar coordinates x = r cos(theta), rho = w r sin(theta) the surface is r(theta), smooth from the axis to the boundary:
the hemisphere r = R in AdS. Chebyshev nodes, Newton, and steps from small R to large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid, chebyshev_grid
from holosym.errors import SolveError, SurfaceError
from holosym.surfaces.disk_area import finite_area
from holosym.surfaces.functional import Functional

NODES = (20, 28, 40, 56, 80, 112, 160)
TOLERANCE = 1e-11
SETTLED = 1e-7
"""Relative steps: below the first Newton has converged; below the second it is near enough that rounding may stop it."""
CLOSE = 1e-11
"""Where the area changes by less with more nodes, these were enough."""
ROUNDS = 25
BEHIND = 1.02
STEP, LEAST = 1.4, 1.05
"""The ratio of neighbouring radii on the way to a large one; the least that is tried before giving up."""


@dataclass(frozen=True)
class Disk:
    """One surface.

    Attributes:
        radius: R.
        area: the finite part of A for a cutoff at x = epsilon; where there is a logarithm, log(1/epsilon) is left out.
        depth: x at the axis.
        error: of the area, from two numbers of nodes.
        curve: (rho, x) from the axis to the boundary.
    """

    radius: float
    area: float
    depth: float
    error: float
    curve: tuple[Tensor, Tensor]


@dataclass(frozen=True)
class _Polar:
    """Polar coordinates of a surface, rho stretched by `width`."""

    grid: ChebyshevGrid
    radius: float
    width: float

    def curve(self, r: Tensor, r1: Tensor, r2: Tensor) -> tuple[Tensor, ...]:
        """x, rho and their first two derivatives by theta."""
        sine, cosine = torch.sin(self.grid.nodes), torch.cos(self.grid.nodes)
        x, x1, x2 = r * cosine, r1 * cosine - r * sine, r2 * cosine - 2 * r1 * sine - r * cosine
        y, y1, y2 = r * sine, r1 * sine + r * cosine, r2 * sine + 2 * r1 * cosine - r * sine
        return x, self.width * y, x1, self.width * y1, x2, self.width * y2


@dataclass(frozen=True)
class _Solved:
    """r at the nodes of polar coordinates."""

    polar: _Polar
    r: Tensor


def disks(functional: Functional, radii: Tensor) -> list[Disk]:
    """Surfaces over disks of given radii.

    Args:
        functional: of a strip in an isotropic slice.
        radii: (n,), positive.

    Raises:
        SurfaceError: where directions differ.
        SolveError: where Newton does not converge, with the largest radius reached.
    """
    if functional.kind != "strip" or not functional.isotropic or functional.powers[0] != functional.powers[1]:
        raise SurfaceError(
            f"{functional.name}: the directions along the boundary differ, and a disk has no axis",
            mend="ask for strips, --shape strip --along",
        )
    if not bool((radii > 0).all()):
        raise SurfaceError("radii are positive", mend="give --l 0.05:5:60:log, say")
    order = torch.argsort(radii).tolist()
    found: dict[int, Disk] = {}
    last: _Solved | None = None
    reached = 0.0
    for n in order:
        radius = float(radii[n])
        ratio = STEP
        while reached < radius:
            start = min(radius, functional.end / 5)
            trial = min(radius, reached * ratio) if reached else start
            try:
                found[n], last = _solved(functional, trial, last, reached)
            except SolveError:
                ratio = math.sqrt(ratio)
                if last is None or ratio < LEAST:
                    raise
            else:
                reached = trial
        if n not in found:
            found[n] = found[order[order.index(n) - 1]]
    return [found[n] for n in range(len(radii))]


def _solved(functional: Functional, radius: float, last: _Solved | None, reached: float) -> tuple[Disk, _Solved]:
    """One radius, with as many nodes as it takes for the area not to change."""
    width = max(1.0, radius / functional.end)
    found: list[Disk] = []
    failure: SolveError | None = None
    for nodes in NODES:
        polar = _Polar(chebyshev_grid(nodes, 0.0, math.pi / 2, order=2), radius, width)
        try:
            r = _newton(functional, polar, _from(last, polar), reached)
        except SolveError as error:
            failure = error  # too few nodes for a surface that lies flat along a horizon
            continue
        x, rho, *_ = polar.curve(*polar.grid.jets(r))
        last = _Solved(polar, r)
        area = finite_area(functional, polar.grid, radius, width, r.detach())
        change = abs(area - found[-1].area) if found else math.inf
        if len(found) > 2 and change > found[-1].error:
            break  # rounding, which grows with the number of nodes
        found.append(Disk(radius, area, float(x[0]), change, (rho.detach(), x.detach())))
        if change < CLOSE * max(1.0, abs(area)):
            break
    if failure is not None and len(found) < 2:
        raise failure
    assert last is not None
    return min(found, key=lambda one: one.error), last


def _from(last: _Solved | None, polar: _Polar) -> Tensor:
    """r at the nodes: of the last surface, scaled to the new radius; a hemisphere at first."""
    edge = polar.radius / polar.width
    if last is None:
        return torch.full_like(polar.grid.nodes, edge)
    r = last.polar.grid.interpolate(last.r, polar.grid.nodes)
    return r * (edge / (last.polar.radius / last.polar.width))


def _newton(functional: Functional, polar: _Polar, r: Tensor, reached: float) -> Tensor:
    """r at the nodes; a step is halved until the surface stays above the end and the residual falls."""
    rows, jacobian = _linearised(functional, polar, r)
    cosine = torch.cos(polar.grid.nodes)
    for _ in range(ROUNDS):
        step = torch.linalg.solve(jacobian, rows)
        change = float(step.abs().max()) / float(r.abs().max())
        share, size = 1.0, float(rows.abs().max())
        while share > 1e-6:
            trial = r - share * step
            # on the way a surface may dip a little behind the horizon, where the equation is regular
            if bool((trial > 0).all()) and float((trial * cosine).max()) < BEHIND * functional.end:
                rows, jacobian = _linearised(functional, polar, trial)
                if float(rows.abs().max()) < (1 - share / 4) * size or change < SETTLED:
                    break
            share /= 2
        if share <= 1e-6:
            break
        r = trial
        if share == 1.0 and change < TOLERANCE:
            break
    if change < SETTLED and float((r * cosine).max()) < functional.end:
        return r
    raise SolveError(
        f"the surface over a disk of radius {polar.radius:.6g} was not found: the last step was {change:.1e} of it; the "
        f"largest radius reached is {reached:.6g}",
        mend="ask for smaller radii",
    )


def _linearised(functional: Functional, polar: _Polar, r: Tensor) -> tuple[Tensor, Tensor]:
    """The equation at the nodes, relative to its terms, with its derivatives by r at the nodes."""
    matrices = polar.grid.derivatives
    with torch.enable_grad():
        jets = [(matrix @ r).detach().requires_grad_() for matrix in matrices]
        value = _equation(functional, polar, *jets)
        slopes = torch.autograd.grad(value.sum(), jets)
    rows = value.detach()
    jacobian = sum(slope[:, None] * matrix for slope, matrix in zip(slopes, matrices, strict=True))
    assert isinstance(jacobian, Tensor)
    # on the axis r' = 0; at the boundary w r = R
    rows[0], jacobian[0] = (matrices[1] @ r)[0], matrices[1][0]
    rows[-1], jacobian[-1] = r[-1] - polar.radius / polar.width, matrices[0][-1]
    return rows, jacobian


def _equation(functional: Functional, polar: _Polar, r: Tensor, r1: Tensor, r2: Tensor) -> Tensor:
    """The Euler-Lagrange equation of the module's docstring, divided by the scale of its terms; 0 at both ends."""
    x, rho, x1, rho1, x2, rho2 = polar.curve(r, r1, r2)
    inner = slice(1, -1)
    x, rho, x1, rho1, x2, rho2 = (value[inner] for value in (x, rho, x1, rho1, x2, rho2))
    b, c = functional.pieces(x)
    a, a1 = 1 / b[0], -b[1] / b[0] ** 2
    power, transverse = functional.powers[0], functional.dimension - 2
    speed = x1**2 + a * c[0] * rho1**2
    bending = x * a * c[0] * (rho2 * x1 - rho1 * x2)
    forces = x * rho1 * (a * c[1] * x1**2 + a**2 * c[0] * c[1] * rho1**2 / 2 + c[0] * a1 * x1**2 / 2)
    pull = (power * a * c[0] * rho1 + transverse * x * x1 / rho) * speed
    scale = polar.radius * (x1**2 + rho1**2)
    value = (bending + forces - pull) / (scale * polar.radius).detach()
    return torch.cat([value.new_zeros(1), value, value.new_zeros(1)])
