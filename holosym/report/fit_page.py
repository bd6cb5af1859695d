"""One HTML page for a fit, with its plots inside, and the tables that are printed too."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from holosym.fit.summary import FitSummary
from holosym.resources import folder

TEMPLATE = "fit.html.jinja"


@dataclass(frozen=True)
class Table:
    """Rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(summary: FitSummary) -> list[Table]:
    """Parameters, functions, data and losses, each where there is something to say."""
    found = []
    if summary.numbers:
        numbers = tuple((n.name, _text(n.value), _text(n.error), _text(n.true), _text(n.off)) for n in summary.numbers)
        found.append(Table("Parameters", ("", "value", "error", "true", "off by"), numbers))
    curves = [("unknown", c) for c in summary.functions] + [("field", c) for c in summary.fields]
    judged = tuple((c.name, kind, _text(c.error())) for kind, c in curves if c.error() is not None)
    if judged:
        found.append(Table("Beside the true functions", ("", "", "largest relative error"), judged))
    if summary.compared:
        data = tuple((c.name, str(len(c.where)), _text(c.chi2), _text(c.largest)) for c in summary.compared)
        columns = ("", "points", "chi squared per point", "largest relative deviation")
        found.append(Table("Data", columns, data))
    if summary.loss:
        losses = tuple((name, _text(value)) for name, value in summary.loss.items())
        found.append(Table("Losses of the best seed", ("term", "mean square"), losses))
    return found


def page(summary: FitSummary, plots: Sequence[Path]) -> str:
    """The page's text."""
    loader = jinja2.FileSystemLoader(str(folder("templates")))
    made = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, autoescape=True)
    return made.get_template(TEMPLATE).render(
        title=summary.title,
        model=summary.model,
        way="all at once" if summary.way == "all_at_once" else "reduced: the equations are solved exactly",
        interrupted=summary.interrupted,
        sentences=[*summary.sentences, *summary.ended],
        tables=tables(summary),
        plots=[
            {
                "title": plot.stem.replace("_", " ").capitalize(),
                "data": base64.b64encode(plot.read_bytes()).decode("ascii"),
            }
            for plot in plots
        ],
        provenance=json.dumps(summary.provenance, indent=2, sort_keys=True),
    )


def _text(value: float | None) -> str:
    """Six digits; nothing for what is not known."""
    return "" if value is None else f"{value:.6g}"
