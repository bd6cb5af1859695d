"""Plots: solved fields beside known ones, "dots = exact, lines = solved".

Figures are drawn on matplotlib's Agg canvas, without pyplot: no display is needed, and a program that embeds
holosym keeps its own style and figures.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import matplotlib
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from holosym.errors import OutputError
from holosym.whole_files import write_whole

FORMATS = ("png", "pdf", "svg")
# Okabe and Ito's palette, told apart by all common kinds of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega"
)
STYLE = {
    "font.size": 10.5,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
}

_DOTS: dict[str, Any] = {"markersize": 5.5, "markeredgecolor": "white", "markeredgewidth": 0.8, "zorder": 3}


@dataclass(frozen=True)
class FieldPlot:
    """One field to be shown.

    Attributes:
        name: the profile's name; Greek names and subscripts are typeset.
        line: (m,) the solved field at the `x` of the plot.
        dots: (k,) the exact field at the `x_exact` of the plot.
        error: (k,) |solved - exact| there.
    """

    name: str
    line: Tensor
    dots: Tensor
    error: Tensor


def mathtext(name: str) -> str:
    """A name as mathtext: "phi" and "A_t" become Greek and a subscript; several letters stay upright."""

    def typeset(part: str) -> str:
        if _GREEK.fullmatch(part):
            return f"\\{part}"
        return part if len(part) <= 1 else f"\\mathrm{{{part}}}"

    head, *subscripts = name.split("_")
    tail = f"_{{{' '.join(typeset(part) for part in subscripts)}}}" if subscripts else ""
    return f"${typeset(head)}{tail}$"


def plot_fields(
    path: str | Path, fields: Sequence[FieldPlot], x: Tensor, x_exact: Tensor, *, coordinate: str, title: str
) -> Path:
    """Draws fields over a coordinate with their errors below, as a PNG at `path`.

    Args:
        path: the file; its folder is made if it is absent.
        fields: what is shown, each in a colour of its own.
        x, x_exact: (m,) and (k,), where the lines and the dots live.
        coordinate: the name of the horizontal axis.
        title: one line above the plot, mathtext allowed.

    Raises:
        OutputError: the file cannot be written.
    """
    with matplotlib.rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=(7.0, 5.6), layout="constrained")
        FigureCanvasAgg(figure)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        _draw_fields(upper, fields, x, x_exact)
        _draw_errors(lower, fields, x_exact)
        upper.set_title(title, loc="left")
        lower.set_xlabel(mathtext(coordinate))
        return write_figure(figure, Path(path))


def _draw_fields(axes: Axes, fields: Sequence[FieldPlot], x: Tensor, x_exact: Tensor) -> None:
    for field, colour in zip(fields, itertools.cycle(COLOURS), strict=False):
        axes.plot(x.tolist(), field.line.tolist(), color=colour, linewidth=1.6, label=mathtext(field.name))
        axes.plot(x_exact.tolist(), field.dots.tolist(), "o", color=colour, **_DOTS)
    axes.legend(title="dots = exact, lines = solved", ncols=len(fields), loc="best", handlelength=1.4)
    axes.margins(x=0.02)


def _draw_errors(axes: Axes, fields: Sequence[FieldPlot], x_exact: Tensor) -> None:
    """Errors on a logarithmic axis; one below the resolution of the numbers is drawn at that resolution."""
    for field, colour in zip(fields, itertools.cycle(COLOURS), strict=False):
        error = field.error.clamp_min(torch.finfo(field.error.dtype).eps)
        axes.semilogy(x_exact.tolist(), error.tolist(), "o-", color=colour, markersize=2.5, linewidth=0.8)
    axes.set_ylabel("|solved $-$ exact|")
    axes.margins(y=0.15)


def write_figure(figure: Figure, path: Path) -> Path:
    """A plot as a file, whole or not at all; the suffix says the format.

    Raises:
        OutputError: the file cannot be written, or no plot has such a suffix.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise OutputError(
            f"a plot cannot be a file {path.suffix or 'without suffix'}",
            mend=f"use one of {', '.join('.' + one for one in FORMATS)}",
            file=path,
        )
    return write_whole(
        path, lambda temporary: figure.savefig(temporary, format=kind, dpi=160), "the plot cannot be written"
    )
