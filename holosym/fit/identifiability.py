r"""What the data determine: singular values, bands, and where a function is not known at all.

With J the derivative of the data, divided by their errors, by the unknowns theta, and B the derivative of the
unknown functions on a grid (and of the parameters), each divided by its own size and by the root of its number
of points,

    J dtheta = noise of size one,        |B dtheta| = the relative change of the functions.

With a prior that functions are known to their own variation and no better, the covariance and the band of one standard
deviation are

    C = (J^T J + B^T B)^(-1),        band(x)^2 = b(x) C b(x)^T,

b(x) the derivative of the function at x. Many directions, each known to the size of the function, would together make
a band wider than that; it ends at the function's own variation.

What the data have to say is less than the whole function: anchors, such as V(0) and V''(0), have said their part, and
where solutions do not reach no data can say anything. So what is determined is judged by the largest value of the
function minus its interpolant of the anchors, where the solutions reach. Where b C b^T is as large as the square of
half of that, the data say nothing. In coordinates in which |B dtheta| = |xi|, with that size in B, the singular values
sigma_i of J are signal to noise for a change by all of it: a direction with sigma_i > 1 is determined better than that.

Where fields are unknowns too (all at once), J is that of data through equations that hold:
J = J_data,target - J_data,field J_eq,field^+ J_eq,target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

UNDETERMINED = 0.5
_LEAST = 0.1  # of its variation; what is found near zero is not known to be small for that
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
        said: (k,), the interpolant of the anchors; None without anchors.
        probed: the part of the axis that the solutions reach; None for all of it.
    """

    name: str
    columns: slice
    x: Tensor | None
    values: Tensor
    design: Tensor
    least: float = 0.0
    said: Tensor | None = None
    probed: tuple[float, float] | None = None

    @property
    def size(self) -> float:
        """What the prior knows it to: how far it goes from its anchors, or its largest absolute value without them.

        A number has at least `least`, and what vanishes has one.
        """
        largest = max(float(self.values.abs().max()), self.least) or 1.0
        return largest if self.said is None else float(self.values.max() - self.values.min()) or largest

    @property
    def unsaid(self) -> float:
        """What the data have to say of it, see the module."""
        inside = self._inside()
        values = self.values[inside]
        if self.said is None:
            return max(float(values.abs().max()), self.least) or self.size
        variation = float(values.max() - values.min())
        return max(float((values - self.said[inside]).abs().max()), _LEAST * variation) or self.size

    def _inside(self) -> Tensor:
        everywhere = torch.ones_like(self.values, dtype=torch.bool)
        if self.x is None or self.probed is None:
            return everywhere
        inside = (self.x >= self.probed[0]) & (self.x <= self.probed[1])
        return inside if bool(inside.any()) else everywhere


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


def identify(jacobian: Tensor, targets: Sequence[Target], *, counted: str = "at their errors") -> Identified:
    """Singular values, bands and sentences.

    Args:
        jacobian: (M, P), the data's derivatives in units of their errors; the columns are those of the targets.
        targets: what is reported.
        counted: what these errors are, for the sentence on directions.
    """
    unknowns = jacobian.shape[1]
    frame = _frame(targets, [one.size for one in targets], unknowns)
    signal, own = _signal(jacobian, frame)
    spreads = {}
    for one in targets:
        spread = _padded(one.design, one.columns, unknowns) @ frame @ own.mT
        spreads[one.name] = (spread.square() / (1 + signal.square())).sum(dim=-1).sqrt()
    bands = {one.name: spreads[one.name].clamp(max=one.size) for one in targets}
    frame = _frame(targets, [one.unsaid for one in targets], unknowns)
    singular = _signal(jacobian, frame)[0][: len(jacobian)]
    directions = int((singular > 1).sum())
    said = [f"The data determine {directions} of {frame.shape[1]} directions of the unknowns {counted}."]
    said += [text for one in targets if (text := _gap(one, spreads[one.name]))]
    return Identified(singular, directions, bands, tuple(said))


def _frame(targets: Sequence[Target], sizes: Sequence[float], unknowns: int) -> Tensor:
    """(P, k), changes of theta of which each changes the functions by one in all, measured in their sizes."""
    rows = [
        _padded(one.design / size / one.design.shape[0] ** 0.5, one.columns, unknowns)
        for one, size in zip(targets, sizes, strict=True)
    ]
    basis = torch.cat(rows)
    units = torch.linalg.vector_norm(basis, dim=0)  # in which coefficients of any size are alike
    units = torch.where(units == 0, 1.0, units)
    _, lengths, right = torch.linalg.svd(basis / units, full_matrices=False)
    kept = lengths > _CUT * lengths.max()
    frame: Tensor = right[kept].mT / lengths[kept] / units[:, None]
    return frame


def _signal(jacobian: Tensor, frame: Tensor) -> tuple[Tensor, Tensor]:
    """Signal to noise (k,), and its axes (k, k) in the frame, in which the covariance is a sum of squares.

    Inverted as a matrix, rounding makes wide bands negative.
    """
    seen = torch.nn.functional.pad(jacobian @ frame, (0, 0, 0, max(frame.shape[1] - len(jacobian), 0)))
    _, signal, own = torch.linalg.svd(seen, full_matrices=False)
    return signal, own


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
    loose = band > UNDETERMINED * target.unsaid
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
