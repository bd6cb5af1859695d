r"""Panels: Chebyshev grids side by side, 0 = b_0 < b_1 < ... < b_m = 1, each with nodes of its own.

A node that two panels share stands twice, so a function has its values from either side, and whoever solves
equations on the panels asks for continuity there. Geometric breaks b_j = sigma^(m-j) resolve any power of x
or of log x at x = 0 exponentially in the total number of nodes, and narrow layers at either end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid, chebyshev_grid


@dataclass(frozen=True)
class Sites:
    """Points where functions on the panels are evaluated.

    Attributes:
        points: (m,), ascending.
        derivatives: matrices (m, n) from values at the nodes to derivatives of order 0, 1, 2, ... at the points.
        first: how many of the points belong to the first panel.
    """

    points: Tensor
    derivatives: tuple[Tensor, ...]
    first: int


@dataclass(frozen=True)
class Panels:
    """Adjacent Chebyshev grids; make them with `panels`.

    Attributes:
        grids: from left to right.
        nodes: (n,), all nodes in order; inner breaks appear twice.
        derivatives: block-diagonal matrices (n, n) of order 0, 1, 2, ...
        seams: pairs of indices of the nodes that stand for the same point, left and right.
    """

    grids: tuple[ChebyshevGrid, ...]
    nodes: Tensor
    derivatives: tuple[Tensor, ...]
    seams: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return self.nodes.shape[0]

    @property
    def first(self) -> int:
        """The number of nodes of the first panel."""
        return len(self.grids[0])

    @property
    def sites(self) -> Sites:
        """The nodes themselves."""
        return Sites(self.nodes, self.derivatives, self.first)

    def finer(self, extra: int) -> Sites:
        """On each panel the Chebyshev nodes of a grid with `extra` more, without x = 0."""
        order = len(self.derivatives)
        points: list[Tensor] = []
        blocks: list[list[Tensor]] = []
        for grid in self.grids:
            ends = float(grid.nodes[0]), float(grid.nodes[-1])
            finer = chebyshev_grid(len(grid) + extra, *ends, order=0, device=grid.nodes.device).nodes
            points.append(finer if blocks else finer[1:])
            unit = torch.eye(len(grid), dtype=finer.dtype, device=finer.device)
            values = grid.interpolate(unit, points[-1]).mT
            blocks.append([values @ matrix for matrix in grid.derivatives])
        derivatives = tuple(torch.block_diag(*(block[k] for block in blocks)) for k in range(order))  # type: ignore[no-untyped-call]
        return Sites(torch.cat(points), derivatives, len(points[0]))

    def interpolate(self, values: Tensor, points: Tensor) -> Tensor:
        """Values (..., n) at the nodes to values (..., m) at points (m,), each from its own panel."""
        result = values.new_zeros(*values.shape[:-1], points.shape[0])
        start = 0
        for i, grid in enumerate(self.grids):
            part = values[..., start : start + len(grid)]
            start += len(grid)
            mine = points >= grid.nodes[0] if i else torch.ones_like(points, dtype=torch.bool)
            # far outside of its interval the barycentric form is 0/0, and its gradient would not be a number
            here = mine & (points <= grid.nodes[-1]) if i + 1 < len(self.grids) else mine
            inside = torch.where(here, points, grid.nodes[-1])
            result = torch.where(mine, grid.interpolate(part, inside), result)
        return result


def panels(
    breaks: Sequence[float], nodes: Sequence[int], *, order: int = 2, device: torch.device | str = "cpu"
) -> Panels:
    """Panels between `breaks`, ascending, with `nodes` nodes each.

    Raises:
        ValueError: numbers of breaks and panels that do not fit, or an empty panel.
    """
    if len(breaks) != len(nodes) + 1:
        raise ValueError(f"{len(breaks)} breaks do not bound {len(nodes)} panels")
    grids = tuple(
        chebyshev_grid(n, left, right, order=order, device=device)
        for n, left, right in zip(nodes, breaks, breaks[1:], strict=False)
    )
    ends = [0]
    for grid in grids:
        ends.append(ends[-1] + len(grid))
    return Panels(
        grids,
        torch.cat([grid.nodes for grid in grids]),
        tuple(torch.block_diag(*(grid.derivatives[k] for grid in grids)) for k in range(order + 1)),  # type: ignore[no-untyped-call]
        tuple((end - 1, end) for end in ends[1:-1]),
    )
