r"""What can be told of a fit before its first step: whether it can begin, and whether every unknown matters.

With r the rows that are lowered and theta_a the part of the unknowns that one parameter or coupling has,

    dr/dtheta_a = 0

at the start and near it means that nothing constrains it: the start alone may be a place where a square is zero. All at
once the fields at the start are no solution, and may be zero; there a place near the start decides, at random. A
smoothness prior is no knowledge of an unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from holosym.errors import ExperimentError
from holosym.fit.assembled import Assembled
from holosym.fit.layout import Entry
from holosym.optimise.objective import Weighted

_AWAY = 0.3
_NEAR = 1e-3


def require_constrained(made: Assembled) -> None:
    """Every unknown has an effect on data or equations, and solutions reach every coupling's range.

    The objective remembers nothing of this.

    Raises:
        ExperimentError: the equations have no solution at the start, an unknown has no effect, or a range is elsewhere.
    """
    asked = [entry for entry in made.layout.entries if entry.size]
    if not asked:
        return
    memory = {name: value.clone() for name, value in made.objective.memory().items()}
    theta = made.layout.initial(1, made.experiment.seed)
    reduced = made.experiment.way == "reduced"
    sizes = _reduced_sizes(made, theta) if reduced else _sizes_nearby(made, theta)
    for entry in asked:
        if reduced and bool(sizes.isfinite().all()):
            _require_reached(made, entry, theta)
        if float(sizes[made.layout.slices[entry.name]].abs().max()) == 0:
            raise _unconstrained(entry)
    made.objective.restore(memory)


def _unconstrained(entry: Entry) -> ExperimentError:
    mends = {"parameter": "or let it stand under [fixed] with a value", "coupling": "or let it stand under [couplings]"}
    return ExperimentError(
        f"nothing constrains {entry.name}: neither data nor equations change with it",
        mend=f"give data or conditions that depend on it, {mends.get(entry.kind, 'or equations a weight')}",
        key=("unknown", entry.name) if entry.kind in mends else (),
    )


def _knowing(made: Assembled) -> dict[str, float]:
    """The weights of the terms in which something is known."""
    return {term: weight for term, weight in made.weights.items() if not term.startswith("smoothness ")}


def _reduced_sizes(made: Assembled, theta: Tensor) -> Tensor:
    """(P,), the largest derivative by each unknown at the start, or near it where one is zero there.

    Raises:
        ExperimentError: no solution there, and no other seed that might have one.
    """
    asked = _knowing(made)
    rows = [pair for name, pair in made.objective.jacobian(theta).items() if name in asked]
    if made.experiment.seeds == 1 and rows and not any(bool(row.isfinite().all()) for row, _ in rows):
        raise ExperimentError(
            f"the equations have no solution where the fit begins: {getattr(made.objective, 'message', '')}",
            mend=getattr(made.objective, "mend", "")
            or "give as many conditions as the equations need, and unknowns a start that is nearer",
        )
    sizes = _largest(rows, theta)
    if bool((sizes == 0).any()):
        nearby = made.objective.jacobian(_nearby(made, theta, _NEAR))
        sizes = torch.maximum(sizes, _largest([pair for name, pair in nearby.items() if name in asked], theta))
    return sizes


def _largest(rows: Sequence[tuple[Tensor, Tensor]], theta: Tensor) -> Tensor:
    """(P,), zero without rows."""
    return torch.cat([torch.zeros_like(theta), *(matrix[0] for _, matrix in rows)]).abs().amax(dim=0)


def _sizes_nearby(made: Assembled, theta: Tensor) -> Tensor:
    """(P,), the gradient of the loss at a place near the start."""
    asked = _knowing(made)
    if not asked:
        return torch.zeros_like(theta[0])
    gradient: Tensor = Weighted(made.objective, asked).gradient(_nearby(made, theta, _AWAY))[1][0]
    return gradient


def _nearby(made: Assembled, theta: Tensor, far: float) -> Tensor:
    generator = torch.Generator().manual_seed(made.experiment.seed)
    return theta + far * torch.randn(theta.shape, generator=generator, dtype=theta.dtype)


def _require_reached(made: Assembled, entry: Entry, theta: Tensor) -> None:
    if entry.function is None or entry.name not in (reached := made.view.reached(theta)):
        return
    (low, high), (least, most) = entry.function.interval, reached[entry.name]
    if most < low or least > high:
        raise ExperimentError(
            f"the data do not probe the range of {entry.name}, [{low:g}, {high:g}]: solutions reach its argument from "
            f"{least:.3g} to {most:.3g}",
            mend=f"give [unknown.{entry.name}] a range that has this in it",
            key=("unknown", entry.name, "range"),
        )
