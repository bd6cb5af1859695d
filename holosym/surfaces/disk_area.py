r"""The finite area of a surface over a disk, and its derivative by the radius.

With n = d - 2 and S = sqrt(B x'^2 + C rho'^2) x^P along any parameter, the strip's density taken out,

    A/Omega = R^n F(x_0) + int x^(-P) [(rho^n - R^n) S + R^n c rho'^2/(S - beta x')],

x_0 the depth at the axis and F the finite part of int sqrt(B) dx. Near the boundary rho = R - b_0 x^2/(2 c_0 R) + ...,
and what is left in brackets goes like x^2: finite for P = 2; for P = 3 it is K/x with K = -beta_0^3/(2 c_0) from the
curvature of the sphere, which makes the logarithm of even dimensions, K log(x_0/epsilon), of which log(1/epsilon) is
left out. beta^2 = b = x^(2P) B.

A does not change to first order when the surface is deformed at fixed R, so that dA/dR is the derivative of this at
fixed shape. Source: the area of a sphere's surface in AdS, Ryu and Takayanagi 2006, hep-th/0605073.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from holosym.surfaces.disk_chart import Chart, Metric
from holosym.surfaces.disk_shape import at_points
from holosym.surfaces.quadrature import gauss
from holosym.surfaces.strip import radial_area

MORE, COUNT = 24, 48


def sphere(transverse: int) -> float:
    """Omega, the area of the unit sphere of d - 2 dimensions."""
    return float(2 * math.pi ** ((transverse + 1) / 2) / math.gamma((transverse + 1) / 2))


def finite_area(chart: Chart, ends: tuple[float, float], radii: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """The finite part of A and dA/dR, each (n,).

    Args:
        chart: of the functional.
        ends: b and c at the boundary.
        radii: (n,).
        u: (n, nodes).
    """
    with torch.enable_grad():
        radius = radii.detach()[:, None].requires_grad_()
        # u at the boundary moves with R; so does all of u, as much
        start = boundary_value(ends, radius)
        area = _area(chart, ends, radius, u.detach() + start - start.detach())
        (slope,) = torch.autograd.grad(area.sum(), radius)
    return area.detach(), slope[:, 0]


def boundary_value(ends: tuple[float, float], radius: Tensor) -> Tensor:
    """u at the boundary."""
    return radius / 2 * (1 - ends[0] / ends[1])


def curvature_term(ends: tuple[float, float]) -> float:
    """K, from b and c at the boundary."""
    return -ends[0] * math.sqrt(ends[0]) / (2 * ends[1])


def _area(chart: Chart, ends: tuple[float, float], radius: Tensor, u: Tensor) -> Tensor:
    functional = chart.functional
    power, transverse = functional.powers[0], functional.dimension - 2
    v, weights = gauss(u.shape[-1] + MORE)
    curve = at_points(u.shape[-1], v).curve(radius, u)
    metric = chart.metric(curve.t)
    radial = torch.sqrt(metric.g / metric.a) * curve.t1
    size = torch.sqrt(radial**2 + metric.c * curve.rho1**2)
    # rho^n - R^n
    narrower = -curve.short * sum(curve.rho**k * radius ** (transverse - 1 - k) for k in range(transverse))
    # theta runs from the axis: x falls along it
    rest = narrower * size + radius**transverse * metric.c * curve.rho1**2 / (size - radial)
    density = metric.x**-power * rest
    tip = radius + u[:, -1:]
    depth = chart.metric(tip)
    total = radius**transverse * _column(chart, tip, depth)
    if power == 3:
        curvature = curvature_term(ends)
        density = density + curvature * metric.g * curve.t1 / metric.x
        total = total + curvature * torch.log(depth.x)
    return sphere(transverse) * (total[:, 0] + (density * (math.pi * v * weights)).sum(dim=-1))


def _column(chart: Chart, depth: Tensor, metric: Metric) -> Tensor:
    """F(x_0), with dF = sqrt(B) dx_0; beyond half way to a horizon by s = sqrt(g), in which sqrt(B) dx is smooth."""
    functional, power = chart.functional, chart.functional.powers[0]
    with torch.no_grad():
        half = functional.end / 2 if chart.rate else math.inf
        value = radial_area(functional, torch.clamp(metric.x, max=half), functional.end if chart.rate else math.inf)
        if chart.rate:
            last = torch.sqrt(torch.clamp(metric.g, max=0.5))
            nodes, weights = gauss(COUNT)
            s = last + (math.sqrt(0.5) - last) * nodes
            here = chart.metric(-2 / chart.rate * torch.log(s))
            density = 2 / chart.rate * here.x**-power / torch.sqrt(here.a)
            value = value + ((math.sqrt(0.5) - last) * weights * density).sum(dim=-1, keepdim=True)
        slope = torch.sqrt(metric.g / metric.a) * metric.x**-power
    return value + slope * (depth - depth.detach())
