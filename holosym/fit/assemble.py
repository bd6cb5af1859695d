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
    require_kind(experiment, package)
    _require_same_units(data)
    if experiment.interval is not None:
        chosen = system_reduced if experiment.way == "reduced" else system_all_at_once
        return chosen(experiment, experiment.interval, package, data)
    if experiment.way == "reduced":
        return branes_reduced(experiment, experiment.states or States(), package, data)
    return branes_all_at_once(experiment, experiment.states or States(), package, data)


def require_kind(experiment: Experiment, package: GeneratedPackage) -> None:
    """What can be told before the data are read: a system has an interval and data against its variable.

    Raises:
        ExperimentError: it is not so.
    """
    branes = package.boundary is not None and package.horizon is not None
    if experiment.interval is None and not branes:
        raise ExperimentError(f"{package.NAME} has no black branes", mend="give [interval] start and stop")
    if experiment.interval is not None and branes:
        raise ExperimentError(f"{package.NAME} has black branes, and [interval] is for systems", mend="give [states]")
    for one in experiment.data if not branes else ():
        _require_variable(one.against, package)


def _require_variable(against: str, package: GeneratedPackage) -> None:
    (variable,) = package.COORDINATES
    if against != variable:
        raise ExperimentError(
            f"the data are against {against!r}, and the variable of {package.NAME} is {variable}",
            mend=f'give against = "{variable}", the name of that column in the header',
            key=("data", "against"),
        )


def _require_same_units(data: Sequence[Measured]) -> None:
    """Files that measure the same quantity have it in the same unit, where they say in which."""
    seen: dict[str, tuple[str, Measured]] = {}
    for one in data:
        for name, column in ((one.against, one.against), *((c.observable, c.name) for c in one.columns)):
            unit = one.units.get(column, "")
            other, first = seen.setdefault(name, (unit, one)) if unit else (unit, one)
            if unit != other:
                raise ExperimentError(
                    f"column {column!r} is in {unit}, and {first.file.name} has {name} in {other}",
                    mend=f'give [data.units] {column} = "{other}" to both',
                    file=one.file,
                )
