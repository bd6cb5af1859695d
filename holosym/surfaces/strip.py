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
from holosym.surfaces.finite_part import finite_part, powered
from holosym.surfaces.functional import Functional, Jet
from holosym.surfaces.quadrature import Nodes, boundary_nodes, turning_nodes

COUNT = 64
"""Nodes of a surface, half of them near the boundary, half near the turning point."""
CHUNK = 1024
"""Turning points at a time, so that what stands at their nodes stays in the processor's cache."""
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
    length, area, momentum = _in_chunks(functional, turning, count)
    error = None
    if estimate:
        with torch.no_grad():
            _, rough, _ = _in_chunks(functional, turning, count - FEWER)
        error = (rough - area.detach()).abs()
    return Strip(turning, length, area, momentum, error)


def _in_chunks(functional: Functional, turning: Tensor, count: int) -> list[Tensor]:
    """`_integrals` of few turning points at a time."""
    if turning.numel() <= CHUNK:
        return list(_integrals(functional, turning, count))
    parts = [_integrals(functional, piece, count) for piece in torch.split(turning.reshape(-1), CHUNK)]
    return [torch.cat(part).reshape(turning.shape) for part in zip(*parts, strict=True)]


def require_reachable(functional: Functional, turning: Tensor) -> None:
    """Refuse turning points where no surface can turn.

    Raises:
        SurfaceError: naming the first of them.
    """
    outside = ~((turning > 0) & (turning < functional.end))
    if bool(outside.any()):
        first = float(turning.detach()[outside].reshape(-1)[0])
        where = (
            f"behind the {functional.ends_at} at {functional.variable} = {functional.end:.6g}"
            if first > 0
            else "not inside the bulk"
        )
        raise SurfaceError(
            f"no surface turns at {functional.variable} = {first:.6g}: this is {where}",
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
    return inner + (far.weights * torch.sqrt(b[0]) * powered(far.x, -functional.powers[0])).sum(dim=-1)


def _integrals(functional: Functional, turning: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Length, finite area and momentum."""
    power, along = functional.powers
    deepest = functional.pieces(turning[..., None])[1]
    momentum = powered(turning, -along) * torch.sqrt(deepest[0][..., 0])
    near = boundary_nodes(turning, count // 2)
    far = turning_nodes(turning, functional.graded, count - count // 2)
    sums = []
    for nodes in (near, far):
        b, c = functional.pieces(nodes.x)
        q, root = ratio(functional, nodes, c, deepest, close=nodes is far)
        radial = nodes.weights * torch.sqrt(b[0]) * powered(nodes.x, -power)
        deep = radial * q
        # sqrt(B/C) sqrt(q) = sqrt(B) q/sqrt(C_*)
        sums.append([(deep / root).sum(dim=-1), (deep / (1 + root)).sum(dim=-1)])
        if nodes is far:
            middle = radial.sum(dim=-1)
        else:
            inner = finite_part(functional, turning / 2, nodes.x, nodes.weights, b)
    span, correction = (a + b for a, b in zip(*sums, strict=True))
    # P l/2 = span
    return 2 * span / momentum, 2 * (span + inner + middle - correction), momentum


def ratio(functional: Functional, nodes: Nodes, c: Jet, deepest: Jet, *, close: bool) -> tuple[Tensor, Tensor]:
    """q = C(x*)/C(x), and sqrt(1 - q) without cancellation; `close`: some x may be near x*.

    There log(x/x*) is exact in the gap; c(x*) - c(x) is the trapezoidal rule with its first correction, whose error is
    (gap)^5 c^(5)/720.
    """
    power = 2 * functional.powers[1]
    q = powered(nodes.x / nodes.turning, power) * (deepest[0] / c[0])
    if not close:
        return q, torch.sqrt(1 - q)
    gap = nodes.gap
    by_slopes = gap * ((c[1] + deepest[1]) / 2 - gap * (deepest[2] - c[2]) / 12)
    change = torch.where(gap < NEAR * nodes.turning, by_slopes, deepest[0] - c[0])
    return q, torch.sqrt(-torch.expm1(power * torch.log1p(-gap / nodes.turning) + torch.log1p(change / c[0])))
