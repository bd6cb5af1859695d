r"""The finite area of a surface over a disk.

Near the boundary rho = R - b_0 x^2/(2 c_0 R) + ..., so that in A = Omega int x^(-P) G dx

    G = rho^(d-2) sqrt(b + c rho_x^2) = R^(d-2) beta  -  [P = 3] x^2 beta_0^3/(2 c_0)  + terms beyond x^(P-1):

the terms of the strip, and from P = 3 the curvature of the sphere, which makes the logarithm of even dimensions.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid
from holosym.errors import SurfaceError
from holosym.surfaces.finite_part import primitive
from holosym.surfaces.functional import Functional, Term
from holosym.surfaces.quadrature import gauss

MORE = 12


def divergent_terms(functional: Functional, radius: float) -> list[Term]:
    """(power, log, coefficient) of G through x^(P-1).

    Raises:
        SurfaceError: for boundaries of more than four dimensions.
    """
    power, transverse = functional.powers[0], functional.dimension - 2
    if power > 3:
        raise SurfaceError("disks are made for boundaries of dimension at most 4", mend="ask for strips")
    found = [(e, k, radius**transverse * value) for e, k, value in functional.terms]
    if power == 3:
        leading = functional.terms[0][2]
        _, c = functional.pieces(torch.zeros((), dtype=torch.float64))
        found.append((2.0, 0, -(leading**3) / (2 * c[0])))
    return found


def finite_area(functional: Functional, grid: ChebyshevGrid, radius: float, width: float, r: Tensor) -> float:
    """The finite part of A.

    Args:
        functional: B and C.
        grid: nodes of theta, from the axis to the boundary.
        radius: R.
        width: w, x = r cos(theta) and rho = w r sin(theta).
        r: at the nodes.
    """
    power, transverse = functional.powers[0], functional.dimension - 2
    # no more than the surface needs: the nodes nearest to the boundary subtract large numbers
    u, weights = gauss(len(grid) + MORE)
    theta = math.pi / 2 * u
    # cos(theta) is right relative to itself, and so is x
    sine, cosine = torch.sin(theta), torch.sin(math.pi / 2 * u.flip(0))
    here, slope = grid.interpolate(torch.stack([r, grid.derivatives[1] @ r]), theta)
    # the equation has r' = 0 at the boundary; what rounding leaves of it would be multiplied with 1/x^2
    slope = slope - (grid.derivatives[1] @ r)[-1] * u**4
    x, rho = here * cosine, width * here * sine
    x1, rho1 = slope * cosine - here * sine, width * (slope * sine + here * cosine)
    b, c = functional.pieces(x)
    density = rho**transverse * x**-power * torch.sqrt(b[0] * x1**2 + c[0] * rho1**2)
    terms = divergent_terms(functional, radius)
    tip = r[0]
    total = torch.zeros((), dtype=torch.float64)
    for e, k, value in terms:
        # dx < 0 along theta
        density = density + value * x ** (e - power) * torch.log(x) ** k * x1
        total = total + value * primitive(tip, e - power, k)
    omega = 2 * math.pi ** ((transverse + 1) / 2) / math.gamma((transverse + 1) / 2)
    return omega * float(total + math.pi / 2 * (weights * density).sum())
