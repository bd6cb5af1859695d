"""The tables of a fit on a terminal; the page has the same."""

from __future__ import annotations

from rich.table import Table

from holosym.fit.summary import FitSummary
from holosym.report.fit_page import tables


def as_tables(summary: FitSummary) -> list[Table]:
    """One rich table for each of the page's."""
    found = []
    for one in tables(summary):
        table = Table(title=one.title, title_justify="left")
        for name in one.columns:
            table.add_column(name, justify="right" if name else "left")
        for row in one.rows:
            table.add_row(*row)
        found.append(table)
    return found
