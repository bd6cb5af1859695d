"""Surfaces and strings for people: a table, sentences, a plot."""

from __future__ import annotations

import csv
import io
import itertools
import math
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.table import Table

from holosym.reconstructing import Reconstructed
from holosym.report.plots import COLOURS, STYLE, write_figure
from holosym.surfaces.answer import Answer

SYMBOLS = {"strip": "l", "interval": "l", "disk": "R", "loop": "L"}
MANY = 40
SHOWN = 12


def as_table(found: Answer) -> Table:
    """One row a surface."""
    several = len({row.branch for row in found.rows}) > 1
    table = Table(title=f"{found.said['model']}: {found.said['background']}", title_justify="left")
    names = [
        SYMBOLS[found.wanted.shape],
        "S" if found.quantity == "entropy" else "V",
        "A",
        f"turns at {found.said.get('variable', 'x')}",
        f"dA/d{SYMBOLS[found.wanted.shape]}",
        "error",
    ]
    for name in [*(["branch"] if several else []), *names, *(["dominant"] if several else [])]:
        table.add_column(name, justify="left" if name == "branch" else "right")
    for row in found.rows:
        values = (row.length, found.value(row), row.area, row.turning, row.slope)
        cells = [*([row.branch] if several else []), *map(_number, values), f"{row.error:.0e}"]
        table.add_row(*cells, *(["yes" if row.dominant else "no"] if several else []))
    return table


def sentences(found: Answer) -> list[str]:
    """Units, jumps and maxima, what was subtracted."""
    what = "S = 4 pi A, 16 pi G = 1" if found.quantity == "entropy" else "V = A in units of 1/(2 pi alpha')"
    return [f"lengths in units of the background: {found.said['units']}; {what}", *found.notes]


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
                axes.plot(
                    x, [v if a else math.nan for a, v in zip(near, y, strict=True)], "--", color=colour, linewidth=1
                )
        axes.set_xlabel(f"${SYMBOLS[found.wanted.shape]}$")
        axes.set_ylabel("$S$, finite part" if found.quantity == "entropy" else r"$2 \pi \alpha' V$")
        if len(branches) > 1:
            axes.legend()
        axes.set_title(f"{found.said['model']}: {found.said['background']}", loc="left", fontsize=9)
        return write_figure(figure, Path(path))


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"


def as_csv(found: Answer) -> str:
    """Length and finite part of surfaces of least area, or of hanging strings, for `holosym reconstruct`."""
    out = io.StringIO()
    names = ("L", "V") if found.quantity == "energy" else ("R" if found.wanted.shape == "disk" else "l", "S")
    out.write(f"# {found.said['model']}, {found.said['background']}; lengths in units {found.said['units']}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    # of strings the hanging one, beyond the length where it breaks as well: two straight ones know no metric
    first = found.rows[0].branch if found.rows else ""
    chosen = [r for r in found.rows if (r.branch == first if found.quantity == "energy" else r.dominant)]
    rows = sorted(chosen, key=lambda row: row.length)
    writer.writerows((repr(row.length), repr(found.value(row))) for row in rows)
    return out.getvalue()


def reconstruction_table(made: Reconstructed, exact: NDArray[np.float64] | None = None) -> Table:
    """A dozen points; with the truth, how far it is."""
    found = made.found
    table = Table(title=f"f(z) from {made.file.name}, d = {made.dimension}", title_justify="left")
    band = found.band is not None
    for name in [
        "z",
        "f",
        *(["f from", "f to"] if band else []),
        *(["exact", "difference"] if exact is not None else []),
    ]:
        table.add_column(name, justify="right")
    for i in range(0, len(found.z), max(len(found.z) // SHOWN, 1)):
        cells = [f"{found.z[i]:.6g}", f"{found.f[i]:.8g}"]
        if found.band is not None:
            cells += [f"{found.band[0, i]:.6g}", f"{found.band[1, i]:.6g}"]
        if exact is not None:
            cells += [f"{exact[i]:.8g}", f"{found.f[i] - exact[i]:.1e}"]
        table.add_row(*cells)
    return table


def plot_reconstruction(made: Reconstructed, path: str | Path, exact: NDArray[np.float64] | None = None) -> Path:
    """f over z: the line reconstructed, its band, and dots where the truth is known.

    Raises:
        OutputError: the file cannot be written, or its kind is not known.
    """
    with matplotlib.rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=(7.0, 4.4), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        found = made.found
        axes.plot(found.z, found.f, color=COLOURS[0], label="reconstructed")
        if found.band is not None:
            axes.fill_between(found.z, *found.band, color=COLOURS[0], alpha=0.2, linewidth=0, label="95%")
        if exact is not None:
            axes.plot(found.z[::8], exact[::8], "o", color=COLOURS[1], markersize=4, label="exact")
        axes.set_xlabel("$z$")
        axes.set_ylabel("$f(z)$")
        axes.legend()
        axes.set_title(f"from {made.file.name}", loc="left", fontsize=9)
        return write_figure(figure, Path(path))
