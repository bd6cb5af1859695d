"""Surfaces and strings for people: a table, sentences, a plot."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any, cast

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table

from holosym.report.plots import COLOURS, STYLE, write_figure
from holosym.surfaces.results import Answer

SYMBOLS = {"strip": "l", "interval": "l", "disk": "R", "loop": "L"}
MANY = 40


def as_table(found: Answer) -> Table:
    """One row a surface."""
    several = len({row.branch for row in found.rows}) > 1
    table = Table(title=f"{found.said['model']}: {found.said['background']}", title_justify="left")
    names = [SYMBOLS[found.wanted.shape], "S" if found.quantity == "entropy" else "V", "A", "turns at x", "dA/dl", "error"]
    for name in [*(["branch"] if several else []), *names, *(["dominant"] if several else [])]:
        table.add_column(name, justify="left" if name == "branch" else "right")
    for row in found.rows:
        values = (row.length, found.value(row), row.area, row.turning, row.slope)
        cells = [*([row.branch] if several else []), *map(_number, values), f"{row.error:.0e}"]
        table.add_row(*cells, *(["yes" if row.dominant else "no"] if several else []))
    return table


def sentences(found: Answer) -> list[str]:
    """Units, jumps and maxima, what was subtracted."""
    return [f"lengths in units of the background: {found.said['units']}; S = 4 pi A, 16 pi G = 1", *found.notes]


def plot(found: Answer, path: str | Path) -> Path:
    """The entropy, or the energy, over the length; dashed where another surface has less area.

    Raises:
        OutputError: the file cannot be written, or its kind is not known.
    """
    with matplotlib.rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=(7.0, 4.4), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        branches = list(dict.fromkeys(row.branch for row in found.rows))
        for label, colour in zip(branches, itertools.cycle(COLOURS), strict=False):
            rows = [row for row in found.rows if row.branch == label]
            x, y = [row.length for row in rows], [found.value(row) for row in rows]
            mark = ".-" if len(rows) <= MANY else "-"
            lost = [row.dominant is False for row in rows]
            axes.plot(x, [math.nan if a else v for a, v in zip(lost, y, strict=True)], mark, color=colour, label=label)
            if any(lost):
                near = [any(lost[max(i - 1, 0) : i + 2]) for i in range(len(lost))]
                axes.plot(x, [v if a else math.nan for a, v in zip(near, y, strict=True)], "--", color=colour, linewidth=1)
        axes.set_xlabel(f"${SYMBOLS[found.wanted.shape]}$")
        axes.set_ylabel("$S$, finite part" if found.quantity == "entropy" else r"$2 \pi \alpha' V$")
        if len(branches) > 1:
            axes.legend()
        axes.set_title(f"{found.said['model']}: {found.said['background']}", loc="left", fontsize=9)
        return write_figure(figure, Path(path))


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"
