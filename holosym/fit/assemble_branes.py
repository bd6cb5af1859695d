"""Black branes all at once: fields, unknown boundary data and unknown couplings of every state together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import ExperimentError
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.assembled import HELD, Assembled, finished, joined, smoothness
from holosym.fit.brane import BraneFields, unknown_data
from holosym.fit.brane_conditions import Conditions, at_unit_horizon, in_units
from holosym.fit.experiment import Experiment
from holosym.fit.functions import function_of
from holosym.fit.given_states import GivenStates, Observable, first_state, given_states, told_parameters
from holosym.fit.known_sections import States
from holosym.fit.layout import Entry, Layout
from holosym.fit.measured import Measured
from holosym.fit.parts import Split, known_couplings, splits, unknowns
from holosym.fit.term_rows import StateRows
from holosym.fit.trajectory import Parts
from holosym.fit.views import BraneView
from holosym.fit.within_reach import require_positive
from holosym.solve.package import GeneratedPackage, orders_of


def branes_all_at_once(
    experiment: Experiment, states: States, package: GeneratedPackage, data: Sequence[Measured]
) -> Assembled:
    """One state for every row of the data; a single one without data.

    Raises:
        ExperimentError: data without a temperature, too few or too many quantities to fix a state.
    """
    given = given_states(package, states, experiment.fixed, data)
    if given is None and data:
        raise ExperimentError("the states have no temperature", mend="give T, or s, as what the data are against")
    require_positive(data)
    entries = unknowns(experiment, package, told_parameters(package, states, data))
    fitted = {entry.name: entry for entry in entries if entry.kind == "parameter"}
    known = at_unit_horizon(package, states.fixed) if given is None else in_units(given, fitted)
    copies = 1 if given is None else len(given)
    order = max(orders_of(package).values())
    functions = {name: function_of(experiment.fields, (0.0, 1.0), order, ("fields",)) for name in package.PROFILES}
    own = [Entry(name, "field", one, copies, quiet=True) for name, one in functions.items()]
    numbers = (*unknown_data(package, known.data), *known.local.values())
    own += [Entry(name, "datum", None, copies, guess=known.starts.get(name)) for name in numbers]
    layout = Layout((*own, *entries))
    points = chebyshev_grid(experiment.loss.points + 1, 0.0, 1.0, order=order).nodes[1:]
    fields = BraneFields(package, layout, functions, points, known.data)
    parameters = {n: v for n, v in {**experiment.fixed, **known.parameters}.items() if n not in known.local}
    couplings = known_couplings(experiment.couplings)
    objective = AllAtOnce(package, fields, layout, parameters, couplings, relative=True, local=known.local)
    pieces = splits(experiment, data)
    seen = _Seen(objective, fields, copies)
    rows = [*_conditions(known, seen), *(_data(given, pieces, data, seen) if given is not None else ())]
    objective.others = joined([*rows, *smoothness(experiment, layout)])
    terms = [*(f"equation {name}" for name in package.EQUATIONS), *(row.term for row in objective.others)]
    view = BraneView(objective, fields, given, data)
    return finished(experiment, package, layout, objective, view, pieces, terms)


@dataclass(frozen=True)
class _Seen:
    """From quantities of a state's scalars to rows of the objective."""

    objective: AllAtOnce
    fields: BraneFields
    count: int

    def rows(self, term: str, quantity: Observable, states: Tensor, values: Tensor, errors: Tensor) -> StateRows:
        """(quantity - values)/errors of some states."""
        return StateRows(term, self.objective.layout, partial(self._at, quantity), self.count, states, values, errors)

    def held(self, term: str, quantity: Observable, entry: Entry) -> StateRows:
        """A quantity of every state has the value of an unknown parameter."""

        def missed(parts: Parts) -> Tensor:
            return self._at(quantity, parts) - entry.value(parts[entry.name][..., 0])

        size = torch.full((self.count,), entry.scale, dtype=torch.float64)
        return StateRows(term, self.objective.layout, missed, self.count, torch.arange(self.count), 0 * size, size)

    def _at(self, quantity: Observable, parts: Parts) -> Tensor:
        return quantity(self.fields.scalars(parts, self.objective.around(parts)))


def _conditions(known: Conditions, seen: _Seen) -> list[StateRows]:
    found = []
    for name, control in known.rows.items():
        target = torch.as_tensor(control.target, dtype=torch.float64).expand(seen.count)
        size = torch.where(target == 0, 1.0, target.abs())
        found.append(seen.rows(f"condition {name}", control.function, torch.arange(seen.count), target, size))
    return [*found, *(seen.held(f"condition {n}", quantity, entry) for n, (quantity, entry) in known.fitted.items())]


def _data(given: GivenStates, pieces: Sequence[Split], data: Sequence[Measured], seen: _Seen) -> list[StateRows]:
    found = []
    for piece in pieces:
        observable, offset = given.observable(piece.column.observable), first_state(piece.measured, data)
        for prefix, chosen in (("data", piece.used), (HELD, piece.held)):
            if bool(chosen.any()):
                term, states = f"{prefix} {piece.column.name}", offset + chosen.nonzero()[:, 0]
                found.append(seen.rows(term, observable, states, piece.column.values[chosen], piece.scale[chosen]))
    return found
