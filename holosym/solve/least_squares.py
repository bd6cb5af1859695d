r"""Weighted least squares by QR, for matrices whose rows differ by many orders of magnitude.

    min_p || W (J p + r) ||,        W_i = weight_i / ||J_i||.

Second derivatives on n Chebyshev nodes make rows of size n^4 beside boundary conditions of size one.
Householder QR is backward stable for the matrix as a whole, not for each row, so the small rows would drown
in the rounding of the large ones: four digits of the demo, with n = 32. Rows of unit length keep them.
Columns are brought to unit length too, so that the diagonal of R shows a direction that no row determines.
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.system import Linearised, System


class LeastSquares:
    """The factorised Jacobian of a system at one point; `step` solves for any right-hand side.

    Args:
        system: names the unknown in the message of an error.
        here: the linearised system; every entry must be finite.

    Raises:
        SolveError: unknowns that the rows leave undetermined.
    """

    def __init__(self, system: System, here: Linearised) -> None:
        self.here = here
        rows, columns = here.jacobian.shape[-2:]
        if rows < columns:
            raise SolveError(
                f"{rows} equations and conditions cannot determine {columns} unknowns",
                mend="add the boundary conditions that are missing",
            )
        self._row_factor = here.weight / _length(here.jacobian, dim=-1)
        matrix = here.jacobian * self._row_factor[..., None]
        self._column_length = _length(matrix, dim=-2)
        # Q stays a product of reflections: to write it out would take longer than to find it.
        self._reflections, self._factors = torch.geqrf(matrix / self._column_length[..., None, :])
        self._r = self._reflections[..., :columns, :]
        diagonal = self._r.diagonal(dim1=-2, dim2=-1).abs()
        if (diagonal <= rows * torch.finfo(diagonal.dtype).eps).any():
            loose = int(diagonal.reshape(-1, columns).amin(dim=0).argmin())
            raise SolveError(
                f"the Jacobian is singular: nothing determines {system.unknown_name(loose)}; "
                f"last residual {float(here.error().max()):.2e}",
                mend="add the boundary condition or choice of gauge that is missing, or start closer",
            )

    def step(self, residual: Tensor) -> Tensor:
        """The p (..., N) that best meets J p = -residual, for rows `residual` (..., M).

        Axes in front of the batch are further right-hand sides of the same matrices, solved together.
        """
        batch, rows = self._r.shape[:-2], residual.shape[-1]
        right = -residual * self._row_factor
        more = right.shape[: right.ndim - 1 - len(batch)]
        columns = right.expand(*more, *batch, rows).reshape(-1, *batch, rows).movedim(0, -1).contiguous()
        turned = torch.ormqr(self._reflections, self._factors, columns, left=True, transpose=True)
        count = self._r.shape[-1]
        solution: Tensor = torch.linalg.solve_triangular(self._r, turned[..., :count, :], upper=True)
        return solution.movedim(-1, 0).reshape(*more, *batch, count) / self._column_length


def _length(matrix: Tensor, dim: int) -> Tensor:
    """Euclidean lengths along `dim`; one where a length is zero, so that a zero row or column stays zero."""
    length = torch.linalg.vector_norm(matrix, dim=dim)
    return torch.where(length == 0, torch.ones_like(length), length)
