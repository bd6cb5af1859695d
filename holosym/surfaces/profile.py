r"""The curve of a strip or a string: x_1 at depths from the turning point to the boundary,

    x_1(x) = int_x^{x*} sqrt(B/C) sqrt(q/(1 - q)) dx,        q = C(x*)/C(x),

measured from its centre.
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.surfaces.functional import Functional
from holosym.surfaces.quadrature import turning_nodes
from holosym.surfaces.strip import COUNT, ratio, require_reachable


def strip_profile(
    functional: Functional, turning: Tensor, points: int = 201, count: int = COUNT
) -> tuple[Tensor, Tensor]:
    """Half of the curve, for plots.

    Args:
        functional: B and C.
        turning: x*, of any shape (...).
        points: of the curve.
        count: nodes of quadrature.

    Returns:
        x_1 and x, (..., points), from the centre to the boundary; the other half is its mirror image.

    Raises:
        SurfaceError: for a turning point at the boundary or behind the horizon.
    """
    require_reachable(functional, turning)
    share = torch.linspace(0.0, 1.0, points, dtype=turning.dtype)[1:] ** 2
    turning = turning[..., None]
    x = turning * (1 - share)
    nodes = turning_nodes(turning.expand_as(x), functional.graded, count, x)
    deepest = functional.pieces(turning[..., None])[1]
    b, c = functional.pieces(nodes.x)
    q, root = ratio(functional, nodes, c, deepest, close=True)
    power, along = functional.powers
    slope = torch.sqrt(b[0] / c[0] * q) / root * nodes.x ** (along - power)
    outward = (nodes.weights * slope).sum(dim=-1)
    return torch.cat([torch.zeros_like(turning), outward], dim=-1), torch.cat([turning, x], dim=-1)
