r"""States of black branes at the start of a fit, and which of the data a theory reaches where it does not reach all.

A state with controls c_i lies the farther from the neutral brane the larger |c_i| is; of the data, ordered by

    d_i = max_j |c_ij| / max_k |c_kj|,

the last one that is reached is found by bisection.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from holosym.errors import ExperimentError, SolveError
from holosym.fit.measured import Measured
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control
from holosym.solve.homotopy import ON_THE_WAY, reach

_POSITIVE = re.compile(r"^([Ts]|s/T(\^[\d.]+)?)$")
_ERRORS = 5  # of a value that may as well be positive
_COARSE = 0.05  # the least step on the way to a single state: this only makes a message better


def reach_data(
    problem: BoundaryValueProblem, controls: Sequence[Control], data: Sequence[Measured], *, tolerance: float
) -> Tensor:
    """The unknowns (n, N) of the states of all rows of all files, to six digits: they are guesses for `FollowedStates`.

    Raises:
        ExperimentError: some are not reached; the message has the range of those that are.
        SolveError: none is.
    """
    count = sum(len(one) for one in data)
    try:
        return reach(problem, controls, count, tolerance=tolerance, precision=ON_THE_WAY)
    except SolveError as error:
        last = error
    order = _distance(controls, count).argsort(stable=True).tolist()

    def reached(k: int) -> bool:
        nonlocal last
        try:
            single = [_single(control, order[k]) for control in controls]
            reach(problem, single, 1, tolerance=tolerance, least=_COARSE, precision=ON_THE_WAY)
        except SolveError as error:
            last = error
            return False
        return True

    if not reached(0):
        raise SolveError(
            last.message,
            mend="give couplings anchors with which the theory has its boundary, such as V(0) and V''(0), "
            "or begin nearer to the true ones",
        )
    inside, outside = 0, count
    while outside - inside > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if reached(middle) else (inside, middle)
    raise _too_far(data, order[: inside + 1], last)


def require_positive(data: Sequence[Measured]) -> None:
    """Temperatures and entropy densities are positive in every row, within some errors of theirs.

    Raises:
        ExperimentError: one is not; the message has its column, and its line in the file.
    """
    for one in data:
        _require_positive(one, one.against, one.against, one.where, one.where)
        for column in one.columns:
            errors = torch.zeros_like(column.values) if column.errors is None else column.errors
            _require_positive(one, column.name, column.observable, column.values, column.values + _ERRORS * errors)


def _require_positive(one: Measured, column: str, quantity: str, values: Tensor, most: Tensor) -> None:
    if not _POSITIVE.match(quantity) or not bool((most <= 0).any()):
        return
    row = int((most <= 0).nonzero()[0])
    raise ExperimentError(
        f"{column} = {float(values[row]):g} is not the {quantity} of a black brane: theories reach {quantity} > 0",
        mend=f"leave out the rows where {column} is zero or negative",
        file=one.file,
        line=one.line(row),
    )


def _distance(controls: Sequence[Control], count: int) -> Tensor:
    """(n,), of the states from the neutral brane."""
    found = torch.zeros(count, dtype=torch.float64)
    for control in controls:
        size = (torch.as_tensor(control.target, dtype=torch.float64) + torch.zeros(count, dtype=torch.float64)).abs()
        found = torch.maximum(found, size / (float(size.max()) or 1.0))
    return found


def _single(control: Control, state: int) -> Control:
    target = torch.as_tensor(control.target)
    return replace(control, target=target[state : state + 1] if target.ndim else target)


def _too_far(data: Sequence[Measured], inside: list[int], last: SolveError) -> ExperimentError:
    where = torch.cat([one.where for one in data])
    known = where[inside]
    low, high = float(known.min()), float(known.max())
    beyond = (where < low) | (where > high)
    outside = where[beyond]
    name = data[0].against
    if not len(outside):
        return ExperimentError(f"not all of the data are reached: {last.message}", mend=last.mend)
    least, most = float(outside.min()), float(outside.max())
    those = f"{name} = {least:g}" if least == most else f"{name} from {least:g} to {most:g}"
    file, line = _place(data, int(beyond.nonzero()[0]))
    return ExperimentError(
        f"column {name!r}: with its couplings as they are at the start, the theory reaches the data with {name} from "
        f"{low:g} to {high:g}, and not those with {those}",
        mend="leave out those rows, or begin with couplings nearer to the true ones",
        file=file,
        line=line,
    )


def _place(data: Sequence[Measured], row: int) -> tuple[Path, int | None]:
    """The file and the line of a row, counted over all files."""
    for one in data:
        if row < len(one):
            break
        row -= len(one)
    return one.file, one.line(row)
