"""Black branes, reduced: which quantities fix a state, in which unit, and what is measured of it.

All states are solved at z_h = 1, and thermal: with the temperature T_i of state i (or its entropy density) as the unit,

    control    X / T^[X] = x_i / T_i^[X],        observable    O / T^[O] * T_i^[O],

[X] being mass dimensions. A scalar's source that is not mentioned is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from holosym.errors import ExperimentError
from holosym.fit.assembled import HELD, Assembled, finished, smoothness
from holosym.fit.brane_settings import datum_of
from holosym.fit.experiment import Experiment
from holosym.fit.known_sections import States
from holosym.fit.layout import Layout
from holosym.fit.measured import Measured
from holosym.fit.parts import Split, known_couplings, splits, unknowns
from holosym.fit.reduced_branes import Measurement, ReducedBranes
from holosym.fit.reduced_view import ReducedView
from holosym.fit.within_reach import reach_data, require_positive
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.couplings import Coupling
from holosym.solve.expansion import boundary_of
from holosym.solve.fitted import FittedCoupling
from holosym.solve.names import Name, resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import Scalars

UNITS = ("T", "s")


def branes_reduced(
    experiment: Experiment, states: States, package: GeneratedPackage, data: Sequence[Measured]
) -> Assembled:
    """One state for every row of every file.

    Raises:
        ExperimentError: no data, no temperature, too few or too many quantities to fix a state.
        SolveError: the states are not reached with the couplings at their start.
    """
    if not data:
        raise ExperimentError("there are no data to fit", mend="give [[data]], or solve forwards with `holosym solve`")
    given = _given(states, data)
    unit = next((name for name in UNITS if name in given), None)
    if unit is None:
        raise ExperimentError("the states have no temperature", mend="give T, or s, as what the data are against")
    require_positive(data)
    dimensionful = [n for n in package.PARAMETERS if n in given]
    entries = unknowns(experiment, package, dimensionful)
    free = (*dimensionful, *(entry.name for entry in entries if entry.kind == "parameter"))
    layout = Layout(tuple(entries))
    pieces, controls = splits(experiment, data), _controls(package, given, unit)
    measurements = [m for piece in pieces for m in _measured(package, piece, data, resolve(package, unit), given[unit])]
    theta = layout.initial(1, experiment.seed)[0]
    parts = layout.split(theta[None])
    couplings: dict[str, Coupling] = {
        **known_couplings(experiment.couplings),
        **{
            entry.name: FittedCoupling(entry.function, parts[entry.name][0, 0])
            for entry in entries
            if entry.function is not None
        },
    }
    problem = BoundaryValueProblem(
        package,
        nodes=states.nodes,
        near=states.nodes,
        breaks=states.breaks,
        parameters=experiment.fixed,
        free=free,
        couplings=couplings,
    )
    starts = [Control(f"parameter {n}", _parameter(n), v[0, 0]) for n, v in layout.numbers(parts).items()]
    reached = reach_data(problem, [*controls, *starts], data, tolerance=states.tolerance)
    others = smoothness(experiment, layout)
    objective = ReducedBranes(problem, layout, controls, measurements, others, states.tolerance, reached)
    terms = [*(m.term for m in measurements), *(row.term for row in others)]
    view = ReducedView(objective, data, pieces)
    return finished(experiment, package, layout, objective, view, pieces, terms)


def _given(states: States, data: Sequence[Measured]) -> dict[str, Tensor]:
    """Every quantity that is given, (n,) over all states."""
    names = {one.against for one in data}
    if len(names) > 1:
        raise ExperimentError(
            f"the files are against {' and '.join(sorted(names))}", mend="let all states be fixed by the same quantity"
        )
    (against,) = names
    if against in states.fixed:
        what = f"{against} is fixed, and the data are against it"
        raise ExperimentError(what, mend="take it out of [states.fixed]", key=("states", "fixed", against))
    where = torch.cat([one.where for one in data])
    return {against: where, **{name: torch.full_like(where, value) for name, value in states.fixed.items()}}


def _controls(package: GeneratedPackage, given: Mapping[str, Tensor], unit: str) -> tuple[Control, ...]:
    boundary = boundary_of(package)
    found, named = [], set()
    for name, values in given.items():
        if name == unit:
            continue
        named.add(datum_of(package, name))
        quantity, scale = resolve(package, name), resolve(package, unit)
        power = _dimension(quantity) / _dimension(scale)
        found.append(
            Control(f"{name} in units of {unit}", _ratio(quantity, scale, power), values / given[unit] ** power)
        )
    scalars = getattr(boundary, "OPERATORS", {})
    sources = [n for n, entry in boundary.DATA.items() if entry["kind"] == "source"]
    parameters = sum(name in package.PARAMETERS for name in given)
    open_sources = [n for n in sources if n not in named and boundary.DATA[n]["profile"] in scalars]
    missing = len(sources) + parameters - len(found)
    silent = open_sources[-missing:] if missing else []
    if missing < 0 or len(silent) < missing:
        able = ", ".join([*(f"{boundary.DATA[n]['profile']}.source" for n in sources), *package.PARAMETERS])
        raise ExperimentError(
            f"a state is fixed by {len(sources) + parameters} quantities beside {unit}, and {len(found)} are given",
            mend=f"give [states.fixed]; the sources and parameters are {able}",
            key=("states", "fixed"),
        )
    return (*found, *(datum(name, 0.0) for name in silent))


def _measured(
    package: GeneratedPackage, piece: Split, data: Sequence[Measured], unit: Name, scales: Tensor
) -> list[Measurement]:
    quantity = resolve(package, piece.column.observable)
    power = _dimension(quantity) / _dimension(unit)
    offset = sum(len(one) for one in data[: list(data).index(piece.measured)])
    found = []
    for prefix, chosen in (("data", piece.used), (HELD, piece.held)):
        if not bool(chosen.any()):
            continue
        states = offset + chosen.nonzero()[:, 0]
        found.append(
            Measurement(
                f"{prefix} {piece.column.name}" if prefix != HELD else HELD,
                _scaled(quantity, unit, power, scales),
                states,
                piece.column.values[chosen],
                piece.scale[chosen],
            )
        )
    return found


def _ratio(quantity: Name, unit: Name, power: float) -> Callable[[Scalars], Tensor]:
    return lambda scalars: quantity.function(scalars) / unit.function(scalars) ** power


def _scaled(quantity: Name, unit: Name, power: float, scales: Tensor) -> Callable[[Scalars], Tensor]:
    return lambda scalars: quantity.function(scalars) * (scales / unit.function(scalars)) ** power


def _parameter(name: str) -> Callable[[Scalars], Tensor]:
    return lambda scalars: torch.as_tensor(scalars.parameters[name])


def _dimension(quantity: Name) -> float:
    if quantity.dimension is None:
        raise ExperimentError(
            f"{quantity.name} has no known mass dimension, so it has no value in units", mend="use another quantity"
        )
    return quantity.dimension
