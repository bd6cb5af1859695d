r"""What the data determine: singular values, bands, and where a function is not known at all.

With J the derivative of the data, divided by their errors, by the unknowns theta, and B the derivative of the
unknown functions on a grid (and of the parameters), each divided by its own size and by the root of its number
of points,

    J dtheta = noise of size one,        |B dtheta| = the relative change of the functions.

In coordinates in which |B dtheta| = |xi|, the singular values sigma_i of J are signal to noise for a change of the
functions by their whole size: a direction with sigma_i > 1 is determined better than that. With a prior that functions
are known to their own size and no better, the covariance and the band of one standard deviation are

    C = (J^T J + B^T B)^(-1),        band(x)^2 = b(x) C b(x)^T,

b(x) the derivative of the function at x. Where the band is as wide as half the function, the data say nothing there.
Where fields are unknowns too (all at once), J is that of data through equations that hold:
J = J_data,target - J_data,field J_eq,field^+ J_eq,target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

UNDETERMINED = 0.5
_CUT = 1e-6  # a change of coefficients a million times that of the function is beyond any linear statement
_RANK = 1e-9


@dataclass(frozen=True)
class Target:
    """An unknown as it is reported.

    Attributes:
        name: of the coupling or parameter.
        columns: where its part of theta stands among the columns of J.
        x: (k,), the argument's grid; None for a parameter.
        values: (k,) or (1,).
        design: (k, size), derivatives of the values by its part of theta.
        least: of its size; a parameter found near zero is not known to be small for that.
    """

    name: str
    columns: slice
    x: Tensor | None
    values: Tensor
    design: Tensor
    least: float = 0.0

    @property
    def size(self) -> float:
        """What a change is measured by: the largest absolute value or `least`, or one where both are zero."""
        return max(float(self.values.abs().max()), self.least) or 1.0


@dataclass(frozen=True)
class Identified:
    """What is known of all targets.

    Attributes:
        singular: (k,), descending.
        directions: how many of them are above one.
        bands: by target, one standard deviation at each point of its grid.
        sentences: for people.
    """

    singular: Tensor
    directions: int
    bands: dict[str, Tensor]
    sentences: tuple[str, ...]


def identify(jacobian: Tensor, targets: Sequence[Target], *, assumed: float | None = None) -> Identified:
    """Singular values, bands and sentences.

    Args:
        jacobian: (M, P), the data's derivatives in units of their errors; the columns are those of the targets.
        targets: what is reported.
        assumed: the relative error the rows were divided by, where the data had none of their own.
    """
    unknowns = jacobian.shape[1]
    rows = [_padded(one.design / one.size / one.design.shape[0] ** 0.5, one.columns, unknowns) for one in targets]
    basis = torch.cat(rows) if rows else jacobian.new_zeros(0, unknowns)
    units = torch.linalg.vector_norm(basis, dim=0)  # in which coefficients of any size are alike
    units = torch.where(units == 0, 1.0, units)
    _, lengths, right = torch.linalg.svd(basis / units, full_matrices=False)
    kept = lengths > _CUT * lengths.max() if len(lengths) else lengths.bool()
    frame = right[kept].mT / lengths[kept] / units[:, None]
    count = frame.shape[1]
    seen = torch.nn.functional.pad(jacobian @ frame, (0, 0, 0, max(count - len(jacobian), 0)))
    # The covariance in its own axes is a sum of squares; inverted as a matrix, rounding makes wide bands negative.
    _, signal, own = torch.linalg.svd(seen, full_matrices=False)
    singular = signal[: len(jacobian)]
    bands = {}
    for one in targets:
        spread = _padded(one.design, one.columns, unknowns) @ frame @ own.mT
        bands[one.name] = (spread.square() / (1 + signal.square())).sum(dim=-1).sqrt()
    directions = int((singular > 1).sum())
    total = int(kept.sum())
    said = [
        f"The data determine {directions} of {total} directions of the unknowns"
        + (f", counted at an assumed relative error of {assumed:g}." if assumed is not None else " at their errors.")
    ]
    said += [text for one in targets if (text := _gap(one, bands[one.name]))]
    return Identified(singular, directions, bands, tuple(said))


def through_equations(data: Tensor, equations: Tensor, fields: Tensor) -> Tensor:
    """The data's Jacobian by the targets, with the equations kept.

    What the equations leave free, such as initial conditions that are not given, is known to order one in theta and
    fitted along: with J_free the data's derivative by it, rows are measured in the noise 1 + J_free J_free^T.

    Args:
        data: (M, P), all columns.
        equations: (E, P), all columns.
        fields: (P,), which columns are fields.
    """
    if not bool(fields.any()):
        return data
    left, lengths, right = torch.linalg.svd(equations[:, fields], full_matrices=False)
    kept = lengths > _RANK * lengths[0]
    left, lengths, right = left[:, kept], lengths[kept], right[kept]
    seen = data[:, fields] @ right.mT
    through = data[:, ~fields] - seen / lengths @ (left.mT @ equations[:, ~fields])
    free = data[:, fields] - seen @ right
    noise = torch.eye(len(data), dtype=data.dtype, device=data.device) + free @ free.mT
    whitened: Tensor = torch.linalg.solve_triangular(torch.linalg.cholesky(noise), through, upper=False)
    return whitened


def _padded(block: Tensor, columns: slice, width: int) -> Tensor:
    full = block.new_zeros(block.shape[0], width)
    full[:, columns] = block
    return full


def _gap(target: Target, band: Tensor) -> str:
    """A sentence on where a target is not determined; empty where it is everywhere."""
    loose = band > UNDETERMINED * target.size
    if not bool(loose.any()):
        return ""
    if target.x is None:
        return f"{target.name} is not determined by the data."
    if bool(loose.all()):
        return f"{target.name} is not determined by the data anywhere."
    places = []
    start = None
    for i, open_ in enumerate([*loose.tolist(), False]):
        if open_ and start is None:
            start = i
        if not open_ and start is not None:
            places.append(f"[{float(target.x[start]):.3g}, {float(target.x[i - 1]):.3g}]")
            start = None
    return f"{target.name} is not determined by the data in {' and '.join(places)}."
