"""A system on an interval: fields with their conditions and data of profiles, all at once or reduced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import ExperimentError
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.assembled import HELD, Assembled, finished, joined, smoothness
from holosym.fit.experiment import Experiment
from holosym.fit.functions import anchored, conditions_of, function_of
from holosym.fit.known_sections import Interval
from holosym.fit.layout import Entry, Layout
from holosym.fit.measured import Measured
from holosym.fit.parts import Split, known_couplings, splits, unknowns
from holosym.fit.reduced_system import ReducedSystem, Seen
from holosym.fit.reduced_view import MotionView
from holosym.fit.term_rows import TermRows
from holosym.fit.trajectory import ProfileRows, TrajectoryFields
from holosym.fit.views import TrajectoryView
from holosym.solve.conditions import End, Linear
from holosym.solve.package import GeneratedPackage, orders_of


def system_all_at_once(
    experiment: Experiment, interval: Interval, package: GeneratedPackage, data: Sequence[Measured]
) -> Assembled:
    """A system, all at once: data may stand for conditions, and a condition too many for an unknown.

    Raises:
        ExperimentError: as `unknowns`; no data and too few conditions for one solution.
    """
    conditions = _conditions(interval, package)
    if not data:
        _require_enough(conditions, package)
    ends = (interval.start, interval.stop)
    order = max(orders_of(package).values())
    functions = {
        name: anchored(name, function_of(experiment.fields, ends, order, ("fields",)), conditions.get(name, {}))
        for name in package.PROFILES
    }
    found = unknowns(experiment, package)
    layout = Layout((*(Entry(name, "field", one) for name, one in functions.items()), *found))
    points = chebyshev_grid(experiment.loss.points, *ends, order=order).nodes
    fields = TrajectoryFields(package, functions, points)
    parts = splits(experiment, data)
    rows: list[TermRows] = []
    for part in parts:
        _require_inside(part, interval, package)
        for prefix, chosen in (("data", part.used), ("held", part.held)):
            if bool(chosen.any()):
                profile, where = part.column.observable, part.measured.where[chosen]
                values, scale = part.column.values[chosen], part.scale[chosen]
                term = f"{prefix} {part.column.name}"
                rows.append(ProfileRows(term, layout, functions[profile], profile, where, values, scale))
    rows = joined([*rows, *smoothness(experiment, layout)])
    physics = experiment.loss.equations != 0
    known = known_couplings(experiment.couplings)
    objective = AllAtOnce(package, fields, layout, experiment.fixed, known, rows, physics)
    view = TrajectoryView(objective, functions, ends)
    terms = [f"equation {name}" for name in package.EQUATIONS] if physics else []
    return finished(experiment, package, layout, objective, view, parts, [*terms, *(row.term for row in rows)])


def system_reduced(
    experiment: Experiment, interval: Interval, package: GeneratedPackage, data: Sequence[Measured]
) -> Assembled:
    """A system whose equations are solved exactly.

    Raises:
        ExperimentError: no data, not as many conditions as the equations need.
    """
    if not data:
        raise ExperimentError("there are no data to fit", mend='give [[data]], or way = "all_at_once"')
    conditions = [
        Linear(
            f"{name}{chr(39) * order}({point:g}) = {value:g}",
            End.START if point == interval.start else End.STOP,
            {(name, order): 1.0},
            value,
        )
        for name, points in _conditions(interval, package).items()
        for point, orders in points.items()
        for order, value in orders.items()
    ]
    _require_as_many(len(conditions), package)
    layout = Layout(tuple(unknowns(experiment, package)))
    order = max(orders_of(package).values())
    grid = chebyshev_grid(interval.nodes, interval.start, interval.stop, order=order)
    parts = splits(experiment, data)
    seen = []
    for part in parts:
        _require_inside(part, interval, package)
        for prefix, chosen in (("data", part.used), (HELD, part.held)):
            if bool(chosen.any()):
                values, where = part.column.values[chosen], part.measured.where[chosen]
                term = f"{prefix} {part.column.name}" if prefix != HELD else HELD
                seen.append(Seen(term, part.column.observable, where, values, part.scale[chosen]))
    others = smoothness(experiment, layout)
    known = known_couplings(experiment.couplings)
    fixed = experiment.fixed
    objective = ReducedSystem(package, grid, conditions, layout, fixed, known, seen, others, interval.tolerance)
    terms = [*(one.term for one in seen), *(row.term for row in others)]
    return finished(experiment, package, layout, objective, MotionView(objective), parts, terms)


def _conditions(interval: Interval, package: GeneratedPackage) -> dict[str, dict[float, dict[int, float]]]:
    found = conditions_of(interval.conditions)
    for name, points in found.items():
        if name not in package.PROFILES:
            raise ExperimentError(
                f"a condition names {name}, which is no profile of {package.NAME}",
                mend=f"the profiles are {', '.join(package.PROFILES)}",
                key=("interval", "conditions"),
            )
        for point in points:
            if point not in (interval.start, interval.stop):
                raise ExperimentError(
                    f"a condition stands at {point:g}, which is no end of the interval",
                    mend=f"conditions hold at {interval.start:g} or {interval.stop:g}",
                    key=("interval", "conditions"),
                )
    return found


def _require_as_many(count: int, package: GeneratedPackage) -> None:
    """As many conditions as the highest derivatives of all profiles together."""
    orders = orders_of(package)
    needed = sum(orders.values())
    if count != needed:
        shown = ", ".join(f"{name} to order {order}" for name, order in orders.items())
        less = "take the others out of" if count > needed else "one for each order; give more in"
        raise ExperimentError(
            f"conditions: {count} given, and {needed} needed for equations of {shown}",
            mend=f'{less} [interval] conditions = {{ "x(0)" = 1.0, "x\'(0)" = 0.0 }}, say',
            key=("interval", "conditions"),
        )


def _require_enough(conditions: Mapping[str, Mapping[float, Mapping[int, float]]], package: GeneratedPackage) -> None:
    """Where equations stand alone, no fewer conditions than have one solution."""
    count = sum(len(orders) for points in conditions.values() for orders in points.values())
    if count < sum(orders_of(package).values()):
        _require_as_many(count, package)


def _require_inside(part: Split, interval: Interval, package: GeneratedPackage) -> None:
    """The data are of a profile, within the interval."""
    where: Tensor = part.measured.where
    (variable,) = package.COORDINATES
    if part.column.observable not in package.PROFILES:
        raise ExperimentError(
            f"{part.column.observable!r} is measured, which is no profile of {package.NAME}",
            mend=f"the profiles are {', '.join(package.PROFILES)}",
            file=part.measured.file,
        )
    outside = (where < interval.start) | (where > interval.stop)
    if bool(outside.any()):
        raise ExperimentError(
            f"column {variable!r}: the data reach from {float(where[0]):g} to {float(where[-1]):g}, and the interval "
            f"from {interval.start:g} to {interval.stop:g}",
            mend="widen [interval], or leave out the rows outside of it",
            file=part.measured.file,
            line=part.measured.line(int(outside.nonzero()[0])),
        )
