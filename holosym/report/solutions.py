"""Families of solved states for people: a table, sentences, a plot."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any, cast

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table

from holosym.report.plots import COLOURS, STYLE, mathtext, write_figure
from holosym.solve.expansion import boundary_of
from holosym.solve.family import Branch, Family, Point

MOST_COLUMNS = 11
ROUNDING = 1e-14
# What is shown of a state, in this order, where the theory has it.
SHOWN = ("T", "mu", "s", "rho", "epsilon", "p", "omega", "sigma")
PLOTTED = ("T", "s", "rho", "omega", "sigma", "mu")


def as_table(family: Family) -> Table:
    """One row a state: the swept quantity, thermodynamics, sources and responses."""
    columns = _columns(family)
    table = Table(title=f"{family.package.NAME}, units {family.unit}", title_justify="left")
    several = len(family.branches) > 1
    for name in ([] if not several else ["branch"]) + columns + ["c_s^2"] + (["dominant"] if several else []):
        table.add_column(name, justify="left" if name == "branch" else "right")
    for branch in family.branches:
        for point in branch.points:
            row = [branch.label] if several else []
            row += [_number(_value(family, point, name)) for name in columns] + [_number(point.cs2)]
            row += [{None: "", True: "yes", False: "no"}[point.dominant]] if several else []
            table.add_row(*row)
    return table


def sentences(family: Family) -> list[str]:
    """Turning points, bifurcations, how well the first law holds."""
    found = [one.text for one in family.special]
    points = [point for branch in family.branches for point in branch.points]
    if math.isfinite(family.first_law):
        found.append(f"first law: d epsilon = T ds + mu d rho holds to {family.first_law:.1e}")
    if points:
        found.append(f"largest residual: {max(point.residual for point in points):.1e}")
    return found


def plot(family: Family, path: str | Path) -> Path:
    """A sweep: observables against the swept quantity; one state: its fields.

    Raises:
        OutputError: the file cannot be written, or its kind is not known.
    """
    with matplotlib.rc_context(cast(Any, STYLE)):
        figure = _sweep_figure(family) if family.request.sweep else _state_figure(family)
        FigureCanvasAgg(figure)
        return write_figure(figure, Path(path))


def _sweep_figure(family: Family) -> Figure:
    sweep = family.request.sweep
    assert sweep is not None
    able = [n for n in _columns(family) if n != sweep.name and (n in PLOTTED or n.endswith(".response"))]
    names = [*able[:5], "cs2"]
    rows = (len(names) + 2) // 3
    figure = Figure(figsize=(10.5, 3.1 * rows), layout="constrained")
    grid = figure.subplots(rows, min(3, len(names)), squeeze=False)
    for axes, name in zip(grid.flat, names, strict=False):
        for branch, colour in zip(family.branches, itertools.cycle(COLOURS), strict=False):
            _draw_branch(axes, family, branch, name, colour)
        axes.set_xlabel(_label(sweep.name))
        axes.set_ylabel("$c_s^2$" if name == "cs2" else _label(name))
        if sweep.log:
            axes.set_xscale("log")
    for axes in list(grid.flat)[len(names) :]:
        axes.set_visible(False)
    if len(family.branches) > 1:
        grid.flat[0].legend()
    figure.suptitle(f"{family.package.NAME}, units {family.unit}", x=0.01, ha="left", fontsize=11)
    return figure


def _draw_branch(axes: Any, family: Family, branch: Branch, name: str, colour: str) -> None:
    """A line, dashed where another state has less free energy."""
    x = [point.swept for point in branch.points]
    y = [point.cs2 if name == "cs2" else _value(family, point, name) for point in branch.points]
    lost = [point.dominant is False for point in branch.points]
    axes.plot(x, [math.nan if a else v for a, v in zip(lost, y, strict=True)], ".-", color=colour, label=branch.label)
    if any(lost):
        # The neighbours belong to both parts, so that the line has no gap.
        near = [any(lost[max(i - 1, 0) : i + 2]) for i in range(len(lost))]
        axes.plot(x, [v if a else math.nan for a, v in zip(near, y, strict=True)], "--", color=colour, linewidth=1)


def _state_figure(family: Family) -> Figure:
    figure = Figure(figsize=(7.0, 4.4), layout="constrained")
    axes = figure.subplots()
    states = [(branch.label, point) for branch in family.branches for point in branch.points]
    for (label, point), style in zip(states, itertools.cycle(["-", "--", ":"]), strict=False):
        x = point.state.fields.panels.nodes.tolist()
        for (name, jet), colour in zip(sorted(point.state.jets.items()), itertools.cycle(COLOURS), strict=False):
            text = mathtext(name) if len(states) == 1 else f"{mathtext(name)}, {label}"
            axes.plot(x, jet[0].tolist(), style, color=colour, label=text)
    axes.set_xlabel(r"$z/z_h$" if boundary_of(family.package).BOUNDARY == 0 else r"$r_h/r$")
    axes.legend()
    axes.set_title(f"{family.package.NAME}, horizon at 1", loc="left")
    return figure


def _columns(family: Family) -> list[str]:
    points = [point for branch in family.branches for point in branch.points]
    known = {name for point in points for name in point.values}
    sweep = family.request.sweep
    wanted = [sweep.name] if sweep is not None else []
    falloffs = sorted(name for name in known if name.endswith((".source", ".response")))
    wanted += [*SHOWN[:2], *falloffs, *SHOWN[2:], *sorted(n for n in known if n.startswith(("mu_", "rho_")))]
    wanted += [n for n in family.package.PARAMETERS if n in known]
    found = [name for name in dict.fromkeys(wanted) if name in known or (sweep is not None and name == sweep.name)]
    return found[:MOST_COLUMNS]


def _value(family: Family, point: Point, name: str) -> float:
    if family.request.sweep is not None and name == family.request.sweep.name:
        return point.swept
    return point.values.get(name, math.nan)


def _number(value: float) -> str:
    """Ten digits; what is rounding beside numbers of order one is shown as zero."""
    return "" if math.isnan(value) else f"{0.0 if abs(value) < ROUNDING else value:.10g}"


def _label(name: str) -> str:
    """T/mu, psi.response and entropy_density as mathtext."""
    head, *more = name.split("/")
    if more:
        return f"{_label(head)} / {_label('/'.join(more))}"
    stem, _, kind = name.partition(".")
    return f"{mathtext(stem)} {kind}".strip() if kind else mathtext(stem)
