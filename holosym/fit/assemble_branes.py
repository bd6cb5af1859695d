"""Black branes all at once: fields, unknown boundary data and unknown couplings of every state together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import ExperimentError
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.assembled import HELD, Assembled, finished, joined, smoothness
from holosym.fit.brane import BraneFields, unknown_data
from holosym.fit.brane_settings import sort_settings
from holosym.fit.experiment import Experiment
from holosym.fit.functions import function_of
from holosym.fit.known_sections import States
from holosym.fit.layout import Entry, Layout
from holosym.fit.measured import Measured
from holosym.fit.parts import Split, known_couplings, splits, unknowns
from holosym.fit.term_rows import SeenRows, TermRows
from holosym.fit.views import BraneView
from holosym.fit.within_reach import require_positive
from holosym.solve.names import resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import Scalars

View = Callable[[Tensor], Scalars]


def branes_all_at_once(
    experiment: Experiment, states: States, package: GeneratedPackage, data: Sequence[Measured]
) -> Assembled:
    """One state for every row of the data; a single one without data."""
    fixed = sort_settings(package, states.fixed)
    require_positive(data)
    measured = _single(data)
    copies = len(measured) if measured is not None else 1
    interval = (0.0, 1.0)
    functions = {name: function_of(experiment.fields, interval) for name in package.PROFILES}
    entries = [Entry(name, "field", one, copies, quiet=True) for name, one in functions.items()]
    entries += [Entry(name, "datum", None, copies) for name in unknown_data(package, fixed.data)]
    layout = Layout((*entries, *unknowns(experiment, package, list(fixed.parameters))))
    order = max(index[0] for indices in package.PROFILES.values() for index in indices)
    points = chebyshev_grid(experiment.loss.points + 1, *interval, order=order).nodes[1:]
    fields = BraneFields(package, layout, functions, points, fixed.data)
    parameters = {**experiment.fixed, **fixed.parameters}
    known = known_couplings(experiment.couplings)
    objective = AllAtOnce(package, fields, layout, parameters, known, relative=True)

    def view(theta: Tensor) -> Scalars:
        parts = layout.split(theta)
        return fields.scalars(parts, objective.around(parts))

    parts = splits(experiment, data)
    rows = [_condition(package, view, name, torch.full((copies,), value)) for name, value in fixed.conditions.items()]
    if measured is not None:
        rows.append(_condition(package, view, measured.against, measured.where))
    rows += [row for part in parts for row in _observed(package, view, part)]
    objective.others = joined([*rows, *smoothness(experiment, layout)])
    terms = [*(f"equation {name}" for name in package.EQUATIONS), *(row.term for row in objective.others)]
    return finished(experiment, package, layout, objective, BraneView(objective, fields), parts, terms)


def _single(data: Sequence[Measured]) -> Measured | None:
    if len(data) > 1:
        raise ExperimentError(
            "all at once, every row is a state, so all observables have to stand in one file",
            mend='join the files, or use way = "reduced"',
        )
    return data[0] if data else None


def _condition(package: GeneratedPackage, view: View, name: str, values: Tensor) -> TermRows:
    quantity = resolve(package, name)
    size = values.abs().clamp(min=1e-12) if bool((values != 0).all()) else torch.ones_like(values)
    return SeenRows(f"condition {name}", lambda theta: quantity.function(view(theta)), values.double(), size.double())


def _observed(package: GeneratedPackage, view: View, part: Split) -> list[TermRows]:
    quantity = resolve(package, part.column.observable)

    def rows(prefix: str, chosen: Tensor) -> TermRows:
        def seen(theta: Tensor) -> Tensor:
            return quantity.function(view(theta))[..., chosen]

        return SeenRows(f"{prefix} {part.column.name}", seen, part.column.values[chosen], part.scale[chosen])

    both = (("data", part.used), (HELD, part.held))
    return [rows(prefix, chosen) for prefix, chosen in both if bool(chosen.any())]
