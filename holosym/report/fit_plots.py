"""Plots of a fit: data beside fit, recovered functions with their bands beside the true ones, losses, residuals.

Dots are measured or true, lines are fitted; a band is one standard deviation from the data's errors, thin lines are
the other seeds of the ensemble.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from holosym.fit.summary import Compared, Curve, FitSummary
from holosym.report.plots import COLOURS, STYLE, mathtext, write_figure

MOST_COLUMNS = 3
_DOTS: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 4, "markeredgecolor": "white", "zorder": 3}
_SMALL: dict[str, Any] = {**_DOTS, "markersize": 1.5, "markeredgewidth": 0}
CROWDED = 200


def draw(summary: FitSummary, folder: Path) -> list[Path]:
    """Writes every plot that the fit has something for, as PNG.

    Raises:
        OutputError: a file cannot be written.
    """
    jobs: list[tuple[str, Sequence[Any], Callable[[Axes, Any], None]]] = [
        ("data", summary.compared, _draw_data),
        ("residuals", summary.compared, _draw_residuals),
        ("functions", summary.functions, _draw_curve),
        ("fields", summary.fields, _draw_curve),
        ("losses", [summary.history] if summary.history else [], _draw_losses),
        ("singular_values", [summary.singular] if summary.singular else [], _draw_singular),
    ]
    made = []
    with matplotlib.rc_context(cast(Any, STYLE)):
        for name, parts, drawn in jobs:
            if parts:
                made.append(write_figure(_figure(parts, drawn), folder / f"{name}.png"))
    return made


def _figure(parts: Sequence[Any], drawn: Callable[[Axes, Any], None]) -> Figure:
    columns = min(MOST_COLUMNS, len(parts))
    rows = -(-len(parts) // columns)
    figure = Figure(figsize=(5.2 * columns if columns > 1 else 6.4, 3.7 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, part in itertools.zip_longest(grid.flat, parts):
        if part is None:
            axes.set_visible(False)
        else:
            drawn(axes, part)
    return figure


def _draw_data(axes: Axes, one: Compared) -> None:
    crowded = len(one.where) > CROWDED
    style = _SMALL if crowded else _DOTS
    for chosen, colour, label in _groups(one):
        errors = None if one.errors is None or crowded else one.errors[chosen].tolist()
        axes.errorbar(
            one.where[chosen].tolist(), one.values[chosen].tolist(), errors, color=colour, label=label, **style
        )
    x, y = one.line if one.line is not None else (one.where, one.fitted)
    axes.plot(x.tolist(), y.tolist(), "-", color=COLOURS[1], linewidth=1.6, label="fit", zorder=4 if crowded else 2)
    if one.exact is not None:
        axes.plot(one.exact[0].tolist(), one.exact[1].tolist(), "--", color="#888888", linewidth=1.1, label="exact")
    _labels(axes, one.against, one.name, one.units)
    axes.legend()


def _groups(one: Compared) -> list[tuple[Any, str, str]]:
    """The points that were used and those that were held back, with colour and label."""
    if one.held is None or not bool(one.held.any()):
        return [(slice(None), COLOURS[0], "data")]
    return [(~one.held, COLOURS[0], "data"), (one.held, COLOURS[4], "held back")]


def _draw_residuals(axes: Axes, one: Compared) -> None:
    size = one.errors if one.errors is not None else one.values.abs().max()
    residuals = (one.fitted - one.values) / size
    style = _SMALL if len(one.where) > CROWDED else _DOTS
    groups = _groups(one)
    for chosen, colour, label in groups:
        axes.plot(one.where[chosen].tolist(), residuals[chosen].tolist(), color=colour, label=label, **style)
    if len(groups) > 1:
        axes.legend()
    axes.axhline(0, color="#888888", linewidth=0.8)
    what = "error" if one.errors is not None else "largest value"
    _labels(axes, one.against, "", one.units)
    axes.set_ylabel(f"(fit $-$ data of {mathtext(one.name)}) / {what}")


def _draw_curve(axes: Axes, curve: Curve) -> None:
    x = curve.x.tolist()
    others = [member for i, member in enumerate(curve.members) if i != curve.best]
    for i, member in enumerate(others):
        label = "other seeds" if i == 0 else "_"
        axes.plot(x, member.tolist(), color=COLOURS[5], linewidth=0.7, alpha=0.8, label=label)
    if curve.band is not None:
        low, high = curve.values - curve.band, curve.values + curve.band
        label = "one standard deviation"
        axes.fill_between(x, low.tolist(), high.tolist(), color=COLOURS[1], alpha=0.2, linewidth=0, label=label)
    axes.plot(x, curve.values.tolist(), color=COLOURS[1], linewidth=1.6, label="fit")
    if curve.true is not None:
        every = max(1, len(x) // 24)
        axes.plot(x[::every], curve.true[::every].tolist(), color=COLOURS[0], label="true", **_DOTS)
    if curve.probed is not None:
        axes.axvspan(*curve.probed, color="#000000", alpha=0.04, linewidth=0, label="reached by the solutions")
    if curve.states is not None and curve.states.shape[1] > 1:
        axes.set_title(f"{curve.argument}_h = 1, first of {curve.states.shape[1]} states", fontsize="medium")
    _bounded(axes, curve)
    _labels(axes, curve.argument, curve.name)
    axes.legend()


def _bounded(axes: Axes, curve: Curve) -> None:
    """A band that is far wider than the function shall not flatten it."""
    shown = [curve.values] + ([curve.true] if curve.true is not None else [])
    low, high = min(float(one.min()) for one in shown), max(float(one.max()) for one in shown)
    margin = 0.4 * ((high - low) or abs(high) or 1.0)
    axes.set_ylim(low - margin, high + margin)


def _draw_losses(axes: Axes, history: dict[str, tuple[list[int], list[float]]]) -> None:
    for (name, (steps, values)), colour in zip(history.items(), itertools.cycle(COLOURS), strict=False):
        width = 1.8 if name == "total" else 1.0
        axes.plot(steps, values, color="#000000" if name == "total" else colour, linewidth=width, label=name)
    _logarithmic(axes, (value for _, values in history.values() for value in values))
    axes.set_xlabel("step")
    axes.set_ylabel("mean square")
    axes.legend(fontsize="small")


def _draw_singular(axes: Axes, values: tuple[float, ...]) -> None:
    axes.plot(range(1, len(values) + 1), values, color=COLOURS[0], **_DOTS)
    _logarithmic(axes, values)
    axes.axhline(1, color="#888888", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("direction of the unknowns")
    axes.set_ylabel("singular value (signal to noise)")


def _logarithmic(axes: Axes, values: Iterable[float]) -> None:
    """A logarithmic axis where there is anything to show on one."""
    if any(value > 0 for value in values):
        axes.set_yscale("log")


def _labels(axes: Axes, x: str, y: str, units: Mapping[str, str] | None = None) -> None:
    written = [f"{_math(name)} [{unit}]" if (unit := (units or {}).get(name)) else _math(name) for name in (x, y)]
    axes.set_xlabel(written[0])
    axes.set_ylabel(written[1])


def _math(name: str) -> str:
    """T/phi.source and s/T^3 as mathtext, as far as that goes; anything else stays as it is."""
    return mathtext(name) if name.isidentifier() else name
