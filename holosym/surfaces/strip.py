r"""A strip, or a string, that hangs down to a turning point x*.

With q(x) = C(x*)/C(x) the conserved momentum P = C x_1'/sqrt(B + C x_1'^2) = sqrt(C(x*)) gives

    l = 2 int_0^{x*} sqrt(B/C) sqrt(q/(1 - q)) dx,          A = 2 int_0^{x*} sqrt(B)/sqrt(1 - q) dx,

per transverse volume. The divergence of A has no part in the embedding:

    A/2 = P l/2 + F(x*) - int_0^{x*} sqrt(B) q/(1 + sqrt(1 - q)) dx,      F = finite part of int_0^{x*} sqrt(B) dx,

so that no large numbers cancel at the boundary, and dA/dl = P. F is integrated by parts there (`finite_part`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.finite_part import finite_part
from holosym.surfaces.functional import Functional, Jet
from holosym.surfaces.quadrature import Nodes, boundary_nodes, turning_nodes

COUNT = 64
"""Nodes of a surface, half of them near the boundary, half near the turning point."""
FEWER = 12
"""Nodes less in the evaluation that estimates the error."""
NEAR = 1e-3
"""Where (x* - x)/x* is less than this, C(x*) - C(x) is taken from derivatives."""


@dataclass(frozen=True)
class Strip:
    """Surfaces by their turning points; all of the turning points' shape.

    Attributes:
        turning: x*.
        length: l.
        area: the finite part of A, for a cutoff at x = epsilon.
        momentum: P = dA/dl.
        error: of the area, from two orders of quadrature; None where not asked for.
    """

    turning: Tensor
    length: Tensor
    area: Tensor
    momentum: Tensor
    error: Tensor | None = None


def strip(functional: Functional, turning: Tensor, *, count: int = COUNT, estimate: bool = False) -> Strip:
    """Strips by their turning points.

    Args:
        functional: B and C.
        turning: x*, of any shape, between the boundary and the end.
        count: nodes of one surface.
        estimate: evaluate with fewer nodes too, for an estimate of the error.

    Raises:
        SurfaceError: for a turning point at the boundary or behind the horizon.
    """
    require_reachable(functional, turning)
    length, area, momentum = _integrals(functional, turning, count)
    error = None
    if estimate:
        _, rough, _ = _integrals(functional, turning, count - FEWER)
        error = (rough - area).detach().abs()
    return Strip(turning, length, area, momentum, error)


def require_reachable(functional: Functional, turning: Tensor) -> None:
    """Refuse turning points where no surface can turn.

    Raises:
        SurfaceError: naming the first of them.
    """
    outside = ~((turning > 0) & (turning < functional.end))
    if bool(outside.any()):
        first = float(turning.detach()[outside].reshape(-1)[0])
        where = f"behind the {functional.ends_at} at x = {functional.end:.6g}" if first > 0 else "not inside the bulk"
        raise SurfaceError(
            f"no surface turns at x = {first:.6g}: this is {where}",
            mend=f"choose turning points between 0 and {functional.end:.6g}",
        )


def radial_area(functional: Functional, upper: Tensor, end: float, count: int = COUNT) -> Tensor:
    """F(x) = finite part of int_0^x sqrt(B) dx, the area of a piece at fixed x_1.

    Args:
        functional: B and C.
        upper: x, of any shape.
        end: where sqrt(B) diverges like the inverse root of the distance, a horizon; infinite where it does not.
        count: nodes.
    """
    near, far = boundary_nodes(upper, count // 2), turning_nodes(upper, end, count - count // 2)
    inner = finite_part(functional, upper / 2, near.x, near.weights, functional.pieces(near.x)[0])
    b, _ = functional.pieces(far.x)
    return inner + (far.weights * torch.sqrt(b[0]) * far.x ** -functional.powers[0]).sum(dim=-1)


def _integrals(functional: Functional, turning: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Length, finite area and momentum."""
    deepest = functional.pieces(turning[..., None])[1]
    momentum = (turning ** -functional.powers[1])[..., None] * torch.sqrt(deepest[0])
    end = functional.end if functional.ends_at == "horizon" else torch.inf
    near, far = boundary_nodes(turning, count // 2), turning_nodes(turning, end, count - count // 2)
    span, correction = torch.zeros_like(turning), torch.zeros_like(turning)
    for nodes in (near, far):
        b, c = functional.pieces(nodes.x)
        q, rest = _ratio(functional, nodes, c, deepest)
        along = torch.sqrt(b[0] / c[0]) * nodes.x ** (functional.powers[1] - functional.powers[0])
        root = torch.sqrt(rest)
        span = span + (nodes.weights * along * torch.sqrt(q) / root).sum(dim=-1)
        radial = torch.sqrt(b[0]) * nodes.x ** -functional.powers[0]
        correction = correction + (nodes.weights * radial * q / (1 + root)).sum(dim=-1)
        if nodes is far:
            middle = (nodes.weights * radial).sum(dim=-1)
        else:
            inner = finite_part(functional, turning / 2, nodes.x, nodes.weights, b)
    length = 2 * span
    momentum = momentum[..., 0]
    return length, momentum * length + 2 * (inner + middle - correction), momentum


def _ratio(functional: Functional, nodes: Nodes, c: Jet, deepest: Jet) -> tuple[Tensor, Tensor]:
    """q = C(x*)/C(x), and 1 - q without cancellation where x is near x*.

    log(x/x*) is exact in the gap; c(x*) - c(x) is the trapezoidal rule with its first correction, whose error is
    (gap)^5 c^(5)/720.
    """
    power = 2 * functional.powers[1]
    gap = nodes.gap
    close = gap < NEAR * nodes.turning
    by_slopes = gap * (c[1] + deepest[1]) / 2 - gap**2 * (deepest[2] - c[2]) / 12
    change = torch.where(close, by_slopes, deepest[0] - c[0])
    logarithm = power * torch.log1p(-gap / nodes.turning) + torch.log1p(change / c[0])
    return torch.exp(logarithm), -torch.expm1(logarithm)
