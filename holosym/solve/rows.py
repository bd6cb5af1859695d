"""Rows of a Jacobian from partial derivatives with respect to jets, and rows stacked into one system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from holosym.ansatz.shapes import broadcast_shape
from holosym.solve.conditions import JetEntry
from holosym.solve.system import Linearised


def jet_rows(
    partials: Mapping[JetEntry, Tensor | float], operators: Sequence[Tensor], profiles: Iterable[str]
) -> tuple[Tensor, Tensor]:
    """The chain rule from jets to nodal values, for m rows at once.

    Args:
        partials: derivatives of the rows by (profile, order), each broadcasting to (..., m).
        operators: by order, the matrix (m, n) from nodal values to that derivative where the rows live.
        profiles: the profiles in the order of the unknowns.

    Returns:
        The Jacobian (..., m, N), N = number of profiles times n, and the sum of the |partials| (..., m).
    """
    columns = {profile: torch.zeros_like(operators[0]) for profile in profiles}
    size = zero = torch.zeros_like(operators[0][:, 0])
    for (profile, order), partial in partials.items():
        # A plain number must not pass through torch's default type, which has only seven digits.
        weight = torch.as_tensor(partial, dtype=zero.dtype, device=zero.device)
        columns[profile] = columns[profile] + weight[..., None] * operators[order]
        size = size + weight.abs()
    return concatenate(list(columns.values())), size


def stack(blocks: Sequence[Linearised]) -> Linearised:
    """Blocks of rows, one below the other; their leading dimensions are broadcast to those of all."""
    residual = concatenate([block.residual for block in blocks])
    batch, rows = residual.shape[:-1], residual.shape[-1]
    jacobian = concatenate([block.jacobian.mT for block in blocks]).mT
    return Linearised(
        residual,
        jacobian.expand(*batch, rows, jacobian.shape[-1]),
        concatenate([block.scale for block in blocks]).expand(*batch, rows),
        concatenate([block.weight for block in blocks]).expand(*batch, rows),
    )


def concatenate(parts: Sequence[Tensor]) -> Tensor:
    """Tensors joined along the last dimension, all others broadcast."""
    batch = broadcast_shape(*(part.shape[:-1] for part in parts))
    return torch.cat([part.expand(*batch, part.shape[-1]) for part in parts], dim=-1)
