"""Black branes, reduced: one state for every row of the data, all solved for every trial of the unknowns."""

from __future__ import annotations

from collections.abc import Sequence

from holosym.errors import ExperimentError
from holosym.fit.assembled import HELD, Assembled, finished, smoothness
from holosym.fit.experiment import Experiment
from holosym.fit.given_states import GivenStates, first_state, given_states, told_parameters
from holosym.fit.known_sections import States
from holosym.fit.layout import Layout
from holosym.fit.measured import Measured
from holosym.fit.parts import Split, known_couplings, splits, unknowns
from holosym.fit.reduced_branes import Measurement, ReducedBranes
from holosym.fit.reduced_view import ReducedView
from holosym.fit.within_reach import reach_data, require_positive
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.couplings import Coupling
from holosym.solve.fitted import FittedCoupling
from holosym.solve.package import GeneratedPackage


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
    given = given_states(package, states, experiment.fixed, data)
    if given is None:
        raise ExperimentError("the states have no temperature", mend="give T, or s, as what the data are against")
    require_positive(data)
    entries = unknowns(experiment, package, told_parameters(package, states, data))
    fitted = [entry.name for entry in entries if entry.kind == "parameter"]
    layout = Layout(tuple(entries))
    pieces, controls = splits(experiment, data), given.controls()
    measurements = [m for piece in pieces for m in _measured(given, piece, data)]
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
        parameters={name: value for name, value in experiment.fixed.items() if name not in given.values},
        free=(*given.parameters, *fitted),
        couplings=couplings,
    )
    held = {name: given.observable(name) for name in fitted}
    starts = [given.control(name, value[0, 0]) for name, value in layout.numbers(parts).items()]
    reached = reach_data(problem, [*controls, *starts], data, tolerance=states.tolerance)
    others = smoothness(experiment, layout)
    objective = ReducedBranes(problem, layout, controls, measurements, others, states.tolerance, reached, held)
    terms = [*(m.term for m in measurements), *(row.term for row in others)]
    view = ReducedView(objective, data, pieces)
    return finished(experiment, package, layout, objective, view, pieces, terms)


def _measured(given: GivenStates, piece: Split, data: Sequence[Measured]) -> list[Measurement]:
    observable = given.observable(piece.column.observable)
    offset = first_state(piece.measured, data)
    found = []
    for prefix, chosen in ((f"data {piece.column.name}", piece.used), (HELD, piece.held)):
        if bool(chosen.any()):
            states = offset + chosen.nonzero()[:, 0]
            found.append(Measurement(prefix, observable, states, piece.column.values[chosen], piece.scale[chosen]))
    return found
