"""What the data of a fit determine of its unknowns: from its Jacobian and its layout to `identifiability`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from holosym.ansatz.anchored import Anchored
from holosym.fit.assembled import Assembled
from holosym.fit.identifiability import Identified, Target, identify, through_equations
from holosym.fit.layout import Entry
from holosym.fit.met import counted
from holosym.fit.summary import Compared

GRID = 201


def grid_of(entry: Entry) -> Tensor:
    """(k,), where an unknown function is reported."""
    assert entry.function is not None
    return torch.linspace(*entry.function.interval, GRID, dtype=torch.float64)


def targets_of(made: Assembled, theta: Tensor, best: int, probed: Mapping[str, tuple[float, float]]) -> list[Target]:
    """The unknowns that are reported, with their columns among those that are not fields.

    Args:
        theta: (S, P).
        best: which seed.
        probed: by coupling, the part of its axis that the solutions reach.
    """
    parts = made.layout.split(theta)
    found, at = [], 0
    for entry in made.layout.entries:
        if entry.kind not in ("coupling", "parameter"):
            continue
        columns = slice(at, at + entry.size)
        at = columns.stop
        part = parts[entry.name][best, 0]
        if entry.function is None:
            value, slope = entry.value(part), entry.slope(part)[:, None]
            found.append(Target(entry.name, columns, None, value, slope, least=entry.scale))
        else:
            x = grid_of(entry)
            values, design = entry.function.jet(part, x, 0)[0], entry.function.sensitivity(part, x, 0)[0]
            said = entry.function.interpolant(x) if isinstance(entry.function, Anchored) else None
            reach = probed.get(entry.name)
            found.append(Target(entry.name, columns, x, values, design, said=said, probed=reach))
    return found


def identified(
    made: Assembled, theta: Tensor, targets: list[Target], compared: Sequence[Compared]
) -> Identified | None:
    """What the data say of the targets at one seed (1, P); None without data or without unknowns."""
    if not made.splits or not targets:
        return None
    terms = made.objective.jacobian(theta)
    data = torch.cat([terms[name][1][0] / taken[:, None] for name, taken in _taken(made, compared).items()])
    loose = torch.zeros(made.layout.size, dtype=torch.bool)
    for entry in made.layout.entries:
        if entry.kind in ("field", "datum"):
            loose[made.layout.slices[entry.name]] = True
    held = [matrix[0] for name, (_, matrix) in terms.items() if name.startswith(("equation ", "condition "))]
    if bool(loose.any()) and held:
        data = through_equations(data, torch.cat(held), loose)
    elif bool(loose.any()):
        data = data[:, ~loose]
    return identify(data, targets, counted=counted(compared))


def _taken(made: Assembled, compared: Sequence[Compared]) -> dict[str, Tensor]:
    """By term, the errors that its rows (w,) are taken to have, in what the fit measured them in."""
    found: dict[str, list[Tensor]] = {}
    for part, one in zip(made.splits, compared, strict=True):
        if bool(part.used.any()):
            found.setdefault(f"data {part.column.name}", []).append((one.taken / part.scale)[part.used])
    return {name: torch.cat(parts) for name, parts in found.items()}
