"""From an experiment to what the trainer lowers: a system or black branes, all at once or reduced."""

from __future__ import annotations

from collections.abc import Sequence

from holosym.errors import ExperimentError
from holosym.fit.assemble_branes import branes_all_at_once
from holosym.fit.assemble_reduced import branes_reduced
from holosym.fit.assemble_system import system_all_at_once, system_reduced
from holosym.fit.assembled import Assembled
from holosym.fit.experiment import Experiment
from holosym.fit.known_sections import States
from holosym.fit.measured import Measured
from holosym.solve.package import GeneratedPackage


def assemble(experiment: Experiment, package: GeneratedPackage, data: Sequence[Measured]) -> Assembled:
    """The objective of an experiment.

    Raises:
        ExperimentError: parts that do not fit together, or to the theory.
        SolveError: a quantity that the theory does not know.
    """
    branes = package.boundary is not None and package.horizon is not None
    if experiment.interval is None and not branes:
        raise ExperimentError(f"{package.NAME} has no black branes", mend="give [interval] start and stop")
    if experiment.interval is not None and branes:
        raise ExperimentError(f"{package.NAME} has black branes, and [interval] is for systems", mend="give [states]")
    if experiment.interval is not None:
        chosen = system_reduced if experiment.way == "reduced" else system_all_at_once
        return chosen(experiment, experiment.interval, package, data)
    if experiment.way == "reduced":
        return branes_reduced(experiment, experiment.states or States(), package, data)
    return branes_all_at_once(experiment, experiment.states or States(), package, data)
