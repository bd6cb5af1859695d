"""Checks as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from holosym.pipeline import Checked


def as_json(checked: Sequence[Checked]) -> str:
    """One object for one theory, a list of them for several."""
    objects: list[dict[str, Any]] = [
        {"theory": one.theory, "checks": [check.as_dict() for check in one.checks]} for one in checked
    ]
    return json.dumps(objects[0] if len(objects) == 1 else objects, indent=2)


def as_table(checked: Checked) -> RenderableType:
    """A line a check; details of what fails, and notes, below."""
    table = Table(title=checked.theory, title_justify="left", title_style="bold", show_edge=False)
    for column in ("", "kind", "check", "method"):
        table.add_column(column, overflow="fold")
    for check in checked.checks:
        mark = Text("holds", "green") if check.passed else Text("FAILS", "bold red")
        table.add_row(mark, Text(check.kind), Text(check.name), Text(check.method))
    below = [
        Text(f"{'' if check.passed else 'FAILS: '}{check.kind} {check.name!r}: {check.detail}")
        for check in checked.checks
        if check.detail
    ]
    notes = [Text(f"note: {note}") for note in checked.notes]
    rows = [table] if checked.checks else []
    return Group(*rows, *below, *notes, Text(summary(checked)), Text(""))


def summary(checked: Checked) -> str:
    """How many checks hold, and how many of them exactly."""
    held = [check for check in checked.checks if check.passed]
    failed = len(checked.checks) - len(held)
    exact = sum(check.method.startswith("exact") for check in held)
    text = f"{checked.theory}: {len(held)} of {len(checked.checks)} checks hold, {exact} of them exactly"
    return f"{text}, {failed} FAIL" if failed else text
